/// Turns, what the server has done for a gathering, and what people were told of it, in the
/// database.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/turn.hpp"

#include <compare>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

/// As it is kept; an open one where nothing is.
[[nodiscard]] Result<Turn> turn_at(Transaction& transaction, const CollectiveId& collective,
                                   const SeriesId& series, Wall original, TurnKind kind);
/// Those of a series whose original is in [from, to), by original and kind; open ones may lack.
[[nodiscard]] Result<std::vector<Turn>> turns_between(Transaction& transaction,
                                                      const CollectiveId& collective,
                                                      const SeriesId& series, Wall from, Wall to);
/// Keeps it. Where it changes hands, swaps that were asked for it are over.
[[nodiscard]] Result<void> save_turn(Transaction& transaction, const CollectiveId& collective,
                                     const SeriesId& series, const Turn& turn);

struct SeriesTurn {
    SeriesId series;
    Turn turn;
};
/// Those of a collective from `from` on, by series, original and kind.
[[nodiscard]] Result<std::vector<SeriesTurn>> all_turns(Transaction& transaction,
                                                        const CollectiveId& collective, Wall from);
/// Those that somebody has, is asked for or stands by for, from `from` on, by original.
[[nodiscard]] Result<std::vector<SeriesTurn>> turns_by(Transaction& transaction,
                                                       const CollectiveId& collective,
                                                       const PersonId& person, Wall from);

/// Who has the turn of `original` asks who has that of `other` to swap.
struct Swap {
    TurnKind kind = TurnKind::host;
    Wall original;
    Wall other;

    friend bool operator==(const Swap&, const Swap&) = default;
};
/// In which a gathering takes part, on either side.
[[nodiscard]] Result<std::vector<Swap>> swaps_of(Transaction& transaction,
                                                 const CollectiveId& collective,
                                                 const SeriesId& series, Wall original);
/// Each turn asks for one swap at a time; the one before is over.
[[nodiscard]] Result<void> ask_swap(Transaction& transaction, const CollectiveId& collective,
                                    const SeriesId& series, const Swap& swap);
/// Those that a turn asks for or is asked for.
[[nodiscard]] Result<void> drop_swaps(Transaction& transaction, const CollectiveId& collective,
                                      const SeriesId& series, TurnKind kind, Wall original);

/// Erases somebody from turns: they are open again.
[[nodiscard]] Result<void> open_turns_of(Transaction& transaction, const CollectiveId& collective,
                                         const PersonId& person);

/// Something that is done once for a gathering, for somebody or (where `who` is empty) for all.
struct Step {
    SeriesId series;
    Wall original;
    std::string name;
    std::string who;

    friend auto operator<=>(const Step&, const Step&) = default;
};
/// Whether it is to be done now: it was not yet, and from this transaction on it is.
[[nodiscard]] Result<bool> take_step(Transaction& transaction, const CollectiveId& collective,
                                     const Step& step, Moment now);
[[nodiscard]] Result<bool> is_step_done(Transaction& transaction, const CollectiveId& collective,
                                        const Step& step);
/// Those that were done for gatherings whose original is not before `from`.
[[nodiscard]] Result<std::set<Step>> steps_since(Transaction& transaction,
                                                 const CollectiveId& collective, Wall from);
/// Forgets steps and times of gatherings before a day: they are over.
[[nodiscard]] Result<void> forget_steps(Transaction& transaction, const CollectiveId& collective,
                                        Wall before);

/// It was moved far ahead: who has a turn of it is asked again, in time, whether she is there.
[[nodiscard]] Result<void> ask_anew(Transaction& transaction, const CollectiveId& collective,
                                    const SeriesId& series, Wall original);

/// When people were last told that a gathering is.
struct Told {
    Wall original;
    Instant begin;
    Instant end;
    bool cancelled = false;
    std::optional<Moment> differs_since; ///< since then something else is true

    friend bool operator==(const Told&, const Told&) = default;
};
/// By original.
[[nodiscard]] Result<std::vector<Told>>
told_of(Transaction& transaction, const CollectiveId& collective, const SeriesId& series);
[[nodiscard]] Result<void> save_told(Transaction& transaction, const CollectiveId& collective,
                                     const SeriesId& series, const Told& told);
/// From now on somebody counts on that gathering: she is told where it changes. Whoever lets people
/// plan to come says so here; nothing changes where it is known already.
[[nodiscard]] Result<void> count_on(Transaction& transaction, const CollectiveId& collective,
                                    const SeriesId& series, const Occurrence& occurrence);

} // namespace allot::gatherings
