#include "engine/calendar/posix_rule.hpp"
#include "engine/calendar/zone_files.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using testing::at;

namespace {

PosixRule rule(const char* text) {
    auto parsed = PosixRule::parse(text, true);
    ALLOT_CHECK(parsed, text);
    return *parsed;
}

std::chrono::seconds offset(const char* text, const char* instant) {
    return rule(text).period_at(at(instant)).offset;
}

} // namespace

TEST_CASE("a TZ string without daylight saving is one offset, west counted as positive") {
    CHECK(offset("UTC0", "2050-07-01") == 0s);
    CHECK(offset("<+03>-3", "2050-07-01") == 3h);
    CHECK(offset("<-0330>3:30", "2050-07-01") == -3h - 30min);
    CHECK(offset("AAA+24:59:59", "2050-07-01") == -24h - 59min - 59s);
    CHECK(rule("<+03>-3").period_at(at("2050-07-01")).until == Instant::max());
}

TEST_CASE("a daylight saving offset is one hour more unless it is given") {
    CHECK(rule("CET-1CEST,M3.5.0,M10.5.0/3") == rule("CET-1CEST-2,M3.5.0/2,M10.5.0/3:00:00"));
    CHECK(offset("CET-1CEST,M3.5.0,M10.5.0/3", "2050-07-01") == 2h);
    // Europe/Dublin: winter is the exception, one hour less.
    CHECK(offset("IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01") == 1h);
    CHECK(offset("IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01") == 0h);
}

TEST_CASE("J counts no 29 February, a bare number does") {
    // Day 60 is 1 March as J60 in each year; as 59 and 60 (from 0) it depends on the year.
    for (const char* text : {"AAA0BBB,J60/0,J300", "AAA0BBB,59/0,J300"}) {
        CAPTURE(text);
        CHECK(offset(text, "2050-02-28T23:59:59Z") == 0h);
        CHECK(offset(text, "2050-03-01T00:00:00Z") == 1h);
    }
    CHECK(offset("AAA0BBB,J60/0,J300", "2052-02-29T23:59:59Z") == 0h);
    CHECK(offset("AAA0BBB,59/0,J300", "2052-02-29T00:00:00Z") == 1h);
    CHECK(offset("AAA0BBB,60/0,J300", "2052-03-01T00:00:00Z") == 1h);
}

TEST_CASE("daylight saving from New Year to New Year never stops") {
    // RFC 8536, section 3.3.1; the second is the example of RFC 9636.
    for (const char* text : {"EST5EDT,0/0,J365/25", "XXX3EDT4,0/0,J365/23"}) {
        CAPTURE(text);
        for (const char* t : {"2049-12-31T23:00:00Z", "2050-01-01T02:59:59Z", "2050-01-01T03:00Z",
                              "2050-01-01T04:59:59Z", "2050-01-01T05:00:00Z", "2052-07-01"}) {
            CHECK(offset(text, t) == -4h);
        }
    }
}

TEST_CASE("times before midnight and beyond the day move the date") {
    // America/Nuuk: Saturday 22:00 before the last Sunday of March, that is 2050-03-26 at -2 h.
    const char* const nuuk = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
    CHECK(offset(nuuk, "2050-03-27T00:59:59Z") == -2h);
    CHECK(offset(nuuk, "2050-03-27T01:00:00Z") == -1h);
    // 167 hours after Sunday 2 January 2050 is Saturday 8 January, 23:00.
    CHECK(offset("AAA0BBB,M1.1.0/167,J300", "2050-01-08T22:59:59Z") == 0h);
    CHECK(offset("AAA0BBB,M1.1.0/167,J300", "2050-01-08T23:00:00Z") == 1h);
    // The begin of 2051 is 1 January less 167 hours: in 2050.
    CHECK(offset("AAA0BBB,J1/-167,J300", "2050-12-25T00:59:59Z") == 0h);
    CHECK(offset("AAA0BBB,J1/-167,J300", "2050-12-25T01:00:00Z") == 1h);
}

TEST_CASE("both changes of a year may come in the next") {
    // 30 and 31 December, 167 hours on: 5 January 23:00 and 6 January 23:00 (22:00 UTC).
    const char* const late = "AAA0BBB,J364/167,J365/167";
    CHECK(offset(late, "2050-01-02") == 0h);
    CHECK(offset(late, "2050-01-05T23:00:00Z") == 1h);
    CHECK(offset(late, "2050-01-06T21:59:59Z") == 1h);
    CHECK(offset(late, "2050-01-06T22:00:00Z") == 0h);
    CHECK(offset("AAA0BBB,J365/167,J364/167", "2050-01-02") == 1h);
}

TEST_CASE("of two changes at one moment the beginning of daylight saving wins") {
    CHECK(offset("AAA0BBB,J100/0,J100/1", "2050-01-01") == 1h);
    CHECK(offset("AAA0BBB,J100/0,J100/1", "2050-07-01") == 1h);
}

TEST_CASE("a period ends where the next begins") {
    const PosixRule paris = rule("CET-1CEST,M3.5.0,M10.5.0/3");
    const Period summer = paris.period_at(at("2050-07-01"));
    CHECK(summer.until == at("2050-10-30T01:00:00Z")); // the last Sunday of October 2050
    const Period winter = paris.period_at(summer.until);
    CHECK(winter.offset == 1h);
    CHECK(winter.until == at("2051-03-26T01:00:00Z"));
}

TEST_CASE("times beyond a day belong to version 3") {
    CHECK(PosixRule::parse("AAA0BBB,J1/24,J300", false));
    CHECK_FALSE(PosixRule::parse("AAA0BBB,J1/25,J300", false));
    CHECK_FALSE(PosixRule::parse("AAA0BBB,J1/-1,J300", false));
    CHECK(PosixRule::parse("AAA0BBB,J1/-167,J300/167", true));
    CHECK_FALSE(PosixRule::parse("AAA0BBB,J1/-168,J300", true));
    CHECK_FALSE(PosixRule::parse("AAA0BBB,J1/168,J300", true));
}

TEST_CASE("what is not a TZ string is refused and the place is named") {
    for (const char* text : {"",
                             "A",
                             "AA0",
                             "AAA",
                             "AAA25",
                             "AAA-",
                             "AAA1:60",
                             "AAA1:00:60",
                             "AAA1:",
                             "AAA001",
                             "<A>0",
                             "<AAA0",
                             "<AAA",
                             "<AA A>0",
                             "<+03-3",
                             "AAA0BB",
                             "AAA0BBB",
                             "AAA0BBB1",
                             "AAA0BBB,",
                             "AAA0BBB,M3.5.0",
                             "AAA0BBB,M3.5.0,",
                             "AAA0BBB,M0.5.0,J1",
                             "AAA0BBB,M13.1.0,J1",
                             "AAA0BBB,M3.6.0,J1",
                             "AAA0BBB,M3.0.0,J1",
                             "AAA0BBB,M3.5.7,J1",
                             "AAA0BBB,M3.5,J1",
                             "AAA0BBB,M3,J1",
                             "AAA0BBB,J0,J1",
                             "AAA0BBB,J366,J1",
                             "AAA0BBB,366,J1",
                             "AAA0BBB,J,J1",
                             "AAA0BBB,J1/,J2",
                             "AAA0BBB,J1,J2x",
                             "AAA0BBB,J1,J2 ",
                             ":Europe/Paris",
                             "AAA0 BBB,J1,J2",
                             "AAA99999999999999999999",
                             "\u00e9\u00e9\u00e90"}) {
        CAPTURE(text);
        CHECK_FALSE(PosixRule::parse(text, true));
    }
    CHECK(PosixRule::parse("CET-1CEST,M3.5.0,M10.5.x", true).error().message ==
          "TZ string \"CET-1CEST,M3.5.0,M10.5.x\", byte 24: expected a weekday from 0 to 6");
}
