/// An instance with groups and minimum loads as a circulation. Internal to `engine/allot`.
#pragma once

#include "engine/allot/groups.hpp"
#include "engine/allot/network_simplex.hpp"
#include "engine/allot/parallel.hpp"
#include "engine/allot/scale.hpp"
#include "engine/allot/solver.hpp"

#include <mutex>

namespace allot::matching {

/// How places are counted: a place is `whole` units of flow, and a pair takes at most `pair` of
/// them. {1, 1} allots; {K, p} makes the marginals of a lottery with the cap p/K.
struct Units {
    std::int64_t whole = 1;
    std::int64_t pair = 1;
};

/// hub -> groups of asks -> ask -> groups that count for this ask -> pair -> helper -> groups of
/// helpers -> hub, with the bounds of the instance on the arcs. Laminar groups on both sides make
/// this a network, so its corners are whole (Edmonds 1970; Budish, Che, Kojima, Milgrom 2013).
///
/// Pairs become arcs when they are needed (column generation): first the best of each row; after
/// each optimum all pairs are priced against the potentials, and those that would help are added.
/// When none is left, this last look at all pairs is the proof.
template <class Rows, class Scale>
class Network {
  public:
    using Cost = typename Scale::Cost;
    using Simplex = NetworkSimplex<Cost>;
    using Node = typename Simplex::Node;
    using Arc = typename Simplex::Arc;

    /// A pair that is an arc.
    struct Column {
        Index helper;
        Micro score;
        Arc arc;
    };
    /// A group that counts for one ask, where it can bind.
    struct Local {
        Index ask;
        Index group;
        Node node;
        Arc arc;
    };

    /// `sides` pass `check_groups`. O(pairs) where groups count for each ask.
    Network(const Rows& rows, const Sides& sides, const Scale& scale, Units units,
            const Options& options)
        : rows_(&rows), sides_(&sides), scale_(scale), units_(units), options_(&options),
          of_ask_(forest_of(sides, Group::Scope::ask, Group::Of::helpers)),
          columns_(sides.demand.size()) {
        add_nodes();
        add_asks();
        add_helpers();
        add_locals();
    }

    /// Finds an optimal flow; afterwards `feasible` says whether there is one.
    /// Errors: interrupted.
    [[nodiscard]] Result<void> solve() {
        add_first_columns();
        simplex_.start();
        TRY_DO(improve([&] { return price_for_bounds(); }));
        if (!feasible()) {
            return {};
        }
        simplex_.begin_second_phase();
        return improve([&] { return price_for_value(); });
    }

    /// Makes an arc of every pair and finds a flow that keeps to all bounds, if there is one; then
    /// the values of pairs may be set. O(pairs) arcs. Errors: interrupted.
    [[nodiscard]] Result<void> list_all() {
        const Prices<Cost> none_asked(sides_->helpers());
        std::vector<Found> found;
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            found.clear();
            rows_->scan(ask, none_asked, lowest, [&](Index helper, Micro score, Cost net) {
                found.push_back({net, score, helper});
                return lowest;
            });
            std::ranges::sort(found, Found::before);
            add_columns(ask, found);
        }
        simplex_.start();
        TRY_DO(improve([] { return 0; }));
        if (feasible()) {
            simplex_.begin_second_phase();
        }
        return {};
    }

    [[nodiscard]] bool feasible() const { return simplex_.missing() == 0; }

    /// The pairs with a flow, by ask and then helper: `use(pair, flow)`.
    template <class Use>
    void for_each_pair(const Use& use) const {
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            auto row = columns(ask);
            std::ranges::sort(row, {}, &Column::helper);
            for (const Column& column : row) {
                if (const auto flow = simplex_.flow(column.arc); flow > 0) {
                    use(Pair{.ask = ask, .helper = column.helper, .score = column.score}, flow);
                }
            }
        }
    }

    /// See `allot_in_network`.
    [[nodiscard]] std::vector<Value> prices() const {
        std::vector<Value> prices;
        for (const Arc arc : helper_arc_) {
            prices.push_back(scale_.value(reduced(arc)));
        }
        return prices;
    }
    [[nodiscard]] std::vector<Value> group_prices() const {
        std::vector<Cost> sums(sides_->groups.size());
        for (std::size_t g = 0; g < sums.size(); ++g) {
            sums[g] = group_arc_[g] == none ? Cost{0} : reduced(group_arc_[g]);
        }
        for (const Local& local : locals_) {
            sums[at(local.group)] += reduced(local.arc);
        }
        std::vector<Value> prices;
        std::ranges::transform(sums, std::back_inserter(prices),
                               [&](const Cost& sum) { return scale_.value(sum); });
        return prices;
    }

    /// Objective, and the bound of `allot_in_network` over all pairs. O(pairs).
    [[nodiscard]] Certificate certificate() const {
        Cost objective = 0;
        for_each_pair([&](const Pair& pair, std::int64_t flow) {
            objective += static_cast<Cost>(flow) * (lift(pair.ask) + pair.score);
        });
        return {.objective = scale_.value(objective), .bound = scale_.value(bound())};
    }

    /// What a place of this ask is worth beside its score.
    [[nodiscard]] Cost lift(Index ask) const { return scale_.lift(sides_->waiting_of(ask)); }
    [[nodiscard]] const Rows& rows() const { return *rows_; }
    [[nodiscard]] const Sides& sides() const { return *sides_; }
    [[nodiscard]] Simplex& simplex() { return simplex_; }
    [[nodiscard]] const Simplex& simplex() const { return simplex_; }
    [[nodiscard]] const std::vector<Column>& columns(Index ask) const { return columns_[at(ask)]; }
    /// An optimal dual of a node for the values that were solved last.
    [[nodiscard]] Cost potential(Node node) const { return potential_[at(node)]; }
    [[nodiscard]] Node hub() const { return hub_; }
    [[nodiscard]] Node ask_node(Index ask) const { return ask_node_[at(ask)]; }
    [[nodiscard]] Node helper_node(Index helper) const { return helper_node_[at(helper)]; }
    /// Of a group over the round; -1 for one that counts for each ask.
    [[nodiscard]] Arc group_arc(Index group) const { return group_arc_[at(group)]; }
    /// By ask.
    [[nodiscard]] const std::vector<Local>& locals() const { return locals_; }
    [[nodiscard]] std::span<const Local> locals_of(Index ask) const {
        return std::span(locals_).subspan(first_local_[at(ask)],
                                          first_local_[at(ask) + 1] - first_local_[at(ask)]);
    }
    /// Can this row have a pair at all?
    [[nodiscard]] bool takes_part(Index ask) const {
        return sides_->demand[at(ask)] > 0 || !locals_of(ask).empty();
    }

    /// All arcs that are no pairs come first.
    [[nodiscard]] Arc structural_arcs() const {
        return static_cast<Arc>(sides_->groups.size() - of_ask_.groups.size() +
                                sides_->demand.size() + sides_->places.size() + locals_.size());
    }

    /// Where the pairs of a row begin: at the ask, or at the smallest group around the helper that
    /// counts for this ask.
    class Tails {
      public:
        Tails(const Network& network, Index ask)
            : innermost_(&network.of_ask_.innermost), ask_(network.ask_node(ask)) {
            const auto locals = network.locals_of(ask);
            if (locals.empty()) {
                return;
            }
            of_group_.assign(network.sides_->groups.size(), ask_);
            for (const Index group : network.of_ask_.groups) {
                const auto own = std::ranges::find(locals, group, &Local::group);
                const Index parent = network.of_ask_.parent[at(group)];
                of_group_[at(group)] = own != locals.end() ? own->node
                                       : parent == none    ? ask_
                                                           : of_group_[at(parent)];
            }
        }
        [[nodiscard]] Node operator[](Index helper) const {
            const Index group = of_group_.empty() ? none : (*innermost_)[at(helper)];
            return group == none ? ask_ : of_group_[at(group)];
        }

      private:
        const std::vector<Index>* innermost_;
        Node ask_;
        std::vector<Node> of_group_;
    };

  private:
    static constexpr Index none = -1;
    static constexpr Count first_list = 12; ///< columns of a row at first
    static constexpr Cost lowest = -(Cost{1} << (8 * sizeof(Cost) - 3));

    /// A pair that would help: by `gain` for each unit.
    struct Found {
        Cost gain;
        Micro score;
        Index helper;

        [[nodiscard]] static bool before(const Found& a, const Found& b) {
            if (a.gain != b.gain) {
                return a.gain > b.gain;
            }
            return a.score != b.score ? a.score > b.score : a.helper < b.helper;
        }
    };

    static std::size_t at(Index number) { return static_cast<std::size_t>(number); }
    [[nodiscard]] std::int64_t units(Count places) const { return units_.whole * places; }

    void add_nodes() {
        hub_ = simplex_.add_node();
        group_node_.assign(sides_->groups.size(), none);
        group_arc_.assign(sides_->groups.size(), none);
        for (std::size_t g = 0; g < group_node_.size(); ++g) {
            if (sides_->groups[g].scope == Group::Scope::round) {
                group_node_[g] = simplex_.add_node();
            }
        }
        ask_node_.resize(sides_->demand.size());
        for (std::size_t k = 0; k < ask_node_.size(); ++k) {
            ask_node_[options_->order.empty() ? k : at(options_->order[k])] = simplex_.add_node();
        }
        for (std::size_t j = 0; j < sides_->places.size(); ++j) {
            helper_node_.push_back(simplex_.add_node());
        }
    }

    /// The node of the group around, or the hub.
    [[nodiscard]] Node around(Index group) const {
        return group == none ? hub_ : group_node_[at(group)];
    }

    void add_asks() {
        const Forest forest = forest_of(*sides_, Group::Scope::round, Group::Of::asks);
        for (const Index g : forest.groups) {
            const Group& group = sides_->groups[at(g)];
            group_arc_[at(g)] = simplex_.add_arc(around(forest.parent[at(g)]), group_node_[at(g)],
                                                 units(group.least), units(group.most), 0);
        }
        const bool full = sides_->service == Service::full;
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            const auto demand = units(sides_->demand[at(ask)]);
            simplex_.add_arc(around(forest.innermost[at(ask)]), ask_node(ask), full ? demand : 0,
                             demand, 0);
        }
    }

    void add_helpers() {
        const Forest forest = forest_of(*sides_, Group::Scope::round, Group::Of::helpers);
        for (const Index g : forest.groups) {
            const Group& group = sides_->groups[at(g)];
            group_arc_[at(g)] = simplex_.add_arc(group_node_[at(g)], around(forest.parent[at(g)]),
                                                 units(group.least), units(group.most), 0);
        }
        for (Index helper = 0; helper < sides_->helpers(); ++helper) {
            helper_arc_.push_back(simplex_.add_arc(
                helper_node(helper), around(forest.innermost[at(helper)]),
                units(sides_->least_of(helper)), units(sides_->places[at(helper)]), 0));
        }
    }

    void add_locals() {
        first_local_.assign(sides_->demand.size() + 1, 0);
        std::vector<std::int64_t> members(sides_->groups.size());
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            if (!of_ask_.groups.empty()) {
                count_members(ask, members);
                add_locals_of(ask, members);
            }
            first_local_[at(ask) + 1] = locals_.size();
        }
    }

    /// How many helpers of each group this ask could have.
    void count_members(Index ask, std::vector<std::int64_t>& members) const {
        std::ranges::fill(members, 0);
        const Prices<Cost> none_asked(sides_->helpers());
        rows_->scan(ask, none_asked, lowest, [&](Index helper, Micro, Cost) {
            for (Index g = of_ask_.innermost[at(helper)]; g != none; g = of_ask_.parent[at(g)]) {
                ++members[at(g)];
            }
            return lowest;
        });
    }

    void add_locals_of(Index ask, const std::vector<std::int64_t>& members) {
        const std::size_t first = locals_.size();
        for (const Index g : of_ask_.groups) {
            const Group& group = sides_->groups[at(g)];
            const bool may_bind = members[at(g)] * units_.pair > units(group.most) &&
                                  group.most < sides_->demand[at(ask)];
            if (group.least == 0 && !may_bind) {
                continue;
            }
            Node from = ask_node(ask);
            for (Index outer = of_ask_.parent[at(g)]; outer != none;
                 outer = of_ask_.parent[at(outer)]) {
                const auto local =
                    std::find_if(locals_.begin() + static_cast<std::ptrdiff_t>(first),
                                 locals_.end(), [&](const Local& l) { return l.group == outer; });
                if (local != locals_.end()) {
                    from = local->node;
                    break;
                }
            }
            const Node node = simplex_.add_node();
            const Arc arc = simplex_.add_arc(from, node, units(group.least), units(group.most), 0);
            locals_.push_back({.ask = ask, .group = g, .node = node, .arc = arc});
        }
    }

    /// Columns that one look at a row adds at most: twice as many as it needs, and some.
    [[nodiscard]] std::size_t wanted(Index ask) const {
        const auto needed = (units(sides_->demand[at(ask)]) + units_.pair - 1) / units_.pair;
        return static_cast<std::size_t>(first_list +
                                        2 * std::min<std::int64_t>(needed, sides_->helpers()));
    }

    void add_first_columns() {
        const Prices<Cost> none_asked(sides_->helpers());
        look_at_rows([&](Index ask, std::vector<Found>& found) {
            Cost floor = lowest;
            rows_->scan(ask, none_asked, floor, [&](Index helper, Micro score, Cost net) {
                if (add_found(found, {net, score, helper}, wanted(ask))) {
                    floor = found.back().gain;
                }
                return floor;
            });
        });
    }

    /// So that no more than twice `most` are kept while a row is looked at. True when it was cut
    /// to `most`, and the last is the least.
    static bool add_found(std::vector<Found>& found, const Found& another, std::size_t most) {
        found.push_back(another);
        const bool is_many = found.size() == 2 * most;
        if (is_many) {
            keep_best(found, most);
        }
        return is_many;
    }

    static void keep_best(std::vector<Found>& found, std::size_t most) {
        if (found.size() > most) {
            std::ranges::nth_element(found, found.begin() + static_cast<std::ptrdiff_t>(most) - 1,
                                     Found::before);
            found.resize(most);
        }
    }

    /// Calls `look(ask, found)` for each row, and adds the best of what it found; how many.
    template <class Look>
    std::size_t look_at_rows(const Look& look) {
        std::vector<std::vector<Found>> found(columns_.size());
        for_each_range(sides_->asks(), options_->threads, [&](Index begin, Index end) {
            for (Index ask = begin; ask < end; ++ask) {
                if (takes_part(ask)) {
                    look(ask, found[at(ask)]);
                    keep_best(found[at(ask)], wanted(ask));
                    std::ranges::sort(found[at(ask)], Found::before);
                }
            }
        });
        std::size_t added = 0;
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            add_columns(ask, found[at(ask)]);
            added += found[at(ask)].size();
        }
        return added;
    }

    void add_columns(Index ask, const std::vector<Found>& found) {
        const Tails tails(*this, ask);
        for (const Found& f : found) {
            const Arc arc = simplex_.add_arc(tails[f.helper], helper_node(f.helper), 0, units_.pair,
                                             lift(ask) + f.score);
            columns_[at(ask)].push_back({.helper = f.helper, .score = f.score, .arc = arc});
        }
    }

    /// Solves with the columns that there are, prices all pairs, and so on until none would help.
    template <class Price>
    [[nodiscard]] Result<void> improve(const Price& price) {
        const auto go_on = [&] {
            const Index asks = sides_->asks();
            return !options_->keep_going ||
                   options_->keep_going({.done = feasible() ? asks : 0, .total = asks});
        };
        do {
            if (!go_on() || !simplex_.run(go_on)) {
                return fail(ErrorKind::interrupted, "stopped before an allotment was found");
            }
            refresh_potentials();
        } while (price() > 0);
        return {};
    }

    /// Those of the simplex, but a group of an ask that nothing passes is worth what lies around
    /// it: as optimal, and its pairs do not seem to gain only because none of them was looked at.
    void refresh_potentials() {
        potential_.resize(at(simplex_.nodes()));
        for (Node node = 0; node < simplex_.nodes(); ++node) {
            potential_[at(node)] = simplex_.potential(node);
        }
        for (const Local& local : locals_) {
            if (simplex_.flow(local.arc) == 0) {
                Cost& own = potential_[at(local.node)];
                own = std::max(own, potential_[at(simplex_.from(local.arc))]);
            }
        }
    }

    /// Dual of a node against the hub.
    [[nodiscard]] Cost dual(Node node) const { return potential(node) - potential(hub_); }

    /// Of an arc that is no pair.
    [[nodiscard]] Cost reduced(Arc arc) const {
        return potential(simplex_.to(arc)) - potential(simplex_.from(arc));
    }

    /// What a place of each helper costs, with the groups around it.
    [[nodiscard]] Prices<Cost> full_prices() const {
        Prices<Cost> prices(sides_->helpers());
        for (Index helper = 0; helper < sides_->helpers(); ++helper) {
            prices.set(helper, -dual(helper_node(helper)));
        }
        return prices;
    }

    /// Calls `visit(helper, score, gain)` for the pairs of a row that gain after all duals.
    template <class Visit>
    void for_gaining(Index ask, const Prices<Cost>& prices, const Visit& visit) const {
        const Tails tails(*this, ask);
        Cost least = dual(ask_node(ask));
        for (const Local& local : locals_of(ask)) {
            least = std::min(least, dual(local.node));
        }
        const Cost floor = least - lift(ask) + 1;
        rows_->scan(ask, prices, floor, [&](Index helper, Micro score, Cost net) {
            const Cost gain = lift(ask) + net - dual(tails[helper]);
            if (gain > 0) {
                visit(helper, score, gain);
            }
            return floor;
        });
    }

    [[nodiscard]] bool is_column(Index ask, Index helper) const {
        return std::ranges::find(columns(ask), helper, &Column::helper) != columns(ask).end();
    }

    std::size_t price_for_value() {
        const Prices<Cost> prices = full_prices();
        return look_at_rows([&](Index ask, std::vector<Found>& found) {
            for_gaining(ask, prices, [&](Index helper, Micro score, Cost gain) {
                if (!is_column(ask, helper)) {
                    add_found(found, {gain, score, helper}, wanted(ask));
                }
            });
        });
    }

    /// In the first phase only what is missing counts, not the scores.
    std::size_t price_for_bounds() {
        if (feasible()) {
            return 0;
        }
        const Prices<Cost> none_asked(sides_->helpers());
        return look_at_rows([&](Index ask, std::vector<Found>& found) {
            const Tails tails(*this, ask);
            rows_->scan(ask, none_asked, lowest, [&](Index helper, Micro score, Cost) {
                const Cost gain = dual(helper_node(helper)) - dual(tails[helper]);
                if (gain > 0 && !is_column(ask, helper)) {
                    add_found(found, {gain, score, helper}, wanted(ask));
                }
                return lowest;
            });
        });
    }

    /// Linear programming duality. Its parts may be far larger than what remains of them, so the
    /// sum wraps round.
    [[nodiscard]] Cost bound() const {
        __extension__ using Word = unsigned __int128;
        const Prices<Cost> prices = full_prices();
        std::mutex mutex;
        Word bound = 0;
        for_each_range(sides_->asks(), options_->threads, [&](Index begin, Index end) {
            Word sum = 0;
            for (Index ask = begin; ask < end; ++ask) {
                if (takes_part(ask)) {
                    for_gaining(ask, prices, [&](Index, Micro, Cost gain) {
                        sum += static_cast<Word>(gain) * static_cast<Word>(units_.pair);
                    });
                }
            }
            const std::scoped_lock lock(mutex);
            bound += sum;
        });
        for (Arc arc = 0; arc < structural_arcs(); ++arc) {
            const Cost by = reduced(arc);
            bound += static_cast<Word>(by) *
                     static_cast<Word>(by > 0 ? simplex_.most(arc) : simplex_.least(arc));
        }
        return static_cast<Cost>(bound);
    }

    const Rows* rows_;
    const Sides* sides_;
    Scale scale_;
    Units units_;
    const Options* options_;
    Forest of_ask_; ///< the groups that count for each ask by itself
    Simplex simplex_;
    std::vector<Cost> potential_;
    Node hub_ = 0;
    std::vector<Node> group_node_; ///< of groups over the round
    std::vector<Arc> group_arc_;
    std::vector<Node> ask_node_;
    std::vector<Node> helper_node_;
    std::vector<Arc> helper_arc_;
    std::vector<Local> locals_;
    std::vector<std::size_t> first_local_;
    std::vector<std::vector<Column>> columns_;
};

} // namespace allot::matching
