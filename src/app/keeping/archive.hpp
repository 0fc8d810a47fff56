/// An archive: an uncompressed tar (ustar) with a list in front and a CSV for each table, as
/// docs/archive.md describes it. Its times are 0 and its order is fixed, so that the same content
/// is the same bytes.
#pragma once

#include "app/keeping/manifest.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace allot::app::keeping {

using Sink = std::function<Result<void>(std::string_view part)>;

/// Writes an archive to `sink` of what `transaction` sees: `tables`, of one collective where the
/// manifest names it. Reads each table twice, so that sizes and checksums can stand in front, and
/// holds one page of it at a time. Returns the manifest with its tables. O(rows).
[[nodiscard]] Result<Manifest> write_archive(store::Transaction& transaction, Manifest manifest,
                                             const std::vector<std::unique_ptr<ShownTable>>& tables,
                                             const Sink& sink, const store::Progress& told);

/// What is done with the content of an archive, in its order.
class ArchiveVisitor {
  public:
    ArchiveVisitor() = default;
    ArchiveVisitor(const ArchiveVisitor&) = delete;
    ArchiveVisitor& operator=(const ArchiveVisitor&) = delete;
    virtual ~ArchiveVisitor() = default;
    [[nodiscard]] virtual Result<void> begin(const Manifest& manifest) = 0;
    /// The whole text of one table; its size and checksum are those of the manifest.
    [[nodiscard]] virtual Result<void> table(const ArchivedTable& archived,
                                             std::string_view text) = 0;
};

/// Its list alone. Errors as `read_archive`. O(1).
[[nodiscard]] Result<Manifest> read_manifest(std::string_view bytes);

/// Reads an archive. Nothing of it becomes a file, and only entries that its list names are looked
/// at. Errors (`invalid`) name the entry: no archive, cut off, an entry that is not the next of the
/// list or no plain file, another size or checksum; and those of the visitor. O(bytes); holds one
/// table.
[[nodiscard]] Result<void> read_archive(std::string_view bytes, ArchiveVisitor& visitor);

} // namespace allot::app::keeping
