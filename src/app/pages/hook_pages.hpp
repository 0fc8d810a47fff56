/// Hooks as pages: stewards see all of a collective, hosts those of their circle. They are here
/// since hooks know circles by their ids alone.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> hook_routes();

} // namespace allot::app
