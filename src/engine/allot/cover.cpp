#include "engine/allot/cover.hpp"

#include <algorithm>

namespace allot::matching {

Cover::Cover(const PairLists& lists, const Sides& sides)
    : lists_(&lists), sides_(&sides), usable_(sides.demand.size()), held_(sides.demand.size()),
      holders_(sides.places.size()), taken_by_(sides.places.size()), gives_up_(sides.demand.size()),
      ask_seen_(sides.demand.size()), helper_seen_(sides.places.size()) {}

bool Cover::covers(std::span<const Count> needs, std::span<const Micro> least, Index spare) {
    for (std::size_t i = 0; i < needs.size(); ++i) {
        usable_[i] = lists_->count_from(static_cast<Index>(i), least[i]);
        held_[i].clear();
    }
    for (auto& holders : holders_) {
        holders.clear();
    }
    std::ranges::fill(ask_seen_, 0);
    std::ranges::fill(helper_seen_, 0);
    search_ = 0;
    for (std::size_t i = 0; i < needs.size(); ++i) {
        while (static_cast<Count>(held_[i].size()) < needs[i]) {
            if (serve(static_cast<Index>(i))) {
                continue;
            }
            if (spare-- <= 0) {
                return false;
            }
            break;
        }
    }
    return true;
}

/// Helpers that a failed search has seen stay seen: no free place is ever reached from them.
bool Cover::serve(Index ask) {
    ++search_;
    queue_.assign(1, ask);
    ask_seen_[static_cast<std::size_t>(ask)] = search_;
    gives_up_[static_cast<std::size_t>(ask)] = nobody;
    for (std::size_t next = 0; next < queue_.size();) {
        if (const Index end = reach_from(queue_[next++]); end != nobody) {
            walk_back(end);
            return true;
        }
    }
    std::ranges::replace(helper_seen_, search_, exhausted);
    return false;
}

/// A helper with a free place that the ask can take; nobody, after all holders of those whom it can
/// take have joined the queue.
Index Cover::reach_from(Index ask) {
    const auto row = lists_->row(ask).first(usable_[static_cast<std::size_t>(ask)]);
    for (const auto& [helper, score] : row) {
        const auto j = static_cast<std::size_t>(helper);
        if (helper_seen_[j] == search_ || helper_seen_[j] == exhausted || holds(ask, helper)) {
            continue;
        }
        helper_seen_[j] = search_;
        taken_by_[j] = ask;
        if (has_free_place(helper)) {
            return helper;
        }
        for (const Index holder : holders_[j]) {
            const auto i = static_cast<std::size_t>(holder);
            if (ask_seen_[i] != search_) {
                ask_seen_[i] = search_;
                gives_up_[i] = helper;
                queue_.push_back(holder);
            }
        }
    }
    return nobody;
}

void Cover::walk_back(Index helper) {
    while (helper != nobody) {
        const Index ask = taken_by_[static_cast<std::size_t>(helper)];
        const Index instead = gives_up_[static_cast<std::size_t>(ask)];
        held_[static_cast<std::size_t>(ask)].push_back(helper);
        holders_[static_cast<std::size_t>(helper)].push_back(ask);
        if (instead != nobody) {
            std::erase(held_[static_cast<std::size_t>(ask)], instead);
            std::erase(holders_[static_cast<std::size_t>(instead)], ask);
        }
        helper = instead;
    }
}

bool Cover::holds(Index ask, Index helper) const {
    return std::ranges::find(held_[static_cast<std::size_t>(ask)], helper) !=
           held_[static_cast<std::size_t>(ask)].end();
}

bool Cover::has_free_place(Index helper) const {
    return static_cast<Count>(holders_[static_cast<std::size_t>(helper)].size()) <
           sides_->places[static_cast<std::size_t>(helper)];
}

} // namespace allot::matching
