/// The primal network simplex method. Internal to `engine/allot`.
#pragma once

#include "engine/allot/instance.hpp"

#include <cmath>
#include <limits>

namespace allot::matching {

/// A circulation of largest value: on each arc a flow between `least` and `most`, as much into each
/// node as out of it, and the sum of value * flow as large as possible. `Cost` is a signed integer
/// of 64 or 128 bits.
///
/// Primal network simplex with a strongly feasible spanning tree, so that it never cycles
/// (Cunningham 1976), and block search for the entering arc (Grigoriadis 1986; Kiraly and Kovacs
/// 2012). From each node an arc without a cost of its own leads to or from a root beside the
/// network, so that there is a tree to begin with. The first phase empties these arcs; in a
/// strongly feasible tree those that stay lead to the root, and as none leads back they stay empty.
/// Arcs may be added and values changed at any time; the tree is kept. Deterministic.
template <class Cost>
class NetworkSimplex {
  public:
    using Node = std::int32_t;
    using Arc = std::int32_t;
    using Flow = std::int64_t;

    /// More than any flow.
    static constexpr Flow unbounded = Flow{1} << 60U;

    /// Before `start` only.
    Node add_node() { return nodes_++; }

    /// `0 <= least <= most`; after `start`, `least` is 0. An arc of one possible flow never enters
    /// the tree, which could not stay strongly feasible with it.
    Arc add_arc(Node from, Node to, Flow least, Flow most, Cost value) {
        ALLOT_CHECK(0 <= least && least <= most && (root_ == none || least == 0),
                    "the bounds of an arc are the wrong way round");
        arcs_.push_back({from, to, least, most, value});
        flow_.push_back(least);
        state_.push_back(least < most ? at_least : not_priced);
        return static_cast<Arc>(arcs_.size()) - 1;
    }

    /// Every arc at its least flow; what is then missing at the nodes goes by the root.
    void start() {
        root_ = nodes_;
        tree_.assign(static_cast<std::size_t>(nodes_) + 1, {});
        std::vector<Flow> excess(tree_.size());
        for (std::size_t a = 0; a < arcs_.size(); ++a) {
            excess[at(arcs_[a].from)] -= flow_[a];
            excess[at(arcs_[a].to)] += flow_[a];
        }
        first_by_root_ = static_cast<Arc>(arcs_.size());
        for (Node node = 0; node < nodes_; ++node) {
            const Flow held = excess[at(node)];
            arcs_.push_back(held >= 0 ? Ends{node, root_, 0, unbounded, 0}
                                      : Ends{root_, node, 0, unbounded, 0});
            flow_.push_back(held >= 0 ? held : -held);
            state_.push_back(not_priced);
            hang(node, root_, static_cast<Arc>(arcs_.size()) - 1);
        }
        block_ = std::max<std::size_t>(
            20, static_cast<std::size_t>(std::sqrt(static_cast<double>(arcs_.size()))));
        potentials();
    }

    /// What goes by the root: 0 when the flow respects all bounds.
    [[nodiscard]] Flow missing() const {
        Flow sum = 0;
        for (Node node = 0; node < nodes_; ++node) {
            sum += flow_[at(first_by_root_ + node)];
        }
        return sum;
    }

    /// From here on values count, not what is missing; only where nothing is missing.
    void begin_second_phase() {
        ALLOT_CHECK(missing() == 0, "the flow does not respect all bounds");
        second_phase_ = true;
        potentials();
    }

    /// Pivots until the flow has the largest value (in the first phase: until as little as possible
    /// is missing). Calls `keep_going()` from time to time; false when that said so.
    template <class KeepGoing>
    [[nodiscard]] bool run(const KeepGoing& keep_going) {
        constexpr int between_calls = 1024;
        for (int pivots = 1;; ++pivots) {
            const Arc entering = find_entering();
            if (entering == none) {
                return true;
            }
            pivot(entering);
            if (pivots % between_calls == 0) {
                pivots = 0;
                if (!keep_going()) {
                    return false;
                }
            }
        }
    }

    [[nodiscard]] Flow flow(Arc arc) const { return flow_[at(arc)]; }
    [[nodiscard]] Flow least(Arc arc) const { return arcs_[at(arc)].least; }
    [[nodiscard]] Flow most(Arc arc) const { return arcs_[at(arc)].most; }
    [[nodiscard]] Node from(Arc arc) const { return arcs_[at(arc)].from; }
    [[nodiscard]] Node to(Arc arc) const { return arcs_[at(arc)].to; }
    [[nodiscard]] Arc arcs() const { return static_cast<Arc>(arcs_.size()); }
    [[nodiscard]] Node nodes() const { return nodes_; }
    /// Is this one of the arcs to or from the root?
    [[nodiscard]] bool by_root(Arc arc) const {
        return arc >= first_by_root_ && arc < first_by_root_ + nodes_;
    }
    /// What a node has too much of (negative: lacks), which goes by the root.
    [[nodiscard]] Flow excess(Node node) const {
        const Arc arc = first_by_root_ + node;
        return from(arc) == node ? flow(arc) : -flow(arc);
    }
    /// Dual of a node, in the first phase of what is missing. `reduced` of an arc is
    /// `value - potential(from) + potential(to)`; at an optimum it is at most 0 where the flow
    /// could be larger, and at least 0 where it could be smaller.
    [[nodiscard]] Cost potential(Node node) const { return tree_[at(node)].potential; }
    [[nodiscard]] Cost reduced(Arc arc) const {
        const Ends& ends = arcs_[at(arc)];
        return value(arc) - potential(ends.from) + potential(ends.to);
    }

    /// New values; call `values_changed` after the last one.
    void set_value(Arc arc, Cost value) { arcs_[at(arc)].value = value; }
    void values_changed() { potentials(); }
    /// The flow of an arc outside of the tree stays as it is from here on.
    void fix(Arc arc) { state_[at(arc)] = not_priced; }

  private:
    static constexpr std::int32_t none = -1;
    static constexpr std::int8_t at_most = -1, not_priced = 0, at_least = 1;

    struct Ends {
        Node from;
        Node to;
        Flow least;
        Flow most;
        Cost value;
    };
    struct Place {
        Node parent = none;
        Arc up = none; ///< the arc between the node and its parent
        Node first_child = none;
        Node before = none; ///< among the children of the parent
        Node after = none;
        std::int32_t depth = 0;
        Cost potential = 0;
    };

    static std::size_t at(std::int32_t number) { return static_cast<std::size_t>(number); }
    Place& place(Node node) { return tree_[at(node)]; }
    [[nodiscard]] const Place& place(Node node) const { return tree_[at(node)]; }

    [[nodiscard]] Cost value(Arc arc) const {
        if (by_root(arc)) {
            return second_phase_ ? Cost{0} : Cost{-1};
        }
        return second_phase_ ? arcs_[at(arc)].value : Cost{0};
    }

    void hang(Node node, Node parent, Arc up) {
        Place& p = place(node);
        p.parent = parent;
        p.up = up;
        p.before = none;
        p.after = place(parent).first_child;
        if (p.after != none) {
            place(p.after).before = node;
        }
        place(parent).first_child = node;
    }

    void unhang(Node node) {
        const Place& p = place(node);
        if (p.before != none) {
            place(p.before).after = p.after;
        } else {
            place(p.parent).first_child = p.after;
        }
        if (p.after != none) {
            place(p.after).before = p.before;
        }
    }

    /// Calls `visit` for the nodes at and below `top`, parents first.
    template <class Visit>
    void for_subtree(Node top, const Visit& visit) {
        Node node = top;
        while (true) {
            visit(place(node));
            if (place(node).first_child != none) {
                node = place(node).first_child;
                continue;
            }
            while (node != top && place(node).after == none) {
                node = place(node).parent;
            }
            if (node == top) {
                return;
            }
            node = place(node).after;
        }
    }

    void potentials() {
        for_subtree(root_, [&](Place& p) {
            if (p.parent == none) {
                return;
            }
            const Place& parent = place(p.parent);
            const bool upward = arcs_[at(p.up)].to == p.parent;
            p.depth = parent.depth + 1;
            p.potential = upward ? parent.potential + value(p.up) : parent.potential - value(p.up);
        });
    }

    /// The best arc of the first block that has one that helps.
    [[nodiscard]] Arc find_entering() {
        Arc best = none;
        Cost gain = 0;
        std::size_t left = block_;
        for (std::size_t k = 0; k < arcs_.size(); ++k) {
            next_ = next_ + 1 < arcs_.size() ? next_ + 1 : 0;
            if (state_[next_] != not_priced) {
                const Cost by = reduced(static_cast<Arc>(next_));
                const Cost helps = state_[next_] == at_least ? by : -by;
                if (helps > gain) {
                    gain = helps;
                    best = static_cast<Arc>(next_);
                }
            }
            if (--left == 0) {
                if (best != none) {
                    return best;
                }
                left = block_;
            }
        }
        return best;
    }

    /// How much more can go over an arc, along it or against it.
    [[nodiscard]] Flow room(Arc arc, bool along) const {
        const Ends& ends = arcs_[at(arc)];
        return along ? ends.most - flow(arc) : flow(arc) - ends.least;
    }
    void push(Arc arc, bool along, Flow amount) { flow_[at(arc)] += along ? amount : -amount; }

    /// Sends as much as possible around the cycle of `entering`. Of the arcs that stop it, the last
    /// one leaves, seen along the cycle from its highest node: that keeps the tree strongly
    /// feasible.
    void pivot(Arc entering) {
        const bool along = state_[at(entering)] == at_least;
        const Node first = along ? from(entering) : to(entering);
        const Node second = along ? to(entering) : from(entering);
        const Node join = meet(first, second);
        Flow amount = most(entering) - least(entering);
        Node leaves = none;
        bool on_first = false;
        for (Node node = first; node != join; node = place(node).parent) {
            if (const Flow d = room(place(node).up, to(place(node).up) == node); d < amount) {
                amount = d;
                leaves = node;
                on_first = true;
            }
        }
        for (Node node = second; node != join; node = place(node).parent) {
            if (const Flow d = room(place(node).up, from(place(node).up) == node); d <= amount) {
                amount = d;
                leaves = node;
                on_first = false;
            }
        }
        if (amount > 0) {
            push(entering, along, amount);
            for (Node node = first; node != join; node = place(node).parent) {
                push(place(node).up, to(place(node).up) == node, amount);
            }
            for (Node node = second; node != join; node = place(node).parent) {
                push(place(node).up, from(place(node).up) == node, amount);
            }
        }
        if (leaves == none) {
            state_[at(entering)] = along ? at_most : at_least;
            return;
        }
        exchange(entering, leaves, on_first ? first : second);
    }

    [[nodiscard]] Node meet(Node a, Node b) const {
        while (a != b) {
            if (place(a).depth >= place(b).depth) {
                a = place(a).parent;
            } else {
                b = place(b).parent;
            }
        }
        return a;
    }

    /// Hangs the part of the tree below `leaves` up by its node `top`, at the other end of
    /// `entering`.
    void exchange(Arc entering, Node leaves, Node top) {
        const Arc leaving = place(leaves).up;
        const Cost by = reduced(entering);
        const bool upward = from(entering) == top;
        state_[at(entering)] = not_priced;
        state_[at(leaving)] = by_root(leaving)                  ? not_priced
                              : flow(leaving) == least(leaving) ? at_least
                                                                : at_most;
        Node parent = upward ? to(entering) : from(entering);
        Arc up = entering;
        Node node = top;
        while (true) {
            const Node old_parent = place(node).parent;
            const Arc old_up = place(node).up;
            unhang(node);
            hang(node, parent, up);
            if (node == leaves) {
                break;
            }
            parent = node;
            up = old_up;
            node = old_parent;
        }
        for_subtree(top, [&](Place& p) {
            p.depth = place(p.parent).depth + 1;
            p.potential += upward ? by : -by;
        });
    }

    Node nodes_ = 0;
    Node root_ = none;
    Arc first_by_root_ = std::numeric_limits<Arc>::max() / 2;
    bool second_phase_ = false;
    std::vector<Ends> arcs_;
    std::vector<Flow> flow_;
    std::vector<std::int8_t> state_; ///< not_priced in the tree, and by the root
    std::vector<Place> tree_;
    std::size_t block_ = 20;
    std::size_t next_ = 0;
};

} // namespace allot::matching
