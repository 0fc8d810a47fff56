/// The steps of the sweep for one gathering: its turns, its reminders.
#pragma once

#include "collective/gatherings/announcement.hpp"

#include <span>
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

/// Turns that somebody has, is asked for or stands by for who may not have them any more: she left,
/// or may not see the series. `plans` are those of the collective; one or two reads for each person
/// in `turns`.
[[nodiscard]] Result<std::vector<SeriesTurn>> turns_of_gone(Transaction& transaction,
                                                            const CollectiveId& collective,
                                                            std::span<const Plan> plans,
                                                            std::span<const SeriesTurn> turns);

/// Gives back what such people have of it. It looks again inside of the transaction.
[[nodiscard]] Result<void> give_back(Transaction& transaction, const Teller& teller,
                                     const SeriesTurn& of_gone);

/// The turn of a kind among those of one gathering; an open one where it is not kept.
[[nodiscard]] Turn turn_of(const std::vector<Turn>& turns, Wall original, TurnKind kind);

} // namespace allot::gatherings
