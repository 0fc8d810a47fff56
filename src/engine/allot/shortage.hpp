/// Why a round that must be served in full cannot be. Internal to `engine/allot`.
#pragma once

#include "engine/allot/solver.hpp"
#include "engine/allot/state.hpp"

namespace allot::matching {

/// Finds cuts in a state in which as many places as possible are filled: from every ask that lacks
/// a place, everybody who could give way. By max-flow min-cut (Ford and Fulkerson 1956) these asks
/// need more than they can reach. Sets that share a helper are one cut. O(pairs).
template <class Rows, class Scale>
class ShortageSearch {
  public:
    using Cost = typename Scale::Cost;

    explicit ShortageSearch(const State<Rows, Scale>& state)
        : state_(&state), no_prices_(state.rows().helpers(), Rows::screen),
          cut_of_ask_(state.sides().demand.size(), none),
          cut_of_helper_(state.sides().places.size(), none) {}

    [[nodiscard]] std::vector<Shortage> run() {
        for (Index ask = 0; ask < state_->rows().asks(); ++ask) {
            if (state_->missing(ask) > 0 && cut_of_ask(ask) == none) {
                same_as_.push_back(static_cast<Index>(same_as_.size()));
                close_over(ask, same_as_.back());
            }
        }
        return collect();
    }

  private:
    static constexpr Index none = -1;

    Index& cut_of_ask(Index ask) { return cut_of_ask_[static_cast<std::size_t>(ask)]; }
    Index& cut_of_helper(Index helper) { return cut_of_helper_[static_cast<std::size_t>(helper)]; }
    /// The cut that stands for this one after merging.
    [[nodiscard]] Index root(Index cut) const {
        while (same_as_[static_cast<std::size_t>(cut)] != cut) {
            cut = same_as_[static_cast<std::size_t>(cut)];
        }
        return cut;
    }

    void close_over(Index first, Index cut) {
        std::vector<Index> todo{first};
        cut_of_ask(first) = cut;
        while (!todo.empty()) {
            const Index ask = todo.back();
            todo.pop_back();
            state_->rows().scan(ask, no_prices_, Cost{0}, [&](Index helper, Micro, Cost) {
                if (!state_->holds(ask, helper)) {
                    reach(helper, cut, todo);
                }
                return Cost{0};
            });
        }
    }

    void reach(Index helper, Index cut, std::vector<Index>& todo) {
        if (!joins(cut_of_helper(helper), cut)) {
            return;
        }
        for (const auto& holder : state_->holders(helper)) {
            if (joins(cut_of_ask(holder.ask), cut)) {
                todo.push_back(holder.ask);
            }
        }
    }

    /// Puts somebody into a cut; false, after merging the two, when it was in one already.
    bool joins(Index& member_of, Index cut) {
        if (member_of != none) {
            same_as_[static_cast<std::size_t>(root(cut))] = root(member_of);
            return false;
        }
        member_of = cut;
        return true;
    }

    [[nodiscard]] std::vector<Shortage> collect() {
        std::vector<Shortage> all(same_as_.size());
        for (Index helper = 0; helper < state_->rows().helpers(); ++helper) {
            if (cut_of_helper(helper) != none) {
                Shortage& cut = all[static_cast<std::size_t>(root(cut_of_helper(helper)))];
                cut.helpers.push_back(helper);
                cut.places += state_->sides().places[static_cast<std::size_t>(helper)];
            }
        }
        for (Index ask = 0; ask < state_->rows().asks(); ++ask) {
            if (cut_of_ask(ask) != none) {
                Shortage& cut = all[static_cast<std::size_t>(root(cut_of_ask(ask)))];
                cut.asks.push_back(ask);
                cut.needed += state_->sides().demand[static_cast<std::size_t>(ask)];
                cut.single += std::ranges::count_if(state_->held(ask), [&](const auto& held) {
                    const Index other = cut_of_helper(held.helper);
                    return other == none || root(other) != root(cut_of_ask(ask));
                });
            }
        }
        std::erase_if(all, [](const Shortage& cut) { return cut.asks.empty(); });
        return all;
    }

    const State<Rows, Scale>* state_;
    Prices<Cost> no_prices_;
    std::vector<Index> cut_of_ask_;
    std::vector<Index> cut_of_helper_;
    std::vector<Index> same_as_;
};

} // namespace allot::matching
