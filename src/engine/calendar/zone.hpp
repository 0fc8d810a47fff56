/// Time zones: what the clock on the wall shows at a moment, and when it shows a given time.
/// Pure: the bytes of a compiled zone (TZif) are passed in, nobody opens a file here.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "engine/calendar/posix_rule.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// Longest name of a zone (the longest of tzdata 2026 has 32 bytes).
inline constexpr std::size_t max_zone_name_bytes = 64;

/// Whether `name` may be looked up below a zoneinfo folder: parts of [A-Za-z0-9_+-] joined by
/// single slashes, no part empty or beginning with a hyphen (so no "..", no leading "/"), at most
/// `max_zone_name_bytes`. Source: "Names of timezones" in the tz database's theory.html.
/// Says nothing about whether such a zone exists.
[[nodiscard]] bool is_zone_name(std::string_view name);

/// Every offset is nearer to 0 than this (RFC 9636, section 3.2).
inline constexpr std::chrono::seconds beyond_any_offset = std::chrono::hours(26);

/// A moment from which on another offset holds.
struct OffsetChange {
    Instant at;
    std::chrono::seconds offset{0};

    friend bool operator==(const OffsetChange&, const OffsetChange&) = default;
};

/// One time zone, immutable; copies are independent, concurrent reads are safe.
/// Instants and local times are to be within the years 1 to 9999; offsets are seconds east of UTC,
/// from -24:59:59 to 25:59:59 (RFC 9636, section 3.2).
class Zone {
  public:
    /// Reads a TZif file of version 1, 2, 3 or 4 (RFC 8536, RFC 9636): of version 1 the 32-bit
    /// block, of later ones the 64-bit block and the footer, a POSIX TZ string that holds from the
    /// last transition on (an empty one: the last offset stays).
    /// Errors (`invalid`): a name that `is_zone_name` refuses; more than `limits::max_tzif_bytes`;
    /// a file that is cut, too long, or breaks a rule of section 3 (sizes, indices, flags,
    /// transitions that do not ascend, a footer that is malformed or disagrees with the last
    /// transition); a file with leap seconds ("right/..."), whose moments are not UTC as we count.
    [[nodiscard]] static Result<Zone> parse(std::string_view tzif_bytes, std::string name);

    /// A zone that somebody else wrote down, under any name. `first` holds before the changes,
    /// which ascend; offsets are nearer to 0 than `beyond_any_offset`.
    [[nodiscard]] static Zone of_changes(std::string name, std::chrono::seconds first,
                                         std::span<const OffsetChange> changes);

    /// The zone "UTC", without a file.
    [[nodiscard]] static Zone utc();

    [[nodiscard]] const std::string& name() const { return name_; }

    /// Local time minus UTC at `t`. Before the first transition that of time type 0 (RFC 8536,
    /// section 3.2). O(log transitions).
    [[nodiscard]] std::chrono::seconds offset_at(Instant t) const;

    /// What the clock on the wall shows at `t`.
    [[nodiscard]] std::chrono::local_seconds to_local(Instant t) const;

    /// When the clock shows `local`. RFC 5545, section 3.3.5: a time that occurs twice is the
    /// first of the two; one that does not occur is read with the offset before the gap.
    [[nodiscard]] Instant to_utc(std::chrono::local_seconds local) const;

    /// The offset at `t` and until when it holds at least. O(log transitions).
    [[nodiscard]] Period period_at(Instant t) const;

  private:
    Zone() = default;

    std::string name_;
    /// Offset before the first transition.
    std::chrono::seconds first_offset_{0};
    /// Moments at which the offset may change, ascending, and the offset from each on.
    std::vector<Instant> transitions_;
    std::vector<std::chrono::seconds> offsets_;
    /// Holds from the last transition on; always, if there is none.
    std::optional<PosixRule> footer_;
};

} // namespace allot::calendar
