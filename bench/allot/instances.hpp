/// Synthetic instances for benches and fuzzing at scale. They imitate affinity between people and
/// requests: unit vectors around topics of very unequal popularity, other topics popular on each
/// side.
#pragma once

#include "engine/allot/instance.hpp"

namespace allot::bench {

/// asks x helpers scores `0.5 + 0.5 cos` in row order, as float; 0.5 % of the pairs are NaN
/// (conflicts). 32 dimensions, sqrt(helpers) topics, Zipf popularity. O(asks * helpers * 32).
[[nodiscard]] std::vector<float> dense_scores(matching::Index asks, matching::Index helpers,
                                              std::uint64_t seed);

/// One vector of 32 values for each ask and each helper, row after row: the scores of
/// `dense_scores` before they are multiplied out, without conflicts.
struct Factors {
    std::vector<double> asks;
    std::vector<double> helpers;
};
[[nodiscard]] Factors factors(matching::Index asks, matching::Index helpers, std::uint64_t seed);

/// About `candidates` allowed pairs an ask, two thirds of them with helpers of its own topic.
[[nodiscard]] std::vector<matching::Pair>
sparse_scores(matching::Index asks, matching::Index helpers, int candidates, std::uint64_t seed);

} // namespace allot::bench
