#include "engine/allot/levels.hpp"

#include "engine/allot/check_instance.hpp"
#include "engine/allot/level_flow.hpp"
#include "engine/allot/levels_check.hpp"
#include "engine/allot/order.hpp"
#include "engine/allot/score_ladder.hpp"
#include "engine/allot/tight_sum.hpp"

#include <numeric>

#include <fmt/format.h>

namespace allot::matching {

namespace {

Result<void> check_asked(const Sides& sides, const Options& options) {
    if (options.objective.rule == Rule::sum) {
        return fail(ErrorKind::invalid, "a sum has no levels");
    }
    if (std::ranges::any_of(sides.demand, [](Count n) { return n > 1; })) {
        return fail(ErrorKind::invalid, "levels are for asks of one place each");
    }
    if (!sides.groups.empty()) {
        return fail(ErrorKind::invalid, "levels cannot keep the bounds of groups");
    }
    ALLOT_CHECK(std::ranges::none_of(sides.least, [](Count n) { return n < 0; }),
                "a minimum load is negative");
    for (Index helper = 0; helper < sides.helpers(); ++helper) {
        if (sides.least_of(helper) > sides.places[static_cast<std::size_t>(helper)]) {
            return fail(ErrorKind::infeasible,
                        fmt::format("helper {} must get {} asks and has {} places", helper,
                                    sides.least_of(helper),
                                    sides.places[static_cast<std::size_t>(helper)]));
        }
    }
    return {};
}

Sides without_least(const Sides& sides) {
    Sides loose = sides;
    loose.least.clear();
    return loose;
}

/// The options of those parts of the work that maximise a sum.
Options sum_options(const Options& options) {
    Options sum = options;
    sum.objective = {};
    return sum;
}

std::array<std::int64_t, waiting_classes> served_by_class(const Sides& sides,
                                                          std::span<const Pair> pairs) {
    std::array<std::int64_t, waiting_classes> served{};
    if (sides.service == Service::partial) {
        for (const Pair& pair : pairs) {
            ++served.at(waiting_classes - 1 - sides.waiting_of(pair.ask));
        }
    }
    return served;
}

Value value_of(const Sides& sides, std::span<const Pair> pairs) {
    Value value{.places = served_by_class(sides, pairs), .micro = 0};
    for (const Pair& pair : pairs) {
        value.micro += pair.score;
    }
    return value;
}

Micro worst_of(std::span<const Pair> pairs) {
    return pairs.empty() ? Micro{0} : std::ranges::min(pairs, {}, &Pair::score).score;
}

LevelFlow start_flow(const Sides& sides, std::span<const Pair> start, const Options& options) {
    std::vector<Count> least(sides.places.size());
    for (Index helper = 0; helper < sides.helpers(); ++helper) {
        least[static_cast<std::size_t>(helper)] = sides.least_of(helper);
    }
    std::vector<Index> order = options.order;
    if (order.empty()) {
        order.resize(sides.demand.size());
        std::iota(order.begin(), order.end(), Index{0});
    }
    LevelFlow flow(sides.asks(), std::move(least), sides.places, inverse(order));
    std::vector<Index> helper_of(sides.demand.size(), LevelFlow::outside);
    for (const Pair& pair : start) {
        helper_of[static_cast<std::size_t>(pair.ask)] = pair.helper;
    }
    for (Index ask = 0; ask < sides.asks(); ++ask) {
        if (sides.demand[static_cast<std::size_t>(ask)] > 0) {
            flow.place(ask, helper_of[static_cast<std::size_t>(ask)],
                       sides.service == Service::partial);
        }
    }
    return flow;
}

/// Pairs that are worse than all in use can be left out from the start, where neither a set of
/// unserved asks has to be proved smallest nor a minimum load filled.
Micro least_needed(const LevelFlow& flow, std::span<const Pair> start) {
    std::vector<Count> load(static_cast<std::size_t>(flow.helpers()));
    for (const Pair& pair : start) {
        ++load[static_cast<std::size_t>(pair.helper)];
    }
    for (Index helper = 0; helper < flow.helpers(); ++helper) {
        if (load[static_cast<std::size_t>(helper)] < flow.fewest(helper)) {
            return 0;
        }
    }
    for (Index ask = 0; ask < flow.asks(); ++ask) {
        if (flow.at(ask) == LevelFlow::outside) {
            return 0;
        }
    }
    return worst_of(start);
}

/// Who gets exactly the value, or stays unserved, in the allotment as it ended.
void name_asks(Level& level, const Sides& sides, std::span<const Pair> pair_of) {
    std::vector<Index> members = std::move(level.asks);
    members.insert(members.end(), level.rivals.begin(), level.rivals.end());
    std::ranges::sort(members);
    level.asks.clear();
    level.rivals.clear();
    for (const Index ask : members) {
        const Pair& pair = pair_of[static_cast<std::size_t>(ask)];
        const bool counts = pair.helper < 0
                                ? level.unserved == sides.waiting_of(ask) && !level.outside
                                : !level.unserved && pair.score == level.value &&
                                      !std::ranges::binary_search(level.cut, pair.helper);
        (counts ? level.asks : level.rivals).push_back(ask);
    }
}

void name_all_asks(std::vector<Level>& levels, const Sides& sides, std::span<const Pair> pairs) {
    std::vector<Pair> pair_of(sides.demand.size(), Pair{.ask = 0, .helper = -1, .score = 0});
    for (const Pair& pair : pairs) {
        pair_of[static_cast<std::size_t>(pair.ask)] = pair;
    }
    for (Level& level : levels) {
        name_asks(level, sides, pair_of);
    }
}

/// Settles levels, the unserved first and then score after score.
template <class Rows>
class LevelSolver {
  public:
    LevelSolver(const Rows& rows, const Sides& sides, const Options& options, LevelFlow& flow,
                Micro least)
        : rows_(&rows), sides_(&sides), options_(&options), flow_(&flow),
          ladder_(rows, flow, least), score_(sides.demand.size()) {}

    [[nodiscard]] const std::vector<Level>& levels() const { return levels_; }
    [[nodiscard]] std::vector<Level>& levels() { return levels_; }
    /// How many served asks have a settled score.
    [[nodiscard]] Index settled() const { return settled_; }
    /// After so many scores that nobody needed, the matching is replaced by one of the largest sum:
    /// where that is asked for in the end anyway. Rarer from then on.
    void start_again_after(Index scores) { patience_ = scores; }
    [[nodiscard]] bool settled_all() const { return !smallest_; }

    /// One level for each waiting class: as few of it as possible stay unserved.
    void settle_unserved() {
        for (std::uint8_t waiting = waiting_classes; waiting-- > 0;) {
            for (Index ask = 0; ask < flow_->asks(); ++ask) {
                if (sides_->waiting_of(ask) == waiting && flow_->at(ask) != LevelFlow::absent) {
                    flow_->mark_empty(ask);
                }
            }
            add(flow_->settle(), 0, waiting);
        }
        look();
    }

    /// Settles the smallest score that is in use and above those settled, or finds that nobody
    /// needs it. Its levels, if any, are the last of `levels()`.
    Result<void> settle_next() {
        if (options_->keep_going && calls_++ % between_calls == 0 &&
            !options_->keep_going({.done = settled_, .total = flow_->asks()})) {
            return fail(ErrorKind::interrupted, "stopped before an allotment was found");
        }
        ladder_.mark(*smallest_);
        auto levels = flow_->settle();
        raised_ += levels.empty() ? 1 : 0;
        add(std::move(levels), *smallest_, {});
        last_ = *smallest_;
        if (patience_ && raised_ >= *patience_) {
            TRY_DO(start_again());
        }
        look();
        return {};
    }

    [[nodiscard]] std::vector<Pair> pairs() const {
        std::vector<Pair> all;
        for (Index ask = 0; ask < flow_->asks(); ++ask) {
            if (flow_->at(ask) >= 0) {
                all.push_back({ask, flow_->at(ask), score_of(ask)});
            }
        }
        return all;
    }

  private:
    static constexpr int between_calls = 16;

    /// Those who make room for the worst off take whatever is tight, and then have to be raised
    /// score by score. The largest sum over what is tight is near the best for most at once.
    Result<void> start_again() {
        TRY(const TightSum sum,
            TightSumSearch<Rows>(*rows_, *flow_, 0).run(sum_options(*options_)));
        flow_->rematch(sum.pairs);
        raised_ = 0;
        patience_ = 8 * *patience_;
        return {};
    }

    [[nodiscard]] Micro score_of(Index ask) const {
        const auto score = rows_->score(ask, flow_->at(ask));
        ALLOT_CHECK(score.has_value(), "a pair is held that is not allowed");
        return *score;
    }

    /// Which asks are settled, and the smallest score of the others.
    void look() {
        smallest_.reset();
        settled_ = 0;
        for (Index ask = 0; ask < flow_->asks(); ++ask) {
            auto& known = score_[static_cast<std::size_t>(ask)];
            if (flow_->at(ask) < 0) {
                continue;
            }
            if (known.helper != flow_->at(ask)) {
                known = {.helper = flow_->at(ask), .score = score_of(ask)};
            }
            if (known.score <= last_) {
                ++settled_;
            } else if (!smallest_ || known.score < *smallest_) {
                smallest_ = known.score;
            }
        }
    }

    void add(std::vector<Level> levels, Micro value, std::optional<std::uint8_t> unserved) {
        for (Level& level : levels) {
            level.value = value;
            level.unserved = unserved;
            levels_.push_back(std::move(level));
        }
    }

    struct Known {
        Index helper = LevelFlow::outside;
        Micro score = 0;
    };

    const Rows* rows_;
    const Sides* sides_;
    const Options* options_;
    LevelFlow* flow_;
    ScoreLadder<Rows> ladder_;
    std::vector<Known> score_; ///< of each ask, for the helper it had when it was looked up
    std::vector<Level> levels_;
    Micro last_ = -1; ///< the largest score that was settled
    std::optional<Micro> smallest_;
    Index settled_ = 0;
    int calls_ = 0;
    Index raised_ = 0; ///< scores that nobody needed, since the last start
    std::optional<Index> patience_;
};

/// What all rules need beside the rows as their own type.
struct Asked {
    const ScoreRows* rows;
    const Sides* sides;
    const Options* options;
    Index exact_asks;
    std::vector<Pair> start; ///< the largest sum; minimum loads not kept
};

std::unexpected<Error> starved(const LevelFlow& flow, Micro floor) {
    std::int64_t needed = 0;
    for (const Index helper : flow.starved()) {
        needed += flow.fewest(helper);
    }
    return fail(ErrorKind::infeasible,
                fmt::format("{} helpers, the first of them number {}, must get {} asks in all, and "
                            "fewer can go to them{}",
                            flow.starved().size(), flow.starved().front(), needed,
                            floor > 0 ? " with such scores" : ""));
}

/// Settles the whole vector, or of many asks its worst part and then the sum.
template <class Rows>
Result<Allotment> leximin(const Rows& rows, const Asked& asked, LevelFlow& flow,
                          LevelSolver<Rows>& solver) {
    const Sides& sides = *asked.sides;
    const auto served = static_cast<Index>(asked.start.size());
    const bool exact = served <= asked.exact_asks;
    const auto enough = least_covered(served, asked.exact_asks);
    if (!exact) {
        solver.start_again_after(served / 16 + 1);
    }
    while (!solver.settled_all() && solver.settled() < enough) {
        TRY_DO(solver.settle_next());
    }
    Allotment allotment;
    allotment.pairs = solver.pairs();
    TightSum rest;
    if (!exact) {
        TRY(rest, TightSumSearch<Rows>(rows, flow, 0).run(*asked.options));
        allotment.pairs = std::move(rest.pairs);
    }
    Fairness& fairness = allotment.fairness.emplace();
    fairness.covered = solver.settled();
    fairness.worst = worst_of(allotment.pairs);
    fairness.worst_bound = fairness.worst;
    fairness.levels = std::move(solver.levels());
    name_all_asks(fairness.levels, sides, allotment.pairs);
    const LevelReplay replay(*asked.rows, sides, fairness.levels);
    allotment.certificate.objective = value_of(sides, allotment.pairs);
    allotment.certificate.bound = allotment.certificate.objective;
    if (!exact) {
        allotment.certificate.bound.micro = static_cast<Micro>(replay.bound(0, rest.prices));
    }
    fairness.proved = replay.holds(allotment.pairs, LevelClaim::vector, fairness.covered) &&
                      allotment.certificate.proved();
    return allotment;
}

/// Of the asks that have waited as long as those whom the floor leaves out first: a cut.
Result<Shortage> round_shortage(const ScoreRows& good, const Asked& asked,
                                std::span<const Pair> served) {
    const auto wanted = served_by_class(*asked.sides, asked.start);
    const auto got = served_by_class(*asked.sides, served);
    const auto differs = std::ranges::mismatch(wanted, got).in1 - wanted.begin();
    Sides longest = without_least(*asked.sides);
    longest.service = Service::full;
    Shortage cut;
    for (Index ask = 0; ask < longest.asks(); ++ask) {
        if (longest.waiting_of(ask) + differs < static_cast<std::ptrdiff_t>(waiting_classes) - 1) {
            longest.demand[static_cast<std::size_t>(ask)] = 0;
        }
    }
    TRY(const Allotment all, allot(good, longest, sum_options(*asked.options)));
    for (const Shortage& part : all.shortages) {
        cut.asks.insert(cut.asks.end(), part.asks.begin(), part.asks.end());
        cut.helpers.insert(cut.helpers.end(), part.helpers.begin(), part.helpers.end());
        cut.places += part.places;
    }
    std::ranges::sort(cut.asks);
    std::ranges::sort(cut.helpers);
    // So many of the longest waiting are always served; all who are not in the cut may be.
    cut.needed = std::accumulate(wanted.begin(), wanted.begin() + differs + 1, std::int64_t{0}) -
                 std::accumulate(longest.demand.begin(), longest.demand.end(), std::int64_t{0}) +
                 static_cast<std::int64_t>(cut.asks.size());
    return cut;
}

/// Why nobody can be held to a floor.
Result<Allotment> below_floor(const Asked& asked, Micro floor) {
    const ScoreRows good = at_least(*asked.rows, floor);
    const Sides loose = without_least(*asked.sides);
    TRY(Allotment found, allot(good, loose, sum_options(*asked.options)));
    if (!found.shortages.empty()) {
        return found;
    }
    if (found.pairs.size() < asked.start.size() ||
        served_by_class(loose, found.pairs) != served_by_class(loose, asked.start)) {
        TRY(Shortage cut, round_shortage(good, asked, found.pairs));
        return Allotment{.pairs = {},
                         .prices = {},
                         .certificate = {},
                         .shortages = {std::move(cut)},
                         .fairness = {}};
    }
    LevelFlow flow = start_flow(*asked.sides, found.pairs, *asked.options);
    std::visit([&](const auto& rows) { ScoreLadder(rows, flow, floor); }, good);
    ALLOT_CHECK(!flow.fill_least(), "a floor is possible and was not reached");
    return starved(flow, floor);
}

/// The largest sum over pairs of at least a score; `flow` as the unserved were settled.
template <class Rows>
Result<Allotment> sum_from(const Rows& rows, const Asked& asked, Micro least,
                           const std::optional<LevelFlow>& flow, std::span<const Level> unserved) {
    const Sides& sides = *asked.sides;
    if (!flow) {
        TRY(Allotment found,
            allot(at_least(*asked.rows, least), sides, sum_options(*asked.options)));
        found.certificate.bound = bound_of_prices(*asked.rows, sides, least, found.prices);
        return found;
    }
    TRY(TightSum sum, TightSumSearch<Rows>(rows, *flow, least).run(*asked.options));
    Allotment found;
    found.pairs = std::move(sum.pairs);
    for (const Wide price : sum.prices) {
        found.prices.push_back({.places = {}, .micro = static_cast<Micro>(price)});
    }
    found.certificate.objective = value_of(sides, found.pairs);
    found.certificate.bound = found.certificate.objective;
    found.certificate.bound.micro =
        static_cast<Micro>(LevelReplay(*asked.rows, sides, unserved).bound(least, sum.prices));
    return found;
}

/// The largest smallest score, or the floor, and then the sum.
template <class Rows>
Result<Allotment> maxmin_or_floor(const Rows& rows, const Asked& asked, const LevelFlow& flow,
                                  LevelSolver<Rows>& solver) {
    const Sides& sides = *asked.sides;
    std::optional<LevelFlow> unserved_only;
    if (sides.has_least()) {
        unserved_only = flow;
    }
    const std::size_t unserved = solver.levels().size();
    while (!solver.settled_all() && solver.levels().size() == unserved) {
        TRY_DO(solver.settle_next());
    }
    auto levels = std::move(solver.levels());
    const bool anybody = levels.size() > unserved;
    const Micro best = anybody ? levels.back().value : Micro{0};
    const Objective& objective = asked.options->objective;
    const Micro least = objective.rule == Rule::floor ? objective.floor : best;
    if (anybody && least > best) {
        return below_floor(asked, least);
    }
    TRY(Allotment allotment,
        sum_from(rows, asked, least, unserved_only, std::span(levels).subspan(0, unserved)));
    Fairness& fairness = allotment.fairness.emplace();
    fairness.worst = worst_of(allotment.pairs);
    fairness.worst_bound = best;
    fairness.levels = std::move(levels);
    name_all_asks(fairness.levels, sides, allotment.pairs);
    fairness.proved =
        LevelReplay(*asked.rows, sides, fairness.levels)
            .holds(allotment.pairs, anybody ? LevelClaim::worst : LevelClaim::served) &&
        (!anybody || fairness.worst >= least) && allotment.certificate.proved();
    return allotment;
}

template <class Rows>
Result<Allotment> allot_rows(const Rows& rows, const Asked& asked) {
    const Objective& objective = asked.options->objective;
    LevelFlow flow = start_flow(*asked.sides, asked.start, *asked.options);
    Micro least = least_needed(flow, asked.start);
    if (objective.rule == Rule::floor) {
        least = std::min(least, objective.floor);
    }
    LevelSolver<Rows> solver(rows, *asked.sides, *asked.options, flow, least);
    if (!flow.fill_least()) {
        return starved(flow, 0);
    }
    solver.settle_unserved();
    return objective.rule == Rule::leximin ? leximin(rows, asked, flow, solver)
                                           : maxmin_or_floor(rows, asked, flow, solver);
}

} // namespace

Result<Allotment> allot_by_levels(const ScoreRows& rows, const Sides& sides, const Options& options,
                                  Index exact_asks) {
    check_instance(rows, sides, options);
    TRY_DO(check_asked(sides, options));
    TRY(Allotment start, allot(rows, without_least(sides), sum_options(options)));
    if (!start.shortages.empty()) {
        return start;
    }
    const Asked asked{.rows = &rows,
                      .sides = &sides,
                      .options = &options,
                      .exact_asks = exact_asks,
                      .start = std::move(start.pairs)};
    return std::visit([&](const auto& r) { return allot_rows(r, asked); }, rows);
}

} // namespace allot::matching
