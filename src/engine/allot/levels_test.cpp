#include "engine/allot/every_allotment.hpp"
#include "engine/allot/levels.hpp"
#include "engine/allot/levels_check.hpp"
#include "engine/allot/verify_fair.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

using Classes = std::array<std::int64_t, waiting_classes>;

/// What can be said of an allotment without knowing how it was found.
struct Outcome {
    Classes served{};          ///< longest waiting first; of a round
    std::vector<Micro> scores; ///< ascending
    Micro sum = 0;

    [[nodiscard]] Micro worst() const { return scores.empty() ? 0 : scores.front(); }
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome_of(const Instance& in, std::span<const Pair> pairs) {
    const Value value = testing::value_of(in, pairs);
    Outcome outcome{.served = value.places, .scores = {}, .sum = value.micro};
    for (const Pair& pair : pairs) {
        outcome.scores.push_back(pair.score);
    }
    std::ranges::sort(outcome.scores);
    return outcome;
}

/// An instance in which every ask has at most one place: of any shape, half with minimum loads.
Instance draw_single(Random& random, Index asks, Index helpers) {
    Instance in = testing::draw(
        random, {.most_asks = asks, .most_helpers = helpers, .most_demand = 1, .most_places = 3});
    for (Count& demand : in.sides.demand) {
        demand = random.below(12) == 0 ? 0 : 1;
    }
    if (random.below(2) == 0) {
        for (const Count places : in.sides.places) {
            const auto most = static_cast<std::uint64_t>(std::min<Count>(places, 2));
            in.sides.least.push_back(
                random.below(3) == 0 ? static_cast<Count>(random.below(most + 1)) : 0);
        }
    }
    return in;
}

/// The best of all allotments for each rule; nullopt where there is none at all.
struct Best {
    std::optional<Outcome> leximin;
    std::optional<Outcome> maxmin;
    std::optional<Outcome> floor;
    std::optional<Outcome> sum;
    std::vector<Pair> any; ///< an allotment that was drawn
};

Best best_of(const Instance& in, Micro floor, Random& random) {
    Best best;
    const auto keep = [](std::optional<Outcome>& known, const Outcome& found, const auto& key) {
        if (!known || key(*known) < key(found)) {
            known = found;
        }
    };
    std::uint64_t seen = 0;
    testing::EveryAllotment(in).visit([&](std::span<const Pair> pairs) {
        const Outcome found = outcome_of(in, pairs);
        if (random.below(++seen) == 0) {
            best.any.assign(pairs.begin(), pairs.end());
        }
        keep(best.leximin, found, [](const Outcome& o) { return std::pair(o.served, o.scores); });
        keep(best.maxmin, found,
             [](const Outcome& o) { return std::tuple(o.served, o.worst(), o.sum); });
        keep(best.sum, found, [](const Outcome& o) { return std::pair(o.served, o.sum); });
        if (found.scores.empty() || found.worst() >= floor) {
            keep(best.floor, found, [](const Outcome& o) { return std::pair(o.served, o.sum); });
        }
    });
    if (best.floor && best.floor->served != best.sum->served) {
        best.floor.reset();
    }
    return best;
}

Result<Allotment> solve(const Instance& in, Rule rule, Micro floor = 0,
                        Index exact = exact_leximin_asks) {
    return allot_by_levels(in.sparse(), in.sides, {.objective = {.rule = rule, .floor = floor}},
                           exact);
}

void check_proof(const Allotment& found) {
    REQUIRE(found.fairness);
    CHECK(found.fairness->proved);
    CHECK(found.certificate.proved());
}

void check_verified(const Instance& in, const Objective& objective, std::span<const Pair> pairs) {
    const Verdict verdict = verify_fair(in.pairs, in.sides, objective, pairs);
    CHECK_MESSAGE(verdict.holds, verdict.reason);
}

Instance feasible_single(Random& random, Index asks, Index helpers) {
    while (true) {
        Instance in = draw_single(random, asks, helpers);
        const auto found = solve(in, Rule::leximin);
        if (found && found->shortages.empty() && !found->pairs.empty()) {
            return in;
        }
    }
}

Allotment solved(const Instance& in, Rule rule, Micro floor = 0) {
    auto found = solve(in, rule, floor);
    REQUIRE(found);
    REQUIRE(found->shortages.empty());
    return *std::move(found);
}

/// Leximin as one flow of least cost, where a cost is a vector: minimum loads not filled, unserved
/// asks of each class, then how often each score is used, smallest first.
class VectorFlow {
  public:
    explicit VectorFlow(const Instance& in) : in_(&in) {
        for (const Pair& pair : in.pairs) {
            values_.push_back(pair.score);
        }
        std::ranges::sort(values_);
        values_.erase(std::ranges::unique(values_).begin(), values_.end());
        const auto asks = in.sides.demand.size();
        sink_ = asks + in.sides.places.size();
        for (std::size_t i = 0; i < asks; ++i) {
            const auto k = waiting_classes - in.sides.waiting_of(static_cast<Index>(i));
            if (in.sides.service == Service::partial) {
                add(i, sink_, 1, k);
            }
        }
        for (const Pair& pair : in.pairs) {
            const auto value = std::ranges::lower_bound(values_, pair.score) - values_.begin();
            add(static_cast<std::size_t>(pair.ask), asks + static_cast<std::size_t>(pair.helper), 1,
                first_value + static_cast<std::size_t>(value));
        }
        for (std::size_t j = 0; j < in.sides.places.size(); ++j) {
            const Count least = in.sides.least_of(static_cast<Index>(j));
            add(asks + j, sink_, least, 0, -1); // filling them comes before all else
            add(asks + j, sink_, in.sides.places[j] - least, free_of_cost);
        }
    }

    /// nullopt where there is no allotment.
    std::optional<Outcome> run() {
        for (std::size_t i = 0; i < in_->sides.demand.size(); ++i) {
            if (in_->sides.demand[i] > 0 && !push(i)) {
                return std::nullopt;
            }
        }
        std::vector<Pair> pairs;
        std::int64_t unfilled = 0;
        for (std::size_t a = 0; a < arcs_.size(); a += 2) {
            const Arc& arc = arcs_[a];
            if (arc.component >= first_value && arc.component != free_of_cost && arc.room == 0) {
                pairs.push_back(
                    {static_cast<Index>(arc.from), 0, values_[arc.component - first_value]});
            }
            unfilled += arc.component == 0 ? arc.room : 0;
        }
        return unfilled > 0 ? std::nullopt : std::optional(outcome_of(*in_, pairs));
    }

  private:
    static constexpr std::size_t first_value = 1 + waiting_classes;
    static constexpr std::size_t free_of_cost = ~std::size_t{0};
    using Cost = std::vector<int>;

    struct Arc {
        std::size_t from;
        std::size_t to;
        Count room;
        std::size_t component; ///< in which the cost is `sign`
        int sign;
    };

    void add(std::size_t from, std::size_t to, Count room, std::size_t component, int sign = 1) {
        arcs_.push_back({from, to, room, component, sign});
        arcs_.push_back({to, from, 0, component, -sign});
    }

    /// One more unit along a cheapest path (Bellman and Ford).
    bool push(std::size_t source) {
        std::vector<std::optional<Cost>> cost(sink_ + 1);
        std::vector<std::size_t> by(sink_ + 1);
        cost[source] = Cost(first_value + values_.size());
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t a = 0; a < arcs_.size(); ++a) {
                const Arc& arc = arcs_[a];
                if (arc.room == 0 || !cost[arc.from]) {
                    continue;
                }
                Cost next = *cost[arc.from];
                if (arc.component != free_of_cost) {
                    next[arc.component] += arc.sign;
                }
                if (!cost[arc.to] || next < *cost[arc.to]) {
                    cost[arc.to] = std::move(next);
                    by[arc.to] = a;
                    changed = true;
                }
            }
        }
        for (std::size_t node = sink_; cost[sink_] && node != source; node = arcs_[by[node]].from) {
            --arcs_[by[node]].room;
            ++arcs_[by[node] ^ 1U].room;
        }
        return cost[sink_].has_value();
    }

    const Instance* in_;
    std::vector<Micro> values_;
    std::vector<Arc> arcs_;
    std::size_t sink_ = 0;
};

} // namespace

TEST_CASE("leximin, maxmin and floor are the best of all allotments") {
    Random random(101);
    int none = 0;
    int below_floor = 0;
    for (int k = 0; k < 6000; ++k) {
        CAPTURE(k);
        const Instance in = draw_single(random, 5, 4);
        const auto pick = random.below(in.pairs.size() + 1);
        const Micro floor = pick == in.pairs.size() ? 2 : in.pairs[pick].score;
        const Best best = best_of(in, floor, random);
        const auto leximin = solve(in, Rule::leximin);
        const auto maxmin = solve(in, Rule::maxmin);
        const auto held = solve(in, Rule::floor, floor);
        if (!best.leximin) {
            ++none;
            for (const auto* result : {&leximin, &maxmin, &held}) {
                CHECK((*result ? !(*result)->shortages.empty()
                               : result->error().kind == ErrorKind::infeasible));
            }
            continue;
        }
        REQUIRE(leximin);
        REQUIRE(maxmin);
        CHECK(outcome_of(in, leximin->pairs) == *best.leximin);
        check_proof(*leximin);
        check_verified(in, {.rule = Rule::leximin}, leximin->pairs);
        CHECK(leximin->fairness->worst == best.leximin->worst());
        CHECK(leximin->fairness->covered == std::ssize(leximin->pairs));
        const Outcome got = outcome_of(in, maxmin->pairs);
        CHECK(got.served == best.maxmin->served);
        CHECK(got.worst() == best.maxmin->worst());
        CHECK(got.sum == best.maxmin->sum);
        check_proof(*maxmin);
        check_verified(in, {.rule = Rule::maxmin}, maxmin->pairs);
        if (best.floor) {
            REQUIRE(held);
            REQUIRE(held->shortages.empty());
            CHECK(outcome_of(in, held->pairs).sum == best.floor->sum);
            CHECK(outcome_of(in, held->pairs).served == best.floor->served);
            check_proof(*held);
            check_verified(in, {.rule = Rule::floor, .floor = floor}, held->pairs);
            CHECK(held->fairness->worst_bound == best.maxmin->worst());
        } else {
            ++below_floor;
            CHECK((held ? !held->shortages.empty() : held.error().kind == ErrorKind::infeasible));
        }
    }
    CHECK(none > 500);
    CHECK(below_floor > 500);
}

TEST_CASE("an allotment drawn at random passes only where it is as good as the best") {
    Random random(102);
    int refused = 0;
    for (int k = 0; k < 4000; ++k) {
        CAPTURE(k);
        const Instance in = feasible_single(random, 5, 4);
        const Best best = best_of(in, 0, random);
        const Outcome drawn = outcome_of(in, best.any);
        const auto verified = [&](Rule rule) {
            return verify_fair(in.pairs, in.sides, {.rule = rule}, best.any).holds;
        };
        CHECK(verified(Rule::leximin) == (drawn == *best.leximin));
        CHECK(verified(Rule::maxmin) ==
              (std::tuple(drawn.served, drawn.worst(), drawn.sum) ==
               std::tuple(best.maxmin->served, best.maxmin->worst(), best.maxmin->sum)));
        CHECK(verified(Rule::sum) ==
              (drawn.served == best.sum->served && drawn.sum == best.sum->sum));
        const Allotment found = solved(in, Rule::leximin);
        const ScoreRows rows = in.sparse();
        const LevelReplay replay(rows, in.sides, found.fairness->levels);
        if (drawn != *best.leximin) {
            ++refused;
            CHECK_FALSE(replay.holds(best.any, LevelClaim::vector, found.fairness->covered));
        }
    }
    CHECK(refused > 1000);
}

TEST_CASE("the worst off are as well off as possible, and the others have the largest sum") {
    Random random(112);
    const auto key = [](const Outcome& o) {
        return std::tuple(o.served, o.worst(), -std::ranges::count(o.scores, o.worst()), o.sum);
    };
    int held = 0;
    for (int k = 0; k < 2000; ++k) {
        CAPTURE(k);
        const Instance in = feasible_single(random, 5, 4);
        std::vector<Pair> drawn;
        std::optional<Outcome> best;
        std::uint64_t seen = 0;
        testing::EveryAllotment(in).visit([&](std::span<const Pair> pairs) {
            const Outcome found = outcome_of(in, pairs);
            if (random.below(++seen) == 0) {
                drawn.assign(pairs.begin(), pairs.end());
            }
            best = !best || key(*best) < key(found) ? found : best;
        });
        const bool holds =
            verify_fair(in.pairs, in.sides, {.rule = Rule::leximin}, drawn, {}, 1).holds;
        CHECK(holds == (key(outcome_of(in, drawn)) == key(*best)));
        held += holds ? 1 : 0;
    }
    CHECK(held > 100);
}

TEST_CASE("leximin is what a flow with vectors as costs finds") {
    Random random(103);
    int solved_ones = 0;
    for (int k = 0; k < 400; ++k) {
        CAPTURE(k);
        Instance in = draw_single(random, 40, 40);
        const Micro levels = 2 + static_cast<Micro>(random.below(14));
        for (Pair& pair : in.pairs) {
            pair.score %= levels;
        }
        const auto reference = VectorFlow(in).run();
        const auto found = solve(in, Rule::leximin);
        if (!reference) {
            CHECK((!found || !found->shortages.empty()));
            continue;
        }
        ++solved_ones;
        REQUIRE(found);
        CHECK(outcome_of(in, found->pairs) == *reference);
        check_proof(*found);
        check_verified(in, {.rule = Rule::leximin}, found->pairs);
    }
    CHECK(solved_ones > 150);
}

TEST_CASE("renaming everybody keeps the vector") {
    Random random(104);
    for (int k = 0; k < 1500; ++k) {
        Instance in = feasible_single(random, 12, 12);
        in.sides.least.clear();
        for (const Rule rule : {Rule::leximin, Rule::maxmin}) {
            const Outcome before = outcome_of(in, solved(in, rule).pairs);
            const Instance other = testing::renumbered(in, random);
            const Outcome after = outcome_of(other, solved(other, rule).pairs);
            CHECK(after.served == before.served);
            CHECK(after.worst() == before.worst());
            CHECK(after.sum == before.sum);
        }
    }
}

TEST_CASE("one more place never makes the vector worse") {
    Random random(105);
    for (int k = 0; k < 1500; ++k) {
        const Instance in = feasible_single(random, 10, 10);
        Instance more = in;
        ++more.sides.places[random.below(in.sides.places.size())];
        const Outcome before = outcome_of(in, solved(in, Rule::leximin).pairs);
        const Outcome after = outcome_of(more, solved(more, Rule::leximin).pairs);
        CHECK(std::pair(after.served, after.scores) >= std::pair(before.served, before.scores));
    }
}

TEST_CASE("leximin looks at the order of scores only") {
    Random random(106);
    for (int k = 0; k < 1500; ++k) {
        const Instance in = feasible_single(random, 12, 12);
        Instance bent = in;
        for (Pair& pair : bent.pairs) {
            pair.score = pair.score * pair.score + 7;
        }
        std::vector<Micro> expected = outcome_of(in, solved(in, Rule::leximin).pairs).scores;
        for (Micro& score : expected) {
            score = score * score + 7;
        }
        CHECK(outcome_of(bent, solved(bent, Rule::leximin).pairs).scores == expected);
    }
}

TEST_CASE("the fairer the rule, the smaller the sum, and one smallest score for both") {
    Random random(107);
    for (int k = 0; k < 1500; ++k) {
        Instance in = feasible_single(random, 15, 15);
        const Outcome leximin = outcome_of(in, solved(in, Rule::leximin).pairs);
        const Outcome maxmin = outcome_of(in, solved(in, Rule::maxmin).pairs);
        const Outcome held = outcome_of(in, solved(in, Rule::floor, maxmin.worst()).pairs);
        const Outcome loose = outcome_of(in, solved(in, Rule::floor, 0).pairs);
        CHECK(leximin.served == maxmin.served);
        CHECK(leximin.worst() == maxmin.worst());
        CHECK(leximin.sum <= maxmin.sum);
        CHECK(held.sum == maxmin.sum);
        CHECK(maxmin.sum <= loose.sum);
        in.sides.least.clear();
        const auto sum = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(sum);
        CHECK(loose.sum <= sum->certificate.objective.micro);
        CHECK(solved(in, Rule::floor, 0).certificate.objective == sum->certificate.objective);
    }
}

TEST_CASE("levels that were tampered with are refused") {
    Random random(108);
    int tried = 0;
    for (int k = 0; k < 1500; ++k) {
        CAPTURE(k);
        const Instance in = feasible_single(random, 8, 8);
        const Allotment found = solved(in, Rule::leximin);
        const ScoreRows rows = in.sparse();
        const auto holds = [&](std::span<const Level> levels, std::span<const Pair> pairs) {
            return LevelReplay(rows, in.sides, levels)
                .holds(pairs, LevelClaim::vector, found.fairness->covered);
        };
        std::vector<Level> levels = found.fairness->levels;
        REQUIRE(holds(levels, found.pairs));
        CHECK_FALSE(holds(levels, std::span(found.pairs).subspan(1)));
        Level& level = levels[random.below(levels.size())];
        const Level kept = level;
        if (!level.unserved) {
            ++level.value;
            CHECK_FALSE(holds(levels, found.pairs));
            level = kept;
        }
        if (!level.asks.empty()) {
            ++tried;
            level.asks.pop_back();
            CHECK_FALSE(holds(levels, found.pairs));
            level = kept;
            level.rivals.push_back(level.asks.back());
            CHECK_FALSE(holds(levels, found.pairs));
            level = kept;
            levels.erase(levels.begin() + (&level - levels.data()));
            CHECK_FALSE(holds(levels, found.pairs));
        }
        std::vector<Pair> other = found.pairs;
        other.front().score += 1;
        CHECK_FALSE(holds(found.fairness->levels, other));
    }
    CHECK(tried > 1000);
}

TEST_CASE("of many asks the worst are settled exactly, and then the sum") {
    Random random(109);
    int differ = 0;
    for (int k = 0; k < 600; ++k) {
        CAPTURE(k);
        const Instance in = feasible_single(random, 40, 30);
        const Allotment exact = solved(in, Rule::leximin);
        const auto some = solve(in, Rule::leximin, 0, 10);
        REQUIRE(some);
        check_proof(*some);
        const Outcome all = outcome_of(in, exact.pairs);
        const Outcome found = outcome_of(in, some->pairs);
        const auto covered = some->fairness->covered;
        CHECK(found.served == all.served);
        CHECK(20 * covered >= std::ssize(some->pairs));
        CHECK(found.sum >= all.sum);
        CHECK(std::equal(all.scores.begin(), all.scores.begin() + covered, found.scores.begin()));
        const auto verified = [&](std::int64_t worst) {
            return verify_fair(in.pairs, in.sides, {.rule = Rule::leximin}, some->pairs, {}, worst)
                .holds;
        };
        CHECK(verified(covered));
        CHECK(verified(std::ssize(some->pairs)) == (found == all));
        differ += found != all ? 1 : 0;
    }
    CHECK(differ > 50);
}

TEST_CASE("many scores and many equal ones are passed in batches") {
    Random random(110);
    constexpr Index n = 420; // pairs for several batches
    for (const int shape : {0, 1, 2}) {
        CAPTURE(shape);
        Sides sides;
        sides.demand.assign(n, 1);
        sides.places.assign(n, 1);
        std::vector<double> matrix;
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j < n; ++j) {
                const double score = random.unit();
                const bool poor = i % 40 == 0;
                matrix.push_back(shape == 0   ? (poor ? 0.001 * score : score)
                                 : shape == 1 ? (poor || score < 0.95 ? 0.0 : score)
                                              : (poor          ? 0.1
                                                 : score < 0.9 ? 0.5
                                                               : score));
            }
        }
        const ScoreRows rows = DenseRows<double>(n, n, matrix);
        std::vector<std::vector<Pair>> found;
        for (const unsigned threads : {1U, 3U}) {
            const auto leximin = allot_by_levels(
                rows, sides, {.objective = {.rule = Rule::leximin}, .threads = threads});
            REQUIRE(leximin);
            check_proof(*leximin);
            found.push_back(leximin->pairs);
        }
        CHECK(found.front() == found.back());
        std::vector<Pair> pairs;
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j < n; ++j) {
                pairs.push_back({i, j, *std::get<DenseRows<double>>(rows).score(i, j)});
            }
        }
        const Verdict verdict = verify_fair(pairs, sides, {.rule = Rule::leximin}, found.front());
        CHECK_MESSAGE(verdict.holds, verdict.reason);
    }
}

TEST_CASE("a matrix and a list of the same scores give the same pairs") {
    Random random(111);
    for (int k = 0; k < 300; ++k) {
        const Instance in = feasible_single(random, 12, 12);
        const std::vector<double> matrix = in.matrix();
        const ScoreRows dense = DenseRows<double>(in.sides.asks(), in.sides.helpers(), matrix);
        for (const Rule rule : {Rule::leximin, Rule::maxmin, Rule::floor}) {
            const auto found = allot_by_levels(dense, in.sides, {.objective = {.rule = rule}});
            REQUIRE(found);
            CHECK(outcome_of(in, found->pairs) == outcome_of(in, solved(in, rule).pairs));
        }
    }
}

TEST_CASE("the order of the asks decides between equal optima, and nothing else does") {
    // Two asks, one place: whoever comes first in the order has it.
    const std::vector<Pair> pairs{{0, 0, 5}, {1, 0, 5}};
    const Sides sides{.demand = {1, 1},
                      .places = {1},
                      .least = {},
                      .groups = {},
                      .waiting = {},
                      .service = Service::partial};
    for (const Index first : {0, 1}) {
        const auto found =
            allot_by_levels(SparseRows(2, 1, pairs), sides,
                            {.objective = {.rule = Rule::leximin}, .order = {first, 1 - first}});
        REQUIRE(found);
        CHECK(found->pairs == std::vector<Pair>{{first, 0, 5}});
    }
}

TEST_CASE("a floor that is too high names those who cannot reach it, and their helpers") {
    Random random(112);
    int named = 0;
    for (int k = 0; k < 1500; ++k) {
        CAPTURE(k);
        Instance in = feasible_single(random, 8, 8);
        in.sides.least.clear();
        const Allotment maxmin = solved(in, Rule::maxmin);
        const Micro floor = maxmin.fairness->worst + 1;
        const auto found = solve(in, Rule::floor, floor);
        REQUIRE(found);
        REQUIRE_FALSE(found->shortages.empty());
        for (const Shortage& cut : found->shortages) {
            ++named;
            CHECK(cut.needed > cut.places + cut.single);
            std::int64_t places = 0;
            for (const Index helper : cut.helpers) {
                places += in.sides.places[static_cast<std::size_t>(helper)];
            }
            CHECK(cut.places == places);
            CHECK(cut.needed <= std::ssize(cut.asks));
            CHECK(std::ranges::none_of(in.pairs, [&](const Pair& pair) {
                return pair.score >= floor && std::ranges::binary_search(cut.asks, pair.ask) &&
                       !std::ranges::binary_search(cut.helpers, pair.helper);
            }));
            // So many of them are served in a largest served set: also in this one.
            CHECK(cut.needed <= std::ranges::count_if(maxmin.pairs, [&](const Pair& pair) {
                      return std::ranges::binary_search(cut.asks, pair.ask);
                  }));
        }
    }
    CHECK(named > 1000);
}

TEST_CASE("larger demands are only checked for their limits") {
    const std::vector<Pair> pairs{{0, 0, 5}, {0, 1, 3}, {1, 0, 4}};
    const Sides sides{.demand = {2, 1},
                      .places = {2, 1},
                      .least = {},
                      .groups = {},
                      .waiting = {},
                      .service = Service::full};
    CHECK_FALSE(
        allot_by_levels(SparseRows(2, 2, pairs), sides, {.objective = {.rule = Rule::leximin}}));
    CHECK(verify_fair(pairs, sides, {.rule = Rule::leximin}, pairs).holds);
    CHECK(verify_fair(pairs, sides, {.rule = Rule::floor, .floor = 4}, pairs).holds);
    CHECK_FALSE(verify_fair(pairs, sides, {.rule = Rule::floor, .floor = 5}, pairs).holds);
    CHECK_FALSE(
        verify_fair(pairs, sides, {.rule = Rule::leximin}, std::vector<Pair>{pairs[0], pairs[2]})
            .holds);
}

TEST_CASE("settling levels stops when the person asks") {
    Random random(113);
    const Instance in = feasible_single(random, 20, 20);
    int calls = 0;
    const auto last = [&](int allowed) {
        calls = 0;
        return allot_by_levels(
            in.sparse(), in.sides,
            {.objective = {.rule = Rule::leximin},
             .keep_going = [&, allowed](Progress) { return ++calls <= allowed; }});
    };
    for (const int allowed : {0, 1}) {
        const auto result = last(allowed);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::interrupted);
    }
}
