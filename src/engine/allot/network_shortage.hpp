/// Why an instance with groups and minimum loads cannot be served. Internal to `engine/allot`.
#pragma once

#include "engine/allot/network.hpp"

namespace allot::matching {

/// Reads cuts off a network whose first phase ended with something missing. Then no flow leads from
/// a node with too much to one that lacks: the nodes with a potential of at most -1 are closed
/// under what can still flow, those of at least 1 under where it can come from, and that holds for
/// the pairs that are no columns too. The hub is in one of the two sets at most. From each such
/// node in the other set, all that it reaches is a set whose minimums cannot be met (Hoffman 1960);
/// sets that meet are one. O(pairs of the asks in the set).
template <class Rows, class Scale>
class NetworkShortages {
  public:
    using Net = Network<Rows, Scale>;
    using Cost = typename Net::Cost;
    using Node = typename Net::Node;
    using Arc = typename Net::Arc;

    explicit NetworkShortages(const Net& network)
        : network_(&network), simplex_(&network.simplex()),
          cut_of_(static_cast<std::size_t>(simplex_->nodes()), none), next_(cut_of_.size()) {}

    [[nodiscard]] std::vector<Shortage> run() {
        sign_ = network_->potential(network_->hub()) > -1 && has_source(-1) ? -1 : 1;
        link();
        for (Node node = 0; node < simplex_->nodes(); ++node) {
            if (is_source(node, sign_) && cut_of(node) == none) {
                same_as_.push_back(static_cast<Index>(same_as_.size()));
                close_over(node, same_as_.back());
            }
        }
        return collect();
    }

  private:
    static constexpr Index none = -1;

    static std::size_t at(Index number) { return static_cast<std::size_t>(number); }
    Index& cut_of(Node node) { return cut_of_[at(node)]; }
    [[nodiscard]] Index root(Index cut) const {
        while (cut != none && same_as_[at(cut)] != cut) {
            cut = same_as_[at(cut)];
        }
        return cut;
    }
    [[nodiscard]] Index root_of(Node node) const { return root(cut_of_[at(node)]); }

    /// With -1: something stays at this node. With 1: it lacks something.
    [[nodiscard]] bool is_source(Node node, int sign) const {
        return sign < 0 ? simplex_->excess(node) > 0 : simplex_->excess(node) < 0;
    }
    [[nodiscard]] bool has_source(int sign) const {
        for (Node node = 0; node < simplex_->nodes(); ++node) {
            if (is_source(node, sign)) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool inside(Node node) const {
        const Cost potential = network_->potential(node);
        return sign_ < 0 ? potential <= -1 : potential >= 1;
    }

    /// Flow could go from one node to the other; both are in the set.
    void add_link(Node from, Node to) {
        if (inside(from) && inside(to)) {
            sign_ < 0 ? next_[at(from)].push_back(to) : next_[at(to)].push_back(from);
        }
    }

    void link() {
        for (Arc arc = 0; arc < simplex_->arcs(); ++arc) {
            if (simplex_->by_root(arc)) {
                continue;
            }
            if (simplex_->flow(arc) < simplex_->most(arc)) {
                add_link(simplex_->from(arc), simplex_->to(arc));
            }
            if (simplex_->flow(arc) > simplex_->least(arc)) {
                add_link(simplex_->to(arc), simplex_->from(arc));
            }
        }
        for (Index ask = 0; ask < network_->sides().asks(); ++ask) {
            if (network_->takes_part(ask) && has_node_inside(ask)) {
                link_pairs(ask);
            }
        }
    }

    [[nodiscard]] bool has_node_inside(Index ask) const {
        return inside(network_->ask_node(ask)) ||
               std::ranges::any_of(network_->locals_of(ask),
                                   [&](const auto& local) { return inside(local.node); });
    }

    /// The pairs of a row that are no columns carry nothing.
    void link_pairs(Index ask) {
        constexpr Cost any = -(Cost{1} << (8 * sizeof(Cost) - 3));
        const typename Net::Tails tails(*network_, ask);
        const Prices<Cost> none_asked(network_->sides().helpers());
        const auto& columns = network_->columns(ask);
        network_->rows().scan(ask, none_asked, any, [&](Index helper, Micro, Cost) {
            if (std::ranges::find(columns, helper, &Net::Column::helper) == columns.end()) {
                add_link(tails[helper], network_->helper_node(helper));
            }
            return any;
        });
    }

    void close_over(Node first, Index cut) {
        std::vector<Node> todo{first};
        cut_of(first) = cut;
        while (!todo.empty()) {
            const Node node = todo.back();
            todo.pop_back();
            for (const Node next : next_[at(node)]) {
                if (cut_of(next) == none) {
                    cut_of(next) = cut;
                    todo.push_back(next);
                } else {
                    same_as_[at(root(cut))] = root(cut_of(next));
                }
            }
        }
    }

    [[nodiscard]] std::vector<Shortage> collect() {
        std::vector<Shortage> all(same_as_.size());
        for (Shortage& cut : all) {
            cut.kind = sign_ < 0 ? Shortage::Kind::demands : Shortage::Kind::minimums;
        }
        name_members(all);
        for (Arc arc = 0; arc < simplex_->arcs(); ++arc) {
            if (!simplex_->by_root(arc)) {
                count(arc, all);
            }
        }
        name_groups(all);
        std::erase_if(all, [](const Shortage& cut) { return cut.needed == 0; });
        return all;
    }

    void name_members(std::vector<Shortage>& all) const {
        for (Index ask = 0; ask < network_->sides().asks(); ++ask) {
            add(all, &Shortage::asks, root_of(network_->ask_node(ask)), ask);
            for (const auto& local : network_->locals_of(ask)) {
                add(all, &Shortage::asks, root_of(local.node), ask);
            }
        }
        for (Index helper = 0; helper < network_->sides().helpers(); ++helper) {
            add(all, &Shortage::helpers, root_of(network_->helper_node(helper)), helper);
        }
    }

    static void add(std::vector<Shortage>& all, std::vector<Index> Shortage::* list, Index cut,
                    Index number) {
        if (cut != none &&
            ((all[at(cut)].*list).empty() || (all[at(cut)].*list).back() != number)) {
            (all[at(cut)].*list).push_back(number);
        }
    }

    /// What must flow into a set with too much, and what may flow out; the other way round for one
    /// that lacks. Pairs have no least flow.
    void count(Arc arc, std::vector<Shortage>& all) const {
        const Index from = root_of(simplex_->from(arc));
        const Index to = root_of(simplex_->to(arc));
        if (from == to) {
            return;
        }
        const Index must = sign_ < 0 ? to : from;
        const Index may = sign_ < 0 ? from : to;
        if (must != none) {
            all[at(must)].needed += simplex_->least(arc);
        }
        if (may != none) {
            (is_pair(arc) ? all[at(may)].single : all[at(may)].places) += simplex_->most(arc);
        }
    }

    [[nodiscard]] bool is_pair(Arc arc) const { return arc >= network_->structural_arcs(); }

    void name_groups(std::vector<Shortage>& all) const {
        const auto& groups = network_->sides().groups;
        std::vector<std::vector<Arc>> arcs(groups.size());
        for (std::size_t g = 0; g < groups.size(); ++g) {
            if (const Arc arc = network_->group_arc(static_cast<Index>(g)); arc != none) {
                arcs[g].push_back(arc);
            }
        }
        for (const auto& local : network_->locals()) {
            arcs[at(local.group)].push_back(local.arc);
        }
        for (std::size_t g = 0; g < groups.size(); ++g) {
            for (const Arc arc : arcs[g]) {
                const Index from = root_of(simplex_->from(arc));
                const Index to = root_of(simplex_->to(arc));
                if (from != to) {
                    add(all, &Shortage::groups, from, static_cast<Index>(g));
                    add(all, &Shortage::groups, to, static_cast<Index>(g));
                }
            }
        }
    }

    const Net* network_;
    const typename Net::Simplex* simplex_;
    int sign_ = -1;
    std::vector<Index> cut_of_;
    std::vector<std::vector<Node>> next_;
    std::vector<Index> same_as_;
};

} // namespace allot::matching
