#include "engine/allot/several.hpp"

#include "engine/allot/several_candidates.hpp"
#include "engine/allot/several_case.hpp"
#include "engine/allot/several_enlarge.hpp"
#include "engine/allot/several_worst.hpp"

namespace allot::matching {

using several::Candidates;
using several::Case;
using several::Enlarged;
using several::WorstBound;

namespace {

/// Where a fair round begins, and whose prices it keeps.
Result<Allotment> allot_by_sum(const ScoreRows& rows, const Sides& sides, Options options) {
    options.objective = {};
    if (options.keep_going) {
        options.keep_going = [asked = std::move(options.keep_going), asks = sides.asks()](
                                 Progress) { return asked({.done = 0, .total = asks}); };
    }
    return allot(rows, sides, options);
}

bool everybody_has_the_best(const Case& fair, const Plan& plan) {
    return std::ranges::all_of(fair.part(),
                               [&](Index ask) { return plan.sum(ask) == fair.best_of(ask); });
}

Fairness fairness_of(const Case& fair, const Plan& plan, Micro worst_bound, bool largest) {
    Fairness fairness{.worst = fair.worst_of(plan), .worst_bound = worst_bound};
    const bool nobody = fair.worst_off(plan) == Exchanges::nobody;
    if (fair.rule() == Rule::floor && fairness.worst < fair.floor() && !nobody) {
        fairness.floor =
            worst_bound < fair.floor() ? FloorOutcome::impossible : FloorOutcome::not_found;
    } else if (fair.rule() == Rule::floor) {
        fairness.proved = largest;
    } else if (fair.rule() == Rule::maxmin) {
        fairness.proved = largest && fairness.worst == worst_bound;
    } else {
        fairness.proved = everybody_has_the_best(fair, plan);
    }
    return fairness;
}

Allotment result(Allotment base, const Case& fair, const Enlarged& found, Micro worst_bound) {
    base.pairs = found.plan.pairs();
    base.certificate.objective.micro = found.plan.total();
    base.certificate.bound.micro = found.bound;
    base.fairness = fairness_of(fair, found.plan, worst_bound, base.certificate.proved());
    return base;
}

/// Everybody as well off as exchanges make them, or the largest sum that keeps the smallest one.
Result<Enlarged> finish(Case& fair, Candidates candidates, Micro bound) {
    const Micro worst = candidates.worst();
    auto plans = std::move(candidates).take_best();
    if (fair.rule() != Rule::leximin) {
        return enlarge_sums(fair, std::move(plans), worst, bound);
    }
    TRY_DO(several::climb_all(fair, plans.front()));
    return Enlarged{.plan = std::move(plans.front()), .bound = bound};
}

} // namespace

Result<Allotment> allot_several(const ScoreRows& rows, const Sides& sides, const Options& options) {
    ALLOT_CHECK(options.objective.rule != Rule::sum, "a sum is made largest by allot");
    ALLOT_CHECK(sides.groups.empty() && sides.least.empty(),
                "fair objectives with groups or least loads are not known here");
    TRY(Allotment base, allot_by_sum(rows, sides, options));
    if (!base.shortages.empty()) {
        return base;
    }
    Case fair(rows, sides, options, base);
    Candidates candidates(fair);
    WorstBound worst(fair, candidates);
    const Micro bound = base.certificate.bound.micro;
    if (static_cast<std::size_t>(fair.without()) == fair.part().size()) {
        const Enlarged nothing{.plan = Plan(fair.sides(), base.pairs), .bound = bound};
        return result(std::move(base), fair, nothing, worst.value());
    }
    TRY_DO(candidates.offer(base.pairs, worst.goal()));
    TRY_DO(worst.lower_by_thresholds());
    if (candidates.worst() < worst.goal() || fair.rule() == Rule::leximin) {
        TRY_DO(worst.start_from_thresholds());
        TRY_DO(worst.lower_by_weights());
    }
    TRY(const auto found, finish(fair, std::move(candidates), bound));
    return result(std::move(base), fair, found, worst.value());
}

} // namespace allot::matching
