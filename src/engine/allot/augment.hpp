/// Successive shortest augmenting paths with rows opened only as far as needed. Internal to
/// `engine/allot`.
#pragma once

#include "engine/allot/shortlists.hpp"
#include "engine/allot/state.hpp"

namespace allot::matching {

/// Serves asks one place at a time, each by a shortest augmenting path in reduced costs (Ahuja,
/// Magnanti, Orlin 1993, chapters 9 and 12; for one place an ask: Jonker and Volgenant 1987).
///
/// Between calls: prices are at least 0, only full helpers have a price, and no ask would rather
/// have a helper that it does not hold than one that it holds. A path leads from an ask over full
/// helpers, whose holders give way, to a helper with a free place or, where places may stay empty,
/// to an ask that gives up a place. Prices only rise, so a row's bound on the helpers that were not
/// listed stays true. One heap orders three kinds of event: a helper is reached, an ask may give
/// way, a row must be opened further.
template <class Rows, class Scale>
class Augmenter {
  public:
    using Cost = typename Scale::Cost;

    Augmenter(State<Rows, Scale>& state, Shortlists<Rows, Cost>& lists)
        : state_(&state), lists_(&lists), best_net_(state.sides().demand.size()),
          reached_helper_(state.sides().places.size()), reached_ask_(best_net_.size()),
          exhausted_(reached_helper_.size()) {
        for (Index ask = 0; ask < state.rows().asks(); ++ask) {
            best_net(ask) = lists[ask].empty()
                                ? lists.bound(ask)
                                : std::max(lists[ask].front().ceiling, lists.bound(ask));
        }
    }

    /// Gives `ask` one more place; false when that is not possible, or (where places may stay
    /// empty) not worth it. Once false, it stays false for this ask.
    bool serve(Index ask) {
        start_search(ask);
        while (!events_.empty()) {
            const auto event = events_.pop();
            if (event.key >= best_.key) {
                break;
            }
            switch (event.kind) {
            case Kind::helper:
                settle(event.id, event.key);
                break;
            case Kind::ask:
                reach_from(event.id, event.key);
                break;
            case Kind::open:
                open(event.id, event.key);
                break;
            }
        }
        return finish_search(ask);
    }

  private:
    using Events = allot::matching::Events<Cost>;
    using Kind = typename Events::Kind;
    static constexpr Index nobody = -1;
    static constexpr std::uint32_t glance = 8; ///< candidates looked at together
    static constexpr Cost lowest = State<Rows, Scale>::lowest;
    static constexpr Cost unreached = -State<Rows, Scale>::lowest;

    struct ReachedHelper {
        std::uint32_t search = 0;
        bool settled = false;
        Index by = nobody;      ///< the ask that would take it
        Index instead = nobody; ///< the helper which that ask would give up
        Micro score = 0;
        Cost key = 0;
    };
    struct ReachedAsk {
        std::uint32_t search = 0;
        std::uint32_t next = 0; ///< the first candidate that was not looked at
        Index giving_up = nobody;
        Cost from = 0;  ///< key of a candidate = from - net
        Cost event = 0; ///< key of its one event that counts
    };
    /// Where the path ends: at a helper with a free place, or at an ask that gives up `helper`.
    struct End {
        Cost key = unreached;
        Index helper = nobody;
        bool gives_up = false;
        Index ask = nobody;
    };

    /// No helper that the ask does not hold has a higher net than this.
    Cost& best_net(Index ask) { return best_net_[static_cast<std::size_t>(ask)]; }
    ReachedAsk& reached_ask(Index ask) { return reached_ask_[static_cast<std::size_t>(ask)]; }
    ReachedHelper& reached_helper(Index helper) {
        return reached_helper_[static_cast<std::size_t>(helper)];
    }

    void start_search(Index ask) {
        events_.clear();
        settled_.clear();
        best_ = End{};
        ++search_;
        ReachedAsk& source = reached_ask(ask);
        // The lift moves every key of this search alike; it matters against an empty place only.
        source = {.search = search_, .from = -state_->lift(ask)};
        if (state_->may_stay_empty()) {
            best_ = {.key = 0, .helper = nobody, .gives_up = true, .ask = ask};
        }
        push(Kind::ask, ask, source.from - best_net(ask));
    }

    /// An ask, or the opening of its row, waits for its turn.
    void push(Kind kind, Index ask, Cost key) {
        if (key < best_.key) {
            reached_ask(ask).event = key;
            events_.push(key, kind, ask);
        }
    }

    /// What the ask could take next becomes reached: some candidates at once, the others when the
    /// search has come as far as their ceilings.
    void reach_from(Index ask, Cost key) {
        ReachedAsk& reached = reached_ask(ask);
        if (reached.event != key) {
            return;
        }
        const auto items = (*lists_)[ask];
        const bool from_start = reached.next == 0;
        const std::size_t at_once = reached.next + glance;
        Cost best = lowest;
        while (reached.next < items.size()) {
            const auto& item = items[reached.next];
            if (reached.next >= at_once && reached.from - item.ceiling > key) {
                break;
            }
            ++reached.next;
            if (!state_->holds(ask, item.helper)) {
                const Cost net = state_->net(item.helper, item.score);
                best = std::max(best, net);
                reach_helper(ask, reached, item, reached.from - net);
            }
        }
        const bool more = reached.next < items.size();
        const Cost rest = more ? items[reached.next].ceiling : lists_->bound(ask);
        if (from_start) {
            best_net(ask) = std::max(best, rest);
        }
        if (more || !lists_->whole(ask)) {
            push(more ? Kind::ask : Kind::open, ask, reached.from - rest);
        }
    }

    void reach_helper(Index ask, const ReachedAsk& via, const Candidate<Cost>& candidate,
                      Cost key) {
        ReachedHelper& helper = reached_helper(candidate.helper);
        const bool seen = helper.search == search_;
        if (key >= best_.key || (seen && (helper.settled || key >= helper.key)) ||
            exhausted_[static_cast<std::size_t>(candidate.helper)] != 0) {
            return;
        }
        helper = {.search = search_,
                  .settled = false,
                  .by = ask,
                  .instead = via.giving_up,
                  .score = candidate.score,
                  .key = key};
        if (state_->full(candidate.helper)) {
            events_.push(key, Kind::helper, candidate.helper);
        } else {
            best_ = {.key = key, .helper = candidate.helper, .gives_up = false, .ask = nobody};
        }
    }

    /// A full helper is reached for good: each of its holders may give way.
    void settle(Index helper, Cost key) {
        ReachedHelper& reached = reached_helper(helper);
        if (reached.settled || reached.key != key) {
            return;
        }
        reached.settled = true;
        settled_.push_back(helper);
        for (const auto& holder : state_->holders(helper)) {
            const Cost from = key + state_->net(helper, holder.score);
            ReachedAsk& ask = reached_ask(holder.ask);
            if (ask.search == search_ && ask.from <= from) {
                continue;
            }
            ask = {.search = search_, .giving_up = helper, .from = from};
            if (state_->may_stay_empty() && from + state_->lift(holder.ask) < best_.key) {
                best_ = {.key = from + state_->lift(holder.ask),
                         .helper = helper,
                         .gives_up = true,
                         .ask = holder.ask};
            }
            push(Kind::ask, holder.ask, std::max(from - best_net(holder.ask), key));
        }
    }

    /// Lists twice as many helpers of a row, and goes on with those that are new.
    void open(Index ask, Cost key) {
        ReachedAsk& reached = reached_ask(ask);
        if (reached.event != key) {
            return;
        }
        const Cost looked_at = lists_->bound(ask);
        lists_->open(ask);
        const auto items = (*lists_)[ask];
        const auto first_new = std::ranges::partition_point(
            items, [&](const auto& item) { return item.ceiling > looked_at; });
        reached.next = static_cast<std::uint32_t>(first_new - items.begin());
        reach_from(ask, key);
    }

    bool finish_search(Index ask) {
        if (best_.key == unreached) {
            // None of these helpers can ever be freed again: no later search need look at them.
            for (const Index helper : settled_) {
                exhausted_[static_cast<std::size_t>(helper)] = 1;
            }
            return false;
        }
        // Also where the ask itself stays empty: those whom it would have liked are worth too much.
        for (const Index helper : settled_) {
            const Cost rise = best_.key - reached_helper(helper).key;
            if (rise > 0) {
                state_->prices.set(helper, state_->prices[helper] + rise);
            }
        }
        if (best_.gives_up && best_.helper == nobody) {
            return false;
        }
        walk_back(ask);
        return true;
    }

    /// Turns the pairs along the path round, from its end to the ask that began it.
    void walk_back(Index source) {
        Index helper = best_.helper;
        if (best_.gives_up) {
            give_up(best_.ask, helper);
        }
        while (helper != nobody) {
            const ReachedHelper reached = reached_helper(helper);
            if (reached.instead != nobody) {
                give_up(reached.by, reached.instead);
            }
            state_->take(reached.by, helper, reached.score);
            ALLOT_CHECK(reached.instead != nobody || reached.by == source,
                        "an augmenting path begins at another ask");
            helper = reached.instead;
        }
    }

    void give_up(Index ask, Index helper) {
        const Micro score = state_->drop(ask, helper);
        best_net(ask) = std::max(best_net(ask), state_->net(helper, score));
    }

    State<Rows, Scale>* state_;
    Shortlists<Rows, Cost>* lists_;
    std::vector<Cost> best_net_;
    std::vector<ReachedHelper> reached_helper_;
    std::vector<ReachedAsk> reached_ask_;
    std::vector<char> exhausted_; ///< helpers from which no free place can be reached
    std::vector<Index> settled_;
    Events events_;
    End best_;
    std::uint32_t search_ = 0;
};

} // namespace allot::matching
