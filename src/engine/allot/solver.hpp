/// The b-matching of a round: who is paired with whom, at what objective, and the proof of it.
#pragma once

#include "engine/allot/objective.hpp"
#include "engine/allot/rows.hpp"

#include <functional>
#include <string>

namespace allot::matching {

struct Options {
    Objective objective;
    /// Threads for the parts that look at every pair. The result does not depend on it.
    unsigned threads = 1;
    /// A permutation of the asks: who is served first, which decides between equal optima. Empty:
    /// by number.
    std::vector<Index> order;
    /// Called from time to time; false (the person asked to stop) ends the work with
    /// ErrorKind::interrupted.
    std::function<bool(Progress)> keep_going;
};

/// Upper bound from the prices, over all pairs (linear programming duality):
/// sum over asks of the d best `lift + score - price` (of max(0, that) where places may stay empty)
/// plus sum over helpers of price * places. The allotment is optimal when it equals the objective.
struct Certificate {
    Value objective;
    Value bound;

    [[nodiscard]] bool proved() const { return objective == bound; }
};

/// A set of asks that needs more than there is: `needed` places, of which the `helpers` that these
/// asks compete for have `places` in all, and `single` more are pairs with other helpers, each of
/// whom already helps one of these asks. `needed > places + single`.
/// Or, where `kind` is minimums, a set of helpers that must get more than may go to it: `needed`
/// asks, of which `places` may come from `asks`, and `single` more are pairs with other asks.
/// It is a cut of the network of groups (Hoffman 1960): where groups bound it, `needed` counts
/// their minimums and `places` their maximums for the members that they hold, and `groups` names
/// them.
struct Shortage {
    enum class Kind : std::uint8_t { demands, minimums };

    std::vector<Index> asks;
    std::vector<Index> helpers;
    std::int64_t needed = 0;
    std::int64_t places = 0;
    std::int64_t single = 0;
    std::vector<Index> groups; ///< numbers in Sides::groups
    Kind kind = Kind::demands;
};

/// An allotment. When `shortages` is not empty nothing else is filled in: demands, minimums or a
/// floor cannot be met, and these sets say why.
struct Allotment {
    std::vector<Pair> pairs; ///< by ask, then helper
    /// Of each helper: the smallest optimal ones, which are the worth of one more place. With
    /// minimum loads or groups any optimal ones; for leximin none.
    std::vector<Value> prices;
    Certificate certificate;
    std::vector<Shortage> shortages;
    std::optional<Fairness> fairness; ///< for every rule but Rule::sum
    /// Of each group, where there are groups or minimums; see allot_in_network.
    std::vector<Value> group_prices;
};

/// Allots helpers to asks by `options.objective`. `rows` and `sides` have the same shape, each
/// demand and number of places >= 0, each waiting class at most 3; aborts otherwise.
///
/// - The sum is exact: bids and shortest paths in integers (auction.hpp, augment.hpp); with groups
///   or minimum loads a network simplex (network_allot.hpp). Typically a few row scans an ask;
///   worst case O(D * pairs log n) for D places asked for.
/// - The other objectives are exact where every demand is at most 1 (levels.hpp), and otherwise
///   good, with a bound (several.hpp). Minimum loads go with demands of at most 1; groups with
///   leximin and such demands, without a proof (leximin_network.hpp).
///
/// The same pairs for any number of threads. Errors: invalid (sums that do not fit, groups that
/// cross, a combination that does not go), infeasible, interrupted.
[[nodiscard]] Result<Allotment> allot(const ScoreRows& rows, const Sides& sides,
                                      const Options& options = {});

} // namespace allot::matching
