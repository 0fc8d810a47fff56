/// `allotment publish`: the public pages of a collective as static files.
#pragma once

#include "app/data_folder.hpp"
#include "app/exit_code.hpp"
#include "base/world.hpp"

#include <string>

namespace allot::app {

struct PublishOptions {
    Place place;
    std::string folder;     ///< is made, or takes the place of what this command made before
    std::string collective; ///< its name in addresses
    std::string origin;     ///< of the live server: "https://lab.example"
};

/// What anybody may read of a collective: its front page, circles, series, the gatherings of the
/// last and the next weeks, calendars and news, as a visitor without an account sees them, in
/// English. Links are relative; forms and scripts are left out. The folder is replaced in one
/// step. The same content on the same day is the same bytes. Errors: no such collective; the
/// folder holds something else; the database or the disk.
[[nodiscard]] Result<Outcome> run_publish(const PublishOptions& options, const Clock& clock,
                                          Entropy& entropy);

} // namespace allot::app
