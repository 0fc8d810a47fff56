/// The first series of a collective, what to send once it has begun, and the link for a second
/// host.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::gatherings {

[[nodiscard]] std::vector<pages::Route> start_routes();
[[nodiscard]] std::vector<pages::Route> host_link_routes();
/// Series out of a calendar file, with a preview.
[[nodiscard]] std::vector<pages::Route> import_routes();
/// Dates that come from a calendar elsewhere.
[[nodiscard]] std::vector<pages::Route> follow_routes();

} // namespace allot::gatherings
