#include "base/test_world.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/store/test_stores.hpp"

#include <array>
#include <atomic>
#include <fstream>
#include <latch>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::jobs;
using store::Transaction;

namespace {

/// Tests run in the root of the project.
std::string file_text(const char* path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

const std::array<store::Migration, 1>& migrations() {
    static const std::string sql = file_text("src/platform/jobs/jobs_0001.sql");
    static const std::array all = {store::Migration{"jobs_0001", sql}};
    return all;
}

struct Bench {
    explicit Bench(test::EngineKind engine) : fresh(engine, migrations()) {}
    test::FreshStore fresh;
    test::SetClock clock{test::some_noon};
    test::SeededEntropy entropy;
    Log log{clock, [](std::string_view) {}};

    store::Store& store() const { return *fresh.store; }
    void ask(std::string_view id, Moment due) const {
        REQUIRE(store().write([&](Transaction& transaction) {
            return ask_for(transaction, "c", id, "count", id, due);
        }));
    }
    Runner runner(Work work) { return {store(), clock, entropy, log, {std::move(work)}}; }
    std::optional<Moment> due() const {
        const auto next =
            store().read([](Transaction& transaction) { return next_due(transaction, "count"); });
        REQUIRE(next);
        return *next;
    }
    std::vector<Trouble> trouble() const {
        auto found =
            store().read([](Transaction& transaction) { return troubles(transaction, "c"); });
        REQUIRE(found);
        return *found;
    }
};

constexpr auto minute = std::chrono::minutes(1);

} // namespace

TEST_CASE("what is due is done once, what is not due waits") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        for (int k = 0; k < 40; ++k) {
            bench.ask("now-" + std::to_string(k), bench.clock.now() - k * minute);
        }
        bench.ask("later", bench.clock.now() + minute);
        std::map<std::string, int> done;
        Runner runner = bench.runner({.kind = "count", .task = [&](Held& held) -> Result<Outcome> {
                                          ++done[held.job().about];
                                          return Outcome{};
                                      }});
        while (runner.run_due({}).value()) {
        }
        CHECK(done.size() == 40);
        CHECK(std::ranges::all_of(done, [](const auto& one) { return one.second == 1; }));
        CHECK(!done.contains("later"));
        CHECK(bench.due() == bench.clock.now() + minute);
        bench.clock.advance(minute);
        CHECK(runner.run_due({}).value());
        CHECK(done["later"] == 1);
        CHECK(!bench.due());
    }
}

TEST_CASE("work that is asked for twice under one name is there once") {
    for (const auto engine : test::engines()) {
        Bench bench(engine);
        bench.ask("a", bench.clock.now());
        bench.ask("a", bench.clock.now() + minute);
        CHECK(claim(bench.store(), "count", "one", bench.clock.now())->size() == 1);
        CHECK(claim(bench.store(), "count", "two", bench.clock.now())->empty());
    }
}

TEST_CASE("processes that take at the same time never take the same") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        constexpr int all = 200;
        REQUIRE(bench.store().write([&](Transaction& transaction) -> Result<void> {
            for (int k = 0; k < all; ++k) {
                TRY_DO(ask_for(transaction, "c", std::to_string(k), "count", std::to_string(k),
                               bench.clock.now()));
            }
            return {};
        }));
        // Each with connections of its own, as processes have them.
        constexpr int processes = 4;
        std::array<std::vector<Job>, processes> taken;
        std::atomic<int> failed = 0;
        std::latch begin(processes);
        {
            std::vector<std::jthread> threads;
            for (int who = 0; who < processes; ++who) {
                threads.emplace_back([&, who] {
                    const auto own =
                        store::Store::open({.url = bench.fresh.database.url()}, migrations());
                    begin.arrive_and_wait();
                    while (true) {
                        auto some = claim(**own, "count", std::to_string(who), bench.clock.now());
                        if (!some || some->empty()) {
                            failed += some ? 0 : 1;
                            return;
                        }
                        auto& mine = taken[static_cast<std::size_t>(who)];
                        mine.insert(mine.end(), some->begin(), some->end());
                    }
                });
            }
        }
        CHECK(failed == 0);
        std::set<std::string> names;
        std::size_t count = 0;
        for (const auto& mine : taken) {
            count += mine.size();
            std::ranges::transform(mine, std::inserter(names, names.end()), &Job::id);
        }
        CHECK(count == all);
        CHECK(names.size() == all);
    }
}

TEST_CASE("what a process took that died is done by another once its lease is over") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        bench.ask("a", bench.clock.now());
        const auto dead = claim(bench.store(), "count", "dead", bench.clock.now());
        REQUIRE(dead->size() == 1);
        int done = 0;
        Runner runner = bench.runner({.kind = "count", .task = [&](Held& held) -> Result<Outcome> {
                                          ++done;
                                          CHECK(held.job().tries == 1);
                                          return Outcome{};
                                      }});
        CHECK(!runner.run_due({}).value());
        bench.clock.advance(lease_time);
        CHECK(runner.run_due({}).value());
        CHECK(done == 1);
        // Should it not be dead after all: it has lost the work, and can change nothing.
        const auto late = bench.store().write([&](Transaction& transaction) {
            return keep(transaction, dead->front(), "dead", bench.clock.now());
        });
        REQUIRE(!late);
        CHECK(late.error().kind == ErrorKind::conflict);
    }
}

TEST_CASE("what fails is tried again after longer and longer pauses, then given up and told") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        bench.ask("a", bench.clock.now());
        int tries = 0;
        Runner runner = bench.runner({.kind = "count",
                                      .task = [&](Held&) -> Result<Outcome> {
                                          ++tries;
                                          return fail(ErrorKind::unavailable, "no answer");
                                      },
                                      .most_tries = 5});
        std::chrono::microseconds before(0);
        for (int k = 1; k < 5; ++k) {
            REQUIRE(runner.run_due({}).value());
            REQUIRE(bench.due());
            const auto pause = *bench.due() - bench.clock.now();
            CHECK(pause > before);
            before = pause;
            REQUIRE(bench.trouble().size() == 1);
            CHECK(bench.trouble().front().words == "no answer");
            CHECK(!bench.trouble().front().given_up);
            bench.clock.set(*bench.due());
        }
        REQUIRE(runner.run_due({}).value());
        CHECK(tries == 5);
        CHECK(!bench.due());
        REQUIRE(bench.trouble().size() == 1);
        CHECK(bench.trouble().front().given_up);
    }
}

TEST_CASE("what was given up, or nobody took, is forgotten in the end, and nothing else") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        const auto today = std::chrono::floor<std::chrono::days>(bench.clock.now());
        const auto forget = [&](std::chrono::sys_days day) {
            REQUIRE(bench.store().write(
                [&](Transaction& transaction) { return forget_old(transaction, day); }));
        };
        bench.ask("given-up", bench.clock.now());
        Runner runner = bench.runner({.kind = "count", .task = [](Held&) -> Result<Outcome> {
                                          return Outcome{.again = {}, .given_up = "never"};
                                      }});
        REQUIRE(runner.run_due({}).value());
        bench.ask("untaken", bench.clock.now());
        forget(today);
        CHECK(bench.due());
        CHECK(bench.trouble().size() == 1);
        forget(today + std::chrono::days(1));
        CHECK(!bench.due());
        CHECK(bench.trouble().empty());
    }
}

TEST_CASE("pauses grow to an hour and no further, and are not all alike") {
    test::SeededEntropy entropy;
    std::set<std::int64_t> seen;
    for (std::int64_t tries = 1; tries < 200; ++tries) {
        const auto pause = pause_after(tries, entropy);
        const auto most = std::min<std::chrono::seconds>(
            std::chrono::hours(1),
            std::chrono::seconds(5) * (1LL << std::min<std::int64_t>(tries - 1, 15)));
        CHECK(pause <= most);
        CHECK(pause >= most / 2);
        seen.insert(pause.count());
    }
    CHECK(seen.size() > 190);
}

TEST_CASE("work that comes again does, and a failure does not end it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        int done = 0;
        Runner runner = bench.runner({.kind = "count",
                                      .task = [&](Held&) -> Result<Outcome> {
                                          ++done;
                                          if (done % 2 == 0) {
                                              return fail(ErrorKind::unavailable, "no");
                                          }
                                          return Outcome{};
                                      },
                                      .every = std::chrono::hours(1),
                                      .most_tries = 2});
        REQUIRE(runner.prepare());
        REQUIRE(runner.prepare());
        for (int k = 1; k <= 20; ++k) {
            REQUIRE(runner.run_due({}).value());
            CHECK(done == k);
            CHECK(!runner.run_due({}).value());
            bench.clock.set(*bench.due());
        }
    }
}

TEST_CASE("work that is put off is not counted as a try") {
    Bench bench(test::EngineKind::sqlite);
    bench.ask("a", bench.clock.now());
    Runner runner = bench.runner({.kind = "count", .task = [&](Held& held) -> Result<Outcome> {
                                      CHECK(held.job().tries == 0);
                                      return Outcome{.again = bench.clock.now() + minute};
                                  }});
    for (int k = 0; k < 3; ++k) {
        CHECK(runner.run_due({}).value());
        CHECK(bench.due() == bench.clock.now() + minute);
        bench.clock.advance(minute);
    }
}

TEST_CASE("a thread wakes when something was written, and ends when it is asked to") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Bench bench(engine);
        std::latch done(3);
        Runner runner = bench.runner({.kind = "count", .task = [&](Held&) -> Result<Outcome> {
                                          done.count_down();
                                          return Outcome{};
                                      }});
        bench.store().after_write([&] { runner.wake(); });
        std::jthread thread([&](const std::stop_token& stop) { runner.run(stop); });
        for (int k = 0; k < 3; ++k) {
            bench.ask(std::to_string(k), bench.clock.now());
        }
        done.wait();
        thread.request_stop();
        thread.join();
        bench.store().after_write({});
        CHECK(!bench.due());
    }
}
