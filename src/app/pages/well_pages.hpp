/// "Is everything well?": what doctor sees from within, for stewards.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> well_routes();

} // namespace allot::app
