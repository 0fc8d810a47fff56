/// All tables of all rooms, in the order in which they refer to each other, with their statements.
/// They live as long as the program.
#pragma once

#include "app/keeping/manifest.hpp"

#include <memory>
#include <span>
#include <vector>

namespace allot::app::keeping {

using ShownTables = std::vector<std::unique_ptr<ShownTable>>;

/// As the rooms declare them.
[[nodiscard]] std::span<const store::Table> declared_tables();
/// With all of their columns: for backups and moves.
[[nodiscard]] const ShownTables& whole_tables();
/// Those that go along with a collective, without secrets.
[[nodiscard]] const ShownTables& collective_tables();

/// What an archive of a collective does not hold, and why.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> left_out();

/// The migrations that have run in a database, by name.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
schema_of(store::Transaction& transaction);

/// Those of this program that a manifest names, in the order of this program. Errors (`invalid`):
/// one that this program does not have.
[[nodiscard]] Result<std::vector<store::Migration>> migrations_of(const Manifest& manifest);

} // namespace allot::app::keeping
