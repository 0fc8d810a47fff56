/// Which days of a month a rule's BY parts leave, as bits.
#pragma once

#include "engine/calendar/rule.hpp"

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>

namespace allot::calendar {

/// Days since 1970-01-01.
using DayNumber = std::int64_t;

/// A year as far as its days, weekdays and weeks go: which weekday it begins with, how long it and
/// its neighbours are. There are fewer than 56 kinds, so a rule looks at each kind once.
struct YearShape {
    std::chrono::weekday first;
    bool leap = false;
    bool leap_before = false;
    bool leap_after = false;

    [[nodiscard]] static YearShape of(int year);
    [[nodiscard]] std::size_t index() const {
        return first.c_encoding() * 8U + (leap ? 4U : 0U) + (leap_before ? 2U : 0U) +
               (leap_after ? 1U : 0U);
    }
};

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

/// The days that `parts` leave, computed once for each shape of a year that is asked for.
class DayMasks {
  public:
    explicit DayMasks(DayParts parts) : parts_(std::move(parts)) {}

    /// Bit 0 is the first day. `month` is 1 to 12.
    [[nodiscard]] std::uint32_t month(int year, unsigned month);
    [[nodiscard]] bool has(std::chrono::year_month_day date) {
        const auto bit = static_cast<unsigned>(date.day()) - 1;
        return ((month(static_cast<int>(date.year()), static_cast<unsigned>(date.month())) >> bit) &
                1U) != 0;
    }

  private:
    void compute(const YearShape& shape);

    DayParts parts_;
    std::bitset<56> known_;
    std::array<std::array<std::uint32_t, 12>, 56> masks_{};
};

} // namespace allot::calendar
