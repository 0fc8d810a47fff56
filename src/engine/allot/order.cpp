#include "engine/allot/order.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>

namespace allot::matching {

std::vector<Index> canonical_order(std::span<const std::string_view> ids, std::uint64_t seed,
                                   const std::vector<bool>& newcomer) {
    std::vector<std::uint64_t> hashes;
    hashes.reserve(ids.size());
    for (const auto id : ids) {
        hashes.push_back(seeded_hash(seed, id));
    }
    std::vector<Index> order(ids.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::sort(order, {}, [&](Index k) {
        const auto at = static_cast<std::size_t>(k);
        return std::tuple(newcomer.empty() || !newcomer[at], hashes[at], ids[at]);
    });
    return order;
}

std::vector<Index> inverse(std::span<const Index> order) {
    std::vector<Index> position(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        position[static_cast<std::size_t>(order[k])] = static_cast<Index>(k);
    }
    return position;
}

} // namespace allot::matching
