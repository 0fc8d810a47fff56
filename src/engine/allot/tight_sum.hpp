/// The largest sum over the tight pairs of a flow. Internal to `engine/allot`.
#pragma once

#include "engine/allot/level_flow.hpp"
#include "engine/allot/solution.hpp"

namespace allot::matching {

/// Rows of the tight pairs of at least a score. A helper who must get some of its asks, but not
/// all, has two columns: its own for the places that may stay free, and one behind all helpers for
/// those that may not.
template <class Rows>
class TightRows {
  public:
    static constexpr Screen screen = Rows::screen;

    TightRows(const Rows& rows, const LevelFlow& flow, Micro least)
        : rows_(&rows), flow_(&flow), least_(least) {
        for (Index helper = 0; helper < flow.helpers(); ++helper) {
            if (flow.fewest(helper) > 0 && flow.fewest(helper) < flow.most(helper)) {
                split_.push_back(helper);
            }
        }
    }

    [[nodiscard]] Index asks() const { return rows_->asks(); }
    [[nodiscard]] Micro largest_score() const { return rows_->largest_score(); }
    [[nodiscard]] Index helpers() const {
        return rows_->helpers() + static_cast<Index>(split_.size());
    }
    [[nodiscard]] Index helper_of(Index column) const {
        return column < rows_->helpers()
                   ? column
                   : split_[static_cast<std::size_t>(column - rows_->helpers())];
    }
    [[nodiscard]] const std::vector<Index>& split() const { return split_; }

    template <class Cost, class Visit>
    void scan(Index ask, const Prices<Cost>& prices, Cost floor, Visit&& visit) const {
        rows_->scan(ask, prices, floor, [&](Index helper, Micro score, Cost net) {
            if (score >= least_ && flow_->is_tight(ask, helper)) {
                floor = visit(helper, score, net);
            }
            return floor;
        });
        for (Index column = rows_->helpers(); column < helpers(); ++column) {
            const Index helper = helper_of(column);
            const auto score = rows_->score(ask, helper);
            if (score && *score >= least_ && flow_->is_tight(ask, helper)) {
                const Cost net = static_cast<Cost>(*score) - prices[column];
                if (net >= floor) {
                    floor = visit(column, *score, net);
                }
            }
        }
    }

  private:
    const Rows* rows_;
    const LevelFlow* flow_;
    Micro least_;
    std::vector<Index> split_;
};

/// What must be used weighs more than all scores together.
class MustScale {
  public:
    using Cost = Wide;

    explicit MustScale(Wide must) : must_(must) {}
    /// Class 1 is for asks that must be served.
    [[nodiscard]] Cost lift(std::uint8_t waiting) const { return waiting == 0 ? Cost{0} : must_; }

  private:
    Wide must_;
};

struct TightSum {
    std::vector<Pair> pairs;
    std::vector<Wide>
        prices; ///< of each helper, optimal; below 0 only where it has its fewest asks
};

/// Serves the asks within the tight pairs of at least `least`, all of which some matching can do,
/// with the largest sum. A column that must be filled starts at a price of minus more than all
/// scores: to the solver that is a bonus on each of its pairs. Errors: interrupted.
template <class Rows>
class TightSumSearch {
  public:
    TightSumSearch(const Rows& rows, const LevelFlow& flow, Micro least)
        : rows_(rows, flow, least), flow_(&flow),
          must_(2 * Wide{rows.largest_score()} * (rows.asks() + 1) + 1) {
        const auto columns = static_cast<std::size_t>(rows_.helpers());
        sides_ = {.demand = std::vector<Count>(static_cast<std::size_t>(rows.asks())),
                  .places = std::vector<Count>(columns),
                  .least = {},
                  .groups = {},
                  .waiting = std::vector<std::uint8_t>(static_cast<std::size_t>(rows.asks())),
                  .service = Service::full};
        for (Index ask = 0; ask < rows.asks(); ++ask) {
            const auto i = static_cast<std::size_t>(ask);
            const bool takes_part = flow.at(ask) != LevelFlow::absent;
            sides_.demand[i] = takes_part ? 1 : 0;
            sides_.waiting[i] = flow.may_stay_empty(ask) ? 0 : 1;
            if (takes_part && flow.may_stay_empty(ask)) {
                sides_.service = Service::partial;
            }
        }
        for (Index helper = 0; helper < rows.helpers(); ++helper) {
            sides_.places[static_cast<std::size_t>(helper)] = flow.most(helper);
        }
        for (std::size_t k = 0; k < rows_.split().size(); ++k) {
            const Index helper = rows_.split()[k];
            sides_.places[static_cast<std::size_t>(rows.helpers()) + k] = flow.fewest(helper);
            sides_.places[static_cast<std::size_t>(helper)] -= flow.fewest(helper);
        }
    }

    [[nodiscard]] Result<TightSum> run(const Options& options) {
        State<TightRows<Rows>, MustScale> state(rows_, sides_, MustScale(must_));
        for (Index column = 0; column < rows_.helpers(); ++column) {
            const bool whole = column < flow_->helpers();
            if (!whole ||
                (flow_->fewest(column) > 0 && flow_->fewest(column) == flow_->most(column))) {
                state.prices.set(column, -must_);
            }
        }
        // Listed at these prices: from here on they only rise.
        Shortlists<TightRows<Rows>, Wide> lists(rows_, state.prices, sides_.demand,
                                                options.threads);
        TRY_DO(serve_all(state, lists, options));
        return collect(state);
    }

  private:
    [[nodiscard]] TightSum collect(const State<TightRows<Rows>, MustScale>& state) const {
        TightSum sum{.pairs = state.pairs(), .prices = {}};
        for (Pair& pair : sum.pairs) {
            pair.helper = rows_.helper_of(pair.helper);
        }
        const auto& prices = state.prices.all();
        sum.prices.assign(prices.begin(), prices.begin() + flow_->helpers());
        for (Index column = flow_->helpers(); column < rows_.helpers(); ++column) {
            Wide& price = sum.prices[static_cast<std::size_t>(rows_.helper_of(column))];
            price = std::min(price, state.prices[column]);
        }
        return sum;
    }

    TightRows<Rows> rows_;
    const LevelFlow* flow_;
    Wide must_;
    Sides sides_;
};

} // namespace allot::matching
