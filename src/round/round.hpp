/// A round: the asks and offers of a week, who is paired with whom, and why.
#pragma once

#include "engine/allot/lottery.hpp"
#include "round/fit.hpp"
#include "round/groups.hpp"

namespace allot::round {

/// What the caller chose.
struct Settings {
    Instant at;                   ///< the round is for the ISO week (UTC) that holds this
    std::uint64_t seed = 0;       ///< decides between equal optima
    double floor = default_floor; ///< pairs of a lower fit are not made
    /// What is made largest among the asks of a maximum served set; see docs/fit.md.
    matching::Objective objective{.rule = matching::Rule::leximin};
    /// Given: a lottery, in which no pair is more likely than this; then the rule is Rule::sum.
    std::optional<matching::Chance> pair_cap;
    /// Given: each offer gets at least so many asks, or as many as it has places.
    std::optional<int> least_of_all;
};

/// What people wrote.
struct Inputs {
    std::vector<Offer> offers;
    std::vector<Ask> asks;
    History history;
    IdPairs conflicts;
    std::optional<IdScores> scores; ///< given: they are the fit, and a missing pair is not possible
    IdCounts least;                 ///< how many asks an offer must get, by id
    std::vector<GroupEntry> groups; ///< of asks or offers, by id
};

/// A pair of the round, by index into `Round::asks` and `Round::offers`.
struct Pairing {
    std::size_t ask = 0;
    std::size_t offer = 0;
    Fit fit;
    matching::Micro score = 0;
    std::vector<calendar::Stretch> slots; ///< empty: written, or hours unknown
    bool hours_unknown = false;
};

/// Why an ask got fewer places than it asked for.
enum class Unserved : std::uint8_t {
    late,     ///< its date lies before the round
    no_offer, ///< nobody offers this kind of help now
    no_pair,  ///< offers of this kind exist, none is possible; `nearest` says what is missing
    taken,    ///< possible offers exist, and their places went to others
};

/// An ask with empty places, and the nearest thing that exists.
struct Waiting {
    std::size_t ask = 0;
    int missing = 0; ///< places
    Unserved why = Unserved::no_offer;
    /// For `no_pair`: of the offers that share a topic or more, the one that fits best, and what it
    /// lacks. For `taken`: the possible one that fits best. Never one that is barred.
    std::optional<std::size_t> nearest;
    Obstacle lacks = Obstacle::none;
    /// What lay between it and offers of its kind that were not possible; nothing of barred ones.
    std::set<Obstacle> in_the_way;
    std::size_t possible = 0; ///< offers that could have served it
    /// One of these offers has a place that stayed empty: groups or the lot kept it so.
    bool some_free = false;
    bool nearest_free = false; ///< the nearest has such a place
    bool in_draw = false;      ///< of a lottery: one of its pairs that were not drawn had a chance
};

/// Could any offer have filled the places that stayed empty? Where none could, to wait is no help.
[[nodiscard]] constexpr bool has_hope(const Waiting& waiting) {
    return waiting.why == Unserved::taken;
}

/// Help of one kind and topic of which one more place would be worth something.
struct Scarce {
    std::string kind;
    std::string topic;
    std::optional<std::string> part_of_day; ///< "evening" and so on, for kinds with hours
    std::size_t asks = 0;  ///< that compete for it, of at least `fewest_behind` people
    matching::Value worth; ///< of one more place
};
/// Fewer asks than these are never summed up: a figure about a group needs a group.
inline constexpr std::size_t fewest_behind = 5;

/// A rule may help those who are served badly, though not the worst off: pairs below are counted.
inline constexpr matching::Micro half_fit = 500'000;

/// What one rule makes of the same asks and offers: the trade between all together and the worst
/// off.
struct TradeLine {
    std::string rule; ///< "sum", "leximin", "maxmin", "floor:0.5" or "lottery"
    matching::Value objective;
    matching::Micro worst = 0; ///< the smallest sum of fits of an ask that is served
    std::size_t low = 0;       ///< pairs of a fit below `half_fit`
    std::size_t unfilled = 0;  ///< asks with empty places
    bool chosen = false;
};

struct Round {
    Settings settings;
    bool own_scores = false; ///< the fit came from a file
    calendar::Week week{};
    std::vector<Ask> asks;     ///< all, sorted by id
    std::vector<Offer> offers; ///< all, sorted by id

    /// What the engine saw: asks and offers of this round in canonical order, as indices into
    /// `asks` and `offers`. Engine number k is relabelled `a{k+1}` or `h{k+1}`.
    std::vector<std::size_t> ask_order;
    std::vector<std::size_t> offer_order;
    matching::Sides sides;
    bool has_minimums = false;            ///< hosts set minimum loads; they come before waiting
    bool has_groups = false;              ///< hosts set groups; so do these
    std::vector<matching::Pair> instance; ///< in engine numbers
    /// By the rule of the settings, in engine numbers; of a lottery the draw, which is its own
    /// bound.
    matching::Allotment allotment;
    std::optional<matching::CappedMarginals> odds; ///< of a lottery
    /// Of one more place of each offer, in the largest sum; empty with groups or minimums.
    std::vector<matching::Value> worth;
    std::vector<TradeLine> trade; ///< the chosen rule and, unless it is left out, all others
    bool trade_left_out = false;  ///< too many asks to compare the rules

    std::vector<Pairing> pairings; ///< by ask, then offer
    std::vector<Waiting> waiting;  ///< by ask
    std::vector<Scarce> scarce;    ///< most worth first
    /// Of an ask and an offer of its kind: what anybody can see to stand between them. What is
    /// barred is not here, nor what only fits too little.
    std::vector<std::tuple<std::size_t, std::size_t, Obstacle>> obstacles;
};

/// Does an ask with empty places come again? One that came too late does not.
[[nodiscard]] bool waits_on(const Round& round);

/// Is it proved that nothing is better by the rule (of a lottery: that no chances are)?
[[nodiscard]] bool is_proved(const Round& round);

/// Holds a round. Asks past their date and offers without places or past theirs stay out.
/// Offers are compared with each ask once: O(asks * offers) and the solver.
/// Errors: a round too large for exact sums, groups that cross or that the rule cannot keep,
/// minimums or a floor that cannot be reached (infeasible), interrupted.
[[nodiscard]] Result<Round> hold_round(Inputs inputs, const Settings& settings, const Kinds& kinds,
                                       const matching::Options& options = {});

} // namespace allot::round
