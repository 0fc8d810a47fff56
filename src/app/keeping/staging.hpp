/// A database that is being made of a backup or an archive, in a file that no server looks at: what
/// comes from outside is checked there by everything that checks a server's own rows, brought up to
/// date, and cleared of erased people, before any of it is used.
#pragma once

#include "app/keeping/erased_log.hpp"
#include "app/keeping/manifest.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace allot::app::keeping {

/// Makes a database in `file`, which is empty or not there, of a whole archive, by the migrations
/// that the archive names. Errors (`invalid`) name entry and line. O(bytes).
[[nodiscard]] Result<void> load_archive(std::string_view bytes, const std::filesystem::path& file);

/// Whether a copy of a database of SQLite is whole and what its own list says; the list is taken
/// out of it. Returns whether it had one: a copy that others made has none.
[[nodiscard]] Result<bool> check_and_strip_copy(const std::filesystem::path& file);

/// Puts the list of its content into a copy of SQLite, and compares both.
[[nodiscard]] Result<Manifest> check_and_list_copy(const std::filesystem::path& file,
                                                   const Manifest& expected);

/// Says of a person whether she was erased.
using IsErased = std::function<bool(const auth::PersonId& person)>;

/// What erasing again came to.
struct ErasedAgain {
    std::int64_t people = 0;
    /// Collectives whose only steward was erased; who joined first of the others is steward now.
    std::vector<std::string> new_stewards; ///< "lab: Ada is steward now"
};

/// Erases everybody of whom `is_erased` says so, as the server does it, in one transaction.
[[nodiscard]] Result<ErasedAgain> erase_again(store::Store& store, const IsErased& is_erased,
                                              const Clock& clock, Entropy& entropy);

/// Brings the log of erased people up to date with the database.
[[nodiscard]] Result<void> note_all_erased(store::Store& store, const std::filesystem::path& log,
                                           const Clock& clock, Entropy& entropy);

/// Errors (`conflict`): the database is half of a move that has not ended.
[[nodiscard]] Result<void> check_not_moving(store::Store& store);

/// Runs what rooms want to be run after a restore.
[[nodiscard]] Result<void> run_after_restore(store::Store& store);

} // namespace allot::app::keeping
