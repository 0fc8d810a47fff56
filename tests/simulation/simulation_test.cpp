/// Years of invented collectives. ALLOTMENT_SEED=17 tells the year of that seed alone, on both
/// databases; ALLOTMENT_TEST_ALL, which script/test --all sets, tells many more.
#include "tests/simulation/invariants.hpp"

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace allot;
using simulation::Year;

namespace {

constexpr int steps = 60; ///< six days each, on average
constexpr int steps_until_pages = 12;
/// Years on SQLite, and on PostgreSQL, where one takes ten times as long.
struct Years {
    std::uint64_t on_sqlite;
    std::uint64_t on_postgres;
};
constexpr Years few = {40, 4};
constexpr Years many = {1000, 100};
constexpr int usual = 10; ///< commands at least that happen in a year, on average

/// Acts that are no commands.
const std::set<std::string_view> needs_no_answer = {"ask for a link", "lose a box"};

void check_step(Year& year) {
    CHECK(year.broken().empty());
    for (const std::string& what : year.take_wrong()) {
        FAIL_CHECK(what);
    }
    simulation::check_rows(year);
    simulation::check_kept(year);
    simulation::check_erased_are_nowhere(year);
}

/// What has happened in all years together, so that no act is one that never succeeds.
std::mutex noted;
std::map<std::string_view, int> happened;
int failures = 0;

void note(const Year& year) {
    const std::lock_guard lock(noted);
    failures += year.failures();
    for (const auto& [act, times] : year.happened()) {
        happened[act] += times;
    }
}

/// How many commands happened.
[[nodiscard]] int tell(test::EngineKind engine, std::uint64_t seed) {
    CAPTURE(test::name_of(engine));
    INFO("replay: ALLOTMENT_SEED=" << seed << " simulation_test");
    Year year(engine, seed);
    for (int k = 1; k <= steps; ++k) {
        const std::string_view act = year.step();
        CAPTURE(k);
        CAPTURE(act);
        check_step(year);
        if (k % steps_until_pages == 0) {
            simulation::check_pages(year);
            simulation::check_gatherings(year);
        }
    }
    note(year);
    return year.done();
}

/// Those of the seeds 1 to `years`. A year has one thread and does not know of the others; most of
/// its time it waits, for a disk or before it tries again.
[[nodiscard]] int tell_all(test::EngineKind engine, std::uint64_t years) {
    constexpr int threads = 8;
    std::atomic<std::uint64_t> next = 1;
    std::atomic<int> done = 0;
    std::vector<std::jthread> all;
    for (int k = 0; k < threads; ++k) {
        all.emplace_back([&] {
            for (std::uint64_t seed = next++; seed <= years; seed = next++) {
                done += tell(engine, seed);
            }
        });
    }
    all.clear();
    return done;
}

[[nodiscard]] std::optional<std::uint64_t> chosen_seed() {
    const char* const text = std::getenv("ALLOTMENT_SEED");
    std::uint64_t seed = 0;
    if (text == nullptr) {
        return std::nullopt;
    }
    const std::string_view whole = text;
    REQUIRE(std::from_chars(whole.data(), whole.data() + whole.size(), seed).ec == std::errc());
    return seed;
}

} // namespace

TEST_CASE("in no year of a collective an invariant breaks") {
    if (const auto seed = chosen_seed()) {
        for (const auto engine : test::engines()) {
            CHECK(tell(engine, *seed) > 0);
        }
        return;
    }
    const Years years = std::getenv("ALLOTMENT_TEST_ALL") == nullptr ? few : many;
    for (const auto engine : test::engines()) {
        const std::uint64_t here =
            engine == test::EngineKind::sqlite ? years.on_sqlite : years.on_postgres;
        CHECK(tell_all(engine, here) > static_cast<int>(here) * usual);
    }
    std::string all;
    for (const auto& [act, times] : happened) {
        all += fmt::format("{}: {}, ", act, times);
        CHECK_MESSAGE((times > 0 || needs_no_answer.contains(act)), act, " never succeeds");
    }
    MESSAGE(all << failures << " failures of disks and lines");
    CHECK(failures > static_cast<int>(years.on_sqlite));
}

TEST_CASE("a year that is told twice is the same year") {
    const std::uint64_t seed = chosen_seed().value_or(20270114);
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Year first(engine, seed);
        Year second(engine, seed);
        Year other(engine, seed + 1);
        for (int k = 0; k < steps; ++k) {
            const std::string_view act = first.step();
            CAPTURE(k);
            CAPTURE(act);
            CHECK(second.step() == act);
            REQUIRE(second.told() == first.told());
            static_cast<void>(other.step());
        }
        CHECK(first.failures() > 0);
        CHECK(other.told() != first.told());
    }
}
