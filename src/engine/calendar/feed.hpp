/// A calendar feed: the iCalendar text that calendars subscribe to.
#pragma once

#include "engine/calendar/series.hpp"
#include "engine/calendar/zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// When an event was last changed. It is kept beside the event and is all that a feed says about
/// its age, so that the same content is the same bytes whenever it is written.
struct Revision {
    std::chrono::sys_days day;  ///< in UTC
    unsigned change_of_day = 1; ///< the first change of that day is 1
    unsigned sequence = 0;      ///< changes of time or place since the beginning

    friend bool operator==(const Revision&, const Revision&) = default;
};

/// What people read. UTF-8, in any number of lines but for the `url`; empty for nothing.
struct EventWords {
    std::string title, description;
    std::string location; ///< the place, or the link that is the place
    std::string url;      ///< a page about it (RFC 3986); not escaped

    friend bool operator==(const EventWords&, const EventWords&) = default;
};

/// The words of one instance where they differ from those of its series.
struct InstanceWords {
    std::chrono::local_seconds original;
    EventWords words;

    friend bool operator==(const InstanceWords&, const InstanceWords&) = default;
};

/// A meeting or a series of them. It holds nobody who attends: whoever can read a feed would see
/// them.
struct FeedEvent {
    std::string uid; ///< never changes, and no other event has it (RFC 7986, section 5.3)
    EventWords words;
    Series series;
    /// Of `series.start` with a local time; it outlives the event. nullptr: floating.
    const Zone* zone = nullptr;
    std::vector<InstanceWords> instance_words; ///< at most one for an original
    bool cancelled = false;                    ///< all of it
    Revision revision;
};

struct Feed {
    std::string name;
    std::chrono::minutes refresh = std::chrono::hours(1); ///< how often to ask again, > 0
    std::vector<FeedEvent> events;
};

/// The revision of `after`, which `before` has become on `today` (in UTC): that of `before` if they
/// say the same; a new day or one more change of the day if a word differs; and one more in
/// `sequence` if time or place do (start, zone, rule, single instances, location, cancelled or
/// not: RFC 5546, section 2.1.4). It never goes back, also where `today` does. The revision of
/// `after` is not looked at, nor the order in lists.
[[nodiscard]] Revision revise(const FeedEvent& before, const FeedEvent& after,
                              std::chrono::sys_days today);

/// How long a cancelled event stays in a feed after its last change, so that each calendar that
/// still asks now and then hears of it.
inline constexpr std::chrono::days cancelled_stays{90};

/// Whether it is to be left out of feeds from `today` on: cancelled, and changed more than
/// `cancelled_stays` ago.
[[nodiscard]] bool is_dropped(const FeedEvent& event, std::chrono::sys_days today);

/// The UID of the series that a split at `original` makes of the one with `uid`: the same for the
/// same two, `a@b` becomes `a-from-20260105T170000@b`. `form`: of the series' start.
[[nodiscard]] std::string split_uid(std::string_view uid, std::chrono::local_seconds original,
                                    TimeForm form);

/// A VCALENDAR (RFC 5545, section 3.4), CRLF, lines of at most 75 octets:
/// - NAME and X-WR-CALNAME, REFRESH-INTERVAL (RFC 7986, section 5.7) and X-PUBLISHED-TTL;
/// - each zone that is used, once, by name: from the first time in it to five years after the last
///   change of anything in the feed (`format_vtimezone`);
/// - the events by UID, whatever their order in `feed`. DTSTAMP and LAST-MODIFIED are the day of
///   the revision, the change of that day as seconds after midnight.
///
/// A series is written as `plain_series` gives it: a part that begins with THISANDFUTURE is an
/// event of its own with `split_uid`, an extra date one with `a-on-20260505T100000@b`, a cancelled
/// instance an EXDATE, a moved one a VEVENT with RECURRENCE-ID. A series whose rule `Recurrence`
/// refuses is written as it is, without extra dates and THISANDFUTURE. A cancelled event keeps its
/// times and is CANCELLED in all its parts. A time that the clock shows twice or jumps over is in
/// UTC, unless it is the start of a rule.
///
/// The same content gives the same bytes. Nothing is left out but what never takes place:
/// `is_dropped` is for whoever knows the day.
[[nodiscard]] std::string write_feed(const Feed& feed);

/// Somebody whom an invitation names.
struct Mailbox {
    std::string address;
    std::string name; ///< may be empty
};

/// What an invitation does (RFC 5546, sections 3.2.2 and 3.2.5).
enum class Method : std::uint8_t {
    request, ///< invites, or tells what has changed
    cancel,
};

/// An event for the calendar of one person (RFC 6047). It names nobody but her.
struct Invitation {
    FeedEvent event;
    Method method = Method::request;
    Mailbox organizer; ///< answers go there
    Mailbox attendee;
    bool asks = true; ///< for an answer
    /// Of a series the one instance that it is about; nothing: all of it.
    std::optional<std::chrono::local_seconds> only;
};

/// A VCALENDAR with METHOD, as `write_feed` writes one; a series is one VEVENT with its rule and
/// one for each instance that was moved. What a calendar took from an older SEQUENCE it replaces.
[[nodiscard]] std::string write_invitation(const Invitation& invitation);
/// "REQUEST" or "CANCEL".
[[nodiscard]] std::string_view name_of(Method method);

} // namespace allot::calendar
