/// Where scores come from. The solver never sees a matrix: it asks a row for its pairs that are
/// worth at least a floor after prices. Dense matrices and sparse lists answer the same question.
#pragma once

#include "engine/allot/instance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <variant>

namespace allot::matching {

/// The type in which rows are screened before anything is computed exactly.
enum class Screen : std::uint8_t { none, in_float, in_double, any };

/// Prices of all helpers, exact, and rounded to the type in which rows are screened.
template <class Cost>
class Prices {
  public:
    explicit Prices(Index helpers, Screen screen = Screen::any)
        : exact_(static_cast<std::size_t>(helpers)),
          single_(screen == Screen::in_float || screen == Screen::any ? exact_.size() : 0),
          double_(screen == Screen::in_double || screen == Screen::any ? exact_.size() : 0) {}

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
        if (!single_.empty()) {
            single_[j] = static_cast<float>(price);
        }
        if (!double_.empty()) {
            double_[j] = static_cast<double>(price);
        }
        magnitude_ = std::max(magnitude_, std::abs(static_cast<double>(price)));
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
    static constexpr Screen screen = Screen::none;

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
                if (net >= floor && score != forbidden) {
                    floor = visit(helper, score, net);
                }
            }
        };
        const std::size_t start = begin + row_start(ask, end - begin);
        visit_range(start, end);
        visit_range(begin, start);
    }

    /// Makes columns as quick to visit as rows. O(pairs).
    void index_columns();
    /// Calls `visit(ask, score)` for the allowed pairs of a helper; after `index_columns`.
    template <class Visit>
    void scan_column(Index helper, Visit&& visit) const {
        const auto j = static_cast<std::size_t>(helper);
        for (auto k = column_begin_[j]; k < column_begin_[j + 1]; ++k) {
            const auto& [ask, item] = columns_[k];
            if (list_[item].score != forbidden) {
                visit(ask, list_[item].score);
            }
        }
    }
    /// From now on the pair is not allowed; false where it was not before. O(log row).
    bool forbid(Index ask, Index helper);

  private:
    static constexpr Micro forbidden = -1;

    struct Item {
        Index helper;
        Micro score;
    };
    struct ColumnItem {
        Index ask;
        std::uint32_t item; ///< in `list_`
    };
    [[nodiscard]] std::optional<std::size_t> find(Index ask, Index helper) const;
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
    std::vector<std::size_t> column_begin_;
    std::vector<ColumnItem> columns_;
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

/// A floor minus a margin, rounded down to the next T so that the conversion cannot raise it.
template <class T, class Cost>
[[nodiscard]] T rough_floor(Cost floor, double margin) {
    const double lowered = static_cast<double>(floor) - margin;
    return lowered <= static_cast<double>(std::numeric_limits<T>::lowest())
               ? std::numeric_limits<T>::lowest()
               : std::nextafter(static_cast<T>(lowered), std::numeric_limits<T>::lowest());
}

/// Rows of a matrix that stays where it is. `T` is float or double; negative or NaN = not allowed.
template <class T>
class DenseRows {
  public:
    static constexpr Screen screen =
        std::is_same_v<T, float> ? Screen::in_float : Screen::in_double;

    /// `matrix` has asks x helpers values in row order and outlives this object; values above
    /// limits::max_score abort. `conflicts` are pairs that are not allowed whatever their score.
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
                const std::size_t found = screen::above(row, price, begin, end,
                                                        rough_floor<T>(floor, margin), hits.data());
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

    void index_columns() {}
    /// As `SparseRows::scan_column`; O(asks + conflicts), a distant value each.
    template <class Visit>
    void scan_column(Index helper, Visit&& visit) const {
        const T* value = matrix_.data() + static_cast<std::size_t>(helper);
        auto excluded = conflicts_.begin(); // sorted by ask, as the column is visited
        for (Index ask = 0; ask < asks_; ++ask, value += helpers_) {
            while (excluded != conflicts_.end() && *excluded < std::pair(ask, helper)) {
                ++excluded;
            }
            const bool conflict =
                excluded != conflicts_.end() && *excluded == std::pair(ask, helper);
            const Micro score = *value >= T{0} ? micro_of_score(double{*value}) : Micro{-1};
            if (score >= least_ && !conflict) {
                visit(ask, score);
            }
        }
    }
    /// As `SparseRows::forbid`; O(conflicts).
    bool forbid(Index ask, Index helper);

  private:
    /// Rounding of `1e6 * score - price` in T: each of the three operations errs by at most half an
    /// epsilon of the largest magnitude, and a micro unit itself was rounded by a half.
    [[nodiscard]] double screen_margin(double price_magnitude) const {
        const double largest = 1e6 * double{largest_} + price_magnitude;
        return 1.0 + 4.0 * static_cast<double>(std::numeric_limits<T>::epsilon()) * largest;
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

namespace screen {
/// Helpers whose products are computed together.
inline constexpr std::size_t tile = 64;

/// One dimension of a tile; begins where a line of the cache does.
struct alignas(64) Lanes {
    std::array<float, tile> of;
};

/// Writes to `hits` the l in [0, tile) with `offset + sum of factor[d] * vectors[d].of[l] -
/// price[l] >= floor`, in float, and returns how many.
std::size_t above(std::span<const float> factor, const Lanes* vectors, float offset,
                  const float* price, float floor, Index* hits);
/// The largest of these sums less their price.
float highest(std::span<const float> factor, const Lanes* vectors, float offset,
              const float* price);
} // namespace screen

/// Rows that are never written down: the score of a pair is `0.5 + 0.5 u.v` of one vector for each
/// ask and one for each helper, computed in double in index order; negative = not allowed. They are
/// screened in float, tile by tile, with a margin that covers its rounding (Higham 2002, 3.1).
class FactorRows {
  public:
    static constexpr Screen screen = Screen::in_float;

    /// `u` has asks x dimensions values in row order, `v` helpers x dimensions; both finite, and no
    /// score above limits::max_score; aborts otherwise. `conflicts` are pairs that are not allowed.
    FactorRows(Index asks, Index helpers, std::vector<double> u, std::vector<double> v,
               std::span<const Pair> conflicts = {});

    [[nodiscard]] Index asks() const { return asks_; }
    [[nodiscard]] Index helpers() const { return helpers_; }
    [[nodiscard]] std::int64_t pairs() const { return static_cast<std::int64_t>(asks_) * helpers_; }
    [[nodiscard]] Micro largest_score() const { return micro_of_score(largest_); }
    [[nodiscard]] std::optional<Micro> score(Index ask, Index helper) const;

    /// As `SparseRows::at_least`; copies the factors.
    [[nodiscard]] FactorRows at_least(Micro least) const;

    /// As `SparseRows::scan`; O(helpers * dimensions).
    template <class Cost, class Visit>
    void scan(Index ask, const Prices<Cost>& prices, Cost floor, Visit&& visit) const {
        const auto factor = scaled_factor(ask);
        const double margin = screen_margin(prices.magnitude());
        for (std::size_t tile = 0; tile < tiles(); ++tile) {
            scan_tile(ask, factor, tile, prices, margin, floor, visit);
        }
    }

    /// Scans the rows of `asks`, each with its visitor: `wanted` says how many of the best it is
    /// after, `floor` is its first floor, and it is called as the visit of `scan`. The best of
    /// every tile come first, so that few pairs that are not wanted are visited; tiles are fetched
    /// once for all rows.
    template <class Asks, class Cost, class Visitor>
    void scan_together(const Asks& asks, const Prices<Cost>& prices,
                       std::span<Visitor> visitors) const {
        std::vector<std::vector<float>> factors;
        for (const Index ask : asks) {
            factors.push_back(scaled_factor(ask));
        }
        std::vector<float> highest(factors.size() * tiles()); // by row, then tile
        for (std::size_t tile = 0; tile < tiles(); ++tile) {
            const TilePrices price(*this, tile, prices);
            for (std::size_t k = 0; k < factors.size(); ++k) {
                highest[k * tiles() + tile] =
                    screen::highest(factors[k], vectors(tile), 0.5e6F, price.begin());
            }
        }
        for (std::size_t k = 0; k < factors.size(); ++k) {
            scan_best(asks[static_cast<std::ptrdiff_t>(k)], factors[k],
                      std::span(highest).subspan(k * tiles(), tiles()), prices, visitors[k]);
        }
    }

    void index_columns() {}
    /// As `SparseRows::scan_column`; O(asks * dimensions).
    template <class Visit>
    void scan_column(Index helper, Visit&& visit) const {
        for (Index ask = 0; ask < asks_; ++ask) {
            if (const auto found = score(ask, helper)) {
                visit(ask, *found);
            }
        }
    }
    /// As `SparseRows::forbid`; O(conflicts).
    bool forbid(Index ask, Index helper);

  private:
    /// As it is screened: `1e6 * score` without its constant.
    [[nodiscard]] std::vector<float> scaled_factor(Index ask) const;
    [[nodiscard]] double screen_margin(double price_magnitude) const;
    [[nodiscard]] std::size_t tiles() const {
        return (static_cast<std::size_t>(helpers_) + screen::tile - 1) / screen::tile;
    }

    [[nodiscard]] const screen::Lanes* vectors(std::size_t tile) const {
        return tiles_.data() + tile * dimensions_;
    }

    /// Prices of a tile as they are screened. Nobody is behind the end of the last tile.
    class TilePrices {
      public:
        template <class Cost>
        TilePrices(const FactorRows& rows, std::size_t tile, const Prices<Cost>& prices)
            : begin_(prices.template screen<float>() + tile * screen::tile) {
            const std::size_t length =
                static_cast<std::size_t>(rows.helpers_) - tile * screen::tile;
            if (length < screen::tile) {
                padded_.fill(std::numeric_limits<float>::infinity());
                std::copy_n(begin_, length, padded_.begin());
                begin_ = padded_.data();
            }
        }
        TilePrices(const TilePrices&) = delete; // it may point into itself
        TilePrices& operator=(const TilePrices&) = delete;
        TilePrices(TilePrices&&) = delete;
        TilePrices& operator=(TilePrices&&) = delete;
        ~TilePrices() = default;

        [[nodiscard]] const float* begin() const { return begin_; }

      private:
        const float* begin_;
        std::array<float, screen::tile> padded_; // NOLINT(*-member-init): seldom needed
    };

    template <class Cost, class Visit>
    void scan_tile(Index ask, std::span<const float> factor, std::size_t tile,
                   const Prices<Cost>& prices, double margin, Cost& floor, Visit&& visit) const {
        const TilePrices price(*this, tile, prices);
        std::array<Index, screen::tile> hits; // NOLINT(*-member-init): written before it is read
        const std::size_t found = screen::above(factor, vectors(tile), 0.5e6F, price.begin(),
                                                rough_floor<float>(floor, margin), hits.data());
        for (std::size_t k = 0; k < found; ++k) {
            const Index helper = static_cast<Index>(tile * screen::tile) + hits[k];
            if (helper >= helpers_) {
                break; // where the floor is as low as can be
            }
            const auto exact = score(ask, helper);
            if (exact && static_cast<Cost>(*exact) - prices[helper] >= floor) {
                floor = visit(helper, *exact, static_cast<Cost>(*exact) - prices[helper]);
            }
        }
    }

    /// As `scan`; `highest` are the largest nets of the tiles, as they are screened. As many tiles
    /// as pairs are wanted have one of at least `enough`, so nothing below is wanted, unless some
    /// of these pairs are not allowed.
    template <class Cost, class Visitor>
    void scan_best(Index ask, std::span<const float> factor, std::span<const float> highest,
                   const Prices<Cost>& prices, Visitor& visitor) const {
        const double margin = screen_margin(prices.magnitude());
        const Cost first_floor = visitor.floor;
        Cost enough = first_floor;
        if (visitor.wanted > 0 && visitor.wanted <= highest.size()) {
            std::vector<float> best(highest.begin(), highest.end());
            const auto last = best.begin() + static_cast<std::ptrdiff_t>(visitor.wanted) - 1;
            std::ranges::nth_element(best, last, std::ranges::greater{});
            enough = std::max(enough, static_cast<Cost>(std::floor(double{*last} - margin)));
        }
        std::size_t visits = 0;
        Cost floor = enough;
        const auto scan_high = [&](const auto& visit) {
            for (std::size_t tile = 0; tile < tiles(); ++tile) {
                if (highest[tile] >= rough_floor<float>(floor, margin)) {
                    scan_tile(ask, factor, tile, prices, margin, floor, visit);
                }
            }
        };
        scan_high([&](Index helper, Micro score, Cost net) {
            ++visits;
            return std::max(enough, visitor(helper, score, net));
        });
        if (enough > first_floor && visits < visitor.wanted) {
            floor = first_floor;
            scan_high([&](Index helper, Micro score, Cost net) {
                return net < enough ? visitor(helper, score, net) : visitor.floor;
            });
        }
    }

    Index asks_;
    Index helpers_;
    std::size_t dimensions_;
    std::vector<double> u_;
    std::vector<double> v_;
    std::vector<screen::Lanes> tiles_; ///< v by tile, then dimension, then helper
    double largest_norm_u_ = 0;
    double largest_norm_v_ = 0;
    double largest_ = 0;
    Micro least_ = 0;
    std::vector<std::pair<Index, Index>> conflicts_; ///< sorted (ask, helper)
};

/// Are rows of this kind scanned several at a time, and how many?
template <class Rows>
inline constexpr bool scans_together = std::is_same_v<Rows, FactorRows>;
inline constexpr Index rows_together = 16;

/// Scans the rows of `asks`, a range. `make(ask)` gives a visitor with members `wanted` and
/// `floor`, as of `FactorRows::scan_together`; `done(ask, visitor)` is called when its row is at
/// its end.
template <class Rows, class Asks, class Cost, class Make, class Done>
void scan_each(const Rows& rows, const Asks& asks, const Prices<Cost>& prices, const Make& make,
               const Done& done) {
    if constexpr (scans_together<Rows>) {
        for (auto begin = asks.begin(); begin != asks.end();) {
            const std::ranges::subrange some(begin,
                                             std::ranges::next(begin, rows_together, asks.end()));
            std::vector<decltype(make(*begin))> visitors;
            for (const Index ask : some) {
                visitors.push_back(make(ask));
            }
            rows.scan_together(some, prices, std::span(visitors));
            for (std::size_t k = 0; k < visitors.size(); ++k, ++begin) {
                done(*begin, visitors[k]);
            }
        }
    } else {
        for (const Index ask : asks) {
            auto visitor = make(ask);
            rows.scan(ask, prices, visitor.floor, visitor);
            done(ask, visitor);
        }
    }
}

/// The one row oracle: whatever rows an instance has.
using ScoreRows = std::variant<SparseRows, DenseRows<float>, DenseRows<double>, FactorRows>;

/// Number of rows, and of columns.
[[nodiscard]] Index asks_of(const ScoreRows& rows);
[[nodiscard]] Index helpers_of(const ScoreRows& rows);
/// The same rows without the pairs below a score.
[[nodiscard]] ScoreRows at_least(const ScoreRows& rows, Micro least);

} // namespace allot::matching
