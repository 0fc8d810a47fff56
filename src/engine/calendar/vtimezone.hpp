/// A zone as the observances of a VTIMEZONE tell it (RFC 5545, section 3.6.5).
#pragma once

#include "base/result.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/zone.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace allot::calendar {

/// One STANDARD or DAYLIGHT: when a change of the clock happens, and what it changes.
struct Observance {
    WallTime start;               ///< DTSTART, on the clock before the change
    std::chrono::seconds from{0}; ///< TZOFFSETFROM, seconds east of UTC
    std::chrono::seconds to{0};   ///< TZOFFSETTO
    std::optional<Rule> rule;     ///< RRULE; `start` is a change whether it fits or not
    std::vector<std::chrono::local_seconds> extra; ///< RDATE

    friend bool operator==(const Observance&, const Observance&) = default;
};

/// Rules are written out until the end of the year 2099; what holds then holds from there on.
/// Before the first change holds its `from`. Of two changes at one moment the later in the list
/// counts.
/// Errors: no observance, an offset of 26 hours or more, a rule that `Recurrence` refuses, more
/// changes than `limits::max_zone_changes`.
[[nodiscard]] Result<Zone> zone_of(std::string name, std::span<const Observance> observances);

} // namespace allot::calendar
