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

/// Three series: one with three evenings behind it, what was learned in each and what was written
/// about the last, turns of the next, and one that is moved and one that is cancelled ahead; one
/// that a host keeps alone; one that is not research.
[[nodiscard]] Result<void> add_demo_gatherings(store::Transaction& transaction,
                                               const auth::CollectiveId& in, const DemoHosts& hosts,
                                               const DemoCircles& circles, Moment now,
                                               Entropy& entropy);

} // namespace allot::app
