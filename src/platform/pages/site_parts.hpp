/// What a site is made of beside its house: routes, words and templates, which are read once and
/// may be shared by several sites of one process.
#pragma once

#include "platform/pages/site.hpp"

#include <memory>
#include <span>
#include <vector>

namespace allot::pages {

/// Immutable; any thread.
struct SiteParts {
    std::vector<Route> routes;
    std::vector<Place> places;
    std::vector<Catalogue> catalogues;
    Templates templates;
    Assets assets;
    Router router; ///< of `routes`
};

/// Errors as `Site::of`. Takes a tenth of a second.
[[nodiscard]] Result<std::shared_ptr<const SiteParts>>
read_parts(std::span<const Room> rooms, std::span<const AssetFile> assets);

[[nodiscard]] std::unique_ptr<Site> site_of(const House& house,
                                            std::shared_ptr<const SiteParts> parts);

} // namespace allot::pages
