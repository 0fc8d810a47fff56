/// The tables of mail and of due work, as the room declares them.
#pragma once

#include "platform/store/table.hpp"

#include <span>

namespace allot::mail {

[[nodiscard]] std::span<const store::Table> tables();

} // namespace allot::mail
