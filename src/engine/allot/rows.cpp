#include "engine/allot/rows.hpp"

#include "base/limits.hpp"

#include <bit>
#include <numeric>

// One binary for every x86-64: the loader picks the widest vectors that the machine has.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(ALLOTMENT_NO_CLONES) && defined(__OPTIMIZE__)
#define ALLOTMENT_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define ALLOTMENT_CLONES
#endif

namespace allot::matching {

SparseRows::SparseRows(Index asks, Index helpers, std::span<const Pair> pairs)
    : helpers_(helpers), begin_(static_cast<std::size_t>(asks) + 1), list_(pairs.size()) {
    for (const Pair& entry : pairs) {
        ALLOT_CHECK(entry.ask >= 0 && entry.ask < asks && entry.helper >= 0 &&
                        entry.helper < helpers && entry.score >= 0 && entry.score <= max_micro,
                    "a pair lies outside the instance");
        ++begin_[static_cast<std::size_t>(entry.ask) + 1];
        largest_ = std::max(largest_, entry.score);
    }
    for (std::size_t i = 1; i < begin_.size(); ++i) {
        begin_[i] += begin_[i - 1];
    }
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (const Pair& entry : pairs) {
        list_[next[static_cast<std::size_t>(entry.ask)]++] = {entry.helper, entry.score};
    }
    for (Index ask = 0; ask < asks; ++ask) {
        const auto [begin, end] = row(ask);
        const auto items = std::span(list_).subspan(begin, end - begin);
        std::ranges::sort(items, {}, &Item::helper);
        ALLOT_CHECK(std::ranges::adjacent_find(items, {}, &Item::helper) == items.end(),
                    "a pair is given twice");
    }
}

std::optional<std::size_t> SparseRows::find(Index ask, Index helper) const {
    const auto [begin, end] = row(ask);
    const auto items = std::span(list_).subspan(begin, end - begin);
    const auto found = std::ranges::lower_bound(items, helper, {}, &Item::helper);
    if (found == items.end() || found->helper != helper || found->score == forbidden) {
        return std::nullopt;
    }
    return begin + static_cast<std::size_t>(found - items.begin());
}

std::optional<Micro> SparseRows::score(Index ask, Index helper) const {
    const auto item = find(ask, helper);
    return item ? std::optional(list_[*item].score) : std::nullopt;
}

bool SparseRows::forbid(Index ask, Index helper) {
    const auto item = find(ask, helper);
    if (item) {
        list_[*item].score = forbidden;
    }
    return item.has_value();
}

void SparseRows::index_columns() {
    ALLOT_CHECK(list_.size() <= UINT32_MAX, "there are too many pairs for an index of columns");
    column_begin_.assign(static_cast<std::size_t>(helpers_) + 1, 0);
    for (const Item& item : list_) {
        ++column_begin_[static_cast<std::size_t>(item.helper) + 1];
    }
    std::partial_sum(column_begin_.begin(), column_begin_.end(), column_begin_.begin());
    columns_.resize(list_.size());
    std::vector<std::size_t> next(column_begin_.begin(), column_begin_.end() - 1);
    for (Index ask = 0; ask < asks(); ++ask) {
        const auto [begin, end] = row(ask);
        for (std::size_t k = begin; k < end; ++k) {
            columns_[next[static_cast<std::size_t>(list_[k].helper)]++] = {
                ask, static_cast<std::uint32_t>(k)};
        }
    }
}

SparseRows SparseRows::at_least(Micro least) const {
    SparseRows kept(asks(), helpers_);
    kept.largest_ = largest_;
    for (Index ask = 0; ask < asks(); ++ask) {
        const auto [begin, end] = row(ask);
        for (auto k = begin; k < end; ++k) {
            if (list_[k].score >= least) {
                kept.list_.push_back(list_[k]);
            }
        }
        kept.begin_[static_cast<std::size_t>(ask) + 1] = kept.list_.size();
    }
    return kept;
}

template <class T>
DenseRows<T>::DenseRows(Index asks, Index helpers, std::span<const T> matrix,
                        std::span<const Pair> conflicts)
    : asks_(asks), helpers_(helpers), matrix_(matrix), largest_(screen::largest(matrix)) {
    ALLOT_CHECK(matrix.size() == static_cast<std::size_t>(asks) * static_cast<std::size_t>(helpers),
                "the matrix does not have the shape that was said");
    ALLOT_CHECK(double{largest_} <= limits::max_score, "a score is above the limit");
    conflicts_.reserve(conflicts.size());
    for (const Pair& pair : conflicts) {
        conflicts_.emplace_back(pair.ask, pair.helper);
    }
    std::ranges::sort(conflicts_);
}

template <class T>
std::optional<Micro> DenseRows<T>::score(Index ask, Index helper) const {
    const T value = matrix_[static_cast<std::size_t>(ask) * static_cast<std::size_t>(helpers_) +
                            static_cast<std::size_t>(helper)];
    if (!(value >= T{0}) || in_conflict(ask, helper)) {
        return std::nullopt;
    }
    const Micro score = micro_of_score(double{value});
    return score >= least_ ? std::optional(score) : std::nullopt;
}

template <class T>
DenseRows<T> DenseRows<T>::at_least(Micro least) const {
    DenseRows kept = *this;
    kept.least_ = std::max(least_, least);
    return kept;
}

template <class T>
bool DenseRows<T>::forbid(Index ask, Index helper) {
    if (!score(ask, helper)) {
        return false;
    }
    const std::pair pair(ask, helper);
    conflicts_.insert(std::ranges::upper_bound(conflicts_, pair), pair);
    return true;
}

template <class T>
bool DenseRows<T>::in_conflict(Index ask, Index helper) const {
    return !conflicts_.empty() && std::ranges::binary_search(conflicts_, std::pair(ask, helper));
}

template class DenseRows<float>;
template class DenseRows<double>;

namespace {

double largest_norm(std::span<const double> vectors, std::size_t dimensions) {
    double largest = 0;
    for (std::size_t begin = 0; begin < vectors.size(); begin += dimensions) {
        double square = 0;
        for (const double x : vectors.subspan(begin, dimensions)) {
            square += x * x;
        }
        largest = std::max(largest, std::sqrt(square));
    }
    return largest;
}

} // namespace

FactorRows::FactorRows(Index asks, Index helpers, std::vector<double> u, std::vector<double> v,
                       std::span<const Pair> conflicts)
    : asks_(asks), helpers_(helpers),
      dimensions_(helpers == 0 ? 0 : v.size() / static_cast<std::size_t>(helpers)),
      u_(std::move(u)), v_(std::move(v)) {
    ALLOT_CHECK(dimensions_ > 0 && u_.size() == static_cast<std::size_t>(asks) * dimensions_ &&
                    v_.size() == static_cast<std::size_t>(helpers) * dimensions_,
                "the factors do not have the shape that was said");
    largest_norm_u_ = largest_norm(u_, dimensions_);
    largest_norm_v_ = largest_norm(v_, dimensions_);
    // Cauchy and Schwarz; a little more covers the rounding of norms and products.
    largest_ = 0.5 + 0.5 * largest_norm_u_ * largest_norm_v_ * (1 + 1e-9);
    ALLOT_CHECK(largest_ <= limits::max_score, "a score is above the limit");
    tiles_.resize(tiles() * dimensions_);
    for (std::size_t j = 0; j < static_cast<std::size_t>(helpers); ++j) {
        for (std::size_t d = 0; d < dimensions_; ++d) {
            tiles_[j / screen::tile * dimensions_ + d].of[j % screen::tile] =
                static_cast<float>(v_[j * dimensions_ + d]);
        }
    }
    conflicts_.reserve(conflicts.size());
    for (const Pair& pair : conflicts) {
        conflicts_.emplace_back(pair.ask, pair.helper);
    }
    std::ranges::sort(conflicts_);
}

std::optional<Micro> FactorRows::score(Index ask, Index helper) const {
    const double* u = u_.data() + static_cast<std::size_t>(ask) * dimensions_;
    const double* v = v_.data() + static_cast<std::size_t>(helper) * dimensions_;
    double product = 0;
    for (std::size_t d = 0; d < dimensions_; ++d) {
        product += u[d] * v[d];
    }
    const double score = 0.5 + 0.5 * product;
    if (!(score >= 0) ||
        (!conflicts_.empty() && std::ranges::binary_search(conflicts_, std::pair(ask, helper)))) {
        return std::nullopt;
    }
    const Micro micro = micro_of_score(score);
    return micro >= least_ ? std::optional(micro) : std::nullopt;
}

FactorRows FactorRows::at_least(Micro least) const {
    FactorRows kept = *this;
    kept.least_ = std::max(least_, least);
    return kept;
}

std::vector<float> FactorRows::scaled_factor(Index ask) const {
    std::vector<float> factor(dimensions_);
    for (std::size_t d = 0; d < dimensions_; ++d) {
        factor[d] = static_cast<float>(0.5e6 * u_[static_cast<std::size_t>(ask) * dimensions_ + d]);
    }
    return factor;
}

double FactorRows::screen_margin(double price_magnitude) const {
    // n products of two rounded factors and n sums, which begin at the price, err by at most
    // (n + 2) epsilon of the norms and the price.
    constexpr auto epsilon = static_cast<double>(std::numeric_limits<float>::epsilon());
    const double products = 0.5e6 * largest_norm_u_ * largest_norm_v_;
    return 1.0 +
           epsilon * (static_cast<double>(dimensions_) + 4) * (products + 0.5e6 + price_magnitude);
}

bool FactorRows::forbid(Index ask, Index helper) {
    if (!score(ask, helper)) {
        return false;
    }
    const std::pair pair(ask, helper);
    conflicts_.insert(std::ranges::upper_bound(conflicts_, pair), pair);
    return true;
}

Index asks_of(const ScoreRows& rows) {
    return std::visit([](const auto& r) { return r.asks(); }, rows);
}

Index helpers_of(const ScoreRows& rows) {
    return std::visit([](const auto& r) { return r.helpers(); }, rows);
}

ScoreRows at_least(const ScoreRows& rows, Micro least) {
    return std::visit([&](const auto& r) { return ScoreRows(r.at_least(least)); }, rows);
}

namespace screen {

namespace {

/// The lanes are tested together without a branch, so that the compiler makes vectors of them; only
/// a group with a hit is looked at one by one.
template <class T>
[[gnu::always_inline]] inline std::size_t
above_of(const T* score, const T* price, std::size_t begin, std::size_t end, T floor, Index* hits) {
    constexpr std::size_t lanes = 32;
    std::size_t found = 0;
    const auto test_each = [&](std::size_t from, std::size_t to) {
        for (std::size_t k = from; k < to; ++k) {
            if (T{1e6} * score[k] - price[k] >= floor) {
                hits[found++] = static_cast<Index>(k);
            }
        }
    };
    std::size_t k = begin;
    for (; k + lanes <= end; k += lanes) {
        std::uint32_t any = 0;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            any |= static_cast<std::uint32_t>(T{1e6} * score[k + lane] - price[k + lane] >= floor);
        }
        if (any != 0) {
            test_each(k, k + lanes);
        }
    }
    test_each(k, end);
    return found;
}

template <class T>
[[gnu::always_inline]] inline T largest_of(std::span<const T> scores) {
    constexpr std::size_t lanes = 32;
    std::array<T, lanes> best{};
    const auto keep_larger = [](T& a, T b) { a = b > a ? b : a; };
    std::size_t k = 0;
    for (; k + lanes <= scores.size(); k += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            keep_larger(best[lane], scores[k + lane]);
        }
    }
    for (; k < scores.size(); ++k) {
        keep_larger(best[0], scores[k]);
    }
    return *std::ranges::max_element(best);
}

[[gnu::always_inline]] inline std::array<float, tile>
nets_of(std::span<const float> factor, const Lanes* vectors, float offset, const float* price) {
    std::array<float, tile> net; // NOLINT(*-member-init): written before it is read
    for (std::size_t l = 0; l < tile; ++l) {
        net[l] = offset - price[l];
    }
    for (const float x : factor) {
        for (std::size_t l = 0; l < tile; ++l) {
            net[l] += x * vectors->of[l];
        }
        ++vectors;
    }
    return net;
}

} // namespace

ALLOTMENT_CLONES
std::size_t above(const float* score, const float* price, std::size_t begin, std::size_t end,
                  float floor, Index* hits) {
    return above_of(score, price, begin, end, floor, hits);
}

ALLOTMENT_CLONES
std::size_t above(const double* score, const double* price, std::size_t begin, std::size_t end,
                  double floor, Index* hits) {
    return above_of(score, price, begin, end, floor, hits);
}

ALLOTMENT_CLONES
std::size_t above(std::span<const float> factor, const Lanes* vectors, float offset,
                  const float* price, float floor, Index* hits) {
    const auto net = nets_of(factor, vectors, offset, price);
    std::uint64_t mask = 0;
    for (std::size_t l = 0; l < tile; ++l) {
        mask |= std::uint64_t{net[l] >= floor} << l;
    }
    std::size_t found = 0;
    for (; mask != 0; mask &= mask - 1) {
        hits[found++] = static_cast<Index>(std::countr_zero(mask));
    }
    return found;
}

ALLOTMENT_CLONES
float highest(std::span<const float> factor, const Lanes* vectors, float offset,
              const float* price) {
    auto net = nets_of(factor, vectors, offset, price);
    for (std::size_t half = tile / 2; half > 0; half /= 2) {
        for (std::size_t l = 0; l < half; ++l) {
            net[l] = net[l + half] > net[l] ? net[l + half] : net[l];
        }
    }
    return net[0];
}

ALLOTMENT_CLONES
float largest(std::span<const float> scores) {
    return largest_of(scores);
}

ALLOTMENT_CLONES
double largest(std::span<const double> scores) {
    return largest_of(scores);
}

} // namespace screen

} // namespace allot::matching
