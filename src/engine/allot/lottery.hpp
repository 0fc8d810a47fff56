/// A randomised round: no pair is more likely than a cap, and anybody can recompute the draw.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

/// A probability: 1 <= numerator <= denominator <= `most_denominator`.
struct Chance {
    std::int32_t numerator = 1;
    std::int32_t denominator = 1;

    friend bool operator==(const Chance&, const Chance&) = default;
};

/// A round keeps whole numbers: the probability of a pair is a multiple of 1/denominator.
inline constexpr std::int32_t most_denominator = 1000;

/// One ask is helped by one helper with probability numerator / denominator of the cap.
struct Marginal {
    Index ask = 0;
    Index helper = 0;
    Micro score = 0;
    std::int32_t numerator = 0;

    friend bool operator==(const Marginal&, const Marginal&) = default;
};

/// The probabilities with the largest expected objective. When `shortages` is not empty only they
/// and `cap` are filled in, and their numbers are in parts of 1/denominator of a place.
struct CappedMarginals {
    Chance cap;                      ///< reduced
    std::vector<Marginal> marginals; ///< by ask, then helper; each above 0 and at most the cap
    /// The expected objective and its bound, exactly, times the denominator of the cap.
    Certificate scaled;
    std::vector<Value> prices; ///< as in allot_in_network, of a whole place of each helper
    std::vector<Value> group_prices;
    std::vector<Shortage> shortages;

    /// Expected sum of scores, rounded to the nearest micro unit (halves up).
    [[nodiscard]] Micro expected_micro() const;
};

/// Marginals, and one draw from them.
struct Lottery {
    CappedMarginals odds;
    std::vector<Pair> pairs; ///< by ask, then helper
    Value objective;         ///< of these pairs
};

/// Maximises the expected objective with 0 <= x_ij <= cap for every pair and all other bounds as in
/// `allot_in_network` (Jecmen et al. 2020): the same flow with each place cut into `denominator`
/// parts, so that the marginals are whole numbers of parts. The certificate is that of
/// allot_in_network with parts for places.
/// Errors: invalid (a cap out of range, see `check_groups`, numbers that do not fit), interrupted.
[[nodiscard]] Result<CappedMarginals> capped_marginals(const ScoreRows& rows, const Sides& sides,
                                                       Chance cap, const Options& options = {});

/// Draws pairs from marginals: each pair with its probability, and each ask, helper and group with
/// its expected number of pairs, rounded up or down (so exactly where it is whole). Dependent
/// rounding (Gandhi, Khuller, Parthasarathy, Srinivasan 2006) in the network of the groups:
///
/// 1. The arcs are, in this order: the marginals; for each ask, by number, the groups that count
///    for it, by number, from the next such group around or the ask; asks from the smallest group
///    over the round around or the hub; helpers to the same; groups over the round, by number,
///    likewise. Each carries the sum of the marginals that pass it; it is whole when the
///    denominator divides this. Arcs between asks and the hub lead to the ask, others from the
///    helper.
/// 2. From the end of the first arc that is not whole, leave each node by the first arc that is not
///    whole and not the one by which it was reached, until a node comes again: a cycle.
/// 3. `up` is the smallest amount that makes an arc whole when it is sent around the cycle in this
///    direction, `down` the same against it. `Random(seed).below(up + down)`, one number a cycle,
///    in order: below `down` sends `up` along the cycle, otherwise `down` against it.
/// 4. Again from 2, until all arcs are whole.
///
/// O(pairs * length of a cycle). Aborts where a marginal lies outside of `sides` or of (0, 1], or
/// is given twice, or groups cross.
[[nodiscard]] std::vector<Pair> draw(std::span<const Marginal> marginals, std::int32_t denominator,
                                     const Sides& sides, std::uint64_t seed);

/// `capped_marginals`, and then `draw`; no pairs where there are shortages.
[[nodiscard]] Result<Lottery> draw_lottery(const ScoreRows& rows, const Sides& sides, Chance cap,
                                           std::uint64_t seed, const Options& options = {});

/// One sentence on a shortage of `capped_marginals`, without a full stop: who needs what, and what
/// there is, in places.
[[nodiscard]] std::string words_of(const Shortage& shortage, Chance cap, const Sides& sides,
                                   const Names& names = {});

} // namespace allot::matching
