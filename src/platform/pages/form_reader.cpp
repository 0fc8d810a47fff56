#include "platform/pages/form_reader.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace allot::pages {

namespace {

[[nodiscard]] std::size_t characters(std::string_view s) {
    return static_cast<std::size_t>(std::ranges::count_if(
        s, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

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

/// White space and control characters as single spaces; nothing where there is nothing to see.
[[nodiscard]] std::string in_one_line(std::string_view s) {
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

/// CRLF and CR as LF, without other control characters.
[[nodiscard]] std::string in_lines(std::string_view s) {
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

} // namespace

std::string_view FormReader::raw(std::string_view field) const {
    return form_.value(field).value_or("");
}

void FormReader::check_length(std::string_view field, std::string_view text, std::size_t most,
                              Need need) {
    if (text.empty() && need == Need::required) {
        note(field, "form.required");
    } else if (characters(text) > most) {
        note(field, "form.too_long",
             {{"most", std::to_string(most)}, {"has", std::to_string(characters(text))}});
    }
}

std::string FormReader::line(std::string_view field, std::size_t most, Need need) {
    std::string text = in_one_line(raw(field));
    check_length(field, text, most, need);
    return text;
}

std::string FormReader::prose(std::string_view field, std::size_t most, Need need) {
    std::string text = in_lines(raw(field));
    check_length(field, text, most, need);
    return text;
}

bool FormReader::ticked(std::string_view field) const {
    const std::string_view value = raw(field);
    return !value.empty() && value != "false" && value != "0";
}

std::vector<std::string> FormReader::several(std::string_view field,
                                             std::span<const std::string_view> allowed) {
    std::vector<std::string> chosen;
    for (const auto& [name, value] : form_.fields) {
        if (name == field && !value.empty()) {
            if (std::ranges::find(allowed, value) == allowed.end()) {
                note(field, "form.not_offered");
            } else if (std::ranges::find(chosen, value) == chosen.end()) {
                chosen.push_back(value);
            }
        }
    }
    return chosen;
}

std::string FormReader::choice(std::string_view field, std::span<const std::string_view> allowed) {
    const std::string_view value = raw(field);
    if (std::ranges::find(allowed, value) == allowed.end()) {
        note(field, value.empty() ? "form.choose" : "form.not_offered");
        return std::string(allowed.front());
    }
    return std::string(value);
}

void FormReader::note(std::string_view field, std::string_view words,
                      std::vector<std::pair<std::string, std::string>> given) {
    problems_.push_back({std::string(field), words, std::move(given)});
}

} // namespace allot::pages
