/// Pages about mail.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::mail {

[[nodiscard]] std::vector<pages::Route> routes();

} // namespace allot::mail
