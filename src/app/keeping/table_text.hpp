/// Rows of a table as CSV and back. The same rows give the same bytes on each engine: archives,
/// checksums of backups and the comparison at the end of a move are made of them.
///
/// Nothing (NULL) is written \N; a text that begins with a backslash is written with one more.
#pragma once

#include "platform/store/table.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::app::keeping {

/// A table, those of its columns that are meant, and its statements. Lives as `store::TableSql`.
class ShownTable {
  public:
    ShownTable(const store::Table& table, std::vector<store::Column> columns);
    ShownTable(const ShownTable&) = delete;
    ShownTable& operator=(const ShownTable&) = delete;

    [[nodiscard]] const store::Table& table() const { return *table_; }
    [[nodiscard]] const std::vector<store::Column>& columns() const { return columns_; }
    [[nodiscard]] const store::TableSql& sql() const { return sql_; }
    /// Writes rows that hold these columns. A secret that a row must have, and that is not among
    /// them, is empty: it proves nothing here. Errors as `store::TableSql::insert`.
    [[nodiscard]] Result<void> insert(store::Transaction& transaction,
                                      std::span<const store::Row> rows) const;

  private:
    const store::Table* table_;
    std::vector<store::Column> columns_;
    std::vector<std::string> blank_; ///< names of those secrets
    store::TableSql sql_;
    store::TableSql with_blank_;
};

/// The line of names, with its line end.
[[nodiscard]] std::string header_text(const ShownTable& table);
/// Rows that hold the table's columns.
[[nodiscard]] std::string rows_text(const ShownTable& table, const store::Rows& rows);

/// What a text of a table came to.
struct TextSums {
    std::int64_t rows = 0;
    std::uint64_t bytes = 0;
    std::string sha256; ///< 64 hexadecimal digits

    friend bool operator==(const TextSums&, const TextSums&) = default;
};

/// Gives the whole text of a table, or of the rows of one collective, to `sink`, some kilobytes at
/// a time. Errors: of the store, of the sink. O(rows).
[[nodiscard]] Result<TextSums>
write_table(store::Transaction& transaction, const ShownTable& table,
            const std::optional<std::string>& collective,
            const std::function<Result<void>(std::string_view part)>& sink);

/// Reads a text that `write_table` wrote, and gives its rows to `take`, some at a time. Errors
/// (`invalid`) name `file` and line: what is no CSV of these columns, or a value that its column
/// does not take. O(bytes).
[[nodiscard]] Result<std::int64_t>
read_table(std::string_view text, const std::string& file, const ShownTable& table,
           const std::function<Result<void>(const store::Rows& rows)>& take);

} // namespace allot::app::keeping
