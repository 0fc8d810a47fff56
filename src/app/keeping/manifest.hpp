/// The list in front of an archive: what is in it, of which form, and its checksums.
#pragma once

#include "app/keeping/table_text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::app::keeping {

inline constexpr std::string_view manifest_name = "manifest.json";

/// What an archive is of.
enum class ArchiveKind : std::uint8_t {
    collective, ///< one collective, without secrets: for another server
    backup,     ///< everything of a server, secrets too
};

struct ArchivedTable {
    std::string name;
    std::vector<std::string> columns;
    TextSums sums;

    /// "tables/person.csv".
    [[nodiscard]] std::string entry() const { return "tables/" + name + ".csv"; }
    friend bool operator==(const ArchivedTable&, const ArchivedTable&) = default;
};

struct Manifest {
    ArchiveKind kind = ArchiveKind::collective;
    std::string made; ///< of a backup: "2027-01-14T17:00:00Z". Empty else: the same is the same
    std::string collective; ///< its id; empty: all of them
    std::string slug;
    std::string name;
    /// Migrations that had run, with the checksums of their texts.
    std::vector<std::pair<std::string, std::string>> schema;
    std::vector<ArchivedTable> tables;                         ///< what others refer to comes first
    std::vector<std::pair<std::string, std::string>> left_out; ///< what, and why

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// JSON, a line for each table. The same manifest is the same text.
[[nodiscard]] std::string manifest_text(const Manifest& manifest);

/// Errors (`invalid`): no JSON, a form of a newer program, members that are missing or of another
/// type, names that are no names, two tables of one name.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text);

/// The table as this archive has it. Errors (`invalid`): a table or a column that this program does
/// not know (names entry and column), one that an archive of this kind must not have.
[[nodiscard]] Result<std::unique_ptr<ShownTable>>
table_as_archived(const Manifest& manifest, const ArchivedTable& archived,
                  std::span<const store::Table> known);

} // namespace allot::app::keeping
