/// Meetings at an hour of UTC, written anew at an hour of the zone that they mean.
#pragma once

#include "engine/calendar/ical_zones.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

struct Reanchored {
    std::string text; ///< the file
    std::size_t changed = 0;
    /// A series that was left as it was.
    struct Left {
        std::size_t line = 0; ///< of its VEVENT
        std::string why;
    };
    std::vector<Left> left;
};

/// The series of a calendar whose DTSTART is in UTC and whose rule is DAILY or longer, anchored to
/// `zone`: the first meeting stays where it is, and all others have its time on the wall, as do the
/// meetings that RDATE, EXDATE and RECURRENCE-ID name. A rule whose day is another one there is
/// shifted (`shifted_rule`), UNTIL is the same meeting. Changed components have SEQUENCE + 1.
/// - An override that moves one meeting keeps its moment; one that does not moves with the meeting.
/// - A series is left as it is where no rule gives its days in that zone.
/// - A VTIMEZONE is added where the calendar has none of that name. All other lines are the same
///   bytes as before; lines are ended as the file ends them.
/// Errors: those of `read_calendar`.
[[nodiscard]] Result<Reanchored> reanchor(std::string_view text, const Zone& zone,
                                          const ZoneLookup& zones);

} // namespace allot::calendar
