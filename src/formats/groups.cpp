#include "formats/groups.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/csv.hpp"

#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace allot::formats {

namespace {

/// A number of a group, once a row has said it.
struct Bound {
    std::optional<std::int64_t> value;
    std::int64_t line = 0;
};

struct Gathered {
    GroupRows group;
    Bound least;
    Bound most;
    std::map<std::string, std::int64_t, std::less<>> line_of; ///< of each member
};

/// (for each ask, of asks, name): `ask` comes before `round`, `ask` before `helper`.
using Key = std::tuple<bool, bool, std::string>;

class Reader {
  public:
    Reader(RowReader& rows, const std::vector<std::size_t>& columns, Findings& findings)
        : rows_(&rows), columns_(&columns), findings_(&findings) {}

    [[nodiscard]] std::vector<GroupRows> run() {
        while (const auto row = rows_->next()) {
            read(*row);
        }
        std::vector<GroupRows> groups;
        for (auto& [key, gathered] : groups_) {
            groups.push_back(finished(std::move(gathered)));
        }
        return groups;
    }

  private:
    enum Column : std::uint8_t { scope, side, group, member, min, max };

    [[nodiscard]] std::string_view field(const Row& row, Column column) const {
        return row[(*columns_)[column]];
    }
    [[nodiscard]] Place place(const Row& row, Column column) const {
        return rows_->header().place(row, (*columns_)[column]);
    }

    void read(const Row& row) {
        const auto each_ask = read_word(row, scope, "ask", "round");
        const auto of_asks = read_word(row, side, "ask", "helper");
        const bool has_name = read_id(row, group);
        const bool has_member = read_id(row, member);
        const auto least = read_number(row, min);
        const auto most = read_number(row, max);
        if (each_ask == true && of_asks == true) {
            findings_->add_value(place(row, side), field(row, side),
                                 "helper where the scope is ask");
        } else if (each_ask && of_asks && has_name) {
            Gathered& into = gathered(*each_ask, *of_asks, std::string(field(row, group)));
            note(into.least, least, row, min);
            note(into.most, most, row, max);
            check_order(into, row);
            if (has_member) {
                add_member(into, row);
            }
        }
    }

    /// True for the first word, false for the second.
    std::optional<bool> read_word(const Row& row, Column column, std::string_view yes,
                                  std::string_view no) {
        const auto word = field(row, column);
        if (word != yes && word != no) {
            findings_->add_value(place(row, column), word, fmt::format("{} or {}", yes, no));
            return std::nullopt;
        }
        return word == yes;
    }

    bool read_id(const Row& row, Column column) {
        const auto id = field(row, column);
        const bool is_good = !id.empty() && id.size() <= limits::max_id_bytes;
        if (!is_good) {
            findings_->add_value(place(row, column), id,
                                 fmt::format("{} of at most {} bytes",
                                             column == group ? "the name of a group" : "an id",
                                             limits::max_id_bytes));
        }
        return is_good;
    }

    std::optional<std::int64_t> read_number(const Row& row, Column column) {
        const auto text = field(row, column);
        if (text.empty()) {
            return std::nullopt;
        }
        const auto n = text::parse_int(text);
        if (!n || *n < 0 || *n > limits::max_places) {
            findings_->add_value(
                place(row, column), text,
                fmt::format("a whole number from 0 to {}, or nothing", limits::max_places));
            return std::nullopt;
        }
        return n;
    }

    Gathered& gathered(bool each_ask, bool of_asks, const std::string& name) {
        Gathered& found = groups_[Key(!each_ask, !of_asks, name)];
        found.group.each_ask = each_ask;
        found.group.of_asks = of_asks;
        found.group.name = name;
        return found;
    }

    void note(Bound& bound, std::optional<std::int64_t> n, const Row& row, Column column) {
        if (!n) {
            return;
        }
        if (!bound.value) {
            bound = {.value = n, .line = row.line};
        } else if (*bound.value != *n) {
            findings_->add(
                place(row, column),
                fmt::format("{} for the group \"{}\"", *n, text::shown(field(row, group))),
                fmt::format("{} as in line {}, or nothing", *bound.value, bound.line));
        }
    }

    /// Said at the row that brings the second of the two.
    void check_order(const Gathered& into, const Row& row) {
        const bool is_new = into.least.line == row.line || into.most.line == row.line;
        if (is_new && into.least.value && into.most.value && *into.least.value > *into.most.value) {
            findings_->add(place(row, min),
                           fmt::format("a min of {} for the group \"{}\"", *into.least.value,
                                       text::shown(into.group.name)),
                           fmt::format("at most its max of {}", *into.most.value));
        }
    }

    void add_member(Gathered& into, const Row& row) {
        const std::string id(field(row, member));
        const auto [found, is_new] = into.line_of.try_emplace(id, row.line);
        if (is_new) {
            const Place where = place(row, member);
            into.group.members.push_back(
                {.id = id,
                 .place = {.line = where.line, .column = where.column, .name = "member"}});
            return;
        }
        findings_->add(place(row, member),
                       fmt::format("\"{}\" of line {} again", text::shown(id), found->second),
                       "each member of a group once");
    }

    static GroupRows finished(Gathered gathered) {
        gathered.group.least = gathered.least.value.value_or(0);
        gathered.group.most = gathered.most.value;
        return std::move(gathered.group);
    }

    RowReader* rows_;
    const std::vector<std::size_t>* columns_;
    Findings* findings_;
    std::map<Key, Gathered> groups_;
};

} // namespace

Result<std::vector<GroupRows>> parse_groups(std::string_view bytes, std::string file_name) {
    Findings findings(std::move(file_name));
    TRY(auto rows, RowReader::open(bytes, findings));
    TRY_DO(rows.read_header());
    constexpr std::array<std::string_view, 6> names{"scope",  "side", "group",
                                                    "member", "min",  "max"};
    TRY(const auto columns, rows.header().require(names, findings));
    auto groups = Reader(rows, columns, findings).run();
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return groups;
}

} // namespace allot::formats
