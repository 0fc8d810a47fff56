/// The steps of the sweep for one gathering: its turns, its reminders.
#pragma once

#include "collective/gatherings/announcement.hpp"

#include <vector>

namespace allot::gatherings {

/// What is due for a gathering at `now`, done already or not; `turns` are those of the gathering
/// that are kept. In its last day it asks the database who hosts.
[[nodiscard]] Result<std::vector<Step>>
steps_due(Transaction& transaction, const CollectiveId& collective, const Series& series,
          const Occurrence& occurrence, const std::vector<Turn>& turns, Instant now);

/// Does one of them, once: it looks again inside of the transaction, and where the step is due no
/// longer, or was done, nothing happens. Errors: as `occurrence_of`; the database.
[[nodiscard]] Result<void> do_step(Transaction& transaction, const Teller& teller,
                                   const Step& step);

/// The turn of a kind among those of one gathering; an open one where it is not kept.
[[nodiscard]] Turn turn_of(const std::vector<Turn>& turns, Wall original, TurnKind kind);

} // namespace allot::gatherings
