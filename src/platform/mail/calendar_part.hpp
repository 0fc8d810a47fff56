/// What a mail says to calendars.
#pragma once

#include <string>

namespace allot::mail {

/// An invitation or its end (RFC 6047): read by programs beside the text for people, and added as a
/// file for those that look for one.
struct CalendarPart {
    std::string method; ///< "REQUEST" or "CANCEL", as in `text`
    std::string text;   ///< a VCALENDAR, lines end with CRLF

    friend bool operator==(const CalendarPart&, const CalendarPart&) = default;
};

} // namespace allot::mail
