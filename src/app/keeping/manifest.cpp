#include "app/keeping/manifest.hpp"

#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <set>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

namespace json = boost::json;

constexpr std::int64_t newest_format = 1;
constexpr std::size_t longest_name = 60;

[[nodiscard]] json::string string_of(std::string_view s) {
    return json::string(s.data(), s.size());
}

[[nodiscard]] std::string quoted(std::string_view s) {
    return json::serialize(json::value(string_of(s)));
}

[[nodiscard]] std::string table_line(const ArchivedTable& table) {
    json::array columns;
    for (const std::string& column : table.columns) {
        columns.emplace_back(string_of(column));
    }
    return json::serialize(json::object{{"name", string_of(table.name)},
                                        {"entry", string_of(table.entry())},
                                        {"columns", std::move(columns)},
                                        {"rows", table.sums.rows},
                                        {"bytes", table.sums.bytes},
                                        {"sha256", string_of(table.sums.sha256)}});
}

/// `  "schema": [` and a line for each.
[[nodiscard]] std::string list_text(std::string_view name, const std::vector<std::string>& lines) {
    std::string text = fmt::format("  \"{}\": [", name);
    for (const std::string& line : lines) {
        text += (line.data() == lines.front().data() ? "\n    " : ",\n    ") + line;
    }
    return text + (lines.empty() ? "]" : "\n  ]");
}

[[nodiscard]] std::vector<std::string>
pair_lines(std::string_view first, std::string_view second,
           const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<std::string> lines;
    for (const auto& [a, b] : pairs) {
        lines.push_back(fmt::format(R"({{"{}":{},"{}":{}}})", first, quoted(a), second, quoted(b)));
    }
    return lines;
}

// -- Reading -------------------------------------------------------------------------------------

[[nodiscard]] std::unexpected<Error> wrong(std::string_view what) {
    return fail(ErrorKind::invalid, fmt::format("{}: {}", manifest_name, what));
}

/// A name of a table or a column, which may become part of a statement.
[[nodiscard]] bool is_name(std::string_view s) {
    return !s.empty() && s.size() <= longest_name && std::ranges::all_of(s, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

[[nodiscard]] Result<std::string> text_in(const json::object& object, std::string_view name) {
    const json::value* const found = object.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_string()) {
        return wrong(fmt::format("found no text \"{}\"", name));
    }
    const json::string& text = found->get_string();
    return std::string(text.data(), text.size());
}

[[nodiscard]] Result<std::int64_t> number_in(const json::object& object, std::string_view name) {
    const json::value* const found = object.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_int64() || found->get_int64() < 0) {
        return wrong(fmt::format("found no whole number \"{}\"", name));
    }
    return found->get_int64();
}

[[nodiscard]] Result<const json::array*> list_in(const json::object& object, std::string_view name,
                                                 std::size_t most) {
    const json::value* const found = object.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_array()) {
        return wrong(fmt::format("found no list \"{}\"", name));
    }
    if (found->get_array().size() > most) {
        return wrong(fmt::format("the list \"{}\" is longer than {}", name, most));
    }
    return &found->get_array();
}

[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
pairs_in(const json::object& object, std::string_view list, std::string_view first,
         std::string_view second) {
    TRY(const auto* const found, list_in(object, list, 10 * limits::max_archive_tables));
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const json::value& one : *found) {
        if (!one.is_object()) {
            return wrong(fmt::format("the list \"{}\" holds something else than pairs", list));
        }
        TRY(auto a, text_in(one.get_object(), first));
        TRY(auto b, text_in(one.get_object(), second));
        pairs.emplace_back(std::move(a), std::move(b));
    }
    return pairs;
}

[[nodiscard]] Result<ArchivedTable> table_in(const json::value& value) {
    if (!value.is_object()) {
        return wrong("the list \"tables\" holds something else than tables");
    }
    const json::object& object = value.get_object();
    ArchivedTable table;
    TRY(table.name, text_in(object, "name"));
    TRY(const std::string entry, text_in(object, "entry"));
    TRY(table.sums.rows, number_in(object, "rows"));
    TRY(const std::int64_t bytes, number_in(object, "bytes"));
    TRY(table.sums.sha256, text_in(object, "sha256"));
    TRY(const auto* const columns, list_in(object, "columns", limits::max_archive_tables));
    table.sums.bytes = static_cast<std::uint64_t>(bytes);
    for (const json::value& column : *columns) {
        if (!column.is_string()) {
            return wrong(fmt::format("a column of {} is no text", text::shown(table.name)));
        }
        table.columns.emplace_back(column.get_string().data(), column.get_string().size());
    }
    if (!is_name(table.name) || entry != table.entry() || table.columns.empty() ||
        !std::ranges::all_of(table.columns, is_name)) {
        return wrong(
            fmt::format("\"{}\" is no table that this program knows", text::shown(table.name)));
    }
    if (table.sums.bytes > limits::max_archive_table_bytes) {
        return wrong(fmt::format("the table {} has {} bytes, and may have {}", table.name,
                                 table.sums.bytes, limits::max_archive_table_bytes));
    }
    return table;
}

[[nodiscard]] Result<void> read_tables(const json::object& object, Manifest& manifest) {
    TRY(const auto* const tables, list_in(object, "tables", limits::max_archive_tables));
    std::set<std::string> names;
    for (const json::value& one : *tables) {
        TRY(ArchivedTable table, table_in(one));
        if (!names.insert(table.name).second) {
            return wrong(fmt::format("the table {} is there twice", table.name));
        }
        manifest.tables.push_back(std::move(table));
    }
    return {};
}

[[nodiscard]] Result<void> read_subject(const json::object& object, Manifest& manifest) {
    TRY(const std::string kind, text_in(object, "kind"));
    if (kind != "collective" && kind != "backup") {
        return wrong(
            fmt::format("found the kind \"{}\", expected collective or backup", text::shown(kind)));
    }
    manifest.kind = kind == "backup" ? ArchiveKind::backup : ArchiveKind::collective;
    if (manifest.kind == ArchiveKind::backup) {
        TRY(manifest.made, text_in(object, "made"));
        return {};
    }
    TRY(manifest.collective, text_in(object, "collective"));
    TRY(manifest.slug, text_in(object, "slug"));
    TRY(manifest.name, text_in(object, "name"));
    if (parse_uuid(manifest.collective) != Result<std::string>(manifest.collective)) {
        return wrong("\"collective\" is no id");
    }
    return {};
}

} // namespace

std::string manifest_text(const Manifest& manifest) {
    std::vector<std::string> parts = {fmt::format("  \"format\": {}", newest_format)};
    if (manifest.kind == ArchiveKind::backup) {
        parts.emplace_back(R"(  "kind": "backup")");
        parts.push_back("  \"made\": " + quoted(manifest.made));
    } else {
        parts.emplace_back(R"(  "kind": "collective")");
        parts.push_back("  \"collective\": " + quoted(manifest.collective));
        parts.push_back("  \"slug\": " + quoted(manifest.slug));
        parts.push_back("  \"name\": " + quoted(manifest.name));
    }
    std::vector<std::string> tables;
    std::ranges::transform(manifest.tables, std::back_inserter(tables), table_line);
    parts.push_back(list_text("schema", pair_lines("migration", "checksum", manifest.schema)));
    parts.push_back(list_text("tables", tables));
    parts.push_back(list_text("left_out", pair_lines("what", "why", manifest.left_out)));
    std::string text = "{\n";
    for (std::size_t k = 0; k < parts.size(); ++k) {
        text += parts[k] + (k + 1 < parts.size() ? ",\n" : "\n");
    }
    return text + "}\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse({text.data(), text.size()}, error);
    if (error || !value.is_object()) {
        return wrong("this is no JSON object");
    }
    const json::object& object = value.get_object();
    TRY(const std::int64_t format, number_in(object, "format"));
    if (format != newest_format) {
        return wrong(fmt::format("found the form {}, and this program reads form {}; use a newer "
                                 "program",
                                 format, newest_format));
    }
    Manifest manifest;
    TRY_DO(read_subject(object, manifest));
    TRY(manifest.schema, pairs_in(object, "schema", "migration", "checksum"));
    TRY_DO(read_tables(object, manifest));
    TRY(manifest.left_out, pairs_in(object, "left_out", "what", "why"));
    return manifest;
}

Result<std::unique_ptr<ShownTable>> table_as_archived(const Manifest& manifest,
                                                      const ArchivedTable& archived,
                                                      std::span<const store::Table> known) {
    const auto table = std::ranges::find(known, archived.name, &store::Table::name);
    const bool whole = manifest.kind == ArchiveKind::backup;
    if (table == known.end() || (!whole && table->belongs != store::Belongs::to_collective)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: this program has no such table{}", archived.entry(),
                                whole ? "" : ", or does not take it from elsewhere"));
    }
    std::vector<store::Column> columns;
    for (const std::string& name : archived.columns) {
        const auto column = std::ranges::find(table->columns, name, &store::Column::name);
        if (column == table->columns.end() || (!whole && column->secret)) {
            return fail(
                ErrorKind::invalid,
                fmt::format("{}:1: found the column \"{}\", which this program does not {}",
                            archived.entry(), name,
                            column == table->columns.end() ? "know" : "take from elsewhere"));
        }
        columns.push_back(*column);
    }
    for (std::size_t k = 0; k < table->key; ++k) {
        if (columns.size() <= k || columns[k].name != table->columns[k].name) {
            return fail(ErrorKind::invalid, fmt::format("{}:1: the columns of the key do not come "
                                                        "first",
                                                        archived.entry()));
        }
    }
    return std::make_unique<ShownTable>(*table, std::move(columns));
}

} // namespace allot::app::keeping
