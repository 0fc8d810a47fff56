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
[[nodiscard]] std::vector<pages::Route> turn_routes();             ///< who does what in a gathering
[[nodiscard]] std::vector<pages::Route> turn_answer_routes();      ///< answers to mails about turns
[[nodiscard]] std::vector<pages::Route> alive_routes();     ///< how a series is doing, for hosts
[[nodiscard]] std::vector<pages::Route> subscribe_routes(); ///< mail about a series
[[nodiscard]] std::vector<pages::Route> letterbox_routes(); ///< letters to hosts of a circle

} // namespace allot::gatherings
