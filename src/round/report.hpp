/// The report of a round for its hosts: one page that needs nothing else.
#pragma once

#include "round/round.hpp"

namespace allot::round {

/// HTML with style and pictures inside; readable without JavaScript (it has none), printable, light
/// and dark. Makes no outside call.
[[nodiscard]] std::string report_of(const Round& round);

} // namespace allot::round
