#include "base/limits.hpp"
#include "engine/calendar/rule.hpp"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace allot;
using namespace allot::calendar;

namespace {

/// Why a rule is refused; empty if it is not.
std::string refusal(std::string_view text) {
    const auto parsed = parse_rule(text);
    return parsed ? "" : parsed.error().message;
}

std::string again(std::string_view text) {
    const auto parsed = parse_rule(text);
    return parsed ? format_rule(*parsed) : parsed.error().message;
}

} // namespace

TEST_CASE("a rule is written in one order, without what is the default") {
    CHECK(again("byday=th;freq=weekly;interval=2;wkst=mo") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH");
    CHECK(again("FREQ=MONTHLY;BYDAY=+4TH,-1FR;COUNT=3;WKST=SU") ==
          "FREQ=MONTHLY;COUNT=3;BYDAY=4TH,-1FR;WKST=SU");
    CHECK(again("FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2;UNTIL=20300101T000000Z;INTERVAL=1") ==
          "FREQ=YEARLY;UNTIL=20300101T000000Z;BYMONTHDAY=-1;BYMONTH=2");
}

TEST_CASE("what is wrong with a rule is said: the part, and what it may be") {
    CHECK(refusal("").contains("the rule is empty"));
    CHECK(refusal("FREQ=WEEKLY;").contains("empty part"));
    CHECK(refusal("INTERVAL=2").contains("FREQ is missing"));
    CHECK(refusal("FREQ=FORTNIGHTLY").contains("expected one of SECONDLY, MINUTELY"));
    CHECK(refusal("FREQ=WEEKLY;FREQ=DAILY").contains("FREQ stands twice"));
    CHECK(refusal("FREQ=WEEKLY;COUNT=3;UNTIL=20270101").contains("exclude each other"));
    CHECK(refusal("FREQ=WEEKLY;COUNT=0").contains("from 1 to 2147483647"));
    CHECK(refusal("FREQ=WEEKLY;INTERVAL=2147483648").contains("from 1 to 2147483647"));
    CHECK(refusal("FREQ=WEEKLY;BYDAY=THU").contains("BYDAY: \"THU\" is not a weekday"));
    CHECK(refusal("FREQ=WEEKLY;BYDAY=THURSDAY").contains("BYDAY: \"THURSDAY\" is not a weekday"));
    CHECK(refusal("FREQ=MONTHLY;BYDAY=1FRI").contains("BYDAY: \"1FRI\" is not a weekday"));
    CHECK(refusal("FREQ=MONTHLY;BYDAY=2XX").contains("BYDAY: \"XX\" is not a weekday"));
    CHECK(refusal("FREQ=MONTHLY;BYDAY=0MO").contains("1 to 53 or -53 to -1"));
    CHECK(refusal("FREQ=MONTHLY;BYMONTHDAY=32").contains("1 to 31 or -31 to -1"));
    CHECK(refusal("FREQ=MONTHLY;BYMONTHDAY=1,,2").contains("\"\" is not a number"));
    CHECK(refusal("FREQ=MONTHLY;BYMONTHDAY=+-2").contains("is not a number"));
    CHECK(refusal("FREQ=DAILY;UNTIL=2027-01-31").contains("such as 20270131"));
    CHECK(refusal("FREQ=DAILY;UNTIL=20270231").contains("UNTIL=20270231"));
    CHECK(refusal("FREQ=DAILY;RSCALE=CHINESE").contains("RFC 7529"));
    CHECK(refusal("FREQ=DAILY;BYWEEKDAY=MO").contains("is not a part of a rule"));
    CHECK(refusal("WEEKLY").contains("expected NAME=VALUE"));
}

TEST_CASE("a rule longer than any that says something is refused unread") {
    std::string all = "FREQ=YEARLY;BYYEARDAY=-366";
    for (int day = 1; day <= 366; ++day) {
        all += fmt::format(",{},-{}", day, day);
    }
    CHECK(refusal(all).empty());
    while (all.size() <= limits::max_rule_bytes) {
        all += ",1";
    }
    CHECK(refusal(all).contains("more than limit max_rule_bytes"));
    CHECK(refusal(std::string(10'001, ';')).contains("more than limit max_rule_bytes"));
}

TEST_CASE("what RFC 5545 forbids together is refused") {
    CHECK(refusal("FREQ=MONTHLY;BYWEEKNO=20").contains("FREQ=YEARLY only"));
    CHECK(refusal("FREQ=DAILY;BYYEARDAY=100").contains("not for FREQ=DAILY"));
    CHECK(refusal("FREQ=HOURLY;BYYEARDAY=100").empty());
    CHECK(refusal("FREQ=WEEKLY;BYMONTHDAY=1").contains("not for FREQ=WEEKLY"));
    CHECK(refusal("FREQ=WEEKLY;BYDAY=1MO").contains("for MONTHLY and YEARLY"));
    CHECK(refusal("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO").contains("beside BYWEEKNO"));
    CHECK(refusal("FREQ=MONTHLY;BYSETPOS=1").contains("another BY part"));
}
