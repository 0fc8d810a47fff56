#include "engine/allot/solver.hpp"

#include "engine/allot/check_instance.hpp"
#include "engine/allot/levels.hpp"
#include "engine/allot/leximin_network.hpp"
#include "engine/allot/network_allot.hpp"
#include "engine/allot/several.hpp"
#include "engine/allot/shortage.hpp"
#include "engine/allot/smallest_prices.hpp"
#include "engine/allot/solution.hpp"

namespace allot::matching {

namespace {

template <class Scale, class Rows>
Result<Allotment> allot_scaled(const Rows& rows, const Sides& asked, const Options& options) {
    const Sides sides = without_surplus(asked);
    TRY(const Scale scale, Scale::of(sides, rows.largest_score()));
    if (options.keep_going && !options.keep_going({.done = 0, .total = sides.asks()})) {
        return stopped();
    }
    Solution<Rows, Scale> solution(rows, sides, scale, options.threads);
    State<Rows, Scale>& state = solution.state;
    TRY_DO(serve_all(state, solution.lists, options));
    Allotment allotment;
    if (!state.may_stay_empty()) {
        allotment.shortages = ShortageSearch(state).run();
        if (!allotment.shortages.empty()) {
            return allotment;
        }
    }
    SmallestPrices(state, solution.lists).run();
    allotment.pairs = state.pairs();
    allotment.certificate = certificate_of(state, options.threads);
    for (const auto& price : state.prices.all()) {
        allotment.prices.push_back(scale.value(price));
    }
    return allotment;
}

Result<Allotment> allot_sum(const ScoreRows& rows, const Sides& sides, const Options& options) {
    return std::visit(
        [&](const auto& r) {
            return sides.service == Service::full ? allot_scaled<PlainScale>(r, sides, options)
                                                  : allot_scaled<WaitingScale>(r, sides, options);
        },
        rows);
}

} // namespace

Result<Allotment> allot(const ScoreRows& rows, const Sides& sides, const Options& options) {
    check_instance(rows, sides, options);
    const Rule rule = options.objective.rule;
    const bool has_groups = !sides.groups.empty();
    const bool has_least = sides.has_least();
    const bool is_single = std::ranges::all_of(sides.demand, [](Count n) { return n <= 1; });
    if (!has_least && !sides.least.empty()) { // minimums of 0 are none
        Sides without = sides;
        without.least.clear();
        return allot(rows, without, options);
    }
    if (rule == Rule::sum) {
        return has_groups || has_least ? allot_in_network(rows, sides, options)
                                       : allot_sum(rows, sides, options);
    }
    if (has_groups && (rule != Rule::leximin || !is_single)) {
        return fail(ErrorKind::invalid,
                    "found groups with a fair objective; expected the sum, or leximin where every "
                    "ask needs one place");
    }
    if (has_least && !is_single) {
        return fail(ErrorKind::invalid,
                    "found minimum loads with a fair objective and an ask of several places; "
                    "expected the sum, or asks of one place");
    }
    if (has_groups) {
        return leximin_in_network(rows, sides, options);
    }
    return is_single ? allot_by_levels(rows, sides, options) : allot_several(rows, sides, options);
}

} // namespace allot::matching
