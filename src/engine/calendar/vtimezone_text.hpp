/// A zone as iCalendar describes it: VTIMEZONE (RFC 5545, section 3.6.5).
#pragma once

#include "base/clock.hpp"
#include "engine/calendar/zone.hpp"

#include <string>

namespace allot::calendar {

/// A VTIMEZONE with the name of `zone` as its TZID, lines folded, each with CRLF. It tells the
/// offsets of `zone` from `from` to `to`, `from` <= `to`, and for as long as the changes go on by
/// the rule that holds then. That rule is read off the changes of 28 years after `to`, in which
/// every date falls on every weekday: one STANDARD or DAYLIGHT for each change of a year, RRULE
/// with FREQ=YEARLY, BYMONTH and BYDAY (`-1SU`, or a weekday beside seven days of BYMONTHDAY where
/// the clock changes before or after an nth weekday). Changes that follow no such rule, as those of
/// Africa/Casablanca, are listed up to `to`, by RDATE.
/// Minimal: nothing before the change that holds at `from`, no TZNAME. Which of two offsets is
/// called daylight saving is read off as well: the one that the clock goes forward to and leaves
/// again. The same zone and moments give the same bytes. O(changes from `from` on, squared at
/// worst).
[[nodiscard]] std::string format_vtimezone(const Zone& zone, Instant from, Instant to);

/// With five years from `from` on.
[[nodiscard]] std::string format_vtimezone(const Zone& zone, Instant from);

} // namespace allot::calendar
