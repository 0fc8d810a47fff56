#include "collective/gatherings/turn_store.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using store::Row;
using store::Statement;

#define TURN_COLUMNS "original, kind, person_id, confirmed, asked_id, standby_id"

constexpr Statement unconfirm = "UPDATE turn SET confirmed = 0 WHERE collective_id = $1 "
                                "AND series_id = $2 AND original = $3";
/// Questions about turns: "confirm_7.host", "standby.presenter", "run".
constexpr Statement drop_questions =
    "DELETE FROM gathering_step WHERE collective_id = $1 AND series_id = $2 AND original = $3 "
    "AND (substr(name, 1, 7) IN ('confirm', 'standby') OR name = 'run')";
constexpr Statement find_turn =
    "SELECT " TURN_COLUMNS " FROM turn WHERE collective_id = $1 AND series_id = $2 "
    "AND original = $3 AND kind = $4";
constexpr Statement list_turns =
    "SELECT " TURN_COLUMNS " FROM turn WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3 AND original < $4 ORDER BY original, kind";
constexpr Statement list_all_turns =
    "SELECT " TURN_COLUMNS ", series_id FROM turn WHERE collective_id = $1 AND original >= $2 "
    "ORDER BY series_id, original, kind";
constexpr Statement list_turns_by =
    "SELECT " TURN_COLUMNS ", series_id FROM turn WHERE collective_id = $1 AND original >= $3 "
    "AND (person_id = $2 OR asked_id = $2 OR standby_id = $2) ORDER BY original, series_id, kind";
constexpr Statement set_turn =
    "INSERT INTO turn (collective_id, series_id, " TURN_COLUMNS ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (collective_id, series_id, original, kind) DO UPDATE SET person_id = $5, "
    "confirmed = $6, asked_id = $7, standby_id = $8";
constexpr Statement delete_turn = "DELETE FROM turn WHERE collective_id = $1 AND series_id = $2 "
                                  "AND original = $3 AND kind = $4";
constexpr std::size_t after_turn = 6;

constexpr Statement list_swaps =
    "SELECT kind, original, other_original FROM turn_swap WHERE collective_id = $1 "
    "AND series_id = $2 AND (original = $3 OR other_original = $3) ORDER BY kind, original";
constexpr Statement set_swap =
    "INSERT INTO turn_swap (collective_id, series_id, kind, original, other_original) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (collective_id, series_id, kind, original) "
    "DO UPDATE SET other_original = $5";
constexpr Statement delete_swaps =
    "DELETE FROM turn_swap WHERE collective_id = $1 AND series_id = $2 AND kind = $3 "
    "AND (original = $4 OR other_original = $4)";

constexpr Statement delete_swaps_of_person =
    "DELETE FROM turn_swap WHERE collective_id = $1 AND EXISTS (SELECT 1 FROM turn t "
    "WHERE t.collective_id = turn_swap.collective_id AND t.series_id = turn_swap.series_id "
    "AND t.kind = turn_swap.kind AND t.person_id = $2 "
    "AND (t.original = turn_swap.original OR t.original = turn_swap.other_original))";
constexpr Statement open_held = "UPDATE turn SET person_id = NULL, confirmed = 0 "
                                "WHERE collective_id = $1 AND person_id = $2";
constexpr Statement open_asked =
    "UPDATE turn SET asked_id = NULL WHERE collective_id = $1 AND asked_id = $2";
constexpr Statement open_standby =
    "UPDATE turn SET standby_id = NULL WHERE collective_id = $1 AND standby_id = $2";
constexpr Statement delete_blank =
    "DELETE FROM turn WHERE collective_id = $1 AND person_id IS NULL AND asked_id IS NULL "
    "AND standby_id IS NULL";
constexpr Statement delete_steps_for =
    "DELETE FROM gathering_step WHERE collective_id = $1 AND who = $2";

constexpr Statement insert_step =
    "INSERT INTO gathering_step (collective_id, series_id, original, name, who, done_day) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
constexpr Statement find_step =
    "SELECT done_day FROM gathering_step WHERE collective_id = $1 AND series_id = $2 "
    "AND original = $3 AND name = $4 AND who = $5";
constexpr Statement list_steps = "SELECT series_id, original, name, who FROM gathering_step "
                                 "WHERE collective_id = $1 AND original >= $2";
constexpr Statement delete_steps =
    "DELETE FROM gathering_step WHERE collective_id = $1 AND original < $2";
constexpr Statement delete_told =
    "DELETE FROM gathering_told WHERE collective_id = $1 AND original < $2";

constexpr Statement list_told =
    "SELECT original, begins_at, ends_at, cancelled, differs_since FROM gathering_told "
    "WHERE collective_id = $1 AND series_id = $2 ORDER BY original";
constexpr Statement set_told =
    "INSERT INTO gathering_told (collective_id, series_id, original, begins_at, ends_at, "
    "cancelled, differs_since) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (collective_id, series_id, original) DO UPDATE SET begins_at = $4, ends_at = $5, "
    "cancelled = $6, differs_since = $7";
constexpr Statement insert_told =
    "INSERT INTO gathering_told (collective_id, series_id, original, begins_at, ends_at, "
    "cancelled) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

[[nodiscard]] Wall wall_at(const Row& row, std::size_t column) {
    return Wall(std::chrono::seconds(row.integer(column)));
}

[[nodiscard]] std::optional<PersonId> maybe_person(const Row& row, std::size_t column) {
    const auto text = row.maybe_text(column);
    return text ? std::optional(PersonId(*text)) : std::nullopt;
}

[[nodiscard]] Turn turn_from(const Row& row) {
    return {.original = wall_at(row, 0),
            .kind = turn_named(row.text(1)),
            .person = maybe_person(row, 2),
            .confirmed = row.truth(3),
            .asked = maybe_person(row, 4),
            .standby = maybe_person(row, 5)};
}

[[nodiscard]] std::vector<SeriesTurn> series_turns_from(const store::Rows& rows) {
    std::vector<SeriesTurn> all;
    for (const Row& row : rows) {
        all.push_back({row.id<SeriesId>(after_turn), turn_from(row)});
    }
    return all;
}

[[nodiscard]] Instant second_of(Moment moment) {
    return std::chrono::floor<std::chrono::seconds>(moment);
}

} // namespace

Result<Turn> turn_at(Transaction& transaction, const CollectiveId& collective,
                     const SeriesId& series, Wall original, TurnKind kind) {
    TRY(const auto row,
        transaction.row(find_turn, {collective, series, count_of(original), name_of(kind)}));
    return row ? turn_from(*row) : Turn{.original = original, .kind = kind};
}

Result<std::vector<Turn>> turns_between(Transaction& transaction, const CollectiveId& collective,
                                        const SeriesId& series, Wall from, Wall to) {
    TRY(const auto rows,
        transaction.rows(list_turns, {collective, series, count_of(from), count_of(to)}));
    std::vector<Turn> turns;
    std::ranges::transform(rows, std::back_inserter(turns), turn_from);
    return turns;
}

Result<void> save_turn(Transaction& transaction, const CollectiveId& collective,
                       const SeriesId& series, const Turn& turn) {
    TRY(const Turn before, turn_at(transaction, collective, series, turn.original, turn.kind));
    if (before.person != turn.person) {
        TRY_DO(drop_swaps(transaction, collective, series, turn.kind, turn.original));
    }
    if (is_blank(turn)) {
        TRY_DO(transaction.run(delete_turn,
                               {collective, series, count_of(turn.original), name_of(turn.kind)}));
        return {};
    }
    TRY_DO(
        transaction.run(set_turn, {collective, series, count_of(turn.original), name_of(turn.kind),
                                   turn.person, turn.confirmed, turn.asked, turn.standby}));
    return {};
}

Result<std::vector<SeriesTurn>> all_turns(Transaction& transaction, const CollectiveId& collective,
                                          Wall from) {
    TRY(const auto rows, transaction.rows(list_all_turns, {collective, count_of(from)}));
    return series_turns_from(rows);
}

Result<std::vector<SeriesTurn>> turns_by(Transaction& transaction, const CollectiveId& collective,
                                         const PersonId& person, Wall from) {
    TRY(const auto rows, transaction.rows(list_turns_by, {collective, person, count_of(from)}));
    return series_turns_from(rows);
}

Result<std::vector<Swap>> swaps_of(Transaction& transaction, const CollectiveId& collective,
                                   const SeriesId& series, Wall original) {
    TRY(const auto rows, transaction.rows(list_swaps, {collective, series, count_of(original)}));
    std::vector<Swap> swaps;
    for (const Row& row : rows) {
        swaps.push_back({turn_named(row.text(0)), wall_at(row, 1), wall_at(row, 2)});
    }
    return swaps;
}

Result<void> ask_swap(Transaction& transaction, const CollectiveId& collective,
                      const SeriesId& series, const Swap& swap) {
    TRY_DO(transaction.run(set_swap, {collective, series, name_of(swap.kind),
                                      count_of(swap.original), count_of(swap.other)}));
    return {};
}

Result<void> drop_swaps(Transaction& transaction, const CollectiveId& collective,
                        const SeriesId& series, TurnKind kind, Wall original) {
    TRY_DO(transaction.run(delete_swaps, {collective, series, name_of(kind), count_of(original)}));
    return {};
}

Result<void> open_turns_of(Transaction& transaction, const CollectiveId& collective,
                           const PersonId& person) {
    for (const Statement& statement :
         {delete_swaps_of_person, open_held, open_asked, open_standby}) {
        TRY_DO(transaction.run(statement, {collective, person}));
    }
    TRY_DO(transaction.run(delete_blank, {collective}));
    TRY_DO(transaction.run(delete_steps_for, {collective, person}));
    return {};
}

Result<void> ask_anew(Transaction& transaction, const CollectiveId& collective,
                      const SeriesId& series, Wall original) {
    TRY_DO(transaction.run(unconfirm, {collective, series, count_of(original)}));
    TRY_DO(transaction.run(drop_questions, {collective, series, count_of(original)}));
    return {};
}

Result<bool> take_step(Transaction& transaction, const CollectiveId& collective, const Step& step,
                       Moment now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY(const auto added,
        transaction.run(insert_step, {collective, step.series, count_of(step.original), step.name,
                                      step.who, today}));
    return added > 0;
}

Result<bool> is_step_done(Transaction& transaction, const CollectiveId& collective,
                          const Step& step) {
    TRY(const auto row, transaction.row(find_step, {collective, step.series,
                                                    count_of(step.original), step.name, step.who}));
    return row.has_value();
}

Result<std::set<Step>> steps_since(Transaction& transaction, const CollectiveId& collective,
                                   Wall from) {
    TRY(const auto rows, transaction.rows(list_steps, {collective, count_of(from)}));
    std::set<Step> steps;
    for (const Row& row : rows) {
        steps.insert({row.id<SeriesId>(0), wall_at(row, 1), row.text(2), row.text(3)});
    }
    return steps;
}

Result<void> forget_steps(Transaction& transaction, const CollectiveId& collective, Wall before) {
    TRY_DO(transaction.run(delete_steps, {collective, count_of(before)}));
    TRY_DO(transaction.run(delete_told, {collective, count_of(before)}));
    return {};
}

Result<std::vector<Told>> told_of(Transaction& transaction, const CollectiveId& collective,
                                  const SeriesId& series) {
    TRY(const auto rows, transaction.rows(list_told, {collective, series}));
    std::vector<Told> told;
    for (const Row& row : rows) {
        told.push_back(
            {.original = wall_at(row, 0),
             .begin = second_of(row.moment(1)),
             .end = second_of(row.moment(2)),
             .cancelled = row.truth(3),
             .differs_since = row.is_null(4) ? std::nullopt : std::optional(row.moment(4))});
    }
    return told;
}

Result<void> save_told(Transaction& transaction, const CollectiveId& collective,
                       const SeriesId& series, const Told& told) {
    TRY_DO(
        transaction.run(set_told, {collective, series, count_of(told.original), Moment(told.begin),
                                   Moment(told.end), told.cancelled, told.differs_since}));
    return {};
}

Result<void> count_on(Transaction& transaction, const CollectiveId& collective,
                      const SeriesId& series, const Occurrence& occurrence) {
    TRY_DO(transaction.run(insert_told, {collective, series, count_of(occurrence.original),
                                         Moment(occurrence.begin), Moment(occurrence.end),
                                         occurrence.cancelled}));
    return {};
}

} // namespace allot::gatherings
