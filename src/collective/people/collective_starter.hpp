/// What a collective says of itself, in a starter; nothing of its people.
#pragma once

#include "platform/pages/starter.hpp"

namespace allot::people {

/// The member "collective": its sentence and its zone.
[[nodiscard]] pages::StarterPart starter_part();

} // namespace allot::people
