/// Fills a Mustache template that was compiled into the program.
#pragma once

#include <string>
#include <string_view>

#include <kainjow/mustache.hpp>

namespace allot::round {

/// The words as a list, for a section that repeats.
[[nodiscard]] kainjow::mustache::data list_of(const std::vector<std::string>& words);

enum class Escape : std::uint8_t { html, none };

/// The template is ours, so it is a broken invariant when it does not parse. O(output).
[[nodiscard]] std::string render(std::string_view text, const kainjow::mustache::data& view,
                                 Escape escape);

} // namespace allot::round
