#include "engine/calendar/rule_shift.hpp"

#include "engine/calendar/recurrence.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr int times_compared = 3000;

local_seconds midnight_of(local_seconds t) {
    return std::chrono::floor<days>(t);
}

auto no_such_rule() {
    return fail(ErrorKind::invalid, "its days are other days there, and no rule gives those");
}

/// The times of a day that the rule gives, later by `by`; their parts become the new lists.
void shift_times(Rule& rule, local_seconds start, seconds by) {
    const std::chrono::hh_mm_ss at(start - midnight_of(start));
    const auto or_own = [](const std::vector<int>& list, std::int64_t own) {
        return list.empty() ? std::vector<int>{static_cast<int>(own)} : list;
    };
    std::set<int> hours;
    std::set<int> minutes;
    std::set<int> of_minute;
    for (const int hour : or_own(rule.hours, at.hours().count())) {
        for (const int minute : or_own(rule.minutes, at.minutes().count())) {
            for (const int second : or_own(rule.seconds, at.seconds().count())) {
                const auto time = std::chrono::hours(hour) + std::chrono::minutes(minute) +
                                  seconds(second) + by + days(1);
                const std::chrono::hh_mm_ss shifted(time % days(1));
                hours.insert(static_cast<int>(shifted.hours().count()));
                minutes.insert(static_cast<int>(shifted.minutes().count()));
                of_minute.insert(static_cast<int>(shifted.seconds().count()));
            }
        }
    }
    const auto put = [](std::vector<int>& list, const std::set<int>& shifted) {
        if (!list.empty()) {
            list.clear();
            std::ranges::copy(shifted, std::back_inserter(list));
        }
    };
    put(rule.hours, hours);
    put(rule.minutes, minutes);
    put(rule.seconds, of_minute);
}

/// "The n-th such weekday of the month" as seven days of the month; false where there are no such.
bool spell_out_numbers(Rule& rule) {
    std::set<int> month_days;
    for (NthWeekday& day : rule.weekdays) {
        if (day.nth == 0 || day.nth < -5 || day.nth > 5) {
            return false;
        }
        const int first = day.nth > 0 ? 7 * (day.nth - 1) + 1 : 7 * day.nth;
        for (int i = 0; i < 7; ++i) {
            month_days.insert(first + i);
        }
        day.nth = 0;
    }
    std::ranges::copy(month_days, std::back_inserter(rule.month_days));
    return true;
}

/// Each day of a month or year a day later or earlier; false where one is not in it any more.
bool shift_days(std::vector<int>& list, int by, int most) {
    for (int& day : list) {
        const bool from_end = day < 0;
        day += by;
        if (day == 0 || (day < 0) != from_end || day > most || day < -most) {
            return false;
        }
    }
    return true;
}

bool shift_dates(Rule& rule, int by) {
    const auto has_number = [](const NthWeekday& day) { return day.nth != 0; };
    const bool of_months = rule.frequency == Frequency::monthly || !rule.months.empty();
    if (std::ranges::any_of(rule.weekdays, has_number) &&
        (!of_months || !rule.month_days.empty() || !spell_out_numbers(rule))) {
        return false;
    }
    for (NthWeekday& day : rule.weekdays) {
        day.day += days(by);
    }
    const bool weeks_matter =
        rule.frequency == Frequency::weekly && (rule.interval > 1 || !rule.positions.empty());
    rule.week_start += days(weeks_matter ? by : 0);
    return shift_days(rule.month_days, by, 31) && shift_days(rule.year_days, by, 366);
}

/// Whether the times of `shifted` are those of `rule`, each later by `by`.
Result<bool> is_shifted(Rule rule, Rule shifted, const WallTime& start, seconds by) {
    rule.until.reset();
    shifted.until.reset();
    TRY(Recurrence plain, Recurrence::make(rule, start));
    TRY(Recurrence later,
        Recurrence::make(shifted, {.time = start.time + by, .form = TimeForm::local}));
    for (int i = 0; i < times_compared; ++i) {
        TRY(const auto a, plain.next());
        TRY(const auto b, later.next());
        const bool at_the_end = a && *a > end_of_time - days(400);
        if (!a || at_the_end) {
            return at_the_end || !b;
        }
        if (!b || *b != *a + by) {
            return false;
        }
    }
    return true;
}

} // namespace

Result<Rule> shifted_rule(const Rule& rule, const WallTime& start, seconds by) {
    if (rule.frequency < Frequency::daily) {
        return fail(ErrorKind::invalid, "it comes by the hour, and keeps to no clock");
    }
    Rule shifted = rule;
    shift_times(shifted, start.time, by);
    const auto day = midnight_of(start.time + by) - midnight_of(start.time);
    const int by_days = static_cast<int>(day / days(1));
    if (by_days != 0 && !shift_dates(shifted, by_days)) {
        return no_such_rule();
    }
    TRY(const bool is_right, is_shifted(rule, shifted, start, by));
    if (!is_right) {
        return no_such_rule();
    }
    return shifted;
}

} // namespace allot::calendar
