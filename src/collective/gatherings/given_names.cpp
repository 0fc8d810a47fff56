#include "collective/gatherings/given_names.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement find_last_change = "SELECT COALESCE(MAX(number), 0) FROM gathering_renamed "
                                       "WHERE collective_id = $1 AND series_id = $2";
constexpr Statement find_after =
    "SELECT became FROM gathering_renamed WHERE collective_id = $1 AND series_id = $2 "
    "AND original = $3 AND number > $4 ORDER BY number LIMIT 1";
constexpr Statement find_last =
    "SELECT became FROM gathering_renamed WHERE collective_id = $1 AND series_id = $2 "
    "AND original = $3 ORDER BY number DESC LIMIT 1";
constexpr Statement add_renamed =
    "INSERT INTO gathering_renamed (collective_id, series_id, number, original, became) "
    "VALUES ($1, $2, $3, $4, $5)";
constexpr Statement drop_oldest = "DELETE FROM gathering_renamed WHERE collective_id = $1 "
                                  "AND series_id = $2 AND number <= $3";

[[nodiscard]] std::optional<Wall> became_in(const store::Row& row) {
    const auto count = row.maybe_integer(0);
    return count ? std::optional(wall_of(*count)) : std::nullopt;
}

} // namespace

Result<std::int64_t> changes_so_far(Transaction& transaction, const CollectiveId& collective,
                                    const SeriesId& series) {
    TRY(const auto row, transaction.row(find_last_change, {collective, series}));
    return row->integer(0);
}

Result<std::optional<Wall>> name_now(Transaction& transaction, const CollectiveId& collective,
                                     const SeriesId& series, const GivenName& given) {
    TRY(const auto row,
        transaction.row(find_after, {collective, series, count_of(given.original), given.change}));
    return row ? became_in(*row) : std::optional(given.original);
}

Result<std::optional<Renamed>> last_called(Transaction& transaction, const CollectiveId& collective,
                                           const SeriesId& series, Wall original) {
    TRY(const auto row, transaction.row(find_last, {collective, series, count_of(original)}));
    return row ? std::optional(Renamed{original, became_in(*row)}) : std::nullopt;
}

Result<void> note_renamed(Transaction& transaction, const CollectiveId& collective,
                          const SeriesId& series, std::span<const Renamed> names) {
    TRY(const std::int64_t before, changes_so_far(transaction, collective, series));
    const std::int64_t number = before + 1;
    for (const Renamed& one : names) {
        if (one.became == one.original) {
            continue;
        }
        const auto became =
            one.became ? std::optional(count_of(*one.became)) : std::optional<std::int64_t>();
        TRY_DO(transaction.run(add_renamed,
                               {collective, series, number, count_of(one.original), became}));
    }
    TRY_DO(transaction.run(drop_oldest, {collective, series, number - most_changes_followed}));
    return {};
}

} // namespace allot::gatherings
