/// What is new in a collective, for readers of news: what takes place soon, and what was written
/// about gatherings that are over. Days only, and no names of people.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/pages/call.hpp"

#include <span>
#include <string>

namespace allot::gatherings {

/// Atom about series that everybody may see. A gathering is announced two weeks before it; what was
/// written about it stays for a quarter. Errors: as `occurrences`.
[[nodiscard]] Result<std::string> news_text(const pages::Call& call, const pages::Catalogue& words,
                                            std::span<const Plan> plans);

} // namespace allot::gatherings
