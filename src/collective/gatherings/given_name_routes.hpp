/// Routes of one gathering, at names that it had before its series met at other times.
#pragma once

#include "platform/pages/router.hpp"

#include <vector>

namespace allot::gatherings {

/// The same routes. Where one below a {when} finds nothing under a name that was given out before a
/// change "from here on", whoever reads is sent on to what took its place; words that come with a
/// form are kept there; what is said about a time is not, since it was said about another one, and
/// is asked again (`conflict`). Where nothing took its place, the page says so.
[[nodiscard]] std::vector<pages::Route> at_given_names(std::vector<pages::Route> routes);

} // namespace allot::gatherings
