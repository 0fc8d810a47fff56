#include "engine/allot/solver.hpp"

#include "engine/allot/auction.hpp"
#include "engine/allot/augment.hpp"
#include "engine/allot/certificate.hpp"
#include "engine/allot/shortage.hpp"
#include "engine/allot/smallest_prices.hpp"

#include <numeric>

namespace allot::matching {

namespace {

std::unexpected<Error> stopped() {
    return fail(ErrorKind::interrupted, "stopped before an allotment was found");
}

/// Asks in the order in which they are served.
std::vector<Index> order_of(const Sides& sides, const Options& options) {
    if (!options.order.empty()) {
        return options.order;
    }
    std::vector<Index> order(sides.demand.size());
    std::iota(order.begin(), order.end(), Index{0});
    return order;
}

/// Serves every ask as far as possible; interrupted when the caller says so.
template <class Rows, class Scale>
Result<void> serve_all(State<Rows, Scale>& state, const Options& options) {
    using Cost = typename Scale::Cost;
    const Sides& sides = state.sides();
    const std::int64_t wanted =
        std::accumulate(sides.demand.begin(), sides.demand.end(), std::int64_t{0});
    // Places are what the work goes by, asks what a person counts.
    std::int64_t most_filled = 0;
    const auto keep_going = [&](std::int64_t filled) {
        most_filled = std::max(most_filled, filled);
        return !options.keep_going || options.keep_going({.done = most_filled * sides.asks() /
                                                                  std::max<std::int64_t>(wanted, 1),
                                                          .total = sides.asks()});
    };
    const auto order = order_of(sides, options);
    if (!keep_going(0)) {
        return stopped();
    }
    Shortlists<Rows, Cost> lists(state.rows(), state.prices, sides.demand, options.threads);
    if (!Auction(state, lists).run(order, keep_going)) {
        return stopped();
    }
    Augmenter<Rows, Scale> augmenter(state, lists);
    std::int64_t filled = wanted;
    for (const Index ask : order) {
        filled -= state.missing(ask);
    }
    std::int64_t searches = 0;
    for (const Index ask : order) {
        while (state.missing(ask) > 0) {
            constexpr std::int64_t between_calls = 64;
            if (searches++ % between_calls == 0 && !keep_going(filled)) {
                return stopped();
            }
            if (!augmenter.serve(ask)) {
                break;
            }
            ++filled;
        }
    }
    return {};
}

template <class Rows, class Scale>
Certificate certificate_of(const State<Rows, Scale>& state, unsigned threads) {
    typename Scale::Cost objective = 0;
    for (const Pair& pair : state.pairs()) {
        objective += state.lift(pair.ask) + pair.score;
    }
    const auto bound = bound_of(state.rows(), state.sides(), state.scale(), state.prices, threads);
    return {.objective = state.scale().value(objective), .bound = state.scale().value(bound)};
}

template <class Scale, class Rows>
Result<Allotment> allot_scaled(const Rows& rows, const Sides& asked, const Options& options) {
    const Sides sides = without_surplus(asked);
    TRY(const Scale scale, Scale::of(sides, rows.largest_score()));
    State<Rows, Scale> state(rows, sides, scale);
    TRY_DO(serve_all(state, options));
    Allotment allotment;
    if (!state.may_stay_empty()) {
        allotment.shortages = ShortageSearch(state).run();
        if (!allotment.shortages.empty()) {
            return allotment;
        }
    }
    SmallestPrices(state).run();
    allotment.pairs = state.pairs();
    allotment.certificate = certificate_of(state, options.threads);
    for (const auto& price : state.prices.all()) {
        allotment.prices.push_back(scale.value(price));
    }
    return allotment;
}

void check_instance(const ScoreRows& rows, const Sides& sides, const Options& options) {
    ALLOT_CHECK(asks_of(rows) == sides.asks() && helpers_of(rows) == sides.helpers(),
                "rows and sides have different shapes");
    const auto negative = [](Count n) { return n < 0; };
    ALLOT_CHECK(std::ranges::none_of(sides.demand, negative) &&
                    std::ranges::none_of(sides.places, negative),
                "a demand or a number of places is negative");
    ALLOT_CHECK(sides.waiting.empty() || sides.waiting.size() == sides.demand.size(),
                "waiting classes are for all asks or for none");
    ALLOT_CHECK(std::ranges::all_of(sides.waiting, [](auto k) { return k < waiting_classes; }),
                "a waiting class is above 3");
    auto order = options.order;
    std::ranges::sort(order);
    for (std::size_t k = 0; k < order.size(); ++k) {
        ALLOT_CHECK(order.size() == sides.demand.size() && order[k] == static_cast<Index>(k),
                    "the order is not a permutation of the asks");
    }
}

} // namespace

Result<Allotment> allot(const ScoreRows& rows, const Sides& sides, const Options& options) {
    check_instance(rows, sides, options);
    return std::visit(
        [&](const auto& r) {
            return sides.service == Service::full ? allot_scaled<PlainScale>(r, sides, options)
                                                  : allot_scaled<WaitingScale>(r, sides, options);
        },
        rows);
}

} // namespace allot::matching
