/// Routes of the room, a list for each of its pages.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::gatherings {

[[nodiscard]] std::vector<pages::Route> events_routes(); ///< what takes place, and readers' zones
[[nodiscard]] std::vector<pages::Route> series_routes(); ///< opening one, its page
[[nodiscard]] std::vector<pages::Route> series_settings_routes();  ///< what hosts keep
[[nodiscard]] std::vector<pages::Route> gathering_change_routes(); ///< when it is, from hosts
[[nodiscard]] std::vector<pages::Route> gathering_routes();        ///< the page of one gathering

} // namespace allot::gatherings
