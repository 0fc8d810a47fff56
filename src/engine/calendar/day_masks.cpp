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

weekday first_weekday(DayNumber new_year) {
    return weekday(std::chrono::sys_days(std::chrono::days(new_year)));
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

constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
constexpr std::array<int, 12> days_before = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

/// `month` counts from 0.
int length_of_month(int month, bool leap) {
    return lengths[static_cast<std::size_t>(month)] + (month == 1 && leap ? 1 : 0);
}
int days_before_month(int month, bool leap) {
    return days_before[static_cast<std::size_t>(month)] + (month > 1 && leap ? 1 : 0);
}

/// Some days of a year, in bits of months.
class YearDays {
  public:
    explicit YearDays(bool leap) : leap_(leap) {}

    /// `day` counts from 0; one outside the year is passed over.
    void set(int day) {
        if (day < 0 || day >= length_of(leap_)) {
            return;
        }
        int month = 11;
        while (days_before_month(month, leap_) > day) {
            --month;
        }
        months_[static_cast<std::size_t>(month)] |= 1U << (day - days_before_month(month, leap_));
    }
    [[nodiscard]] std::uint32_t month(std::size_t month) const { return months_[month]; }

  private:
    bool leap_;
    std::array<std::uint32_t, 12> months_{};
};

/// The days of a month that a list of numbers from 1, or from the end with -1, names.
std::uint32_t named_days(const std::vector<int>& numbers, int length) {
    std::uint32_t days = 0;
    for (const int n : numbers) {
        const int day = n > 0 ? n - 1 : length + n;
        days |= day >= 0 && day < length ? 1U << day : 0U;
    }
    return days;
}

/// Days before the first day that is a `wanted`, in what begins with a `first`.
int days_until(weekday wanted, weekday first) {
    return static_cast<int>((wanted - first).count());
}

/// A weekday without a number is the same in either, and quicker in months.
bool counts_in_month(const DayParts& parts, const NthWeekday& wanted) {
    return parts.nth_of_month || wanted.nth == 0;
}

/// Those of a stretch of `length` days, begun with a `first`: the day that `wanted` numbers, or
/// each one. Days count from 0.
template <class Take>
void for_each_weekday(const NthWeekday& wanted, weekday first, int length, Take take) {
    const int begin = days_until(wanted.day, first);
    const int last = begin + (length - 1 - begin) / 7 * 7;
    if (wanted.nth > 0) {
        take(begin + 7 * (wanted.nth - 1));
    } else if (wanted.nth < 0) {
        take(last + 7 * (wanted.nth + 1));
    }
    for (int day = begin; wanted.nth == 0 && day < length; day += 7) {
        take(day);
    }
}

} // namespace

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
    // A day of the month needs one, also where BYDAY limits it: a limit adds no days.
    const bool needs_month = no_weekday || !parts.month_days.empty();
    if (yearly && parts.months.empty() && parts.year_days.empty() && no_week && needs_month) {
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

MonthNumber month_of(std::chrono::year_month_day date) {
    return MonthNumber{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) -
           1;
}

const MonthDays& DayMasks::month(MonthNumber number) {
    if (number != number_) {
        go_to_year(static_cast<int>(number / 12));
        const auto month = static_cast<int>(number % 12);
        number_ = number;
        month_ = {.first = new_year_ + days_before_month(month, leap_),
                  .length = static_cast<std::uint32_t>(length_of_month(month, leap_)),
                  .days = known_[shape_]->days[static_cast<std::size_t>(month)]};
    }
    return month_;
}

const MonthDays& DayMasks::month_with(DayNumber day) {
    if (number_ < 0 || day < month_.first || day - month_.first >= DayNumber{month_.length}) {
        return month(month_of(std::chrono::sys_days(std::chrono::days(day))));
    }
    return month_;
}

void DayMasks::go_to_year(int year) {
    if (year == year_) {
        return;
    }
    if (year_ >= 0 && year == year_ + 1) {
        new_year_ += length_of(leap_);
        leap_before_ = leap_;
        leap_ = leap_after_;
    } else {
        new_year_ =
            std::chrono::sys_days(std::chrono::year(year) / 1 / 1).time_since_epoch().count();
        leap_before_ = is_leap(year - 1);
        leap_ = is_leap(year);
    }
    year_ = year;
    leap_after_ = is_leap(year + 1);
    shape_ = first_weekday(new_year_).c_encoding() * 8U + (leap_ ? 4U : 0U) +
             (leap_before_ ? 2U : 0U) + (leap_after_ ? 1U : 0U);
    if (!known_[shape_]) {
        known_[shape_] = compute();
    }
}

/// The days of the year that was gone to.
DayMasks::Year DayMasks::compute() const {
    Year year;
    YearMask& masks = year.days;
    for (int month = 0; month < 12; ++month) {
        const int length = length_of_month(month, leap_);
        const bool allowed = parts_.months.empty() || names(parts_.months, month + 1, 12);
        const std::uint32_t all = allowed ? ~0U >> (32 - length) : 0U;
        masks[static_cast<std::size_t>(month)] =
            parts_.month_days.empty() ? all : all & named_days(parts_.month_days, length);
    }
    keep_year_days(masks);
    keep_weeks(masks);
    keep_weekdays(masks);
    for (std::size_t month = 0; month < masks.size(); ++month) {
        year.months |= masks[month] != 0 ? 1U << month : 0U;
    }
    return year;
}

void DayMasks::keep_year_days(YearMask& masks) const {
    if (parts_.year_days.empty()) {
        return;
    }
    YearDays days(leap_);
    for (const int n : parts_.year_days) {
        days.set(n > 0 ? n - 1 : length_of(leap_) + n);
    }
    for (std::size_t month = 0; month < masks.size(); ++month) {
        masks[month] &= days.month(month);
    }
}

/// The first days of a year may be in the last week of the year before, the last ones in week 1 of
/// the year after; they count there.
void DayMasks::keep_weeks(YearMask& masks) const {
    if (parts_.weeks.empty()) {
        return;
    }
    YearDays days(leap_);
    const weekday first = first_weekday(new_year_);
    const Weeks before = weeks_of(first - std::chrono::days(length_of(leap_before_)), leap_before_,
                                  parts_.week_start);
    const Weeks here = weeks_of(first, leap_, parts_.week_start);
    const Weeks after =
        weeks_of(first + std::chrono::days(length_of(leap_)), leap_after_, parts_.week_start);
    for (int week = 0; week <= here.count + 1; ++week) {
        const bool named = week == 0           ? names(parts_.weeks, before.count, before.count)
                           : week > here.count ? names(parts_.weeks, 1, after.count)
                                               : names(parts_.weeks, week, here.count);
        for (int i = 0; named && i < 7; ++i) {
            days.set(here.first_day + (week - 1) * 7 + i);
        }
    }
    for (std::size_t month = 0; month < masks.size(); ++month) {
        masks[month] &= days.month(month);
    }
}

void DayMasks::keep_weekdays(YearMask& masks) const {
    if (parts_.weekdays.empty()) {
        return;
    }
    YearDays of_year(leap_);
    const weekday first = first_weekday(new_year_);
    for (const NthWeekday& wanted : parts_.weekdays) {
        if (!counts_in_month(parts_, wanted)) {
            for_each_weekday(wanted, first, length_of(leap_), [&](int day) { of_year.set(day); });
        }
    }
    for (int month = 0; month < 12; ++month) {
        const int length = length_of_month(month, leap_);
        const weekday begin = first + std::chrono::days(days_before_month(month, leap_));
        std::uint32_t days = of_year.month(static_cast<std::size_t>(month));
        for (const NthWeekday& wanted : parts_.weekdays) {
            if (counts_in_month(parts_, wanted)) {
                for_each_weekday(wanted, begin, length, [&](int day) {
                    days |= day >= 0 && day < length ? 1U << day : 0U;
                });
            }
        }
        masks[static_cast<std::size_t>(month)] &= days;
    }
}

} // namespace allot::calendar
