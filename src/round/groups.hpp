/// Bounds that hosts set: how many asks an offer must get, and how often a group may be used.
#pragma once

#include "engine/allot/instance.hpp"
#include "round/entries.hpp"

namespace allot::round {

/// A number by the id of an offer.
using IdCounts = std::map<std::string, int>;

/// A group as it is written: see docs/cli.md. Members are ids of asks or of offers.
struct GroupEntry {
    std::string name;
    matching::Group::Scope scope = matching::Group::Scope::round;
    matching::Group::Of of = matching::Group::Of::helpers;
    std::vector<std::string> members;
    matching::Count least = 0;
    matching::Count most = 0;
};

/// Reads `id,n` with ids of offers. Errors: all that is wrong with the file, at once; also more
/// than the places of an offer, or any where its last day is before `today`.
[[nodiscard]] Result<IdCounts> read_least(const File& file, const std::vector<Offer>& offers,
                                          std::chrono::year_month_day today);

/// Reads `scope,side,group,member,min,max`, one row a member; `asks` and `offers` are the ids that
/// may be named. Errors: all that is wrong with the file, at once; also rows of one group that say
/// different things of it.
[[nodiscard]] Result<std::vector<GroupEntry>> read_groups(const File& file, const KnownIds& asks,
                                                          const KnownIds& offers);

/// The same file again; `asks` and `offers` are ids by number.
[[nodiscard]] std::string groups_csv(const std::vector<matching::Group>& groups,
                                     const std::vector<std::string>& asks,
                                     const std::vector<std::string>& offers);

/// In numbers and sorted; members whose ids are not among these take no part and are left out.
[[nodiscard]] std::vector<matching::Group> groups_of(const std::vector<GroupEntry>& entries,
                                                     const std::vector<std::string>& asks,
                                                     const std::vector<std::string>& offers);

/// By scope, side and name: a draw depends on the numbers of groups, so a round and whoever reads
/// its groups.csv must number them alike.
void sort_groups(std::vector<matching::Group>& groups);

/// The first group or minimum load of `sides` that `pairs` do not keep, in words;
/// `offers` are ids by number, or none.
[[nodiscard]] std::optional<std::string> broken_bound(const matching::Sides& sides,
                                                      std::span<const matching::Pair> pairs,
                                                      const std::vector<std::string>& offers);

} // namespace allot::round
