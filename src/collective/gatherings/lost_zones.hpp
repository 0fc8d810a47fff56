/// Zones that somebody's clock is on here and that this machine does not know, as after a move to
/// one with less of them.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "platform/pages/call.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

struct LostZone {
    std::string name;
    /// What goes by it: "series", "people" or "subscribers". It says of nobody whose it is.
    std::string_view whose;
};

/// By name, each once for each of the three. What goes by it: a series is passed over, people get
/// no weekly letter, and both are told times on the clock of a series instead of their own.
[[nodiscard]] Result<std::vector<LostZone>>
lost_zones(Transaction& transaction, const CollectiveId& collective, const pages::Zones& zones);

} // namespace allot::gatherings
