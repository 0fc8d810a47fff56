/// The tables of this room, for backups, archives and moves.
#pragma once

#include "platform/store/table.hpp"

#include <span>

namespace allot::circles {

/// Those of the migrations circles_*; what others refer to comes first.
[[nodiscard]] std::span<const store::Table> tables();

} // namespace allot::circles
