/// The tables of the room, for backups, archives and moves.
#pragma once

#include "platform/store/table.hpp"

#include <span>

namespace allot::gatherings {

[[nodiscard]] std::span<const store::Table> tables();

} // namespace allot::gatherings
