/// Content lines of iCalendar, as they are written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace allot::calendar {

/// Octets of a line without its line break (RFC 5545, section 3.1).
inline constexpr std::size_t max_line_octets = 75;

/// Appends `line` (`NAME;PARAMETER=X:value`) and CRLF to `out`, folded so that no line is longer
/// than `max_line_octets` and no UTF-8 character is cut (section 3.1). A fold is CRLF and a space.
/// `line` holds no line break; of bytes that are no UTF-8 a line may hold less than it could.
void append_line(std::string& out, std::string_view line);

/// `text` as a value of type TEXT (section 3.3.11): backslash, comma and semicolon behind a
/// backslash, each line break (CRLF, LF or CR) as `\n`; control characters, which no TEXT may
/// hold, are left out, but not the tab.
[[nodiscard]] std::string escape_text(std::string_view text);

} // namespace allot::calendar
