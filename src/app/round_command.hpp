/// `allotment round`: offers and asks in; pairs, letters and a report out.
#pragma once

#include "app/assign_command.hpp"
#include "app/exit_code.hpp"
#include "base/clock.hpp"
#include "engine/allot/lottery.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace allot::app {

/// What `round` was told; paths as written.
struct RoundOptions {
    std::string offers;
    std::string asks;
    std::optional<std::string> scores;
    std::optional<std::string> conflicts;
    std::optional<std::string> history;
    std::optional<std::string> kinds;
    std::optional<double> min_fit; ///< not given: the floor of docs/fit.md, or 0 with own scores
    std::optional<Instant> at;     ///< not given: now
    std::uint64_t seed = 0;
    matching::Objective objective{.rule = matching::Rule::leximin};
    std::optional<matching::Chance> pair_cap; ///< a lottery; then the objective is the sum
    std::optional<CountOption> min_load;      ///< asks that each offer must get, or a file of them
    std::optional<std::string> groups;
    std::string out;
};

/// Reads, holds the round, and replaces the folder `out` in one step. Errors: see ExitCode; after
/// one the folder is as it was.
[[nodiscard]] Result<Outcome> run_round(const RoundOptions& options);

} // namespace allot::app
