/// The form of a first series: a starter and a time are enough, the rest can be said too.
#pragma once

#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/starter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace allot::gatherings {

/// A starter to choose.
struct StarterLine {
    std::string name; ///< "reading_group"
    std::string rhythm;
    std::int64_t minutes = 60;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(StarterLine, (), (name, rhythm, minutes, chosen))

struct StartView {
    std::vector<StarterLine> starters;
    std::string filled; ///< the starter whose words stand in the fields; empty: none
    std::string title;
    std::string rhythm;
    std::string minutes;
    std::string where;
    std::string agenda;
    std::vector<Option> audiences;
    std::optional<Preview> preview;
};
BOOST_DESCRIBE_STRUCT(StartView, (),
                      (starters, filled, title, rhythm, minutes, where, agenda, audiences, preview))

/// What the form says; where a field was left empty, what the starter says.
struct ReadStart {
    const Starter* starter = nullptr;
    About about;
    std::string rhythm_words;
    std::string minutes_words;
    std::string where;
    std::optional<HeardRhythm> rhythm; ///< nothing where it could not be read: noted in the form
};

/// Reads it, and notes what is wrong. Where another starter is chosen than the one that filled the
/// fields, those that were left as they came are filled anew.
[[nodiscard]] ReadStart read_start(pages::FormReader& form, const pages::Call& call,
                                   ZoneBook& zones);

/// The form as it was read, or empty for `starter`.
[[nodiscard]] StartView start_view(const ReadStart& read);
[[nodiscard]] StartView empty_start(std::string_view starter);

} // namespace allot::gatherings
