/// Variables of the environment.
#pragma once

#include <cstdlib>
#include <string>

namespace allot::app {

/// Empty where it is not set. Not while another thread sets variables.
[[nodiscard]] inline std::string from_environment(const char* name) {
    const char* const given = std::getenv(name);
    return given == nullptr ? "" : given;
}

} // namespace allot::app
