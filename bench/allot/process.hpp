/// Runs a program and says what it cost, as the operating system counted it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace allot::bench {

struct Finished {
    int exit_code = -1;
    double wall_seconds = 0;
    double cpu_seconds = 0;
    std::int64_t peak_rss_bytes = 0;
    std::string output; ///< of stdout
};

/// Runs `command` (a path and its arguments) to its end; stderr stays where it is.
[[nodiscard]] Finished run_process(const std::vector<std::string>& command);

/// Largest resident set of this process so far.
[[nodiscard]] std::int64_t own_peak_rss_bytes();

} // namespace allot::bench
