/// The room that every server has: signing in and out, sessions, help, who may do what, and the
/// frame of all pages. It knows no people and no circles.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::ground {

[[nodiscard]] const pages::Room& room();

} // namespace allot::ground
