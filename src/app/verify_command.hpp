/// `allotment verify`: checks a round without trusting the program that held it.
#pragma once

#include "app/exit_code.hpp"

#include <string>

namespace allot::app {

struct VerifyOptions {
    std::string round; ///< folder
};

/// `ExitCode::done` when it holds, `failed` when not. Errors: a folder that cannot be read.
[[nodiscard]] Result<Outcome> run_verify(const VerifyOptions& options);

} // namespace allot::app
