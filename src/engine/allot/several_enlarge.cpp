#include "engine/allot/several_enlarge.hpp"

#include "engine/allot/several_candidates.hpp"
#include "engine/allot/several_dual.hpp"

#include <cmath>
#include <numeric>

namespace allot::matching::several {

namespace {

constexpr int neighbourhoods = 4; ///< of different shapes, one after the other

/// `held` without its first `keep` is open to helpers of a score of at least `enough`.
struct Opening {
    std::vector<Plan::Held> held;
    std::size_t keep;
    Micro enough;
};

/// Which places of an ask stay as they are, such that whatever it gets for the others leaves it
/// with at least `least`. The neighbourhoods of a plan have three shapes: the best helpers of an
/// ask are kept, its worst ones, or all but one.
Opening opening_of(const Plan& plan, Index ask, Micro least, int round) {
    Opening opening{.held = plan.held(ask), .keep = 0, .enough = 0};
    auto& held = opening.held;
    if (held.empty()) {
        return opening;
    }
    std::ranges::sort(held, [](const Plan::Held& a, const Plan::Held& b) {
        return a.score != b.score ? a.score > b.score : a.helper < b.helper;
    });
    const auto share = [&] {
        const Micro kept =
            std::accumulate(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(opening.keep),
                            Micro{0}, [](Micro sum, const Plan::Held& h) { return sum + h.score; });
        return static_cast<Micro>(
            round_up(least - kept, static_cast<Micro>(held.size() - opening.keep)));
    };
    if (round % 3 == 2) {
        const auto turn = static_cast<std::size_t>(round / 3) + static_cast<std::size_t>(ask);
        std::ranges::swap(held[turn % held.size()], held.back());
        opening.keep = held.size() - 1;
    } else {
        if (round % 3 == 1) {
            std::ranges::reverse(held);
        }
        while (opening.keep + 1 < held.size() &&
               std::min(held[opening.keep].score, held.back().score) < share()) {
            ++opening.keep;
        }
    }
    opening.enough = share();
    return opening;
}

/// Sums made larger while nobody falls below `least`.
class Enlargement {
  public:
    Enlargement(Case& fair, Micro least, Micro bound)
        : fair_(&fair), least_(least), bound_(bound) {}

    [[nodiscard]] Micro bound() const { return bound_; }

    /// Tries neighbourhoods until `most_idle` of them in turn have nothing larger.
    Result<void> enlarge(Plan& plan, int most_idle);
    /// Lowers the bound, and raises the sum where a step finds a larger one.
    Result<void> bound_sum(Plan& plan);

  private:
    Result<bool> enlarge_once(Plan& plan, int round);
    Result<void> mend(Plan& plan, std::span<const Pair> pairs);

    Case* fair_;
    Micro least_;
    Micro bound_;
};

Result<void> Enlargement::enlarge(Plan& plan, int most_idle) {
    int idle = 0;
    for (int round = 0; round < fair_->budget().enlargements && idle < most_idle; ++round) {
        if (plan.total() == bound_) {
            break;
        }
        TRY(const bool better, enlarge_once(plan, round));
        idle = better ? 0 : idle + 1;
    }
    return {};
}

/// The largest sum over a neighbourhood of a plan, found exactly; true where it is larger.
Result<bool> Enlargement::enlarge_once(Plan& plan, int round) {
    const PairLists& lists = fair_->lists();
    Sides open{.demand = fair_->sides().demand,
               .places = fair_->sides().places,
               .least = {},
               .groups = {},
               .waiting = {},
               .service = Service::full};
    std::vector<Micro> values(lists.size(), -1);
    std::vector<Pair> pairs;
    for (Index ask = 0; ask < lists.asks(); ++ask) {
        const Opening opening = opening_of(plan, ask, least_, round);
        const auto kept = std::span(opening.held).first(opening.keep);
        for (const auto& [helper, score] : kept) {
            pairs.push_back({ask, helper, score});
            --open.places[static_cast<std::size_t>(helper)];
        }
        const auto free = static_cast<Count>(opening.held.size() - opening.keep);
        open.demand[static_cast<std::size_t>(ask)] = free;
        const auto row = lists.row(ask);
        const auto usable = free > 0 ? lists.count_from(ask, opening.enough) : 0;
        for (std::size_t k = 0; k < usable; ++k) {
            const bool again =
                std::ranges::find(kept, row[k].helper, &Plan::Held::helper) != kept.end();
            values[lists.first(ask) + k] = again ? -1 : row[k].score;
        }
    }
    TRY(const auto found, fair_->solve(std::move(values), open));
    pairs.insert(pairs.end(), found.pairs.begin(), found.pairs.end());
    Plan larger(fair_->sides(), pairs);
    ALLOT_CHECK(found.whole && larger.total() >= plan.total(),
                "an allotment is not among its own neighbours");
    const bool better = larger.total() > plan.total();
    if (better) {
        plan = std::move(larger);
    }
    return better;
}

/// For any prices of falling short, no allotment whose smallest sum is `least` has a larger sum
/// than the largest sum of (1 + price) * s less what the prices give for `least`. Each step also
/// gives an allotment that falls short nowhere, or can be mended.
Result<void> Enlargement::bound_sum(Plan& plan) {
    const std::vector<Index>& part = fair_->part();
    std::vector<double> price(part.size(), 0.0);
    std::vector<std::int64_t> weights(fair_->sides().demand.size(), unit);
    std::vector<std::int64_t> extra(fair_->sides().demand.size(), 0);
    StepLength length;
    Patience patience(fair_->budget().patience);
    for (int step = 0; step < fair_->budget().sum_steps && plan.total() < bound_; ++step) {
        for (std::size_t k = 0; k < part.size(); ++k) {
            const auto i = static_cast<std::size_t>(part[k]);
            extra[i] = std::llround(price[k] * static_cast<double>(unit));
            weights[i] = unit + extra[i];
        }
        TRY(const auto weighted, solve_weighted(*fair_, weights));
        if (!weighted) {
            break;
        }
        const Wide above = weighted->bound - Wide{least_} * certain_weight(*fair_, extra);
        const auto bound = static_cast<Micro>(std::max<Wide>(above / unit, 0));
        bound_ = std::min(bound_, bound);
        TRY_DO(mend(plan, weighted->found.pairs));
        if (patience.ends(plan.total(), bound_)) {
            break;
        }
        auto short_of = sums_of(*fair_, weighted->found.pairs);
        double norm = 0;
        for (std::size_t k = 0; k < part.size(); ++k) {
            short_of[k] = static_cast<double>(least_) - short_of[k];
            norm += short_of[k] > 0 || price[k] > 0 ? short_of[k] * short_of[k] : 0.0;
        }
        const double along =
            length.next(static_cast<double>(bound), static_cast<double>(plan.total()), norm);
        for (std::size_t k = 0; k < part.size(); ++k) {
            price[k] = std::clamp(price[k] + along * short_of[k], 0.0, 1e6);
        }
    }
    return {};
}

/// Replaces `plan` by an allotment made from `pairs` if that has a larger sum.
Result<void> Enlargement::mend(Plan& plan, std::span<const Pair> pairs) {
    Plan mended(fair_->sides(), pairs);
    fair_->spread(mended);
    TRY_DO(climb_worst(*fair_, mended, least_));
    if (fair_->worst_of(mended) >= least_) {
        TRY_DO(enlarge(mended, 1));
        if (mended.total() > plan.total()) {
            plan = std::move(mended);
        }
    }
    return {};
}

} // namespace

Result<Enlarged> enlarge_sums(Case& fair, std::vector<Plan> plans, Micro least, Micro bound) {
    Enlargement enlargement(fair, least, bound);
    for (Plan& plan : plans) {
        TRY_DO(enlargement.enlarge(plan, neighbourhoods));
    }
    auto& best = *std::ranges::max_element(plans, {}, &Plan::total);
    TRY_DO(enlargement.bound_sum(best));
    ALLOT_CHECK(fair.worst_of(best) >= least, "a larger sum cost the worst off");
    return Enlarged{.plan = std::move(best), .bound = enlargement.bound()};
}

} // namespace allot::matching::several
