#include "formats/pairs.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace allot::formats {

namespace {

/// `value`, or everything that was found wrong.
template <class T>
Result<T> unless_findings(T value, const Findings& findings) {
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return value;
}

std::uint32_t hash_of(std::string_view id) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(id));
}

Result<RowReader> open_table(std::string_view bytes, Findings& findings) {
    TRY(auto rows, RowReader::open(bytes, findings));
    TRY_DO(rows.read_header());
    return rows;
}

/// The id in one field, interned; nullopt and a finding if it is none.
std::optional<std::uint32_t> read_id(const RowReader& rows, const Row& row, std::size_t column,
                                     Ids& ids, Findings& findings) {
    const std::string_view id = row[column];
    if (id.empty() || id.size() > limits::max_id_bytes) {
        findings.add_value(rows.header().place(row, column), id,
                           fmt::format("an id of at most {} bytes", limits::max_id_bytes));
        return std::nullopt;
    }
    return ids.intern(id);
}

/// A whole number in [minimum, limits::max_places]; nullopt and a finding for anything else.
std::optional<std::int64_t> read_count(std::string_view text, const Place& place,
                                       std::int64_t minimum, Findings& findings) {
    const auto n = text::parse_int(text);
    if (!n || *n < minimum || *n > limits::max_places) {
        findings.add_value(
            place, text, fmt::format("a whole number from {} to {}", minimum, limits::max_places));
        return std::nullopt;
    }
    return n;
}

/// The number in `text`, also with a decimal comma if that cannot separate fields.
std::optional<double> parse_score(std::string_view text, char separator) {
    const auto score = text::parse_double(text);
    if (score || separator != ';' || !text.contains(',') || text.contains('.')) {
        return score;
    }
    std::string with_point(text);
    std::ranges::replace(with_point, ',', '.');
    return text::parse_double(with_point);
}

std::optional<double> read_score(const RowReader& rows, const Row& row, std::size_t column,
                                 Findings& findings) {
    const auto score = parse_score(row[column], rows.separator());
    if (!score || *score < 0 || *score > limits::max_score) {
        findings.add_value(rows.header().place(row, column), row[column],
                           fmt::format("a score from 0 to {:.0f}; leave the row out if the pair is "
                                       "not allowed",
                                       limits::max_score));
        return std::nullopt;
    }
    return score;
}

/// The rows grouped by ask, in the order of the file within each. O(rows + asks).
std::vector<Pair> grouped_by_ask(const Pairs& pairs) {
    std::vector<std::size_t> next(pairs.asks.size() + 1);
    for (const Pair& pair : pairs.rows) {
        ++next[pair.ask + std::size_t{1}];
    }
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<Pair> grouped(pairs.rows.size());
    for (const Pair& pair : pairs.rows) {
        grouped[next[pair.ask]++] = pair;
    }
    return grouped;
}

/// Reports each pair that `rows`, which are grouped by ask, hold before.
void find_repeated_pairs(std::span<const Pair> rows, const Pairs& pairs, Findings& findings) {
    struct Seen {
        std::uint32_t ask = ~std::uint32_t{0};
        std::int64_t line = 0;
    };
    std::vector<Seen> seen(pairs.helpers.size());
    for (const Pair& pair : rows) {
        Seen& before = seen[pair.helper];
        if (before.ask != pair.ask) {
            before = {pair.ask, pair.line};
            continue;
        }
        findings.add({.line = pair.line},
                     fmt::format(R"(the pair "{}", "{}" of line {} again)",
                                 text::shown(pairs.asks[pair.ask]),
                                 text::shown(pairs.helpers[pair.helper]), before.line),
                     "each pair once");
    }
}

/// Most files are grouped by ask already; the others are grouped in a copy.
void find_repeated_pairs(const Pairs& pairs, Findings& findings) {
    if (std::ranges::is_sorted(pairs.rows, {}, &Pair::ask)) {
        find_repeated_pairs(pairs.rows, pairs, findings);
    } else {
        find_repeated_pairs(grouped_by_ask(pairs), pairs, findings);
    }
}

void check_size(const Ids& ids, std::string_view column, Findings& findings) {
    if (std::cmp_greater(ids.size(), limits::max_side)) {
        findings.add({}, fmt::format("{} ids in column \"{}\"", ids.size(), column),
                     fmt::format("at most {}", limits::max_side));
    }
}

/// Reads the pairs of the rows for which `accept(row)` holds; it is called for every row.
template <class Accept>
Pairs read_pairs(RowReader& rows, const std::vector<std::size_t>& columns, Findings& findings,
                 Accept accept) {
    Pairs pairs;
    while (const auto row = rows.next()) {
        const auto ask = read_id(rows, *row, columns[0], pairs.asks, findings);
        const auto helper = read_id(rows, *row, columns[1], pairs.helpers, findings);
        if (accept(*row) && ask && helper) {
            pairs.rows.push_back({*ask, *helper, row->line});
        }
    }
    const auto& names = rows.header().names();
    check_size(pairs.asks, names[columns[0]], findings);
    check_size(pairs.helpers, names[columns[1]], findings);
    find_repeated_pairs(pairs, findings);
    return pairs;
}

} // namespace

std::size_t Ids::slot_of(std::string_view id, std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    while (slots_[slot].index != no_index &&
           (slots_[slot].hash != hash || names_[slots_[slot].index] != id)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

void Ids::grow() {
    const auto before =
        std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(slots_.size() * 2, 16)));
    for (const Slot& slot : before) {
        if (slot.index != no_index) {
            slots_[slot_of(names_[slot.index], slot.hash)] = slot;
        }
    }
}

std::uint32_t Ids::intern(std::string_view id) {
    if (last_ < names_.size() && names_[last_] == id) {
        return last_;
    }
    if (names_.size() * 2 >= slots_.size()) {
        grow();
    }
    const std::uint32_t hash = hash_of(id);
    Slot& slot = slots_[slot_of(id, hash)];
    if (slot.index == no_index) {
        slot = {hash, static_cast<std::uint32_t>(names_.size())};
        names_.emplace_back(id);
    }
    return last_ = slot.index;
}

std::optional<std::uint32_t> Ids::find(std::string_view id) const {
    const std::uint32_t index = slots_.empty() ? no_index : slots_[slot_of(id, hash_of(id))].index;
    return index == no_index ? std::nullopt : std::optional(index);
}

Result<Pairs> parse_pairs(std::string_view bytes, std::string file_name,
                          const PairColumns& columns) {
    Findings findings(std::move(file_name));
    TRY(auto rows, open_table(bytes, findings));
    TRY(const auto indices,
        rows.header().require(std::array{columns.ask, columns.helper}, findings));
    return unless_findings(read_pairs(rows, indices, findings, [](const Row&) { return true; }),
                           findings);
}

Result<Triples> parse_triples(std::string_view bytes, std::string file_name,
                              const PairColumns& columns) {
    Findings findings(std::move(file_name));
    TRY(auto rows, open_table(bytes, findings));
    TRY(const auto indices,
        rows.header().require(std::array{columns.ask, columns.helper, columns.score}, findings));
    Triples triples;
    triples.pairs = read_pairs(rows, indices, findings, [&](const Row& row) {
        const auto score = read_score(rows, row, indices[2], findings);
        triples.scores.push_back(score.value_or(0));
        return score.has_value();
    });
    return unless_findings(std::move(triples), findings);
}

Result<Counts> parse_counts(std::string_view bytes, std::string file_name, std::int64_t minimum,
                            std::string_view id_column, std::string_view n_column) {
    Findings findings(std::move(file_name));
    TRY(auto rows, open_table(bytes, findings));
    TRY(const auto columns, rows.header().require(std::array{id_column, n_column}, findings));
    Counts counts;
    while (const auto row = rows.next()) {
        const auto place = rows.header().place(*row, columns[1]);
        const auto n = read_count((*row)[columns[1]], place, minimum, findings);
        const auto id = read_id(rows, *row, columns[0], counts.ids, findings);
        if (id && *id < counts.lines.size()) {
            findings.add(rows.header().place(*row, columns[0]),
                         fmt::format("\"{}\" of line {} again", text::shown(counts.ids[*id]),
                                     counts.lines[*id]),
                         "each id once");
        } else if (id) {
            counts.values.push_back(n.value_or(minimum));
            counts.lines.push_back(row->line);
        }
    }
    check_size(counts.ids, id_column, findings);
    return unless_findings(std::move(counts), findings);
}

Result<std::vector<std::int64_t>> parse_lines_of_ints(std::string_view bytes, std::string file_name,
                                                      std::size_t expected, std::int64_t minimum) {
    Findings findings(std::move(file_name));
    TRY(auto rows, RowReader::open(bytes, findings));
    std::vector<std::int64_t> numbers;
    while (const auto row = rows.next()) {
        if (row->fields.size() > 1) {
            findings.add({.line = row->line}, fmt::format("{} fields", row->fields.size()),
                         "one whole number a line");
        }
        const Place place{.line = row->line};
        numbers.push_back(read_count((*row)[0], place, minimum, findings).value_or(minimum));
    }
    if (findings.empty() && numbers.size() != expected) {
        findings.add({}, text::count_of(std::ssize(numbers), "number", "numbers"),
                     fmt::format("{}, one a line", expected));
    }
    return unless_findings(std::move(numbers), findings);
}

} // namespace allot::formats
