/// Work on independent rows, shared out over threads. Internal to `engine/allot`.
#pragma once

#include "engine/allot/instance.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace allot::matching {

/// Calls `work(begin, end)` for disjoint ranges that cover [0, n), on at most `threads` threads,
/// and returns when all are done. Threads take `chunk` at a time. What is computed must not depend
/// on the ranges.
template <class Work>
void for_each_range(Index n, unsigned threads, const Work& work, Index chunk = 64) {
    const auto useful = static_cast<unsigned>(n / chunk);
    if (threads <= 1 || useful <= 1) {
        work(Index{0}, n);
        return;
    }
    std::atomic<Index> next = 0;
    const auto run = [&] {
        for (Index begin = next.fetch_add(chunk); begin < n; begin = next.fetch_add(chunk)) {
            work(begin, std::min<Index>(begin + chunk, n));
        }
    };
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < std::min(threads, useful); ++t) {
        others.emplace_back(run);
    }
    run();
}

} // namespace allot::matching
