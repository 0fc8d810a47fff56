/// The order of ids in which everything is computed, so that the order of input rows cannot matter.
#pragma once

#include "engine/allot/instance.hpp"

#include <string>

namespace allot::matching {

/// The ids sorted by (newcomer first, seeded hash of the id, id), as numbers into `ids`.
/// `newcomer` is empty or has one flag an id. Ids are different from each other. O(n log n).
[[nodiscard]] std::vector<Index> canonical_order(std::span<const std::string_view> ids,
                                                 std::uint64_t seed,
                                                 const std::vector<bool>& newcomer = {});

/// Where each number went: `inverse(order)[order[k]] == k`.
[[nodiscard]] std::vector<Index> inverse(std::span<const Index> order);

} // namespace allot::matching
