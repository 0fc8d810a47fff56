/// Who plans to come to a gathering. Nobody but the person herself sees her plan; hosts see seats,
/// where there are any to count. Rows go a day after the gathering has ended.
#pragma once

#include "collective/gatherings/thread.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "platform/store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

using store::Transaction;

inline constexpr std::array<std::string_view, 2> plan_names = {"plan", "not"};
/// So long after the end of a gathering its plans are kept.
inline constexpr std::chrono::days plans_are_kept{1};

/// "plan", "not", or "" where nothing was said. `who` is the id of a person, or `guest_hash_of`.
[[nodiscard]] Result<std::string> said_plan(Transaction& transaction, const GatheringKey& key,
                                            std::string_view who);
[[nodiscard]] Result<std::int64_t> seats_taken(Transaction& transaction, const GatheringKey& key);
/// Says it, or says something else than before. Errors: `conflict` where `plan` is one of
/// `plan_names` but all seats are spoken for.
[[nodiscard]] Result<void> save_plan(Transaction& transaction, const GatheringKey& key,
                                     std::string_view who, std::string_view plan,
                                     const std::optional<std::int64_t>& seats);

/// A plan of a person, for herself.
struct OwnPlan {
    SeriesId series;
    Wall original;
    std::string plan;
};
[[nodiscard]] Result<std::vector<OwnPlan>>
plans_by(Transaction& transaction, const CollectiveId& collective, const PersonId& person);
[[nodiscard]] Result<void> drop_plans_by(Transaction& transaction, const CollectiveId& collective,
                                         const PersonId& person);

/// Drops plans of gatherings that ended a day ago or are no more, and links to recordings whose
/// last day is over. For a job that runs now and then. Errors as `occurrences`.
[[nodiscard]] Result<void> forget_what_is_over(Transaction& transaction,
                                               const CollectiveId& collective, ZoneBook& zones,
                                               Instant now);

} // namespace allot::gatherings
