#include "round/fields.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::round {

namespace {

/// A name cannot write lines of its own into a letter or onto a terminal.
std::string on_one_line(std::string_view s) {
    std::string line;
    for (const char c : s) {
        const bool is_space = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
        if (!is_space) {
            line += c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    return std::string(text::trim(line));
}

} // namespace

std::string_view Fields::text(std::string_view column) const {
    return row_.if_present(table_->column(column));
}

void Fields::wrong(std::string_view column, std::string_view expected) const {
    findings_->add_value(table_->place(row_, table_->column(column).value_or(0)), text(column),
                         expected);
}

std::string Fields::id(std::string_view column) const {
    const auto value = text(column);
    if (value.empty() || value.size() > limits::max_id_bytes) {
        wrong(column, fmt::format("an id of 1 to {} bytes", limits::max_id_bytes));
    }
    return on_one_line(value);
}

std::int64_t Fields::number(std::string_view column, std::int64_t least, std::int64_t most,
                            std::optional<std::int64_t> if_empty) const {
    const auto value = text(column);
    if (value.empty() && if_empty) {
        return *if_empty;
    }
    const auto n = text::parse_int(value);
    if (!n || *n < least || *n > most) {
        wrong(column, fmt::format("a whole number from {} to {}", least, most));
        return least;
    }
    return *n;
}

std::optional<std::chrono::year_month_day> Fields::date(std::string_view column) const {
    const auto value = text(column);
    if (value.empty()) {
        return std::nullopt;
    }
    const auto parsed = parse_date(value);
    if (!parsed) {
        wrong(column, "a date such as 2027-01-25");
        return std::nullopt;
    }
    return *parsed;
}

bool Fields::yes(std::string_view column) const {
    const std::string value = text::lower_ascii(text(column));
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
        return std::ranges::find(words, value) != words.end();
    };
    if (is_one_of({"yes", "y", "true", "1", "x"})) {
        return true;
    }
    if (!is_one_of({"", "no", "n", "false", "0"})) {
        wrong(column, "yes or no");
    }
    return false;
}

std::vector<std::string> Fields::list(std::string_view column) const {
    auto items = text::split_list(text(column), '|');
    std::ranges::transform(items, items.begin(), on_one_line);
    return items;
}

std::set<std::string> Fields::set(std::string_view column) const {
    const auto items = list(column);
    return {items.begin(), items.end()};
}

} // namespace allot::round
