/// Random instances for the tests of `engine/allot`, in every shape that has its own way to be
/// wrong.
#pragma once

#include "base/random.hpp"
#include "engine/allot/solver.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace allot::matching::testing {

/// How often a law is tried, of `n`: a quarter under ASan, which needs ten times as long, and which
/// looks for what few tries show as well as many.
[[nodiscard]] constexpr int tries(int n) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
    return n / 4;
#endif
#endif
    return n;
}

struct Instance {
    Sides sides;
    std::vector<Pair> pairs;

    [[nodiscard]] ScoreRows sparse() const {
        return SparseRows(sides.asks(), sides.helpers(), pairs);
    }
    /// The same scores as a matrix of doubles: exact, because micro units survive the way.
    [[nodiscard]] std::vector<double> matrix() const {
        std::vector<double> m(static_cast<std::size_t>(sides.asks()) * sides.places.size(),
                              std::numeric_limits<double>::quiet_NaN());
        for (const Pair& p : pairs) {
            m[static_cast<std::size_t>(p.ask) * sides.places.size() +
              static_cast<std::size_t>(p.helper)] = static_cast<double>(p.score) / 1e6;
        }
        return m;
    }
};

/// What an allotment is worth, counted from its pairs: of a round the places by class, and the sum.
inline Value value_of(const Instance& in, std::span<const Pair> pairs) {
    Value value;
    for (const Pair& pair : pairs) {
        value.micro += pair.score;
        if (in.sides.service == Service::partial) {
            ++value.places.at(waiting_classes - 1 - in.sides.waiting_of(pair.ask));
        }
    }
    return value;
}

struct Shape {
    Index most_asks = 10;
    Index most_helpers = 10;
    Count most_demand = 3;
    Count most_places = 4;
};

/// Draws an instance: dense or sparse, tight or loose, with many ties or none, some with conflicts.
inline Instance draw(Random& random, const Shape& shape = {}) {
    const auto upto = [&](std::int64_t most) {
        return static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(most) + 1));
    };
    Instance in;
    in.sides.service = random.below(2) == 0 ? Service::full : Service::partial;
    const Index asks = 1 + upto(shape.most_asks - 1);
    const Index helpers = 1 + upto(shape.most_helpers - 1);
    const Count most_demand = 1 + upto(shape.most_demand - 1);
    const Count most_places = 1 + upto(shape.most_places - 1);
    for (Index i = 0; i < asks; ++i) {
        in.sides.demand.push_back(1 + upto(most_demand - 1));
        in.sides.waiting.push_back(static_cast<std::uint8_t>(upto(3) * upto(1)));
    }
    for (Index j = 0; j < helpers; ++j) {
        in.sides.places.push_back(upto(9) == 0 ? 0 : 1 + upto(most_places - 1));
    }
    const Micro levels = std::array<Micro, 4>{1, 3, 1'000, 1'000'000}.at(random.below(4));
    const auto density = 1 + random.below(10); // in tenths
    for (Index i = 0; i < asks; ++i) {
        for (Index j = 0; j < helpers; ++j) {
            if (random.below(10) < density) {
                in.pairs.push_back(
                    {i, j,
                     static_cast<Micro>(random.below(static_cast<std::uint64_t>(levels) + 1))});
            }
        }
    }
    return in;
}

/// The same instance with asks and helpers renumbered and pairs in another order.
inline Instance renumbered(const Instance& in, Random& random) {
    const auto shuffled = [&](std::size_t n) {
        std::vector<Index> order(n);
        for (std::size_t k = 0; k < n; ++k) {
            order[k] = static_cast<Index>(k);
            std::swap(order[k], order[random.below(k + 1)]);
        }
        return order;
    };
    const auto ask = shuffled(in.sides.demand.size());
    const auto helper = shuffled(in.sides.places.size());
    Instance out = in;
    for (std::size_t i = 0; i < ask.size(); ++i) {
        out.sides.demand[static_cast<std::size_t>(ask[i])] = in.sides.demand[i];
        out.sides.waiting[static_cast<std::size_t>(ask[i])] = in.sides.waiting[i];
    }
    for (std::size_t j = 0; j < helper.size(); ++j) {
        out.sides.places[static_cast<std::size_t>(helper[j])] = in.sides.places[j];
    }
    for (std::size_t k = 0; k < in.pairs.size(); ++k) {
        const Pair& p = in.pairs[k];
        out.pairs[k] = {ask[static_cast<std::size_t>(p.ask)],
                        helper[static_cast<std::size_t>(p.helper)], p.score};
        std::swap(out.pairs[k], out.pairs[random.below(k + 1)]);
    }
    return out;
}

} // namespace allot::matching::testing
