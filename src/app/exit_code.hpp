/// What the program says to the shell.
#pragma once

#include "base/result.hpp"

#include <cstdint>

namespace allot::app {

enum class ExitCode : std::uint8_t {
    done = 0,
    failed = 1,        ///< disk or internal failure; or: what was checked does not hold
    invalid = 2,       ///< bad option or input
    infeasible = 3,    ///< the input is well formed and has no solution
    try_again = 75,    ///< for a mail system: keep the mail and come again (EX_TEMPFAIL)
    unwanted = 77,     ///< for a mail system: send it back (EX_NOPERM)
    interrupted = 130, ///< SIGINT or SIGTERM
};

[[nodiscard]] constexpr ExitCode exit_code_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalid:
        return ExitCode::invalid;
    case ErrorKind::infeasible:
        return ExitCode::infeasible;
    case ErrorKind::interrupted:
        return ExitCode::interrupted;
    case ErrorKind::io:
    case ErrorKind::missing:
    case ErrorKind::forbidden:
    case ErrorKind::conflict:
    case ErrorKind::too_many:
    case ErrorKind::unavailable:
        break;
    }
    return ExitCode::failed;
}

/// How a command that did its work ends: words for stdout, each line with its line end, and what is
/// said about them on stderr.
struct Outcome {
    std::string words;
    ExitCode code = ExitCode::done;
    std::string notes;
};

} // namespace allot::app
