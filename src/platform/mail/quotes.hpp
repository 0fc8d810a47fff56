/// Which words of an answer are its writer's own.
#pragma once

#include <string>
#include <string_view>

namespace allot::mail {

/// The text without what it answers to and without a signature: lines that begin with ">" and the
/// line that announces them ("... wrote:"), all from "-----Original Message-----", a long line of
/// underscores or a block "From: ... Sent: ..." on, and all from "-- " on. Words below or between
/// quoted lines stay. Lines end with LF; none is empty at the beginning or the end. O(text).
[[nodiscard]] std::string without_quotes(std::string_view text);

} // namespace allot::mail
