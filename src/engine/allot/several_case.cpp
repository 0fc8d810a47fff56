#include "engine/allot/several_case.hpp"

namespace allot::matching::several {

/// A round in which some go without takes about four times as long to solve.
Budget Budget::of(std::size_t pairs, Service service) {
    const std::size_t cost = (pairs + 1) * (service == Service::partial ? 4 : 1);
    const auto steps = [&](std::size_t work, int least, int most) {
        return std::clamp(static_cast<int>(work / cost), least, most);
    };
    return {.worst_steps = steps(3'000'000, 20, 60),
            .sum_steps = steps(400'000, 4, 20),
            .patience = steps(160'000, 2, 20),
            .enlargements = 12,
            .exchanging = 2'000'000 + 32 * static_cast<std::int64_t>(pairs)};
}

Case::Case(const ScoreRows& rows, const Sides& sides, const Options& options,
           const Allotment& largest_sum)
    : sides_(without_surplus(sides)), options_(options), lists_(rows),
      budget_(Budget::of(lists_.size(), sides.service)),
      floor_(rule() == Rule::floor ? options.objective.floor : boundless),
      places_(largest_sum.certificate.objective) {
    for (Index ask = 0; ask < sides_.asks(); ++ask) {
        if (takes_part(ask)) {
            part_.push_back(ask);
        }
    }
    Plan plan(sides_, largest_sum.pairs);
    spread(plan);
    without_ = static_cast<Index>(
        std::ranges::count_if(part_, [&](Index ask) { return plan.places(ask) == 0; }));
}

bool Case::takes_part(Index ask) const {
    return demand(ask) > 0 && (sides_.service == Service::full || !lists_.row(ask).empty());
}

Index Case::worst_off(const Plan& plan) const {
    Index worst = Exchanges::nobody;
    for (const Index ask : part_) {
        if (plan.places(ask) > 0 &&
            (worst == Exchanges::nobody || plan.sum(ask) < plan.sum(worst))) {
            worst = ask;
        }
    }
    return worst;
}

Micro Case::worst_of(const Plan& plan) const {
    const Index worst = worst_off(plan);
    return worst == Exchanges::nobody ? 0 : plan.sum(worst);
}

void Case::spread(Plan& plan) const {
    if (sides_.service == Service::full) {
        return;
    }
    Exchanges exchanges(lists_, plan);
    for (const Index ask : part_) {
        if (plan.places(ask) == 0) {
            exchanges.spread(ask);
        }
    }
}

Result<Valued> Case::solve(std::vector<Micro> values, const Sides& sides) {
    ++solves_;
    TRY_DO(keep_going());
    Options inner{.threads = options_.threads, .order = options_.order, .keep_going = {}};
    if (options_.keep_going) {
        inner.keep_going = [this](Progress) { return keep_going().has_value(); };
    }
    const Value none;
    return allot_values(lists_, std::move(values), sides,
                        sides.service == Service::full ? none : places_, inner);
}

Result<void> Case::keep_going() const {
    const std::int64_t most = std::max(budget_.most_solves(), 1);
    const std::int64_t done = sides_.asks() * std::min<std::int64_t>(solves_, most) / most;
    if (options_.keep_going && !options_.keep_going({.done = done, .total = sides_.asks()})) {
        return fail(ErrorKind::interrupted, "stopped before a fair allotment was found");
    }
    return {};
}

} // namespace allot::matching::several
