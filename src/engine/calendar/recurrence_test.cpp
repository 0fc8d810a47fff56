#include "base/limits.hpp"
#include "engine/calendar/brute_recurrence.hpp"
#include "engine/calendar/recurrence.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::local_seconds;

namespace {

WallTime wall(std::string_view text) {
    auto parsed = parse_wall_time(text);
    ALLOT_CHECK(parsed, parsed.error().message.c_str());
    return *parsed;
}

Rule rule(std::string_view text) {
    auto parsed = parse_rule(text);
    ALLOT_CHECK(parsed, parsed.error().message.c_str());
    return *std::move(parsed);
}

Recurrence recurrence(const Rule& rule, const WallTime& start) {
    auto made = Recurrence::make(rule, start);
    ALLOT_CHECK(made, made.error().message.c_str());
    return *std::move(made);
}

/// The times up to `to`, and what stopped them.
struct Heard {
    std::vector<local_seconds> times;
    bool too_complex = false;
};

Heard hear(Recurrence& from, local_seconds to = end_of_time, std::size_t most = 100'000) {
    Heard heard;
    while (heard.times.size() < most) {
        const auto next = from.next();
        if (!next) {
            heard.too_complex = true;
            return heard;
        }
        if (!*next || **next > to) {
            return heard;
        }
        heard.times.push_back(**next);
    }
    return heard;
}

std::string first_of(std::string_view text, std::string_view start, std::size_t most = 10) {
    Recurrence all = recurrence(rule(text), wall(start));
    std::string words;
    for (const local_seconds t : hear(all, end_of_time, most).times) {
        words += (words.empty() ? "" : " ") + format_basic({.time = t, .form = wall(start).form});
    }
    return words;
}

int upto(int most) {
    return *rc::gen::inRange(0, most + 1);
}

WallTime draw_start(bool with_time) {
    const auto day = local_days(std::chrono::year(1960) / 1 / 1) +
                     std::chrono::days(*rc::gen::inRange(0, 40'000));
    return {.time = day + std::chrono::seconds(with_time ? *rc::gen::inRange(0, 86'400) : 0),
            .form = with_time ? TimeForm::local : TimeForm::date};
}

/// A rule and a start, and how far they are followed.
struct Drawn {
    Rule rule;
    WallTime start;
    local_seconds to;
};

Drawn draw() {
    const bool with_time = upto(5) != 0;
    Drawn drawn{.rule = testing::draw_rule(upto, with_time), .start = draw_start(with_time)};
    drawn.to = drawn.start.time + testing::horizon_of(drawn.rule.frequency);
    if (!drawn.rule.count && upto(3) == 0) {
        drawn.rule.until = WallTime{.time = drawn.start.time + std::chrono::days(upto(200)),
                                    .form = drawn.start.form};
    }
    RC_LOG(format_rule(drawn.rule) + " from " + format_basic(drawn.start));
    return drawn;
}

} // namespace

TEST_CASE("the starts of a rule are those that brute force finds") {
    int refused = 0;
    CHECK(rc::check("read against brute force", [&] {
        const Drawn drawn = draw();
        Recurrence all = recurrence(drawn.rule, drawn.start);
        const Heard heard = hear(all, drawn.to);
        refused += heard.too_complex ? 1 : 0;
        auto expected = testing::BruteRecurrence(drawn.rule, drawn.start).until(drawn.to);
        if (heard.too_complex) { // what was told before is still right
            RC_ASSERT(expected.size() >= heard.times.size());
            expected.resize(heard.times.size());
        }
        RC_ASSERT(heard.times == expected);
    }));
    MESSAGE("refused as too complex: " << refused);
}

TEST_CASE("times ascend, and a read in pieces is a read at once") {
    CHECK(rc::check("pieces", [] {
        const Drawn drawn = draw();
        Recurrence one = recurrence(drawn.rule, drawn.start);
        Recurrence other = one;
        std::vector<local_seconds> at_once(500);
        std::size_t n = 0;
        while (n < at_once.size()) {
            const auto got = one.read(std::span(at_once).subspan(
                n,
                std::min<std::size_t>(at_once.size() - n, 1 + static_cast<std::size_t>(upto(60)))));
            if (!got || *got == 0) {
                break;
            }
            n += *got;
        }
        at_once.resize(n);
        RC_ASSERT(std::ranges::adjacent_find(at_once, std::greater_equal()) == at_once.end());
        RC_ASSERT(hear(other, end_of_time, n).times == at_once);
    }));
}

TEST_CASE("seek gives what iterating gives, forwards and backwards") {
    CHECK(rc::check("seek", [] {
        const Drawn drawn = draw();
        Recurrence all = recurrence(drawn.rule, drawn.start);
        const Heard heard = hear(all, drawn.to, 2000);
        RC_PRE(!heard.too_complex);
        const auto span = testing::horizon_of(drawn.rule.frequency).count();
        for (int i = 0; i < 4; ++i) {
            const local_seconds t =
                drawn.start.time +
                std::chrono::seconds(*rc::gen::inRange<std::int64_t>(-span / 10, span));
            all.seek(t);
            const auto from = std::ranges::lower_bound(heard.times, t);
            RC_PRE(heard.times.size() < 2000 || from != heard.times.end());
            RC_ASSERT(
                hear(all, drawn.to, static_cast<std::size_t>(heard.times.end() - from)).times ==
                std::vector(from, heard.times.end()));
        }
    }));
}

TEST_CASE("BYDAY beside BYMONTHDAY takes days away and adds none") {
    CHECK(first_of("FREQ=YEARLY;BYMONTHDAY=13", "20260313", 3) == "20260313 20270313 20280313");
    CHECK(first_of("FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", "20260313", 3) ==
          "20260313 20370313 20430313");
    CHECK(first_of("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "20260313", 3) ==
          "20260313 20261113 20270813");
    CHECK(rc::check("a limit", [] {
        Drawn drawn = draw();
        RC_PRE(drawn.rule.frequency != Frequency::weekly && drawn.rule.year_days.empty() &&
               drawn.rule.weeks.empty());
        drawn.rule.count.reset();
        drawn.rule.positions.clear();
        drawn.rule.month_days.push_back(1 + upto(30));
        Rule without = drawn.rule;
        without.weekdays.clear();
        Recurrence limited = recurrence(drawn.rule, drawn.start);
        Recurrence whole = recurrence(without, drawn.start);
        const Heard some = hear(limited, drawn.to, 500);
        RC_PRE(!some.times.empty());
        RC_ASSERT(std::ranges::includes(hear(whole, some.times.back()).times, some.times));
    }));
}

TEST_CASE("a rule is read back from its text as it was") {
    CHECK(rc::check("format_rule, then parse_rule", [] {
        const Drawn drawn = draw();
        const auto again = parse_rule(format_rule(drawn.rule));
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == drawn.rule);
    }));
}

TEST_CASE("rules that never fire, or nearly so, end at once") {
    for (const char* text :
         {"FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2", "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2",
          "FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2", "FREQ=HOURLY;BYMONTHDAY=30;BYMONTH=2",
          "FREQ=SECONDLY;BYMONTHDAY=30;BYMONTH=2", "FREQ=MONTHLY;BYDAY=6MO",
          "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=5", "FREQ=HOURLY;INTERVAL=168;BYDAY=SU",
          "FREQ=YEARLY;BYWEEKNO=1;BYMONTH=6", "FREQ=DAILY;BYHOUR=9;BYSETPOS=2"}) {
        CAPTURE(std::string(text));
        Recurrence never = recurrence(rule(text), wall("20260105T090000"));
        const Heard heard = hear(never);
        CHECK(heard.times.empty());
        CHECK_FALSE(heard.too_complex);
        CHECK(never.steps() <= limits::max_rule_steps);
    }
    for (const char* text : {"FREQ=YEARLY;INTERVAL=1000000000", "FREQ=MONTHLY;INTERVAL=1000000000",
                             "FREQ=WEEKLY;INTERVAL=1000000000", "FREQ=DAILY;INTERVAL=1000000000",
                             "FREQ=HOURLY;INTERVAL=1000000000"}) {
        CAPTURE(std::string(text));
        Recurrence once = recurrence(rule(text), wall("20260105T090000"));
        CHECK(hear(once).times.size() == 1);
        CHECK(once.steps() < 10);
    }
    Recurrence seconds =
        recurrence(rule("FREQ=SECONDLY;INTERVAL=1000000000"), wall("20260105T090000"));
    CHECK(hear(seconds).times.size() == 252);
}

TEST_CASE("values that stand many times in a rule multiply nothing") {
    Rule often = rule("FREQ=WEEKLY;BYDAY=MO");
    often.weekdays.resize(3000, often.weekdays.front());
    often.hours.assign(3000, 9);
    often.minutes.assign(3000, 30);
    often.seconds.assign(3000, 60);
    Recurrence one = recurrence(often, wall("20260105T090000"));
    CHECK(hear(one, end_of_time, 2).times ==
          std::vector{wall("20260105T093059").time, wall("20260112T093059").time});
}

TEST_CASE("a large COUNT ends with the year 9999, or where it says") {
    Recurrence all = recurrence(rule("FREQ=YEARLY;COUNT=2147483647"), wall("20260105T090000"));
    CHECK(hear(all).times.size() == 9999 - 2026 + 1);
    all = recurrence(rule("FREQ=DAILY;COUNT=2147483647"), wall("99991230"));
    CHECK(hear(all).times.size() == 2);
    all = recurrence(rule("FREQ=WEEKLY;COUNT=1000;BYDAY=MO,WE,FR"), wall("20260107T090000"));
    all.seek(local_days(std::chrono::year(2032) / 5 / 25));
    const auto left = hear(all).times;
    all = recurrence(rule("FREQ=WEEKLY;COUNT=1000;BYDAY=MO,WE,FR"), wall("20260107T090000"));
    const auto whole = hear(all).times;
    CHECK(whole.size() == 1000);
    CHECK(std::ranges::equal(left, std::span(whole).last(left.size())));
    CHECK(first_of("FREQ=YEARLY", "99980105") == "99980105 99990105");
}

TEST_CASE("work is counted, and a rule beyond the budget is refused") {
    // The start drifts by a second a day: some 236 years pass between two times.
    Recurrence rare =
        recurrence(rule("FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=11"),
                   wall("20260105T030712"));
    const Heard heard = hear(rare);
    CHECK(heard.too_complex);
    CHECK(rare.steps() <=
          limits::max_rule_steps + 1 + std::ssize(heard.times) * limits::rule_steps_a_time);
    const auto again = rare.next();
    REQUIRE_FALSE(again);
    CHECK(again.error().message.contains("too complex"));

    Recurrence every =
        recurrence(rule("FREQ=SECONDLY;INTERVAL=7;BYSECOND=3"), wall("20260105T090003"));
    const auto start = every.steps();
    CHECK(hear(every, end_of_time, 400).times.size() == 400);
    CHECK(every.steps() - start < 10'000);
}

TEST_CASE("a date has no hours: rules by the hour are refused, parts of the time ignored") {
    const auto made = Recurrence::make(rule("FREQ=HOURLY"), wall("20260105"));
    REQUIRE_FALSE(made);
    CHECK(made.error().message.contains("needs a start with a time"));
    CHECK(first_of("FREQ=DAILY;BYHOUR=9,17;COUNT=2", "20260105") == "20260105 20260106");
}

TEST_CASE("UNTIL is the last time itself, and as a date the whole of its day") {
    CHECK(first_of("FREQ=DAILY;UNTIL=20260107T090000", "20260105T090000") ==
          "20260105T090000 20260106T090000 20260107T090000");
    CHECK(first_of("FREQ=DAILY;UNTIL=20260107T085959", "20260105T090000") ==
          "20260105T090000 20260106T090000");
    CHECK(first_of("FREQ=DAILY;UNTIL=20260106", "20260105T090000") ==
          "20260105T090000 20260106T090000");
    CHECK(first_of("FREQ=DAILY;UNTIL=20250101", "20260105T090000").empty());
}

TEST_CASE("second 60 is second 59: nobody here has leap seconds") {
    CHECK(first_of("FREQ=MINUTELY;BYSECOND=60;COUNT=2", "20260105T090000") ==
          "20260105T090059 20260105T090159");
}
