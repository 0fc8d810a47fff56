/// Every write, sync, cut, opening and deleting of a small story fails once, and then for good:
/// what was acknowledged is there whole, what was not is not there by half, and the same process
/// goes on.
#include "platform/store/faulty_disk.hpp"
#include "platform/store/store.hpp"
#include "platform/store/test_stores.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

using namespace allot;
using store::Migration;
using store::Transaction;
using test::Fault;
using test::FaultyDisk;

namespace {

constexpr std::array tables = {
    Migration{"one_0001", "CREATE TABLE leaf (branch BIGINT NOT NULL, id BIGINT NOT NULL, words "
                          "TEXT NOT NULL, PRIMARY KEY (branch, id));\nCREATE INDEX leaf_by_words "
                          "ON leaf (words);"},
    Migration{"one_0002", "CREATE TABLE tally (id BIGINT NOT NULL PRIMARY KEY, branches BIGINT NOT "
                          "NULL);\nINSERT INTO tally (id, branches) VALUES (1, 0);"}};

constexpr std::int64_t leaves_of_each = 3;
constexpr std::int64_t branches_of_story = 5;

/// One transaction over several pages: leaves, and their branch in the tally.
[[nodiscard]] Result<void> grow(store::Store& store, std::int64_t branch) {
    const std::string words(2500, static_cast<char>('a' + branch % 26));
    return store.write([&](Transaction& transaction) -> Result<void> {
        for (std::int64_t leaf = 0; leaf < leaves_of_each; ++leaf) {
            TRY_DO(transaction.run("INSERT INTO leaf (branch, id, words) VALUES ($1, $2, $3)",
                                   {branch, leaf, words}));
        }
        TRY_DO(transaction.run("UPDATE tally SET branches = branches + 1 WHERE id = 1"));
        return {};
    });
}

using Branches = std::set<std::int64_t>;

/// Those that are there, of which none is there by half.
[[nodiscard]] Result<Branches> branches(store::Store& store) {
    return store.read([](Transaction& transaction) -> Result<Branches> {
        TRY(const auto rows, transaction.rows("SELECT branch, COUNT(*) FROM leaf GROUP BY branch"));
        TRY(const auto tally, transaction.row("SELECT branches FROM tally WHERE id = 1"));
        Branches found;
        for (const store::Row& row : rows) {
            CHECK(row.integer(1) == leaves_of_each);
            found.insert(row.integer(0));
        }
        CHECK(tally->integer(0) == std::ssize(found));
        return found;
    });
}

void check_integrity(store::Store& store) {
    const auto row = store.read(
        [](Transaction& transaction) { return transaction.row("PRAGMA integrity_check"); });
    REQUIRE(row);
    CHECK((*row)->text(0) == "ok");
}

/// The database as it would be found if the process had died just now.
[[nodiscard]] std::filesystem::path copy_of(const std::filesystem::path& file) {
    const auto folder = file.parent_path() / "copy";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    for (const char* const end : {"", "-wal"}) {
        const std::filesystem::path one = file.string() + end;
        if (std::filesystem::exists(one)) {
            std::filesystem::copy_file(one, folder / one.filename());
        }
    }
    return folder / file.filename();
}

struct Story {
    std::unique_ptr<store::Store> store;
    Branches kept; ///< acknowledged
};

/// Whatever fails, its error says so. Reads between the writes see what was acknowledged.
[[nodiscard]] Story tell(const std::string& url) {
    Story story;
    auto opened = store::Store::open({.url = url, .readers = 1}, tables);
    if (!opened) {
        CHECK(opened.error().kind == ErrorKind::unavailable);
        return story;
    }
    story.store = *std::move(opened);
    for (std::int64_t branch = 0; branch < branches_of_story; ++branch) {
        const auto grown = grow(*story.store, branch);
        if (grown) {
            story.kept.insert(branch);
        } else {
            CHECK(grown.error().kind == ErrorKind::unavailable);
        }
        if (const auto found = branches(*story.store)) {
            CHECK(*found == story.kept);
        }
    }
    return story;
}

/// Opens what is there, and goes on with it.
void check_after(const std::string& url, const Branches& kept, bool exactly) {
    const auto opened = store::Store::open({.url = url, .readers = 1}, tables);
    REQUIRE(opened);
    const auto found = branches(**opened);
    REQUIRE(found);
    CHECK(std::ranges::includes(*found, kept));
    CHECK((!exactly || *found == kept));
    CHECK(grow(**opened, 1000));
    check_integrity(**opened);
}

/// The story on a disk whose n-th operation fails. Whether it came so far.
[[nodiscard]] bool survives(std::int64_t n, Fault fault, bool for_good) {
    CAPTURE(n);
    CAPTURE(static_cast<int>(fault));
    CAPTURE(for_good);
    const test::FreshDatabase database(test::EngineKind::sqlite);
    const std::filesystem::path file = database.url().substr(std::string_view("sqlite:").size());
    FaultyDisk disk;
    disk.fail_at(n, fault, for_good);
    Story story = tell(database.url());
    const bool before_end = disk.has_failed();
    const std::int64_t told = disk.operations();
    disk.heal();
    // A commit whose sync failed may be in the journal: it was not acknowledged, and is there
    // whole.
    check_after("sqlite:" + copy_of(file).string(), story.kept, false);
    if (story.store) {
        CHECK(story.store->ping());
        CHECK(grow(*story.store, 100));
        story.kept.insert(100);
        CHECK(branches(*story.store) == story.kept);
        check_integrity(*story.store);
        // Closing folds the journal into the file: that fails, too.
        disk.fail_at(before_end ? 0 : n - told, fault, for_good);
        story.store.reset();
    }
    const bool failed = before_end || disk.has_failed();
    disk.heal();
    check_after(database.url(), story.kept, true);
    return failed;
}

} // namespace

TEST_CASE("whichever operation of the disk fails, nothing acknowledged is lost or half there") {
    for (const bool for_good : {false, true}) {
        for (const Fault fault : {Fault::error, Fault::full, Fault::half}) {
            std::int64_t n = 1;
            while (survives(n, fault, for_good)) {
                ++n;
            }
            CHECK(n > 30); // the story is not so short that nothing was tried
        }
    }
}
