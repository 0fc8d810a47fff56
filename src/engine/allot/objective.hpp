/// What is made largest, and what proves it where that is more than a sum.
#pragma once

#include "engine/allot/instance.hpp"

namespace allot::matching {

/// What is made largest, with s the sum of scores of each ask that takes part: all asks with
/// `Service::full`; with `Service::partial` those of a maximum served set, the longest waiting
/// first.
enum class Rule : std::uint8_t {
    sum,     ///< the sum of all scores
    maxmin,  ///< the smallest s, then the sum
    floor,   ///< every s at least `Objective::floor`, then the sum
    leximin, ///< the lexicographically largest ascending vector s
};

struct Objective {
    Rule rule = Rule::sum;
    Micro floor = 0; ///< for Rule::floor
};

/// One step of the proof that nobody who is badly off could be better off (Burkard and Rendl 1991).
/// `asks` and `rivals` can get more than `value` from `cut` only, and its places are too few for
/// all of them; who is below `value` stays as well off as possible.
struct Level {
    Micro value = 0;
    std::vector<Index> asks;   ///< those that get exactly `value`
    std::vector<Index> rivals; ///< those that have the places of `cut`
    std::vector<Index> cut;    ///< helpers
};

/// Has everybody the sum of `Objective::floor`?
enum class FloorOutcome : std::uint8_t {
    met,       ///< yes; or the rule is another one
    not_found, ///< no, and whether that is possible is not known: these are the best pairs found
    impossible ///< no, and `Fairness::worst_bound` shows that no allotment does it
};

/// How the worst off are served, and how far that is proved.
struct Fairness {
    Micro worst = 0;                        ///< the smallest s
    Micro worst_bound = 0;                  ///< no allotment has a larger smallest s
    FloorOutcome floor = FloorOutcome::met; ///< for Rule::floor
    std::vector<Level> levels;              ///< ascending values
    bool proved = false;                    ///< checked by code that the solver does not use
};

} // namespace allot::matching
