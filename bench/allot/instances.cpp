#include "bench/allot/instances.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace allot::bench {

namespace {

constexpr std::size_t dimensions = 32;
using Vector = std::array<float, dimensions>;

/// Standard normal (Box and Muller 1958).
double normal(Random& random) {
    const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
    return radius * std::cos(2 * std::numbers::pi * random.unit());
}

Vector unit_vector(const Vector& centre, double spread, Random& random) {
    std::array<double, dimensions> v{};
    double square = 0;
    for (std::size_t k = 0; k < dimensions; ++k) {
        v[k] = double{centre[k]} + spread * normal(random);
        square += v[k] * v[k];
    }
    Vector unit{};
    for (std::size_t k = 0; k < dimensions; ++k) {
        unit[k] = static_cast<float>(v[k] / std::sqrt(square));
    }
    return unit;
}

struct Side {
    std::vector<Vector> vectors;
    std::vector<std::size_t> topic;
};

class Topics {
  public:
    Topics(std::size_t n, Random& random) {
        for (std::size_t t = 0; t < n; ++t) {
            centres_.push_back(unit_vector({}, 1, random));
        }
        double sum = 0;
        for (std::size_t t = 0; t < n; ++t) {
            sum += 1 / static_cast<double>(t + 1);
            cumulative_.push_back(sum);
        }
    }

    /// `n` vectors around topics of Zipf popularity; each side has its own order of popularity.
    [[nodiscard]] Side side(std::size_t n, Random& random) const {
        std::vector<std::size_t> order(centres_.size());
        for (std::size_t t = 0; t < order.size(); ++t) {
            order[t] = t;
            std::swap(order[t], order[random.below(t + 1)]);
        }
        Side side;
        for (std::size_t i = 0; i < n; ++i) {
            const double u = random.unit() * cumulative_.back();
            const auto at = std::ranges::upper_bound(cumulative_, u) - cumulative_.begin();
            const std::size_t topic =
                order[std::min(static_cast<std::size_t>(at), order.size() - 1)];
            side.topic.push_back(topic);
            side.vectors.push_back(unit_vector(centres_[topic], 0.1, random));
        }
        return side;
    }

    [[nodiscard]] std::size_t size() const { return centres_.size(); }

  private:
    std::vector<Vector> centres_;
    std::vector<double> cumulative_;
};

float affinity(const Vector& a, const Vector& b) {
    float dot = 0;
    for (std::size_t k = 0; k < dimensions; ++k) {
        dot += a[k] * b[k];
    }
    return std::clamp(0.5F + 0.5F * dot, 0.0F, 1.0F);
}

Topics topics_for(matching::Index helpers, Random& random) {
    return {static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(helpers)))), random};
}

} // namespace

std::vector<float> dense_scores(matching::Index asks, matching::Index helpers, std::uint64_t seed) {
    Random random(seed);
    const Topics topics = topics_for(helpers, random);
    const Side left = topics.side(static_cast<std::size_t>(asks), random);
    const Side right = topics.side(static_cast<std::size_t>(helpers), random);
    std::vector<float> scores;
    scores.reserve(left.vectors.size() * right.vectors.size());
    for (const Vector& ask : left.vectors) {
        for (const Vector& helper : right.vectors) {
            const bool conflict = random.below(200) == 0;
            scores.push_back(conflict ? std::numeric_limits<float>::quiet_NaN()
                                      : affinity(ask, helper));
        }
    }
    return scores;
}

Factors factors(matching::Index asks, matching::Index helpers, std::uint64_t seed) {
    Random random(seed);
    const Topics topics = topics_for(helpers, random);
    const auto flat = [](const Side& side) {
        std::vector<double> all;
        all.reserve(side.vectors.size() * dimensions);
        for (const Vector& vector : side.vectors) {
            all.insert(all.end(), vector.begin(), vector.end());
        }
        return all;
    };
    const Side left = topics.side(static_cast<std::size_t>(asks), random);
    const Side right = topics.side(static_cast<std::size_t>(helpers), random);
    return {.asks = flat(left), .helpers = flat(right)};
}

std::vector<matching::Pair> sparse_scores(matching::Index asks, matching::Index helpers,
                                          int candidates, std::uint64_t seed) {
    Random random(seed);
    const Topics topics = topics_for(helpers, random);
    const Side left = topics.side(static_cast<std::size_t>(asks), random);
    const Side right = topics.side(static_cast<std::size_t>(helpers), random);
    std::vector<std::vector<matching::Index>> of_topic(topics.size());
    for (matching::Index j = 0; j < helpers; ++j) {
        of_topic[right.topic[static_cast<std::size_t>(j)]].push_back(j);
    }
    std::vector<matching::Pair> pairs;
    std::vector<matching::Index> chosen;
    for (matching::Index i = 0; i < asks; ++i) {
        const auto& near = of_topic[left.topic[static_cast<std::size_t>(i)]];
        chosen.clear();
        for (int c = 0; c < candidates; ++c) {
            const bool own_topic = 3 * c < 2 * candidates && !near.empty();
            chosen.push_back(own_topic ? near[random.below(near.size())]
                                       : static_cast<matching::Index>(
                                             random.below(static_cast<std::uint64_t>(helpers))));
        }
        std::ranges::sort(chosen);
        const auto repeated = std::ranges::unique(chosen);
        chosen.erase(repeated.begin(), repeated.end());
        for (const matching::Index j : chosen) {
            const float score = affinity(left.vectors[static_cast<std::size_t>(i)],
                                         right.vectors[static_cast<std::size_t>(j)]);
            pairs.push_back({i, j, matching::micro_of_score(double{score})});
        }
    }
    return pairs;
}

} // namespace allot::bench
