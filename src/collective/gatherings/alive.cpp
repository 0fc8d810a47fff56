#include "collective/gatherings/alive.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::floor;

/// Longer ago nothing is asked about.
constexpr days remembered{366};
constexpr std::int64_t fewest_for_words = 4;

[[nodiscard]] bool was_held(const Occurrence& one) {
    return !one.cancelled && (one.gathering == nullptr || one.gathering->held != "no");
}

/// Those that have ended since `from`, by begin.
[[nodiscard]] Result<std::vector<Occurrence>> ended(const Plan& plan, ZoneBook& zones, Instant from,
                                                    Instant now) {
    TRY(auto all, occurrences(plan, zones, std::max<Instant>(from, plan.series.began), now));
    std::erase_if(all, [&](const Occurrence& one) { return one.end > now; });
    return all;
}

[[nodiscard]] bool rests_on_one(const std::set<Wall>& held, const std::vector<Turn>& turns) {
    if (std::ssize(held) < fewest_for_words) {
        return false;
    }
    std::map<PersonId, std::set<Wall>> carried; // two turns of one evening are one evening
    for (const Turn& turn : turns) {
        if (turn.person && held.contains(turn.original)) {
            carried[*turn.person].insert(turn.original);
        }
    }
    return std::ranges::any_of(
        carried, [&](const auto& one) { return 2 * one.second.size() > held.size(); });
}

} // namespace

Result<Alive> alive_of(const Plan& plan, const std::vector<Turn>& turns, ZoneBook& zones,
                       Instant now) {
    const Instant today = floor<days>(now);
    TRY(const auto all, ended(plan, zones, today - alive_window, today));
    Alive alive{.planned = std::ssize(all)};
    std::set<Wall> held;
    Instant last = std::max<Instant>(today - alive_window, plan.series.began);
    for (const Occurrence& one : all) {
        if (was_held(one)) {
            held.insert(one.original);
            alive.longest_gap = std::max(alive.longest_gap, floor<days>(one.begin - last));
            last = one.begin;
        }
    }
    alive.longest_gap = std::max(alive.longest_gap, floor<days>(today - last));
    alive.held = std::ssize(held);
    alive.rests_on_one = rests_on_one(held, turns);
    return alive;
}

Result<std::optional<Wall>> dying_since(const Plan& plan, ZoneBook& zones, Instant now) {
    TRY(const auto all, ended(plan, zones, now - remembered, now));
    std::optional<Wall> since;
    std::size_t in_a_row = 0;
    for (const Occurrence& one : all) {
        if (was_held(one)) {
            in_a_row = 0;
            since.reset();
            continue;
        }
        ++in_a_row;
        since = since.value_or(one.original);
    }
    return in_a_row >= dying_after ? since : std::nullopt;
}

Step hint_of(const Series& series, Wall since) {
    return {.series = series.id, .original = since, .name = "hint_seen", .who = ""};
}

Result<bool> is_hint_due(Transaction& transaction, const CollectiveId& collective, const Plan& plan,
                         ZoneBook& zones, Instant now) {
    if (is_over(plan.series, floor<days>(now))) {
        return false;
    }
    TRY(const auto since, dying_since(plan, zones, now));
    if (!since) {
        return false;
    }
    TRY(const bool seen, is_step_done(transaction, collective, hint_of(plan.series, *since)));
    return !seen;
}

} // namespace allot::gatherings
