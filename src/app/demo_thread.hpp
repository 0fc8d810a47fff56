/// What the demonstration's invented people write around their evenings.
#pragma once

#include "app/demo_gatherings.hpp"
#include "collective/gatherings/series.hpp"

namespace allot::app {

/// About the last evening: notes, a question with an answer, and the first plot. About the next: a
/// question of a guest, which waits for a host, and who plans to come.
[[nodiscard]] Result<void> add_demo_thread(store::Transaction& transaction,
                                           const auth::CollectiveId& in,
                                           const gatherings::Series& series, const DemoHosts& hosts,
                                           gatherings::Wall last, gatherings::Wall next, Moment now,
                                           Entropy& entropy);

} // namespace allot::app
