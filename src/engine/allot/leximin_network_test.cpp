// The fairest allotment with groups, against every allotment there is.
#include "engine/allot/grouped_instance.hpp"
#include "engine/allot/levels.hpp"
#include "engine/allot/leximin_network.hpp"
#include "engine/allot/verify.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

Instance draw_single(Random& random, const testing::Shape& shape) {
    Instance in = testing::draw(random, shape);
    for (Count& demand : in.sides.demand) {
        demand = random.below(12) == 0 ? 0 : 1;
    }
    if (random.below(2) == 0) {
        testing::add_groups(in, random);
    }
    if (random.below(4) == 0) {
        testing::add_least(in, random);
    }
    return in;
}

/// Places by class in a round, then ascending scores: what is made largest.
struct Fair {
    std::array<std::int64_t, waiting_classes> places;
    std::vector<Micro> scores;

    friend auto operator<=>(const Fair&, const Fair&) = default;
};

Fair fair_of(const Instance& in, std::span<const Pair> pairs) {
    Fair fair{.places = testing::value_of(in, pairs).places, .scores = {}};
    for (const Pair& pair : pairs) {
        fair.scores.push_back(pair.score);
    }
    std::ranges::sort(fair.scores);
    return fair;
}

} // namespace

TEST_CASE("the fairest of all allotments with groups, on thousands of small instances") {
    Random random(71);
    int optimal = 0;
    int infeasible = 0;
    while (optimal + infeasible < 4000) {
        const Instance in =
            draw_single(random, {.most_asks = 6, .most_helpers = 5, .most_places = 3});
        if (in.pairs.size() > 12) {
            continue;
        }
        CAPTURE(optimal + infeasible);
        const auto expected = testing::best_of_all(
            in, [&](std::span<const Pair> pairs) { return fair_of(in, pairs); });
        const auto found = leximin_in_network(in.sparse(), in.sides);
        REQUIRE(found);
        REQUIRE(found->shortages.empty() == expected.has_value());
        if (!expected) {
            ++infeasible;
            continue;
        }
        ++optimal;
        REQUIRE(fair_of(in, found->pairs) == *expected);
        REQUIRE(found->fairness->worst == (expected->scores.empty() ? 0 : expected->scores[0]));
        // Not optimal for the sum, perhaps, but every bound is kept.
        const Verdict verdict = verify(in.pairs, in.sides, found->pairs);
        REQUIRE(verdict.objective == found->certificate.objective);
        const bool only_not_best =
            verdict.holds || verdict.reason == "another allotment would be better" ||
            verdict.reason == "the pairs can be exchanged in a circle for a better allotment";
        REQUIRE_MESSAGE(only_not_best, verdict.reason);
    }
    MESSAGE(optimal << " optimal, " << infeasible << " infeasible");
}

TEST_CASE("the fairest allotment does not depend on numbers or on the kind of rows") {
    Random random(72);
    for (int k = 0; k < 100; ++k) {
        CAPTURE(k);
        Instance in = testing::draw(random, {.most_asks = 40, .most_helpers = 30});
        std::ranges::fill(in.sides.demand, 1);
        const auto found = leximin_in_network(in.sparse(), in.sides);
        REQUIRE(found);
        const auto matrix = in.matrix();
        const auto dense = leximin_in_network(
            DenseRows<double>(in.sides.asks(), in.sides.helpers(), matrix), in.sides);
        REQUIRE(dense);
        CHECK(dense->pairs == found->pairs);
        const Instance other = testing::renumbered(in, random);
        const auto again = leximin_in_network(other.sparse(), other.sides);
        REQUIRE(again);
        CHECK(fair_of(other, again->pairs) == fair_of(in, found->pairs));
    }
}

TEST_CASE("without groups the network and the levels find the same fairest allotment") {
    Random random(73);
    int compared = 0;
    for (int k = 0; k < 400; ++k) {
        CAPTURE(k);
        Instance in = testing::draw(random, {.most_asks = 40, .most_helpers = 30});
        std::ranges::fill(in.sides.demand, 1);
        if (random.below(3) == 0) {
            testing::add_least(in, random);
        }
        const auto network = leximin_in_network(in.sparse(), in.sides);
        const auto levels =
            allot_by_levels(in.sparse(), in.sides, {.objective = {.rule = Rule::leximin}});
        REQUIRE(network);
        if (levels && levels->shortages.empty()) {
            ++compared;
            CHECK(fair_of(in, network->pairs) == fair_of(in, levels->pairs));
        } else { // minimum loads that cannot be kept are an error of the levels
            CHECK_FALSE(network->shortages.empty());
        }
    }
    CHECK(compared > 150);
}

TEST_CASE("leximin for more than one place an ask is refused") {
    const auto found = leximin_in_network(SparseRows(1, 1, {}), {.demand = {2}, .places = {2}});
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::invalid);
}
