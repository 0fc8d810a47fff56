/// "Why not X?": what everybody together would lose if one pair were made.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

struct WhyNot {
    /// Objective without the wish minus objective with it; zero when an equally good allotment
    /// has the pair.
    Value loss;
    /// The pairs that would end and the pairs that would begin, the wished one included; by ask.
    std::vector<Pair> ended;
    std::vector<Pair> begun;
};

/// What it would cost to pair `ask` with `helper`, given an optimal allotment of the instance with
/// its prices: one shortest cycle through the pair in reduced costs (Ahuja, Magnanti, Orlin 1993,
/// chapter 9). The reduced cost of the pair alone would only be a lower bound. O(pairs log n).
/// nullopt: the pair is not allowed, is already made, or would leave a demand unmet that must be
/// met.
[[nodiscard]] std::optional<WhyNot> why_not(const ScoreRows& rows, const Sides& sides,
                                            const Allotment& allotment, Index ask, Index helper);

} // namespace allot::matching
