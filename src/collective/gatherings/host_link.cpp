#include "collective/gatherings/host_link.hpp"

#include "platform/auth/secrets.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement set_link =
    "INSERT INTO series_host_link (collective_id, series_id, secret_hash, ends_at) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (collective_id, series_id) "
    "DO UPDATE SET secret_hash = $3, ends_at = $4";
constexpr Statement find_link = "SELECT series_id FROM series_host_link "
                                "WHERE collective_id = $1 AND secret_hash = $2 AND ends_at > $3";
constexpr Statement delete_link =
    "DELETE FROM series_host_link WHERE collective_id = $1 AND series_id = $2";

} // namespace

Result<std::string> new_host_link(Transaction& transaction, const CollectiveId& collective,
                                  const SeriesId& series, Moment now, Entropy& entropy) {
    std::string secret = auth::new_secret(entropy);
    TRY_DO(transaction.run(set_link,
                           {collective, series, auth::hash_of(secret), now + host_link_time}));
    return secret;
}

Result<std::optional<Series>> series_of_host_link(Transaction& transaction,
                                                  const CollectiveId& collective,
                                                  std::string_view secret, Moment now) {
    TRY(const auto row, transaction.row(find_link, {collective, auth::hash_of(secret), now}));
    if (!row) {
        return std::nullopt;
    }
    return find_series(transaction, collective, row->id<SeriesId>(0));
}

Result<void> end_host_link(Transaction& transaction, const CollectiveId& collective,
                           const SeriesId& series) {
    TRY_DO(transaction.run(delete_link, {collective, series}));
    return {};
}

} // namespace allot::gatherings
