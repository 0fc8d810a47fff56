/// Fair objectives: the worst off as well off as possible, for asks of one place.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

/// Allots for `Rule::leximin`, `maxmin` or `floor` in `options.objective`, exactly. Every demand is
/// at most 1 and there are no groups, else invalid; helpers may have any number of places, and
/// `least`. Levels are settled one by one in ascending order (Burkard and Rendl 1991; Sokkalingam
/// and Aneja 1998), from the allotment of the largest sum on; see level_flow.hpp.
///
/// - Leximin: where more than `exact_asks` are served only the worst `settled_percent` in a hundred
///   are settled, and then the sum is maximised; see `Fairness::covered`. `prices` is empty: no
///   price of a helper stands behind it. `certificate` says what sum the levels leave.
/// - Maxmin and floor: `prices` and the bound of `certificate` are those of the largest sum over
///   the pairs that are good enough; with minimum loads in micro units beside the number of places,
///   and not always the smallest.
/// - Who cannot be served in full, or not as well as the floor says, is in `shortages`. In a round
///   `needed` then counts how many of these asks are served in every largest served set.
///
/// The same pairs for any number of threads; `options.order` decides between equal optima.
/// Typically a search per ask and score that is passed, O(pairs / 64) each. Memory: bits for
/// the pairs, and up to a byte a pair for the scores that come next. Errors: invalid, infeasible
/// (helpers who must get more asks than can go to them), interrupted.
[[nodiscard]] Result<Allotment> allot_by_levels(const ScoreRows& rows, const Sides& sides,
                                                const Options& options,
                                                Index exact_asks = exact_leximin_asks);

} // namespace allot::matching
