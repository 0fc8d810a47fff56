/// Random groups and minimum loads, and linear programs of instances, for the tests of
/// `engine/allot`.
#pragma once

#include "engine/allot/peer_program.hpp"
#include "engine/allot/random_instance.hpp"

#include <bit>

namespace allot::matching::testing {

/// A random permutation of [0, n).
inline std::vector<Index> shuffled(Index n, Random& random) {
    std::vector<Index> order;
    for (Index k = 0; k < n; ++k) {
        order.push_back(k);
        std::swap(order.back(), order[random.below(order.size())]);
    }
    return order;
}

/// Cuts a range into groups, and these again: a laminar family.
inline void add_family(Sides& sides, Group::Scope scope, Group::Of of,
                       std::span<const Index> members, Count most_of_one, Random& random) {
    if (members.empty() || random.below(4) == 0) {
        return;
    }
    if (random.below(3) != 0) {
        const auto size = static_cast<Count>(members.size());
        const auto upto = [&](Count n) {
            return static_cast<Count>(random.below(static_cast<std::uint64_t>(n) + 1));
        };
        const Count most = upto(std::min(size, Count{3}) * most_of_one) + (upto(3) == 0 ? 0 : 1);
        const Count least = upto(5) == 0 ? std::min(most, upto(2)) : 0;
        sides.groups.push_back({.name = "g" + std::to_string(sides.groups.size()),
                                .scope = scope,
                                .of = of,
                                .members = {members.begin(), members.end()},
                                .least = least,
                                .most = most});
    }
    const auto cut = random.below(members.size() + 1);
    if (members.size() > 1) {
        add_family(sides, scope, of, members.first(cut), most_of_one, random);
        add_family(sides, scope, of, members.subspan(cut), most_of_one, random);
    }
}

/// Adds laminar groups of some of the three kinds, in random order.
inline void add_groups(Instance& in, Random& random) {
    Sides& sides = in.sides;
    const auto helpers = shuffled(sides.helpers(), random);
    const auto asks = shuffled(sides.asks(), random);
    const auto others = shuffled(sides.helpers(), random);
    const auto kinds = 1 + random.below(7);
    if ((kinds & 1U) != 0) {
        add_family(sides, Group::Scope::round, Group::Of::helpers, helpers, 2, random);
    }
    if ((kinds & 2U) != 0) {
        add_family(sides, Group::Scope::round, Group::Of::asks, asks, 2, random);
    }
    if ((kinds & 4U) != 0) {
        add_family(sides, Group::Scope::ask, Group::Of::helpers, others, 1, random);
    }
    for (std::size_t k = 1; k < sides.groups.size(); ++k) {
        std::swap(sides.groups[k], sides.groups[random.below(k + 1)]);
    }
}

/// Adds minimum loads to some helpers.
inline void add_least(Instance& in, Random& random) {
    for (const Count places : in.sides.places) {
        const auto least = random.below(3) == 0 ? random.below(3) : 0;
        in.sides.least.push_back(std::min(places, static_cast<Count>(least)));
    }
}

/// One bound of an instance: how many of these pairs (by place in Instance::pairs) may be used.
struct Bound {
    std::vector<std::size_t> pairs;
    std::int64_t least;
    std::int64_t most;
};

/// All bounds of an instance, straight from their definitions.
inline std::vector<Bound> bounds_of(const Instance& in) {
    std::vector<Bound> bounds;
    const auto add = [&](std::int64_t least, std::int64_t most, const auto& counts) {
        Bound bound{.pairs = {}, .least = least, .most = most};
        for (std::size_t k = 0; k < in.pairs.size(); ++k) {
            if (counts(in.pairs[k])) {
                bound.pairs.push_back(k);
            }
        }
        bounds.push_back(std::move(bound));
    };
    const Sides& sides = in.sides;
    for (Index ask = 0; ask < sides.asks(); ++ask) {
        const Count demand = sides.demand[static_cast<std::size_t>(ask)];
        add(sides.service == Service::full ? demand : 0, demand,
            [&](const Pair& p) { return p.ask == ask; });
    }
    for (Index helper = 0; helper < sides.helpers(); ++helper) {
        add(sides.least_of(helper), sides.places[static_cast<std::size_t>(helper)],
            [&](const Pair& p) { return p.helper == helper; });
    }
    for (const Group& group : sides.groups) {
        const auto has = [&](Index member) {
            return std::ranges::find(group.members, member) != group.members.end();
        };
        if (group.scope == Group::Scope::round) {
            add(group.least, group.most,
                [&](const Pair& p) { return has(group.of == Group::Of::asks ? p.ask : p.helper); });
            continue;
        }
        for (Index ask = 0; ask < sides.asks(); ++ask) {
            add(group.least, group.most,
                [&](const Pair& p) { return p.ask == ask && has(p.helper); });
        }
    }
    return bounds;
}

/// The largest `worth(pairs)` of all sets of pairs that keep to all bounds; nullopt where there is
/// none. `in` has at most 31 pairs, better 12.
template <class Worth>
auto best_of_all(const Instance& in, const Worth& worth) {
    struct Mask {
        std::uint32_t pairs = 0;
        std::int64_t least = 0;
        std::int64_t most = 0;
    };
    std::vector<Mask> masks;
    for (const Bound& bound : bounds_of(in)) {
        masks.push_back({.least = bound.least, .most = bound.most});
        for (const std::size_t k : bound.pairs) {
            masks.back().pairs |= 1U << k;
        }
    }
    std::optional<decltype(worth(in.pairs))> best;
    for (std::uint32_t set = 0; set < 1U << in.pairs.size(); ++set) {
        const bool fits = std::ranges::all_of(masks, [&](const Mask& mask) {
            const auto used = std::popcount(set & mask.pairs);
            return mask.least <= used && used <= mask.most;
        });
        if (!fits) {
            continue;
        }
        std::vector<Pair> pairs;
        for (std::size_t k = 0; k < in.pairs.size(); ++k) {
            if ((set >> k & 1U) != 0) {
                pairs.push_back(in.pairs[k]);
            }
        }
        best = std::max(best, std::optional(worth(pairs)));
    }
    return best;
}

/// As a program: maximise worth, each pair between 0 and `cap`, under these bounds.
inline std::string program_of(const Instance& in, const std::vector<Bound>& bounds,
                              std::span<const double> worth, double cap, bool whole) {
    PeerProgram program;
    for (std::size_t k = 0; k < in.pairs.size(); ++k) {
        program.add_column(cap, worth[k], whole);
    }
    for (const Bound& bound : bounds) {
        program.add_row(bound.least, bound.most);
        for (const std::size_t k : bound.pairs) {
            program.add_factor(k, 1);
        }
    }
    return program.text();
}

inline std::string program_of(const Instance& in, std::span<const double> worth, double cap,
                              bool whole) {
    return program_of(in, bounds_of(in), worth, cap, whole);
}

} // namespace allot::matching::testing
