#include "platform/pages/form_reader.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace allot::pages {

namespace {

[[nodiscard]] bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

[[nodiscard]] std::size_t characters(std::string_view s) {
    return static_cast<std::size_t>(std::ranges::count_if(
        s, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// White space and control characters as single spaces.
[[nodiscard]] std::string in_one_line(std::string_view s) {
    std::string out;
    for (const char c : s) {
        const char clean = is_control(c) ? ' ' : c;
        if (clean != ' ' || (!out.empty() && out.back() != ' ')) {
            out += clean;
        }
    }
    return std::string(text::trim(out));
}

/// CRLF and CR as LF, without other control characters.
[[nodiscard]] std::string in_lines(std::string_view s) {
    std::string out;
    for (std::size_t k = 0; k < s.size(); ++k) {
        if (s[k] == '\r') {
            if (k + 1 == s.size() || s[k + 1] != '\n') {
                out += '\n';
            }
        } else if (s[k] == '\n' || s[k] == '\t' || !is_control(s[k])) {
            out += s[k];
        }
    }
    return std::string(text::trim(out));
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
