/// `allotment doctor`: is this server well, and what should be done?
#pragma once

#include "app/data_folder.hpp"
#include "app/exit_code.hpp"
#include "base/world.hpp"

#include <string>

namespace allot::app {

struct DoctorOptions {
    Place place;
    std::string origin; ///< "https://lab.example"; empty: proxy and https are not looked at
    bool as_json = false;
};

/// Looks at everything that it knows of, changes nothing, and says a line about each. What is wrong
/// is no error: the exit code says it.
[[nodiscard]] Result<Outcome> run_doctor(const DoctorOptions& options, const Clock& clock);

} // namespace allot::app
