/// From what a host types to a rhythm, and back to words.
#pragma once

#include "collective/gatherings/series.hpp"
#include "collective/gatherings/zone_book.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

/// What was understood of a host's words.
struct HeardRhythm {
    Rhythm rhythm;                    ///< without number, uid and revision
    std::vector<std::string> notes;   ///< how words were read that can be read in another way
    std::vector<std::string> remarks; ///< what says nothing about when, and was set aside
};

/// What is typed, and what holds where it says nothing.
struct TypedRhythm {
    std::string words;
    std::string zone;          ///< that of the host
    std::int64_t minutes = 60; ///< how long a gathering lasts
};

/// Reads "every Thursday at 17:00 London time" (`calendar::parse_spoken`), or one time alone,
/// "2027-01-14 17:00". The first gathering is the first that fits and does not begin before
/// `now`. Errors (`invalid`), for people: words that are not understood, a day or an hour that
/// is not said; `missing`: a zone that this machine does not know.
[[nodiscard]] Result<HeardRhythm> hear_rhythm(const TypedRhythm& typed,
                                              std::span<const std::string> zone_names,
                                              ZoneBook& zones, Instant now);

/// "every Thursday at 17:00 London time"; for rules without short words the rule itself.
[[nodiscard]] std::string say_rhythm(const Rhythm& rhythm, std::span<const std::string> zone_names);

/// Which rhythm of a plan holds at `now`: the last that has begun, or the first where none has. A
/// zone that this machine does not know counts as UTC.
[[nodiscard]] std::size_t rhythm_at(const Plan& plan, ZoneBook& zones, Instant now);

/// From a day on, somebody in another zone has the gathering at another hour.
struct HourChange {
    Wall from; ///< of the first gathering at that hour, on her clock
};
/// When the hour of a series changes in [from, to) on the clock of `zone` while it stays on the
/// clock of its hosts, as where either changes to summer time; the first entry says how it begins.
/// Gatherings that were moved by hand are passed over. Errors as `occurrences`.
[[nodiscard]] Result<std::vector<HourChange>>
hour_changes(const Plan& plan, ZoneBook& zones, std::string_view zone, Instant from, Instant to);

} // namespace allot::gatherings
