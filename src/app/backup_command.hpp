/// `allotment backup`: everything of a server into one file, while it serves.
#pragma once

#include "app/data_folder.hpp"
#include "app/exit_code.hpp"
#include "base/world.hpp"

#include <string>

namespace allot::app {

struct BackupOptions {
    Place place;
    std::string to; ///< a file that is not there yet, or a folder
};

/// SQLite becomes a database of SQLite, PostgreSQL an archive of one snapshot. Either is read again
/// and compared before it gets its name; its mode is 0600. Also brings erased.log up to date, and
/// notes in the database that there is a backup. Errors: no database, the path, the disk; then
/// nothing is left behind.
[[nodiscard]] Result<Outcome> run_backup(const BackupOptions& options, const Clock& clock,
                                         Entropy& entropy);

} // namespace allot::app
