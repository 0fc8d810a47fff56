/// `allotment restore`: a server out of a backup, on this machine or another.
#pragma once

#include "app/data_folder.hpp"
#include "app/exit_code.hpp"
#include "base/world.hpp"

#include <string>

namespace allot::app {

struct RestoreOptions {
    std::string from;
    Place place;        ///< where there is no database yet; a store of PostgreSQL must be empty
    std::string erased; ///< erased.log; empty: the one of the place, if there is one
};

/// Checks the backup, makes a database of it beside the place, brings it up to date, erases again
/// who was erased since, and puts it there in one step. Errors: a backup that is damaged or of a
/// newer program, a place where there is a database already; then the place stays as it is.
[[nodiscard]] Result<Outcome> run_restore(const RestoreOptions& options, const Clock& clock,
                                          Entropy& entropy);

} // namespace allot::app
