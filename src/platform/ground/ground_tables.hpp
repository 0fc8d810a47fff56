/// The tables of this room, for backups, archives and moves.
#pragma once

#include "platform/store/table.hpp"

#include <span>

namespace allot::ground {

/// Those of the migrations ground_* and keeping_*, and the list of migrations itself.
[[nodiscard]] std::span<const store::Table> tables();

} // namespace allot::ground
