// The lottery: its program against GLPK, and what many draws from it look like.
#include "engine/allot/grouped_instance.hpp"
#include "engine/allot/lottery.hpp"
#include "engine/allot/network_allot.hpp"
#include "engine/allot/peer.hpp"
#include "engine/allot/shortage_check.hpp"

#include <cmath>
#include <map>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

CappedMarginals solve(const Instance& in, Chance cap) {
    auto result = capped_marginals(in.sparse(), in.sides, cap);
    REQUIRE(result);
    return *std::move(result);
}

Chance draw_cap(Random& random) {
    const auto denominator = static_cast<std::int32_t>(1 + random.below(12));
    const auto numerator = 1 + random.below(static_cast<std::uint64_t>(denominator));
    return {.numerator = static_cast<std::int32_t>(numerator), .denominator = denominator};
}

/// With a place more for each helper, so that a cap leaves something over more often.
Instance draw_loose(Random& random, const testing::Shape& shape) {
    Instance in = testing::draw(random, shape);
    for (Count& places : in.sides.places) {
        places += 1;
    }
    if (random.below(2) == 0) {
        testing::add_groups(in, random);
        for (Group& group : in.sides.groups) {
            group.most += group.scope == Group::Scope::round ? 3 : 1;
        }
    }
    if (random.below(4) == 0) {
        testing::add_least(in, random);
    }
    return in;
}

/// Sums of marginals and of pairs over each bound of the instance.
struct Totals {
    std::int64_t parts = 0;
    std::int64_t pairs = 0;
};
std::vector<Totals> totals(const Instance& in, const CappedMarginals& odds,
                           const std::vector<Pair>& pairs) {
    std::map<std::pair<Index, Index>, Totals> of_pair;
    for (const Marginal& m : odds.marginals) {
        of_pair[{m.ask, m.helper}].parts = m.numerator;
    }
    for (const Pair& p : pairs) {
        of_pair[{p.ask, p.helper}].pairs = 1;
    }
    std::vector<Totals> all;
    for (const auto& bound : testing::bounds_of(in)) {
        Totals sum;
        for (const std::size_t k : bound.pairs) {
            const auto& [parts, taken] = of_pair[{in.pairs[k].ask, in.pairs[k].helper}];
            sum.parts += parts;
            sum.pairs += taken;
        }
        all.push_back(sum);
    }
    return all;
}

/// Every total is its expectation, rounded up or down, and the bounds hold.
void check_draw(const Instance& in, const CappedMarginals& odds, const std::vector<Pair>& pairs) {
    const std::int64_t parts = odds.cap.denominator;
    const auto sums = totals(in, odds, pairs);
    const auto bounds = testing::bounds_of(in);
    for (std::size_t k = 0; k < sums.size(); ++k) {
        REQUIRE(sums[k].pairs >= sums[k].parts / parts);
        REQUIRE(sums[k].pairs <= (sums[k].parts + parts - 1) / parts);
        REQUIRE(sums[k].pairs >= bounds[k].least);
        REQUIRE(sums[k].pairs <= bounds[k].most);
    }
    for (const Pair& pair : pairs) {
        REQUIRE(std::ranges::any_of(odds.marginals, [&](const Marginal& m) {
            return m.ask == pair.ask && m.helper == pair.helper && m.score == pair.score;
        }));
    }
}

} // namespace

namespace {

/// The programs of an instance in parts of a place: as many as possible of each waiting class, the
/// longest waiting first and those above as many as `odds` has, and then the scores.
std::vector<std::string> programs_of(const Instance& in, Chance cap, const CappedMarginals& odds) {
    auto bounds = testing::bounds_of(in);
    for (auto& bound : bounds) {
        bound.least *= cap.denominator;
        bound.most *= cap.denominator;
    }
    std::vector<std::string> programs;
    const auto add = [&](const auto& worth_of) {
        std::vector<double> worth;
        std::ranges::transform(in.pairs, std::back_inserter(worth), worth_of);
        programs.push_back(testing::program_of(in, bounds, worth, cap.numerator, false));
    };
    if (!odds.shortages.empty()) {
        add([](const Pair&) { return 0.0; });
        return programs;
    }
    for (std::size_t k = 0; in.sides.service == Service::partial && k < waiting_classes; ++k) {
        const auto counts = [&](const Pair& p) {
            return in.sides.waiting_of(p.ask) == waiting_classes - 1 - k;
        };
        add([&](const Pair& p) { return counts(p) ? 1.0 : 0.0; });
        const auto places = odds.scaled.objective.places.at(k);
        testing::Bound same{.pairs = {}, .least = places, .most = places};
        for (std::size_t p = 0; p < in.pairs.size(); ++p) {
            if (counts(in.pairs[p])) {
                same.pairs.push_back(p);
            }
        }
        bounds.push_back(std::move(same));
    }
    add([](const Pair& p) { return static_cast<double>(p.score); });
    return programs;
}

void check_shortages(const Instance& in, const CappedMarginals& odds) {
    for (const Shortage& shortage : odds.shortages) {
        REQUIRE(testing::is_shortage(in, shortage, odds.cap));
        REQUIRE_FALSE(words_of(shortage, odds.cap, in.sides).empty());
    }
}

} // namespace

TEST_CASE("the marginals reach the optimum of the linear program on hundreds of instances") {
    Random random(61);
    struct Drawn {
        Instance in;
        CappedMarginals odds;
        std::size_t programs;
    };
    std::vector<Drawn> all;
    std::string programs;
    for (int k = 0; k < 400; ++k) {
        Instance in = draw_loose(random, {.most_asks = 20, .most_helpers = 20});
        CappedMarginals odds = solve(in, draw_cap(random));
        const auto of_one = programs_of(in, odds.cap, odds);
        for (const auto& program : of_one) {
            programs += program;
        }
        all.push_back({std::move(in), std::move(odds), of_one.size()});
    }
    const auto lines = testing::lines_of_peer(ALLOTMENT_GLPK_PEER, programs);
    auto line = lines.begin();
    int optimal = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
        CAPTURE(k);
        const auto& [in, odds, of_one] = all[k];
        REQUIRE(std::distance(line, lines.end()) >= static_cast<std::ptrdiff_t>(of_one));
        check_shortages(in, odds);
        if (!odds.shortages.empty()) {
            REQUIRE(*line++ == "infeasible\n");
            continue;
        }
        ++optimal;
        REQUIRE(odds.scaled.proved());
        const Value& objective = odds.scaled.objective;
        for (std::size_t c = 0; c + 1 < of_one; ++c) {
            REQUIRE(std::abs(std::stod(*line++) - static_cast<double>(objective.places.at(c))) <
                    1e-6);
        }
        // Whole numbers on both sides; GLPK keeps to bounds and optimum up to 1e-7 of them.
        const auto ours = static_cast<double>(objective.micro);
        REQUIRE(std::abs(std::stod(*line++) - ours) <= 1e-6 * std::max(1.0, ours));
        check_draw(in, odds, draw(odds.marginals, odds.cap.denominator, in.sides, k));
    }
    CHECK(line == lines.end());
    MESSAGE(optimal << " optimal of " << all.size());
}

TEST_CASE("every pair is drawn as often as its marginal says, and every total is exact") {
    constexpr int draws = testing::tries(5000);
    Random random(62);
    double sum = 0;
    double pairs = 0;
    double largest = 0;
    int instances = 0;
    while (instances < 120) {
        const Instance in = draw_loose(random, {.most_asks = 12, .most_helpers = 12});
        const CappedMarginals odds = solve(in, draw_cap(random));
        const double parts = odds.cap.denominator;
        const auto is_open = [&](const Marginal& m) { return m.numerator < parts; };
        if (std::ranges::count_if(odds.marginals, is_open) < 10) {
            continue;
        }
        ++instances;
        std::map<std::pair<Index, Index>, int> drawn;
        for (int k = 0; k < draws; ++k) {
            const auto chosen = draw(odds.marginals, odds.cap.denominator, in.sides, random.next());
            for (const Pair& pair : chosen) {
                ++drawn[{pair.ask, pair.helper}];
            }
            if (k < 100) {
                check_draw(in, odds, chosen);
            }
        }
        for (const Marginal& m : odds.marginals) {
            const double q = m.numerator / parts;
            const double seen = drawn[{m.ask, m.helper}];
            if (!is_open(m)) {
                REQUIRE(seen == draws);
                continue;
            }
            const double z = (seen - draws * q) / std::sqrt(draws * q * (1 - q));
            sum += z * z;
            pairs += 1;
            largest = std::max(largest, std::abs(z));
        }
    }
    MESSAGE("mean z^2 " << sum / pairs << " over " << pairs << " pairs, largest |z| " << largest);
    CHECK(sum / pairs > 0.85);
    CHECK(sum / pairs < 1.15);
    CHECK(largest < 4.5);
}

TEST_CASE("a cap of 1 is the sum itself, and a lower one is worth no more") {
    Random random(63);
    for (int k = 0; k < 500; ++k) {
        CAPTURE(k);
        const Instance in = testing::draw(random);
        const auto whole = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(whole);
        const CappedMarginals odds = solve(in, {.numerator = 3, .denominator = 3});
        CHECK(odds.cap == Chance{});
        REQUIRE(odds.shortages.empty() == whole->shortages.empty());
        CHECK(odds.scaled.objective == whole->certificate.objective);
        const CappedMarginals half = solve(in, {.numerator = 1, .denominator = 2});
        if (!whole->shortages.empty()) {
            CHECK_FALSE(half.shortages.empty());
        } else if (half.shortages.empty()) {
            Value twice = whole->certificate.objective;
            std::ranges::for_each(twice.places, [](auto& places) { places *= 2; });
            twice.micro *= 2;
            CHECK(half.scaled.objective <= twice);
        }
    }
}

TEST_CASE("the same seed draws the same pairs, and the draw can be recomputed") {
    Random random(64);
    int different = 0;
    for (int k = 0; k < 100; ++k) {
        const Instance in = draw_loose(random, {});
        const auto first =
            draw_lottery(in.sparse(), in.sides, {.numerator = 1, .denominator = 2}, 7);
        REQUIRE(first);
        CHECK(draw(first->odds.marginals, first->odds.cap.denominator, in.sides, 7) ==
              first->pairs);
        const auto other = draw(first->odds.marginals, first->odds.cap.denominator, in.sides, 8);
        different += static_cast<int>(other != first->pairs);
    }
    CHECK(different > 20);
}

TEST_CASE("two pairs at one half are drawn by one number of the stream") {
    const std::vector<Marginal> marginals{{0, 0, 5, 1}, {0, 1, 3, 1}};
    const Sides sides{.demand = {1}, .places = {1, 1}};
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto pairs = draw(marginals, 2, sides, seed);
        REQUIRE(pairs.size() == 1);
        // Up along the first pair, helper 0, hub, helper 1, and back against the second.
        CHECK((pairs[0].helper == 0) == (Random(seed).below(2) < 1));
    }
}

TEST_CASE("a cap that leaves too little says for whom") {
    const std::vector<std::string> asks{"x", "y"};
    const Sides sides{.demand = {2, 1}, .places = {2, 2, 2, 2}};
    const std::vector<Pair> pairs{{0, 0, 5}, {0, 1, 3}, {1, 2, 1}, {1, 3, 1}};
    const auto odds =
        capped_marginals(SparseRows(2, 4, pairs), sides, {.numerator = 1, .denominator = 2});
    REQUIRE(odds);
    REQUIRE(odds->shortages.size() == 1);
    CHECK(
        words_of(odds->shortages[0], odds->cap, sides, {.asks = asks, .helpers = {}}) ==
        "ask x needs 2 and has only 2 possible helpers, each with a chance of at most 1/2: 2 x 1/2 "
        "= 1 is less than 2; only a cap of 1 would do for it");
}

TEST_CASE("an ask that a cap leaves short says which cap would do for it") {
    const Sides sides{.demand = {2}, .places = {1, 1, 1}};
    const std::vector<Pair> pairs{{0, 0, 5}, {0, 1, 3}, {0, 2, 1}};
    const auto odds =
        capped_marginals(SparseRows(1, 3, pairs), sides, {.numerator = 1, .denominator = 2});
    REQUIRE(odds);
    REQUIRE(odds->shortages.size() == 1);
    CHECK(words_of(odds->shortages[0], odds->cap, sides)
              .ends_with("3 x 1/2 = 1.5 is less than 2; a cap of 2/3 or more would do for it"));
    CHECK(capped_marginals(SparseRows(1, 3, pairs), sides, {.numerator = 2, .denominator = 3})
              ->shortages.empty());
}

TEST_CASE("a group that nobody is in says that it is not reached") {
    Sides sides{.demand = {1}, .places = {1}};
    sides.groups.push_back({.name = "lab",
                            .scope = Group::Scope::round,
                            .of = Group::Of::helpers,
                            .members = {},
                            .least = 2,
                            .most = 3});
    const std::vector<Pair> pairs{{0, 0, 5}};
    const auto odds = capped_marginals(SparseRows(1, 1, pairs), sides, {});
    REQUIRE(odds);
    REQUIRE(odds->shortages.size() == 1);
    CHECK(words_of(odds->shortages[0], odds->cap, sides) ==
          "the group \"lab\" must get at least 2; 2 are missing");
}

TEST_CASE("a cap out of range is refused") {
    const Sides sides{.demand = {1}, .places = {1}};
    const SparseRows rows(1, 1, {});
    for (const Chance cap : {Chance{0, 2}, Chance{3, 2}, Chance{1, 1001}, Chance{-1, -2}}) {
        const auto odds = capped_marginals(rows, sides, cap);
        REQUIRE_FALSE(odds);
        CHECK(odds.error().kind == ErrorKind::invalid);
    }
}

TEST_CASE("an expected sum is rounded to the nearest micro unit") {
    CappedMarginals odds;
    odds.cap = {.numerator = 1, .denominator = 3};
    odds.scaled.objective.micro = 7;
    CHECK(odds.expected_micro() == 2);
    odds.scaled.objective.micro = 8;
    CHECK(odds.expected_micro() == 3);
    odds.cap.denominator = 2;
    odds.scaled.objective.micro = 5;
    CHECK(odds.expected_micro() == 3);
}
