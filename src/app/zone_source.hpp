/// Zones of this machine.
#pragma once

#include "engine/calendar/zone.hpp"

#include <optional>
#include <string_view>

namespace allot::app {

/// Reads a zone below $TZDIR, or /usr/share/zoneinfo. Errors: no such zone, or not a zone file.
[[nodiscard]] Result<calendar::Zone> read_zone(std::string_view name);

/// The zone that a calendar calls `name`: an IANA name, or one of Windows, such as "W. Europe
/// Standard Time", which stands for the zone that the CLDR gives it for the world ("001").
/// nullopt for any other name.
[[nodiscard]] std::optional<calendar::Zone> find_zone(std::string_view name);

} // namespace allot::app
