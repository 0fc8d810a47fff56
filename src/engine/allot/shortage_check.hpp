/// Whether a shortage is one, counted from its instance alone; for the tests of `engine/allot`.
#pragma once

#include "engine/allot/grouped_instance.hpp"
#include "engine/allot/lottery.hpp"

namespace allot::matching::testing {

/// How the groups of one scope and side lie in each other, found by comparing all of them; -1
/// stands for none.
struct Nest {
    Nest(const Sides& sides, Group::Scope scope, Group::Of of)
        : parent(sides.groups.size(), -1),
          innermost(of == Group::Of::asks ? sides.demand.size() : sides.places.size(), -1) {
        for (std::size_t g = 0; g < sides.groups.size(); ++g) {
            if (sides.groups[g].scope == scope && sides.groups[g].of == of) {
                groups.push_back(static_cast<Index>(g));
            }
        }
        const auto members = [&](Index g) -> const std::vector<Index>& {
            return sides.groups[static_cast<std::size_t>(g)].members;
        };
        const auto has = [&](Index g, Index member) {
            return std::ranges::find(members(g), member) != members(g).end();
        };
        /// Smaller, or as large and named later.
        const auto lies_deeper = [&](Index a, Index b) {
            return std::pair(members(a).size(), b) < std::pair(members(b).size(), a);
        };
        const auto keep_deepest = [&](Index& known, Index found) {
            known = known < 0 || lies_deeper(found, known) ? found : known;
        };
        for (const Index outer : groups) {
            for (const Index g : groups) {
                if (!members(g).empty() && lies_deeper(g, outer) &&
                    has(outer, members(g).front())) {
                    keep_deepest(parent[static_cast<std::size_t>(g)], outer);
                }
            }
            for (const Index member : members(outer)) {
                keep_deepest(innermost[static_cast<std::size_t>(member)], outer);
            }
        }
    }

    std::vector<Index> groups;
    std::vector<Index> parent;
    std::vector<Index> innermost;
};

/// How far a set falls short, counted from the instance alone: the asks and helpers are those of
/// the shortage, and the groups are put into the set or not in the way that makes it worst.
class Cut {
  public:
    Cut(const Instance& in, const Shortage& shortage, std::int64_t whole = 1, std::int64_t pair = 1)
        : in_(&in), shortage_(&shortage), whole_(whole), pair_(pair),
          of_asks_(in.sides, Group::Scope::round, Group::Of::asks),
          of_helpers_(in.sides, Group::Scope::round, Group::Of::helpers),
          locals_(in.sides, Group::Scope::ask, Group::Of::helpers) {}

    [[nodiscard]] std::int64_t shortfall() const {
        return below_group(none, false, true) + below_group(none, false, false);
    }

  private:
    static constexpr Index none = -1;
    static constexpr std::int64_t never = -1'000'000'000;

    static bool has(const std::vector<Index>& list, Index number) {
        return std::ranges::find(list, number) != list.end();
    }
    /// What an arc between these two sides of the cut adds to what must, less what may.
    [[nodiscard]] std::int64_t arc(bool from, bool to, std::int64_t least,
                                   std::int64_t most) const {
        if (from == to) {
            return 0;
        }
        return to == (shortage_->kind == Shortage::Kind::demands) ? least : -most;
    }
    [[nodiscard]] std::int64_t group_arc(bool outer, bool inner, Index group, bool to_group) const {
        const Group& g = in_->sides.groups[static_cast<std::size_t>(group)];
        return to_group ? arc(outer, inner, whole_ * g.least, whole_ * g.most)
                        : arc(inner, outer, whole_ * g.least, whole_ * g.most);
    }

    /// The worst of everything within a group over the round (or within none of them).
    [[nodiscard]] std::int64_t below_group(Index group, bool inside, bool asks) const {
        const Nest& forest = asks ? of_asks_ : of_helpers_;
        std::int64_t sum = 0;
        for (const Index g : forest.groups) {
            if (forest.parent[static_cast<std::size_t>(g)] == group) {
                sum += std::max(group_arc(inside, false, g, asks) + below_group(g, false, asks),
                                group_arc(inside, true, g, asks) + below_group(g, true, asks));
            }
        }
        for (std::size_t k = 0; k < forest.innermost.size(); ++k) {
            if (forest.innermost[k] == group) {
                const auto member = static_cast<Index>(k);
                sum += asks ? below_ask(member, inside) : helper(member, inside);
            }
        }
        return sum;
    }

    [[nodiscard]] std::int64_t helper(Index helper, bool outer) const {
        return arc(has(shortage_->helpers, helper), outer, whole_ * in_->sides.least_of(helper),
                   whole_ * in_->sides.places[static_cast<std::size_t>(helper)]);
    }

    [[nodiscard]] std::int64_t below_ask(Index ask, bool outer) const {
        const std::int64_t demand = whole_ * in_->sides.demand[static_cast<std::size_t>(ask)];
        const std::int64_t least = in_->sides.service == Service::full ? demand : 0;
        const auto with = [&](bool inside) {
            return arc(outer, inside, least, demand) + below_local(ask, none, inside);
        };
        return std::max(with(false), has(shortage_->asks, ask) ? with(true) : never);
    }

    [[nodiscard]] std::int64_t below_local(Index ask, Index group, bool inside) const {
        std::int64_t sum = 0;
        for (const Index g : locals_.groups) {
            if (locals_.parent[static_cast<std::size_t>(g)] == group) {
                const auto with = [&](bool in) {
                    return group_arc(inside, in, g, true) + below_local(ask, g, in);
                };
                sum += std::max(with(false), has(shortage_->asks, ask) ? with(true) : never);
            }
        }
        for (const Pair& p : in_->pairs) {
            if (p.ask == ask && locals_.innermost[static_cast<std::size_t>(p.helper)] == group) {
                sum += arc(inside, has(shortage_->helpers, p.helper), 0, pair_);
            }
        }
        return sum;
    }

    const Instance* in_;
    const Shortage* shortage_;
    std::int64_t whole_;
    std::int64_t pair_;
    Nest of_asks_;
    Nest of_helpers_;
    Nest locals_;
};

/// Does its set fall short, by as much as it says or more? `cap` is that of a lottery.
inline bool is_shortage(const Instance& in, const Shortage& shortage, Chance cap = {}) {
    const auto stated = shortage.needed - shortage.places - shortage.single;
    return stated > 0 && Cut(in, shortage, cap.denominator, cap.numerator).shortfall() >= stated;
}

} // namespace allot::matching::testing
