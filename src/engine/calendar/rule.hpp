/// A recurrence rule of iCalendar, as a value.
#pragma once

#include "base/result.hpp"
#include "engine/calendar/wall_time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// From the shortest period to the longest.
enum class Frequency : std::uint8_t { secondly, minutely, hourly, daily, weekly, monthly, yearly };

/// A weekday and which one of its month or year is meant: 1 the first, -1 the last, 0 each.
struct NthWeekday {
    std::chrono::weekday day;
    int nth = 0;

    friend bool operator==(const NthWeekday&, const NthWeekday&) = default;
};

/// A rule of RFC 5545, section 3.3.10. An empty list means that the part was not given.
struct Rule {
    Frequency frequency = Frequency::weekly;
    std::int64_t interval = 1; ///< from 1
    /// At most one of the two is given.
    std::optional<std::int64_t> count; ///< from 1
    std::optional<WallTime> until;
    std::vector<int> seconds, minutes, hours; ///< 0 to 60, 59, 23
    std::vector<NthWeekday> weekdays;         ///< nth from -53 to 53
    std::vector<int> month_days;              ///< 1 to 31, -31 to -1
    std::vector<int> year_days;               ///< 1 to 366, -366 to -1
    std::vector<int> weeks;                   ///< 1 to 53, -53 to -1
    std::vector<int> months;                  ///< 1 to 12
    std::vector<int> positions;               ///< 1 to 366, -366 to -1
    std::chrono::weekday week_start = std::chrono::Monday;

    friend bool operator==(const Rule&, const Rule&) = default;
};

/// Reads the value of an RRULE, such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=TH`, parts in any order, in
/// capitals or not.
/// Errors, each naming the part and what it may be: whatever breaks the grammar, a part twice, no
/// FREQ, COUNT beside UNTIL, a number out of its range or above 2147483647, and what section 3.3.10
/// forbids: BYWEEKNO outside YEARLY; BYYEARDAY in DAILY, WEEKLY and MONTHLY; BYMONTHDAY in WEEKLY;
/// a numbered weekday outside MONTHLY and YEARLY, or beside BYWEEKNO; BYSETPOS alone. More
/// than `limits::max_rule_bytes`.
[[nodiscard]] Result<Rule> parse_rule(std::string_view text);

/// The rule in the order of the RFC's own examples: FREQ, UNTIL or COUNT, INTERVAL, BYSECOND to
/// BYSETPOS, WKST; what is the default is left out. `parse_rule` reads it back as it was.
[[nodiscard]] std::string format_rule(const Rule& rule);

/// `MO` to `SU`.
[[nodiscard]] std::string_view weekday_code(std::chrono::weekday day);

} // namespace allot::calendar
