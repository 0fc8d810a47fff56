#include "engine/allot/several.hpp"

#include "engine/allot/cover.hpp"
#include "engine/allot/exchange.hpp"
#include "engine/allot/scale.hpp"

#include <cmath>
#include <numeric>

namespace allot::matching {

namespace {

/// Weights of asks are multiples of 1 / `unit`.
constexpr std::int64_t unit = std::int64_t{1} << 16U;
constexpr Micro boundless = Exchanges::boundless;

/// Work allowed, in steps that take much longer where there are many pairs.
struct Budget {
    int worst_steps;         ///< of the dual of the smallest sum
    int sum_steps;           ///< of the dual of the sum
    int patience;            ///< steps of a dual in which nothing moves
    int enlargements;        ///< of one allotment
    std::int64_t exchanging; ///< pairs looked at for the exchanges of one allotment

    /// A round in which some go without takes about four times as long to solve.
    [[nodiscard]] static Budget of(std::size_t pairs, Service service) {
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
    [[nodiscard]] int most_solves() const { return worst_steps + 5 * enlargements + 4 * sum_steps; }
};

/// Projection onto the weights of at least 0 and of sum 1 (Held, Wolfe, Crowder 1974).
void to_simplex(std::vector<double>& weights) {
    std::vector<double> sorted = weights;
    std::ranges::sort(sorted, std::ranges::greater{});
    double sum = 0;
    double shift = 0;
    for (std::size_t k = 0; k < sorted.size(); ++k) {
        sum += sorted[k];
        const double candidate = (sum - 1.0) / static_cast<double>(k + 1);
        if (candidate < sorted[k]) {
            shift = candidate;
        }
    }
    for (double& weight : weights) {
        weight = std::max(0.0, weight - shift);
    }
}

Wide round_up(Wide numerator, Wide denominator) {
    return numerator <= 0 ? -(-numerator / denominator) : (numerator - 1) / denominator + 1;
}

/// The length of Polyak's step, shortened where the bound does not fall.
class StepLength {
  public:
    [[nodiscard]] double next(double bound, double target, double norm) {
        if (bound < best_ - 1e-9 * std::abs(best_)) {
            best_ = bound;
            idle_ = 0;
        } else if (++idle_ == 4) {
            idle_ = 0;
            factor_ /= 2;
        }
        return norm > 0 ? factor_ * std::max(bound - target, 1.0) / norm : 0.0;
    }

  private:
    double best_ = std::numeric_limits<double>::infinity();
    double factor_ = 1.0;
    int idle_ = 0;
};

/// Ends a dual that has come to rest: neither the best found nor the bound has moved for a while.
class Patience {
  public:
    explicit Patience(int most_idle) : most_idle_(most_idle) {}

    [[nodiscard]] bool ends(Micro found, Micro bound) {
        const auto now = std::pair(found, bound);
        idle_ = now == last_ ? idle_ + 1 : 0;
        last_ = now;
        return idle_ >= most_idle_;
    }

  private:
    int most_idle_;
    int idle_ = 0;
    std::pair<Micro, Micro> last_{-1, -1};
};

class Several {
  public:
    Several(const ScoreRows& rows, const Sides& sides, const Options& options)
        : rows_(&rows), asked_(&sides), sides_(without_surplus(sides)), options_(options),
          rule_(options.objective.rule),
          floor_(rule_ == Rule::floor ? options.objective.floor : boundless) {
        options_.objective = {};
    }

    Result<Allotment> run();

  private:
    struct Candidate {
        Plan plan;
        Micro worst;
        std::vector<Micro> sums; ///< ascending, for Rule::leximin
    };

    [[nodiscard]] bool takes_part(Index ask) const;
    [[nodiscard]] Count demand(Index ask) const {
        return sides_.demand[static_cast<std::size_t>(ask)];
    }
    [[nodiscard]] Micro best_of(Index ask) const { return lists_->best_sum(ask, demand(ask)); }
    [[nodiscard]] Index worst_off(const Plan& plan) const;
    [[nodiscard]] Micro worst_of(const Plan& plan) const;
    [[nodiscard]] std::vector<Index> unserved(const Plan& plan, std::uint8_t waiting) const;
    [[nodiscard]] Micro goal() const { return std::min(floor_, worst_bound_); }

    Result<Valued> solve(std::vector<Micro> values, const Sides& sides);
    Result<void> offer(std::span<const Pair> pairs);
    void spread(Plan& plan) const;
    Result<void> climb_worst(Plan& plan, Micro enough) const;
    Result<bool> climb_to(Exchanges& exchanges, const Plan& plan, Micro level) const;
    Result<void> climb_all(Plan& plan) const;
    [[nodiscard]] Result<void> keep_going() const;

    void bound_by_rows();
    Result<void> bound_by_thresholds();
    [[nodiscard]] Count most_thresholds() const;
    [[nodiscard]] bool thresholds_allow(Cover& cover, Micro least) const;
    Result<void> start_from_thresholds();
    Result<void> start_from_threshold(Cover& cover, Count kappa);
    Result<void> bound_by_weights();

    struct Weighted {
        Valued found;
        Wide bound = 0; ///< of the sum of weight * s
    };
    Result<Weighted> solve_weighted(const std::vector<std::int64_t>& weights);
    Result<std::optional<Weighted>> try_weighted(const std::vector<std::int64_t>& weights);
    [[nodiscard]] std::vector<double> sums_of(const Plan& plan) const;
    [[nodiscard]] std::int64_t certain_weight(const std::vector<std::int64_t>& weights) const;

    Result<void> enlarge_sums();
    Result<void> enlarge(Plan& plan, Micro least, int most_idle);
    Result<bool> enlarge_once(Plan& plan, Micro least, int round);
    /// `held` without its first `keep` is open to helpers of a score of at least `enough`.
    struct Opening {
        std::vector<Plan::Held> held;
        std::size_t keep;
        Micro enough;
    };
    [[nodiscard]] static Opening opening_of(const Plan& plan, Index ask, Micro least, int round);
    Result<void> mend(Plan& plan, std::span<const Pair> pairs, Micro least);
    Result<void> bound_sum(Plan& plan, Micro least);
    [[nodiscard]] bool everybody_has_the_best(const Plan& plan) const;
    [[nodiscard]] Allotment result(Allotment base, const Plan& plan) const;

    const ScoreRows* rows_;
    const Sides* asked_;
    Sides sides_;
    Options options_;
    Rule rule_;
    Micro floor_;
    std::optional<PairLists> lists_;
    Budget budget_{};
    std::vector<Index> part_; ///< the asks that take part
    Value places_;            ///< the most by class
    Index without_ = 0;       ///< asks that must go without
    Micro worst_bound_ = boundless;
    Micro sum_bound_ = 0;
    std::vector<Candidate> pool_; ///< the best first
    int solves_ = 0;
};

constexpr std::size_t pool_size = 3;
constexpr int neighbourhoods = 4; ///< of different shapes, one after the other

bool Several::takes_part(Index ask) const {
    return demand(ask) > 0 && (sides_.service == Service::full || !lists_->row(ask).empty());
}

/// The served ask with the smallest sum, the first of several; nobody where none is served.
Index Several::worst_off(const Plan& plan) const {
    Index worst = Exchanges::nobody;
    for (const Index ask : part_) {
        if (plan.places(ask) > 0 &&
            (worst == Exchanges::nobody || plan.sum(ask) < plan.sum(worst))) {
            worst = ask;
        }
    }
    return worst;
}

Micro Several::worst_of(const Plan& plan) const {
    const Index worst = worst_off(plan);
    return worst == Exchanges::nobody ? 0 : plan.sum(worst);
}

std::vector<Index> Several::unserved(const Plan& plan, std::uint8_t waiting) const {
    std::vector<Index> found;
    std::ranges::copy_if(part_, std::back_inserter(found), [&](Index ask) {
        return plan.places(ask) == 0 && sides_.waiting_of(ask) == waiting;
    });
    return found;
}

Result<void> Several::keep_going() const {
    const std::int64_t most = std::max(budget_.most_solves(), 1);
    const std::int64_t done = sides_.asks() * std::min<std::int64_t>(solves_, most) / most;
    if (options_.keep_going && !options_.keep_going({.done = done, .total = sides_.asks()})) {
        return fail(ErrorKind::interrupted, "stopped before a fair allotment was found");
    }
    return {};
}

Result<Valued> Several::solve(std::vector<Micro> values, const Sides& sides) {
    ++solves_;
    TRY_DO(keep_going());
    Options inner{.threads = options_.threads, .order = options_.order, .keep_going = {}};
    if (options_.keep_going) {
        inner.keep_going = [this](Progress) { return keep_going().has_value(); };
    }
    const Value none;
    return allot_values(*lists_, std::move(values), sides,
                        sides.service == Service::full ? none : places_, inner);
}

/// Serves as many asks as possible with the same places by class. The places of the asks are a base
/// of a polymatroid, on which exchanges of one place reach the best spread (Murota 2003).
void Several::spread(Plan& plan) const {
    if (sides_.service == Service::full) {
        return;
    }
    Exchanges exchanges(*lists_, plan);
    for (const Index ask : part_) {
        if (plan.places(ask) == 0) {
            exchanges.spread(ask);
        }
    }
}

/// Makes the worst off better off, as long as exchanges do. The goal is neared in steps: a search
/// for a path that reaches a lower level looks at far fewer pairs.
Result<void> Several::climb_worst(Plan& plan, Micro enough) const {
    Exchanges exchanges(*lists_, plan);
    constexpr int halvings = 5;
    for (int stage = 0; stage <= halvings; ++stage) {
        const Micro left = std::max<Micro>(enough - worst_of(plan), 0);
        const Micro level = stage == halvings ? enough : enough - left / 2;
        TRY(const bool reached, climb_to(exchanges, plan, level));
        if (!reached) {
            break;
        }
    }
    return {};
}

/// False where some stay below `level`.
Result<bool> Several::climb_to(Exchanges& exchanges, const Plan& plan, Micro level) const {
    for (int step = 0; exchanges.work() < budget_.exchanging; ++step) {
        constexpr int between_calls = 64;
        if (step % between_calls == between_calls - 1) {
            TRY_DO(keep_going());
        }
        const Index ask = worst_off(plan);
        if (ask == Exchanges::nobody || plan.sum(ask) >= level) {
            return true;
        }
        if (exchanges.raise(ask, level)) {
            continue;
        }
        const auto others = unserved(plan, sides_.waiting_of(ask));
        if (plan.places(ask) != 1 || !exchanges.replace(ask, others)) {
            break;
        }
    }
    return false;
}

/// Makes everybody better off at the cost of those who stay better off, the worst off first.
Result<void> Several::climb_all(Plan& plan) const {
    Exchanges exchanges(*lists_, plan);
    for (bool moved = true; moved && exchanges.work() < 4 * budget_.exchanging;) {
        moved = false;
        auto order = part_;
        std::ranges::sort(order, {}, [&](Index ask) { return std::pair(plan.sum(ask), ask); });
        int called = 0;
        for (const Index ask : order) {
            constexpr int between_calls = 64;
            if (++called % between_calls == 0) {
                TRY_DO(keep_going());
            }
            constexpr int raises = 8;
            for (int k = 0; k < raises && plan.places(ask) > 0 && exchanges.raise(ask); ++k) {
                moved = true;
            }
        }
    }
    return {};
}

/// Improves an allotment and keeps it if it is among the best.
Result<void> Several::offer(std::span<const Pair> pairs) {
    Candidate candidate{.plan = Plan(sides_, pairs), .worst = 0, .sums = {}};
    spread(candidate.plan);
    TRY_DO(climb_worst(candidate.plan, goal()));
    candidate.worst = std::min(worst_of(candidate.plan), floor_);
    if (rule_ == Rule::leximin) {
        for (const Index ask : part_) {
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
    const auto place = std::ranges::upper_bound(pool_, candidate, better);
    pool_.insert(place, std::move(candidate));
    if (pool_.size() > pool_size) {
        pool_.pop_back();
    }
    return {};
}

/// Nobody gets more than their d best; in a round the worst of these may be left out.
void Several::bound_by_rows() {
    std::vector<Micro> best;
    for (const Index ask : part_) {
        best.push_back(best_of(ask));
    }
    std::ranges::sort(best);
    const auto out = static_cast<std::size_t>(without_);
    worst_bound_ = out < best.size() ? best[out] : 0;
}

/// How many helpers an ask must have above a threshold, at most. In a round it may have just one.
Count Several::most_thresholds() const {
    constexpr Count most = 8;
    return sides_.service == Service::full ? std::min(std::ranges::max(sides_.demand), most) : 1;
}

/// Where everybody has at least `least`, the k-th best helper of each is worth what is missing
/// after the k - 1 best, shared among the other places.
bool Several::thresholds_allow(Cover& cover, Micro least) const {
    const Count most = most_thresholds();
    std::vector<Count> needs(sides_.demand.size());
    std::vector<Micro> scores(sides_.demand.size());
    for (Count k = 1; k <= most; ++k) {
        for (const Index ask : part_) {
            const auto i = static_cast<std::size_t>(ask);
            needs[i] = std::min(k, demand(ask));
            const Micro rest = least - lists_->best_sum(ask, needs[i] - 1);
            scores[i] = static_cast<Micro>(round_up(rest, demand(ask) - needs[i] + 1));
        }
        if (!cover.covers(needs, scores, without_)) {
            return false;
        }
    }
    return true;
}

Result<void> Several::bound_by_thresholds() {
    Cover cover(*lists_, sides_);
    Micro low = worst_of(pool_.front().plan);
    while (low < worst_bound_) {
        TRY_DO(keep_going());
        const Micro middle = worst_bound_ - (worst_bound_ - low) / 2;
        if (thresholds_allow(cover, middle)) {
            low = middle;
        } else {
            worst_bound_ = middle - 1;
        }
    }
    return {};
}

/// For each kappa: the allotment of the largest sum that keeps as much as possible of one in which
/// everybody has kappa helpers above the largest threshold.
Result<void> Several::start_from_thresholds() {
    Cover cover(*lists_, sides_);
    for (Count kappa = 1; kappa <= most_thresholds(); ++kappa) {
        TRY_DO(start_from_threshold(cover, kappa));
    }
    return {};
}

Result<void> Several::start_from_threshold(Cover& cover, Count kappa) {
    Sides wanted = sides_;
    std::ranges::fill(wanted.demand, 0);
    for (const Index ask : part_) {
        wanted.demand[static_cast<std::size_t>(ask)] = std::min(kappa, demand(ask));
    }
    Micro low = 0;
    Micro high = 0;
    for (const Index ask : part_) {
        high = std::max(high, lists_->best_sum(ask, 1));
    }
    while (low < high) {
        TRY_DO(keep_going());
        const Micro middle = high - (high - low) / 2;
        const std::vector<Micro> least(wanted.demand.size(), middle);
        if (cover.covers(wanted.demand, least, without_)) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    std::vector<Micro> values(lists_->size(), -1);
    Micro largest = 0;
    for (Index ask = 0; ask < lists_->asks(); ++ask) {
        const auto row = lists_->row(ask);
        for (std::size_t k = 0; k < row.size(); ++k) {
            values[lists_->first(ask) + k] = row[k].score >= low ? row[k].score : -1;
            largest = std::max(largest, row[k].score);
        }
    }
    TRY(const auto first, solve(values, wanted));
    const Plan kept(sides_, first.pairs);
    for (Index ask = 0; ask < lists_->asks(); ++ask) {
        const auto row = lists_->row(ask);
        for (std::size_t k = 0; k < row.size(); ++k) {
            const Micro bonus = kept.holds(ask, row[k].helper) ? 4 * largest : 0;
            values[lists_->first(ask) + k] = row[k].score + bonus;
        }
    }
    auto whole = solve(std::move(values), sides_);
    if (!whole && whole.error().kind == ErrorKind::invalid) {
        return {}; // the bonus does not fit: one start less
    }
    TRY(const auto completed, std::move(whole));
    return offer(completed.pairs);
}

/// The allotment with the largest sum of weight * s. Products are rounded up to what fits.
Result<Several::Weighted> Several::solve_weighted(const std::vector<std::int64_t>& weights) {
    Wide largest = 0;
    for (const Index ask : part_) {
        largest = std::max(largest,
                           Wide{weights[static_cast<std::size_t>(ask)]} * lists_->best_sum(ask, 1));
    }
    const auto places = std::accumulate(sides_.demand.begin(), sides_.demand.end(), Wide{1});
    unsigned shift = 0;
    while ((largest >> shift) * places >= Wide{1} << 58U) {
        ++shift;
    }
    std::vector<Micro> values(lists_->size());
    for (Index ask = 0; ask < lists_->asks(); ++ask) {
        const Wide weight = weights[static_cast<std::size_t>(ask)];
        std::size_t next = lists_->first(ask);
        for (const auto& [helper, score] : lists_->row(ask)) {
            values[next++] = static_cast<Micro>((weight * score + (Wide{1} << shift) - 1) >> shift);
        }
    }
    TRY(auto found, solve(std::move(values), sides_));
    const Wide bound = Wide{found.bound} << shift;
    return Weighted{.found = std::move(found), .bound = bound};
}

/// The least that the weights of those who are served can sum to.
std::int64_t Several::certain_weight(const std::vector<std::int64_t>& weights) const {
    std::vector<std::int64_t> mine;
    for (const Index ask : part_) {
        mine.push_back(weights[static_cast<std::size_t>(ask)]);
    }
    std::ranges::sort(mine);
    return std::accumulate(mine.begin(), mine.end() - without_, std::int64_t{0});
}

std::vector<double> Several::sums_of(const Plan& plan) const {
    std::vector<double> sums;
    for (const Index ask : part_) {
        sums.push_back(static_cast<double>(plan.sum(ask)));
    }
    return sums;
}

/// A solution for these weights; nullopt where they are too large to be weighted.
Result<std::optional<Several::Weighted>>
Several::try_weighted(const std::vector<std::int64_t>& weights) {
    auto solved = solve_weighted(weights);
    if (!solved && solved.error().kind == ErrorKind::invalid) {
        return std::nullopt;
    }
    TRY(auto weighted, std::move(solved));
    return std::optional(std::move(weighted));
}

/// For any weights, no smallest sum is larger than the largest sum of weight * s over the sum of
/// weights. Each step also gives an allotment to start from.
Result<void> Several::bound_by_weights() {
    const auto n = static_cast<double>(part_.size());
    std::vector<double> share(part_.size(), 1.0 / n);
    std::vector<std::int64_t> weights(sides_.demand.size());
    StepLength length;
    Patience patience(budget_.patience);
    for (int step = 0; step < budget_.worst_steps && pool_.front().worst < goal(); ++step) {
        for (std::size_t k = 0; k < part_.size(); ++k) {
            // A little for everybody, so that no ask is served at random.
            weights[static_cast<std::size_t>(part_[k])] =
                std::llround(share[k] * n * static_cast<double>(unit)) + unit / 1024;
        }
        TRY(const auto weighted, try_weighted(weights));
        if (!weighted) {
            break;
        }
        const Wide certain = certain_weight(weights);
        if (certain > 0) {
            const Wide bound = std::min<Wide>(weighted->bound / certain, boundless);
            worst_bound_ = std::min(worst_bound_, static_cast<Micro>(bound));
        }
        TRY_DO(offer(weighted->found.pairs));
        if (patience.ends(pool_.front().worst, worst_bound_)) {
            break;
        }
        const auto sums = sums_of(Plan(sides_, weighted->found.pairs));
        const double value = std::inner_product(sums.begin(), sums.end(), share.begin(), 0.0);
        const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / n;
        double norm = 0;
        for (const double sum : sums) {
            norm += (sum - mean) * (sum - mean);
        }
        const double along = length.next(value, static_cast<double>(pool_.front().worst), norm);
        for (std::size_t k = 0; k < share.size(); ++k) {
            share[k] -= along * (sums[k] - mean);
        }
        to_simplex(share);
    }
    return {};
}

/// Which places of an ask stay as they are, such that whatever it gets for the others leaves it
/// with at least `least`. The neighbourhoods of a plan have three shapes: the best helpers of an
/// ask are kept, its worst ones, or all but one.
Several::Opening Several::opening_of(const Plan& plan, Index ask, Micro least, int round) {
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

/// The largest sum over a neighbourhood of a plan, found exactly; true where it is larger.
Result<bool> Several::enlarge_once(Plan& plan, Micro least, int round) {
    Sides open{.demand = sides_.demand,
               .places = sides_.places,
               .least = {},
               .groups = {},
               .waiting = {},
               .service = Service::full};
    std::vector<Micro> values(lists_->size(), -1);
    std::vector<Pair> pairs;
    for (Index ask = 0; ask < lists_->asks(); ++ask) {
        const Opening opening = opening_of(plan, ask, least, round);
        const auto kept = std::span(opening.held).first(opening.keep);
        for (const auto& [helper, score] : kept) {
            pairs.push_back({ask, helper, score});
            --open.places[static_cast<std::size_t>(helper)];
        }
        const auto free = static_cast<Count>(opening.held.size() - opening.keep);
        open.demand[static_cast<std::size_t>(ask)] = free;
        const auto row = lists_->row(ask);
        const auto usable = free > 0 ? lists_->count_from(ask, opening.enough) : 0;
        for (std::size_t k = 0; k < usable; ++k) {
            const bool again =
                std::ranges::find(kept, row[k].helper, &Plan::Held::helper) != kept.end();
            values[lists_->first(ask) + k] = again ? -1 : row[k].score;
        }
    }
    TRY(const auto found, solve(std::move(values), open));
    pairs.insert(pairs.end(), found.pairs.begin(), found.pairs.end());
    Plan larger(sides_, pairs);
    ALLOT_CHECK(found.whole && larger.total() >= plan.total(),
                "an allotment is not among its own neighbours");
    const bool better = larger.total() > plan.total();
    if (better) {
        plan = std::move(larger);
    }
    return better;
}

Result<void> Several::enlarge(Plan& plan, Micro least, int most_idle) {
    int idle = 0;
    for (int round = 0; round < budget_.enlargements && idle < most_idle; ++round) {
        if (plan.total() == sum_bound_) {
            break;
        }
        TRY(const bool better, enlarge_once(plan, least, round));
        idle = better ? 0 : idle + 1;
    }
    return {};
}

/// Raises the sums of the best allotments found, keeping the smallest sum, and bounds the sum.
Result<void> Several::enlarge_sums() {
    const Micro least = pool_.front().worst;
    std::erase_if(pool_, [&](const Candidate& c) { return c.worst < least; });
    for (Candidate& candidate : pool_) {
        TRY_DO(enlarge(candidate.plan, least, neighbourhoods));
    }
    const auto best = std::ranges::max_element(
        pool_, {}, [](const Candidate& candidate) { return candidate.plan.total(); });
    std::iter_swap(pool_.begin(), best);
    TRY_DO(bound_sum(pool_.front().plan, least));
    ALLOT_CHECK(worst_of(pool_.front().plan) >= least, "a larger sum cost the worst off");
    return {};
}

/// Replaces `plan` by an allotment made from `pairs` if that has a larger sum.
Result<void> Several::mend(Plan& plan, std::span<const Pair> pairs, Micro least) {
    Plan mended(sides_, pairs);
    spread(mended);
    TRY_DO(climb_worst(mended, least));
    if (worst_of(mended) >= least) {
        TRY_DO(enlarge(mended, least, 1));
        if (mended.total() > plan.total()) {
            plan = std::move(mended);
        }
    }
    return {};
}

/// For any prices of falling short, no allotment whose smallest sum is `least` has a larger sum
/// than the largest sum of (1 + price) * s less what the prices give for `least`. Each step also
/// gives an allotment that falls short nowhere, or can be mended.
Result<void> Several::bound_sum(Plan& plan, Micro least) {
    std::vector<double> price(part_.size(), 0.0);
    std::vector<std::int64_t> weights(sides_.demand.size(), unit);
    std::vector<std::int64_t> extra(sides_.demand.size(), 0);
    StepLength length;
    Patience patience(budget_.patience);
    for (int step = 0; step < budget_.sum_steps && plan.total() < sum_bound_; ++step) {
        for (std::size_t k = 0; k < part_.size(); ++k) {
            const auto i = static_cast<std::size_t>(part_[k]);
            extra[i] = std::llround(price[k] * static_cast<double>(unit));
            weights[i] = unit + extra[i];
        }
        TRY(const auto weighted, try_weighted(weights));
        if (!weighted) {
            break;
        }
        const Wide above = weighted->bound - Wide{least} * certain_weight(extra);
        const auto bound = static_cast<Micro>(std::max<Wide>(above / unit, 0));
        sum_bound_ = std::min(sum_bound_, bound);
        TRY_DO(mend(plan, weighted->found.pairs, least));
        if (patience.ends(plan.total(), sum_bound_)) {
            break;
        }
        auto short_of = sums_of(Plan(sides_, weighted->found.pairs));
        double norm = 0;
        for (std::size_t k = 0; k < part_.size(); ++k) {
            short_of[k] = static_cast<double>(least) - short_of[k];
            norm += short_of[k] > 0 || price[k] > 0 ? short_of[k] * short_of[k] : 0.0;
        }
        const double along =
            length.next(static_cast<double>(bound), static_cast<double>(plan.total()), norm);
        for (std::size_t k = 0; k < part_.size(); ++k) {
            price[k] = std::clamp(price[k] + along * short_of[k], 0.0, 1e6);
        }
    }
    return {};
}

bool Several::everybody_has_the_best(const Plan& plan) const {
    return std::ranges::all_of(part_, [&](Index ask) { return plan.sum(ask) == best_of(ask); });
}

Allotment Several::result(Allotment base, const Plan& plan) const {
    base.pairs = plan.pairs();
    base.certificate.objective.micro = plan.total();
    base.certificate.bound.micro = sum_bound_;
    Fairness fairness{.worst = worst_of(plan), .worst_bound = worst_bound_};
    const bool largest = base.certificate.proved();
    const bool nobody = worst_off(plan) == Exchanges::nobody;
    if (rule_ == Rule::floor && fairness.worst < floor_ && !nobody) {
        fairness.floor = worst_bound_ < floor_ ? FloorOutcome::impossible : FloorOutcome::not_found;
    } else if (rule_ == Rule::floor) {
        fairness.proved = largest;
    } else if (rule_ == Rule::maxmin) {
        fairness.proved = largest && fairness.worst == worst_bound_;
    } else {
        fairness.proved = everybody_has_the_best(plan);
    }
    base.fairness = std::move(fairness);
    return base;
}

Result<Allotment> Several::run() {
    Options first = options_;
    if (options_.keep_going) {
        first.keep_going = [this](Progress) { return keep_going().has_value(); };
    }
    TRY(Allotment base, allot(*rows_, *asked_, first));
    if (!base.shortages.empty()) {
        return base;
    }
    lists_.emplace(*rows_);
    budget_ = Budget::of(lists_->size(), sides_.service);
    places_ = base.certificate.objective;
    sum_bound_ = base.certificate.bound.micro;
    for (Index ask = 0; ask < sides_.asks(); ++ask) {
        if (takes_part(ask)) {
            part_.push_back(ask);
        }
    }
    Plan plan(sides_, base.pairs);
    spread(plan);
    without_ = static_cast<Index>(
        std::ranges::count_if(part_, [&](Index ask) { return plan.places(ask) == 0; }));
    bound_by_rows();
    if (static_cast<std::size_t>(without_) == part_.size()) {
        return result(std::move(base), plan);
    }
    TRY_DO(offer(base.pairs));
    TRY_DO(bound_by_thresholds());
    if (pool_.front().worst < goal() || rule_ == Rule::leximin) {
        TRY_DO(start_from_thresholds());
        TRY_DO(bound_by_weights());
    }
    if (rule_ == Rule::leximin) {
        TRY_DO(climb_all(pool_.front().plan));
    } else {
        TRY_DO(enlarge_sums());
    }
    return result(std::move(base), pool_.front().plan);
}

} // namespace

Result<Allotment> allot_several(const ScoreRows& rows, const Sides& sides, const Options& options) {
    ALLOT_CHECK(options.objective.rule != Rule::sum, "a sum is made largest by allot");
    ALLOT_CHECK(sides.groups.empty() && sides.least.empty(),
                "fair objectives with groups or least loads are not known here");
    return Several(rows, sides, options).run();
}

} // namespace allot::matching
