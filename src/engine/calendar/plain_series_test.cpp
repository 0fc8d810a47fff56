#include "base/random.hpp"
#include "engine/calendar/plain_series.hpp"
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/zone_files.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using testing::at;
using testing::wall;
using Kind = PlainSeries::Kind;

namespace {

using Stretches = std::vector<std::pair<Instant, Instant>>;

const Instant first_moment = at("2026-01-01"), last_moment = at("2029-01-01");

/// When anything takes place, as `instances` says.
Stretches taking_place(const Series& series, const Zone& zone) {
    const auto found = instances(series, zone, first_moment, last_moment);
    REQUIRE(found);
    Stretches out;
    for (const Instance& instance : *found) {
        if (!instance.cancelled) {
            out.emplace_back(instance.begin, instance.end);
        }
    }
    return out;
}

Stretches taking_place(const std::vector<PlainSeries>& parts, const Zone& zone) {
    Stretches out;
    for (const PlainSeries& part : parts) {
        const Stretches more = taking_place(part.series, zone);
        out.insert(out.end(), more.begin(), more.end());
    }
    std::ranges::sort(out);
    return out;
}

/// What every client can read.
bool is_plain(const Series& series) {
    const bool starts =
        !series.rule ||
        Recurrence::make(*series.rule, series.start)->next().value() == series.start.time;
    const bool ascends = std::ranges::is_sorted(series.excluded) &&
                         std::ranges::is_sorted(series.overrides, {}, &Override::original);
    return starts && ascends && series.extra.empty() &&
           std::ranges::none_of(series.overrides,
                                [](const Override& o) { return o.cancelled || o.and_future; });
}

template <class T>
const T& one_of(Random& random, const std::vector<T>& all) {
    return all[random.below(all.size())];
}

seconds some_shift(Random& random) {
    return one_of<seconds>(random, {0s, 1h, -90min, 24h, 25h, -72h, 8 * 24h, 15min});
}

const std::vector<const char*> rules{
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;COUNT=30",
    "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270601T100000Z",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE,FR;BYSETPOS=-1;COUNT=20",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=DAILY;BYDAY=MO,FR;UNTIL=20280101",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=SU",
    "FREQ=DAILY;INTERVAL=9;BYHOUR=1,9,17",
    "FREQ=HOURLY;INTERVAL=100",
};

Override some_override(Random& random, local_seconds original) {
    return {.original = original,
            .start = original + some_shift(random),
            .duration = random.below(3) == 0 ? std::optional(seconds(2h)) : std::nullopt,
            .cancelled = random.below(4) == 0};
}

Series some_series(Random& random, const Zone& zone) {
    Series series{.start = {.time = wall("2026-01-06T00:30Z") +
                                    days(static_cast<int>(random.below(30))) +
                                    17 * 1h * static_cast<int>(random.below(2))},
                  .duration = 1h};
    if (random.below(8) != 0) {
        series.rule = parse_rule(one_of(random, rules)).value();
    }
    std::vector<local_seconds> originals{series.start.time, wall("2026-05-05T10:00Z")};
    const auto given = instances(series, zone, first_moment, last_moment);
    for (const Instance& instance : *given) {
        originals.push_back(instance.original);
    }
    const auto some = [&] { return one_of(random, originals); };
    for (std::uint64_t n = random.below(4); n > 0; --n) {
        series.extra.push_back(some() + some_shift(random));
        originals.push_back(series.extra.back());
        series.excluded.push_back(some());
    }
    std::vector<std::pair<local_seconds, bool>> changed;
    for (std::uint64_t n = random.below(6); n > 0; --n) {
        Override change = some_override(random, some());
        change.and_future = random.below(3) == 0;
        const auto key = std::pair(change.original, change.and_future);
        if (std::ranges::find(changed, key) == changed.end()) {
            changed.push_back(key);
            series.overrides.push_back(change);
        }
    }
    return series;
}

Rule rule(const char* text) {
    return parse_rule(text).value();
}

} // namespace

TEST_CASE("a series in plain words takes place when the series does") {
    std::size_t parts_seen = 0;
    for (const char* const name : {"Europe/London", "Australia/Lord_Howe", "Asia/Kolkata"}) {
        const Zone zone = testing::zone(name);
        for (std::uint64_t seed = 0; seed < 1500; ++seed) {
            CAPTURE(seed);
            Random random(seed);
            const Series series = some_series(random, zone);
            const auto parts = plain_series(series, zone);
            REQUIRE(parts);
            parts_seen += parts->size();
            for (const PlainSeries& part : *parts) {
                REQUIRE(is_plain(part.series));
            }
            REQUIRE(taking_place(*parts, zone) == [&] {
                auto all = taking_place(series, zone);
                std::ranges::sort(all);
                return all;
            }());
        }
    }
    MESSAGE(parts_seen << " parts of 4500 series");
}

TEST_CASE("a part ends before a start in an hour that the clock skips") {
    const Zone zone = testing::zone("Europe/London");
    const auto skipped = wall("2028-03-26T01:30Z");
    const Series series{
        .start = {.time = skipped - days(9)},
        .duration = 1h,
        .rule = rule("FREQ=DAILY"),
        .overrides = {
            {.original = skipped - days(5), .start = skipped - days(5) + 15min, .and_future = true},
            {.original = skipped, .start = skipped, .cancelled = true, .and_future = true}}};
    const auto parts = plain_series(series, zone);
    REQUIRE(parts);
    CHECK(taking_place(*parts, zone) == taking_place(series, zone));
    CHECK(taking_place(*parts, zone).size() == 9);
}

TEST_CASE("a series that is plain stays as it is") {
    const Zone zone = testing::zone("Europe/London");
    const Series series{
        .start = {.time = wall("2026-01-08T17:00Z")},
        .duration = 1h,
        .rule = rule("FREQ=WEEKLY"),
        .excluded = {wall("2026-01-15T17:00Z")},
        .overrides = {{.original = wall("2026-01-22T17:00Z"), .start = wall("2026-01-23T17:00Z")}}};
    CHECK(plain_series(series, zone) ==
          std::vector<PlainSeries>{{.original = local_seconds::min(), .series = series}});
}

TEST_CASE("a start that does not fit its rule is not written") {
    const Series series{.start = {.time = wall("2026-01-05T09:00Z")},
                        .rule = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=3")};
    const auto parts = plain_series(series, Zone::utc());
    REQUIRE(parts->size() == 1);
    CHECK(parts->front().series.start.time == wall("2026-01-08T09:00Z"));
}

TEST_CASE("weekdays turn with a shift by days, also those of every second week") {
    const Series series{.start = {.time = wall("2026-01-05T09:00Z")},
                        .rule = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU"),
                        .overrides = {{.original = wall("2026-01-19T09:00Z"),
                                       .start = wall("2026-01-20T10:00Z"),
                                       .and_future = true}}};
    const auto parts = plain_series(series, Zone::utc());
    REQUIRE(parts->size() == 2);
    CHECK(parts->at(1).kind == Kind::from);
    CHECK(parts->at(1).original == wall("2026-01-19T09:00Z"));
    CHECK(parts->at(1).series.rule == rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,MO;WKST=TU"));
}

TEST_CASE("an instance that has words of its own has an override, if it takes place") {
    const Series series{.start = {.time = wall("2026-01-05T09:00Z")},
                        .rule = rule("FREQ=DAILY;COUNT=5"),
                        .excluded = {wall("2026-01-06T09:00Z")}};
    const std::vector keep{wall("2026-01-06T09:00Z"), wall("2026-01-07T09:00Z"),
                           wall("2026-02-01T09:00Z")};
    const auto parts = plain_series(series, Zone::utc(), keep);
    REQUIRE(parts->size() == 1);
    REQUIRE(parts->front().series.overrides.size() == 1);
    CHECK(parts->front().series.overrides[0].original == wall("2026-01-07T09:00Z"));
}

TEST_CASE("a series that nobody comes to has no parts") {
    const Series never{.start = {.time = wall("2026-01-31T09:00Z")},
                       .rule = rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")};
    CHECK(plain_series(never, Zone::utc())->empty());
    const Series once{.start = {.time = wall("2026-01-31T09:00Z")},
                      .excluded = {wall("2026-01-31T09:00Z")}};
    CHECK(plain_series(once, Zone::utc())->empty());
}

TEST_CASE("a series that nobody can expand is refused") {
    const Series by_the_hour{.start = {.time = wall("2026-01-31"), .form = TimeForm::date},
                             .rule = rule("FREQ=HOURLY")};
    CHECK_FALSE(plain_series(by_the_hour, Zone::utc()));
}
