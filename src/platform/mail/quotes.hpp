/// Which words of an answer are its writer's own.
#pragma once

#include <string>
#include <string_view>

namespace allot::mail {

/// Between whom the mail is, as far as it says; empty where it does not.
struct Correspondence {
    std::string writer;  ///< her address
    std::string ours;    ///< that she wrote to, without its tag
    std::string subject; ///< of her mail
};

/// The text without what it answers to and without a signature, in any language.
/// - Lines that begin with ">" go, with the line or lines that announce them ("... wrote:"). Words
///   below or between quoted lines stay.
/// - All from "-----Original Message-----" or a long line of underscores on goes; from a block of
///   three or more lines "Label: value" of which one names an address or the subject; from lines
///   that end in ":" and name one of the two addresses in angle brackets; and from "--" on.
/// - What is left is without each line that names one of the two addresses.
/// Lines end with LF; none is empty at the beginning or the end. O(text).
[[nodiscard]] std::string without_quotes(std::string_view text, const Correspondence& between = {});

} // namespace allot::mail
