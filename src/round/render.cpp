#include "round/render.hpp"

#include "base/result.hpp"

namespace allot::round {

kainjow::mustache::data list_of(const std::vector<std::string>& words) {
    kainjow::mustache::data list(kainjow::mustache::data::type::list);
    for (const auto& word : words) {
        list << kainjow::mustache::data(word);
    }
    return list;
}

std::string render(std::string_view text, const kainjow::mustache::data& view, Escape escape) {
    kainjow::mustache::mustache filled{std::string(text)};
    ALLOT_CHECK(filled.is_valid(), filled.error_message().c_str());
    if (escape == Escape::none) {
        filled.set_custom_escape([](const std::string& s) { return s; });
    }
    return filled.render(view);
}

} // namespace allot::round
