/// erased.log: who was erased, as salted hashes of ids. It lives apart from the database and its
/// backups, so that restoring an old backup, on another machine too, does not bring anybody back.
///
///     allotment erased people 1 SALT
///     HASH 2027-01-14
#pragma once

#include "base/world.hpp"
#include "platform/auth/viewer.hpp"

#include <filesystem>
#include <set>
#include <span>
#include <string>

namespace allot::app::keeping {

class ErasedLog {
  public:
    /// Errors: `missing` where there is no such file, `invalid` where it is none (names the line),
    /// `io`. A last line without its end, of a machine that lost power, is left out: the server
    /// writes it again.
    [[nodiscard]] static Result<ErasedLog> read(const std::filesystem::path& file);

    [[nodiscard]] bool has(const auth::PersonId& person) const;

  private:
    friend Result<void> note_erased(const std::filesystem::path& file,
                                    std::span<const auth::PersonId> people, Moment now,
                                    Entropy& entropy);
    [[nodiscard]] std::string hash_of(const auth::PersonId& person) const;

    std::string salt_;
    std::set<std::string, std::less<>> hashes_;
};

/// Appends those of `people` who are not in the file yet, makes it where it is missing, and syncs
/// it. Several processes may do so. Errors: as `ErasedLog::read`, the disk.
[[nodiscard]] Result<void> note_erased(const std::filesystem::path& file,
                                       std::span<const auth::PersonId> people, Moment now,
                                       Entropy& entropy);

} // namespace allot::app::keeping
