/// What takes place next in a collective, for its front page.
#pragma once

#include "collective/gatherings/gathering_views.hpp"

#include <vector>

namespace allot::gatherings {

/// The first gatherings of the next five weeks, `most` at most, that have not ended, take place,
/// and that the viewer may see. What lies in a zone that this machine does not know is passed over.
/// Errors: the database. What is ahead in the collective is kept (`House::kept`) until a change or
/// the end of the day; making it again is O(series), else it is O(those that she may not see).
[[nodiscard]] Result<std::vector<GatheringLine>>
next_gatherings(Transaction& transaction, const pages::Call& call, std::size_t most);

} // namespace allot::gatherings
