// Rows from factors are the matrix that they stand for.
#include "base/random.hpp"
#include "engine/allot/solver.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;

namespace {

struct Factors {
    Index asks, helpers;
    std::size_t dimensions;
    std::vector<double> u, v;

    [[nodiscard]] FactorRows rows(std::span<const Pair> conflicts = {}) const {
        return {asks, helpers, u, v, conflicts};
    }
    [[nodiscard]] std::vector<double> matrix() const {
        std::vector<double> all;
        for (std::size_t i = 0; i < static_cast<std::size_t>(asks); ++i) {
            for (std::size_t j = 0; j < static_cast<std::size_t>(helpers); ++j) {
                double product = 0;
                for (std::size_t d = 0; d < dimensions; ++d) {
                    product += u[i * dimensions + d] * v[j * dimensions + d];
                }
                all.push_back(0.5 + 0.5 * product);
            }
        }
        return all;
    }
};

/// Vectors of any length; some scores are negative, so some pairs are not allowed.
Factors draw(Random& random, Index most, double scale) {
    Factors f{.asks = 1 + static_cast<Index>(random.below(static_cast<std::uint64_t>(most))),
              .helpers = 1 + static_cast<Index>(random.below(static_cast<std::uint64_t>(most))),
              .dimensions = 1 + random.below(40),
              .u = {},
              .v = {}};
    const auto fill = [&](std::vector<double>& all, Index n) {
        for (std::size_t k = 0; k < static_cast<std::size_t>(n) * f.dimensions; ++k) {
            all.push_back(scale * (2 * random.unit() - 1));
        }
    };
    fill(f.u, f.asks);
    fill(f.v, f.helpers);
    return f;
}

Sides draw_sides(Random& random, const Factors& f, Service service) {
    Sides sides{.service = service};
    for (Index i = 0; i < f.asks; ++i) {
        sides.demand.push_back(1 + static_cast<Count>(random.below(3)));
    }
    for (Index j = 0; j < f.helpers; ++j) {
        sides.places.push_back(static_cast<Count>(random.below(5)));
    }
    return sides;
}

} // namespace

TEST_CASE("rows from factors give the allotment of the matrix, bit by bit") {
    Random random(20270114);
    for (int k = 0; k < 300; ++k) {
        CAPTURE(k);
        // Scores near 1, near 1000, and so small that many are equal.
        const double scale = std::array{0.3, 30.0, 1e-4}.at(random.below(3));
        const Factors f = draw(random, 160, scale);
        const auto service = random.below(2) == 0 ? Service::full : Service::partial;
        const Sides sides = draw_sides(random, f, service);
        std::vector<Pair> conflicts;
        for (int c = 0; c < 20; ++c) {
            conflicts.push_back(
                {static_cast<Index>(random.below(static_cast<std::uint64_t>(f.asks))),
                 static_cast<Index>(random.below(static_cast<std::uint64_t>(f.helpers)))});
        }
        const auto matrix = f.matrix();
        const auto dense =
            allot::matching::allot(DenseRows<double>(f.asks, f.helpers, matrix, conflicts), sides);
        const auto factors = allot::matching::allot(f.rows(conflicts), sides, {.threads = 2});
        REQUIRE(dense);
        REQUIRE(factors);
        CHECK(factors->certificate.objective == dense->certificate.objective);
        CHECK(factors->shortages.empty() == dense->shortages.empty());
        if (dense->shortages.empty()) {
            CHECK(factors->certificate.proved());
            CHECK(factors->prices == dense->prices);
        }
    }
}

TEST_CASE("a scan misses nobody, however large the prices and many the dimensions") {
    Random random(21);
    for (int k = 0; k < 200; ++k) {
        CAPTURE(k);
        Factors f{
            .asks = 2, .helpers = 70, .dimensions = 768 + random.below(257), .u = {}, .v = {}};
        // Sums that only grow are rounded the same way each time; others go up and down.
        const bool grows = random.below(2) == 0;
        const auto draw_number = [&] { return grows ? random.unit() : 2 * random.unit() - 1; };
        for (std::size_t n = 0; n < 2 * f.dimensions; ++n) {
            f.u.push_back(draw_number() / 32);
        }
        for (std::size_t n = 0; n < 70 * f.dimensions; ++n) {
            f.v.push_back(draw_number() / 1000);
        }
        const FactorRows rows = f.rows();
        const double magnitude = std::array{1e6, 0x1p27, 0x1p31, 0x1p40}.at(random.below(4));
        const double sign = random.below(2) == 0 ? 1 : -1;
        Prices<std::int64_t> prices(f.helpers);
        for (Index j = 0; j < f.helpers; ++j) {
            prices.set(j, static_cast<std::int64_t>(sign * magnitude - 1000 * random.unit()));
        }
        const std::int64_t floor = *rows.score(0, 7) - prices[7];
        std::vector<Index> expected;
        for (Index j = 0; j < f.helpers; ++j) {
            if (*rows.score(0, j) - prices[j] >= floor) {
                expected.push_back(j);
            }
        }
        std::vector<Index> found;
        rows.scan(0, prices, floor, [&](Index j, Micro, std::int64_t) {
            found.push_back(j);
            return floor;
        });
        CHECK(found == expected);
    }
}

TEST_CASE("rows of many tiles, few of whose pairs are wanted, are the matrix too") {
    Random random(7);
    for (const double scale : {0.5, 2.0, 1e-3}) { // all allowed, half of them, and many equal
        CAPTURE(scale);
        Factors f{.asks = 40, .helpers = 7500, .dimensions = 3, .u = {}, .v = {}};
        for (std::size_t k = 0; k < 40 * f.dimensions; ++k) {
            f.u.push_back(scale * (2 * random.unit() - 1));
        }
        for (std::size_t k = 0; k < 7500 * f.dimensions; ++k) {
            f.v.push_back(scale * (2 * random.unit() - 1));
        }
        std::vector<Pair> conflicts; // the best of an ask, which the screen finds all the same
        const auto matrix = f.matrix();
        for (Index j = 0; j < f.helpers; ++j) {
            if (matrix[static_cast<std::size_t>(j)] > 0.5) {
                conflicts.push_back({0, j});
            }
        }
        const Sides sides{.demand = std::vector(40, Count{3}), .places = std::vector(7500, 1)};
        const auto dense =
            allot::matching::allot(DenseRows<double>(f.asks, f.helpers, matrix, conflicts), sides);
        const auto factors = allot::matching::allot(f.rows(conflicts), sides);
        REQUIRE(dense);
        REQUIRE(factors);
        CHECK(factors->certificate.proved());
        CHECK(factors->certificate.objective == dense->certificate.objective);
        CHECK(factors->prices == dense->prices);
    }
}

TEST_CASE("one thread and several find the same in factors, though lists are renewed together") {
    Random random(11);
    constexpr std::size_t side = 300;
    Factors f{.asks = side, .helpers = side, .dimensions = 6, .u = {}, .v = {}};
    for (std::size_t k = 0; k < side * f.dimensions; ++k) { // nearly alike: all want the same
        f.u.push_back(0.4 + 0.1 * random.unit());
        f.v.push_back(0.4 + 0.1 * random.unit());
    }
    for (const auto service : {Service::full, Service::partial}) {
        const Sides sides{.demand = std::vector(side, Count{2}),
                          .places = std::vector(side, Count{2}),
                          .service = service};
        const auto one = allot::matching::allot(f.rows(), sides, {.threads = 1});
        REQUIRE(one);
        CHECK(one->certificate.proved());
        for (const unsigned threads : {2U, 3U}) {
            const auto several = allot::matching::allot(f.rows(), sides, {.threads = threads});
            REQUIRE(several);
            CHECK(several->pairs == one->pairs);
            CHECK(several->prices == one->prices);
            CHECK(several->certificate.bound == one->certificate.bound);
        }
    }
}

TEST_CASE("columns, exclusions and thresholds of factors are those of the matrix") {
    Random random(5);
    for (int k = 0; k < 50; ++k) {
        const Factors f = draw(random, 90, 0.5);
        const auto matrix = f.matrix();
        FactorRows factors = f.rows();
        DenseRows<double> dense(f.asks, f.helpers, matrix);
        const auto ask = static_cast<Index>(random.below(static_cast<std::uint64_t>(f.asks)));
        const auto helper = static_cast<Index>(random.below(static_cast<std::uint64_t>(f.helpers)));
        CHECK(factors.forbid(ask, helper) == dense.forbid(ask, helper));
        CHECK(!factors.forbid(ask, helper));
        const auto column = [&](const auto& rows) {
            std::vector<Pair> all;
            rows.scan_column(helper,
                             [&](Index i, Micro score) { all.push_back({i, helper, score}); });
            return all;
        };
        CHECK(column(factors) == column(dense));
        const Micro least = 500'000;
        for (Index i = 0; i < f.asks; ++i) {
            CHECK(factors.at_least(least).score(i, helper) ==
                  dense.at_least(least).score(i, helper));
        }
        CHECK(column(factors.at_least(least)) == column(dense.at_least(least)));
        auto good = column(factors);
        std::erase_if(good, [&](const Pair& pair) { return pair.score < least; });
        CHECK(column(dense.at_least(least)) == good);
    }
}
