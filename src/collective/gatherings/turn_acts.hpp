/// What follows when a turn changes hands, from a page, a link or the sweep.
#pragma once

#include "collective/gatherings/announcement.hpp"
#include "collective/people/person.hpp"

#include <string_view>

namespace allot::gatherings {

/// The step that makes a gathering lighter.
inline constexpr std::string_view lighter_step = "lighter";

/// It takes place in the lighter format of its series, or as planned after all.
[[nodiscard]] Result<void> set_lighter(Transaction& transaction, const CollectiveId& collective,
                                       const Series& series, Wall original, bool lighter,
                                       Moment now);

/// The same, and tells those whom it concerns while it has not begun: who has a turn, hosts, chats.
/// As it is already: nothing happens. Errors: as `announce`.
[[nodiscard]] Result<void> change_lighter(Transaction& transaction, const Teller& teller,
                                          const Series& series, const Occurrence& occurrence,
                                          bool lighter);

/// Keeps a turn of a gathering. With a presenter a gathering that the server has made lighter is
/// again what was planned; without one in its last day it becomes lighter.
[[nodiscard]] Result<void> keep_turn(Transaction& transaction, const CollectiveId& collective,
                                     const Series& series, const Occurrence& occurrence,
                                     const Turn& turn, Moment now);

/// Whether she may have a turn: a member who may see the series.
[[nodiscard]] Result<bool> may_have(Transaction& transaction, const CollectiveId& collective,
                                    const Series& series, const people::Person& person);

/// Whether a host can ask her for a turn: she may have it, and does not rest.
[[nodiscard]] Result<bool> can_be_asked(Transaction& transaction, const CollectiveId& collective,
                                        const Series& series, const people::Person& person);

/// She comes in for whoever has a turn, surely; who had it is told.
[[nodiscard]] Result<void> come_in(Transaction& transaction, const Teller& teller,
                                   const Series& series, const Occurrence& occurrence,
                                   const Turn& turn, const PersonId& person);

} // namespace allot::gatherings
