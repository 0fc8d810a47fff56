/// `allotment export` and `allotment import`: a whole collective as one open archive.
#pragma once

#include "app/data_folder.hpp"
#include "app/exit_code.hpp"
#include "base/world.hpp"
#include "platform/auth/directory.hpp"

#include <string>

namespace allot::app {

struct ExportOptions {
    Place place;
    std::string collective; ///< its slug
    std::string to;         ///< a file that is not there yet
};

struct ImportOptions {
    std::string from;
    Place place;
    std::string slug;   ///< what it is called here; empty: as in the archive
    std::string erased; ///< erased.log; empty: the one of the place, if there is one
};

/// Errors (`invalid`): there is none; which there are.
[[nodiscard]] Result<auth::Collective> find_collective(store::Transaction& transaction,
                                                       const std::string& slug);

/// The same content gives the same bytes, on each engine. Errors: no such collective, the path.
[[nodiscard]] Result<Outcome> run_export(const ExportOptions& options);

/// Checks the archive in a database of its own first; then all of it is there, or nothing. Who was
/// erased, here or by the log, is not brought back. Errors (`invalid`): entry and line; `conflict`:
/// the slug is taken.
[[nodiscard]] Result<Outcome> run_import(const ImportOptions& options, const Clock& clock,
                                         Entropy& entropy);

} // namespace allot::app
