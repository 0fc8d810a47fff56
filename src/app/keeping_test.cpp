/// Backups, archives and moves, through the same functions as the commands.
#include "app/archive_commands.hpp"
#include "app/backup_command.hpp"
#include "app/demo.hpp"
#include "app/doctor_checks.hpp"
#include "app/keeping/check_archive.hpp"
#include "app/keeping/copy_rows.hpp"
#include "app/keeping/erased_log.hpp"
#include "app/keeping/house_tables.hpp"
#include "app/keeping/staging.hpp"
#include "app/keeping/temporary_folder.hpp"
#include "app/move_command.hpp"
#include "app/restore_command.hpp"
#include "app/test_house.hpp"
#include "collective/people/person_store.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <thread>

#include <doctest/doctest.h>

using namespace allot;
namespace fs = std::filesystem;
using app::keeping::TemporaryFolder;
using store::Transaction;
using test::Browser;

namespace {

TemporaryFolder folder() {
    auto made = TemporaryFolder::make();
    REQUIRE(made);
    return *std::move(made);
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<std::string> names_in(const fs::path& where) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(where)) {
        names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

/// The database of a house as an option; its erased.log goes to `data`.
app::Place place_of(const test::House& house, const fs::path& data) {
    return {.data = data.string(), .store = house.fresh.database.url()};
}

/// A house whose erasures are logged in `log`, as a server does it.
void log_erasures(test::House& house, const fs::path& log) {
    house.parts.after_erasure = [&house, log] {
        const auto ids = house.fresh.store->read(
            [](Transaction& transaction) { return people::erased_people(transaction); });
        REQUIRE(ids);
        REQUIRE(app::keeping::note_erased(log, *ids, house.clock.now(), house.entropy));
    };
    auto site = pages::Site::of(house.parts, app::rooms(), app::assets());
    REQUIRE(site);
    house.site = *std::move(site);
}

/// Everything in a database as text, by table.
std::map<std::string, std::string> content_of(store::Store& store) {
    std::map<std::string, std::string> all;
    const auto read = store.read([&](Transaction& transaction) -> Result<void> {
        for (const auto& table : app::keeping::whole_tables()) {
            std::string& text = all[table->sql().table()];
            TRY_DO(app::keeping::write_table(transaction, *table, std::nullopt,
                                             [&](std::string_view part) -> Result<void> {
                                                 text += part;
                                                 return {};
                                             }));
        }
        return {};
    });
    REQUIRE(read);
    return all;
}

std::unique_ptr<store::Store> opened(const std::string& url) {
    auto store = store::Store::open({.url = url}, app::migrations());
    REQUIRE_MESSAGE(store, (store ? "" : store.error().message));
    return *std::move(store);
}

/// The archive with another name in the head of an entry, and the checksum of that head mended.
std::string renamed(std::string bytes, std::string_view from, std::string_view to) {
    constexpr std::size_t block = 512;
    for (std::size_t at = 0; at + block <= bytes.size(); at += block) {
        if (std::string_view(bytes).substr(at, from.size() + 1) != std::string(from) + '\0') {
            continue;
        }
        bytes.replace(at, from.size(),
                      std::string(to) + std::string(from.size() - to.size(), '\0'));
        bytes.replace(at + 148, 8, std::string(8, ' '));
        unsigned sum = 0;
        for (std::size_t k = 0; k < block; ++k) {
            sum += static_cast<unsigned char>(bytes[at + k]);
        }
        std::array<char, 8> digits{};
        std::snprintf(digits.data(), digits.size(), "%06o", sum);
        bytes.replace(at + 148, 7, std::string_view(digits.data(), 7));
        return bytes;
    }
    FAIL("the archive has no such entry");
    return bytes;
}

/// As after a change "from here on": one name leads to another one, and one to none.
constexpr store::Statement rename_two =
    "INSERT INTO gathering_renamed (collective_id, series_id, number, original, became) "
    "SELECT collective_id, id, 1, 1800000000, 1800003600 FROM series "
    "UNION ALL SELECT collective_id, id, 1, 1800600000, NULL FROM series";

std::string message_of(const Result<app::Outcome>& outcome) {
    return outcome ? outcome->words : outcome.error().message;
}

} // namespace

TEST_CASE("each column of each table is declared by a room, as the database has it") {
    const test::FreshStore fresh(test::EngineKind::sqlite, app::migrations());
    const auto rows = fresh.store->read([](Transaction& transaction) {
        return transaction.rows(
            "SELECT m.name, p.name, p.type, p.\"notnull\", p.pk FROM sqlite_master m "
            "JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name <> "
            "'schema_migration' ORDER BY m.name, p.cid");
    });
    REQUIRE(rows);
    std::map<std::string, std::vector<std::string>> in_database;
    for (const auto& row : *rows) {
        const bool is_key = row.integer(4) != 0;
        in_database[row.text(0)].push_back(row.text(1) + " " + row.text(2) +
                                           (row.truth(3) || is_key ? "" : " null") +
                                           (is_key ? " key" + std::to_string(row.integer(4)) : ""));
    }
    std::map<std::string, std::vector<std::string>> declared;
    for (const store::Table& table : app::keeping::declared_tables()) {
        CAPTURE(table.name);
        std::size_t place = 0;
        CHECK(!declared.contains(std::string(table.name)));
        CHECK((table.belongs == store::Belongs::stays) != table.why.empty());
        for (const store::Column& column : table.columns) {
            const bool is_text =
                column.kind == store::ColumnKind::text || column.kind == store::ColumnKind::id;
            const bool is_real = column.kind == store::ColumnKind::real;
            ++place;
            declared[std::string(table.name)].push_back(
                std::string(column.name) +
                (is_text ? " TEXT" : (is_real ? " DOUBLE PRECISION" : " BIGINT")) +
                (column.nullable ? " null" : "") +
                (place <= table.key ? " key" + std::to_string(place) : ""));
        }
    }
    CHECK(in_database == declared);
}

TEST_CASE("a backup while others write holds all that was done before it began, and restores") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const auto data = folder();
        test::House house(engine);
        house.begin("lab", "ada@example.org");
        std::atomic<int> done = 0;
        std::atomic<bool> stop = false;
        std::jthread writer([&] {
            for (int k = 0; !stop; ++k) {
                const auto name = "key" + std::to_string(k);
                const auto written = house.fresh.store->write([&](Transaction& t) {
                    return t.run("INSERT INTO keeping (name, value) VALUES ($1, '')", {name});
                });
                done = written ? k + 1 : done.load();
            }
        });
        while (done < 20) {
            std::this_thread::yield();
        }
        const int before = done;
        test::SeededEntropy entropy;
        const fs::path file = data.path() / "backup";
        const auto backup = app::run_backup(
            {.place = place_of(house, data.path()), .to = file.string()}, house.clock, entropy);
        stop = true;
        writer.join();
        CAPTURE(message_of(backup));
        REQUIRE(backup);
        struct stat mode = {};
        REQUIRE(::stat(file.c_str(), &mode) == 0);
        CHECK((mode.st_mode & 07777U) == 0600);
        const auto home = folder();
        const auto restored = app::run_restore(
            {.from = file.string(), .place = {.data = home.path().string(), .store = ""}},
            house.clock, entropy);
        CAPTURE(message_of(restored));
        REQUIRE(restored);
        CHECK(names_in(home.path()) == std::vector<std::string>{"allotment.sqlite"});
        const auto store = opened("sqlite:" + (home.path() / "allotment.sqlite").string());
        const auto content = content_of(*store);
        for (int k = 0; k < before; ++k) {
            CHECK(content.at("keeping").find("key" + std::to_string(k) + ",") != std::string::npos);
        }
        CHECK(content.at("person") == content_of(*house.fresh.store).at("person"));
        CHECK(content.at("session") == content_of(*house.fresh.store).at("session"));
    }
}

TEST_CASE("a backup of one engine is restored into the other, into an empty one only") {
    for (const auto from : test::engines()) {
        for (const auto to : test::engines()) {
            CAPTURE(test::name_of(from));
            CAPTURE(test::name_of(to));
            const auto data = folder();
            test::House house(from);
            REQUIRE(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
            const std::string file = (data.path() / "backup").string();
            REQUIRE(app::run_backup({.place = place_of(house, data.path()), .to = file},
                                    house.clock, house.entropy));
            const test::FreshDatabase target(to);
            const app::RestoreOptions options{
                .from = file, .place = {.data = data.path().string(), .store = target.url()}};
            const auto restored = app::run_restore(options, house.clock, house.entropy);
            CAPTURE(message_of(restored));
            REQUIRE(restored);
            auto before = content_of(*house.fresh.store);
            auto after = content_of(*opened(target.url()));
            before.erase("keeping"); // says when the last backup was
            after.erase("keeping");
            CHECK(before == after);
            const auto again = app::run_restore(options, house.clock, house.entropy);
            REQUIRE(!again);
            CHECK(again.error().kind == ErrorKind::invalid);
        }
    }
}

TEST_CASE("a backup never touches a file that is there, and leaves nothing where it fails") {
    test::House house(test::EngineKind::sqlite);
    const auto data = folder();
    test::SeededEntropy entropy;
    put(data.path() / "precious", "mine");
    const auto refused = app::run_backup(
        {.place = place_of(house, data.path()), .to = (data.path() / "precious").string()},
        house.clock, entropy);
    CHECK(!refused);
    CHECK(bytes_of(data.path() / "precious") == "mine");
    const auto nowhere = app::run_backup(
        {.place = place_of(house, data.path()), .to = (data.path() / "no" / "where").string()},
        house.clock, entropy);
    CHECK(!nowhere);
    CHECK(names_in(data.path()) == std::vector<std::string>{"precious"});
}

TEST_CASE("restore refuses a folder with a database, and a backup that is not what it was") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        house.begin("lab", "ada@example.org");
        const auto data = folder();
        test::SeededEntropy entropy;
        const fs::path file = data.path() / "backup";
        REQUIRE(app::run_backup({.place = place_of(house, data.path()), .to = file.string()},
                                house.clock, entropy));
        const auto restore_to = [&](const fs::path& from, const fs::path& to) {
            return app::run_restore(
                {.from = from.string(), .place = {.data = to.string(), .store = ""}}, house.clock,
                entropy);
        };
        const auto full = folder();
        put(full.path() / "allotment.sqlite", "old");
        CHECK(!restore_to(file, full.path()));
        CHECK(bytes_of(full.path() / "allotment.sqlite") == "old");
        CHECK(names_in(full.path()) == std::vector<std::string>{"allotment.sqlite"});
        // One letter of a person's name, and the end cut off.
        std::string bytes = bytes_of(file);
        const std::size_t at = bytes.find("Ada of lab");
        REQUIRE(at != std::string::npos);
        bytes[at] = 'B';
        put(data.path() / "changed", bytes);
        put(data.path() / "cut", std::string_view(bytes).substr(0, bytes.size() * 2 / 3));
        put(data.path() / "other", "this is a letter and no backup");
        for (const char* const bad : {"changed", "cut", "other", "missing"}) {
            CAPTURE(bad);
            const auto empty = folder();
            const auto refused = restore_to(data.path() / bad, empty.path());
            REQUIRE(!refused);
            CHECK(refused.error().kind == ErrorKind::invalid);
            CHECK(names_in(empty.path()).empty());
        }
    }
}

TEST_CASE("who was erased since a backup does not come back with it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        const auto data = folder();
        log_erasures(house, data.path() / "erased.log");
        Browser ada = house.begin("lab", "ada@example.org");
        Browser bea = house.person("lab", "bea@example.org", auth::Role::member);
        test::SeededEntropy entropy;
        const fs::path file = data.path() / "backup";
        REQUIRE(app::run_backup({.place = place_of(house, data.path()), .to = file.string()},
                                house.clock, entropy));
        REQUIRE(bea.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
        // She comes again: by another id, which nobody has erased.
        house.person("lab", "bea@example.org", auth::Role::guest);
        const auto home = folder();
        const auto restored =
            app::run_restore({.from = file.string(),
                              .place = {.data = home.path().string(), .store = ""},
                              .erased = (data.path() / "erased.log").string()},
                             house.clock, entropy);
        CAPTURE(message_of(restored));
        REQUIRE(restored);
        CHECK(restored->words.find("1 person was erased again") != std::string::npos);
        const std::string raw = bytes_of(home.path() / "allotment.sqlite");
        CHECK(raw.find("bea@example.org") == std::string::npos);
        CHECK(raw.find("ada@example.org") != std::string::npos);
        // Without the log she is back, and that is said.
        const auto without = folder();
        const auto told = app::run_restore(
            {.from = file.string(), .place = {.data = without.path().string(), .store = ""}},
            house.clock, entropy);
        REQUIRE(told);
        CHECK(told->words.find("There was no erased.log") != std::string::npos);
        CHECK(bytes_of(without.path() / "allotment.sqlite").find("bea@example.org") !=
              std::string::npos);
    }
}

TEST_CASE("where the only steward of a backup was erased since, who joined first keeps it") {
    test::House house(test::EngineKind::sqlite);
    const auto data = folder();
    log_erasures(house, data.path() / "erased.log");
    Browser ada = house.begin("lab", "ada@example.org");
    house.person("lab", "bea@example.org", auth::Role::member);
    test::SeededEntropy entropy;
    const fs::path file = data.path() / "backup";
    REQUIRE(app::run_backup({.place = place_of(house, data.path()), .to = file.string()},
                            house.clock, entropy));
    const auto found = house.fresh.store->read([](Transaction& t) -> Result<auth::PersonId> {
        TRY(const auto lab, people::collective_named(t, "lab"));
        TRY(const auto person, people::person_with_mail(t, lab->id, "ada@example.org"));
        return person->id;
    });
    REQUIRE(found);
    REQUIRE(app::keeping::note_erased(data.path() / "erased.log", std::vector{*found},
                                      house.clock.now(), entropy));
    const auto home = folder();
    const auto restored = app::run_restore({.from = file.string(),
                                            .place = {.data = home.path().string(), .store = ""},
                                            .erased = (data.path() / "erased.log").string()},
                                           house.clock, entropy);
    CAPTURE(message_of(restored));
    REQUIRE(restored);
    CHECK(restored->words.find("bea@example.org is steward now") != std::string::npos);
}

TEST_CASE("a collective that is exported, imported and exported again is the same bytes") {
    for (const auto from : test::engines()) {
        for (const auto to : test::engines()) {
            CAPTURE(test::name_of(from));
            CAPTURE(test::name_of(to));
            const auto data = folder();
            test::House house(from);
            test::House other(to);
            REQUIRE(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
            REQUIRE(house.fresh.store->write(
                [](Transaction& transaction) { return transaction.run(rename_two); }));
            house.begin("lab", "ada@example.org");
            other.begin("garden", "eve@example.org");
            test::SeededEntropy entropy;
            const auto export_of = [&](const test::House& one, const char* name) {
                const auto done = app::run_export({.place = place_of(one, data.path()),
                                                   .collective = "night-garden",
                                                   .to = (data.path() / name).string()});
                CAPTURE(message_of(done));
                REQUIRE(done);
                return bytes_of(data.path() / name);
            };
            const std::string first = export_of(house, "first.tar");
            CHECK(first.find("ada@example.org") == std::string::npos); // of another collective
            CHECK(first.find("1800003600") != std::string::npos);      // where old names lead
            const auto imported = app::run_import({.from = (data.path() / "first.tar").string(),
                                                   .place = place_of(other, data.path())},
                                                  house.clock, entropy);
            CAPTURE(message_of(imported));
            REQUIRE(imported);
            CHECK(export_of(other, "second.tar") == first);
            CHECK(Browser(other).get("/c/night-garden").status == 200);
            CHECK(Browser(other).get("/c/garden").status == 200);
        }
    }
}

TEST_CASE("import refuses a name that is taken, and takes another") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const auto data = folder();
        test::House house(engine);
        house.begin("lab", "ada@example.org");
        test::SeededEntropy entropy;
        const std::string file = (data.path() / "lab.tar").string();
        REQUIRE(app::run_export(
            {.place = place_of(house, data.path()), .collective = "lab", .to = file}));
        const auto before = content_of(*house.fresh.store);
        const auto import_as = [&](std::string slug) {
            return app::run_import(
                {.from = file, .place = place_of(house, data.path()), .slug = std::move(slug)},
                house.clock, entropy);
        };
        const auto refused = import_as("");
        REQUIRE(!refused);
        CHECK(refused.error().message.find("--as") != std::string::npos);
        CHECK(!import_as("Not a slug"));
        CHECK(content_of(*house.fresh.store) == before);
        REQUIRE(import_as("lab-2"));
        CHECK(Browser(house).get("/c/lab").status == 200);
        CHECK(Browser(house).get("/c/lab-2").status == 200);
    }
}

TEST_CASE("who was erased after an export does not come back by an import") {
    test::House house(test::EngineKind::sqlite);
    const auto data = folder();
    log_erasures(house, data.path() / "erased.log");
    Browser ada = house.begin("lab", "ada@example.org");
    Browser bea = house.person("lab", "bea@example.org", auth::Role::member);
    const std::string file = (data.path() / "lab.tar").string();
    REQUIRE(
        app::run_export({.place = place_of(house, data.path()), .collective = "lab", .to = file}));
    REQUIRE(bea.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
    test::SeededEntropy entropy;
    const auto home = folder();
    const auto imported = app::run_import({.from = file,
                                           .place = {.data = home.path().string(), .store = ""},
                                           .erased = (data.path() / "erased.log").string()},
                                          house.clock, entropy);
    CAPTURE(message_of(imported));
    REQUIRE(imported);
    const auto store = opened("sqlite:" + (home.path() / "allotment.sqlite").string());
    CHECK(content_of(*store).at("person").find("bea@example.org") == std::string::npos);
    // Here it is known by the row that remains, too.
    REQUIRE(app::run_import({.from = file, .place = place_of(house, home.path()), .slug = "again"},
                            house.clock, entropy));
    CHECK(content_of(*house.fresh.store).at("person").find("bea@example.org") == std::string::npos);
}

TEST_CASE("a damaged archive is told by its entry, and changes nothing") {
    test::House house(test::EngineKind::sqlite);
    const auto data = folder();
    REQUIRE(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
    const fs::path file = data.path() / "a.tar";
    REQUIRE(app::run_export({.place = place_of(house, data.path()),
                             .collective = "night-garden",
                             .to = file.string()}));
    const std::string good = bytes_of(file);
    REQUIRE(app::keeping::check_archive(good));
    const auto changed = [&](std::string_view from, std::string_view to) {
        std::string bytes = good;
        const std::size_t at = bytes.find(from);
        REQUIRE(at != std::string::npos);
        return bytes.replace(at, from.size(), to);
    };
    struct Bad {
        std::string bytes;
        std::string_view told;
    };
    const std::vector<Bad> all = {
        {changed("Wies", "Wjes"), "tables/person.csv"},
        {changed("tables/person.csv", "tables/../../x.cs"), "manifest.json"},
        {renamed(good, "tables/circle.csv", "../../../root.csv"), "tables/circle.csv"},
        {renamed(good, "tables/circle.csv", "/etc/circles.csv"), "tables/circle.csv"},
        {changed("\"columns\":[\"collective_id\",\"id\",\"mail\"",
                 "\"columns\":[\"collective_id\",\"id\",\"male\""),
         "male"},
        {changed("\"format\": 1", "\"format\": 2"), "newer"},
        {good.substr(0, good.find("Wies")), "cut off"}, // in the middle of a table
        {"", "no archive"},
    };
    test::SeededEntropy entropy;
    const auto home = folder();
    for (const Bad& bad : all) {
        put(data.path() / "bad.tar", bad.bytes);
        const auto refused = app::run_import({.from = (data.path() / "bad.tar").string(),
                                              .place = {.data = home.path().string(), .store = ""}},
                                             house.clock, entropy);
        CAPTURE(message_of(refused));
        REQUIRE(!refused);
        CHECK(refused.error().kind == ErrorKind::invalid);
        CHECK(refused.error().message.find(bad.told) != std::string::npos);
    }
    // Any byte that is changed is noticed, or is one of the padding that nobody reads.
    const auto told = app::keeping::read_manifest(good);
    REQUIRE(told);
    for (std::size_t at = 0; at < good.size(); at += 97) {
        std::string bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
        const bool is_text = bytes[at] != 0x20; // not of the padding between entries
        if (is_text && app::keeping::check_archive(bytes)) {
            const auto list = app::keeping::read_manifest(bytes);
            REQUIRE(list);
            CHECK(list->tables == told->tables);
        }
    }
    for (std::size_t end = 0; end + 2048 < good.size(); end += 977) {
        CHECK(!app::keeping::check_archive(std::string_view(good).substr(0, end)));
    }
}

TEST_CASE("a move that was interrupted goes on, and both hold the same at its end") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::FreshStore from(engine, app::migrations());
        test::SeededEntropy entropy;
        REQUIRE(app::make_demo(*from.store, test::some_noon, entropy));
        REQUIRE(from.store->write([](Transaction& transaction) -> Result<void> {
            for (int k = 0; k < 2500; ++k) {
                TRY_DO(transaction.run(
                    "INSERT INTO rate (what, whom, began_at, times) VALUES ($1, '', 1, 1)",
                    {std::to_string(k)}));
            }
            return {};
        }));
        for (const auto target : test::engines()) {
            CAPTURE(test::name_of(target));
            const test::FreshStore to(target, app::migrations());
            int steps = 0;
            int most_steps = 2;
            const auto stopping = [&](std::int64_t, std::int64_t) -> Result<void> {
                if (++steps > most_steps) {
                    return fail(ErrorKind::interrupted, "stopped");
                }
                return {};
            };
            Result<std::int64_t> moved = fail(ErrorKind::interrupted, "not begun");
            int tries = 0;
            while (!moved && moved.error().kind == ErrorKind::interrupted && tries < 50) {
                ++tries;
                most_steps += 2;
                steps = 0;
                moved = app::keeping::move_everything(*from.store, *to.store, test::some_noon,
                                                      stopping);
                if (!moved && tries == 1) {
                    CHECK(!app::keeping::check_not_moving(*to.store));
                }
            }
            REQUIRE_MESSAGE(moved, (moved ? "" : moved.error().message));
            CHECK(tries > 2);
            CHECK(content_of(*from.store) == content_of(*to.store));
            CHECK(app::keeping::check_not_moving(*to.store));
            // Ended before it could say so, a move is run once more; and it has ended.
            const auto again =
                app::keeping::move_everything(*from.store, *to.store, test::some_noon, stopping);
            REQUIRE_MESSAGE(again, (again ? "" : again.error().message));
            CHECK(*again == *moved);
            REQUIRE(to.store->write([](Transaction& transaction) {
                return transaction.run("UPDATE rate SET times = 2 WHERE what = '7'");
            }));
            // Who has begun on the new one loses nothing.
            const auto refused =
                app::keeping::move_everything(*from.store, *to.store, test::some_noon, stopping);
            REQUIRE(!refused);
            CHECK(refused.error().kind == ErrorKind::invalid);
        }
    }
}

TEST_CASE("a move waits until nobody has the database open") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshDatabase target(engine);
        const test::SetClock clock(test::some_noon);
        test::FreshStore from(engine, app::migrations());
        const app::MoveOptions options{.from = from.database.url(), .to = target.url()};
        const auto refused = app::run_move(options, clock);
        REQUIRE(!refused);
        CHECK(refused.error().kind == ErrorKind::conflict);
        from.store.reset();
        const auto moved = app::run_move(options, clock);
        CHECK_MESSAGE(moved, message_of(moved));
    }
}

TEST_CASE("the log of erased people is made once, survives a cut, and refuses what is none") {
    const auto data = folder();
    const fs::path file = data.path() / "erased.log";
    test::SeededEntropy entropy;
    std::vector<auth::PersonId> people;
    for (int k = 0; k < 5; ++k) {
        people.push_back(new_id<auth::PersonId>(test::some_noon, entropy));
    }
    const std::span<const auth::PersonId> all(people);
    REQUIRE(app::keeping::note_erased(file, all.first(2), test::some_noon, entropy));
    const std::string once = bytes_of(file);
    REQUIRE(app::keeping::note_erased(file, all.first(2), test::some_noon, entropy));
    CHECK(bytes_of(file) == once);
    CHECK(once.find(people[0].text()) == std::string::npos);
    put(file, std::string_view(once).substr(0, once.size() - 20)); // power was lost
    const auto cut = app::keeping::ErasedLog::read(file);
    REQUIRE(cut);
    CHECK(cut->has(people[0]));
    CHECK(!cut->has(people[1]));
    REQUIRE(app::keeping::note_erased(file, all.first(4), test::some_noon, entropy));
    const auto log = app::keeping::ErasedLog::read(file);
    REQUIRE_MESSAGE(log, (log ? "" : log.error().message));
    for (int k = 0; k < 5; ++k) {
        CHECK(log->has(people[static_cast<std::size_t>(k)]) == (k < 4));
    }
    put(file, "a letter\n");
    CHECK(!app::keeping::ErasedLog::read(file));
}

TEST_CASE("doctor says what is well, and what to do where something is not") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const auto data = folder();
        test::House house(engine);
        house.begin("lab", "ada@example.org");
        test::SeededEntropy entropy;
        const app::DoctorOptions options{.place = place_of(house, data.path())};
        const auto about = [&](std::string_view what) {
            const auto all = app::all_findings(options, house.clock.now());
            REQUIRE(all);
            const auto found = std::ranges::find(*all, what, &app::Finding::about);
            REQUIRE(found != all->end());
            return *found;
        };
        CHECK(about("database").verdict == app::Verdict::ok);
        CHECK(about("stewards of lab").found == "only one person could restore this collective");
        CHECK(about("mail").verdict == app::Verdict::ok);
        for (int k = 0; k < mail::refusals_to_pause; ++k) {
            CHECK(house.fresh.store->write([&](store::Transaction& transaction) {
                return mail::note_refusal(transaction, "ada@example.org", house.clock.now());
            }));
        }
        CHECK(about("mail").verdict == app::Verdict::look);
        CHECK(about("mail").found == "there is an address that refuses mail"); // and not whose
        CHECK(about("last backup").verdict == app::Verdict::look);
        REQUIRE(app::run_backup({.place = options.place, .to = data.path().string()}, house.clock,
                                entropy));
        CHECK(about("last backup").verdict == app::Verdict::ok);
        CHECK(about("last backup").found.find(data.path().string()) != std::string::npos);
        house.clock.advance(std::chrono::days(20));
        CHECK(about("last backup").verdict == app::Verdict::wrong);
    }
    const auto empty = folder();
    const auto nothing =
        app::all_findings({.place = {.data = empty.path().string(), .store = ""}}, test::some_noon);
    REQUIRE(nothing);
    CHECK(std::ranges::find(*nothing, app::Verdict::wrong, &app::Finding::verdict) !=
          nothing->end());
    CHECK(names_in(empty.path()).empty());
}
