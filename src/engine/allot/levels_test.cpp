#include "engine/allot/levels.hpp"
#include "engine/allot/levels_check.hpp"
#include "engine/allot/random_instance.hpp"

#include <functional>
#include <numeric>

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
    Outcome outcome;
    for (const Pair& pair : pairs) {
        if (in.sides.service == Service::partial) {
            ++outcome.served.at(waiting_classes - 1 - in.sides.waiting_of(pair.ask));
        }
        outcome.scores.push_back(pair.score);
        outcome.sum += pair.score;
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

/// Every allotment of an instance, one by one.
class Enumeration {
  public:
    explicit Enumeration(const Instance& in)
        : in_(&in), rows_(in.sides.demand.size()), load_(in.sides.places.size()) {
        for (const Pair& pair : in.pairs) {
            rows_[static_cast<std::size_t>(pair.ask)].push_back(pair);
        }
    }

    void for_each(const std::function<void(const Outcome&)>& visit) {
        visit_ = &visit;
        choose(0);
    }

  private:
    void choose(std::size_t ask) {
        if (ask == rows_.size()) {
            if (keeps_least()) {
                (*visit_)(outcome_of(*in_, chosen_));
            }
            return;
        }
        if (in_->sides.demand[ask] == 0 || in_->sides.service == Service::partial) {
            choose(ask + 1);
        }
        if (in_->sides.demand[ask] == 0) {
            return;
        }
        for (const Pair& pair : rows_[ask]) {
            Count& load = load_[static_cast<std::size_t>(pair.helper)];
            if (load < in_->sides.places[static_cast<std::size_t>(pair.helper)]) {
                ++load;
                chosen_.push_back(pair);
                choose(ask + 1);
                chosen_.pop_back();
                --load;
            }
        }
    }

    [[nodiscard]] bool keeps_least() const {
        for (Index j = 0; j < in_->sides.helpers(); ++j) {
            if (load_[static_cast<std::size_t>(j)] < in_->sides.least_of(j)) {
                return false;
            }
        }
        return true;
    }

    const Instance* in_;
    std::vector<std::vector<Pair>> rows_;
    std::vector<Count> load_;
    std::vector<Pair> chosen_;
    const std::function<void(const Outcome&)>* visit_ = nullptr;
};

/// The best of all allotments for each rule; nullopt where there is none at all.
struct Best {
    std::optional<Outcome> leximin;
    std::optional<Outcome> maxmin;
    std::optional<Outcome> floor;
    std::optional<Outcome> sum;
};

Best best_of(const Instance& in, Micro floor) {
    Best best;
    const auto keep = [](std::optional<Outcome>& known, const Outcome& found, const auto& key) {
        if (!known || key(*known) < key(found)) {
            known = found;
        }
    };
    Enumeration(in).for_each([&](const Outcome& found) {
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
        const Best best = best_of(in, floor);
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
        CHECK(leximin->fairness->worst == best.leximin->worst());
        CHECK(leximin->fairness->covered == std::ssize(leximin->pairs));
        const Outcome got = outcome_of(in, maxmin->pairs);
        CHECK(got.served == best.maxmin->served);
        CHECK(got.worst() == best.maxmin->worst());
        CHECK(got.sum == best.maxmin->sum);
        check_proof(*maxmin);
        if (best.floor) {
            REQUIRE(held);
            REQUIRE(held->shortages.empty());
            CHECK(outcome_of(in, held->pairs).sum == best.floor->sum);
            CHECK(outcome_of(in, held->pairs).served == best.floor->served);
            check_proof(*held);
            CHECK(held->fairness->worst_bound == best.maxmin->worst());
        } else {
            ++below_floor;
            CHECK((held ? !held->shortages.empty() : held.error().kind == ErrorKind::infeasible));
        }
    }
    CHECK(none > 500);
    CHECK(below_floor > 500);
}
