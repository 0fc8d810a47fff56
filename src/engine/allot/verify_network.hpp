/// The part of `verify` for groups and minimum loads. Internal to `engine/allot`; like `verify` it
/// shares no code with the solver.
#pragma once

#include "engine/allot/verify.hpp"

#include <algorithm>
#include <functional>

namespace allot::matching {

[[nodiscard]] inline Value operator+(Value a, const Value& b) {
    std::ranges::transform(a.places, b.places, a.places.begin(), std::plus{});
    a.micro += b.micro;
    return a;
}

[[nodiscard]] inline Value operator-(Value a, const Value& b) {
    std::ranges::transform(a.places, b.places, a.places.begin(), std::minus{});
    a.micro -= b.micro;
    return a;
}

/// Sums of micro units in 128 bits: prices times places may be far larger than what the nets leave
/// of them.
class WideSum {
  public:
    void add(std::int64_t times, const Value& value) {
        micro_ += Wide{times} * value.micro;
        for (std::size_t k = 0; k < waiting_classes; ++k) {
            places_[k] += times * value.places[k];
        }
    }
    [[nodiscard]] Value value() const {
        return {.places = places_, .micro = static_cast<Micro>(micro_)};
    }

  private:
    __extension__ using Wide = __int128;
    Wide micro_ = 0;
    std::array<std::int64_t, waiting_classes> places_{};
};

/// An allowed pair as `verify` sees it.
struct WorthPair {
    Index ask = 0;
    Index helper = 0;
    Value worth;
    bool held = false;
};

/// Does an allotment that keeps to demands and places also keep to groups and minimum loads, and is
/// there no cycle of exchanges that would improve it? Fills in `reason`, `prices`, `bound` and
/// `holds` of a verdict. Longest paths in the residual network (Bellman 1958) either find such a
/// cycle or give duals; with them the bound of `allot_in_network` is summed over all pairs.
/// O(groups^2 + rounds * (pairs and the groups around them)), rounds at most the number of nodes
/// and usually few.
void verify_in_network(std::span<const WorthPair> pairs, const Sides& sides, const Names& names,
                       Verdict& verdict);

} // namespace allot::matching
