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

/// Most asks for which every level of leximin is settled; see `Fairness::covered`.
inline constexpr Index exact_leximin_asks = 2000;
/// Of more asks, at least so many of a hundred, the worst off, are settled exactly.
inline constexpr Index settled_percent = 5;
/// How many asks leximin has to settle when so many are served.
[[nodiscard]] constexpr std::int64_t least_covered(std::int64_t served,
                                                   std::int64_t exact_asks = exact_leximin_asks) {
    return served <= exact_asks ? served : (served * settled_percent + 99) / 100;
}

/// One step of the proof that nobody who is badly off could be better off (Burkard and Rendl 1991).
/// `asks` and `rivals` can get more than `value` from `cut` only, and its places are too few for
/// all of them; who is below `value` stays as well off as possible.
///
/// Each level takes for granted what the levels of smaller values have shown, and those that count
/// unserved asks come before all others, the longest waiting first. Levels of one value stand
/// together, the largest set first. At least |asks| + |rivals| - places(cut) of the set get
/// `value`; with `outside`, at least `least` of all helpers that are not in the cut, less the asks
/// that are not in the set.
struct Level {
    Micro value = 0;
    /// Set where, in place of a score, asks of this waiting class count that stay unserved.
    std::optional<std::uint8_t> unserved;
    std::vector<Index> asks;   ///< those that get exactly `value` (stay unserved), by number
    std::vector<Index> rivals; ///< those that have the places of `cut`, or stay empty (`outside`)
    std::vector<Index> cut;    ///< helpers
    /// To have no helper, where that is allowed, is in the cut too, and so is every place that may
    /// stay free: helpers outside the cut have as few asks as they must.
    bool outside = false;

    friend bool operator==(const Level&, const Level&) = default;
};

/// Has everybody the sum of `Objective::floor`?
enum class FloorOutcome : std::uint8_t {
    met,       ///< yes; or the rule is another one
    not_found, ///< no, and whether that is possible is not known: these are the best pairs found
    impossible ///< no, and `Fairness::worst_bound` shows that no allotment does it
};

/// How the worst off are served, and how far that is proved.
struct Fairness {
    Micro worst = 0;                        ///< the smallest s; 0 where nobody is served
    Micro worst_bound = 0;                  ///< no allotment has a larger smallest s
    FloorOutcome floor = FloorOutcome::met; ///< for Rule::floor
    std::vector<Level> levels;              ///< ascending values
    /// Leximin, where every ask needs one place: so many asks, the worst off, have the s that
    /// `levels` prove; the sum of the others is the largest that leaves them it. At least
    /// `least_covered`. Otherwise 0.
    std::int64_t covered = 0;
    /// Nothing is better by the rule, of leximin for the `covered` asks and then by the sum. Where
    /// every ask needs one place, code that the solver does not use has replayed it; elsewhere the
    /// bounds are met.
    bool proved = false;
};

} // namespace allot::matching
