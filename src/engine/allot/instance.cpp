#include "engine/allot/instance.hpp"

namespace allot::matching {

void check_sides(const Sides& sides) {
    const auto negative = [](Count n) { return n < 0; };
    ALLOT_CHECK(std::ranges::none_of(sides.demand, negative) &&
                    std::ranges::none_of(sides.places, negative),
                "a demand or a number of places is negative");
    ALLOT_CHECK(sides.waiting.empty() || sides.waiting.size() == sides.demand.size(),
                "waiting classes are for all asks or for none");
    ALLOT_CHECK(std::ranges::all_of(sides.waiting, [](auto k) { return k < waiting_classes; }),
                "a waiting class is above 3");
    ALLOT_CHECK(sides.least.empty() || sides.least.size() == sides.places.size(),
                "minimum loads are for all helpers or for none");
}

} // namespace allot::matching
