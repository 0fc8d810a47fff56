/// Calendars as people send them: iCalendar text in, series and findings out.
#pragma once

#include "engine/calendar/ical_entry.hpp"
#include "engine/calendar/ical_text.hpp"
#include "engine/calendar/ical_zones.hpp"
#include "engine/calendar/series.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// What an override of a series says beside its time.
struct OverrideText {
    std::optional<std::string> title; ///< that of the event if it says nothing
    std::size_t line = 0;             ///< of its VEVENT; 0 for a PERIOD of RDATE
};

/// A gathering, with all that the file says about single meetings of it.
struct Event {
    std::string uid; ///< empty where there is none
    std::string title;
    EventStatus status = EventStatus::confirmed;
    std::int64_t sequence = 0;
    Series series;
    /// The clock of the series: UTC where its start is in UTC; null for a date or a floating time,
    /// which are on the clock of whoever looks.
    std::shared_ptr<const Zone> zone;
    std::vector<OverrideText> texts; ///< one for each of `series.overrides`
    std::size_t line = 0;            ///< of its VEVENT
};

struct Calendar {
    std::vector<Event> events; ///< by line
    Findings findings;         ///< by line
};

/// Reads an iCalendar file (RFC 5545), or several one after the other. What is wrong is told in
/// findings and read as most clients read it; only an event without a readable DTSTART is left out.
/// - A date in EXDATE, RDATE or RECURRENCE-ID of a series of times means the meeting of that day.
/// - RECURRENCE-ID may be in UTC or in another zone than the series.
/// - Of events with one UID the highest SEQUENCE counts; several of it stand side by side, and a
///   change belongs to the first that meets then.
/// - A change without a series stands for itself.
/// - DTEND of a date is the day after; without DTEND and DURATION a date lasts a day, a time none.
/// - METHOD:CANCEL cancels all. Components other than VEVENT and VTIMEZONE are passed over.
/// Errors: those of `read_components`; no VCALENDAR in it.
[[nodiscard]] Result<Calendar> read_calendar(std::string_view text, const ZoneLookup& zones);

} // namespace allot::calendar
