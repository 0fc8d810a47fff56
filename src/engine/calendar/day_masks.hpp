/// Which days of a month a rule's BY parts leave, as bits.
#pragma once

#include "engine/calendar/rule.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace allot::calendar {

/// Days since 1970-01-01.
using DayNumber = std::int64_t;

/// The parts of a rule that speak of days, with what section 3.3.10 takes from DTSTART where they
/// are silent. A day must fit all of them.
struct DayParts {
    std::vector<int> months, month_days, year_days, weeks;
    std::vector<NthWeekday> weekdays;
    std::chrono::weekday week_start = std::chrono::Monday;
    /// Whether a numbered weekday counts in its month; in its year otherwise.
    bool nth_of_month = false;

    /// Those of `rule`; of YEARLY and MONTHLY filled up from `start`.
    [[nodiscard]] static DayParts of(const Rule& rule, std::chrono::year_month_day start);
    /// True if they forbid no day.
    [[nodiscard]] bool empty() const;
};

/// The days of one month.
struct MonthDays {
    DayNumber first = 0; ///< its first day
    std::uint32_t length = 0;
    std::uint32_t days = 0; ///< which of them are left; bit 0 is the first
};

/// Months since January of the year 0.
using MonthNumber = std::int64_t;
[[nodiscard]] MonthNumber month_of(std::chrono::year_month_day date);

/// The days that `parts` leave. Years of one shape (first weekday, leap or not, neighbours leap or
/// not) have the same ones, so there are fewer than 56 to compute. Quick where months ascend.
class DayMasks {
  public:
    explicit DayMasks(DayParts parts) : parts_(std::move(parts)) {}

    /// Bits of the months of a year (1 to 9999) in which days are left; bit 0 is January.
    [[nodiscard]] std::uint32_t months_of(int year) {
        go_to_year(year);
        return known_[shape_]->months;
    }
    /// Of the years 1 to 9999. The reference holds until the next call.
    [[nodiscard]] const MonthDays& month(MonthNumber month);
    /// That of the day; then its bit is to be asked.
    [[nodiscard]] const MonthDays& month_with(DayNumber day);
    [[nodiscard]] bool has(DayNumber day) {
        const MonthDays& month = month_with(day);
        return ((month.days >> (day - month.first)) & 1U) != 0;
    }

  private:
    using YearMask = std::array<std::uint32_t, 12>;

    struct Year {
        YearMask days{};
        std::uint32_t months = 0; ///< bits of those with days
    };

    void go_to_year(int year);
    [[nodiscard]] Year compute() const;
    void keep_year_days(YearMask& masks) const;
    void keep_weeks(YearMask& masks) const;
    void keep_weekdays(YearMask& masks) const;

    DayParts parts_;

    // The year that was asked for last.
    int year_ = -1;
    DayNumber new_year_ = 0;
    bool leap_before_ = false, leap_ = false, leap_after_ = false;
    std::size_t shape_ = 0;
    MonthNumber number_ = -1;
    MonthDays month_;

    std::array<std::optional<Year>, 56> known_; ///< by shape
};

} // namespace allot::calendar
