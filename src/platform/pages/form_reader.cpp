#include "platform/pages/form_reader.hpp"

#include "platform/pages/clean_text.hpp"

#include <algorithm>

namespace allot::pages {

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
