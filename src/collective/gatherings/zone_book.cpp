#include "collective/gatherings/zone_book.hpp"

namespace allot::gatherings {

Result<const calendar::Zone*> ZoneBook::zone(std::string_view name) {
    if (const auto known = read_.find(name); known != read_.end()) {
        return &known->second;
    }
    TRY(const std::string bytes, zones_.bytes(name));
    TRY(auto zone, calendar::Zone::parse(bytes, std::string(name)));
    return &read_.emplace(name, std::move(zone)).first->second;
}

} // namespace allot::gatherings
