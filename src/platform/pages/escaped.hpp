/// Text inside of marked-up text.
#pragma once

#include <string>
#include <string_view>

namespace allot::pages {

/// Text as HTML and XML hold it, also inside of quotes of either kind. O(bytes).
[[nodiscard]] std::string escaped(std::string_view text);

} // namespace allot::pages
