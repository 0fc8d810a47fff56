/// The smallest optimal prices. Internal to `engine/allot`.
#pragma once

#include "engine/allot/shortlists.hpp"
#include "engine/allot/state.hpp"

namespace allot::matching {

/// Lowers the prices of an optimal state to the smallest optimal ones, which are unique and say
/// what one more place of each helper would add to the objective.
///
/// Optimal prices v are those with, for all pairs (i, j) that are held and (i, k) that are not,
/// `v_k >= v_j + score_ik - score_ij`, `v >= 0`, `v = 0` where a place is free and, for an ask i
/// with an empty place, `v_k >= lift_i + score_ik`. The smallest solution is a longest-path
/// problem; in slacks `v - smallest` under the present prices all arcs are at least 0, so one
/// Dijkstra from all helpers at once finds it (Johnson 1977). The arcs of an ask are taken from its
/// short list; its row is scanned, at most once, only when the search has come as far as the list's
/// bound. Most searches end before: O(pairs + n log n) at worst.
template <class Rows, class Scale>
class SmallestPrices {
  public:
    using Cost = typename Scale::Cost;

    /// `lists` are of the present prices, or of lower ones. They are void when the prices are set.
    SmallestPrices(State<Rows, Scale>& state, Shortlists<Rows, Cost>& lists)
        : state_(&state), lists_(&lists), lowered_(state.rows().helpers(), Rows::screen),
          slack_(state.prices.all()), helper_done_(slack_.size()), open_helpers_(slack_.size()),
          from_(state.sides().demand.size(), -State<Rows, Scale>::lowest), ask_done_(from_.size()) {
    }

    void run() {
        if (std::ranges::all_of(slack_, [](const Cost& price) { return price == 0; })) {
            return;
        }
        seed();
        while (open_helpers_ > 0) { // each of them is an event
            const auto event = events_.pop();
            switch (event.kind) {
            case Kind::helper:
                settle(event.id, event.key);
                break;
            case Kind::ask:
                look_at_list(event.id);
                break;
            case Kind::open:
                scan(event.id);
                break;
            }
        }
        for (Index helper = 0; helper < state_->rows().helpers(); ++helper) {
            state_->prices.set(helper, lowered_[helper]);
        }
    }

  private:
    using Kind = typename Events<Cost>::Kind;

    /// Every helper may fall to 0; an ask with an empty place bounds what it would like to have.
    void seed() {
        for (Index helper = 0; helper < state_->rows().helpers(); ++helper) {
            events_.push(slack_[static_cast<std::size_t>(helper)], Kind::helper, helper);
        }
        for (Index ask = 0; ask < state_->rows().asks(); ++ask) {
            if (state_->may_stay_empty() && state_->missing(ask) > 0) {
                reach(ask, -state_->lift(ask), 0);
            }
        }
    }

    void reach(Index ask, Cost from, Cost key) {
        auto& known = from_[static_cast<std::size_t>(ask)];
        if (from < known) {
            known = from;
            events_.push(key, Kind::ask, ask);
        }
    }

    void settle(Index helper, Cost key) {
        const auto j = static_cast<std::size_t>(helper);
        if (helper_done_[j] != 0 || slack_[j] != key) {
            return;
        }
        helper_done_[j] = 1;
        --open_helpers_;
        for (const auto& holder : state_->holders(helper)) {
            const Cost from = key + state_->net(helper, holder.score);
            reach(holder.ask, from, from - least_held(holder.ask));
        }
    }

    /// No helper that the ask does not hold has a higher net than this.
    [[nodiscard]] Cost least_held(Index ask) const {
        Cost least = -State<Rows, Scale>::lowest;
        for (const auto& held : state_->held(ask)) {
            least = std::min(least, state_->net(held.helper, held.score));
        }
        return least;
    }

    /// Finds the helpers of its list whose slack this ask bounds. All others have a slack under it
    /// of at least `from - bound`.
    void look_at_list(Index ask) {
        if (ask_done_[static_cast<std::size_t>(ask)] != 0) {
            return;
        }
        ask_done_[static_cast<std::size_t>(ask)] = 1;
        for (const auto& item : (*lists_)[ask]) {
            bound_slack(ask, item.helper, item.score);
        }
        if (!lists_->whole(ask)) {
            const Cost from = from_[static_cast<std::size_t>(ask)];
            events_.push(from - lists_->bound(ask), Kind::open, ask);
        }
    }

    /// The same for the whole row: `from - (score - price) < slack`, that is `score - lowered >
    /// from`, where `lowered = price - slack` only rises.
    void scan(Index ask) {
        const Cost floor = from_[static_cast<std::size_t>(ask)] + 1;
        state_->rows().scan(ask, lowered_, floor, [&](Index helper, Micro score, Cost) {
            bound_slack(ask, helper, score);
            return floor;
        });
    }

    void bound_slack(Index ask, Index helper, Micro score) {
        const auto j = static_cast<std::size_t>(helper);
        const Cost slack = from_[static_cast<std::size_t>(ask)] - state_->net(helper, score);
        if (helper_done_[j] == 0 && slack < slack_[j] && !state_->holds(ask, helper)) {
            slack_[j] = slack;
            lowered_.set(helper, state_->prices[helper] - slack);
            events_.push(slack, Kind::helper, helper);
        }
    }

    State<Rows, Scale>* state_;
    Shortlists<Rows, Cost>* lists_;
    Prices<Cost> lowered_;
    std::vector<Cost> slack_;
    std::vector<char> helper_done_;
    std::size_t open_helpers_; ///< that are not done
    std::vector<Cost> from_;
    std::vector<char> ask_done_;
    Events<Cost> events_;
};

} // namespace allot::matching
