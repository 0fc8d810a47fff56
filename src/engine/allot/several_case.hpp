/// What a fair round with demands of two or more searches in, and the solver as its searches run
/// it. Internal to `engine/allot`.
#pragma once

#include "engine/allot/exchange.hpp"
#include "engine/allot/scale.hpp"

namespace allot::matching::several {

inline constexpr Micro boundless = Exchanges::boundless;

/// The least whole number that is not below the quotient; `denominator` > 0.
[[nodiscard]] constexpr Wide round_up(Wide numerator, Wide denominator) {
    return numerator <= 0 ? -(-numerator / denominator) : (numerator - 1) / denominator + 1;
}

/// Work allowed, in steps that take much longer where there are many pairs.
struct Budget {
    int worst_steps;         ///< of the dual of the smallest sum
    int sum_steps;           ///< of the dual of the sum
    int patience;            ///< steps of a dual in which nothing moves
    int enlargements;        ///< of one allotment
    std::int64_t exchanging; ///< pairs looked at for the exchanges of one allotment

    [[nodiscard]] static Budget of(std::size_t pairs, Service service);
    [[nodiscard]] int most_solves() const { return worst_steps + 5 * enlargements + 4 * sum_steps; }
};

/// Who takes part in a fair round, what there is to allot, and how much work may be done for it.
/// Only the count of the solver's runs changes, which tells the progress. Plans refer to `sides`:
/// they do not outlive the case.
class Case {
  public:
    /// `largest_sum` is the allotment by Rule::sum, without shortages.
    Case(const ScoreRows& rows, const Sides& sides, const Options& options,
         const Allotment& largest_sum);

    [[nodiscard]] const PairLists& lists() const { return lists_; }
    /// Without surplus.
    [[nodiscard]] const Sides& sides() const { return sides_; }
    [[nodiscard]] const Budget& budget() const { return budget_; }
    [[nodiscard]] Rule rule() const { return options_.objective.rule; }
    /// Boundless where the rule is another one.
    [[nodiscard]] Micro floor() const { return floor_; }
    /// The asks that take part, ascending.
    [[nodiscard]] const std::vector<Index>& part() const { return part_; }
    /// How many of them must go without.
    [[nodiscard]] Index without() const { return without_; }
    [[nodiscard]] Count demand(Index ask) const {
        return sides_.demand[static_cast<std::size_t>(ask)];
    }
    /// The sum of the best scores that the demand of an ask can take.
    [[nodiscard]] Micro best_of(Index ask) const { return lists_.best_sum(ask, demand(ask)); }

    /// The served ask with the smallest sum, the first of several; nobody where none is served.
    [[nodiscard]] Index worst_off(const Plan& plan) const;
    /// What that ask has; 0 where none is served.
    [[nodiscard]] Micro worst_of(const Plan& plan) const;

    /// Serves as many asks as possible with the same places by class. The places of the asks are a
    /// base of a polymatroid, on which exchanges of one place reach the best spread (Murota 2003).
    void spread(Plan& plan) const;
    /// The allotment with the largest sum of `values`, which stand as in `lists`. Errors:
    /// interrupted; invalid where the sums do not fit.
    Result<Valued> solve(std::vector<Micro> values, const Sides& sides);
    /// Errors: interrupted.
    [[nodiscard]] Result<void> keep_going() const;

  private:
    [[nodiscard]] bool takes_part(Index ask) const;

    Sides sides_;
    Options options_;
    PairLists lists_;
    Budget budget_;
    Micro floor_;
    Value places_; ///< the most by class
    std::vector<Index> part_;
    Index without_ = 0;
    int solves_ = 0;
};

} // namespace allot::matching::several
