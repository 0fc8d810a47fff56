#include "collective/gatherings/lost_zones.hpp"

#include "collective/gatherings/zone_book.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement list_zones =
    "SELECT r.zone AS name, 'series' AS whose FROM rhythm r WHERE r.collective_id = $1 "
    "UNION SELECT p.zone, 'people' FROM person p WHERE p.collective_id = $1 "
    "UNION SELECT s.zone, 'subscribers' FROM subscriber s WHERE s.collective_id = $1 "
    "ORDER BY name, whose";

[[nodiscard]] std::string_view whose_named(std::string_view name) {
    return name == "series" ? "series" : name == "people" ? "people" : "subscribers";
}

} // namespace

Result<std::vector<LostZone>> lost_zones(Transaction& transaction, const CollectiveId& collective,
                                         const pages::Zones& zones) {
    TRY(const auto rows, transaction.rows(list_zones, {collective}));
    ZoneBook known(zones);
    std::vector<LostZone> lost;
    for (const store::Row& row : rows) {
        const std::string& name = row.text(0);
        if (!name.empty() && !known.zone(name)) {
            lost.push_back({.name = name, .whose = whose_named(row.text(1))});
        }
    }
    return lost;
}

} // namespace allot::gatherings
