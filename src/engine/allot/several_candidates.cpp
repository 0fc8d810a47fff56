#include "engine/allot/several_candidates.hpp"

namespace allot::matching::several {

namespace {

constexpr std::size_t most_kept = 3;

/// Who takes part, is of this waiting class and has nothing.
std::vector<Index> unserved(const Case& fair, const Plan& plan, std::uint8_t waiting) {
    std::vector<Index> found;
    std::ranges::copy_if(fair.part(), std::back_inserter(found), [&](Index ask) {
        return plan.places(ask) == 0 && fair.sides().waiting_of(ask) == waiting;
    });
    return found;
}

/// False where some stay below `level`.
Result<bool> climb_to(const Case& fair, Exchanges& exchanges, const Plan& plan, Micro level) {
    for (int step = 0; exchanges.work() < fair.budget().exchanging; ++step) {
        constexpr int between_calls = 64;
        if (step % between_calls == between_calls - 1) {
            TRY_DO(fair.keep_going());
        }
        const Index ask = fair.worst_off(plan);
        if (ask == Exchanges::nobody || plan.sum(ask) >= level) {
            return true;
        }
        if (exchanges.raise(ask, level)) {
            continue;
        }
        const auto others = unserved(fair, plan, fair.sides().waiting_of(ask));
        if (plan.places(ask) != 1 || !exchanges.replace(ask, others)) {
            break;
        }
    }
    return false;
}

} // namespace

Result<void> climb_worst(const Case& fair, Plan& plan, Micro enough) {
    Exchanges exchanges(fair.lists(), plan);
    constexpr int halvings = 5;
    for (int stage = 0; stage <= halvings; ++stage) {
        const Micro left = std::max<Micro>(enough - fair.worst_of(plan), 0);
        const Micro level = stage == halvings ? enough : enough - left / 2;
        TRY(const bool reached, climb_to(fair, exchanges, plan, level));
        if (!reached) {
            break;
        }
    }
    return {};
}

Result<void> climb_all(const Case& fair, Plan& plan) {
    Exchanges exchanges(fair.lists(), plan);
    for (bool moved = true; moved && exchanges.work() < 4 * fair.budget().exchanging;) {
        moved = false;
        auto order = fair.part();
        std::ranges::sort(order, {}, [&](Index ask) { return std::pair(plan.sum(ask), ask); });
        int called = 0;
        for (const Index ask : order) {
            constexpr int between_calls = 64;
            if (++called % between_calls == 0) {
                TRY_DO(fair.keep_going());
            }
            constexpr int raises = 8;
            for (int k = 0; k < raises && plan.places(ask) > 0 && exchanges.raise(ask); ++k) {
                moved = true;
            }
        }
    }
    return {};
}

Result<void> Candidates::offer(std::span<const Pair> pairs, Micro enough) {
    Candidate candidate{.plan = Plan(fair_->sides(), pairs), .worst = 0, .sums = {}};
    fair_->spread(candidate.plan);
    TRY_DO(climb_worst(*fair_, candidate.plan, enough));
    candidate.worst = std::min(fair_->worst_of(candidate.plan), fair_->floor());
    if (fair_->rule() == Rule::leximin) {
        for (const Index ask : fair_->part()) {
            candidate.sums.push_back(candidate.plan.sum(ask));
        }
        std::ranges::sort(candidate.sums);
    }
    const auto better = [](const Candidate& a, const Candidate& b) {
        if (a.worst != b.worst) {
            return a.worst > b.worst;
        }
        return a.sums != b.sums ? a.sums > b.sums : a.plan.total() > b.plan.total();
    };
    const auto place = std::ranges::upper_bound(best_, candidate, better);
    best_.insert(place, std::move(candidate));
    if (best_.size() > most_kept) {
        best_.pop_back();
    }
    return {};
}

std::vector<Plan> Candidates::take_best() && {
    std::vector<Plan> plans;
    const Micro largest = worst();
    for (Candidate& candidate : best_) {
        if (candidate.worst == largest) {
            plans.push_back(std::move(candidate.plan));
        }
    }
    return plans;
}

} // namespace allot::matching::several
