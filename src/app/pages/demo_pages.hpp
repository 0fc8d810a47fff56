/// The end of a demonstration: invented people go in one click.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> demo_routes();

} // namespace allot::app
