/// Everything of a collective that can be opened, in one list: for the palette, and as a page.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::app {

[[nodiscard]] std::vector<pages::Route> ways_routes();

} // namespace allot::app
