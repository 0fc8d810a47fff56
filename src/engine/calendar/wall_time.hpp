/// A day, or a time on the clock of some wall, as iCalendar writes it.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace allot::calendar {

/// The three forms of RFC 5545, sections 3.3.4 and 3.3.5. Which wall a `local` time means is said
/// elsewhere: by a TZID, or by nobody ("floating").
enum class TimeForm : std::uint8_t { date, local, utc };

/// Years 1 to 9999. Of a `date` the time is midnight; of `utc` it is what a clock in UTC shows.
struct WallTime {
    std::chrono::local_seconds time;
    TimeForm form = TimeForm::local;

    friend bool operator==(const WallTime&, const WallTime&) = default;
};

/// The last second that is written here: 31 December 9999, 23:59:59.
inline constexpr std::chrono::local_seconds end_of_time =
    std::chrono::local_days(std::chrono::year(9999) / 12 / 31) + std::chrono::days(1) -
    std::chrono::seconds(1);

/// Reads `20260105`, `20260105T090000`, `20260105T090000Z`, and with hyphens and colons
/// `2026-01-05`, `2026-01-05T09:00`, `2026-01-05T09:00:00`, each with or without a Z. A second 60
/// is read as 59, as section 3.3.12 asks of those who have no leap seconds.
/// Errors: anything else, a day that no calendar has.
[[nodiscard]] Result<WallTime> parse_wall_time(std::string_view text);

/// `20260105`, `20260105T090000` or `20260105T090000Z`, by its form.
[[nodiscard]] std::string format_basic(const WallTime& when);

} // namespace allot::calendar
