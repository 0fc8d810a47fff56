/// Zones of this machine.
#pragma once

#include "engine/calendar/zone.hpp"

namespace allot::app {

/// Reads a zone below $TZDIR, or /usr/share/zoneinfo. Errors: no such zone, or not a zone file.
[[nodiscard]] Result<calendar::Zone> read_zone(std::string_view name);

} // namespace allot::app
