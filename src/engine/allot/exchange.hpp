/// Exchanges that make somebody badly off better off, and nobody as badly off. Internal to
/// `engine/allot`.
#pragma once

#include "engine/allot/pair_lists.hpp"

namespace allot::matching {

/// Who holds whom, and the sum of scores that each ask has of it.
class Plan {
  public:
    struct Held {
        Index helper;
        Micro score;
    };
    struct Holder {
        Index ask;
        Micro score;
    };

    /// `sides` outlives the plan.
    Plan(const Sides& sides, std::span<const Pair> pairs);

    [[nodiscard]] const Sides& sides() const { return *sides_; }
    [[nodiscard]] const std::vector<Held>& held(Index ask) const {
        return held_[static_cast<std::size_t>(ask)];
    }
    [[nodiscard]] const std::vector<Holder>& holders(Index helper) const {
        return holders_[static_cast<std::size_t>(helper)];
    }
    [[nodiscard]] Micro sum(Index ask) const { return sum_[static_cast<std::size_t>(ask)]; }
    [[nodiscard]] Micro total() const { return total_; }
    [[nodiscard]] Count places(Index ask) const { return static_cast<Count>(held(ask).size()); }
    [[nodiscard]] bool lacks(Index ask) const {
        return places(ask) < sides_->demand[static_cast<std::size_t>(ask)];
    }
    [[nodiscard]] bool has_free_place(Index helper) const {
        return static_cast<Count>(holders(helper).size()) <
               sides_->places[static_cast<std::size_t>(helper)];
    }
    [[nodiscard]] bool holds(Index ask, Index helper) const {
        return std::ranges::find(held(ask), helper, &Held::helper) != held(ask).end();
    }

    void take(Index ask, Index helper, Micro score);
    void give_up(Index ask, Index helper);
    /// By ask, then helper.
    [[nodiscard]] std::vector<Pair> pairs() const;

  private:
    const Sides* sides_;
    std::vector<std::vector<Held>> held_;
    std::vector<std::vector<Holder>> holders_;
    std::vector<Micro> sum_;
    Micro total_ = 0;
};

/// Searches for exchanges. A path begins at an ask that takes another helper, for one that it gives
/// up or for a place that it lacks; whoever held that helper takes another one, and so on. It ends
/// at a free place, at the helper that the first ask gave up, or at an ask of the same waiting
/// class that makes do with one place less.
///
/// What a path is worth is the smallest sum that it leaves to the first ask and to those whose sum
/// falls. The path of the largest worth is found best first, as in a widest path (Pollack 1960);
/// each helper is reached once and each ask stands on a path once, so that what each step leaves is
/// known when it is taken. Some paths are missed by that.
class Exchanges {
  public:
    static constexpr Index nobody = -1;
    static constexpr Micro boundless = std::numeric_limits<Micro>::max();

    /// All outlive this object.
    Exchanges(const PairLists& lists, Plan& plan);

    /// Makes `ask` better off such that everybody whose sum falls keeps more than the ask had; a
    /// sum of `enough` is as good as any larger one. False where no such path was found.
    bool raise(Index ask, Micro enough = boundless);
    /// Gives a place to one of `unserved`, such that each of them and of those whose sum falls has
    /// more than `ask` had, which is left with none. `ask` has one place.
    bool replace(Index ask, std::span<const Index> unserved);
    /// Gives `ask`, which has none, a place of an ask with two or more of the same waiting class.
    bool spread(Index ask);

    /// Pairs looked at so far.
    [[nodiscard]] std::int64_t work() const { return work_; }

  private:
    /// `ask` gives up `helper`, which the ask of `parent` takes.
    struct Node {
        Index ask;
        Index helper;
        std::int32_t parent;
        std::int32_t source; ///< where the path begins
        Micro given;         ///< what the helper is worth to the ask
        Micro wanted;        ///< and to the ask of `parent`
        Micro key;
        std::uint32_t next = 0; ///< the first candidate that was not looked at
    };
    struct Event {
        Micro key;
        std::int32_t node;
        bool ends; ///< the ask of the node makes do with less

        [[nodiscard]] bool after(const Event& other) const {
            if (key != other.key) {
                return key < other.key;
            }
            return ends != other.ends ? other.ends : node > other.node;
        }
    };
    struct End {
        Micro key = -1;
        std::int32_t node = nobody;
        Index helper = nobody; ///< taken by the ask of the node; nobody: that ask has a place less
        Micro score = 0;
    };
    struct Move {
        Index ask;
        Index helper;
        Micro score;
        bool takes;
    };

    /// What a search may do.
    struct Terms {
        Micro above = -1; ///< a worth must be larger
        Micro enough = boundless;
        Index leaver = nobody;  ///< this ask alone may lose a place, its only one
        bool any_loser = false; ///< asks with two places or more may lose one
    };

    void begin(const Terms& terms);
    void add_source(Index ask, Index helper, Micro given);
    [[nodiscard]] End search();
    void add_node(Node added);
    void push_next(std::int32_t k);
    void reach(std::int32_t by, Index helper, Micro score, Micro key);
    [[nodiscard]] Micro key_of(const Node& node, Micro score) const;
    [[nodiscard]] bool on_path(std::int32_t k, Index ask) const;
    [[nodiscard]] bool may_lose(const Node& last) const;
    [[nodiscard]] const Node& source_of(const Node& last) const { return node(last.source); }
    [[nodiscard]] std::vector<Move> moves_of(const End& end) const;
    void apply(const std::vector<Move>& moves);
    void push(const Event& event);
    Node& node(std::int32_t k) { return nodes_[static_cast<std::size_t>(k)]; }
    [[nodiscard]] const Node& node(std::int32_t k) const {
        return nodes_[static_cast<std::size_t>(k)];
    }

    const PairLists* lists_;
    Plan* plan_;
    Terms terms_;
    std::vector<Node> nodes_;
    std::vector<Event> events_;
    std::vector<std::uint32_t> reached_; ///< the search in which a helper was reached last
    std::uint32_t search_ = 0;
    std::int64_t work_ = 0;
};

} // namespace allot::matching
