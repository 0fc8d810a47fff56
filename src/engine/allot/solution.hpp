/// An allotment of the largest sum in the making. Internal to `engine/allot`.
#pragma once

#include "engine/allot/auction.hpp"
#include "engine/allot/augment.hpp"
#include "engine/allot/certificate.hpp"
#include "engine/allot/solver.hpp"

#include <numeric>

namespace allot::matching {

[[nodiscard]] inline std::unexpected<Error> stopped() {
    return fail(ErrorKind::interrupted, "stopped before an allotment was found");
}

/// Asks in the order in which they are served.
[[nodiscard]] inline std::vector<Index> order_of(const Sides& sides, const Options& options) {
    if (!options.order.empty()) {
        return options.order;
    }
    std::vector<Index> order(sides.demand.size());
    std::iota(order.begin(), order.end(), Index{0});
    return order;
}

/// Serves every ask as far as possible: by bids first, then by paths. Errors: interrupted.
template <class Rows, class Scale>
[[nodiscard]] Result<void> serve_all(State<Rows, Scale>& state,
                                     Shortlists<Rows, typename Scale::Cost>& lists,
                                     const Options& options) {
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

/// State and lists of one instance; `rows` and `sides` outlive it.
template <class Rows, class Scale>
struct Solution {
    Solution(const Rows& rows, const Sides& sides, Scale scale, unsigned threads)
        : state(rows, sides, scale), lists(rows, state.prices, sides.demand, threads) {}
    Solution(const Solution&) = delete; // lists look into the state
    Solution& operator=(const Solution&) = delete;
    Solution(Solution&&) = delete;
    Solution& operator=(Solution&&) = delete;
    ~Solution() = default;

    State<Rows, Scale> state;
    Shortlists<Rows, typename Scale::Cost> lists;
};

/// What the pairs are worth together.
template <class Rows, class Scale>
typename Scale::Cost objective_of(const State<Rows, Scale>& state) {
    typename Scale::Cost objective = 0;
    for (Index ask = 0; ask < state.rows().asks(); ++ask) {
        for (const auto& held : state.held(ask)) {
            objective += state.lift(ask) + held.score;
        }
    }
    return objective;
}

/// Objective, and a bound over all pairs from the prices alone.
template <class Rows, class Scale>
Certificate certificate_of(const State<Rows, Scale>& state, unsigned threads) {
    const auto bound = bound_of(state.rows(), state.sides(), state.scale(), state.prices, threads);
    return {.objective = state.scale().value(objective_of(state)),
            .bound = state.scale().value(bound)};
}

} // namespace allot::matching
