/// The tables of hooks, as the room declares them.
#pragma once

#include "platform/store/table.hpp"

#include <span>

namespace allot::hooks {

[[nodiscard]] std::span<const store::Table> tables();

} // namespace allot::hooks
