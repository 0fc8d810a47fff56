/// What `assign` found, as the files and the words that people and programs read.
#pragma once

#include "app/assign_input.hpp"
#include "engine/allot/lottery.hpp"
#include "engine/allot/solver.hpp"

namespace allot::app {

/// What the work cost, for the certificate.
struct Spent {
    double seconds = 0;       ///< since the process began
    double solve_seconds = 0; ///< in the engine
    std::int64_t peak_rss_bytes = 0;
};

/// Why there are no pairs, for `shortage_json`.
struct NoPairs {
    std::string reason;                        ///< a sentence without a full stop
    std::vector<matching::Shortage> shortages; ///< in output order
    /// Set where a floor is known to be impossible: no allotment has a larger smallest sum.
    std::optional<matching::Micro> worst_bound;
};

/// The text of `pairs.csv`: `ask,helper,score`, by ask, then helper.
[[nodiscard]] std::string pairs_csv(const AssignInput& input,
                                    std::span<const matching::Pair> pairs);

/// The text of `marginals.csv`: `ask,helper,probability`, ordered like pairs.
[[nodiscard]] std::string marginals_csv(const AssignInput& input,
                                        const matching::CappedMarginals& odds);

/// The text of `cert.json` of an allotment.
[[nodiscard]] std::string certificate_json(const AssignInput& input,
                                           const matching::Objective& objective,
                                           const matching::Allotment& allotment,
                                           const Spent& spent);

/// The text of `cert.json` of a draw.
[[nodiscard]] std::string lottery_json(const AssignInput& input, const matching::Lottery& lottery,
                                       std::uint64_t seed, const Spent& spent);

/// The text of `cert.json` where there are no pairs. With a cap, shortages count in parts of its
/// denominator.
[[nodiscard]] std::string shortage_json(const AssignInput& input,
                                        const matching::Objective& objective,
                                        const std::optional<matching::Chance>& cap,
                                        const NoPairs& none, const Spent& spent);

/// The shortages with everybody in the order in which results are written.
[[nodiscard]] std::vector<matching::Shortage>
in_output_order(std::vector<matching::Shortage> shortages, const Labels& asks,
                const Labels& helpers);

/// "these 2 asks need 2 places ("a" and "b"); the one person who could help them has 1 place ("x");
/// 1 place is missing". Where a minimum or a group is in the way, it is named. With a
/// floor above 0 only pairs that reach it count.
[[nodiscard]] std::string words_of(const matching::Shortage& shortage, const Labels& asks,
                                   const Labels& helpers,
                                   std::span<const matching::Group> groups = {},
                                   matching::Micro floor = 0);

/// Why not everything can be met: the words of each shortage, the first ten of many.
[[nodiscard]] std::string words_of(const std::vector<matching::Shortage>& shortages,
                                   const AssignInput& input, const matching::Objective& objective,
                                   const std::optional<matching::Chance>& cap);

/// Why nobody can be held to a floor that `bound` is below.
[[nodiscard]] std::string floor_words(matching::Micro floor, matching::Micro bound);

/// "15000 pairs, sum of scores 12387.241247, proved best under these scores." With a fair
/// objective also who is worst off, and how far that is proved.
[[nodiscard]] std::string summary_of(const matching::Objective& objective, const AssignInput& input,
                                     const matching::Allotment& allotment);

/// The same of a draw.
[[nodiscard]] std::string summary_of(const matching::Lottery& lottery, std::uint64_t seed);

} // namespace allot::app
