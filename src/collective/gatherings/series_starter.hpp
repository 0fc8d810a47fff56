/// Series in a starter: how people meet, and nothing of those who do.
#pragma once

#include "platform/pages/starter.hpp"

namespace allot::gatherings {

/// The member "series" of the file. A planted series rests until a steward begins it.
[[nodiscard]] pages::StarterPart starter_part();

} // namespace allot::gatherings
