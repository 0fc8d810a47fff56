#include "app/keeping/table_text.hpp"

#include "app/hashes.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/csv.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

using store::Column;
using store::ColumnKind;
using store::Value;

constexpr std::string_view nothing = "\\N";

[[nodiscard]] std::vector<std::string> names_of(const std::vector<Column>& columns) {
    std::vector<std::string> names;
    std::ranges::transform(columns, std::back_inserter(names),
                           [](const Column& column) { return std::string(column.name); });
    return names;
}

void write_value(formats::CsvWriter& csv, const Column& column, const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        csv.field(nothing);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        // PostgreSQL writes 2.0 as 2.
        column.kind == ColumnKind::real ? csv.field(static_cast<double>(*number))
                                        : csv.field(*number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        csv.field(*real);
    } else {
        const std::string& text = std::get<std::string>(value);
        csv.field(text.starts_with('\\') ? "\\" + text : text);
    }
}

// -- Reading -------------------------------------------------------------------------------------

/// Far enough for any meeting, and for `sys_days` and `Moment`.
constexpr std::int64_t most_days = 3'000'000;
constexpr std::int64_t most_microseconds = most_days * 86'400'000'000;

/// What `column` expects, for a message; empty where the value fits.
[[nodiscard]] std::string_view problem_of(const Column& column, std::int64_t number) {
    switch (column.kind) {
    case ColumnKind::truth:
        return number == 0 || number == 1 ? "" : "0 or 1";
    case ColumnKind::day:
        return number >= -most_days && number <= most_days ? "" : "a day, counted from 1970";
    case ColumnKind::moment:
        return number >= -most_microseconds && number <= most_microseconds
                   ? ""
                   : "a moment, in microseconds since 1970";
    default:
        return "";
    }
}

[[nodiscard]] std::string_view problem_of(const Column& column, std::string_view text) {
    const bool is_id = column.kind != ColumnKind::id || text == "-" ||
                       parse_uuid(text) == Result<std::string>(text);
    if (!is_id) {
        return "an id, such as 01a3117e-8000-7000-8000-000000000000";
    }
    return column.fits == nullptr || column.fits(text) ? "" : "a value that this program knows";
}

class RowTaker {
  public:
    RowTaker(const ShownTable& table, formats::Findings& findings)
        : table_(table), findings_(findings) {}

    /// Nothing where one of its values does not fit: that is a finding.
    [[nodiscard]] std::optional<store::Row> take(const formats::Header& header,
                                                 const formats::Row& row) {
        std::vector<Value> values;
        const auto& columns = table_.columns();
        if (row.fields.size() != columns.size()) {
            findings_.add({.line = row.line},
                          text::count_of(std::ssize(row.fields), "value", "values"),
                          text::count_of(std::ssize(columns), "value", "values"));
            return std::nullopt;
        }
        for (std::size_t k = 0; k < columns.size(); ++k) {
            const std::string_view problem = read(columns[k], row.raw(k), values.emplace_back());
            if (!problem.empty()) {
                findings_.add_value(header.place(row, k), row.raw(k), problem);
                return std::nullopt;
            }
        }
        return store::Row(std::move(values));
    }

  private:
    /// Returns what was expected, or "".
    [[nodiscard]] static std::string_view read(const Column& column, std::string_view field,
                                               Value& value) {
        if (field == nothing) {
            return column.nullable ? "" : "a value";
        }
        if (column.kind == ColumnKind::text || column.kind == ColumnKind::id) {
            std::string text(field.substr(field.starts_with('\\') ? 1 : 0));
            const std::string_view problem = problem_of(column, text);
            value = std::move(text);
            return problem;
        }
        if (column.kind == ColumnKind::real) {
            const auto real = text::parse_double(field);
            value = real.value_or(0);
            return real ? "" : "a number";
        }
        const auto number = text::parse_int(field);
        value = number.value_or(0);
        return number ? problem_of(column, *number) : "a whole number";
    }

    const ShownTable& table_;
    formats::Findings& findings_;
};

[[nodiscard]] Result<void> check_header(const formats::RowReader& reader, const ShownTable& table,
                                        const std::string& file) {
    if (reader.separator() != ',' || reader.header().names() != names_of(table.columns())) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}:1: found other columns than the list in front names", file));
    }
    return {};
}

[[nodiscard]] std::vector<std::string> blank_in(const store::Table& table,
                                                const std::vector<Column>& shown) {
    std::vector<std::string> blank;
    for (const Column& column : table.columns) {
        if (column.secret && !column.nullable && column.kind == store::ColumnKind::text &&
            std::ranges::find(shown, column.name, &Column::name) == shown.end()) {
            blank.emplace_back(column.name);
        }
    }
    return blank;
}

[[nodiscard]] std::vector<std::string> joined(std::vector<std::string> names,
                                              const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
}

} // namespace

ShownTable::ShownTable(const store::Table& table, std::vector<Column> columns)
    : table_(&table), columns_(std::move(columns)), blank_(blank_in(table, columns_)),
      sql_(std::string(table.name), names_of(columns_), table.key),
      with_blank_(std::string(table.name), joined(names_of(columns_), blank_), table.key) {}

Result<void> ShownTable::insert(store::Transaction& transaction,
                                std::span<const store::Row> rows) const {
    if (blank_.empty()) {
        return sql_.insert(transaction, rows);
    }
    store::Rows whole;
    whole.reserve(rows.size());
    for (const store::Row& row : rows) {
        std::vector<store::Value> values;
        for (std::size_t k = 0; k < row.size(); ++k) {
            values.push_back(row.value(k));
        }
        values.resize(values.size() + blank_.size(), store::Value(std::string()));
        whole.emplace_back(std::move(values));
    }
    return with_blank_.insert(transaction, whole);
}

std::string header_text(const ShownTable& table) {
    formats::CsvWriter csv;
    for (const Column& column : table.columns()) {
        csv.field(column.name);
    }
    csv.end_row();
    return std::move(csv).text();
}

std::string rows_text(const ShownTable& table, const store::Rows& rows) {
    formats::CsvWriter csv;
    for (const store::Row& row : rows) {
        for (std::size_t k = 0; k < table.columns().size(); ++k) {
            write_value(csv, table.columns()[k], row.value(k));
        }
        csv.end_row();
    }
    return std::move(csv).text();
}

Result<TextSums> write_table(store::Transaction& transaction, const ShownTable& table,
                             const std::optional<std::string>& collective,
                             const std::function<Result<void>(std::string_view part)>& sink) {
    TextSums sums;
    Sha256 hash;
    const auto give = [&](const std::string& part) {
        sums.bytes += part.size();
        hash.add(part);
        return sink(part);
    };
    TRY_DO(give(header_text(table)));
    store::TablePages pages(transaction, table.sql(), collective);
    while (true) {
        TRY(const store::Rows rows, pages.next());
        if (rows.empty()) {
            break;
        }
        sums.rows += std::ssize(rows);
        TRY_DO(give(rows_text(table, rows)));
    }
    sums.sha256 = hash.hex();
    return sums;
}

Result<std::int64_t> read_table(std::string_view text, const std::string& file,
                                const ShownTable& table,
                                const std::function<Result<void>(const store::Rows& rows)>& take) {
    formats::Findings findings(file);
    auto reader = formats::RowReader::open(text, findings);
    if (!reader) {
        return std::unexpected(reader.error());
    }
    TRY_DO(reader->read_header());
    TRY_DO(check_header(*reader, table, file));
    RowTaker taker(table, findings);
    store::Rows rows;
    std::int64_t count = 0;
    for (auto row = reader->next(); row; row = reader->next()) {
        if (auto taken = taker.take(reader->header(), *row)) {
            rows.push_back(*std::move(taken));
        }
        ++count;
        if (findings.empty() && rows.size() == limits::rows_of_a_page) {
            TRY_DO(take(rows));
            rows.clear();
        }
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    TRY_DO(take(rows));
    return count;
}

} // namespace allot::app::keeping
