/// Whether a series is alive, in words for its hosts: gatherings are counted, people never.
#pragma once

#include "collective/gatherings/turn_store.hpp"
#include "collective/gatherings/zone_book.hpp"

#include <optional>
#include <vector>

namespace allot::gatherings {

/// A window that is closed: so long, up to today.
inline constexpr std::chrono::days alive_window{13 * 7};
/// So many in a row that were not held, and hosts are told once.
inline constexpr std::size_t dying_after = 3;

struct Alive {
    std::int64_t planned = 0;
    std::int64_t held = 0;            ///< not cancelled, and no host has said that it was not held
    std::chrono::days longest_gap{0}; ///< between two that were held, or from the last to today
    /// Most of those that were held had one and the same person in a turn; only where at least four
    /// were held. It is not said who that is.
    bool rests_on_one = false;
};

/// Cancelled ones are planned ones. Errors as `occurrences`.
[[nodiscard]] Result<Alive> alive_of(const Plan& plan, const std::vector<Turn>& turns,
                                     ZoneBook& zones, Instant now);

/// The original of the first of those that were not held, where the last three or more in a row
/// were not; nothing where a series is doing well, or is young. Errors as `occurrences`.
[[nodiscard]] Result<std::optional<Wall>> dying_since(const Plan& plan, ZoneBook& zones,
                                                      Instant now);

/// What a host puts away once: the next time that it dies is another one.
[[nodiscard]] Step hint_of(const Series& series, Wall since);
/// Whether hosts are to be told now. Errors as `occurrences`.
[[nodiscard]] Result<bool> is_hint_due(Transaction& transaction, const CollectiveId& collective,
                                       const Plan& plan, ZoneBook& zones, Instant now);

} // namespace allot::gatherings
