#include "engine/allot/why_not.hpp"

#include "engine/allot/state.hpp"

namespace allot::matching {

namespace {

/// Dijkstra in the residual network of an optimal allotment. Nodes: asks, helpers, and "nobody",
/// where places stay free. Arcs, each of reduced cost >= 0: an ask takes a helper that it does not
/// hold; a helper lets go of an ask; a helper with a free place uses it; a helper gives up a place;
/// where places may stay empty, an ask gives one up or fills one.
template <class Rows, class Scale>
class Exchange {
  public:
    using Cost = typename Scale::Cost;

    explicit Exchange(const State<Rows, Scale>& state)
        : state_(&state), nobody_(state.rows().asks() + state.rows().helpers()),
          reached_(static_cast<std::size_t>(nobody_) + 1) {}

    /// The cheapest cycle that pairs `ask` with `helper`, or nullopt.
    std::optional<WhyNot> cycle_through(Index ask, Index helper, Micro score) {
        const Cost first = ask_price(ask) - state_->net(helper, score);
        reach(helper_node(helper), first, ask, score);
        while (!events_.empty()) {
            const auto event = events_.pop();
            auto& node = reached_[static_cast<std::size_t>(event.id)];
            if (node.done) {
                continue;
            }
            node.done = true;
            if (event.id == ask) {
                return exchange(ask, event.key);
            }
            expand(event.id, event.key);
        }
        return std::nullopt;
    }

  private:
    struct Reached {
        bool seen = false;
        bool done = false;
        Cost key = 0;
        Index from = 0;
        Micro score = 0;
    };

    [[nodiscard]] Index helper_node(Index helper) const { return state_->rows().asks() + helper; }

    /// Dual price of a place of an ask: its least held worth; 0 where one stays empty.
    [[nodiscard]] Cost ask_price(Index ask) const {
        if (state_->may_stay_empty() && state_->missing(ask) > 0) {
            return -state_->lift(ask);
        }
        Cost least = -State<Rows, Scale>::lowest;
        for (const auto& held : state_->held(ask)) {
            least = std::min(least, state_->net(held.helper, held.score));
        }
        return least;
    }

    void reach(Index node, Cost key, Index from, Micro score) {
        auto& known = reached_[static_cast<std::size_t>(node)];
        if (known.done || (known.seen && known.key <= key)) {
            return;
        }
        known = {.seen = true, .done = false, .key = key, .from = from, .score = score};
        events_.push(key, Events<Cost>::Kind::helper, node);
    }

    void expand(Index node, Cost key) {
        if (node == nobody_) {
            expand_nobody(key);
        } else if (node < state_->rows().asks()) {
            expand_ask(node, key);
        } else {
            expand_helper(node - state_->rows().asks(), key);
        }
    }

    void expand_helper(Index helper, Cost key) {
        if (!state_->full(helper)) {
            reach(nobody_, key, helper_node(helper), 0);
        }
        for (const auto& holder : state_->holders(helper)) {
            reach(holder.ask, key + state_->net(helper, holder.score) - ask_price(holder.ask),
                  helper_node(helper), holder.score);
        }
    }

    void expand_ask(Index ask, Cost key) {
        const Cost price = ask_price(ask);
        if (state_->may_stay_empty()) {
            reach(nobody_, key + price + state_->lift(ask), ask, 0);
        }
        state_->rows().scan(ask, state_->prices, State<Rows, Scale>::lowest,
                            [&](Index helper, Micro score, Cost net) {
                                if (!state_->holds(ask, helper)) {
                                    reach(helper_node(helper), key + price - net, ask, score);
                                }
                                return State<Rows, Scale>::lowest;
                            });
    }

    void expand_nobody(Cost key) {
        for (Index helper = 0; helper < state_->rows().helpers(); ++helper) {
            if (!state_->holders(helper).empty()) {
                reach(helper_node(helper), key + state_->prices[helper], nobody_, 0);
            }
        }
        for (Index ask = 0; ask < state_->rows().asks() && state_->may_stay_empty(); ++ask) {
            if (state_->missing(ask) > 0) {
                reach(ask, key, nobody_, 0);
            }
        }
    }

    /// Reads the changes off the cycle, backwards from `ask` to itself.
    [[nodiscard]] WhyNot exchange(Index ask, Cost loss) const {
        WhyNot result{.loss = state_->scale().value(loss), .ended = {}, .begun = {}};
        const Index asks = state_->rows().asks();
        Index node = ask;
        do {
            const auto& reached = reached_[static_cast<std::size_t>(node)];
            if (node < asks && reached.from != nobody_) {
                result.ended.push_back({node, reached.from - asks, reached.score});
            } else if (node != nobody_ && node >= asks && reached.from != nobody_) {
                result.begun.push_back({reached.from, node - asks, reached.score});
            }
            node = reached.from;
        } while (node != ask);
        std::ranges::sort(result.ended);
        std::ranges::sort(result.begun);
        return result;
    }

    const State<Rows, Scale>* state_;
    Index nobody_;
    std::vector<Reached> reached_;
    Events<Cost> events_;
};

template <class Scale, class Rows>
std::optional<WhyNot> why_not_scaled(const Rows& rows, const Sides& asked,
                                     const Allotment& allotment, Index ask, Index helper) {
    const Sides sides = without_surplus(asked);
    const auto score = rows.score(ask, helper);
    const auto scale = Scale::of(sides, rows.largest_score());
    if (!score || !scale) {
        return std::nullopt;
    }
    State<Rows, Scale> state(rows, sides, *scale);
    for (Index j = 0; j < sides.helpers(); ++j) {
        state.prices.set(j, scale->cost(allotment.prices[static_cast<std::size_t>(j)]));
    }
    for (const Pair& pair : allotment.pairs) {
        state.take(pair.ask, pair.helper, pair.score);
    }
    if (state.holds(ask, helper)) {
        return std::nullopt;
    }
    return Exchange<Rows, Scale>(state).cycle_through(ask, helper, *score);
}

} // namespace

std::optional<WhyNot> why_not(const ScoreRows& rows, const Sides& sides, const Allotment& allotment,
                              Index ask, Index helper) {
    return std::visit(
        [&](const auto& r) {
            return sides.service == Service::full
                       ? why_not_scaled<PlainScale>(r, sides, allotment, ask, helper)
                       : why_not_scaled<WaitingScale>(r, sides, allotment, ask, helper);
        },
        rows);
}

} // namespace allot::matching
