#include "platform/store/table.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::store {

namespace {

/// "$3, $4, $5".
[[nodiscard]] std::string placeholders(std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t k = 0; k < count; ++k) {
        text += fmt::format("{}${}", k == 0 ? "" : ", ", first + k);
    }
    return text;
}

[[nodiscard]] std::string page_text(const std::string& table, const std::vector<std::string>& all,
                                    std::size_t key, bool of_one, bool begins) {
    const std::vector<std::string> keys(all.begin(),
                                        all.begin() + static_cast<std::ptrdiff_t>(key));
    std::vector<std::string> conditions;
    if (of_one) {
        conditions.push_back(all.front() + " = $1");
    }
    if (!begins) {
        conditions.push_back(
            fmt::format("({}) > ({})", fmt::join(keys, ", "), placeholders(of_one ? 2 : 1, key)));
    }
    return fmt::format("SELECT {} FROM {}{}{} ORDER BY {} LIMIT {}", fmt::join(all, ", "), table,
                       conditions.empty() ? "" : " WHERE ", fmt::join(conditions, " AND "),
                       fmt::join(keys, ", "), limits::rows_of_a_page);
}

[[nodiscard]] std::string insert_text(const std::string& table, const std::vector<std::string>& all,
                                      std::size_t rows) {
    std::string text = fmt::format("INSERT INTO {} ({}) VALUES ", table, fmt::join(all, ", "));
    for (std::size_t row = 0; row < rows; ++row) {
        text += fmt::format("{}({})", row == 0 ? "" : ", ",
                            placeholders(1 + row * all.size(), all.size()));
    }
    return text;
}

} // namespace

TableSql::TableSql(std::string table, std::vector<std::string> columns, std::size_t key)
    : table_(std::move(table)), columns_(std::move(columns)), key_(key),
      insert_one_(insert_text(table_, columns_, 1)),
      insert_many_(insert_text(table_, columns_, rows_at_once)),
      count_("SELECT COUNT(*) FROM " + table_), clear_("DELETE FROM " + table_) {
    ALLOT_CHECK(key_ >= 1 && key_ <= columns_.size(), "a table has a key");
    for (const bool of_one : {false, true}) {
        for (const bool begins : {false, true}) {
            page_.at(of_one ? 1 : 0).at(begins ? 1 : 0) =
                page_text(table_, columns_, key_, of_one, begins);
        }
    }
    last_ = fmt::format("SELECT {} FROM {} ORDER BY ", fmt::join(columns_, ", "), table_);
    for (std::size_t k = 0; k < key_; ++k) {
        last_ += fmt::format("{}{} DESC", k == 0 ? "" : ", ", columns_[k]);
    }
    last_ += " LIMIT 1";
}

Result<void> TableSql::insert(Transaction& transaction, std::span<const Row> rows) const {
    while (!rows.empty()) {
        const std::size_t taken = rows.size() < rows_at_once ? 1 : rows_at_once;
        std::vector<Bound> values;
        values.reserve(taken * columns_.size());
        for (const Row& row : rows.first(taken)) {
            ALLOT_CHECK(row.size() == columns_.size(), "a row has a value for each column");
            for (std::size_t k = 0; k < row.size(); ++k) {
                values.emplace_back(row.value(k));
            }
        }
        TRY_DO(transaction.run(Statement(taken == 1 ? insert_one_ : insert_many_), values));
        rows = rows.subspan(taken);
    }
    return {};
}

Result<std::int64_t> TableSql::count(Transaction& transaction) const {
    TRY(const auto row, transaction.row(Statement(count_)));
    return row->integer(0);
}

Result<std::optional<Row>> TableSql::last(Transaction& transaction) const {
    return transaction.row(Statement(last_));
}

Result<void> TableSql::clear(Transaction& transaction) const {
    TRY_DO(transaction.run(Statement(clear_)));
    return {};
}

TablePages::TablePages(Transaction& transaction, const TableSql& sql,
                       std::optional<std::string> collective)
    : transaction_(&transaction), sql_(&sql), collective_(std::move(collective)) {}

void TablePages::go_on_after(const Row& row) {
    after_.clear();
    for (std::size_t k = 0; k < sql_->key(); ++k) {
        after_.emplace_back(row.value(k));
    }
}

Result<Rows> TablePages::next() {
    if (at_end_) {
        return Rows();
    }
    std::vector<Bound> given;
    if (collective_) {
        given.emplace_back(*collective_);
    }
    given.insert(given.end(), after_.begin(), after_.end());
    TRY(Rows rows, transaction_->rows(sql_->page(collective_.has_value(), after_.empty()), given));
    at_end_ = rows.size() < limits::rows_of_a_page;
    if (!rows.empty()) {
        go_on_after(rows.back());
    }
    return rows;
}

} // namespace allot::store
