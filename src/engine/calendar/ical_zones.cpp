#include "engine/calendar/ical_zones.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/calendar/ical_values.hpp"
#include "engine/calendar/vtimezone.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::seconds;

/// `zone_of` writes rules out until then.
constexpr Instant written_out_until = std::chrono::sys_days(std::chrono::year(2099) / 12 / 31);

std::string offset_text(seconds offset) {
    const std::chrono::hh_mm_ss parts(offset);
    return fmt::format("{}{:02}:{:02}", parts.is_negative() ? '-' : '+', parts.hours().count(),
                       parts.minutes().count());
}

/// What is missing or wrong in a part of a VTIMEZONE, or the observance.
Result<Observance> observance_of(const Component& part) {
    const auto value = [&](const char* name) -> Result<std::string> {
        const Property* const property = part.find(name);
        if (property == nullptr) {
            return fail(ErrorKind::invalid, fmt::format("{} has no {}", part.name, name));
        }
        return std::string(text::trim(property->value));
    };
    Observance read;
    TRY(const std::string start, value("DTSTART"));
    TRY(read.start, parse_wall_time(start));
    read.start.form = TimeForm::local;
    TRY(const std::string from, value("TZOFFSETFROM"));
    TRY(read.from, parse_utc_offset(from));
    TRY(const std::string to, value("TZOFFSETTO"));
    TRY(read.to, parse_utc_offset(to));
    if (const Property* const rule = part.find("RRULE")) {
        TRY(MendedRule mended, parse_rule_as_clients(rule->value));
        read.rule = std::move(mended.rule);
    }
    for (const Property& property : part.properties) {
        if (property.name == "RDATE") {
            for (const auto& written : text::split_list(property.value, ',')) {
                TRY(const TimeValue time, parse_time_value(written));
                read.extra.push_back(time.when.time);
            }
        }
    }
    return read;
}

Result<Zone> zone_of_component(const std::string& tzid, const Component& given) {
    std::vector<Observance> observances;
    for (const Component& part : given.components) {
        if (part.name == "STANDARD" || part.name == "DAYLIGHT") {
            TRY(observances.emplace_back(), observance_of(part));
        }
    }
    return zone_of(tzid, observances);
}

/// The first moment in [from, to) at which two zones differ.
std::optional<Instant> first_difference(const Zone& a, const Zone& b, Instant from, Instant to) {
    for (Instant t = from; t < to;) {
        const Period of_a = a.period_at(t);
        const Period of_b = b.period_at(t);
        if (of_a.offset != of_b.offset) {
            return t;
        }
        t = std::min(of_a.until, of_b.until);
    }
    return std::nullopt;
}

} // namespace

CalendarZones::CalendarZones(const Component& calendar, const ZoneLookup& lookup,
                             Findings& findings)
    : lookup_(lookup), findings_(findings) {
    for (const Component& component : calendar.components) {
        if (component.name != "VTIMEZONE") {
            continue;
        }
        const Property* const name = component.find("TZID");
        if (name == nullptr) {
            findings_.add({.line = component.line,
                           .what = "a VTIMEZONE has no TZID",
                           .clients = "no time can mean it: they pass it over",
                           .mend = "add the TZID that the events use, or remove it"});
        } else {
            given_.try_emplace(std::string(text::trim(name->value)), &component);
        }
    }
}

/// The zone that the caller knows under `tzid`, without or with what stands around its name.
std::optional<Zone> CalendarZones::named(std::string_view tzid, const Component* given) const {
    if (auto zone = lookup_(tzid)) {
        return zone;
    }
    for (auto slash = tzid.find('/'); slash != std::string_view::npos;
         slash = tzid.find('/', slash + 1)) {
        const auto rest = tzid.substr(slash + 1);
        if (auto zone = is_zone_name(rest) ? lookup_(rest) : std::nullopt) {
            return zone;
        }
    }
    const Property* const location = given == nullptr ? nullptr : given->find("X-LIC-LOCATION");
    return location == nullptr ? std::nullopt : lookup_(text::trim(location->value));
}

/// The zone that a VTIMEZONE describes; an error is told.
std::optional<Zone> CalendarZones::built(const std::string& tzid, const Component& given) const {
    auto zone = zone_of_component(tzid, given);
    if (!zone) {
        findings_.add({.line = given.line,
                       .what = fmt::format("the VTIMEZONE {} cannot be read: {}", text::shown(tzid),
                                           zone.error().message),
                       .clients = "they guess the zone by its name, or take its times as UTC or as "
                                  "those of whoever looks",
                       .mend = "mend it, or use an IANA name such as Europe/Paris"});
        return std::nullopt;
    }
    return *std::move(zone);
}

CalendarZones::Known CalendarZones::read(const std::string& tzid, std::size_t line) const {
    Known known;
    const auto given = given_.find(tzid);
    known.given = given == given_.end() ? nullptr : given->second;
    if (known_.size() >= limits::max_calendar_zones) {
        return known;
    }
    if (auto zone = named(tzid, known.given)) {
        known.zone = std::make_shared<const Zone>(*std::move(zone));
        if (known.given == nullptr) {
            const bool iana = known.zone->name() == tzid;
            findings_.add(
                {.line = line,
                 .what = fmt::format("TZID={} has no VTIMEZONE in the file{}", text::shown(tzid),
                                     iana ? "" : ", and is no IANA name"),
                 .clients = iana ? "most know the name; strict ones refuse the file, and some take "
                                   "its times as those of whoever looks"
                                 : "some know what it means; others take its times as UTC or as "
                                   "those of whoever looks",
                 .mend = fmt::format("write TZID={}, and add its VTIMEZONE", known.zone->name())});
        }
        return known;
    }
    if (auto zone = known.given == nullptr ? std::nullopt : built(tzid, *known.given)) {
        known.zone = std::make_shared<const Zone>(*std::move(zone));
        known.is_given = true;
        return known;
    }
    findings_.add({.line = line,
                   .what = fmt::format("TZID={} is not known", text::shown(tzid)),
                   .clients = "they take its times as UTC or as those of whoever looks (so do we)",
                   .mend = "use an IANA name such as Europe/Paris"});
    return known;
}

std::shared_ptr<const Zone> CalendarZones::find(std::string_view tzid, std::size_t line) {
    auto found = known_.find(tzid);
    if (found == known_.end()) {
        const std::string name(tzid);
        found = known_.emplace(name, read(name, line)).first;
    }
    return found->second.zone;
}

void CalendarZones::note_use(std::string_view tzid, Instant from, Instant to) {
    if (const auto found = known_.find(tzid); found != known_.end()) {
        found->second.from = std::min(found->second.from, from);
        found->second.to = std::max(found->second.to, to);
    }
}

void CalendarZones::compare_given() const {
    for (const auto& [tzid, known] : known_) {
        if (!known.zone || known.given == nullptr || known.is_given) {
            continue;
        }
        const auto given = built(tzid, *known.given);
        const Instant to = std::min(known.to, written_out_until);
        const auto at =
            given ? first_difference(*known.zone, *given, known.from, to) : std::nullopt;
        if (!at) {
            continue;
        }
        const seconds difference = given->offset_at(*at) - known.zone->offset_at(*at);
        findings_.add(
            {.line = known.given->line,
             .what =
                 fmt::format("the VTIMEZONE {} is at {} on {}, but {} is at {}", text::shown(tzid),
                             offset_text(given->offset_at(*at)), format_instant(*at),
                             known.zone->name(), offset_text(known.zone->offset_at(*at))),
             .clients = fmt::format("those that know the name use their own data (so do we: a copy "
                                    "in a file grows old); the others are {} minutes off",
                                    std::abs(difference.count()) / 60),
             .mend = fmt::format("replace it by a current VTIMEZONE of {}", known.zone->name())});
    }
}

} // namespace allot::calendar
