/// What `assign` found, as the files and the words that people and programs read.
#pragma once

#include "app/assign_input.hpp"
#include "engine/allot/solver.hpp"

namespace allot::app {

/// What the work cost, for the certificate.
struct Spent {
    double seconds = 0;       ///< since the process began
    double solve_seconds = 0; ///< in the engine
    std::int64_t peak_rss_bytes = 0;
};

/// The text of `pairs.csv`: `ask,helper,score`, by ask, then helper.
[[nodiscard]] std::string pairs_csv(const AssignInput& input, const matching::Allotment& allotment);

/// The text of `cert.json` of an allotment.
[[nodiscard]] std::string certificate_json(const AssignInput& input,
                                           const matching::Allotment& allotment,
                                           const Spent& spent);

/// The text of `cert.json` when not every demand can be met.
[[nodiscard]] std::string shortage_json(const AssignInput& input,
                                        const std::vector<matching::Shortage>& shortages,
                                        const Spent& spent);

/// The shortages with everybody in the order in which results are written.
[[nodiscard]] std::vector<matching::Shortage>
in_output_order(std::vector<matching::Shortage> shortages, const Labels& asks,
                const Labels& helpers);

/// "these 2 asks need 2 places ("a" and "b"); the one person who could help them has 1 place ("x");
/// 1 place is missing".
[[nodiscard]] std::string words_of(const matching::Shortage& shortage, const Labels& asks,
                                   const Labels& helpers);

/// Why not every demand can be met: the words of each shortage, the first ten of many.
[[nodiscard]] std::string words_of(const std::vector<matching::Shortage>& shortages,
                                   const Labels& asks, const Labels& helpers);

/// "15000 pairs, sum of scores 12387.241247, proved best under these scores."
[[nodiscard]] std::string summary_of(const matching::Allotment& allotment);

} // namespace allot::app
