/// What the demonstration's invented people meet for.
#pragma once

#include "collective/circles/circle.hpp"
#include "platform/store/store.hpp"

#include <span>

namespace allot::app {

struct DemoHosts {
    auth::PersonId first;
    auth::PersonId second;
    auth::PersonId lone;   ///< keeps a series alone
    auth::PersonId member; ///< keeps none, and has a turn
};
struct DemoCircles {
    auth::CircleId plants;
    auth::CircleId soil;
};

/// Three series: one with six evenings behind it, what was learned in the last three and what was
/// written about the last, turns and a paper of the next, and one that is moved, one that is
/// cancelled and one that is lighter ahead; one that a host keeps alone; one that is not research
/// and has seats. A letter to the hosts of the first circle, answered.
[[nodiscard]] Result<void> add_demo_gatherings(store::Transaction& transaction,
                                               const auth::CollectiveId& in, const DemoHosts& hosts,
                                               const DemoCircles& circles, Moment now,
                                               Entropy& entropy);

} // namespace allot::app
