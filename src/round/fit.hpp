/// May this offer serve this ask in this week, and how well? Without text: declared topics,
/// languages and kind. The formula and its reasons are documented in docs/fit.md.
#pragma once

#include "round/entries.hpp"

namespace allot::round {

/// Weights of `fit_of`; they add up to 1.
inline constexpr double topic_weight = 0.75;
inline constexpr double language_weight = 0.15;
inline constexpr double wish_weight = 0.10;
/// What an unknown topic or language counts: neither for nor against.
inline constexpr double unknown_share = 0.5;
/// Pairs below this are not made unless the caller says otherwise: no shared topic and no wish.
inline constexpr double default_floor = 0.20;

/// What speaks for a pair.
struct Fit {
    double score = 0;
    std::vector<std::string> topics; ///< shared, as the ask wrote them
    bool topics_unknown = false;     ///< one side names none
    std::vector<std::string> languages;
    bool language_unknown = false;
    bool wished = false;
};

/// `topic_weight * share of the ask's topics that the offer names + language_weight + wish_weight
/// if wished for`, in [0, 1]; an unknown topic or language counts `unknown_share` of its weight.
[[nodiscard]] Fit fit_of(const Ask& ask, const Offer& offer);

/// Why a pair cannot be made. They are looked for in this order, so a later one is nearer to a
/// pair.
enum class Obstacle : std::uint8_t {
    kind,     ///< the offer does not give this kind of help
    no_score, ///< scores were given, and none for this pair
    low_fit,  ///< below the floor
    minutes,  ///< the ask needs more minutes than the offer has
    language, ///< both name languages, and none in common
    hours,    ///< no shared stretch of the ask's minutes in this week
    /// The same person, a conflict, declined, `not_with` or paired before: never told apart.
    barred,
    none, ///< the pair is possible
};

} // namespace allot::round
