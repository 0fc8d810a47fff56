/// Who takes a place that became free. Internal to `engine/allot`.
#pragma once

#include "engine/allot/shortlists.hpp"
#include "engine/allot/state.hpp"

namespace allot::matching {

/// The mirror image of `Augmenter`: a helper with a price has a free place, and the shortest path
/// in reduced costs leads from it over asks that would rather have it than what they hold to a
/// helper whose price falls to 0, or to an ask with an empty place. Prices only fall, by columns
/// instead of rows. Afterwards the invariants of `Augmenter` hold again.
template <class Rows, class Scale>
class Refill {
  public:
    using Cost = typename Scale::Cost;

    Refill(State<Rows, Scale>& state, Shortlists<Rows, Cost>& lists)
        : state_(&state), lists_(&lists), reached_(state.sides().places.size()) {}

    /// One free place of `helper`, which has no other one if it has a price. Typically a few
    /// columns, O(asks) each where rows are dense.
    void run(Index helper) {
        if (state_->prices[helper] == 0) {
            return;
        }
        ++search_;
        events_.clear();
        settled_.clear();
        end_ = {.key = state_->prices[helper], .helper = helper};
        reached(helper) = {.search = search_};
        events_.push(0, Kind::helper, helper);
        while (!events_.empty()) {
            const auto event = events_.pop();
            if (event.key >= end_.key) {
                break;
            }
            settle(event.id, event.key);
        }
        lower_prices();
        walk_back(helper);
    }

  private:
    using Kind = typename Events<Cost>::Kind;
    static constexpr Index nobody = -1;

    struct Reached {
        std::uint32_t search = 0;
        bool settled = false;
        Cost key = 0;
        Index ask = nobody; ///< who would leave it
        Index to = nobody;  ///< and for whom
        Micro score = 0;    ///< of that ask with `to`
    };
    /// Where the path ends: at a helper that keeps a free place, or at an ask that had an empty
    /// one and takes the place of `helper`.
    struct End {
        Cost key = 0;
        Index helper = nobody;
        Index ask = nobody;
        Micro score = 0;
    };

    Reached& reached(Index helper) { return reached_[static_cast<std::size_t>(helper)]; }

    void settle(Index helper, Cost key) {
        Reached& here = reached(helper);
        if (here.settled || here.key != key) {
            return;
        }
        here.settled = true;
        settled_.push_back(helper);
        state_->rows().scan_column(helper, [&](Index ask, Micro score) {
            const Cost net = state_->net(helper, score);
            if (state_->may_stay_empty() && state_->missing(ask) > 0) {
                const Cost end = key - state_->lift(ask) - net;
                if (end < end_.key && !state_->holds(ask, helper)) {
                    end_ = {.key = end, .helper = helper, .ask = ask, .score = score};
                }
            }
            for (const auto& held : state_->held(ask)) {
                const Cost next = key + state_->net(held.helper, held.score) - net;
                if (next < end_.key && !state_->holds(ask, helper)) {
                    reach(held.helper, next, ask, helper, score);
                }
            }
        });
    }

    void reach(Index helper, Cost key, Index ask, Index to, Micro score) {
        Reached& there = reached(helper);
        if (there.search == search_ && (there.settled || key >= there.key)) {
            return;
        }
        there = {
            .search = search_, .settled = false, .key = key, .ask = ask, .to = to, .score = score};
        if (key + state_->prices[helper] < end_.key) {
            end_ = {.key = key + state_->prices[helper], .helper = helper};
        }
        events_.push(key, Kind::helper, helper);
    }

    void lower_prices() {
        for (const Index helper : settled_) {
            const Cost fall = end_.key - reached(helper).key;
            if (fall > 0) {
                state_->prices.set(helper, state_->prices[helper] - fall);
            }
        }
        for (const Index helper : settled_) {
            if (reached(helper).key < end_.key) {
                state_->rows().scan_column(
                    helper, [&](Index ask, Micro score) { lists_->lowered(ask, helper, score); });
            }
        }
    }

    /// Everybody along the path moves one place on, towards the helper with the free place.
    void walk_back(Index free) {
        if (end_.ask != nobody) {
            state_->take(end_.ask, end_.helper, end_.score);
        }
        for (Index helper = end_.helper; helper != free;) {
            const Reached step = reached(helper);
            state_->drop(step.ask, helper);
            state_->take(step.ask, step.to, step.score);
            helper = step.to;
        }
    }

    State<Rows, Scale>* state_;
    Shortlists<Rows, Cost>* lists_;
    std::vector<Reached> reached_;
    std::vector<Index> settled_;
    Events<Cost> events_;
    End end_;
    std::uint32_t search_ = 0;
};

} // namespace allot::matching
