/// A round: the asks and offers of a week, who is paired with whom, and why.
#pragma once

#include "engine/allot/solver.hpp"
#include "round/fit.hpp"

namespace allot::round {

/// What the caller chose.
struct Settings {
    Instant at;                   ///< the round is for the ISO week (UTC) that holds this
    std::uint64_t seed = 0;       ///< decides between equal optima
    double floor = default_floor; ///< pairs of a lower fit are not made
};

/// What people wrote.
struct Inputs {
    std::vector<Offer> offers;
    std::vector<Ask> asks;
    History history;
    IdPairs conflicts;
    std::optional<IdScores> scores; ///< given: they are the fit, and a missing pair is not possible
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
    std::size_t possible = 0; ///< offers that could have served it
};

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
    std::vector<matching::Pair> instance; ///< in engine numbers
    matching::Allotment allotment;        ///< in engine numbers

    std::vector<Pairing> pairings; ///< by ask, then offer
    std::vector<Waiting> waiting;  ///< by ask
    std::vector<Scarce> scarce;    ///< most worth first
    /// Of an ask and an offer of its kind: what anybody can see to stand between them. What is
    /// barred is not here, nor what only fits too little.
    std::vector<std::tuple<std::size_t, std::size_t, Obstacle>> obstacles;
};

/// Holds a round. Asks past their date and offers without places or past theirs stay out.
/// Offers are compared with each ask once: O(asks * offers) and the solver.
/// Errors: a round too large for exact sums, interrupted.
[[nodiscard]] Result<Round> hold_round(Inputs inputs, const Settings& settings, const Kinds& kinds,
                                       const matching::Options& options = {});

} // namespace allot::round
