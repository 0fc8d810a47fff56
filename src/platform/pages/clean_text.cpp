#include "platform/pages/clean_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace allot::pages {

namespace {

constexpr UChar32 non_joiner = 0x200c;
constexpr UChar32 joiner = 0x200d;
constexpr UChar32 braille_blank = 0x2800;

/// Joins letters of some scripts and parts of emoji: part of what is written, though not seen.
[[nodiscard]] bool joins(UChar32 c) {
    return c == non_joiner || c == joiner || u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) != 0;
}

/// Seen by nobody, or turns the direction of what stands after it: with these a name could look
/// like another's, or like nothing.
[[nodiscard]] bool deceives(UChar32 c) {
    return !joins(c) && (u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) != 0 ||
                         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0);
}

/// Embeddings, overrides and isolates; marks of direction belong to texts.
[[nodiscard]] bool turns(UChar32 c) {
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

[[nodiscard]] icu::UnicodeString wide(std::string_view s) {
    return icu::UnicodeString::fromUTF8({s.data(), static_cast<int32_t>(s.size())});
}

[[nodiscard]] std::string trimmed(const icu::UnicodeString& s) {
    std::string out;
    s.toUTF8String(out);
    return std::string(text::trim(out));
}

} // namespace

std::string in_one_line(std::string_view s) {
    const icu::UnicodeString typed = wide(s);
    icu::UnicodeString out;
    bool seen = false;
    for (int32_t at = 0; at < typed.length(); at = typed.moveIndex32(at, 1)) {
        const UChar32 c = typed.char32At(at);
        if (u_isUWhiteSpace(c) != 0 || u_charType(c) == U_CONTROL_CHAR) {
            if (!out.endsWith(u" ")) {
                out.append(u' ');
            }
        } else if (!deceives(c)) {
            out.append(c);
            seen = seen || (!joins(c) && c != braille_blank);
        }
    }
    return seen ? trimmed(out) : std::string();
}

std::string in_lines(std::string_view s) {
    if (in_one_line(s).empty()) {
        return {};
    }
    icu::UnicodeString typed = wide(s);
    typed.findAndReplace(u"\r\n", u"\n").findAndReplace(u"\r", u"\n");
    icu::UnicodeString out;
    for (int32_t at = 0; at < typed.length(); at = typed.moveIndex32(at, 1)) {
        const UChar32 c = typed.char32At(at);
        const bool is_control = u_charType(c) == U_CONTROL_CHAR && c != '\n' && c != '\t';
        if (!is_control && !turns(c)) {
            out.append(c);
        }
    }
    return trimmed(out);
}

std::size_t characters(std::string_view s) {
    return static_cast<std::size_t>(std::ranges::count_if(
        s, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

} // namespace allot::pages
