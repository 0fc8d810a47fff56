// Fair objectives for larger demands, against every allotment of small instances and against GLPK.
#include "engine/allot/every_allotment.hpp"
#include "engine/allot/grouped_instance.hpp"
#include "engine/allot/peer.hpp"
#include "engine/allot/several.hpp"
#include "engine/allot/verify_fair.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

Allotment solve(const Instance& in, Rule rule, Micro floor = 0, unsigned threads = 1) {
    auto result = allot_several(in.sparse(), in.sides,
                                {.objective = {.rule = rule, .floor = floor},
                                 .threads = threads,
                                 .order = {},
                                 .keep_going = {}});
    REQUIRE(result);
    return *std::move(result);
}

/// What an allotment is worth, counted from its pairs.
struct Worth {
    std::array<std::int64_t, waiting_classes> places{};
    int served = 0;
    Micro worst = 0; ///< of those served
    Micro total = 0;
    std::vector<Micro> sums; ///< ascending, of all that take part

    /// What comes before every rule.
    [[nodiscard]] auto rank() const { return std::tie(places, served); }
};

bool takes_part(const Instance& in, Index ask) {
    return in.sides.demand[static_cast<std::size_t>(ask)] > 0 &&
           (in.sides.service == Service::full ||
            std::ranges::find(in.pairs, ask, &Pair::ask) != in.pairs.end());
}

Worth worth_of(const Instance& in, std::span<const Pair> pairs) {
    const Value value = testing::value_of(in, pairs);
    Worth worth{.places = value.places, .total = value.micro, .sums = {}};
    std::vector<Micro> sum(in.sides.demand.size());
    std::vector<Count> held(in.sides.demand.size());
    for (const Pair& pair : pairs) {
        sum[static_cast<std::size_t>(pair.ask)] += pair.score;
        ++held[static_cast<std::size_t>(pair.ask)];
    }
    for (Index ask = 0; ask < in.sides.asks(); ++ask) {
        const auto i = static_cast<std::size_t>(ask);
        if (!takes_part(in, ask)) {
            continue;
        }
        worth.sums.push_back(sum[i]);
        if (held[i] > 0) {
            worth.worst = worth.served == 0 ? sum[i] : std::min(worth.worst, sum[i]);
            ++worth.served;
        }
    }
    std::ranges::sort(worth.sums);
    return worth;
}

/// The demands, the places and the pairs are respected.
void check_laws(const Instance& in, const Allotment& found) {
    std::vector<Count> held(in.sides.demand.size());
    std::vector<Count> busy(in.sides.places.size());
    REQUIRE(std::ranges::is_sorted(found.pairs));
    REQUIRE(std::ranges::adjacent_find(found.pairs) == found.pairs.end());
    for (const Pair& pair : found.pairs) {
        REQUIRE(std::ranges::find(in.pairs, pair) != in.pairs.end());
        ++held[static_cast<std::size_t>(pair.ask)];
        ++busy[static_cast<std::size_t>(pair.helper)];
    }
    for (std::size_t i = 0; i < held.size(); ++i) {
        REQUIRE(held[i] <= in.sides.demand[i]);
        REQUIRE((in.sides.service == Service::partial || held[i] == in.sides.demand[i]));
    }
    for (std::size_t j = 0; j < busy.size(); ++j) {
        REQUIRE(busy[j] <= in.sides.places[j]);
    }
    const Worth worth = worth_of(in, found.pairs);
    REQUIRE(found.fairness);
    REQUIRE(found.fairness->worst == worth.worst);
    REQUIRE(found.fairness->worst <= found.fairness->worst_bound);
    REQUIRE(found.certificate.objective == Value{.places = worth.places, .micro = worth.total});
    REQUIRE(found.certificate.objective <= found.certificate.bound);
    REQUIRE(found.prices.size() == in.sides.places.size());
}

/// The optima of each rule.
struct Optima {
    std::optional<Worth> maxmin;
    std::optional<Worth> leximin;
    std::optional<Worth> floor; ///< the largest sum among those that meet it
};

Optima optima_of(const Instance& in, Micro floor) {
    Optima best;
    const auto improve = [](std::optional<Worth>& slot, const Worth& worth, auto key) {
        if (!slot || key(worth) > key(*slot)) {
            slot = worth;
        }
    };
    testing::EveryAllotment(in).visit([&](std::span<const Pair> pairs) {
        const Worth worth = worth_of(in, pairs);
        improve(best.maxmin, worth,
                [](const Worth& w) { return std::tuple(w.rank(), w.worst, w.total); });
        improve(best.leximin, worth, [](const Worth& w) { return std::tuple(w.rank(), w.sums); });
        improve(best.floor, worth,
                [&](const Worth& w) { return std::tuple(w.rank(), w.worst >= floor, w.total); });
    });
    if (best.floor && best.floor->worst < floor && best.floor->served > 0) {
        best.floor.reset();
    }
    return best;
}

/// How often something held.
struct Share {
    int hits = 0;
    int all = 0;

    void count(bool hit) {
        hits += hit ? 1 : 0;
        ++all;
    }
    [[nodiscard]] double value() const { return static_cast<double>(hits) / std::max(all, 1); }
};

std::ostream& operator<<(std::ostream& out, const Share& share) {
    return out << share.hits << " of " << share.all << " (" << 100 * share.value() << " %)";
}

/// Instances of demands up to 3 that compete: hardly more places than are needed, or fewer where
/// some may stay empty.
Instance draw_tight(Random& random, Index asks, Index helpers, Service service) {
    const auto upto = [&](std::int64_t most) {
        return static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(most) + 1));
    };
    Instance in;
    in.sides.service = service;
    std::int64_t needed = std::int64_t{upto(1)} * upto(asks);
    const Count least = std::min<Count>(1 + upto(2), helpers);
    const Count range = std::min<Count>(3, helpers) - least;
    for (Index i = 0; i < asks; ++i) {
        in.sides.demand.push_back(least + upto(range));
        in.sides.waiting.push_back(static_cast<std::uint8_t>(upto(3) * upto(1)));
        needed += in.sides.demand.back();
    }
    needed -= service == Service::partial ? upto(needed / 2) : 0;
    in.sides.places.assign(static_cast<std::size_t>(helpers), 0);
    for (; needed > 0; --needed) {
        ++in.sides.places[random.below(in.sides.places.size())];
    }
    const Micro levels = std::array<Micro, 4>{3, 10, 1'000, 1'000'000}.at(random.below(4));
    const auto density = 8 + random.below(3); // in tenths
    for (Index i = 0; i < asks; ++i) {
        for (Index j = 0; j < helpers; ++j) {
            if (random.below(10) < density) {
                in.pairs.push_back({i, j, upto(levels)});
            }
        }
    }
    return in;
}

/// Half of any kind and half that compete.
std::vector<Instance> small_instances(std::uint64_t seed, int n, Service service) {
    Random random(seed);
    std::vector<Instance> drawn;
    const Index most = service == Service::full ? 5 : 4;
    const auto side = [&] {
        return static_cast<Index>(2 + random.below(static_cast<std::uint64_t>(most) - 1));
    };
    for (int k = 0; k < n; ++k) {
        if (k % 2 == 0) {
            const Index asks = side();
            drawn.push_back(draw_tight(random, asks, side(), service));
        } else {
            drawn.push_back(testing::draw(
                random, {.most_asks = most, .most_helpers = most, .most_places = most}));
            drawn.back().sides.service = service;
        }
    }
    return drawn;
}

struct Shares {
    Share by_sum, maxmin, maxmin_and_sum, leximin, floor_met, floor_sum, bound, proved;
};

void compare_maxmin(const Instance& in, const Worth& best, const Allotment& sum, Shares& shares) {
    const Allotment found = solve(in, Rule::maxmin);
    check_laws(in, found);
    const Worth worth = worth_of(in, found.pairs);
    REQUIRE(worth.rank() == best.rank());
    REQUIRE(worth.worst <= best.worst);
    REQUIRE(best.worst <= found.fairness->worst_bound);
    REQUIRE((worth.worst < best.worst || worth.total <= best.total));
    REQUIRE(best.total <= found.certificate.bound.micro);
    const Worth before = worth_of(in, sum.pairs);
    REQUIRE((worth.worst >= before.worst || worth.served > before.served));
    REQUIRE(found.prices == sum.prices);
    const bool hit = worth.worst == best.worst;
    const bool both = hit && worth.total == best.total;
    REQUIRE((both || !found.fairness->proved));
    shares.by_sum.count(before.rank() == best.rank() && before.worst == best.worst);
    shares.maxmin.count(hit);
    shares.maxmin_and_sum.count(both);
    shares.bound.count(best.worst == found.fairness->worst_bound);
    shares.proved.count(found.fairness->proved);
}

void compare_leximin(const Instance& in, const Worth& best, Shares& shares) {
    const Allotment found = solve(in, Rule::leximin);
    check_laws(in, found);
    const Worth worth = worth_of(in, found.pairs);
    REQUIRE(worth.rank() == best.rank());
    REQUIRE(worth.sums <= best.sums);
    REQUIRE(best.worst <= found.fairness->worst_bound);
    REQUIRE((worth.sums == best.sums || !found.fairness->proved));
    shares.leximin.count(worth.sums == best.sums);
}

void compare_floor(const Instance& in, Micro floor, const Optima& optima, Shares& shares) {
    const Allotment found = solve(in, Rule::floor, floor);
    check_laws(in, found);
    const Worth worth = worth_of(in, found.pairs);
    REQUIRE(worth.rank() == optima.maxmin->rank());
    const bool met = worth.worst >= floor || worth.served == 0;
    REQUIRE(met == (found.fairness->floor == FloorOutcome::met));
    if (!optima.floor) {
        REQUIRE_FALSE(met);
        return;
    }
    REQUIRE(found.fairness->floor != FloorOutcome::impossible);
    REQUIRE(optima.floor->total <= found.certificate.bound.micro);
    REQUIRE((!met || worth.total <= optima.floor->total));
    shares.floor_met.count(met);
    shares.floor_sum.count(met && worth.total == optima.floor->total);
}

Shares compare(const std::vector<Instance>& instances) {
    Shares shares;
    Random random(7);
    for (const Instance& in : instances) {
        const auto sum = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(sum);
        if (!sum->shortages.empty()) {
            CHECK_FALSE(solve(in, Rule::maxmin).shortages.empty());
            continue;
        }
        const Optima first = optima_of(in, 0);
        compare_maxmin(in, *first.maxmin, *sum, shares);
        compare_leximin(in, *first.leximin, shares);
        const Micro floor = first.maxmin->worst * static_cast<Micro>(random.below(5)) / 4 +
                            static_cast<Micro>(random.below(2));
        compare_floor(in, floor, optima_of(in, floor), shares);
    }
    MESSAGE("worst by the sum ", shares.by_sum, "; worst ", shares.maxmin, "; worst and sum ",
            shares.maxmin_and_sum, "; leximin ", shares.leximin, "; floor met ", shares.floor_met,
            ", with the largest sum ", shares.floor_sum, "; bound tight ", shares.bound,
            "; proved ", shares.proved);
    return shares;
}

/// What was measured is 99.8 % and more; the sum alone has 88 % of the smallest sums.
void check_shares(const Shares& shares) {
    CHECK(shares.maxmin.value() > 0.98);
    CHECK(shares.maxmin_and_sum.value() > 0.97);
    CHECK(shares.leximin.value() > 0.97);
    CHECK(shares.floor_met.value() > 0.98);
    CHECK(shares.floor_sum.value() > 0.97);
    CHECK(shares.bound.value() > 0.7);
}

} // namespace

TEST_CASE("demands met in full: close to the best of all allotments, never beyond a bound") {
    const Shares shares = compare(small_instances(1, testing::tries(8000), Service::full));
    CHECK(shares.maxmin.all > testing::tries(3000));
    check_shares(shares);
}

TEST_CASE("places may stay empty: close to the best of all allotments, never beyond a bound") {
    const Shares shares = compare(small_instances(2, testing::tries(6000), Service::partial));
    CHECK(shares.maxmin.all == testing::tries(6000));
    check_shares(shares);
}

namespace {

/// The largest smallest sum in micro units as a program: a column for it, then one a pair. Asks are
/// served in full.
std::string program_of(const Instance& in, bool whole) {
    testing::PeerProgram program;
    program.add_column(std::nullopt, 1, false);
    for (std::size_t k = 0; k < in.pairs.size(); ++k) {
        program.add_column(1, 0, whole);
    }
    for (Index ask = 0; ask < in.sides.asks(); ++ask) {
        program.add_row(0, std::nullopt);
        program.add_factor(0, -1);
        for (std::size_t k = 0; k < in.pairs.size(); ++k) {
            if (in.pairs[k].ask == ask) {
                program.add_factor(k + 1, in.pairs[k].score);
            }
        }
    }
    for (const testing::Bound& bound : testing::bounds_of(in)) {
        program.add_row(bound.least, bound.most);
        for (const std::size_t k : bound.pairs) {
            program.add_factor(k + 1, 1);
        }
    }
    return program.text();
}

/// GLPK's optimum of each instance; nullopt where it found none in time.
std::vector<std::optional<double>> glpk(const std::vector<Instance>& instances, bool whole) {
    std::string programs;
    for (const Instance& in : instances) {
        programs += program_of(in, whole);
    }
    std::vector<std::optional<double>> optima;
    const std::string command = std::string(ALLOTMENT_GLPK_PEER) + " 2";
    for (const std::string& line : testing::lines_of_peer(command, programs)) {
        std::istringstream words(line);
        double value = 0;
        words >> value;
        optima.push_back(words ? std::optional(value) : std::nullopt);
    }
    return optima;
}

/// Medium instances that can be served in full.
std::vector<Instance> medium_instances(std::uint64_t seed, int n, Index asks, Index helpers) {
    Random random(seed);
    std::vector<Instance> drawn;
    while (static_cast<int>(drawn.size()) < n) {
        Instance in = draw_tight(random, asks, helpers, Service::full);
        const auto sum = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(sum);
        if (sum->shortages.empty()) {
            drawn.push_back(std::move(in));
        }
    }
    return drawn;
}

} // namespace

TEST_CASE("between the optima of GLPK's relaxation and of its integer program") {
    const auto instances = medium_instances(3, 300, 10, 10);
    const auto relaxed = glpk(instances, false);
    const auto whole = glpk(instances, true);
    REQUIRE(relaxed.size() == instances.size());
    REQUIRE(whole.size() == instances.size());
    Share by_sum;
    Share hits;
    Share tight;
    int positive = 0;
    double value = 0;
    double above_relaxed = 0;
    double gap = 0;
    for (std::size_t k = 0; k < instances.size(); ++k) {
        CAPTURE(k);
        const Allotment found = solve(instances[k], Rule::maxmin);
        check_laws(instances[k], found);
        const auto worst = static_cast<double>(found.fairness->worst);
        const auto bound = static_cast<double>(found.fairness->worst_bound);
        constexpr double rounding = 1e-4;
        if (!whole[k] || !relaxed[k]) {
            continue;
        }
        REQUIRE(worst <= *whole[k] + rounding);
        REQUIRE(*whole[k] <= bound + rounding);
        REQUIRE(*whole[k] <= *relaxed[k] + rounding);
        const auto sum = allot::matching::allot(instances[k].sparse(), instances[k].sides);
        by_sum.count(static_cast<double>(worth_of(instances[k], sum->pairs).worst) >=
                     *whole[k] - rounding);
        hits.count(worst >= *whole[k] - rounding);
        tight.count(bound <= *whole[k] + rounding);
        if (*whole[k] < 1) {
            continue;
        }
        const double largest = *whole[k];
        ++positive;
        value += worst / largest;
        above_relaxed += (bound - *relaxed[k]) / largest;
        gap += (bound - worst) / largest;
    }
    MESSAGE("optimum by the sum ", by_sum, "; optimum ", hits, "; bound tight ", tight,
            "; means of the optimum: worst ", 100 * value / positive,
            " %, bound above the relaxation ", 100 * above_relaxed / positive,
            " %, bound above worst ", 100 * gap / positive, " %");
    CHECK(hits.all > 280);
    CHECK(hits.value() > 0.95);
    CHECK(gap / positive < 0.05);
}

TEST_CASE("where everybody needs one, the smallest score is the best possible in most cases") {
    Random random(4);
    Share full;
    Share partial;
    for (int k = 0; k < 400; ++k) {
        CAPTURE(k);
        Instance in = testing::draw(random, {.most_asks = 40, .most_helpers = 40});
        std::ranges::fill(in.sides.demand, 1);
        const auto sum = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(sum);
        if (!sum->shortages.empty()) {
            continue;
        }
        const Allotment found = solve(in, Rule::maxmin);
        check_laws(in, found);
        // With full service the bound by thresholds is the bottleneck itself; in a round it knows
        // nothing of waiting classes and may be out of reach.
        (in.sides.service == Service::full ? full : partial)
            .count(found.fairness->worst == found.fairness->worst_bound);
    }
    MESSAGE("bottleneck reached in ", full, ", in rounds in ", partial);
    CHECK(full.all > 100);
    CHECK(full.hits == full.all);
    CHECK(partial.value() > 0.7);
}

namespace {

/// The number of places is proved, and one place less is refused.
void check_verified(const Instance& in, Rule rule, std::vector<Pair> pairs) {
    const Verdict verdict = verify_fair(in.pairs, in.sides, {.rule = rule}, pairs);
    REQUIRE_MESSAGE(verdict.holds, verdict.reason);
    if (!pairs.empty()) {
        pairs.pop_back();
        REQUIRE_FALSE(verify_fair(in.pairs, in.sides, {.rule = rule}, pairs).holds);
    }
}

} // namespace

TEST_CASE("places by class stay, and the worst off are never worse off than with the sum") {
    Random random(5);
    for (int k = 0; k < 300; ++k) {
        CAPTURE(k);
        const Instance in = testing::draw(random, {.most_asks = 30, .most_helpers = 20});
        const auto sum = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(sum);
        if (!sum->shortages.empty()) {
            continue;
        }
        const Worth before = worth_of(in, sum->pairs);
        for (const Rule rule : {Rule::maxmin, Rule::leximin, Rule::floor}) {
            const Allotment found = solve(in, rule, before.worst);
            check_laws(in, found);
            const Worth worth = worth_of(in, found.pairs);
            REQUIRE(worth.places == before.places);
            REQUIRE(worth.served >= before.served);
            REQUIRE((worth.served > before.served || worth.worst >= before.worst));
            REQUIRE(found.prices == sum->prices);
            const bool has_several =
                std::ranges::any_of(in.sides.demand, [](Count n) { return n > 1; });
            if (rule != Rule::floor && has_several) {
                check_verified(in, rule, found.pairs);
            }
            if (rule == Rule::floor && worth.served == before.served) {
                // The sum itself meets this floor.
                REQUIRE(found.fairness->floor == FloorOutcome::met);
                REQUIRE(worth.total == before.total);
                REQUIRE(found.fairness->proved);
            }
        }
    }
}

TEST_CASE("a floor up to what was found is met, one above the bound is impossible") {
    const auto instances = medium_instances(6, 60, 20, 20);
    Share met;
    for (std::size_t k = 0; k < instances.size(); ++k) {
        CAPTURE(k);
        const Allotment fair = solve(instances[k], Rule::maxmin);
        const Fairness& fairness = *fair.fairness;
        const Allotment beyond = solve(instances[k], Rule::floor, fairness.worst_bound + 1);
        check_laws(instances[k], beyond);
        CHECK(beyond.fairness->floor != FloorOutcome::met);
        const Allotment reached = solve(instances[k], Rule::floor, fairness.worst);
        check_laws(instances[k], reached);
        met.count(reached.fairness->floor == FloorOutcome::met);
        if (fairness.proved) {
            CHECK(reached.certificate.objective <= fair.certificate.objective);
        }
    }
    MESSAGE("floor met in ", met);
    CHECK(met.value() > 0.95);
}

TEST_CASE("any number of threads and any order of the pairs finds the same fair round") {
    for (const Service service : {Service::full, Service::partial}) {
        Random random(8);
        Instance in = draw_tight(random, 150, 150, service);
        for (const Rule rule : {Rule::maxmin, Rule::leximin}) {
            const Allotment one = solve(in, rule);
            for (std::size_t k = 1; k < in.pairs.size(); ++k) {
                std::swap(in.pairs[k], in.pairs[random.below(k + 1)]);
            }
            const Allotment more = solve(in, rule, 0, 3);
            REQUIRE(one.fairness.has_value() == more.fairness.has_value());
            REQUIRE(one.pairs == more.pairs);
            if (one.fairness) {
                CHECK(one.fairness->worst_bound == more.fairness->worst_bound);
                CHECK(one.certificate.bound == more.certificate.bound);
            }
        }
    }
}

TEST_CASE("nobody there, nobody who can be served, scores of nothing") {
    Instance in;
    for (const Service service : {Service::full, Service::partial}) {
        in.sides = {.demand = {}, .places = {}, .waiting = {}, .service = service};
        in.pairs.clear();
        CHECK(solve(in, Rule::maxmin).pairs.empty());
        in.sides.demand = {0, 0};
        in.sides.places = {1, 0};
        CHECK(solve(in, Rule::leximin).pairs.empty());
    }
    in.sides.demand = {2, 1};
    CHECK(solve(in, Rule::floor, 5).fairness->floor == FloorOutcome::met);
    in.pairs = {{0, 1, 7}};
    CHECK(solve(in, Rule::floor, 5).fairness->floor == FloorOutcome::met);
    in.pairs = {{0, 0, 0}, {1, 0, 0}};
    const Allotment found = solve(in, Rule::maxmin);
    check_laws(in, found);
    CHECK(found.fairness->proved);
}

TEST_CASE("scores at their limit are weighted without wrapping round") {
    Random random(9);
    for (int k = 0; k < 50; ++k) {
        Instance in = draw_tight(random, 4, 4, k % 2 == 0 ? Service::full : Service::partial);
        for (Pair& pair : in.pairs) {
            pair.score = max_micro - pair.score;
        }
        const Allotment found = solve(in, Rule::maxmin);
        if (found.shortages.empty()) {
            check_laws(in, found);
            REQUIRE(optima_of(in, 0).maxmin->worst <= found.fairness->worst_bound);
        }
    }
}

TEST_CASE("a fair round stops when the person asks") {
    Random random(11);
    const Instance in = draw_tight(random, 60, 40, Service::partial);
    const auto run = [&](const std::function<bool(Progress)>& keep_going) {
        return allot_several(
            in.sparse(), in.sides,
            {.objective = {.rule = Rule::maxmin}, .order = {}, .keep_going = keep_going});
    };
    int calls = 0;
    std::int64_t last = 0;
    REQUIRE(run([&](Progress progress) {
        ++calls;
        CHECK(progress.done >= last);
        CHECK(progress.total == in.sides.asks());
        last = progress.done;
        return true;
    }));
    CHECK(calls > 10);
    for (int most = 0; most < calls; ++most) {
        int left = most;
        const auto result = run([&](Progress) { return left-- > 0; });
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::interrupted);
    }
}
