/// Threshold flows: can everybody have so many helpers that are good enough? Internal to
/// `engine/allot`.
#pragma once

#include "engine/allot/pair_lists.hpp"

namespace allot::matching {

/// A flow over the pairs of at least a threshold, by augmenting paths found breadth first (Ford and
/// Fulkerson 1956). Reusable; all arguments outlive it.
class Cover {
  public:
    Cover(const PairLists& lists, const Sides& sides);

    /// Can all but `spare` asks have `needs` different helpers each, of a score of at least
    /// `least`, within the places? With `spare` > 0 the needs are at most 1. O(needs * pairs),
    /// usually much less; false as soon as it is known.
    [[nodiscard]] bool covers(std::span<const Count> needs, std::span<const Micro> least,
                              Index spare);

  private:
    static constexpr Index nobody = -1;
    static constexpr auto exhausted = static_cast<std::uint32_t>(-1);

    [[nodiscard]] bool serve(Index ask);
    [[nodiscard]] Index reach_from(Index ask);
    void walk_back(Index helper);
    [[nodiscard]] bool holds(Index ask, Index helper) const;
    [[nodiscard]] bool has_free_place(Index helper) const;

    const PairLists* lists_;
    const Sides* sides_;
    std::vector<std::size_t> usable_; ///< pairs at the head of each row
    std::vector<std::vector<Index>> held_;
    std::vector<std::vector<Index>> holders_;
    std::vector<Index> taken_by_;         ///< of each helper: the ask that reached it
    std::vector<Index> gives_up_;         ///< of each ask: the helper through which it was reached
    std::uint32_t search_ = 0;            ///< number of the search, from 1
    std::vector<std::uint32_t> ask_seen_; ///< the search that saw an ask last
    std::vector<std::uint32_t> helper_seen_; ///< likewise, or `exhausted`
    std::vector<Index> queue_;
};

} // namespace allot::matching
