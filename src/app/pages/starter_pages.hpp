/// Practices for others: the starter of a collective as a file, and one planted in it.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> starter_routes();

} // namespace allot::app
