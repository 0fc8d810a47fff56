/// What `allotment doctor` looks at: a list of checks, each a function. A new part of the house
/// adds a line to it.
#pragma once

#include "app/doctor_command.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace allot::app {

enum class Verdict : std::uint8_t {
    ok,
    look,  ///< something should be done soon
    wrong, ///< something should be done now
};

struct Finding {
    Verdict verdict = Verdict::ok;
    std::string about; ///< "last backup"
    std::string found;
    std::string what_to_do; ///< empty where nothing is
};

/// In the order in which a person should read them. Errors: a place that cannot be understood.
[[nodiscard]] Result<std::vector<Finding>> all_findings(const DoctorOptions& options, Moment now);

} // namespace allot::app
