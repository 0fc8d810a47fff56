/// A database of SQLite as a file that nobody has open: a backup.
#pragma once

#include "base/result.hpp"

#include <string>

namespace allot::store {

/// Writes it anew as one file without a journal beside it, and without what was deleted from it.
/// O(bytes).
[[nodiscard]] Result<void> settle_sqlite(const std::string& path);

/// Whether its pages, indices and references hold together. Errors: `invalid` where they do not,
/// `unavailable` where it cannot be opened. O(bytes).
[[nodiscard]] Result<void> check_sqlite(const std::string& path);

} // namespace allot::store
