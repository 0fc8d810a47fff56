/// Every allowed pair in memory, and the solver run on other values than the scores. Internal to
/// `engine/allot`.
#pragma once

#include "engine/allot/rows.hpp"
#include "engine/allot/solver.hpp"

namespace allot::matching {

/// The allowed pairs of each ask, best score first; equal ones begin at another helper in each row,
/// as in `row_start`. 16 bytes a pair.
class PairLists {
  public:
    struct Item {
        Index helper;
        Micro score;
    };

    /// O(pairs log of the longest row).
    explicit PairLists(const ScoreRows& rows);

    [[nodiscard]] Index asks() const { return static_cast<Index>(begin_.size()) - 1; }
    [[nodiscard]] Index helpers() const { return helpers_; }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    /// Number of the first pair of a row among all pairs.
    [[nodiscard]] std::size_t first(Index ask) const {
        return begin_[static_cast<std::size_t>(ask)];
    }
    [[nodiscard]] std::span<const Item> row(Index ask) const {
        return {items_.data() + first(ask), first(ask + 1) - first(ask)};
    }
    /// Sum of the `n` best scores of a row, or of all where there are fewer.
    [[nodiscard]] Micro best_sum(Index ask, Count n) const;
    /// How many pairs of a row have at least this score.
    [[nodiscard]] std::size_t count_from(Index ask, Micro score) const;

  private:
    Index helpers_;
    std::vector<std::size_t> begin_;
    std::vector<Item> items_;
};

/// A value for each pair of `PairLists`, in its order; negative: not allowed. As a row oracle.
class ValuedRows {
  public:
    static constexpr Screen screen = Screen::none;

    ValuedRows(const PairLists& lists, std::vector<Micro> values);

    [[nodiscard]] Index asks() const { return lists_->asks(); }
    [[nodiscard]] Index helpers() const { return lists_->helpers(); }
    [[nodiscard]] Micro largest_score() const { return largest_; }

    /// As `SparseRows::scan`; prices are at least 0, so that a row whose values fall is left early.
    template <class Cost, class Visit>
    void scan(Index ask, const Prices<Cost>& prices, Cost floor, Visit&& visit) const {
        const auto row = lists_->row(ask);
        const Micro* value = values_.data() + lists_->first(ask);
        for (std::size_t k = 0; k < row.size(); ++k) {
            if (value[k] < 0) {
                continue;
            }
            if (falling_ && static_cast<Cost>(value[k]) < floor) {
                return;
            }
            const Cost net = static_cast<Cost>(value[k]) - prices[row[k].helper];
            if (net >= floor) {
                floor = visit(row[k].helper, value[k], net);
            }
        }
    }

  private:
    const PairLists* lists_;
    std::vector<Micro> values_;
    Micro largest_ = 0;
    bool falling_ = true; ///< within each row
};

/// What the solver made of a `ValuedRows`.
struct Valued {
    std::vector<Pair> pairs; ///< by ask, then helper, with their scores, not their values
    bool whole = true;       ///< no place is missing
    Micro bound = 0;         ///< no allotment with `places` by class has a larger sum of values
};

/// The allotment with the largest sum of values, as `allot` finds it, without smallest prices.
/// `sides` has no surplus; `places` are the most places by class (zeros with Service::full).
/// Errors: invalid (sums that do not fit), interrupted.
[[nodiscard]] Result<Valued> allot_values(const PairLists& lists, std::vector<Micro> values,
                                          const Sides& sides, const Value& places,
                                          const Options& options);

} // namespace allot::matching
