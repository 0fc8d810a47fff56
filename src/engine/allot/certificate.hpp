/// The proof of an allotment, computed over all pairs. Internal to `engine/allot`.
#pragma once

#include "engine/allot/parallel.hpp"
#include "engine/allot/state.hpp"

#include <mutex>

namespace allot::matching {

/// Upper bound of `Certificate` from the prices alone; knows nothing of the pairs that were chosen.
/// O(pairs) on `threads` threads. Sums of integers: the same for any number of threads.
template <class Rows, class Scale>
typename Scale::Cost bound_of(const Rows& rows, const Sides& sides, const Scale& scale,
                              const Prices<typename Scale::Cost>& prices, unsigned threads) {
    using Cost = typename Scale::Cost;
    // Prices times places, and the nets against them, may be far larger than what remains of them.
    std::mutex mutex;
    Wide bound = 0;
    for_each_range(rows.asks(), threads, [&](Index begin, Index end) {
        Wide sum = 0;
        std::vector<Cost> best; // the d best of a row, smallest first (a heap)
        for (Index ask = begin; ask < end; ++ask) {
            const Cost lift = scale.lift(sides.waiting_of(ask));
            const auto demand =
                static_cast<std::size_t>(sides.demand[static_cast<std::size_t>(ask)]);
            const Cost floor =
                sides.service == Service::partial ? -lift : State<Rows, Scale>::lowest;
            if (demand == 0) {
                continue;
            }
            best.clear();
            rows.scan(ask, prices, floor, [&](Index, Micro, Cost net) {
                if (best.size() == demand) {
                    std::ranges::pop_heap(best, std::ranges::greater{});
                    best.pop_back();
                }
                best.push_back(net);
                std::ranges::push_heap(best, std::ranges::greater{});
                return best.size() < demand ? floor : best.front() + 1;
            });
            for (const Cost net : best) {
                sum += lift + net;
            }
        }
        const std::scoped_lock lock(mutex);
        bound += sum;
    });
    for (Index helper = 0; helper < rows.helpers(); ++helper) {
        bound += Wide{prices[helper]} * sides.places[static_cast<std::size_t>(helper)];
    }
    return static_cast<Cost>(bound);
}

} // namespace allot::matching
