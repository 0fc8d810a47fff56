#include "platform/store/store.hpp"
#include "platform/store/test_stores.hpp"

#include <array>
#include <atomic>
#include <latch>
#include <limits>
#include <thread>

#include <doctest/doctest.h>

using namespace allot;
using store::Migration;
using store::Transaction;

namespace {

constexpr std::array first = {
    Migration{"one_0001", "CREATE TABLE thing (collective_id TEXT NOT NULL, id TEXT NOT NULL, "
                          "n BIGINT, x DOUBLE PRECISION, words TEXT, PRIMARY KEY (collective_id, "
                          "id));\nCREATE INDEX thing_by_n ON thing (n);"}};

Result<void> put(Transaction& transaction, std::string_view id, const store::Bound& n,
                 const store::Bound& x, const store::Bound& words) {
    TRY_DO(transaction.run(
        "INSERT INTO thing (collective_id, id, n, x, words) VALUES ('c', $1, $2, $3, $4)",
        {id, n, x, words}));
    return {};
}

Result<std::int64_t> number_of(Transaction& transaction, std::string_view id) {
    TRY(const auto row,
        transaction.row("SELECT n FROM thing WHERE collective_id = 'c' AND id = $1", {id}));
    return row ? row->integer(0) : -1;
}

Result<void> set_number(Transaction& transaction, std::string_view id, std::int64_t n) {
    TRY_DO(
        transaction.run("UPDATE thing SET n = $2 WHERE collective_id = 'c' AND id = $1", {id, n}));
    return {};
}

} // namespace

TEST_CASE("what was written is read back as it was") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
        const std::string words = "näive 庭 \"it's\" \\ \n $1";
        REQUIRE(fresh.store->write([&](Transaction& transaction) -> Result<void> {
            TRY_DO(put(transaction, "a", large, 0.1 + 0.2, words));
            TRY_DO(put(transaction, "b", std::nullopt, -1e300, std::nullopt));
            return put(transaction, "c", std::numeric_limits<std::int64_t>::min(), 2.0, "");
        }));
        const auto rows = fresh.store->read([](Transaction& transaction) {
            return transaction.rows("SELECT n, x, words FROM thing WHERE collective_id = 'c' "
                                    "ORDER BY id");
        });
        REQUIRE(rows);
        REQUIRE(rows->size() == 3);
        CHECK((*rows)[0].integer(0) == large);
        CHECK((*rows)[0].real(1) == 0.1 + 0.2);
        CHECK((*rows)[0].text(2) == words);
        CHECK((*rows)[1].is_null(0));
        CHECK((*rows)[1].real(1) == -1e300);
        CHECK(!(*rows)[1].maybe_text(2));
        CHECK((*rows)[2].integer(0) == std::numeric_limits<std::int64_t>::min());
        CHECK((*rows)[2].real(1) == 2.0);
        CHECK((*rows)[2].maybe_text(2) == "");
    }
}

TEST_CASE("one placeholder may stand several times and in any order") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        REQUIRE(fresh.store->write([&](Transaction& transaction) -> Result<void> {
            return put(transaction, "a", 1, 1.0, "one");
        }));
        const auto row = fresh.store->read([](Transaction& transaction) {
            return transaction.row(
                "SELECT n FROM thing WHERE words = $2 AND id = $1 AND words = $2", {"a", "one"});
        });
        REQUIRE(row);
        CHECK((*row)->integer(0) == 1);
    }
}

TEST_CASE("counts and sums are whole numbers") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        constexpr std::int64_t beyond_doubles = (std::int64_t{1} << 53) + 1;
        REQUIRE(fresh.store->write([&](Transaction& transaction) -> Result<void> {
            return put(transaction, "a", beyond_doubles, 1.0, "");
        }));
        const auto row = fresh.store->read([](Transaction& transaction) {
            return transaction.row("SELECT COUNT(*), SUM(n) FROM thing");
        });
        REQUIRE(row);
        CHECK((*row)->integer(0) == 1);
        CHECK((*row)->integer(1) == beyond_doubles);
    }
}

TEST_CASE("a change that fails leaves nothing behind") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        const auto failed = fresh.store->write([](Transaction& transaction) -> Result<void> {
            TRY_DO(put(transaction, "a", 1, 1.0, ""));
            return fail(ErrorKind::forbidden, "changed my mind");
        });
        REQUIRE(!failed);
        CHECK(failed.error().kind == ErrorKind::forbidden);
        CHECK(fresh.store->read([](Transaction& t) { return number_of(t, "a"); }) == -1);
    }
}

TEST_CASE("a key that is taken is a conflict, and its message holds no value") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        const auto twice = [&] {
            return fresh.store->write([](Transaction& transaction) -> Result<void> {
                return put(transaction, "alice@example.org", 1, 1.0, "secret words");
            });
        };
        REQUIRE(twice());
        const auto failed = twice();
        REQUIRE(!failed);
        CHECK(failed.error().kind == ErrorKind::conflict);
        CHECK(failed.error().message.find("alice") == std::string::npos);
        CHECK(failed.error().message.find("secret") == std::string::npos);
        // A kept statement works after its failure, also with other values.
        REQUIRE(fresh.store->write([](Transaction& transaction) -> Result<void> {
            return put(transaction, "b", std::nullopt, 1.0, std::nullopt);
        }));
        const auto row = fresh.store->read([](Transaction& transaction) {
            return transaction.row("SELECT words FROM thing WHERE id = 'b'");
        });
        REQUIRE(row);
        CHECK((*row)->is_null(0));
    }
}

TEST_CASE("a read sees one moment, whatever is written meanwhile") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        REQUIRE(fresh.store->write([](Transaction& transaction) -> Result<void> {
            return put(transaction, "a", 1, 1.0, "");
        }));
        const auto seen = fresh.store->read([&](Transaction& reading) -> Result<std::int64_t> {
            TRY(const auto before, number_of(reading, "a"));
            const auto written = fresh.store->write(
                [](Transaction& writing) { return set_number(writing, "a", 2); });
            TRY_DO(written);
            TRY(const auto after, number_of(reading, "a"));
            CHECK(before == after);
            return after;
        });
        CHECK(seen == 1);
        CHECK(fresh.store->read([](Transaction& t) { return number_of(t, "a"); }) == 2);
    }
}

TEST_CASE("changes of many at once are as if one came after the other") {
    constexpr int threads = 8;
    constexpr int each = 25;
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        REQUIRE(fresh.store->write([](Transaction& transaction) -> Result<void> {
            return put(transaction, "counter", 0, 1.0, "");
        }));
        std::atomic<int> done = 0;
        std::latch start(threads);
        {
            std::vector<std::jthread> all;
            for (int k = 0; k < threads; ++k) {
                all.emplace_back([&] {
                    start.arrive_and_wait();
                    for (int time = 0; time < each; ++time) {
                        const auto added = fresh.store->write([](Transaction& t) -> Result<void> {
                            TRY(const auto n, number_of(t, "counter"));
                            return set_number(t, "counter", n + 1);
                        });
                        done += added ? 1 : 0;
                    }
                });
            }
        }
        // What was acknowledged has happened; what was given up has not.
        CHECK(fresh.store->read([](Transaction& t) { return number_of(t, "counter"); }) ==
              std::int64_t{done});
        CHECK(done > 0);
    }
}

TEST_CASE("two who look first and act then do not both act") {
    // Write skew: each sees that the other is on duty, and goes. Only SERIALIZABLE prevents it.
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        for (int round = 0; round < 20; ++round) {
            const std::string ada = "ada" + std::to_string(round);
            const std::string bea = "bea" + std::to_string(round);
            REQUIRE(fresh.store->write([&](Transaction& transaction) -> Result<void> {
                TRY_DO(put(transaction, ada, 1, 1.0, ""));
                return put(transaction, bea, 1, 1.0, "");
            }));
            const auto leave = [&](const std::string& who) {
                return fresh.store->write([&](Transaction& transaction) -> Result<void> {
                    TRY(const auto first_on, number_of(transaction, ada));
                    TRY(const auto second_on, number_of(transaction, bea));
                    if (first_on + second_on < 2) {
                        return fail(ErrorKind::conflict, "the last one stays");
                    }
                    return set_number(transaction, who, 0);
                });
            };
            std::latch start(2);
            std::jthread other([&] {
                start.arrive_and_wait();
                [[maybe_unused]] const auto left = leave(ada);
            });
            start.arrive_and_wait();
            [[maybe_unused]] const auto left = leave(bea);
            other.join();
            const auto on = fresh.store->read([&](Transaction& t) -> Result<std::int64_t> {
                TRY(const auto a, number_of(t, ada));
                TRY(const auto b, number_of(t, bea));
                return a + b;
            });
            CHECK(on == 1);
        }
    }
}

TEST_CASE("texts sort by their bytes on both engines") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshStore fresh(engine, first);
        REQUIRE(fresh.store->write([](Transaction& transaction) -> Result<void> {
            for (const char* const id : {"b", "a", "B", "_", "é"}) {
                TRY_DO(put(transaction, id, 1, 1.0, ""));
            }
            return {};
        }));
        const auto rows = fresh.store->read([](Transaction& transaction) {
            return transaction.rows("SELECT id FROM thing ORDER BY id");
        });
        REQUIRE(rows);
        std::string order;
        for (const auto& row : *rows) {
            order += row.text(0);
        }
        CHECK(order == "B_abé");
    }
}

TEST_CASE("migrations run once, in order, and must stay as they were") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshDatabase database(engine);
        const auto open = [&](std::span<const Migration> migrations) {
            return store::Store::open({.url = database.url()}, migrations);
        };
        REQUIRE(open(first));
        REQUIRE(open(first));
        const std::array more = {first[0],
                                 Migration{"one_0002", "ALTER TABLE thing ADD COLUMN y BIGINT;"}};
        REQUIRE(open(more));
        const auto older = open(first);
        REQUIRE(!older);
        CHECK(older.error().message.find("one_0002") != std::string::npos);
        const std::array changed = {Migration{"one_0001", "CREATE TABLE other (id TEXT);"},
                                    more[1]};
        const auto refused = open(changed);
        REQUIRE(!refused);
        CHECK(refused.error().message.find("one_0001") != std::string::npos);
    }
}

TEST_CASE("a migration that fails leaves no half") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshDatabase database(engine);
        const std::array broken = {
            Migration{"one_0001", "CREATE TABLE thing (id TEXT);\nCREATE TABLE thing (id TEXT);"}};
        CHECK(!store::Store::open({.url = database.url()}, broken));
        CHECK(store::Store::open({.url = database.url()}, first));
    }
}

TEST_CASE("several processes may start on one database at the same time") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshDatabase database(engine);
        std::array<std::string, 4> errors;
        std::latch start(std::ssize(errors));
        {
            std::vector<std::jthread> all;
            for (std::string& error : errors) {
                all.emplace_back([&] {
                    start.arrive_and_wait();
                    const auto one = store::Store::open({.url = database.url()}, first);
                    error = one ? "" : one.error().message;
                });
            }
        }
        for (const std::string& error : errors) {
            CHECK(error.empty());
        }
    }
}

TEST_CASE("an address that is none, and a database that is not there, are told") {
    for (const char* const url : {"", "mysql://x", "sqlite:", "/var/lib/x"}) {
        const auto opened = store::Store::open({.url = url}, first);
        REQUIRE(!opened);
        CHECK(opened.error().kind == ErrorKind::invalid);
    }
    const auto no_folder = store::Store::open({.url = "sqlite:/nowhere/at/all/x.sqlite"}, first);
    REQUIRE(!no_folder);
    CHECK(no_folder.error().message.find("/nowhere/at/all/x.sqlite") != std::string::npos);
    const auto no_server =
        store::Store::open({.url = "postgres://somebody:hush@127.0.0.1:1/x"}, first);
    REQUIRE(!no_server);
    CHECK(no_server.error().message.find("hush") == std::string::npos);
}
