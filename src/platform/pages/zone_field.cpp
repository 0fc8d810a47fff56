#include "platform/pages/zone_field.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace allot::pages {

namespace {

constexpr std::size_t longest_zone = 200;

/// "America/New_York" as "new york".
[[nodiscard]] std::string city_of(std::string_view zone) {
    std::string city = text::lower_ascii(zone.substr(zone.rfind('/') + 1));
    std::ranges::replace(city, '_', ' ');
    return city;
}

/// The only zone of that city; empty where there is none, or several.
[[nodiscard]] std::string zone_of_city(const Zones& zones, std::string_view typed) {
    const std::string city = city_of(typed);
    const auto fits = [&](const std::string& zone) { return city_of(zone) == city; };
    const auto& names = zones.names();
    const auto found = std::ranges::find_if(names, fits);
    return found != names.end() && std::ranges::count_if(names, fits) == 1 ? *found : std::string();
}

} // namespace

std::string read_zone_field(FormReader& form, const Call& call) {
    std::string typed = form.line("zone", longest_zone, Need::required);
    if (typed.empty() || call.house.zones.has(typed)) {
        return typed;
    }
    std::string zone = zone_of_city(call.house.zones, typed);
    if (zone.empty()) {
        form.note("zone", "form.no_zone", {{"zone", typed}});
        return typed;
    }
    return zone;
}

} // namespace allot::pages
