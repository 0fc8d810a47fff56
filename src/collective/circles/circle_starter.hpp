/// Circles in a starter: what hosts wrote about them, and nothing of those who belong to them.
#pragma once

#include "platform/pages/starter.hpp"

namespace allot::circles {

/// The member "circles": those that are open and no drafts. Planted, a circle has no host; a
/// steward names the first. One whose name is here already is left out. The size at which hosts
/// would split a circle stays out of it: nobody but them learns it.
[[nodiscard]] pages::StarterPart starter_part();

} // namespace allot::circles
