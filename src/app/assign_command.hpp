/// `allotment assign`: a matrix or a list of scores in, pairs and their proof out.
#pragma once

#include "app/exit_code.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace allot::app {

/// One number for everybody, or the path of a file with a number for each.
using CountOption = std::variant<std::int64_t, std::string>;

/// What `assign` was told; paths as written, numbers in range.
struct AssignOptions {
    std::string scores;
    CountOption demand;
    CountOption capacity;
    std::optional<std::string> conflicts;
    std::uint64_t seed = 0;
    unsigned threads = 1;
    std::string out;
    std::string certificate;
};

/// Reads, allots, and writes both files; `began` is when the process did. Errors: see ExitCode.
/// When the error is `infeasible` the certificate was written and `out` removed; after any other
/// error both are as they were.
[[nodiscard]] Result<Outcome> run_assign(const AssignOptions& options,
                                         std::chrono::steady_clock::time_point began);

} // namespace allot::app
