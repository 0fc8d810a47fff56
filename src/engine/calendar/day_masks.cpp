#include "engine/calendar/day_masks.hpp"

#include <algorithm>

namespace allot::calendar {

namespace {

using std::chrono::weekday;

bool is_leap(int year) {
    return std::chrono::year(year).is_leap();
}

int length_of(bool leap) {
    return leap ? 366 : 365;
}

/// Is `n` of `total` named by a list that counts from 1, or from the end with -1?
bool names(const std::vector<int>& list, int n, int total) {
    return std::ranges::any_of(list, [&](int x) { return x == n || x == n - total - 1; });
}

/// How many days of the week before `day`, where weeks begin with `start`.
int days_into_week(weekday day, weekday start) {
    return static_cast<int>((day - start).count());
}

/// Weeks of ISO 8601 with any first day: week 1 has at least four days of the year. How many days
/// it begins after 1 January (-3 to 3), and how many weeks the year has.
struct Weeks {
    int first_day = 0;
    int count = 0;
};

Weeks weeks_of(weekday first, bool leap, weekday start) {
    const int before = days_into_week(first, start);
    const int first_day = before <= 3 ? -before : 7 - before;
    const int next_before = (before + length_of(leap)) % 7;
    const int end = length_of(leap) + (next_before <= 3 ? -next_before : 7 - next_before);
    return {.first_day = first_day, .count = (end - first_day) / 7};
}

/// A day of a year with everything that a BY part may ask of it; numbers count from 1.
struct Day {
    int month = 0, of_month = 0, month_length = 0, of_year = 0, year_length = 0;
    int week = 0, week_count = 0;
    weekday on;
};

bool fits(const DayParts& parts, const NthWeekday& wanted, const Day& day) {
    if (wanted.day != day.on) {
        return false;
    }
    const int at = parts.nth_of_month ? day.of_month : day.of_year;
    const int length = parts.nth_of_month ? day.month_length : day.year_length;
    return wanted.nth == 0 || wanted.nth == (at + 6) / 7 || wanted.nth == -((length - at + 7) / 7);
}

bool fits(const DayParts& parts, const Day& day) {
    return (parts.months.empty() || names(parts.months, day.month, 12)) &&
           (parts.month_days.empty() || names(parts.month_days, day.of_month, day.month_length)) &&
           (parts.year_days.empty() || names(parts.year_days, day.of_year, day.year_length)) &&
           (parts.weeks.empty() || names(parts.weeks, day.week, day.week_count)) &&
           (parts.weekdays.empty() || std::ranges::any_of(parts.weekdays, [&](const auto& wanted) {
                return fits(parts, wanted, day);
            }));
}

} // namespace

YearShape YearShape::of(int year) {
    return {.first = weekday(std::chrono::sys_days(std::chrono::year(year) / 1 / 1)),
            .leap = is_leap(year),
            .leap_before = is_leap(year - 1),
            .leap_after = is_leap(year + 1)};
}

DayParts DayParts::of(const Rule& rule, std::chrono::year_month_day start) {
    DayParts parts{.months = rule.months,
                   .month_days = rule.month_days,
                   .year_days = rule.year_days,
                   .weeks = rule.weeks,
                   .weekdays = rule.weekdays,
                   .week_start = rule.week_start,
                   .nth_of_month = rule.frequency == Frequency::monthly || !rule.months.empty()};
    const bool yearly = rule.frequency == Frequency::yearly;
    if (!yearly && rule.frequency != Frequency::monthly) {
        return parts;
    }
    const int day = static_cast<int>(static_cast<unsigned>(start.day()));
    const int month = static_cast<int>(static_cast<unsigned>(start.month()));
    const bool no_weekday = parts.weekdays.empty();
    const bool no_day = no_weekday && parts.month_days.empty() && parts.year_days.empty();
    const bool no_week = parts.weeks.empty();
    if (yearly && parts.months.empty() && parts.year_days.empty() && no_week && no_weekday) {
        parts.months = {month};
    }
    if (no_day && no_week) {
        parts.month_days = {day};
    } else if (no_day) {
        parts.weekdays = {{.day = weekday(std::chrono::sys_days(start))}};
    }
    return parts;
}

bool DayParts::empty() const {
    return months.empty() && month_days.empty() && year_days.empty() && weeks.empty() &&
           weekdays.empty();
}

std::uint32_t DayMasks::month(int year, unsigned month) {
    const YearShape shape = YearShape::of(year);
    const auto index = shape.index();
    if (!known_.test(index)) {
        compute(shape);
    }
    return masks_[index][month - 1];
}

void DayMasks::compute(const YearShape& shape) {
    constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year_length = length_of(shape.leap);
    const Weeks weeks = weeks_of(shape.first, shape.leap, parts_.week_start);
    const weekday first_before = shape.first - std::chrono::days(length_of(shape.leap_before));
    const Weeks before = weeks_of(first_before, shape.leap_before, parts_.week_start);
    const weekday first_after = shape.first + std::chrono::days(year_length);
    const Weeks after = weeks_of(first_after, shape.leap_after, parts_.week_start);

    auto& masks = masks_[shape.index()];
    masks = {};
    int of_year = 0;
    for (int month = 1; month <= 12; ++month) {
        const int length =
            lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && shape.leap ? 1 : 0);
        for (int of_month = 1; of_month <= length; ++of_month) {
            ++of_year;
            Day day{.month = month,
                    .of_month = of_month,
                    .month_length = length,
                    .of_year = of_year,
                    .year_length = year_length,
                    .week_count = weeks.count,
                    .on = shape.first + std::chrono::days(of_year - 1)};
            const int since = of_year - 1 - weeks.first_day;
            if (since < 0) { // still in the last week of the year before
                day.week = day.week_count = before.count;
            } else if (since >= weeks.count * 7) { // already in week 1 of the year after
                day.week = 1;
                day.week_count = after.count;
            } else {
                day.week = since / 7 + 1;
            }
            if (fits(parts_, day)) {
                masks[static_cast<std::size_t>(month - 1)] |= 1U << (of_month - 1);
            }
        }
    }
    known_.set(shape.index());
}

} // namespace allot::calendar
