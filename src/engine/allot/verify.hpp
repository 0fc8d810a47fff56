/// Checks an allotment without trusting whoever made it. Shares no code with the solver.
#pragma once

#include "engine/allot/instance.hpp"

#include <string>

namespace allot::matching {

/// What was found out about a claimed allotment.
struct Verdict {
    bool holds = false;
    /// Why not, for a person; empty when it holds.
    std::string reason;
    /// Of the pairs given, whether or not they are optimal.
    Value objective;
    /// Upper bound from `prices` over all pairs; equal to `objective` when it holds.
    Value bound;
    /// The smallest optimal price of each helper, computed from the pairs alone; where there are
    /// minimum loads or groups, any optimal ones (negative where a minimum costs something).
    std::vector<Value> prices;
};

/// Do `pairs` respect the instance, and is no other allotment better? `instance` lists every
/// allowed pair once. Prices are found as longest paths (Bellman 1958) from the pairs alone, in
/// vectors of (places by class, micro); then the bound is summed over all pairs and compared.
/// With minimum loads or groups the same is done in their network, see verify_network.hpp.
/// O(rounds * pairs), rounds <= asks + helpers and usually few.
/// What does not hold is said in the verdict; `sides` that `allot` would not take, and an
/// `instance` outside of them, abort.
[[nodiscard]] Verdict verify(std::span<const Pair> instance, const Sides& sides,
                             std::span<const Pair> pairs, const Names& names = {});

} // namespace allot::matching
