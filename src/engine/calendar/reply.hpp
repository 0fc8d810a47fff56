/// What calendars answer to an invitation (RFC 5546, section 3.2.3).
#pragma once

#include "base/result.hpp"
#include "engine/calendar/wall_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

enum class Attends : std::uint8_t { unsaid, yes, no, perhaps };

/// One person's answer to an event or to one instance of it.
struct Reply {
    std::string uid;
    std::int64_t sequence = 0;        ///< of the invitation that is answered
    std::optional<WallTime> instance; ///< RECURRENCE-ID; nothing: all of it
    std::optional<Instant> stamp; ///< DTSTAMP: when it was written; nothing where it is not said
    std::string zone;             ///< TZID of `instance`, as written; empty: none
    std::string attendee;         ///< address, ASCII letters lowered
    Attends answer = Attends::unsaid;
};

/// Reads the answers of one VCALENDAR with METHOD:REPLY, as Google, Apple, Outlook and Thunderbird
/// write them: with or without ORGANIZER, "MAILTO:" in any case. An event with no UID or not
/// exactly one ATTENDEE is passed over. Errors: those of `read_components`; another METHOD, or
/// none.
[[nodiscard]] Result<std::vector<Reply>> read_replies(std::string_view text);

} // namespace allot::calendar
