#include "engine/allot/several_worst.hpp"

#include "engine/allot/several_dual.hpp"

#include <cmath>
#include <numeric>

namespace allot::matching::several {

namespace {

/// Nobody gets more than their d best; in a round the worst of these may be left out.
Micro bound_by_rows(const Case& fair) {
    std::vector<Micro> best;
    for (const Index ask : fair.part()) {
        best.push_back(fair.best_of(ask));
    }
    std::ranges::sort(best);
    const auto out = static_cast<std::size_t>(fair.without());
    return out < best.size() ? best[out] : 0;
}

} // namespace

WorstBound::WorstBound(Case& fair, Candidates& candidates)
    : fair_(&fair), candidates_(&candidates), bound_(bound_by_rows(fair)) {}

/// How many helpers an ask must have above a threshold, at most. In a round it may have just one.
Count WorstBound::most_thresholds() const {
    constexpr Count most = 8;
    return fair_->sides().service == Service::full
               ? std::min(std::ranges::max(fair_->sides().demand), most)
               : 1;
}

/// Where everybody has at least `least`, the k-th best helper of each is worth what is missing
/// after the k - 1 best, shared among the other places.
bool WorstBound::thresholds_allow(Cover& cover, Micro least) const {
    const Count most = most_thresholds();
    std::vector<Count> needs(fair_->sides().demand.size());
    std::vector<Micro> scores(fair_->sides().demand.size());
    for (Count k = 1; k <= most; ++k) {
        for (const Index ask : fair_->part()) {
            const auto i = static_cast<std::size_t>(ask);
            needs[i] = std::min(k, fair_->demand(ask));
            const Micro rest = least - fair_->lists().best_sum(ask, needs[i] - 1);
            scores[i] = static_cast<Micro>(round_up(rest, fair_->demand(ask) - needs[i] + 1));
        }
        if (!cover.covers(needs, scores, fair_->without())) {
            return false;
        }
    }
    return true;
}

Result<void> WorstBound::lower_by_thresholds() {
    Cover cover(fair_->lists(), fair_->sides());
    Micro low = fair_->worst_of(candidates_->best());
    while (low < bound_) {
        TRY_DO(fair_->keep_going());
        const Micro middle = bound_ - (bound_ - low) / 2;
        if (thresholds_allow(cover, middle)) {
            low = middle;
        } else {
            bound_ = middle - 1;
        }
    }
    return {};
}

Result<void> WorstBound::start_from_thresholds() {
    Cover cover(fair_->lists(), fair_->sides());
    for (Count kappa = 1; kappa <= most_thresholds(); ++kappa) {
        TRY_DO(start_from_threshold(cover, kappa));
    }
    return {};
}

/// The largest score of which everybody can have as many helpers as they need.
Result<Micro> WorstBound::largest_threshold(Cover& cover, std::span<const Count> needs) const {
    Micro low = 0;
    Micro high = 0;
    for (const Index ask : fair_->part()) {
        high = std::max(high, fair_->lists().best_sum(ask, 1));
    }
    while (low < high) {
        TRY_DO(fair_->keep_going());
        const Micro middle = high - (high - low) / 2;
        const std::vector<Micro> least(needs.size(), middle);
        if (cover.covers(needs, least, fair_->without())) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

Result<void> WorstBound::start_from_threshold(Cover& cover, Count kappa) {
    const PairLists& lists = fair_->lists();
    Sides wanted = fair_->sides();
    std::ranges::fill(wanted.demand, 0);
    for (const Index ask : fair_->part()) {
        wanted.demand[static_cast<std::size_t>(ask)] = std::min(kappa, fair_->demand(ask));
    }
    TRY(const Micro threshold, largest_threshold(cover, wanted.demand));
    std::vector<Micro> values(lists.size(), -1);
    Micro largest = 0;
    for (Index ask = 0; ask < lists.asks(); ++ask) {
        const auto row = lists.row(ask);
        for (std::size_t k = 0; k < row.size(); ++k) {
            values[lists.first(ask) + k] = row[k].score >= threshold ? row[k].score : -1;
            largest = std::max(largest, row[k].score);
        }
    }
    TRY(const auto first, fair_->solve(values, wanted));
    const Plan kept(fair_->sides(), first.pairs);
    for (Index ask = 0; ask < lists.asks(); ++ask) {
        const auto row = lists.row(ask);
        for (std::size_t k = 0; k < row.size(); ++k) {
            const Micro bonus = kept.holds(ask, row[k].helper) ? 4 * largest : 0;
            values[lists.first(ask) + k] = row[k].score + bonus;
        }
    }
    auto whole = fair_->solve(std::move(values), fair_->sides());
    if (!whole && whole.error().kind == ErrorKind::invalid) {
        return {}; // the bonus does not fit: one start less
    }
    TRY(const auto completed, std::move(whole));
    return candidates_->offer(completed.pairs, goal());
}

Result<void> WorstBound::lower_by_weights() {
    const std::vector<Index>& part = fair_->part();
    const auto n = static_cast<double>(part.size());
    std::vector<double> share(part.size(), 1.0 / n);
    std::vector<std::int64_t> weights(fair_->sides().demand.size());
    StepLength length;
    Patience patience(fair_->budget().patience);
    for (int step = 0; step < fair_->budget().worst_steps && candidates_->worst() < goal();
         ++step) {
        for (std::size_t k = 0; k < part.size(); ++k) {
            // A little for everybody, so that no ask is served at random.
            weights[static_cast<std::size_t>(part[k])] =
                std::llround(share[k] * n * static_cast<double>(unit)) + unit / 1024;
        }
        TRY(const auto weighted, solve_weighted(*fair_, weights));
        if (!weighted) {
            break;
        }
        const Wide certain = certain_weight(*fair_, weights);
        if (certain > 0) {
            const Wide bound = std::min<Wide>(weighted->bound / certain, boundless);
            bound_ = std::min(bound_, static_cast<Micro>(bound));
        }
        TRY_DO(candidates_->offer(weighted->found.pairs, goal()));
        if (patience.ends(candidates_->worst(), bound_)) {
            break;
        }
        const auto sums = sums_of(*fair_, weighted->found.pairs);
        const double value = std::inner_product(sums.begin(), sums.end(), share.begin(), 0.0);
        const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / n;
        double norm = 0;
        for (const double sum : sums) {
            norm += (sum - mean) * (sum - mean);
        }
        const double along = length.next(value, static_cast<double>(candidates_->worst()), norm);
        for (std::size_t k = 0; k < share.size(); ++k) {
            share[k] -= along * (sums[k] - mean);
        }
        to_simplex(share);
    }
    return {};
}

} // namespace allot::matching::several
