/// The b-matching of a round with groups and minimum loads.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

/// As `allot` with Rule::sum, for instances with `Sides::groups` and `Sides::least`, which are met
/// together with the maximum in one flow: primal network simplex with column generation, see
/// network.hpp. Where the minimums or, with Service::full, the demands cannot be met, `shortages`
/// says why. The same pairs for any number of threads.
///
/// The certificate is the dual bound with the duals of all groups, over all pairs: with v the price
/// of a helper (at least 0 where it has more than its least, at most 0 where it has places left)
/// and of each group in the same way, and u what a further place of an ask is worth, it is
///     sum over pairs of max(0, lift + score - u - prices of the groups that count for the ask and
///         hold the helper - price of the helper - prices of the groups over the round around both)
///     + sum over asks of u * demand (with Service::partial u >= 0)
///     + sum over helpers and groups of (price > 0 ? price * most : price * least),
/// a helper's most being its places.
/// `prices` and `group_prices` are optimal but need not be the smallest ones: a positive price
/// bounds what one more place adds, a negative one what one less of its minimum adds. The price of
/// a group that counts for each ask is the sum of its prices over the asks.
///
/// Typically a few dozen pairs an ask become arcs, and all pairs are looked at a few times.
/// Errors: invalid (see `check_groups`; sums that do not fit), interrupted. Aborts as `allot` does.
[[nodiscard]] Result<Allotment> allot_in_network(const ScoreRows& rows, const Sides& sides,
                                                 const Options& options = {});

} // namespace allot::matching
