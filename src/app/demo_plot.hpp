/// The plot that the demonstration's invented people talk about.
#pragma once

#include <string>
#include <string_view>

namespace allot::app {

/// What it shows, for those who cannot see it.
inline constexpr std::string_view demo_plot_words =
    "Two curves of leaf angle against the hour, from six in the evening to midnight. Both stay "
    "flat "
    "and then fall within twenty minutes: the solid one, without the lamp, forty minutes before "
    "the "
    "dotted one, with the lamp.";

/// A PNG of 480 by 240 dots, black on white, drawn here: the same bytes each time.
[[nodiscard]] std::string demo_plot();

} // namespace allot::app
