/// The values of iCalendar properties: times, durations, offsets and rules. Lenient where clients
/// are: whoever reads a value also gets to know how it had to be mended.
#pragma once

#include "base/result.hpp"
#include "engine/calendar/ical_text.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/wall_time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// Seconds of a DURATION (RFC 5545, section 3.3.6) such as `PT1H30M`, `P2W`, `-PT15M`; weeks beside
/// days are read too. A day has 24 hours. Errors: anything else, a number above 999,999.
[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);

/// Seconds east of UTC of a UTC-OFFSET (section 3.3.14) such as `+0530` or `-012345`, also with
/// colons. Errors: anything else.
[[nodiscard]] Result<std::chrono::seconds> parse_utc_offset(std::string_view text);

/// One of the values of DTSTART, DTEND, RDATE, EXDATE or RECURRENCE-ID.
struct TimeValue {
    WallTime when;
    std::optional<std::chrono::seconds> duration; ///< of a PERIOD

    friend bool operator==(const TimeValue&, const TimeValue&) = default;
};

/// A DATE, DATE-TIME or PERIOD (section 3.3.9). A PERIOD is read with its duration, an end before
/// its start as one of 0; its start stands in `when`. TZID is not looked at. Errors: anything else.
[[nodiscard]] Result<TimeValue> parse_time_value(std::string_view text);

/// A rule, and what had to be mended to read it.
struct MendedRule {
    Rule rule;
    std::vector<std::string> mends; ///< each says what was wrong, such as "an empty part"
};

/// As `parse_rule`; where that fails, without what clients pass over: empty parts and values,
/// blanks, `RRULE:` in front, parts that begin with X-, a part that stands twice alike, hyphens and
/// colons in UNTIL, numbers of weekdays in WEEKLY and DAILY, BYSETPOS with nothing to choose from.
/// Errors: those of `parse_rule` for what is left.
[[nodiscard]] Result<MendedRule> parse_rule_as_clients(std::string_view text);

} // namespace allot::calendar
