#include "engine/allot/check_instance.hpp"

#include <algorithm>

namespace allot::matching {

void check_instance(const ScoreRows& rows, const Sides& sides, const Options& options) {
    ALLOT_CHECK(asks_of(rows) == sides.asks() && helpers_of(rows) == sides.helpers(),
                "rows and sides have different shapes");
    check_sides(sides);
    auto order = options.order;
    std::ranges::sort(order);
    for (std::size_t k = 0; k < order.size(); ++k) {
        ALLOT_CHECK(order.size() == sides.demand.size() && order[k] == static_cast<Index>(k),
                    "the order is not a permutation of the asks");
    }
}

} // namespace allot::matching
