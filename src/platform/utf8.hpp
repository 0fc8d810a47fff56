/// Whether bytes are text: UTF-8 (RFC 3629, section 4), no overlong forms, no surrogates.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// How many bytes of `s` are its first character; 0 where it begins with none.
[[nodiscard]] std::size_t utf8_character(std::string_view s);

[[nodiscard]] bool is_utf8(std::string_view s);

/// A control character of C0 or C1, or DEL, anywhere in valid UTF-8.
[[nodiscard]] bool has_control(std::string_view s);

/// `s` with U+FFFD for each byte that is no part of a character.
[[nodiscard]] std::string as_utf8(std::string_view s);

/// `text::shown` for bytes that may be no UTF-8: for messages about what came from outside.
[[nodiscard]] std::string shown_utf8(std::string_view s);

} // namespace allot
