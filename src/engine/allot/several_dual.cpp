#include "engine/allot/several_dual.hpp"

#include <numeric>

namespace allot::matching::several {

namespace {

/// Products are rounded up to what fits.
Result<Weighted> try_weighted(Case& fair, const std::vector<std::int64_t>& weights) {
    const PairLists& lists = fair.lists();
    Wide largest = 0;
    for (const Index ask : fair.part()) {
        largest = std::max(largest,
                           Wide{weights[static_cast<std::size_t>(ask)]} * lists.best_sum(ask, 1));
    }
    const auto places =
        std::accumulate(fair.sides().demand.begin(), fair.sides().demand.end(), Wide{1});
    unsigned shift = 0;
    while ((largest >> shift) * places >= Wide{1} << 58U) {
        ++shift;
    }
    std::vector<Micro> values(lists.size());
    for (Index ask = 0; ask < lists.asks(); ++ask) {
        const Wide weight = weights[static_cast<std::size_t>(ask)];
        std::size_t next = lists.first(ask);
        for (const auto& [helper, score] : lists.row(ask)) {
            values[next++] = static_cast<Micro>((weight * score + (Wide{1} << shift) - 1) >> shift);
        }
    }
    TRY(auto found, fair.solve(std::move(values), fair.sides()));
    const Wide bound = Wide{found.bound} << shift;
    return Weighted{.found = std::move(found), .bound = bound};
}

} // namespace

Result<std::optional<Weighted>> solve_weighted(Case& fair,
                                               const std::vector<std::int64_t>& weights) {
    auto solved = try_weighted(fair, weights);
    if (!solved && solved.error().kind == ErrorKind::invalid) {
        return std::nullopt;
    }
    TRY(auto weighted, std::move(solved));
    return std::optional(std::move(weighted));
}

std::int64_t certain_weight(const Case& fair, const std::vector<std::int64_t>& weights) {
    std::vector<std::int64_t> mine;
    for (const Index ask : fair.part()) {
        mine.push_back(weights[static_cast<std::size_t>(ask)]);
    }
    std::ranges::sort(mine);
    return std::accumulate(mine.begin(), mine.end() - fair.without(), std::int64_t{0});
}

std::vector<double> sums_of(const Case& fair, std::span<const Pair> pairs) {
    const Plan plan(fair.sides(), pairs);
    std::vector<double> sums;
    for (const Index ask : fair.part()) {
        sums.push_back(static_cast<double>(plan.sum(ask)));
    }
    return sums;
}

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

} // namespace allot::matching::several
