/// The room of hooks: its tables and words. Its pages are in app, where circles have names.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::hooks {

[[nodiscard]] const pages::Room& room();

} // namespace allot::hooks
