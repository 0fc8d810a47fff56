/// The proof of an allotment, computed over all pairs. Internal to `engine/allot`.
#pragma once

#include "engine/allot/parallel.hpp"
#include "engine/allot/state.hpp"

#include <mutex>

namespace allot::matching {

/// The largest nets of a row, at most `demand` of them and none below a floor.
template <class Cost>
struct BestNets {
    BestNets(Count demand, Cost least) : wanted(static_cast<std::size_t>(demand)), floor(least) {}

    Cost operator()(Index, Micro, Cost net) {
        if (wanted == 0) {
            return floor;
        }
        if (nets.size() == wanted) {
            std::ranges::pop_heap(nets, std::ranges::greater{});
            nets.pop_back();
        }
        nets.push_back(net);
        std::ranges::push_heap(nets, std::ranges::greater{});
        if (nets.size() == wanted) {
            floor = std::max(floor, nets.front() + 1);
        }
        return floor;
    }

    std::size_t wanted;
    Cost floor;
    std::vector<Cost> nets; ///< smallest first (a heap)
};

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
        scan_each(
            rows, std::views::iota(begin, end), prices,
            [&](Index ask) {
                const Cost worth_nothing = -scale.lift(sides.waiting_of(ask));
                return BestNets<Cost>(
                    sides.demand[static_cast<std::size_t>(ask)],
                    sides.service == Service::partial ? worth_nothing : State<Rows, Scale>::lowest);
            },
            [&](Index ask, const BestNets<Cost>& best) {
                for (const Cost net : best.nets) {
                    sum += scale.lift(sides.waiting_of(ask)) + net;
                }
            });
        const std::scoped_lock lock(mutex);
        bound += sum;
    });
    for (Index helper = 0; helper < rows.helpers(); ++helper) {
        bound += Wide{prices[helper]} * sides.places[static_cast<std::size_t>(helper)];
    }
    return static_cast<Cost>(bound);
}

} // namespace allot::matching
