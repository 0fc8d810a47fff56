/// What this server knows about somebody, her copy of it, and its end: pages that ask each room.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> own_routes();

} // namespace allot::app
