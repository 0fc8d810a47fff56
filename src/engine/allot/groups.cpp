#include "engine/allot/groups.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::matching {

namespace {

constexpr Index none = -1;

std::vector<Index> outer_first(const Sides& sides, Group::Scope scope, Group::Of of) {
    std::vector<Index> order;
    for (std::size_t g = 0; g < sides.groups.size(); ++g) {
        if (sides.groups[g].scope == scope && sides.groups[g].of == of) {
            order.push_back(static_cast<Index>(g));
        }
    }
    const auto size = [&](Index g) {
        return sides.groups[static_cast<std::size_t>(g)].members.size();
    };
    std::ranges::sort(
        order, [&](Index a, Index b) { return size(a) != size(b) ? size(a) > size(b) : a < b; });
    return order;
}

/// Two groups that cross, by number.
struct Crossing {
    Index one;
    Index other;
};

/// Enters groups from the largest to the smallest: when one is entered, all its members must be in
/// the same group so far, or one of these groups, which are no smaller, crosses it.
class Nesting {
  public:
    Nesting(const Sides& sides, Group::Scope scope, Group::Of of) : sides_(&sides) {
        forest.groups = outer_first(sides, scope, of);
        forest.parent.assign(sides.groups.size(), none);
        depth_.assign(sides.groups.size(), 0);
        forest.innermost.assign(of == Group::Of::asks ? sides.demand.size() : sides.places.size(),
                                none);
    }

    [[nodiscard]] std::optional<Crossing> run() {
        for (const Index group : forest.groups) {
            if (const auto crossing = enter(group)) {
                return crossing;
            }
        }
        return std::nullopt;
    }

    Forest forest;

  private:
    [[nodiscard]] Index& innermost(Index member) {
        return forest.innermost[static_cast<std::size_t>(member)];
    }
    [[nodiscard]] Index depth(Index group) const {
        return group == none ? -1 : depth_[static_cast<std::size_t>(group)];
    }

    std::optional<Crossing> enter(Index group) {
        const auto& members = sides_->groups[static_cast<std::size_t>(group)].members;
        if (members.empty()) {
            return std::nullopt;
        }
        const auto depth_of = [&](Index member) { return depth(innermost(member)); };
        const Index around = innermost(*std::ranges::max_element(members, {}, depth_of));
        for (const Index member : members) {
            if (innermost(member) != around) {
                return Crossing{.one = around, .other = group};
            }
        }
        forest.parent[static_cast<std::size_t>(group)] = around;
        depth_[static_cast<std::size_t>(group)] = depth(around) + 1;
        for (const Index member : members) {
            innermost(member) = group;
        }
        return std::nullopt;
    }

    const Sides* sides_;
    std::vector<Index> depth_;
};

class Check {
  public:
    Check(const Sides& sides, const Names& names) : sides_(&sides), names_(names) {}

    [[nodiscard]] Result<void> run() const {
        TRY_DO(check_loads());
        for (const Group& group : sides_->groups) {
            TRY_DO(check_numbers(group));
            TRY_DO(check_members(group));
        }
        TRY_DO(check_nesting(Group::Scope::round, Group::Of::asks));
        TRY_DO(check_nesting(Group::Scope::round, Group::Of::helpers));
        return check_nesting(Group::Scope::ask, Group::Of::helpers);
    }

  private:
    [[nodiscard]] Result<void> check_loads() const {
        ALLOT_CHECK(sides_->least.empty() || sides_->least.size() == sides_->places.size(),
                    "minimum loads are for all helpers or for none");
        for (std::size_t j = 0; j < sides_->least.size(); ++j) {
            if (sides_->least[j] < 0 || sides_->least[j] > sides_->places[j]) {
                return fail(ErrorKind::invalid,
                            fmt::format("{} must get at least {} asks; expected a number from 0 "
                                        "to the {} places of that helper",
                                        name(Group::Of::helpers, static_cast<Index>(j)),
                                        sides_->least[j], sides_->places[j]));
            }
        }
        return {};
    }

    [[nodiscard]] static Result<void> check_numbers(const Group& group) {
        if (group.least < 0 || group.most < group.least) {
            return fail(ErrorKind::invalid,
                        fmt::format("group \"{}\" allows at least {} and at most {}; expected "
                                    "0 <= least <= most",
                                    group.name, group.least, group.most));
        }
        if (group.scope == Group::Scope::ask && group.of == Group::Of::asks) {
            return fail(ErrorKind::invalid,
                        fmt::format("group \"{}\" counts asks for each ask by itself; expected "
                                    "helpers, or a count over the whole round",
                                    group.name));
        }
        return {};
    }

    [[nodiscard]] Result<void> check_members(const Group& group) const {
        auto members = group.members;
        std::ranges::sort(members);
        if (const auto twice = std::ranges::adjacent_find(members); twice != members.end()) {
            return fail(ErrorKind::invalid,
                        fmt::format("group \"{}\" names {} twice; expected each member once",
                                    group.name, name(group.of, *twice)));
        }
        const Index size = group.of == Group::Of::asks ? sides_->asks() : sides_->helpers();
        if (!members.empty() && (members.front() < 0 || members.back() >= size)) {
            return fail(ErrorKind::invalid,
                        fmt::format("group \"{}\" has number {} as a member; expected a number "
                                    "from 0 to {}",
                                    group.name,
                                    members.front() < 0 ? members.front() : members.back(),
                                    size - 1));
        }
        return {};
    }

    [[nodiscard]] Result<void> check_nesting(Group::Scope scope, Group::Of of) const {
        if (const auto crossing = Nesting(*sides_, scope, of).run()) {
            return fail(ErrorKind::invalid, words_of(*crossing, of));
        }
        return {};
    }

    [[nodiscard]] std::string words_of(const Crossing& crossing, Group::Of of) const {
        const Group& a = sides_->groups[static_cast<std::size_t>(crossing.one)];
        const Group& b = sides_->groups[static_cast<std::size_t>(crossing.other)];
        const auto has = [](const Group& group, Index member) {
            return std::ranges::find(group.members, member) != group.members.end();
        };
        const auto first = [&](const Group& from, bool in_other, const Group& other) {
            return name(of, *std::ranges::find_if(from.members, [&](Index member) {
                            return has(other, member) == in_other;
                        }));
        };
        return fmt::format("the groups \"{0}\" and \"{1}\" cross: {2} is in both, {3} only in "
                           "\"{0}\" and {4} only in \"{1}\"; expected groups that share nobody, or "
                           "one that holds all of the other",
                           a.name, b.name, first(a, true, b), first(a, false, b),
                           first(b, false, a));
    }

    [[nodiscard]] std::string name(Group::Of of, Index number) const {
        const auto& names = of == Group::Of::asks ? names_.asks : names_.helpers;
        const auto k = static_cast<std::size_t>(number);
        return fmt::format("{} {}", of == Group::Of::asks ? "ask" : "helper",
                           k < names.size() ? names[k] : std::to_string(number));
    }

    const Sides* sides_;
    Names names_;
};

} // namespace

Result<void> check_groups(const Sides& sides, const Names& names) {
    return Check(sides, names).run();
}

Forest forest_of(const Sides& sides, Group::Scope scope, Group::Of of) {
    Nesting nesting(sides, scope, of);
    ALLOT_CHECK(!nesting.run(), "the groups cross");
    return std::move(nesting.forest);
}

} // namespace allot::matching
