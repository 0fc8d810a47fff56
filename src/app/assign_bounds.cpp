#include "app/assign_bounds.hpp"

#include "app/column_of.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/allot/groups.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::app {

namespace {

using matching::Count;
using matching::Group;
using matching::Index;
using matching::Sides;

std::size_t at(Index k) {
    return static_cast<std::size_t>(k);
}

/// Names are shown in quotes, numbers as they are.
std::string helper_name(const matching::Names& names, Index helper) {
    return names.helpers.empty() ? fmt::format("helper {}", helper)
                                 : fmt::format("\"{}\"", text::shown(names.helpers[at(helper)]));
}

std::string expected_capacity(Count capacity, const std::string& who) {
    return fmt::format("at most {}, the capacity of {}", capacity, who);
}

/// The minimum loads of a CSV file, by helper; who has no row has none.
void add_loads(const formats::Counts& counts, const ColumnOf& id_column, const ColumnOf& n_column,
               const People& people, const matching::Names& names, Sides& sides,
               formats::Findings& findings) {
    sides.least.assign(sides.places.size(), 0);
    for (std::size_t k = 0; k < counts.ids.size(); ++k) {
        const auto helper = people.helper(counts.ids[k]);
        if (!helper) {
            findings.add_value(id_column.on(counts.lines[k]), counts.ids[k], people.known_helpers);
            continue;
        }
        const Count capacity = sides.places[at(*helper)];
        if (counts.values[k] > capacity) {
            findings.add(n_column.on(counts.lines[k]), std::to_string(counts.values[k]),
                         expected_capacity(capacity, helper_name(names, *helper)));
        }
        sides.least[at(*helper)] = static_cast<Count>(counts.values[k]);
    }
}

/// For minimums without places in a file: one for everybody, or a line for each.
Result<void> check_loads(const Sides& sides, const matching::Names& names,
                         const std::string& where) {
    for (std::size_t j = 0; j < sides.least.size(); ++j) {
        if (sides.least[j] > sides.places[j]) {
            const auto who = helper_name(names, static_cast<Index>(j));
            return fail(ErrorKind::invalid,
                        fmt::format("{}: found {} for {}, expected {}", where, sides.least[j], who,
                                    expected_capacity(sides.places[j], who)));
        }
    }
    return {};
}

/// A group may not be used more often than all its pairs; so no limit is a number too.
Count most_of(const formats::GroupRows& rows, const Sides& sides) {
    const auto others = rows.each_ask  ? std::int64_t{1}
                        : rows.of_asks ? std::int64_t{sides.helpers()}
                                       : std::int64_t{sides.asks()};
    const auto pairs = std::min(std::ssize(rows.members) * others, limits::max_places);
    return static_cast<Count>(rows.most.value_or(std::max(pairs, rows.least)));
}

Group group_of(const formats::GroupRows& rows, const People& people, const Sides& sides,
               formats::Findings& findings) {
    Group group{.name = rows.name,
                .scope = rows.each_ask ? Group::Scope::ask : Group::Scope::round,
                .of = rows.of_asks ? Group::Of::asks : Group::Of::helpers,
                .members = {},
                .least = static_cast<Count>(rows.least),
                .most = most_of(rows, sides)};
    for (const auto& member : rows.members) {
        const auto number = rows.of_asks ? people.ask(member.id) : people.helper(member.id);
        if (number) {
            group.members.push_back(*number);
        } else {
            findings.add_value(member.place, member.id,
                               rows.of_asks ? people.known_asks : people.known_helpers);
        }
    }
    std::ranges::sort(group.members);
    return group;
}

} // namespace

BoundTables parse_bounds(const AssignOptions& options, const FileBytes& min_load,
                         const FileBytes& groups, bool has_ids, Errors& errors) {
    BoundTables tables;
    const auto* path = options.min_load ? std::get_if<std::string>(&*options.min_load) : nullptr;
    if (path != nullptr && has_ids) {
        tables.min_load = errors.value_of(formats::parse_counts(min_load.view(), *path, 0));
    }
    if (options.groups) {
        tables.groups = errors.value_of(formats::parse_groups(groups.view(), *options.groups));
    }
    return tables;
}

Result<void> add_bounds(const AssignOptions& options, const BoundTables& tables,
                        const std::vector<Count>& numbers, std::string_view min_load_bytes,
                        const People& people, const matching::Names& names, Sides& sides) {
    Errors errors;
    const auto* path = options.min_load ? std::get_if<std::string>(&*options.min_load) : nullptr;
    if (tables.min_load) {
        formats::Findings findings(*path);
        add_loads(*tables.min_load, ColumnOf(min_load_bytes, "id"), ColumnOf(min_load_bytes, "n"),
                  people, names, sides, findings);
        errors.add(findings);
    } else if (options.min_load) {
        sides.least =
            path != nullptr
                ? numbers
                : std::vector(sides.places.size(),
                              static_cast<Count>(std::get<std::int64_t>(*options.min_load)));
        if (auto checked = check_loads(sides, names, path != nullptr ? *path : "--min-load");
            !checked) {
            errors.add(checked.error());
        }
    }
    formats::Findings in_groups(options.groups.value_or(""));
    for (const auto& rows : tables.groups) {
        sides.groups.push_back(group_of(rows, people, sides, in_groups));
    }
    errors.add(in_groups);
    TRY_DO(errors.check());
    if (auto checked = matching::check_groups(sides, names); !checked) {
        return fail(
            checked.error().kind,
            fmt::format("{}: {}", options.groups.value_or("--min-load"), checked.error().message));
    }
    return {};
}

} // namespace allot::app
