/// Zones that a request or a piece of work needs, each read once.
#pragma once

#include "engine/calendar/zone.hpp"
#include "platform/pages/call.hpp"

#include <map>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// For one thread; lives as long as one request.
class ZoneBook {
  public:
    explicit ZoneBook(const pages::Zones& zones) : zones_(zones) {}
    ZoneBook(const ZoneBook&) = delete;
    ZoneBook& operator=(const ZoneBook&) = delete;

    /// It stays where it is as long as the book. Errors: `missing` where this machine knows no such
    /// zone, or its file is none.
    [[nodiscard]] Result<const calendar::Zone*> zone(std::string_view name);

  private:
    const pages::Zones& zones_;
    std::map<std::string, calendar::Zone, std::less<>> read_;
};

} // namespace allot::gatherings
