/// Which clock a TZID of a calendar means.
#pragma once

#include "engine/calendar/ical_text.hpp"
#include "engine/calendar/zone.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace allot::calendar {

/// The zones that the caller knows: by IANA name, and by names that stand for one (those of
/// Windows), where the zone that is returned has another name. nullopt for any other name.
using ZoneLookup = std::function<std::optional<Zone>(std::string_view name)>;

/// The zones of one VCALENDAR. A TZID is, in this order: a name that the lookup knows; one behind a
/// prefix (`/freeassociation.sourceforge.net/Europe/Paris`); the X-LIC-LOCATION of the VTIMEZONE of
/// that name; that VTIMEZONE itself (`zone_of`); unknown.
///
/// So IANA data wins over a VTIMEZONE of the same name: the copy in a file is as old as the file,
/// and clients that know the name do not look at it either. Lives no longer than what it is made
/// of.
class CalendarZones {
  public:
    CalendarZones(const Component& calendar, const ZoneLookup& lookup, Findings& findings);

    /// Null where nobody knows it. What is wrong with a TZID is told once, for `line`.
    [[nodiscard]] std::shared_ptr<const Zone> find(std::string_view tzid, std::size_t line);

    /// A series on the clock of `tzid` meets from `from` to `to`.
    void note_use(std::string_view tzid, Instant from, Instant to);

    /// Tells where a VTIMEZONE disagrees with the zone of its name while it is in use.
    void compare_given() const;

  private:
    struct Known {
        std::shared_ptr<const Zone> zone;
        const Component* given = nullptr; ///< the VTIMEZONE of that name
        bool is_given = false;            ///< `zone` was read from it
        Instant from = Instant::max(), to = Instant::min();
    };

    [[nodiscard]] Known read(const std::string& tzid, std::size_t line) const;
    [[nodiscard]] std::optional<Zone> named(std::string_view tzid, const Component* given) const;
    [[nodiscard]] std::optional<Zone> built(const std::string& tzid, const Component& given) const;

    const ZoneLookup& lookup_;
    Findings& findings_;
    std::map<std::string, const Component*, std::less<>> given_;
    std::map<std::string, Known, std::less<>> known_;
};

} // namespace allot::calendar
