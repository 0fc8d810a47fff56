/// The tables of this room, for backups, archives and moves.
#pragma once

#include "platform/store/table.hpp"

#include <span>

namespace allot::people {

/// Those of the migrations people_*.
[[nodiscard]] std::span<const store::Table> tables();

} // namespace allot::people
