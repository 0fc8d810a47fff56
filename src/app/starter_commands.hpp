/// `allotment starter`: the practices of a collective as one small file, without its people, and
/// planted elsewhere.
#pragma once

#include "app/data_folder.hpp"
#include "app/exit_code.hpp"
#include "base/world.hpp"
#include "platform/pages/call.hpp"

#include <string>

namespace allot::app {

struct StarterExportOptions {
    std::string collective; ///< its slug
    std::string to;         ///< a file that is not there yet
    Place place;
};

/// Either into a collective that is there, or as a new one with its first steward.
struct StarterPlantOptions {
    std::string from;
    std::string into; ///< a slug; empty: as a new one, of which the following are
    std::string name;
    std::string slug;      ///< empty: comes from the name
    std::string zone;      ///< empty: that of the starter
    std::string your_name; ///< of the first steward
    std::string mail;
    Place place;
};

/// Errors (`invalid`): no such collective, and which there are; the path.
[[nodiscard]] Result<Outcome> run_starter_export(const StarterExportOptions& options);

/// All of it, or nothing. What is left out is told. Errors (`invalid`): a file that cannot be
/// planted, and where; options that do not go together; a slug that is taken.
[[nodiscard]] Result<Outcome> run_starter_plant(const StarterPlantOptions& options,
                                                const pages::Zones& zones, const Clock& clock,
                                                Entropy& entropy);

} // namespace allot::app
