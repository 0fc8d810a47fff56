/// News that cannot wait for the morning of its reader.
#pragma once

#include "collective/gatherings/series.hpp"

namespace allot::gatherings {

/// Whether a mail that waits for its reader's morning comes too late for what begins, or was to
/// begin, at `begin`: before the noon that follows the night that comes, or that it is now, on her
/// clock. Such news reaches her at night, too.
[[nodiscard]] bool is_late(const calendar::Zone& of_reader, Instant now, Instant begin);

} // namespace allot::gatherings
