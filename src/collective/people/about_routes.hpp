/// What a collective says of itself, as its stewards write it.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::people {

[[nodiscard]] std::vector<pages::Route> about_routes();

} // namespace allot::people
