/// `allotment why`: explains one pairing of a round, or its absence.
#pragma once

#include "app/exit_code.hpp"

#include <optional>
#include <string>

namespace allot::app {

struct WhyOptions {
    std::string round; ///< folder
    std::string ask;
    std::optional<std::string> helper; ///< id of an offer
};

/// Errors: a folder that is no round, or an id that is not in it.
[[nodiscard]] Result<Outcome> run_why(const WhyOptions& options);

} // namespace allot::app
