/// Time as a value. Nobody reads the machine's clock but `app`, which passes an `Instant` in.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace allot {

/// A moment in UTC, to the second.
using Instant = std::chrono::sys_seconds;

/// Reads `2026-01-05T09:00:00Z`, `2026-01-05T09:00Z` or `2026-01-05` (midnight UTC).
/// Years 1 to 9999. Errors: anything else, also a local time without the final Z.
[[nodiscard]] Result<Instant> parse_instant(std::string_view s);

/// `2026-01-05T09:00:00Z`.
[[nodiscard]] std::string format_instant(Instant t);

/// Reads `2026-01-05`, a day that exists in the Gregorian calendar, years 1 to 9999.
[[nodiscard]] Result<std::chrono::year_month_day> parse_date(std::string_view s);

/// `2026-01-05`.
[[nodiscard]] std::string format_date(std::chrono::year_month_day date);

} // namespace allot
