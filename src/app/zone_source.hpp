/// Zones of this machine.
#pragma once

#include "engine/calendar/zone.hpp"
#include "platform/pages/call.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::app {

/// The bytes of a zone below $TZDIR, or /usr/share/zoneinfo. Errors: no such zone.
[[nodiscard]] Result<std::string> zone_bytes(std::string_view name);

/// Reads a zone below $TZDIR, or /usr/share/zoneinfo. Errors: no such zone, or not a zone file.
[[nodiscard]] Result<calendar::Zone> read_zone(std::string_view name);

/// The zone that a calendar calls `name`: an IANA name, or one of Windows, such as "W. Europe
/// Standard Time", which stands for the zone that the CLDR gives it for the world ("001").
/// nullopt for any other name.
[[nodiscard]] std::optional<calendar::Zone> find_zone(std::string_view name);

/// "2026a", of the zones of this machine; nullopt where they do not say it.
[[nodiscard]] std::optional<std::string> zone_version();

/// The zones of this machine, for forms: those of the table zone.tab, each place once, and any
/// other that has a file.
class ZoneFolder final : public pages::Zones {
  public:
    ZoneFolder();
    [[nodiscard]] bool has(std::string_view name) const override;
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override;
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_; ///< sorted
};

} // namespace allot::app
