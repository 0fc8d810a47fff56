/// What goes by itself, now and then.
#pragma once

#include "platform/pages/call.hpp"

namespace allot::gatherings {

/// Of each collective: plans of gatherings that ended a day ago, links to recordings whose last day
/// is over. For a job that runs every hour or so. Errors: of the store, as `occurrences`.
[[nodiscard]] Result<void> tidy(const pages::House& house);

} // namespace allot::gatherings
