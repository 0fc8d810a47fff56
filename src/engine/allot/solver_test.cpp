#include "engine/allot/order.hpp"
#include "engine/allot/random_instance.hpp"
#include "engine/allot/verify.hpp"
#include "engine/allot/why_not.hpp"

#include <numeric>
#include <string_view>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

constexpr int many = 1500;

Allotment solve(const Instance& in, const Options& options = {}) {
    auto result = allot::matching::allot(in.sparse(), in.sides, options);
    REQUIRE(result);
    return *std::move(result);
}

/// Calls `check(instance, allotment)` for random instances that can be served.
template <class Check>
void for_feasible(std::uint64_t seed, int n, const Check& check) {
    Random random(seed);
    for (int k = 0; k < n; ++k) {
        CAPTURE(k);
        const Instance in = testing::draw(random);
        if (const Allotment found = solve(in); found.shortages.empty()) {
            check(in, found, random);
        }
    }
}

Value plus(Value value, Micro micro) {
    value.micro += micro;
    return value;
}

} // namespace

TEST_CASE("renaming everybody keeps the objective") {
    for_feasible(1, many, [](const Instance& in, const Allotment& found, Random& random) {
        const Allotment again = solve(testing::renumbered(in, random));
        CHECK(again.certificate.objective == found.certificate.objective);
        CHECK(again.certificate.proved());
    });
}

TEST_CASE("the order of the pairs in the input changes nothing") {
    for_feasible(2, many, [](const Instance& in, const Allotment& found, Random& random) {
        Instance shuffled = in;
        for (std::size_t k = 1; k < shuffled.pairs.size(); ++k) {
            std::swap(shuffled.pairs[k], shuffled.pairs[random.below(k + 1)]);
        }
        CHECK(solve(shuffled).pairs == found.pairs);
    });
}

TEST_CASE("adding the same to a row that is served in full moves the objective by it") {
    for_feasible(3, many, [](const Instance& in, const Allotment& found, Random& random) {
        if (in.sides.service != Service::full) {
            return;
        }
        const auto row = static_cast<Index>(random.below(in.sides.demand.size()));
        const auto extra = static_cast<Micro>(random.below(1000));
        Instance raised = in;
        for (Pair& pair : raised.pairs) {
            pair.score += pair.ask == row ? extra : 0;
        }
        const Micro gain = extra * in.sides.demand[static_cast<std::size_t>(row)];
        CHECK(solve(raised).certificate.objective == plus(found.certificate.objective, gain));
    });
}

TEST_CASE("a price is what one more place of that helper adds") {
    for_feasible(4, many, [](const Instance& in, const Allotment& found, Random& random) {
        const auto helper = random.below(in.sides.places.size());
        Instance raised = in;
        ++raised.sides.places[helper];
        const Value after = solve(raised).certificate.objective;
        const Value& before = found.certificate.objective;
        const Value& price = found.prices[helper];
        CHECK(after.micro - before.micro == price.micro);
        for (std::size_t k = 0; k < waiting_classes; ++k) {
            CHECK(after.places[k] - before.places[k] == price.places[k]);
        }
    });
}

TEST_CASE("for demand 1 a helper of two places is two helpers of one") {
    for_feasible(5, many, [](const Instance& in, const Allotment&, Random& random) {
        Instance single = in;
        std::ranges::fill(single.sides.demand, 1);
        const auto split = static_cast<Index>(random.below(in.sides.places.size()));
        Instance two = single;
        single.sides.places[static_cast<std::size_t>(split)] = 2;
        two.sides.places[static_cast<std::size_t>(split)] = 1;
        two.sides.places.push_back(1);
        const Index twin = two.sides.helpers() - 1;
        for (const Pair& pair : single.pairs) {
            if (pair.helper == split) {
                two.pairs.push_back({pair.ask, twin, pair.score});
            }
        }
        const Allotment one = solve(single);
        const Allotment other = solve(two);
        CHECK(one.shortages.empty() == other.shortages.empty());
        CHECK(one.certificate.objective == other.certificate.objective);
    });
}

TEST_CASE("a pair that was not used can be taken out") {
    for_feasible(6, many, [](const Instance& in, const Allotment& found, Random& random) {
        Instance fewer = in;
        const auto victim = random.below(fewer.pairs.size() + 1);
        if (victim == fewer.pairs.size() ||
            std::ranges::binary_search(found.pairs, fewer.pairs[victim])) {
            return;
        }
        fewer.pairs.erase(fewer.pairs.begin() + static_cast<std::ptrdiff_t>(victim));
        CHECK(solve(fewer).certificate.objective == found.certificate.objective);
    });
}

TEST_CASE("any number of threads finds the same pairs and prices") {
    Random random(8);
    Instance in;
    in.sides.demand.assign(400, 2);
    in.sides.places.assign(300, 3);
    std::vector<float> matrix(std::size_t{400} * 300);
    for (float& score : matrix) {
        score = static_cast<float>(random.below(50)) / 50.0F;
    }
    const DenseRows<float> rows(400, 300, matrix);
    const auto one = allot::matching::allot(rows, in.sides, {.threads = 1});
    REQUIRE(one);
    CHECK(one->certificate.proved());
    for (const unsigned threads : {2U, 3U, 8U}) {
        const auto more = allot::matching::allot(rows, in.sides, {.threads = threads});
        REQUIRE(more);
        CHECK(more->pairs == one->pairs);
        CHECK(more->prices == one->prices);
    }
}

TEST_CASE("conflicts of a matrix are never paired") {
    Random random(9);
    for (int k = 0; k < 200; ++k) {
        Instance in = testing::draw(random);
        in.sides.service = Service::partial;
        std::vector<double> matrix(in.matrix());
        std::vector<Pair> conflicts;
        Instance without = in;
        std::erase_if(without.pairs, [&](const Pair& pair) {
            const bool conflict = random.below(5) == 0;
            if (conflict) {
                conflicts.push_back(pair);
            }
            return conflict;
        });
        const auto dense = allot::matching::allot(
            DenseRows<double>(in.sides.asks(), in.sides.helpers(), matrix, conflicts), in.sides);
        REQUIRE(dense);
        CHECK(dense->certificate.objective == solve(without).certificate.objective);
        CHECK(verify(without.pairs, without.sides, dense->pairs).holds);
    }
}

TEST_CASE("a matrix of float32 is decided in micro units of the value as read") {
    // 0.1F widened is 0.10000000149; both columns are 100000 micro units, so either is optimal.
    const std::vector<float> matrix{0.1F, 0.1F, -1.0F, std::numeric_limits<float>::quiet_NaN()};
    const Sides sides{
        .demand = {1}, .places = {1, 1, 1, 1}, .waiting = {}, .service = Service::full};
    const auto found = allot::matching::allot(DenseRows<float>(1, 4, matrix), sides);
    REQUIRE(found);
    CHECK(found->certificate.objective.micro == 100000);
    CHECK(found->pairs.at(0).helper < 2);
}

TEST_CASE("scores of any magnitude are screened without a loss") {
    Random random(10);
    for (const double scale : {1e-6, 1.0, 1e3, 1e9}) {
        Instance in;
        in.sides.demand.assign(70, 1);
        in.sides.places.assign(70, 1);
        std::vector<float> matrix;
        for (Index i = 0; i < 70; ++i) {
            for (Index j = 0; j < 70; ++j) {
                const auto score = static_cast<float>(random.unit() * scale);
                matrix.push_back(score);
                in.pairs.push_back({i, j, micro_of_score(double{score})});
            }
        }
        const auto dense = allot::matching::allot(DenseRows<float>(70, 70, matrix), in.sides);
        REQUIRE(dense);
        CHECK(dense->certificate.objective == solve(in).certificate.objective);
        CHECK(dense->certificate.proved());
    }
}

TEST_CASE(
    "what cannot be served in full is explained by sets of asks that need more than there is") {
    Random random(12);
    int infeasible = 0;
    for (int k = 0; k < many; ++k) {
        CAPTURE(k);
        Instance in = testing::draw(random);
        in.sides.service = Service::full;
        const Allotment found = solve(in);
        infeasible += found.shortages.empty() ? 0 : 1;
        for (const Shortage& cut : found.shortages) {
            const auto has_ask = [&](Index i) { return std::ranges::binary_search(cut.asks, i); };
            const auto has_helper = [&](Index j) {
                return std::ranges::binary_search(cut.helpers, j);
            };
            std::int64_t needed = 0;
            std::int64_t places = 0;
            for (const Index i : cut.asks) {
                needed += in.sides.demand[static_cast<std::size_t>(i)];
            }
            for (const Index j : cut.helpers) {
                places += in.sides.places[static_cast<std::size_t>(j)];
            }
            const auto others = std::ranges::count_if(in.pairs, [&](const Pair& pair) {
                return has_ask(pair.ask) && !has_helper(pair.helper);
            });
            CHECK(cut.needed == needed);
            CHECK(cut.places == places);
            CHECK(cut.single == others);
            CHECK(cut.needed > cut.places + cut.single);
        }
    }
    CHECK(infeasible > 100);
}

TEST_CASE("the loss of a wished pair is what solving without its place would show") {
    int answered = 0;
    for_feasible(13, many, [&](const Instance& in, const Allotment& found, Random& random) {
        if (in.pairs.empty()) {
            return;
        }
        const Pair wish = in.pairs[random.below(in.pairs.size())];
        const auto answer = why_not(in.sparse(), in.sides, found, wish.ask, wish.helper);
        if (std::ranges::binary_search(found.pairs, wish)) {
            CHECK_FALSE(answer);
            return;
        }
        // The rest of the round when the pair is set aside with one place of each side.
        Instance rest = in;
        std::erase(rest.pairs, wish);
        --rest.sides.demand[static_cast<std::size_t>(wish.ask)];
        --rest.sides.places[static_cast<std::size_t>(wish.helper)];
        if (rest.sides.places[static_cast<std::size_t>(wish.helper)] < 0) {
            CHECK_FALSE(answer);
            return;
        }
        const Allotment other = solve(rest);
        if (!other.shortages.empty()) {
            CHECK_FALSE(answer);
            return;
        }
        REQUIRE(answer);
        ++answered;
        Value expected = found.certificate.objective;
        expected.micro -= other.certificate.objective.micro + wish.score;
        for (std::size_t c = 0; c < waiting_classes; ++c) {
            expected.places[c] -= other.certificate.objective.places[c];
        }
        if (in.sides.service == Service::partial) {
            --expected.places[waiting_classes - 1 - in.sides.waiting_of(wish.ask)];
        }
        CHECK(answer->loss == expected);

        // The changes lead from the allotment to one that has the pair and that loss.
        std::vector<Pair> changed = found.pairs;
        for (const Pair& pair : answer->ended) {
            CHECK(std::erase(changed, pair) == 1);
        }
        changed.insert(changed.end(), answer->begun.begin(), answer->begun.end());
        CHECK(std::ranges::count(changed, wish) == 1);
        const Verdict verdict = verify(in.pairs, in.sides, changed);
        Value lost = found.certificate.objective;
        lost.micro -= verdict.objective.micro;
        CHECK(lost.micro == answer->loss.micro);
    });
    CHECK(answered > 200);
}

TEST_CASE("a worse allotment does not pass verification") {
    int tried = 0;
    for_feasible(14, many, [&](const Instance& in, const Allotment& found, Random&) {
        if (found.pairs.empty()) {
            return;
        }
        ++tried;
        std::vector<Pair> fewer(found.pairs.begin(), found.pairs.end() - 1);
        CHECK_FALSE(verify(in.pairs, in.sides, fewer).holds);
        std::vector<Pair> twice = found.pairs;
        twice.push_back(twice.front());
        CHECK_FALSE(verify(in.pairs, in.sides, twice).holds);
    });
    CHECK(tried > 300);
}

TEST_CASE("a suboptimal exchange does not pass verification") {
    // Two asks, two helpers: crossing them loses 2 micro units.
    const std::vector<Pair> pairs{{0, 0, 10}, {0, 1, 9}, {1, 0, 9}, {1, 1, 10}};
    const Sides sides{.demand = {1, 1}, .places = {1, 1}, .waiting = {}, .service = Service::full};
    CHECK(verify(pairs, sides, std::vector<Pair>{{0, 0, 10}, {1, 1, 10}}).holds);
    CHECK_FALSE(verify(pairs, sides, std::vector<Pair>{{0, 1, 9}, {1, 0, 9}}).holds);
}

TEST_CASE("who waited longer comes first, whatever the scores") {
    // One place, wanted by somebody new at a score of 1 and by somebody who waited at 0.1.
    const std::vector<Pair> pairs{{0, 0, 1'000'000}, {1, 0, 100'000}};
    const Sides sides{
        .demand = {1, 1}, .places = {1}, .waiting = {0, 1}, .service = Service::partial};
    const auto found = allot::matching::allot(SparseRows(2, 1, pairs), sides);
    REQUIRE(found);
    CHECK(found->pairs == std::vector<Pair>{{1, 0, 100'000}});
    CHECK(found->prices.at(0).places == std::array<std::int64_t, 4>{0, 0, 0, 1});
}

TEST_CASE("the work stops when the person asks") {
    Random random(15);
    const Instance in = testing::draw(random);
    const auto result = allot::matching::allot(in.sparse(), in.sides,
                                               {.keep_going = [](Progress) { return false; }});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::interrupted);
}

TEST_CASE("sums that do not fit are refused, not wrapped round") {
    Sides sides;
    sides.demand.assign(2000, 1);
    sides.places.assign(2000, 1);
    std::vector<Pair> pairs;
    for (Index k = 0; k < 2000; ++k) {
        pairs.push_back({k, k, max_micro});
    }
    CHECK_FALSE(allot::matching::allot(SparseRows(2000, 2000, pairs), sides));
}

TEST_CASE("a demand or a number of places beyond everybody is as good as everybody") {
    for_feasible(16, 300, [](const Instance& in, const Allotment& found, Random&) {
        Instance vast = in;
        std::ranges::fill(vast.sides.places, 1'000'000'000);
        if (in.sides.service == Service::partial) {
            std::ranges::fill(vast.sides.demand, 1'000'000'000);
        }
        const Allotment all = solve(vast);
        CHECK(all.certificate.proved());
        CHECK(all.certificate.objective >= found.certificate.objective);
        const Verdict verdict = verify(vast.pairs, vast.sides, all.pairs);
        CHECK_MESSAGE(verdict.holds, verdict.reason);
    });
}

TEST_CASE("a long chain of large scores keeps its proof") {
    // Prices grow along the chain, so prices times places pass 64 bits by far.
    constexpr Index n = 1000;
    Sides sides;
    sides.demand.assign(n + 1, 1);
    sides.places.assign(n, 1);
    sides.service = Service::partial;
    std::vector<Pair> pairs{{0, 0, 0}};
    for (Index k = 0; k < n; ++k) {
        pairs.push_back({k + 1, k, k % 2 == 0 ? max_micro : 0});
        if (k + 1 < n) {
            pairs.push_back({k + 1, k + 1, 0});
        }
    }
    for (const Service service : {Service::partial, Service::full}) {
        sides.service = service;
        if (service == Service::full) {
            sides.places.back() = 2;
        }
        const auto found = allot::matching::allot(SparseRows(n + 1, n, pairs), sides);
        REQUIRE(found);
        REQUIRE(found->shortages.empty());
        CHECK(found->certificate.proved());
        const Verdict verdict = verify(pairs, sides, found->pairs);
        CHECK_MESSAGE(verdict.holds, verdict.reason);
    }
}

TEST_CASE("newcomers come first in the canonical order, then the seeded hash decides") {
    const std::vector<std::string_view> ids{"a", "b", "c", "d"};
    const auto order = canonical_order(ids, 1, {false, false, true, false});
    CHECK(order.front() == 2);
    std::vector<std::vector<Index>> orders;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        orders.push_back(canonical_order(ids, seed));
    }
    std::ranges::sort(orders);
    CHECK(std::ranges::unique(orders).begin() - orders.begin() > 5);
}
