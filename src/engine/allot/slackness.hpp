/// Complementary slackness, row by row and column by column. Internal to `engine/allot`.
#pragma once

#include "engine/allot/state.hpp"

namespace allot::matching {

/// Looks at pairs and prices as they stand, whoever made them. Where all demands that must be met
/// are met, the pairs are optimal for these prices when every row and every place holds; a column
/// is the same question as all rows, asked about one helper. `state` outlives it.
template <class Rows, class Scale>
class Slackness {
  public:
    using Cost = typename Scale::Cost;

    explicit Slackness(const State<Rows, Scale>& state) : state_(&state) {}

    /// Nobody whom the ask does not hold is worth more to it than whom it holds, and nobody whom it
    /// holds less than an empty place, where that is allowed. O(row).
    [[nodiscard]] bool row_holds(Index ask) const {
        if (state_->may_stay_empty() && least_held(ask) < -state_->lift(ask)) {
            return false;
        }
        const Cost least = threshold(ask);
        bool holds = true;
        if (least != unheld) {
            state_->rows().scan(ask, state_->prices, least + 1, [&](Index helper, Micro, Cost) {
                holds = holds && state_->holds(ask, helper);
                return least + 1;
            });
        }
        return holds;
    }

    /// Nobody would rather have this helper. O(column).
    [[nodiscard]] bool column_holds(Index helper) const {
        bool holds = true;
        state_->rows().scan_column(helper, [&](Index ask, Micro score) {
            holds = holds &&
                    (state_->net(helper, score) <= threshold(ask) || state_->holds(ask, helper));
        });
        return holds;
    }

    /// Only the places of a full helper have a price.
    [[nodiscard]] bool place_holds(Index helper) const {
        const Cost price = state_->prices[helper];
        return price == 0 || (price > 0 && state_->full(helper));
    }

    /// What the worst of whom an ask holds is worth to it; `unheld` where it holds nobody.
    [[nodiscard]] Cost least_held(Index ask) const {
        Cost least = unheld;
        for (const auto& held : state_->held(ask)) {
            least = std::min(least, state_->net(held.helper, held.score));
        }
        return least;
    }

    /// Above all sums of scores and prices.
    static constexpr Cost unheld = -State<Rows, Scale>::lowest;

  private:
    /// What a place must be worth to an ask, so that it changes nothing.
    [[nodiscard]] Cost threshold(Index ask) const {
        return state_->may_stay_empty() && state_->missing(ask) > 0 ? -state_->lift(ask)
                                                                    : least_held(ask);
    }

    const State<Rows, Scale>* state_;
};

} // namespace allot::matching
