/// Which pairs a rule makes of an instance, and what the other rules would make of it. Internal to
/// `round`.
#pragma once

#include "round/round.hpp"

namespace allot::round {

/// What a round sees once who may be paired with whom is known.
struct Possible {
    std::span<const matching::Pair> instance;
    matching::Sides sides;               ///< with the groups and minimums that hosts set
    std::vector<matching::Group> people; ///< offers of one person; see `decide`
    std::vector<std::string> asks;       ///< ids by number
    std::vector<std::string> offers;
};

/// What was decided; see the members of `Round` of the same names.
struct Decided {
    matching::Sides sides;
    matching::Allotment allotment;
    std::optional<matching::CappedMarginals> odds;
    std::vector<matching::Value> worth;
    std::vector<TradeLine> trade;
    bool trade_left_out = false;
};

/// Most asks for which the rules are compared: where all want one place, and where some want more.
inline constexpr matching::Index most_compared = 2000;
inline constexpr matching::Index most_compared_several = 400;
/// Most possible pairs for which they are where there are groups: leximin takes seconds then.
inline constexpr std::size_t most_compared_in_groups = 50'000;

/// Solves by the rule of `settings`, and by the others to compare. With Rule::sum no person serves
/// an ask of several places twice: `people` are groups then, unless they cross those of hosts.
/// Errors: see `hold_round`.
[[nodiscard]] Result<Decided> decide(const Possible& possible, const Settings& settings,
                                     const matching::Options& options);

/// One pair is made, whatever it costs, and the rule decides about all others; exact where every
/// ask wants one place, otherwise the best that was found. nullopt: the pair is not allowed, or
/// cannot be where minimums or groups are kept. Errors: as `allot`.
[[nodiscard]] Result<std::optional<std::vector<matching::Pair>>>
decide_with(std::span<const matching::Pair> instance, const matching::Sides& sides,
            const matching::Objective& objective, matching::Index ask, matching::Index offer);

/// "sum", "leximin", "maxmin" or "floor:0.5".
[[nodiscard]] std::string name_of(const matching::Objective& objective);

/// The sums of fits of the asks that are served, ascending.
[[nodiscard]] std::vector<matching::Micro> sums_of(std::span<const matching::Pair> pairs);

} // namespace allot::round
