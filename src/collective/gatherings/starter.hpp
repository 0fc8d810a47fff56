/// Starters of series: formats, texts and a rhythm that a host begins with and changes as she
/// likes. Never people. Those that are built in stand in `starters/`, their words in the catalogue.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/pages/catalogue.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

struct Starter {
    std::string name;   ///< "reading_group"; its words are "starter.reading_group.title" and so on
    std::string rhythm; ///< as a host would type it, without a zone
    std::int64_t minutes = 60;
    Lighter lighter = Lighter::quiet;
    std::vector<TurnKind> turns;
};

/// Those that are built in, in the order in which they are offered.
[[nodiscard]] std::span<const Starter> starters();
/// Their names, for a form.
[[nodiscard]] std::span<const std::string_view> starter_names();
/// Null where there is none of that name.
[[nodiscard]] const Starter* starter_named(std::string_view name);
/// Reads one of the files. Errors (`invalid`): what is no such file; names the member.
[[nodiscard]] Result<Starter> read_starter(std::string_view json);

/// What a series of it says, in the words of a language.
[[nodiscard]] About about_of(const Starter& starter, const pages::Catalogue& words);

} // namespace allot::gatherings
