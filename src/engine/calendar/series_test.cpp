#include "engine/calendar/series.hpp"
#include "engine/calendar/zone_files.hpp"

#include <map>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_seconds;
using testing::at;
using testing::wall;

namespace {

Rule rule(std::string_view text) {
    auto parsed = parse_rule(text);
    ALLOT_CHECK(parsed, parsed.error().message.c_str());
    return *std::move(parsed);
}

/// Thursdays at 17:00, an hour.
Series thursdays(std::string_view text = "FREQ=WEEKLY;BYDAY=TH") {
    return {.start = {.time = wall("2026-03-05T17:00Z")}, .duration = 1h, .rule = rule(text)};
}

std::vector<Instance> all_of(const Series& series, const Zone& zone,
                             Instant from = at("2000-01-01"), Instant to = at("2100-01-01")) {
    auto found = instances(series, zone, from, to);
    ALLOT_CHECK(found, found.error().message.c_str());
    return *std::move(found);
}

/// `2026-03-26T17:00:00Z, ...`, cancelled ones with a minus.
std::string begins(const std::vector<Instance>& instances) {
    std::string words;
    for (const Instance& instance : instances) {
        words += (words.empty() ? "" : " ") + std::string(instance.cancelled ? "-" : "") +
                 format_instant(instance.begin);
    }
    return words;
}

Override override_at(const char* original, const char* start) {
    return {.original = wall(original), .start = wall(start)};
}

std::string refusal(const Result<Split>& result) {
    return result ? "" : result.error().message;
}

} // namespace

TEST_CASE("a weekly hour stays on the wall while the clock changes") {
    const Zone london = testing::zone("Europe/London");
    CHECK(begins(all_of(thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=5"), london)) ==
          "2026-03-05T17:00:00Z 2026-03-12T17:00:00Z 2026-03-19T17:00:00Z 2026-03-26T17:00:00Z "
          "2026-04-02T16:00:00Z");
}

TEST_CASE("a moved instance appears once, where it was moved to, and keeps its name") {
    const Zone london = testing::zone("Europe/London");
    Series series = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=3");
    series.overrides.push_back(override_at("2026-03-12T17:00Z", "2026-03-20T09:30Z"));
    const auto found = all_of(series, london);
    CHECK(begins(found) == "2026-03-05T17:00:00Z 2026-03-19T17:00:00Z 2026-03-20T09:30:00Z");
    CHECK(found[2].original == wall("2026-03-12T17:00Z"));
    CHECK(found[2].moved());
    CHECK(found[2].changed_by == 0U);
    CHECK(found[2].end == at("2026-03-20T10:30Z"));
    // Not in the window that it left, but in the one that it came to.
    CHECK(begins(all_of(series, london, at("2026-03-10"), at("2026-03-15"))).empty());
    CHECK(begins(all_of(series, london, at("2026-03-20"), at("2026-03-21"))) ==
          "2026-03-20T09:30:00Z");
}

TEST_CASE("EXDATE takes out, RDATE adds, a cancelled instance is there and cancelled") {
    const Zone london = testing::zone("Europe/London");
    Series series = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=4");
    series.excluded = {wall("2026-03-12T17:00Z")};
    series.extra = {wall("2026-03-14T10:00Z"), wall("2026-03-19T17:00Z")};
    auto cancelled = override_at("2026-03-26T17:00Z", "2026-03-26T17:00Z");
    cancelled.cancelled = true;
    series.overrides = {cancelled};
    CHECK(begins(all_of(series, london)) ==
          "2026-03-05T17:00:00Z 2026-03-14T10:00:00Z 2026-03-19T17:00:00Z -2026-03-26T17:00:00Z");
    CHECK((*next_after(series, london, at("2026-03-19T17:00Z"))).has_value() == false);
}

TEST_CASE("THISANDFUTURE shifts what follows until the next of its kind; single ones go before") {
    const Zone london = testing::zone("Europe/London");
    Series series = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=6");
    auto later = override_at("2026-03-12T17:00Z", "2026-03-13T18:00Z");
    later.and_future = true;
    later.duration = 2h;
    auto over = override_at("2026-04-02T17:00Z", "2026-04-02T17:00Z");
    over.and_future = true;
    over.cancelled = true;
    series.overrides = {over, later, override_at("2026-03-19T17:00Z", "2026-03-19T12:00Z")};
    const auto found = all_of(series, london);
    CHECK(begins(found) ==
          "2026-03-05T17:00:00Z 2026-03-13T18:00:00Z 2026-03-19T12:00:00Z 2026-03-27T18:00:00Z "
          "-2026-04-02T16:00:00Z -2026-04-09T16:00:00Z");
    CHECK(found[1].end - found[1].begin == 2h);
    CHECK(found[2].end - found[2].begin == 1h);
    CHECK(found[3].changed_by == 1U);
}

TEST_CASE("an override of an instance that the rule does not give stands for itself") {
    const Zone london = testing::zone("Europe/London");
    Series series = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=1");
    series.overrides.push_back(override_at("2026-06-01T09:00Z", "2026-06-02T09:00Z"));
    CHECK(begins(all_of(series, london)) == "2026-03-05T17:00:00Z 2026-06-02T08:00:00Z");
}

TEST_CASE("UNTIL in UTC ends a series on the clock of its zone") {
    const Zone york = testing::zone("America/New_York");
    CHECK(begins(all_of(thursdays("FREQ=WEEKLY;UNTIL=20260312T210000Z"), york)) ==
          "2026-03-05T22:00:00Z 2026-03-12T21:00:00Z");
    CHECK(begins(all_of(thursdays("FREQ=WEEKLY;UNTIL=20260312T205959Z"), york)) ==
          "2026-03-05T22:00:00Z");
}

TEST_CASE("days of a date end at midnight, also when a day has 23 hours") {
    const Zone london = testing::zone("Europe/London");
    const Series series{.start = {.time = wall("2026-03-29"), .form = TimeForm::date},
                        .duration = 24h};
    const auto found = all_of(series, london);
    REQUIRE(found.size() == 1);
    CHECK(found[0].end - found[0].begin == 23h);
}

TEST_CASE("a split series is the same series") {
    const Zone london = testing::zone("Europe/London");
    Series series = thursdays("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=6");
    series.excluded = {wall("2026-04-02T17:00Z")};
    series.overrides.push_back(override_at("2026-04-16T17:00Z", "2026-04-17T09:00Z"));
    const auto parts = split(series, london, wall("2026-04-16T17:00Z"));
    REQUIRE(parts);
    CHECK(format_rule(*parts->before.rule) ==
          "FREQ=WEEKLY;UNTIL=20260416T155959Z;INTERVAL=2;BYDAY=TH");
    CHECK(format_rule(*parts->from.rule) == "FREQ=WEEKLY;COUNT=3;INTERVAL=2;BYDAY=TH");
    CHECK(begins(all_of(parts->before, london)) + " " + begins(all_of(parts->from, london)) ==
          begins(all_of(series, london)));
    CHECK(refusal(split(series, london, wall("2026-03-05T17:00Z"))).contains("begins there"));
    CHECK(refusal(split(series, london, wall("2026-03-12T17:00Z"))).contains("no start at"));
}

TEST_CASE("what changed between two versions of a series, by name") {
    const Zone london = testing::zone("Europe/London");
    const Series before = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=5");
    Series after = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=4");
    auto cancelled = override_at("2026-03-12T17:00Z", "2026-03-12T17:00Z");
    cancelled.cancelled = true;
    after.overrides = {cancelled, override_at("2026-03-19T17:00Z", "2026-12-19T17:00Z")};
    const auto told =
        changes({before, london}, {after, london}, at("2026-03-01"), at("2026-05-01"));
    REQUIRE(told);
    REQUIRE(told->size() == 3);
    CHECK((*told)[0].kind == Change::Kind::cancelled);
    CHECK((*told)[1].kind == Change::Kind::moved);
    CHECK((*told)[1].after->begin == at("2026-12-19T17:00Z"));
    CHECK((*told)[2].kind == Change::Kind::removed);
    const auto back =
        changes({after, london}, {before, london}, at("2026-03-01"), at("2026-05-01"));
    REQUIRE(back);
    CHECK((*back)[0].kind == Change::Kind::restored);
    CHECK((*back)[2].kind == Change::Kind::added);
}

TEST_CASE("a new tzdata moves hours although nobody touched the series") {
    // As if a country had given up daylight saving time.
    const Zone summer = testing::zone("Europe/London");
    const Zone winter = testing::zone("Africa/Abidjan");
    const Series series = thursdays("FREQ=WEEKLY;BYDAY=TH;COUNT=6");
    const auto told =
        changes({series, summer}, {series, winter}, at("2026-01-01"), at("2027-01-01"));
    REQUIRE(told);
    REQUIRE(told->size() == 2);
    CHECK((*told)[0].original == wall("2026-04-02T17:00Z"));
    CHECK((*told)[0].after->begin - (*told)[0].before->begin == 1h);
}

namespace {

/// A series with some of everything, over a year or so.
Series draw_series() {
    static const std::vector<std::string> rules = {"FREQ=WEEKLY;BYDAY=TH",
                                                   "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=30",
                                                   "FREQ=MONTHLY;BYDAY=-1FR",
                                                   "FREQ=DAILY;INTERVAL=3;UNTIL=20270101T000000Z",
                                                   "FREQ=DAILY;BYHOUR=1,2,3;COUNT=90",
                                                   "FREQ=MONTHLY;BYMONTHDAY=31"};
    const auto some_time = [] {
        return wall("2026-01-01T00:30Z") + std::chrono::hours(*rc::gen::inRange(0, 24 * 400));
    };
    Series series{.start = {.time = some_time()},
                  .duration = std::chrono::minutes(*rc::gen::inRange(0, 300)),
                  .rule = rule(*rc::gen::elementOf(rules))};
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) {
        series.extra.push_back(some_time());
    }
    const auto plain = all_of(series, Zone::utc());
    const auto some_original = [&] {
        return plain.empty() ? some_time() : (*rc::gen::elementOf(plain)).original;
    };
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) {
        series.excluded.push_back(some_original());
    }
    std::map<std::pair<bool, local_seconds>, Override> overrides;
    for (int n = *rc::gen::inRange(0, 5); n > 0; --n) {
        Override change{.original = some_original()};
        change.start = change.original + std::chrono::hours(*rc::gen::inRange(-100, 100));
        change.cancelled = *rc::gen::inRange(0, 3) == 0;
        change.and_future = *rc::gen::inRange(0, 3) == 0;
        overrides[{change.and_future, change.original}] = change;
    }
    for (const auto& [key, change] : overrides) {
        series.overrides.push_back(change);
    }
    return series;
}

} // namespace

TEST_CASE("a window is the union of its parts, and the next is the first that follows") {
    const Zone london = testing::zone("Europe/London");
    CHECK(rc::check("windows", [&] {
        const Series series = draw_series();
        const auto whole = all_of(series, london, at("2026-02-01"), at("2027-06-01"));
        const Instant middle =
            at("2026-02-01") + std::chrono::hours(*rc::gen::inRange(0, 24 * 480));
        auto parts = all_of(series, london, at("2026-02-01"), middle);
        const auto second = all_of(series, london, middle, at("2027-06-01"));
        parts.insert(parts.end(), second.begin(), second.end());
        RC_ASSERT(parts == whole);

        const auto next = next_after(series, london, middle);
        RC_ASSERT(next.has_value());
        const auto follows = std::ranges::find_if(whole, [&](const Instance& instance) {
            return instance.begin > middle && !instance.cancelled;
        });
        if (follows != whole.end()) {
            RC_ASSERT(next->has_value());
            RC_ASSERT((*next)->begin == follows->begin);
        }
        for (const Instance& instance : whole) {
            const auto named = instance_of(series, london, instance.original);
            RC_ASSERT(named.has_value());
            RC_ASSERT(*named == instance);
        }
        // Nothing changes between a series and itself.
        const auto none = changes({series, london}, {series, london}, at("2026-02-01"), middle);
        RC_ASSERT(none.has_value());
        RC_ASSERT(none->empty());
    }));
}

TEST_CASE("wherever a series is split, both parts together are the series") {
    const Zone london = testing::zone("Europe/London");
    CHECK(rc::check("split", [&] {
        Series series = draw_series();
        series.extra.clear();
        const auto moment = [](const Instance& instance) {
            return std::tuple(instance.original, instance.begin, instance.end, instance.cancelled);
        };
        const auto whole = all_of(series, london);
        RC_PRE(!whole.empty());
        const auto at_original = (*rc::gen::elementOf(whole)).original;
        const auto parts = split(series, london, at_original);
        RC_PRE(parts.has_value());
        auto both = all_of(parts->before, london);
        const auto second = all_of(parts->from, london);
        both.insert(both.end(), second.begin(), second.end());
        std::vector<decltype(moment(whole[0]))> expected;
        std::vector<decltype(moment(whole[0]))> got;
        std::ranges::transform(whole, std::back_inserter(expected), moment);
        std::ranges::transform(both, std::back_inserter(got), moment);
        std::ranges::sort(expected);
        std::ranges::sort(got);
        RC_ASSERT((got == expected)); // in brackets, or thousands of them are printed
    }));
}
