/// Looks at a server from outside, as a browser does: through its name, its certificate and its
/// proxy.
#pragma once

#include "app/doctor_checks.hpp"

#include <string>
#include <vector>

namespace allot::app {

/// Fetches ORIGIN/healthz. No redirects are followed; waits 10 seconds at most. `ca_file` names the
/// certificates to trust; empty: those of this machine.
[[nodiscard]] std::vector<Finding> look_at_origin(const std::string& origin,
                                                  const std::string& ca_file, Moment now);

} // namespace allot::app
