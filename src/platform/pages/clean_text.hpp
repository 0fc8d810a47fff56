/// Text as people typed or pasted it, cleaned: the same for forms and for files that people bring.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace allot::pages {

/// Of valid UTF-8: white space and control characters as single spaces, none at the ends; without
/// what nobody sees or what turns the direction. Cleaned once more it is the same.
[[nodiscard]] std::string in_one_line(std::string_view s);

/// CRLF and CR as LF, without other control characters or what turns the direction of more than
/// itself, and none of both at the ends. Empty where `in_one_line` is: nobody sees anything.
[[nodiscard]] std::string in_lines(std::string_view s);

/// How long people would say it is: code points of valid UTF-8.
[[nodiscard]] std::size_t characters(std::string_view s);

} // namespace allot::pages
