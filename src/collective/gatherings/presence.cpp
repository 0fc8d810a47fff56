#include "collective/gatherings/presence.hpp"

#include "collective/gatherings/series_store.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using store::Row;
using store::Statement;

constexpr Statement find_plan = "SELECT answer FROM presence WHERE collective_id = $1 "
                                "AND series_id = $2 AND original = $3 AND who = $4";
constexpr Statement count_plans = "SELECT COUNT(*) FROM presence WHERE collective_id = $1 "
                                  "AND series_id = $2 AND original = $3 AND answer = 'plan'";
constexpr Statement set_plan =
    "INSERT INTO presence (collective_id, series_id, original, who, answer) "
    "VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (collective_id, series_id, original, who) DO UPDATE SET answer = $5";
constexpr Statement list_plans_by =
    "SELECT series_id, original, answer FROM presence WHERE collective_id = $1 AND who = $2 "
    "ORDER BY original, series_id";
constexpr Statement delete_plans_by = "DELETE FROM presence WHERE collective_id = $1 AND who = $2";
constexpr Statement list_planned = "SELECT DISTINCT series_id, original FROM presence "
                                   "WHERE collective_id = $1 ORDER BY series_id, original";
constexpr Statement delete_plans = "DELETE FROM presence WHERE collective_id = $1 "
                                   "AND series_id = $2 AND original = $3";
constexpr Statement drop_recordings =
    "UPDATE gathering SET recording_link = '', recording_until = NULL "
    "WHERE collective_id = $1 AND recording_until < $2";

/// Whether nobody can plan for it any more: it ended a day ago, or was taken out of its series.
[[nodiscard]] Result<bool> is_long_over(const Plan& plan, Wall original, ZoneBook& zones,
                                        Instant now) {
    TRY(const auto occurrence, occurrence_of(plan, zones, original));
    return !occurrence || occurrence->end + plans_are_kept <= now;
}

} // namespace

Result<std::string> said_plan(Transaction& transaction, const GatheringKey& key,
                              std::string_view who) {
    if (who.empty()) {
        return std::string();
    }
    TRY(const auto row,
        transaction.row(find_plan, {key.collective, key.series, count_of(key.original), who}));
    return row ? row->text(0) : std::string();
}

Result<std::int64_t> seats_taken(Transaction& transaction, const GatheringKey& key) {
    TRY(const auto row,
        transaction.row(count_plans, {key.collective, key.series, count_of(key.original)}));
    return row->integer(0);
}

Result<void> save_plan(Transaction& transaction, const GatheringKey& key, std::string_view who,
                       std::string_view plan, const std::optional<std::int64_t>& seats) {
    TRY(const std::string before, said_plan(transaction, key, who));
    if (seats && plan == plan_names.front() && before != plan) {
        TRY(const std::int64_t taken, seats_taken(transaction, key));
        if (taken >= *seats) {
            return fail(ErrorKind::conflict, "presence.full");
        }
    }
    TRY_DO(
        transaction.run(set_plan, {key.collective, key.series, count_of(key.original), who, plan}));
    return {};
}

Result<std::vector<OwnPlan>> plans_by(Transaction& transaction, const CollectiveId& collective,
                                      const PersonId& person) {
    TRY(const auto rows, transaction.rows(list_plans_by, {collective, person}));
    std::vector<OwnPlan> all;
    std::ranges::transform(rows, std::back_inserter(all), [](const Row& row) {
        return OwnPlan{row.id<SeriesId>(0), wall_of(row.integer(1)), row.text(2)};
    });
    return all;
}

Result<void> drop_plans_by(Transaction& transaction, const CollectiveId& collective,
                           const PersonId& person) {
    TRY_DO(transaction.run(delete_plans_by, {collective, person}));
    return {};
}

Result<void> forget_what_is_over(Transaction& transaction, const CollectiveId& collective,
                                 ZoneBook& zones, Instant now) {
    TRY(const auto rows, transaction.rows(list_planned, {collective}));
    std::optional<Plan> plan; // rows of one series stand together
    for (const Row& row : rows) {
        const auto id = row.id<SeriesId>(0);
        if (!plan || plan->series.id != id) {
            TRY(const auto series, find_series(transaction, collective, id));
            TRY(plan, plan_of(transaction, collective, *series));
        }
        TRY(const bool over, is_long_over(*plan, wall_of(row.integer(1)), zones, now));
        if (over) {
            TRY_DO(transaction.run(delete_plans, {collective, id, row.integer(1)}));
        }
    }
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY_DO(transaction.run(drop_recordings, {collective, today}));
    return {};
}

} // namespace allot::gatherings
