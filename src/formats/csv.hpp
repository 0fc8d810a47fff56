/// Tables as text: RFC 4180 with the habits of spreadsheets.
///
/// Read are: UTF-8 with or without a byte order mark; `,` `;` or TAB between fields, found from the
/// first line, or named by Excel's `sep=;` line; CRLF, LF or CR; quoted fields with doubled quotes
/// and line ends inside; spaces around a quoted field. Left out are lines without text and lines of
/// separators only, unless a field is quoted. A quote inside an unquoted field is a character.
#pragma once

#include "base/result.hpp"
#include "formats/findings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::formats {

/// One row. `fields` live as long as the bytes that were read and the reader or table it came from.
struct Row {
    /// Physical line on which the row begins, from 1.
    std::int64_t line = 0;
    /// Fields as written, without the quotes. Trailing fields may be missing: they are empty.
    std::span<const std::string_view> fields;

    /// Field `column` (from 0) as written; empty where the row is shorter.
    [[nodiscard]] std::string_view raw(std::size_t column) const {
        return column < fields.size() ? fields[column] : std::string_view();
    }
    /// The same without white space at both ends.
    [[nodiscard]] std::string_view operator[](std::size_t column) const;
    /// The same for a column that the file need not have: then empty.
    [[nodiscard]] std::string_view if_present(std::optional<std::size_t> column) const;
};

/// The first row of a table: the names of its columns, compared without case. Names may be empty
/// (a spreadsheet's unused columns), two equal ones are a finding.
class Header {
  public:
    Header() = default;
    Header(const Row& row, Findings& findings);

    /// Names as written, without white space at both ends.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    /// Index from 0 of the column of this name (in any case). O(log columns).
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

    /// The index of each name, in the order asked for. Errors: all that are missing in one finding,
    /// with the nearest name that is there and the list of what was found.
    [[nodiscard]] Result<std::vector<std::size_t>> require(std::span<const std::string_view> names,
                                                           Findings& findings) const;

    /// Where field `column` (from 0) of `row` stands, for `Findings::add_value`.
    [[nodiscard]] Place place(const Row& row, std::size_t column) const;

  private:
    std::vector<std::string> names_;
    std::map<std::string, std::size_t, std::less<>> column_of_;
    std::int64_t line_ = 0;
};

/// Pulls one row after another out of bytes; the one tokenizer of this folder. A row with an error
/// (unclosed quote, text after a closing quote, NUL or bytes that are not UTF-8, a field above
/// `limits::max_field_bytes`, more fields than the header) becomes findings and is not returned.
/// O(bytes); keeps one row, and the fields of all rows that hold doubled quotes.
class RowReader {
  public:
    /// Finds encoding and separator. Errors: UTF-16, a zipped spreadsheet, above
    /// `limits::max_text_bytes`. `bytes` and `findings` outlive the reader.
    [[nodiscard]] static Result<RowReader> open(std::string_view bytes, Findings& findings);

    /// Takes the next row as header. Errors: no row left, or a finding in that row.
    [[nodiscard]] Result<void> read_header();

    /// The next row without an error; nullopt after the last. Valid until the next call.
    [[nodiscard]] std::optional<Row> next();

    [[nodiscard]] const Header& header() const { return header_; }
    [[nodiscard]] char separator() const { return separator_; }

    /// Fields that had to be copied because they hold doubled quotes. Whoever keeps fields beyond
    /// the reader's life keeps these.
    [[nodiscard]] std::deque<std::string> take_unescaped() && { return std::move(unescaped_); }

  private:
    RowReader(std::string_view bytes, std::size_t start, Findings& findings);

    void find_separator();
    Row read_row();
    void read_field();
    void read_unquoted();
    void read_quoted(std::size_t open);
    [[nodiscard]] std::string_view unescaped(std::string_view quoted);
    void check_text(std::string_view field, std::int64_t line);
    void pass_text_after_quote(std::int64_t line);
    bool pass_separator();
    void pass_line_end();
    void report(std::int64_t line, std::string_view found, std::string_view expected);
    [[nodiscard]] bool is_blank() const;

    std::string_view bytes_;
    Findings* findings_;
    bool clean_;            ///< all bytes are UTF-8 without NUL
    std::size_t at_;        ///< next byte
    std::int64_t line_ = 1; ///< its line
    char separator_ = ',';
    std::array<bool, 256> ends_{}; ///< bytes that end an unquoted field
    std::vector<std::string_view> fields_;
    bool row_is_sound_ = true;
    bool row_has_quotes_ = false;
    Header header_;
    std::deque<std::string> unescaped_;
};

/// A whole table. Fields point into the bytes it was read from, which must outlive it.
class Table {
  public:
    Table(Table&&) noexcept = default;
    Table& operator=(Table&&) noexcept = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    ~Table() = default;

    /// Number of rows, without the header.
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    /// Row `i` from 0; i < size().
    [[nodiscard]] Row operator[](std::size_t i) const;
    /// All rows, for a range-based loop.
    [[nodiscard]] auto rows() const {
        return std::views::iota(std::size_t{0}, size()) |
               std::views::transform([this](std::size_t i) { return (*this)[i]; });
    }

    [[nodiscard]] const std::string& file_name() const { return file_name_; }
    [[nodiscard]] const Header& header() const { return header_; }
    [[nodiscard]] char separator() const { return separator_; }

    /// See `Header::column`.
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const {
        return header_.column(name);
    }
    /// See `Header::require`.
    [[nodiscard]] Result<std::vector<std::size_t>>
    require_columns(std::initializer_list<std::string_view> names) const;
    /// See `Header::place`.
    [[nodiscard]] Place place(const Row& row, std::size_t column) const {
        return header_.place(row, column);
    }

  private:
    friend Result<Table> parse_table(std::string_view bytes, Findings& findings);
    Table(RowReader rows, std::string file_name);

    struct Extent {
        std::int64_t line;
        std::size_t first_field;
        std::size_t fields;
    };

    std::string file_name_;
    Header header_;
    char separator_;
    std::vector<Extent> rows_;
    std::vector<std::string_view> fields_;
    std::deque<std::string> unescaped_;
};

/// Reads a table whose first row is its header. Errors: all that is wrong with the text, at once.
/// O(bytes).
[[nodiscard]] Result<Table> parse_table(std::string_view bytes, std::string file_name);

/// The same for a reader that goes on to judge the fields: rows with errors become `findings` and
/// are left out, so that what the caller finds in the others can be shown with them. Errors: no
/// header can be read.
[[nodiscard]] Result<Table> parse_table(std::string_view bytes, Findings& findings);

/// Writes a table as RFC 4180 with `,` and LF, quoting where a reader, ours or a spreadsheet's,
/// could misread. Fields are written exactly: a text that begins with `=` is not altered to keep a
/// spreadsheet from taking it for a formula, because what is read back must be what was written.
/// NUL and bytes that are not UTF-8 are written too, and refused on reading.
class CsvWriter {
  public:
    CsvWriter& field(std::string_view text);
    /// The shortest decimal that reads back as the same number.
    CsvWriter& field(double number);
    CsvWriter& field(std::int64_t number);
    /// Ends a row, which has at least one field.
    void end_row();

    [[nodiscard]] const std::string& text() const& { return text_; }
    [[nodiscard]] std::string text() && { return std::move(text_); }

  private:
    void begin_field();

    std::string text_;
    std::size_t row_start_ = 0;
    bool in_row_ = false;
    bool row_has_text_ = false;
};

} // namespace allot::formats
