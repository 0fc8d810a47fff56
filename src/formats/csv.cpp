#include "formats/csv.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace allot::formats {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view separators = ",;\t";

constexpr bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}

/// Bytes of the character at the front of `s`; 0 if it is NUL or not UTF-8 (RFC 3629, section 4).
std::size_t character_length(std::string_view s) {
    const auto byte = [s](std::size_t i) -> unsigned {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
    };
    const auto follow = [byte](std::size_t first, std::size_t last) {
        return std::ranges::all_of(std::views::iota(first, last + 1),
                                   [byte](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; });
    };
    const unsigned lead = byte(0);
    const unsigned second = byte(1);
    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return follow(1, 1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && second < 0xA0;
        const bool surrogate = lead == 0xED && second > 0x9F;
        return follow(1, 2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && second < 0x90;
        const bool beyond_unicode = lead == 0xF4 && second > 0x8F;
        return follow(1, 3) && !overlong && !beyond_unicode ? 4 : 0;
    }
    return 0;
}

/// Whether the next eight bytes are all ASCII and none is NUL.
bool eight_plain_bytes(const char* bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t high_bits = ones << 7U;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return (((word - ones) | word) & high_bits) == 0;
}

/// Length of the longest beginning of `s` that is UTF-8 without NUL.
std::size_t clean_prefix(std::string_view s) {
    std::size_t at = 0;
    while (at < s.size()) {
        if (s.size() - at >= 8 && eight_plain_bytes(s.data() + at)) {
            at += 8;
        } else if (const std::size_t n = character_length(s.substr(at)); n > 0) {
            at += n;
        } else {
            break;
        }
    }
    return at;
}

/// Line ends in a quoted field; CRLF is one.
std::int64_t count_line_ends(std::string_view s) {
    std::int64_t n = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const bool second_half = s[i] == '\n' && i > 0 && s[i - 1] == '\r';
        n += is_line_end(s[i]) && !second_half ? 1 : 0;
    }
    return n;
}

/// `text::trim`, inlined for fields that begin and end with a visible ASCII character.
std::string_view trimmed(std::string_view s) {
    const auto visible = [](char c) { return c > ' ' && c <= '~'; };
    return !s.empty() && visible(s.front()) && visible(s.back()) ? s : text::trim(s);
}

/// The separator that an Excel `sep=;` line at the front of `s` names.
std::optional<char> named_separator(std::string_view s) {
    constexpr std::string_view key = "sep=";
    const bool named = s.size() > key.size() && text::lower_ascii(s.substr(0, key.size())) == key &&
                       separators.contains(s[key.size()]) &&
                       (s.size() == key.size() + 1 || is_line_end(s[key.size() + 1]));
    return named ? std::optional(s[key.size()]) : std::nullopt;
}

/// The candidate that stands most often outside quotes in the first line with text.
char most_frequent_separator(std::string_view s) {
    std::array<std::size_t, separators.size()> count{};
    bool quoted = false;
    bool has_text = false;
    for (const char c : s) {
        if (c == '"') {
            quoted = !quoted;
            has_text = true;
        } else if (quoted) {
            continue;
        } else if (const auto candidate = separators.find(c); candidate != std::string_view::npos) {
            ++count.at(candidate);
        } else if (!is_line_end(c)) {
            has_text = has_text || c != ' ';
        } else if (has_text) {
            break;
        } else {
            count.fill(0);
        }
    }
    const auto most = std::ranges::max_element(count);
    return separators[static_cast<std::size_t>(most - count.begin())];
}

/// What a file that is not UTF-8 text most likely is.
std::string_view other_format(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        return "text in UTF-16";
    }
    return bytes.starts_with("PK\x03\x04") ? "a zipped file, perhaps a spreadsheet" : "";
}

std::string in_quotes(std::string_view name) {
    return fmt::format("\"{}\"", text::shown(name));
}

std::string quoted_list(const std::vector<std::string>& names) {
    std::vector<std::string> quoted(names.size());
    std::ranges::transform(names, quoted.begin(), in_quotes);
    return text::join_words(quoted);
}

bool needs_quotes(std::string_view s) {
    const bool begins_separator_line = s.size() == 4 && text::lower_ascii(s) == "sep=";
    return begins_separator_line || text::trim(s) != s || s.starts_with(byte_order_mark) ||
           std::ranges::any_of(s, [](char c) {
               return c == '"' || c == '\x7F' || separators.contains(c) ||
                      static_cast<unsigned char>(c) < 0x20;
           });
}

} // namespace

std::string_view Row::operator[](std::size_t column) const {
    return trimmed(raw(column));
}

std::string_view Row::if_present(std::optional<std::size_t> column) const {
    return column ? (*this)[*column] : std::string_view();
}

Header::Header(const Row& row, Findings& findings) : line_(row.line) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        const std::string_view name = row[i];
        names_.emplace_back(name);
        if (name.empty()) {
            continue;
        }
        const auto [first, is_new] = column_of_.try_emplace(text::lower_ascii(name), i);
        if (!is_new) {
            findings.add({line_, i + 1, names_.back()},
                         fmt::format("the name of column {} again", first->second + 1),
                         "each name once");
        }
    }
}

std::optional<std::size_t> Header::column(std::string_view name) const {
    const auto found = column_of_.find(text::lower_ascii(text::trim(name)));
    return found == column_of_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<std::size_t>> Header::require(std::span<const std::string_view> names,
                                                 Findings& findings) const {
    std::vector<std::size_t> columns;
    std::vector<std::string> missing;
    for (const std::string_view name : names) {
        if (const auto index = column(name)) {
            columns.push_back(*index);
            continue;
        }
        const auto near = text::nearest_word(name, names_);
        missing.push_back(near ? fmt::format("{} (is {} meant?)", in_quotes(name), in_quotes(*near))
                               : in_quotes(name));
    }
    if (!missing.empty()) {
        findings.add(
            {.line = line_},
            fmt::format("the column{} {}", names_.size() == 1 ? "" : "s", quoted_list(names_)),
            fmt::format("also {}", text::join_words(missing)));
        return std::unexpected(findings.error());
    }
    return columns;
}

Place Header::place(const Row& row, std::size_t column) const {
    return {row.line, column + 1,
            column < names_.size() ? std::string_view(names_[column]) : std::string_view()};
}

RowReader::RowReader(std::string_view bytes, std::size_t start, Findings& findings)
    : bytes_(bytes), findings_(&findings), clean_(clean_prefix(bytes) == bytes.size()), at_(start) {
    if (const auto named = named_separator(bytes_.substr(at_))) {
        separator_ = *named;
        at_ = bytes_.find(separator_, at_) + 1;
        pass_line_end();
    } else {
        separator_ = most_frequent_separator(bytes_.substr(at_));
    }
    for (const char c : {separator_, '\n', '\r'}) {
        ends_.at(static_cast<unsigned char>(c)) = true;
    }
}

Result<RowReader> RowReader::open(std::string_view bytes, Findings& findings) {
    if (bytes.size() > limits::max_text_bytes) {
        findings.add({}, fmt::format("{} bytes", bytes.size()),
                     fmt::format("at most {}", limits::max_text_bytes));
        return std::unexpected(findings.error());
    }
    if (const auto other = other_format(bytes); !other.empty()) {
        findings.add({}, other,
                     "text in UTF-8: save it as \"CSV UTF-8\" (Excel) or as \"Text CSV\" with "
                     "character set \"Unicode (UTF-8)\" (LibreOffice)");
        return std::unexpected(findings.error());
    }
    return RowReader(bytes, bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0,
                     findings);
}

Result<void> RowReader::read_header() {
    const std::size_t findings_before = findings_->count();
    const auto row = next();
    if (row) {
        header_ = Header(*row, *findings_);
    } else if (findings_->count() == findings_before) {
        findings_->add({}, "no text", "a first line with the names of the columns");
    }
    if (findings_->count() > findings_before) {
        return std::unexpected(findings_->error());
    }
    return {};
}

std::optional<Row> RowReader::next() {
    while (at_ < bytes_.size()) {
        const Row row = read_row();
        if (!row_is_sound_ || is_blank()) {
            continue;
        }
        const std::size_t columns = header_.names().size();
        if (columns == 0 || row.fields.size() <= columns) {
            return row;
        }
        findings_->add({.line = row.line}, fmt::format("{} fields", row.fields.size()),
                       fmt::format("at most {} as in the first line; a field that holds \"{}\" "
                                   "stands in double quotes",
                                   columns,
                                   separator_ == '\t' ? "TAB" : std::string(1, separator_)));
    }
    return std::nullopt;
}

Row RowReader::read_row() {
    fields_.clear();
    row_is_sound_ = true;
    row_has_quotes_ = false;
    const std::int64_t line = line_;
    do {
        read_field();
    } while (pass_separator());
    pass_line_end();
    return {line, fields_};
}

void RowReader::read_field() {
    const std::size_t start = std::min(bytes_.find_first_not_of(' ', at_), bytes_.size());
    if (start < bytes_.size() && bytes_[start] == '"') {
        read_quoted(start);
    } else {
        read_unquoted();
    }
}

void RowReader::read_unquoted() {
    std::size_t end = at_;
    while (end < bytes_.size() && !ends_[static_cast<unsigned char>(bytes_[end])]) {
        ++end;
    }
    const std::string_view field = bytes_.substr(at_, end - at_);
    at_ = end;
    check_text(field, line_);
    fields_.push_back(field);
}

void RowReader::read_quoted(std::size_t open) {
    const std::int64_t line = line_;
    row_has_quotes_ = true;
    bool doubled = false;
    std::size_t close = bytes_.find('"', open + 1);
    while (close != std::string_view::npos && bytes_.substr(close + 1).starts_with('"')) {
        doubled = true;
        close = bytes_.find('"', close + 2);
    }
    if (close == std::string_view::npos) {
        report(line, "a double quote that is never closed", "a closing double quote");
        at_ = bytes_.size();
        return;
    }
    const std::string_view quoted = bytes_.substr(open + 1, close - open - 1);
    const std::string_view field = doubled ? unescaped(quoted) : quoted;
    at_ = close + 1;
    line_ += count_line_ends(quoted);
    check_text(field, line);
    pass_text_after_quote(line);
    fields_.push_back(field);
}

std::string_view RowReader::unescaped(std::string_view quoted) {
    std::string& out = unescaped_.emplace_back();
    out.reserve(quoted.size());
    while (!quoted.empty()) {
        const std::size_t up_to_quote = std::min(quoted.find('"'), quoted.size() - 1) + 1;
        out += quoted.substr(0, up_to_quote);
        quoted.remove_prefix(std::min(up_to_quote + 1, quoted.size()));
    }
    return out;
}

void RowReader::check_text(std::string_view field, std::int64_t line) {
    if (field.size() > limits::max_field_bytes) {
        report(line, fmt::format("a field of {} bytes", field.size()),
               fmt::format("at most {}", limits::max_field_bytes));
        return;
    }
    const std::size_t clean = clean_ ? field.size() : clean_prefix(field);
    if (clean < field.size()) {
        report(line,
               fmt::format("byte 0x{:02X} as byte {} of the field",
                           static_cast<unsigned char>(field[clean]), clean + 1),
               "text in UTF-8 without NUL: save the file with character set UTF-8");
    }
}

void RowReader::pass_text_after_quote(std::int64_t line) {
    at_ = std::min(bytes_.find_first_not_of(' ', at_), bytes_.size());
    if (at_ == bytes_.size() || ends_[static_cast<unsigned char>(bytes_[at_])]) {
        return;
    }
    report(line, "text after the closing double quote of a field",
           "the next field or the end of the line; a double quote inside a field is written twice");
    while (at_ < bytes_.size() && !ends_[static_cast<unsigned char>(bytes_[at_])]) {
        ++at_;
    }
}

bool RowReader::pass_separator() {
    const bool here = at_ < bytes_.size() && bytes_[at_] == separator_;
    at_ += here ? 1U : 0U;
    return here;
}

void RowReader::pass_line_end() {
    if (at_ == bytes_.size()) {
        return;
    }
    at_ += bytes_.substr(at_).starts_with("\r\n") ? 2U : 1U;
    ++line_;
}

void RowReader::report(std::int64_t line, std::string_view found, std::string_view expected) {
    row_is_sound_ = false;
    findings_->add(header_.place({.line = line}, fields_.size()), found, expected);
}

bool RowReader::is_blank() const {
    return !row_has_quotes_ &&
           std::ranges::all_of(fields_, [](std::string_view f) { return trimmed(f).empty(); });
}

Table::Table(RowReader rows, std::string file_name)
    : file_name_(std::move(file_name)), separator_(rows.separator()) {
    while (const auto row = rows.next()) {
        rows_.push_back({row->line, fields_.size(), row->fields.size()});
        fields_.insert(fields_.end(), row->fields.begin(), row->fields.end());
    }
    header_ = rows.header();
    unescaped_ = std::move(rows).take_unescaped();
}

Row Table::operator[](std::size_t i) const {
    const Extent& row = rows_[i];
    return {row.line, std::span(fields_).subspan(row.first_field, row.fields)};
}

Result<std::vector<std::size_t>>
Table::require_columns(std::initializer_list<std::string_view> names) const {
    Findings findings(file_name_);
    return header_.require(names, findings);
}

Result<Table> parse_table(std::string_view bytes, Findings& findings) {
    TRY(auto rows, RowReader::open(bytes, findings));
    TRY_DO(rows.read_header());
    return Table(std::move(rows), findings.file_name());
}

Result<Table> parse_table(std::string_view bytes, std::string file_name) {
    Findings findings(std::move(file_name));
    auto table = parse_table(bytes, findings);
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return table;
}

void CsvWriter::begin_field() {
    if (in_row_) {
        text_ += ',';
    }
    in_row_ = true;
}

CsvWriter& CsvWriter::field(std::string_view text) {
    begin_field();
    row_has_text_ = row_has_text_ || !text.empty();
    if (!needs_quotes(text)) {
        text_ += text;
        return *this;
    }
    text_ += '"';
    for (const char c : text) {
        text_.append(c == '"' ? 2 : 1, c);
    }
    text_ += '"';
    return *this;
}

CsvWriter& CsvWriter::field(double number) {
    return field(std::string_view(fmt::format("{}", number)));
}

CsvWriter& CsvWriter::field(std::int64_t number) {
    return field(std::string_view(fmt::format("{}", number)));
}

void CsvWriter::end_row() {
    if (!row_has_text_) {
        text_.insert(row_start_, "\"\""); // a line of separators would be read as no row
    }
    text_ += '\n';
    row_start_ = text_.size();
    in_row_ = row_has_text_ = false;
}

} // namespace allot::formats
