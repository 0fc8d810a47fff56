/// `allotment verify`: checks a round without trusting the program that held it.
#pragma once

#include "app/exit_code.hpp"
#include "engine/allot/objective.hpp"

#include <optional>
#include <string>

namespace allot::app {

struct VerifyOptions {
    std::string round; ///< folder
    /// The rule where round.json is missing; where it is there it must say the same.
    std::optional<matching::Objective> objective;
    std::optional<std::string> commitment; ///< that was published before the round
};

/// `ExitCode::done` when it holds, `failed` when not. Errors: a folder that cannot be read.
[[nodiscard]] Result<Outcome> run_verify(const VerifyOptions& options);

} // namespace allot::app
