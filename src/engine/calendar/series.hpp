/// A gathering that comes again: its rule, and everything that was changed about single ones.
#pragma once

#include "engine/calendar/rule.hpp"
#include "engine/calendar/zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace allot::calendar {

/// What somebody said about one instance (RECURRENCE-ID), or about it and all that follow.
struct Override {
    /// Which instance: when it would have begun, on the clock of the series.
    std::chrono::local_seconds original;
    /// When it begins instead, on the same clock.
    std::chrono::local_seconds start;
    std::optional<std::chrono::seconds> duration; ///< that of the series if it says nothing
    bool cancelled = false;
    /// RANGE=THISANDFUTURE: all from `original` on are shifted as this one is, have its duration
    /// and are cancelled with it, until the next override of this kind.
    bool and_future = false;

    friend bool operator==(const Override&, const Override&) = default;
};

/// When a series meets. All times are on one clock: that of the zone which is passed in beside it
/// (UTC where `start` is in UTC, any zone for a date or a floating time).
struct Series {
    WallTime start; ///< DTSTART
    std::chrono::seconds duration{0};
    std::optional<Rule> rule;                      ///< none: it meets once, and on the extra dates
    std::vector<std::chrono::local_seconds> extra; ///< RDATE
    std::vector<std::chrono::local_seconds> excluded; ///< EXDATE
    std::vector<Override> overrides;                  ///< at most one of a kind for an original

    friend bool operator==(const Series&, const Series&) = default;
};

/// One meeting of a series.
struct Instance {
    /// Which one: its start by the rule or by RDATE, before anybody moved it. It stays the same
    /// whatever is changed about it, so notes and replies can be kept under it.
    std::chrono::local_seconds original;
    std::chrono::local_seconds start;
    Instant begin, end; ///< begin <= end
    bool cancelled = false;
    /// Index in `Series::overrides` of what holds for it: the one about it alone, or else the last
    /// one of THISANDFUTURE up to it.
    std::optional<std::size_t> changed_by;

    [[nodiscard]] bool moved() const { return start != original; }

    friend bool operator==(const Instance&, const Instance&) = default;
};

/// The instances that begin in [from, to), also cancelled ones, by begin, then original. An
/// instance that was moved is where it was moved to, and only there. An override whose original the
/// rule does not give stands for itself: clients show it, as after a change of the rule.
/// Errors: those of `Recurrence`; more than `limits::max_instances` of them.
[[nodiscard]] Result<std::vector<Instance>> instances(const Series& series, const Zone& zone,
                                                      Instant from, Instant to);

/// The instance of that name, also a cancelled one; nullopt if there is none.
/// Errors: those of `Recurrence`.
[[nodiscard]] Result<std::optional<Instance>> instance_of(const Series& series, const Zone& zone,
                                                          std::chrono::local_seconds original);

/// The first instance that begins after `t` and is not cancelled; nullopt if the series has ended.
/// Errors: those of `Recurrence`.
[[nodiscard]] Result<std::optional<Instance>> next_after(const Series& series, const Zone& zone,
                                                         Instant t);

/// A series cut in two, so that what begins with `original` can be changed on its own. The first
/// one ends before it, with UNTIL; the second begins with it, with what is left of COUNT. Each
/// keeps the extra dates, exclusions and overrides of its part.
struct Split {
    Series before, from;
};

/// Errors: `original` is the first start or none at all; it comes from RDATE beside a rule, which
/// cannot begin there.
[[nodiscard]] Result<Split> split(const Series& series, const Zone& zone,
                                  std::chrono::local_seconds original);

/// What became of one instance.
struct Change {
    enum class Kind : std::uint8_t { added, removed, moved, cancelled, restored };
    Kind kind = Kind::moved;
    std::chrono::local_seconds original;
    /// As it was and as it is; one of them for what is added or removed.
    std::optional<Instance> before, after;

    friend bool operator==(const Change&, const Change&) = default;
};

struct Version {
    const Series& series;
    const Zone& zone;
};

/// Two versions of a series, or the same series with two versions of its zone (so that an hour
/// moved although nobody touched the series). Told are the instances that begin in [from, to) in
/// either version, by original; "moved" is another begin or end. O(instances log instances).
/// Errors: those of `instances`.
[[nodiscard]] Result<std::vector<Change>> changes(const Version& before, const Version& after,
                                                  Instant from, Instant to);

} // namespace allot::calendar
