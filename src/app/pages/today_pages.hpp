/// Today: the date, at most three cards that need the viewer, and an end.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> today_routes();

} // namespace allot::app
