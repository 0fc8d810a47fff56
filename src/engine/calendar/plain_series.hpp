/// A series in the words that all clients read alike.
#pragma once

#include "engine/calendar/series.hpp"
#include "engine/calendar/zone.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace allot::calendar {

/// A series, or a part of one, without what calendars disagree on (measured: tests/clients):
/// - DTSTART fits the rule: RFC 5545, section 3.8.5.3, leaves open what comes of one that does not;
/// - nothing is changed for THISANDFUTURE, which few know: each such change begins a part;
/// - what is cancelled is an EXDATE, which all know: no override is a cancelled one;
/// - there is no RDATE, which some leave out: such an instance is a part of its own;
/// - each override is about an instance that the rule gives, and changes it;
/// - UNTIL is on the clock of the series (a date of a date); lists ascend, nothing is in them
/// twice.
struct PlainSeries {
    enum class Kind : std::uint8_t {
        first, ///< the rule from its beginning on, or the start of a series without a rule
        from,  ///< the rule from `original` on
        alone, ///< the one instance `original`
    };
    Kind kind = Kind::first;
    /// On the clock of the whole series, before anything was moved.
    std::chrono::local_seconds original;
    /// How much later `series` is than the whole: what was an original is now one so much later.
    std::chrono::seconds shift{0};
    Series series;

    friend bool operator==(const PlainSeries&, const PlainSeries&) = default;
};

/// The parts of `series` in which anything takes place, by their originals. The instances that
/// `keep` names have an override or are alone, also where nothing about their time is changed.
/// Where a part is shifted and its rule cannot be (the last Friday a day later is no rule), each
/// instance of it is alone, for five years from its first on.
/// Errors: those of `Recurrence`.
[[nodiscard]] Result<std::vector<PlainSeries>>
plain_series(const Series& series, const Zone& zone,
             std::span<const std::chrono::local_seconds> keep = {});

} // namespace allot::calendar
