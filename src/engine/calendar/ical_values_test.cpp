#include "engine/calendar/ical_values.hpp"
#include "engine/calendar/vtimezone.hpp"
#include "engine/calendar/zone_files.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using testing::at;
using testing::wall;

TEST_CASE("durations are read in each form, and nothing else is") {
    CHECK(parse_duration("PT1H30M") == 90min);
    CHECK(parse_duration("P2W") == std::chrono::weeks(2));
    CHECK(parse_duration("P1DT2H3M4S") == 26h + 3min + 4s);
    CHECK(parse_duration("+P1D") == 24h);
    CHECK(parse_duration("-PT15M") == -15min);
    CHECK(parse_duration("PT0S") == 0s);
    CHECK(parse_duration("P1W2D") == 216h);
    for (const char* wrong : {"", "P", "PT", "1H", "P1H", "PT1D", "PT1M1H", "P1DT", "PT1H ", "PTH",
                              "P9999999D", "PT1H1H", "PT1.5H"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong));
    }
}

TEST_CASE("offsets are read with a sign and in full") {
    CHECK(parse_utc_offset("+0530") == 5h + 30min);
    CHECK(parse_utc_offset("-0456") == -(4h + 56min));
    CHECK(parse_utc_offset("+001122") == 11min + 22s);
    CHECK(parse_utc_offset("+05:30") == 5h + 30min);
    for (const char* wrong : {"", "0530", "+5", "+530", "+-530", "+05300", "Z"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_utc_offset(wrong));
    }
}

TEST_CASE("a period is its start and how long it is") {
    const WallTime start{.time = wall("2026-03-14T10:00Z"), .form = TimeForm::utc};
    for (const char* text : {"20260314T100000Z/20260314T130000Z", "20260314T100000Z/PT3H"}) {
        CHECK(parse_time_value(text) == TimeValue{.when = start, .duration = 3h});
    }
    CHECK(parse_time_value("20260314T100000Z/20260314T090000Z") ==
          TimeValue{.when = start, .duration = 0s});
    CHECK(parse_time_value("20260314T100000Z") == TimeValue{.when = start, .duration = {}});
    CHECK_FALSE(parse_time_value("20260314T100000Z/"));
}

TEST_CASE("a rule is mended as clients do, and each mend is told") {
    const auto mends = [](const char* text) {
        const auto mended = parse_rule_as_clients(text);
        REQUIRE_MESSAGE(mended, text);
        return std::pair(format_rule(mended->rule), mended->mends.size());
    };
    CHECK(mends("FREQ=WEEKLY;BYDAY=MO") == std::pair(std::string("FREQ=WEEKLY;BYDAY=MO"), 0UL));
    CHECK(mends("FREQ=WEEKLY;") == std::pair(std::string("FREQ=WEEKLY"), 1UL));
    CHECK(mends("RRULE:FREQ=WEEKLY; BYDAY=MO, TU;;BYMONTH=;X-A=1;freq=weekly") ==
          std::pair(std::string("FREQ=WEEKLY;BYDAY=MO,TU"), 6UL));
    CHECK(mends("FREQ=WEEKLY;BYDAY=1MO,+2TU") ==
          std::pair(std::string("FREQ=WEEKLY;BYDAY=MO,TU"), 1UL));
    CHECK(mends("FREQ=DAILY;UNTIL=2026-12-31T10:00:00Z") ==
          std::pair(std::string("FREQ=DAILY;UNTIL=20261231T100000Z"), 1UL));
    CHECK(mends("FREQ=WEEKLY;BYSETPOS=1") == std::pair(std::string("FREQ=WEEKLY"), 1UL));
}

TEST_CASE("what no client reads is refused as the rule was written") {
    CHECK(parse_rule_as_clients("FREQ=OFTEN").error() == parse_rule("FREQ=OFTEN").error());
    CHECK_FALSE(parse_rule_as_clients("FREQ=WEEKLY;;COUNT=2;UNTIL=20260101"));
    CHECK_FALSE(parse_rule_as_clients(""));
    const std::string endless = "FREQ=WEEKLY;" + std::string(1'000'000, ';');
    CHECK(parse_rule_as_clients(endless).error() == parse_rule(endless).error());
}

TEST_CASE("a zone of observances shows the times of the zone that they tell") {
    const auto rule = [](const char* text) { return *parse_rule(text); };
    const std::vector<Observance> paris = {{.start = {.time = wall("1996-10-27T03:00Z")},
                                            .from = 2h,
                                            .to = 1h,
                                            .rule = rule("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
                                            .extra = {}},
                                           {.start = {.time = wall("1981-03-29T02:00Z")},
                                            .from = 1h,
                                            .to = 2h,
                                            .rule = rule("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
                                            .extra = {}}};
    const auto zone = zone_of("Somewhere (+1)", paris);
    REQUIRE(zone);
    CHECK(zone->name() == "Somewhere (+1)");
    const Zone expected = testing::zone("Europe/Paris");
    for (Instant t = at("1997-01-01"); t < at("2099-12-31"); t += std::chrono::hours(7)) {
        REQUIRE(zone->offset_at(t) == expected.offset_at(t));
    }
    CHECK(zone->offset_at(at("1980-01-01")) == 1h);
}

TEST_CASE("observances end with UNTIL, hold single dates, and their start is a change anyway") {
    const std::vector<Observance> parts = {
        {.start = {.time = wall("2026-01-01T00:00Z")},
         .from = 0s,
         .to = 1h,
         .rule = *parse_rule("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;UNTIL=20270301T000000Z"),
         .extra = {}},
        {.start = {.time = wall("2026-02-01T00:00Z")},
         .from = 1h,
         .to = 0s,
         .rule = {},
         .extra = {wall("2026-04-01T00:00Z"), wall("2027-04-01T00:00Z")}}};
    const auto zone = zone_of("X", parts);
    REQUIRE(zone);
    const auto offset = [&](const char* t) { return zone->offset_at(at(t)); };
    CHECK(offset("2025-12-31T23:59Z") == 0s);
    CHECK(offset("2026-01-01") == 1h);
    CHECK(offset("2026-01-31T23:00Z") == 0s);
    CHECK(offset("2026-03-01") == 1h);
    CHECK(offset("2026-03-31T23:00Z") == 0s);
    CHECK(offset("2027-03-01") == 1h);
    CHECK(offset("2028-03-02") == 0s);
}

TEST_CASE("a zone without an observance, or with too many changes, is refused") {
    CHECK_FALSE(zone_of("X", {}));
    Observance often{
        .start = {.time = wall("2026-01-01")}, .rule = *parse_rule("FREQ=DAILY"), .extra = {}};
    CHECK(zone_of("X", {&often, 1}).error().message.contains("max_zone_changes"));
    often.rule.reset();
    often.to = 26h;
    CHECK_FALSE(zone_of("X", {&often, 1}));
}
