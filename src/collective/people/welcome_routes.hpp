/// How a collective begins: a link that the program prints once, and one short form.
#pragma once

#include "platform/pages/router.hpp"

#include <string>
#include <vector>

namespace allot::people {

[[nodiscard]] std::vector<pages::Route> welcome_routes();

/// Keeps the hash of a new link with which somebody begins a collective, and returns its path. An
/// older one ends. For the program, which prints it where the first steward sits.
[[nodiscard]] Result<std::string> new_welcome_path(store::Store& store, Entropy& entropy);

} // namespace allot::people
