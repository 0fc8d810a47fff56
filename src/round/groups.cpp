#include "round/groups.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/csv.hpp"
#include "formats/groups.hpp"
#include "formats/pairs.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::round {

namespace {

using matching::Count;
using matching::Group;
using matching::Index;

using Numbers = std::map<std::string, Index, std::less<>>;

Numbers numbers_of(const std::vector<std::string>& ids) {
    Numbers numbers;
    for (const auto& id : ids) {
        numbers.try_emplace(id, static_cast<Index>(numbers.size()));
    }
    return numbers;
}

/// Why an offer cannot get so many asks; nothing where it can.
std::optional<std::string> too_many(std::int64_t least, const Offer& offer,
                                    std::chrono::year_month_day today) {
    if (least > 0 && offer.valid_until.value_or(today) < today) {
        return fmt::format("0: its last day was {}, so it is not in this round",
                           format_date(*offer.valid_until));
    }
    if (least > 0 && offer.places == 0) {
        return "0: it has no places, so it is not in this round";
    }
    if (least > offer.places) {
        return fmt::format("a number from 0 to {}, its places", offer.places);
    }
    return std::nullopt;
}

/// How often the members of a group are used, where they are; for each ask by itself where that is
/// its scope.
std::map<Index, Count> uses_of(const Group& group, std::span<const matching::Pair> pairs) {
    std::map<Index, Count> uses;
    for (const auto& pair : pairs) {
        const Index member = group.of == Group::Of::asks ? pair.ask : pair.helper;
        if (std::ranges::find(group.members, member) != group.members.end()) {
            ++uses[group.scope == Group::Scope::ask ? pair.ask : 0];
        }
    }
    return uses;
}

} // namespace

Result<IdCounts> read_least(const File& file, const std::vector<Offer>& offers,
                            std::chrono::year_month_day today) {
    TRY(const auto counts, formats::parse_counts(file.bytes, file.name, 0));
    formats::Findings findings(file.name);
    const auto known = KnownIds::of(offers);
    IdCounts least;
    for (std::size_t k = 0; k < counts.ids.size(); ++k) {
        const std::string& id = counts.ids[k];
        if (!known.contains(id)) {
            findings.add_value({.line = counts.lines[k], .name = "id"}, id, known.expected_for(id));
        } else if (const auto expected = too_many(
                       counts.values[k], *std::ranges::find(offers, id, &Offer::id), today)) {
            findings.add({.line = counts.lines[k], .name = "n"},
                         fmt::format("{} for \"{}\"", counts.values[k], text::shown(id)),
                         *expected);
        }
        least[id] = static_cast<int>(counts.values[k]);
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return least;
}

Result<std::vector<GroupEntry>> read_groups(const File& file, const KnownIds& asks,
                                            const KnownIds& offers) {
    TRY(const auto read, formats::parse_groups(file.bytes, file.name));
    formats::Findings findings(file.name);
    std::vector<GroupEntry> groups;
    for (const auto& rows : read) {
        GroupEntry& group = groups.emplace_back(
            GroupEntry{.name = rows.name,
                       .scope = rows.each_ask ? Group::Scope::ask : Group::Scope::round,
                       .of = rows.of_asks ? Group::Of::asks : Group::Of::helpers,
                       .members = {},
                       .least = static_cast<Count>(rows.least),
                       .most = static_cast<Count>(rows.most.value_or(limits::max_places))});
        for (const auto& [id, place] : rows.members) {
            if (const KnownIds& known = rows.of_asks ? asks : offers; !known.contains(id)) {
                findings.add_value(place, id, known.expected_for(id));
            }
            group.members.push_back(id);
        }
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return groups;
}

std::string groups_csv(const std::vector<Group>& groups, const std::vector<std::string>& asks,
                       const std::vector<std::string>& offers) {
    formats::CsvWriter csv;
    for (const char* column : {"scope", "side", "group", "member", "min", "max"}) {
        csv.field(std::string_view(column));
    }
    csv.end_row();
    for (const Group& group : groups) {
        const bool of_asks = group.of == Group::Of::asks;
        for (const Index member : group.members) {
            csv.field(std::string_view(group.scope == Group::Scope::ask ? "ask" : "round"));
            csv.field(std::string_view(of_asks ? "ask" : "helper"));
            csv.field(std::string_view(group.name));
            csv.field(
                std::string_view((of_asks ? asks : offers)[static_cast<std::size_t>(member)]));
            csv.field(std::int64_t{group.least});
            csv.field(std::int64_t{group.most});
            csv.end_row();
        }
    }
    return std::move(csv).text();
}

std::vector<Group> groups_of(const std::vector<GroupEntry>& entries,
                             const std::vector<std::string>& asks,
                             const std::vector<std::string>& offers) {
    const Numbers ask_numbers = numbers_of(asks);
    const Numbers offer_numbers = numbers_of(offers);
    std::vector<Group> groups;
    for (const GroupEntry& entry : entries) {
        Group group{.name = entry.name,
                    .scope = entry.scope,
                    .of = entry.of,
                    .members = {},
                    .least = entry.least,
                    .most = entry.most};
        const Numbers& numbers = entry.of == Group::Of::asks ? ask_numbers : offer_numbers;
        for (const auto& member : entry.members) {
            if (const auto found = numbers.find(member); found != numbers.end()) {
                group.members.push_back(found->second);
            }
        }
        std::ranges::sort(group.members);
        groups.push_back(std::move(group));
    }
    sort_groups(groups);
    return groups;
}

void sort_groups(std::vector<Group>& groups) {
    std::ranges::sort(groups, {}, [](const Group& group) {
        return std::tuple(group.scope, group.of, std::string_view(group.name));
    });
}

std::optional<std::string> broken_bound(const matching::Sides& sides,
                                        std::span<const matching::Pair> pairs,
                                        const std::vector<std::string>& offers) {
    std::vector<Count> load(sides.places.size());
    for (const auto& pair : pairs) {
        ++load[static_cast<std::size_t>(pair.helper)];
    }
    for (std::size_t j = 0; j < load.size(); ++j) {
        const Count least = sides.least_of(static_cast<Index>(j));
        if (load[j] < least) {
            return fmt::format("{} has {} of the {} asks that it must get",
                               j < offers.size() ? offers[j] : std::to_string(j), load[j], least);
        }
    }
    for (const Group& group : sides.groups) {
        const auto uses = uses_of(group, pairs);
        const auto counts = group.scope == Group::Scope::ask ? sides.demand.size() : 1;
        std::optional<Count> wrong;
        if (uses.size() < counts && group.least > 0) {
            wrong = 0;
        }
        for (const auto& [ask, times] : uses) {
            if (times < group.least || times > group.most) {
                wrong = times;
            }
        }
        if (wrong) {
            return fmt::format("the group \"{}\" is used {} times, expected {} to {}", group.name,
                               *wrong, group.least, group.most);
        }
    }
    return std::nullopt;
}

} // namespace allot::round
