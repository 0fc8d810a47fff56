#include "engine/allot/solver.hpp"

#include "engine/allot/augment.hpp"
#include "engine/allot/certificate.hpp"
#include "engine/allot/shortage.hpp"
#include "engine/allot/smallest_prices.hpp"

namespace allot::matching {

namespace {

/// Serves every ask as far as possible; interrupted when the caller says so.
template <class Rows, class Scale>
Result<void> serve_all(State<Rows, Scale>& state, const Options& options) {
    Augmenter<Rows, Scale> augmenter(state, options.threads);
    const Index asks = state.rows().asks();
    constexpr Index between_calls = 64;
    for (Index k = 0; k < asks; ++k) {
        if (options.keep_going && k % between_calls == 0 &&
            !options.keep_going({.done = k, .total = asks})) {
            return fail(ErrorKind::interrupted, "stopped before an allotment was found");
        }
        const Index ask = options.order.empty() ? k : options.order[static_cast<std::size_t>(k)];
        while (state.missing(ask) > 0 && augmenter.serve(ask)) {
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
