/// Where scores come from. The solver never sees a matrix: it asks a row for its pairs that are
/// worth at least a floor after prices. Dense matrices and sparse lists answer the same question.
#pragma once

#include "engine/allot/instance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

namespace allot::matching {

/// Prices of all helpers, exact, and rounded to the type in which dense rows are screened.
/// Lives as long as the solver that owns the vectors.
template <class Cost>
class Prices {
  public:
    explicit Prices(Index helpers)
        : exact_(static_cast<std::size_t>(helpers)), single_(exact_.size()),
          double_(exact_.size()) {}

    [[nodiscard]] const Cost& operator[](Index helper) const {
        return exact_[static_cast<std::size_t>(helper)];
    }
    [[nodiscard]] const std::vector<Cost>& all() const { return exact_; }
    /// Largest |price| that was ever set; bounds the rounding of the screen.
    [[nodiscard]] double magnitude() const { return magnitude_; }

    template <class T>
    [[nodiscard]] const T* screen() const {
        if constexpr (std::is_same_v<T, float>) {
            return single_.data();
        } else {
            return double_.data();
        }
    }

    void set(Index helper, Cost price) {
        const auto j = static_cast<std::size_t>(helper);
        exact_[j] = price;
        single_[j] = static_cast<float>(price);
        double_[j] = static_cast<double>(price);
        magnitude_ = std::max(magnitude_, std::abs(double_[j]));
    }

  private:
    std::vector<Cost> exact_;
    std::vector<float> single_;
    std::vector<double> double_;
    double magnitude_ = 0;
};

/// Where the scan of a row begins. Rows begin in different places, so that asks with many equal
/// scores do not all find the same helpers first.
[[nodiscard]] constexpr std::size_t row_start(Index ask, std::size_t length) {
    const std::uint64_t scattered = (static_cast<std::uint64_t>(ask) * 0x9E3779B1U) & 0xFFFFFFFFU;
    return static_cast<std::size_t>((scattered * length) >> 32U);
}

/// Rows as lists of allowed pairs (compressed sparse rows, helpers ascending).
class SparseRows {
  public:
    /// `pairs` in any order, each once, indices in range, scores in [0, max_micro]; aborts
    /// otherwise. O(pairs log of the longest row).
    SparseRows(Index asks, Index helpers, std::span<const Pair> pairs);

    [[nodiscard]] Index asks() const { return static_cast<Index>(begin_.size()) - 1; }
    [[nodiscard]] Index helpers() const { return helpers_; }
    [[nodiscard]] std::int64_t pairs() const { return static_cast<std::int64_t>(list_.size()); }
    [[nodiscard]] Micro largest_score() const { return largest_; }
    /// Score of a pair, nullopt where it is not allowed.
    [[nodiscard]] std::optional<Micro> score(Index ask, Index helper) const;
    /// The same rows without the pairs below a score. O(pairs).
    [[nodiscard]] SparseRows at_least(Micro least) const;

    /// Calls `visit(helper, score, net)` for the allowed pairs of a row with
    /// `net = score - price >= floor`; what it returns is the floor from there on.
    template <class Cost, class Visit>
    void scan(Index ask, const Prices<Cost>& prices, Cost floor, Visit&& visit) const {
        const auto [begin, end] = row(ask);
        const auto visit_range = [&](std::size_t from, std::size_t to) {
            for (auto k = from; k < to; ++k) {
                const auto& [helper, score] = list_[k];
                const Cost net = static_cast<Cost>(score) - prices[helper];
                if (net >= floor) {
                    floor = visit(helper, score, net);
                }
            }
        };
        const std::size_t start = begin + row_start(ask, end - begin);
        visit_range(start, end);
        visit_range(begin, start);
    }

  private:
    struct Item {
        Index helper;
        Micro score;
    };
    [[nodiscard]] std::pair<std::size_t, std::size_t> row(Index ask) const {
        const auto i = static_cast<std::size_t>(ask);
        return {begin_[i], begin_[i + 1]};
    }

    SparseRows(Index asks, Index helpers)
        : helpers_(helpers), begin_(static_cast<std::size_t>(asks) + 1) {}

    Index helpers_;
    Micro largest_ = 0;
    std::vector<std::size_t> begin_;
    std::vector<Item> list_;
};

namespace screen {
/// Most pairs that one call of `above` looks at.
inline constexpr std::size_t block = 1024;

/// Writes to `hits` the k in [begin, end) with `1e6 * score[k] - price[k] >= floor`, computed in
/// the type of the scores, and returns how many; end - begin <= block. NaN never hits.
std::size_t above(const float* score, const float* price, std::size_t begin, std::size_t end,
                  float floor, Index* hits);
std::size_t above(const double* score, const double* price, std::size_t begin, std::size_t end,
                  double floor, Index* hits);

/// Largest value, at least 0; NaN does not count.
float largest(std::span<const float> scores);
double largest(std::span<const double> scores);
} // namespace screen

/// Rows of a matrix that stays where it is. `T` is float or double; negative or NaN = not allowed.
template <class T>
class DenseRows {
  public:
    /// `matrix` has asks x helpers values in row order and outlives this object; values above
    /// limits::max_score abort. `conflicts` are pairs that are not allowed
    /// whatever their score.
    DenseRows(Index asks, Index helpers, std::span<const T> matrix,
              std::span<const Pair> conflicts = {});

    [[nodiscard]] Index asks() const { return asks_; }
    [[nodiscard]] Index helpers() const { return helpers_; }
    [[nodiscard]] std::int64_t pairs() const { return static_cast<std::int64_t>(asks_) * helpers_; }
    [[nodiscard]] Micro largest_score() const { return micro_of_score(double{largest_}); }
    [[nodiscard]] std::optional<Micro> score(Index ask, Index helper) const;
    /// The same rows, of the same matrix, without the pairs below a score. O(conflicts).
    [[nodiscard]] DenseRows at_least(Micro least) const;

    /// As `SparseRows::scan`. The row is screened in T with a margin that covers its rounding; what
    /// passes is decided in whole micro units.
    template <class Cost, class Visit>
    void scan(Index ask, const Prices<Cost>& prices, Cost floor, Visit&& visit) const {
        const auto n = static_cast<std::size_t>(helpers_);
        const T* row = matrix_.data() + static_cast<std::size_t>(ask) * n;
        const T* price = prices.template screen<T>();
        const double margin = screen_margin(prices.magnitude());
        std::array<Index, screen::block> hits; // NOLINT(*-member-init): written before it is read
        // Short blocks first: the floor rises fastest at the start.
        std::size_t length = screen::block / 16;
        const auto visit_range = [&](std::size_t begin, std::size_t to) {
            for (std::size_t end = begin; begin < to; begin = end) {
                end = std::min(begin + length, to);
                length = std::min(2 * length, screen::block);
                const std::size_t found =
                    screen::above(row, price, begin, end, rough_floor(floor, margin), hits.data());
                for (std::size_t k = 0; k < found; ++k) {
                    const Index helper = hits[k];
                    const T value = row[helper];
                    if (!(value >= T{0})) {
                        continue;
                    }
                    const Micro score = micro_of_score(double{value});
                    const Cost net = static_cast<Cost>(score) - prices[helper];
                    if (net >= floor && score >= least_ && !in_conflict(ask, helper)) {
                        floor = visit(helper, score, net);
                    }
                }
            }
        };
        const std::size_t start = row_start(ask, n);
        visit_range(start, n);
        visit_range(0, start);
    }

  private:
    /// Rounding of `1e6 * score - price` in T: each of the three operations errs by at most half an
    /// epsilon of the largest magnitude, and a micro unit itself was rounded by a half.
    [[nodiscard]] double screen_margin(double price_magnitude) const {
        const double largest = 1e6 * double{largest_} + price_magnitude;
        return 1.0 + 4.0 * static_cast<double>(std::numeric_limits<T>::epsilon()) * largest;
    }
    template <class Cost>
    [[nodiscard]] static T rough_floor(Cost floor, double margin) {
        const double lowered = static_cast<double>(floor) - margin;
        // Down to the next T, so that the conversion cannot raise the floor.
        return lowered <= static_cast<double>(std::numeric_limits<T>::lowest())
                   ? std::numeric_limits<T>::lowest()
                   : std::nextafter(static_cast<T>(lowered), std::numeric_limits<T>::lowest());
    }
    [[nodiscard]] bool in_conflict(Index ask, Index helper) const;

    Index asks_;
    Index helpers_;
    std::span<const T> matrix_;
    T largest_ = 0;
    Micro least_ = 0;                                ///< pairs below are not allowed
    std::vector<std::pair<Index, Index>> conflicts_; ///< sorted (ask, helper)
};

extern template class DenseRows<float>;
extern template class DenseRows<double>;

/// The one row oracle: whatever rows an instance has.
using ScoreRows = std::variant<SparseRows, DenseRows<float>, DenseRows<double>>;

/// Number of rows, and of columns.
[[nodiscard]] Index asks_of(const ScoreRows& rows);
[[nodiscard]] Index helpers_of(const ScoreRows& rows);
/// The same rows without the pairs below a score.
[[nodiscard]] ScoreRows at_least(const ScoreRows& rows, Micro least);

} // namespace allot::matching
