/// Addresses of the room of people.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::people {

[[nodiscard]] std::vector<pages::Route> routes();

} // namespace allot::people
