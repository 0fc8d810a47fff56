/// The room of gatherings: series that meet again and again, what is written about each meeting,
/// and what keeps them alive.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::gatherings {

[[nodiscard]] const pages::Room& room();

} // namespace allot::gatherings
