/// The room of circles: what they are for, how one begins, and who keeps them. Other rooms may know
/// it, as they may know the people.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::circles {

[[nodiscard]] const pages::Room& room();

} // namespace allot::circles
