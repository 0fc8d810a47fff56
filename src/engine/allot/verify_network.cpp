#include "engine/allot/verify_network.hpp"

#include <fmt/format.h>

namespace allot::matching {

namespace {

constexpr Value zero{};
constexpr std::size_t none = static_cast<std::size_t>(-1);

std::size_t at(Index number) {
    return static_cast<std::size_t>(number);
}

/// A bounded arc between two nodes and what flows over it.
struct Link {
    std::size_t from;
    std::size_t to;
    std::int64_t least;
    std::int64_t most;
    Value worth;
    std::int64_t flow = 0;
};

/// For the groups of one scope and side: which lies in which, found by comparing all of them.
class Families {
  public:
    Families(const Sides& sides, Group::Scope scope, Group::Of of) {
        for (std::size_t g = 0; g < sides.groups.size(); ++g) {
            const Group& group = sides.groups[g];
            members_.emplace_back(group.members);
            std::ranges::sort(members_.back());
            if (group.scope == scope && group.of == of) {
                groups.push_back(g);
            }
        }
    }

    /// Two groups of which neither holds the other though they share a member.
    [[nodiscard]] bool cross() const {
        return std::ranges::any_of(groups, [&](std::size_t a) {
            return std::ranges::any_of(groups, [&](std::size_t b) {
                return shares(a, b) && !is_within(a, b) && !is_within(b, a);
            });
        });
    }
    [[nodiscard]] bool has(std::size_t group, Index member) const {
        return std::ranges::binary_search(members_[group], member);
    }
    /// The smallest group with this member.
    [[nodiscard]] std::size_t around(Index member) const {
        std::size_t best = none;
        for (const std::size_t g : groups) {
            if (has(g, member) && (best == none || lies_in(g, best))) {
                best = g;
            }
        }
        return best;
    }
    [[nodiscard]] std::size_t parent(std::size_t group) const {
        std::size_t best = none;
        for (const std::size_t g : groups) {
            if (g != group && !members_[group].empty() && lies_in(group, g) &&
                (best == none || lies_in(g, best))) {
                best = g;
            }
        }
        return best;
    }

    std::vector<std::size_t> groups;

  private:
    [[nodiscard]] bool is_within(std::size_t inner, std::size_t outer) const {
        return std::ranges::includes(members_[outer], members_[inner]);
    }
    /// Of equal groups, the later one lies in the earlier one.
    [[nodiscard]] bool lies_in(std::size_t inner, std::size_t outer) const {
        return is_within(inner, outer) && (!is_within(outer, inner) || inner > outer);
    }
    [[nodiscard]] bool shares(std::size_t a, std::size_t b) const {
        return std::ranges::any_of(members_[a], [&](Index member) { return has(b, member); });
    }

    std::vector<std::vector<Index>> members_;
};

class Residual {
  public:
    Residual(std::span<const WorthPair> pairs, const Sides& sides, const Names& names,
             Verdict& verdict)
        : pairs_(pairs), sides_(&sides), names_(names), verdict_(&verdict),
          of_asks_(sides, Group::Scope::round, Group::Of::asks),
          of_helpers_(sides, Group::Scope::round, Group::Of::helpers),
          locals_(sides, Group::Scope::ask, Group::Of::helpers) {}

    void run() {
        if (of_asks_.cross() || of_helpers_.cross() || locals_.cross()) {
            verdict_->reason = "two groups cross";
            return;
        }
        build();
        for (const Link& link : links_) {
            if (link.flow < link.least || link.flow > link.most) {
                verdict_->reason = broken(link);
                return;
            }
        }
        find_duals();
    }

  private:
    /// A group that counts for an ask.
    struct Local {
        std::size_t ask;
        std::size_t group;

        friend auto operator<=>(const Local&, const Local&) = default;
    };

    /// Nodes: 0 where everything comes from and goes to, groups over the round, asks, helpers, and
    /// for each ask the groups that count for it.
    void build() {
        const std::size_t groups = sides_->groups.size();
        const std::size_t asks = sides_->demand.size();
        first_ask_ = 1 + groups;
        first_helper_ = first_ask_ + asks;
        first_local_ = first_helper_ + sides_->places.size();
        find_local_nodes();
        nodes_ = first_local_ + local_at_.size();
        link_groups();
        link_asks();
        link_helpers();
        link_pairs();
        fill();
    }

    [[nodiscard]] static std::size_t group_node(std::size_t group) {
        return group == none ? 0 : 1 + group;
    }

    void link_groups() {
        for (const std::size_t g : of_asks_.groups) {
            add(group_node(of_asks_.parent(g)), group_node(g), sides_->groups[g]);
        }
        for (const std::size_t g : of_helpers_.groups) {
            add(group_node(g), group_node(of_helpers_.parent(g)), sides_->groups[g]);
        }
    }

    void add(std::size_t from, std::size_t to, const Group& group) {
        links_.push_back({from, to, group.least, group.most, zero});
    }

    void link_asks() {
        for (std::size_t i = 0; i < sides_->demand.size(); ++i) {
            const Count demand = sides_->demand[i];
            const auto outer = of_asks_.around(static_cast<Index>(i));
            links_.push_back({group_node(outer), first_ask_ + i,
                              sides_->service == Service::full ? demand : 0, demand, zero});
            for (auto k = first_local_of_[i]; k < first_local_of_[i + 1]; ++k) {
                const auto group = local_at_[k].group;
                const auto parent = local_parent_[group];
                add(parent == none ? first_ask_ + i : local_node(i, parent), first_local_ + k,
                    sides_->groups[group]);
            }
        }
    }

    /// For each ask the groups that count for it and that it could use, or must; nothing else could
    /// flow through a group.
    void find_local_nodes() {
        const std::size_t asks = sides_->demand.size();
        local_parent_.assign(sides_->groups.size(), none);
        std::vector<std::size_t> needed;
        for (const std::size_t group : locals_.groups) {
            local_parent_[group] = locals_.parent(group);
            if (sides_->groups[group].least > 0) {
                needed.push_back(group);
            }
        }
        for (Index helper = 0; helper < sides_->helpers(); ++helper) {
            around_.push_back(locals_.around(helper));
        }
        std::vector<std::vector<std::size_t>> used(asks, needed);
        for (const WorthPair& pair : pairs_) {
            used[at(pair.ask)].push_back(around_[at(pair.helper)]);
        }
        first_local_of_.assign(1, 0);
        std::vector<std::size_t> added_for(sides_->groups.size(), none);
        for (std::size_t i = 0; i < asks; ++i) {
            for (std::size_t group : used[i]) {
                for (; group != none && added_for[group] != i; group = local_parent_[group]) {
                    added_for[group] = i;
                    local_at_.push_back({i, group});
                }
            }
            std::sort(local_at_.begin() + static_cast<std::ptrdiff_t>(first_local_of_.back()),
                      local_at_.end());
            first_local_of_.push_back(local_at_.size());
        }
    }

    [[nodiscard]] std::size_t local_node(std::size_t ask, std::size_t group) const {
        const auto found = std::ranges::lower_bound(local_at_, Local{ask, group});
        return first_local_ + static_cast<std::size_t>(found - local_at_.begin());
    }

    void link_helpers() {
        first_helper_link_ = links_.size();
        for (Index helper = 0; helper < sides_->helpers(); ++helper) {
            links_.push_back({first_helper_ + at(helper), group_node(of_helpers_.around(helper)),
                              sides_->least_of(helper), sides_->places[at(helper)], zero});
        }
    }

    void link_pairs() {
        first_pair_ = links_.size();
        for (const WorthPair& pair : pairs_) {
            const auto group = around_[at(pair.helper)];
            const std::size_t from =
                group == none ? first_ask_ + at(pair.ask) : local_node(at(pair.ask), group);
            links_.push_back({from, first_helper_ + at(pair.helper), 0, 1, pair.worth});
        }
    }

    /// Counts for each bound the pairs that it is about.
    void fill() {
        into_.assign(nodes_, none);
        out_.assign(nodes_, none);
        for (std::size_t k = 0; k < first_pair_; ++k) {
            const bool helper_side = is_helper_side(links_[k]);
            (helper_side ? out_[links_[k].from] : into_[links_[k].to]) = k;
        }
        for (std::size_t k = 0; k < pairs_.size(); ++k) {
            if (pairs_[k].held) {
                Link& link = links_[first_pair_ + k];
                link.flow = 1;
                for (std::size_t n = link.from; n != 0; n = links_[into_[n]].from) {
                    ++links_[into_[n]].flow;
                }
                for (std::size_t n = link.to; n != 0; n = links_[out_[n]].to) {
                    ++links_[out_[n]].flow;
                }
            }
        }
    }

    [[nodiscard]] bool is_helper_side(const Link& link) const {
        return (link.from >= first_helper_ && link.from < first_local_) ||
               (link.from >= 1 && link.from < first_ask_ &&
                sides_->groups[link.from - 1].of == Group::Of::helpers);
    }

    [[nodiscard]] std::string broken(const Link& link) const {
        const std::size_t node = is_helper_side(link) ? link.from : link.to;
        if (node >= first_local_) {
            const auto [ask, group] = local_at_[node - first_local_];
            return fmt::format("ask {} has {}", name(names_.asks, ask),
                               of_group(sides_->groups[group], link.flow));
        }
        if (node >= first_helper_) {
            return fmt::format("helper {} has {} asks and must get at least {}",
                               name(names_.helpers, node - first_helper_), link.flow, link.least);
        }
        return fmt::format("the round has {}", of_group(sides_->groups[node - 1], link.flow));
    }

    [[nodiscard]] static std::string of_group(const Group& group, std::int64_t flow) {
        return fmt::format("{} of group \"{}\", which allows at least {} and at most {}", flow,
                           group.name, group.least, group.most);
    }

    [[nodiscard]] static std::string name(std::span<const std::string> names, std::size_t number) {
        return names.empty() ? std::to_string(number) : names[number];
    }

    /// Raises duals along what could still flow, until nothing changes or a cycle raises itself.
    void find_duals() {
        dual_.assign(nodes_, zero);
        raised_by_.assign(nodes_, none);
        while (raise_all()) {
            if (raised_in_a_circle()) {
                verdict_->reason = "the pairs can be exchanged in a circle for a better allotment";
                return;
            }
        }
        sum_bound();
        verdict_->holds = verdict_->bound == verdict_->objective;
        if (!verdict_->holds) {
            verdict_->reason = "another allotment would be better";
        }
    }

    bool raise_all() {
        bool changed = false;
        for (const Link& link : links_) {
            if (link.flow < link.most) {
                changed = raise(link.from, link.to, dual_[link.from] + link.worth) || changed;
            }
            if (link.flow > link.least) {
                changed = raise(link.to, link.from, dual_[link.to] - link.worth) || changed;
            }
        }
        return changed;
    }

    bool raise(std::size_t from, std::size_t to, const Value& value) {
        if (value <= dual_[to]) {
            return false;
        }
        dual_[to] = value;
        raised_by_[to] = from;
        return true;
    }

    [[nodiscard]] bool raised_in_a_circle() const {
        std::vector<std::size_t> seen_from(nodes_, none);
        for (std::size_t start = 0; start < nodes_; ++start) {
            std::size_t node = start;
            while (node != none && seen_from[node] == none) {
                seen_from[node] = start;
                node = raised_by_[node];
            }
            if (node != none && seen_from[node] == start) {
                return true;
            }
        }
        return false;
    }

    /// What one more unit over a link would add.
    [[nodiscard]] Value gain(const Link& link) const {
        return link.worth + dual_[link.from] - dual_[link.to];
    }

    void sum_bound() {
        WideSum sum;
        for (const Link& link : links_) {
            const Value by = gain(link);
            sum.add(by > zero ? link.most : link.least, by);
        }
        verdict_->bound = sum.value();
        for (std::size_t j = 0; j < sides_->places.size(); ++j) {
            verdict_->prices[j] = gain(links_[first_helper_link_ + j]);
        }
    }

    std::span<const WorthPair> pairs_;
    const Sides* sides_;
    Names names_;
    Verdict* verdict_;
    Families of_asks_;
    Families of_helpers_;
    Families locals_;
    std::vector<std::size_t> around_; ///< of each helper, among the groups that count for asks
    std::vector<std::size_t> local_parent_;   ///< of each group
    std::vector<Local> local_at_;             ///< by node
    std::vector<std::size_t> first_local_of_; ///< of each ask, in `local_at_`
    std::size_t first_ask_ = 0;
    std::size_t first_helper_ = 0;
    std::size_t first_local_ = 0;
    std::size_t nodes_ = 0;
    std::size_t first_helper_link_ = 0;
    std::size_t first_pair_ = 0;
    std::vector<Link> links_;
    std::vector<std::size_t> into_; ///< the link by which a node on the side of asks is fed
    std::vector<std::size_t> out_;  ///< the link by which a node on the side of helpers drains
    std::vector<Value> dual_;
    std::vector<std::size_t> raised_by_;
};

} // namespace

void verify_in_network(std::span<const WorthPair> pairs, const Sides& sides, const Names& names,
                       Verdict& verdict) {
    Residual(pairs, sides, names, verdict).run();
}

} // namespace allot::matching
