/// What the demonstration's invented people write around their evenings.
#pragma once

#include "app/demo_gatherings.hpp"
#include "collective/gatherings/series.hpp"

namespace allot::app {

/// About the last evening: notes, a question with an answer, and the first plot. About the next: an
/// idea of a guest, which a host has shown, a question of another, which waits for one, and who
/// plans to come.
[[nodiscard]] Result<void> add_demo_thread(store::Transaction& transaction,
                                           const auth::CollectiveId& in,
                                           const gatherings::Series& series, const DemoHosts& hosts,
                                           gatherings::Wall last, gatherings::Wall next, Moment now,
                                           Entropy& entropy);

/// A letter to the hosts of a circle, from outside, and what they answered: nothing waits that
/// Today would have to show.
[[nodiscard]] Result<void> add_demo_letter(store::Transaction& transaction,
                                           const auth::CollectiveId& in,
                                           const auth::CircleId& circle, Moment now,
                                           Entropy& entropy);

} // namespace allot::app
