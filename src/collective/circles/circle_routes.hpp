/// Addresses of circles, in three files: pages and settings, ways to join, what hosts and members
/// do in a circle.
#pragma once

#include "platform/pages/router.hpp"

#include <string>
#include <vector>

namespace allot::circles {

/// The list, a circle's page, opening one, its settings.
[[nodiscard]] std::vector<pages::Route> circle_routes();
/// Asking, answering, invitations.
[[nodiscard]] std::vector<pages::Route> join_routes();
/// Rest, leaving, hosts, the end, splitting, still.
[[nodiscard]] std::vector<pages::Route> host_routes();

/// What somebody typed who asks to join; shown again where something is wrong.
struct Asking {
    std::string words;
    std::string name; ///< of somebody new to the collective
    std::string zone;
};

/// The page of the circle in the path.
[[nodiscard]] Result<pages::Page> circle_page(const pages::Call& call, const Asking& typed = {});

} // namespace allot::circles
