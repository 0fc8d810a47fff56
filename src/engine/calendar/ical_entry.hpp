/// One VEVENT, before it is known to which series it belongs.
#pragma once

#include "engine/calendar/ical_values.hpp"
#include "engine/calendar/ical_zones.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace allot::calendar {

/// STATUS of an event (RFC 5545, section 3.8.1.11).
enum class EventStatus : std::uint8_t { confirmed, tentative, cancelled };

/// A time with the clock that it is on.
struct EventTime {
    TimeValue value;
    std::shared_ptr<const Zone> zone; ///< that of its TZID; null where there is none, or none known
    std::string tzid; ///< as written; empty where there is none, or it does not count
};

/// The clock of a series: that of its DTSTART.
struct EventClock {
    TimeForm form = TimeForm::local;
    std::shared_ptr<const Zone> zone; ///< UTC for `utc`; null for a date or a floating time

    /// What this clock shows then. A time without a zone shows the same on each clock; a date shows
    /// midnight, and on a clock of dates every time shows its date.
    [[nodiscard]] std::chrono::local_seconds shows(const EventTime& time) const;
};

[[nodiscard]] EventClock clock_of(const EventTime& start);

/// Which meeting of a series that begins at `start` a time of RDATE, EXDATE or RECURRENCE-ID names:
/// a date that of its day, at the time of day of `start`.
[[nodiscard]] std::chrono::local_seconds
original_of(const EventClock& clock, std::chrono::local_seconds start, const EventTime& time);

/// What a VEVENT says, each value by itself.
struct Entry {
    const Component* component = nullptr;
    std::string uid; ///< empty where there is none
    std::optional<std::string> title;
    std::optional<EventStatus> status;
    std::int64_t sequence = 0;
    std::optional<EventTime> start;
    std::optional<std::chrono::seconds> duration; ///< DTEND or DURATION
    std::optional<EventTime> recurrence_id;
    bool and_future = false; ///< RANGE=THISANDFUTURE

    /// How findings call it.
    [[nodiscard]] std::string shown() const;
};

/// Reads VEVENTs of one VCALENDAR; tells what is wrong with each property by itself.
class EntryReader {
  public:
    EntryReader(CalendarZones& zones, Findings& findings) : zones_(zones), findings_(findings) {}

    [[nodiscard]] Entry read(const Component& event);

    /// The values of a property of times; one that is no time is told and left out.
    [[nodiscard]] std::vector<EventTime> times(const Property& property);

  private:
    void check_properties(const Component& event);
    void check_time(const Property& property, const TimeValue& time, const std::string& written);
    void read_text(Entry& entry);
    void read_recurrence_id(Entry& entry);
    [[nodiscard]] std::optional<EventTime> only_time(const Component& event, const char* name);
    [[nodiscard]] std::optional<std::chrono::seconds> duration_of(const Entry& entry);
    [[nodiscard]] std::chrono::seconds until_end(const Entry& entry, const Property& property,
                                                 EventTime end);

    CalendarZones& zones_;
    Findings& findings_;
};

} // namespace allot::calendar
