/// What somebody gets by mail.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::people {

[[nodiscard]] std::vector<pages::Route> mail_settings_routes();

} // namespace allot::people
