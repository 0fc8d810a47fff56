/// `allotment assign`: a matrix or a list of scores in, pairs and their proof out.
#pragma once

#include "app/exit_code.hpp"
#include "engine/allot/lottery.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace allot::app {

/// One number for everybody, or the path of a file with a number for each.
using CountOption = std::variant<std::int64_t, std::string>;

/// The rows of asks and of helpers whose products are the scores.
using FactorPaths = std::array<std::string, 2>;

/// No pair is more likely than `cap`, and one draw is made.
struct LotteryOptions {
    matching::Chance cap;
    std::string marginals; ///< file for the probabilities
};

/// What `assign` was told; paths as written, numbers in range.
struct AssignOptions {
    std::string scores; ///< empty where there are factors
    std::optional<FactorPaths> factors;
    CountOption demand;
    CountOption capacity;
    std::optional<std::string> conflicts;
    std::optional<CountOption> min_load;
    std::optional<std::string> groups;
    matching::Objective objective;
    std::optional<LotteryOptions> lottery; ///< with Rule::sum only
    std::uint64_t seed = 0;
    unsigned threads = 1;
    std::string out;
    std::string certificate;
};

/// Reads, allots, and writes all files; `began` is when the process did. Errors: see ExitCode.
/// When the error is `infeasible` the certificate was written, and `out` and the marginals were
/// removed. After any other error all are as they were, unless the disk failed between two renames.
[[nodiscard]] Result<Outcome> run_assign(const AssignOptions& options,
                                         std::chrono::steady_clock::time_point began);

} // namespace allot::app
