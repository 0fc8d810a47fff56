#include "app/keeping/house_tables.hpp"

#include "app/rooms.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

using store::Belongs;

constexpr store::Statement list_schema =
    "SELECT name, checksum FROM schema_migration ORDER BY name";

[[nodiscard]] std::vector<store::Table> all_declared() {
    std::vector<store::Table> all;
    for (const pages::Room& room : rooms()) {
        all.insert(all.end(), room.tables.begin(), room.tables.end());
    }
    return all;
}

/// The rooms of the ground come first in the house, and refer to nobody; a collective's tables are
/// referred to by each other in the order of rooms.
[[nodiscard]] ShownTables make_whole() {
    ShownTables shown;
    for (const store::Table& table : declared_tables()) {
        shown.push_back(std::make_unique<ShownTable>(
            table, std::vector<store::Column>(table.columns.begin(), table.columns.end())));
    }
    return shown;
}

[[nodiscard]] ShownTables make_of_collective() {
    ShownTables shown;
    for (const store::Table& table : declared_tables()) {
        if (table.belongs == Belongs::to_collective) {
            std::vector<store::Column> columns;
            std::ranges::copy_if(table.columns, std::back_inserter(columns),
                                 [](const store::Column& column) { return !column.secret; });
            shown.push_back(std::make_unique<ShownTable>(table, std::move(columns)));
        }
    }
    return shown;
}

} // namespace

std::span<const store::Table> declared_tables() {
    static const std::vector<store::Table> all = all_declared();
    return all;
}

const ShownTables& whole_tables() {
    static const ShownTables all = make_whole();
    return all;
}

const ShownTables& collective_tables() {
    static const ShownTables all = make_of_collective();
    return all;
}

std::vector<std::pair<std::string, std::string>> left_out() {
    std::vector<std::pair<std::string, std::string>> all;
    for (const store::Table& table : declared_tables()) {
        if (table.belongs == Belongs::stays) {
            all.emplace_back(table.name, table.why);
        }
        for (const store::Column& column : table.columns) {
            if (column.secret && table.belongs == Belongs::to_collective) {
                all.emplace_back(fmt::format("{}.{}", table.name, column.name),
                                 "It proves something on this server only");
            }
        }
    }
    return all;
}

Result<std::vector<std::pair<std::string, std::string>>>
schema_of(store::Transaction& transaction) {
    TRY(const auto rows, transaction.rows(list_schema));
    std::vector<std::pair<std::string, std::string>> all;
    std::ranges::transform(rows, std::back_inserter(all), [](const store::Row& row) {
        return std::pair(row.text(0), row.text(1));
    });
    return all;
}

Result<std::vector<store::Migration>> migrations_of(const Manifest& manifest) {
    const auto known = migrations();
    std::vector<store::Migration> found;
    for (const store::Migration& migration : known) {
        const auto named = [&](const auto& one) { return one.first == migration.name; };
        const auto listed = std::ranges::find_if(manifest.schema, named);
        if (listed != manifest.schema.end() && listed->second == store::checksum_of(migration)) {
            found.push_back(migration);
        }
    }
    for (const auto& [name, checksum] : manifest.schema) {
        if (std::ranges::find(found, name, &store::Migration::name) == found.end()) {
            return fail(ErrorKind::invalid,
                        fmt::format("it was made by a newer or another program, which has {}; use "
                                    "that program",
                                    name));
        }
    }
    return found;
}

} // namespace allot::app::keeping
