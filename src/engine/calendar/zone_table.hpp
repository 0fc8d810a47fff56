/// Many local times of one zone to UTC, quickly.
#pragma once

#include "engine/calendar/zone.hpp"

#include <chrono>
#include <span>
#include <vector>

namespace allot::calendar {

/// What `Zone::to_utc` says, written down for some years. Immutable; concurrent reads are safe.
class ZoneTable {
  public:
    /// Written down for the moments from `from` to `to`, from <= to; others are asked of a copy of
    /// `zone`. O(changes of the clock between them).
    ZoneTable(const Zone& zone, Instant from, Instant to);

    /// As `Zone::to_utc` of each; `out` is as long as `local`. Quick where times ascend: O(1) each
    /// and O(log changes) for the first.
    void to_utc(std::span<const std::chrono::local_seconds> local, std::span<Instant> out) const;

    [[nodiscard]] const Zone& zone() const { return zone_; }

  private:
    Zone zone_;
    /// An offset is read from its begin to the next one. Of the last begin, where the table ends,
    /// there is no offset. Empty where changes come too close for such a table.
    std::vector<std::chrono::local_seconds> begins_;
    std::vector<std::chrono::seconds> offsets_;
};

/// The last local time that `zone` reads as `until` or earlier: what a UNTIL in UTC means for
/// starts on that zone's clock.
[[nodiscard]] std::chrono::local_seconds last_start(Instant until, const Zone& zone);

} // namespace allot::calendar
