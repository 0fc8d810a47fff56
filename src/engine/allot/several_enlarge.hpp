/// A larger sum for a fair round with demands of two or more whose smallest sum is found, and a
/// bound of it. Internal to `engine/allot`.
#pragma once

#include "engine/allot/several_case.hpp"

namespace allot::matching::several {

struct Enlarged {
    Plan plan;
    Micro bound; ///< no allotment whose smallest sum is as required has a larger sum
};

/// Raises the sums of `plans`, of which there is one or more, over their neighbourhoods: nobody who
/// is served falls below `least`. Returns the one with the largest sum. `bound` is the sum without
/// such a condition. Errors: interrupted.
[[nodiscard]] Result<Enlarged> enlarge_sums(Case& fair, std::vector<Plan> plans, Micro least,
                                            Micro bound);

} // namespace allot::matching::several
