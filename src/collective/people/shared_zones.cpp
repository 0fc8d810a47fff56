#include "collective/people/shared_zones.hpp"

namespace allot::people {

namespace {

constexpr store::Statement list_shared_zones =
    "SELECT zone FROM person WHERE collective_id = $1 AND erased = 0 AND role <> 'guest' "
    "AND zone <> '' GROUP BY zone HAVING COUNT(*) > 1 ORDER BY zone";

} // namespace

Result<std::vector<std::string>> shared_zones(store::Transaction& transaction,
                                              const auth::CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_shared_zones, {collective}));
    std::vector<std::string> zones;
    zones.reserve(rows.size());
    for (const store::Row& row : rows) {
        zones.push_back(row.text(0));
    }
    return zones;
}

} // namespace allot::people
