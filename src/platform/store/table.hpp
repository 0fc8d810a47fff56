/// Tables as rooms declare them, and their rows as they are: for what has to know every row of a
/// house and nothing about its meaning, such as archives and moves to another database.
#pragma once

#include "platform/store/store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::store {

/// How the values of a column are read; all but `text`, `id` and `real` are whole numbers.
enum class ColumnKind : std::uint8_t {
    text,
    id, ///< a UUID, or "-" for the server itself
    integer,
    day,    ///< days since 1970
    moment, ///< microseconds since 1970
    truth,  ///< 0 or 1
    real,
};

struct Column {
    std::string_view name;
    ColumnKind kind = ColumnKind::text;
    bool nullable = false;
    /// Proves something (the hash of a key): it stays where it is, and is empty in an archive.
    bool secret = false;
    /// Texts that the program would not understand are refused here, when they come from outside.
    bool (*fits)(std::string_view value) = nullptr;
};

enum class Belongs : std::uint8_t {
    to_collective, ///< its rows are of one collective, and go along in its archive
    stays,         ///< its rows are of one collective, and stay on this server; `why` says why
    to_server,     ///< of the server itself
};

/// The first `key` columns are the primary key. The first of a table of a collective names the
/// collective.
struct Table {
    std::string_view name;
    std::span<const Column> columns;
    std::size_t key = 1;
    Belongs belongs = Belongs::to_collective;
    std::string_view why; ///< "They open doors on this server only"
};

/// The texts of the statements for one table or some columns of it. It outlives every store that
/// ran one of them: make it static, or before the store.
class TableSql {
  public:
    TableSql(std::string table, std::vector<std::string> columns, std::size_t key);
    TableSql(const TableSql&) = delete;
    TableSql& operator=(const TableSql&) = delete;

    [[nodiscard]] const std::string& table() const { return table_; }
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] std::size_t key() const { return key_; }

    /// Adds rows, each with a value for each column. Errors as `Transaction::run`.
    [[nodiscard]] Result<void> insert(Transaction& transaction, std::span<const Row> rows) const;
    [[nodiscard]] Result<std::int64_t> count(Transaction& transaction) const;
    /// The row with the largest key.
    [[nodiscard]] Result<std::optional<Row>> last(Transaction& transaction) const;
    [[nodiscard]] Result<void> clear(Transaction& transaction) const;

  private:
    friend class TablePages;
    [[nodiscard]] Statement page(bool of_one, bool begins) const {
        return Statement(page_.at(of_one ? 1 : 0).at(begins ? 1 : 0));
    }
    static constexpr std::size_t rows_at_once = 16;

    std::string table_;
    std::vector<std::string> columns_;
    std::size_t key_;
    /// By whether all rows or those of one collective, and whether from the beginning.
    std::array<std::array<std::string, 2>, 2> page_;
    std::string insert_one_;
    std::string insert_many_;
    std::string count_;
    std::string last_;
    std::string clear_;
};

/// Reads a table in the order of its key, some rows at a time.
class TablePages {
  public:
    /// All rows, or those of one collective.
    TablePages(Transaction& transaction, const TableSql& sql,
               std::optional<std::string> collective = std::nullopt);
    /// Goes on behind that row, which need not be there.
    void go_on_after(const Row& row);
    /// At most `limits::rows_of_a_page`; none at the end.
    [[nodiscard]] Result<Rows> next();

  private:
    Transaction* transaction_;
    const TableSql* sql_;
    std::optional<std::string> collective_;
    std::vector<Bound> after_; ///< the key of the last row; empty at the beginning
    bool at_end_ = false;
};

} // namespace allot::store
