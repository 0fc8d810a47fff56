/// A link by which somebody becomes a second host of a series, also somebody who is new here.
#pragma once

#include "collective/gatherings/series_store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// How long such a link works, if nobody uses it.
inline constexpr std::chrono::days host_link_time{14};

/// Keeps the hash of a new secret, and returns the secret. An older link of the series ends.
[[nodiscard]] Result<std::string> new_host_link(Transaction& transaction,
                                                const CollectiveId& collective,
                                                const SeriesId& series, Moment now,
                                                Entropy& entropy);
/// Nothing where nobody made it, where it is over, or where somebody has used it.
[[nodiscard]] Result<std::optional<Series>> series_of_host_link(Transaction& transaction,
                                                                const CollectiveId& collective,
                                                                std::string_view secret,
                                                                Moment now);
/// It lets one person in.
[[nodiscard]] Result<void> end_host_link(Transaction& transaction, const CollectiveId& collective,
                                         const SeriesId& series);

} // namespace allot::gatherings
