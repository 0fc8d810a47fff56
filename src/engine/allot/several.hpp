/// Fair rounds in which somebody needs two helpers or more. Internal to `engine/allot`.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

/// Allots by Rule::maxmin, Rule::floor or Rule::leximin where an ask may have a demand of two or
/// more. The largest smallest sum is then NP-hard to find; this finds a good allotment and a bound
/// that shows how good: threshold flows (Stelmakh, Shah, Singh 2019; Kobren, Saha, McCallum 2019)
/// and the optima of weighted sums as starts, exchanges that make the worst off better off, then
/// what is left for the sum. `rows` and `sides` as for `allot`, without groups and least loads;
/// aborts otherwise.
///
/// With s the sum of scores of each ask that takes part:
/// - Service::full: all asks with a demand. Infeasible: `shortages` as `allot` gives them.
/// - Service::partial: all asks with a demand and an allowed pair. First come the most places by
///   class, as for Rule::sum; then the fewest asks with nothing, which is exact; `worst` is the
///   smallest s of the others, and the two bounds hold for such allotments.
///
/// What the result says:
/// - `worst_bound`: the least of what the d best of each ask allow, what threshold flows allow, and
///   the Lagrangian dual over weights of the asks (Held, Wolfe, Crowder 1974).
/// - `certificate`: the sum, and a bound of the sum of any allotment whose smallest s is at least
///   `worst` (with Rule::floor, where that was met: at least the floor). With Rule::leximin the
///   bound is that of the sum without a rule.
/// - `prices`: those of Rule::sum.
/// - `proved`: `worst` meets its bound, or the floor is met, and the sum meets its bound; for
///   leximin: every ask has its own d best. Often false although nothing better exists.
/// - `floor`: where it was not met, whether that is impossible; the pairs are the best found.
///
/// Bounded by counts of steps, never by time; the same for any number of threads. 32 bytes a pair;
/// the time of some 20 to 150 runs of `allot`. Errors: as `allot`.
[[nodiscard]] Result<Allotment> allot_several(const ScoreRows& rows, const Sides& sides,
                                              const Options& options);

} // namespace allot::matching
