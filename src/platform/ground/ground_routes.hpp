/// Addresses of the ground.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::ground {

[[nodiscard]] std::vector<pages::Route> routes();

} // namespace allot::ground
