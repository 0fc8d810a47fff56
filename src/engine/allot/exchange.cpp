#include "engine/allot/exchange.hpp"

namespace allot::matching {

Plan::Plan(const Sides& sides, std::span<const Pair> pairs)
    : sides_(&sides), held_(sides.demand.size()), holders_(sides.places.size()),
      sum_(sides.demand.size()) {
    for (const Pair& pair : pairs) {
        take(pair.ask, pair.helper, pair.score);
    }
}

void Plan::take(Index ask, Index helper, Micro score) {
    held_[static_cast<std::size_t>(ask)].push_back({helper, score});
    holders_[static_cast<std::size_t>(helper)].push_back({ask, score});
    sum_[static_cast<std::size_t>(ask)] += score;
    total_ += score;
}

void Plan::give_up(Index ask, Index helper) {
    auto& held = held_[static_cast<std::size_t>(ask)];
    const auto pair = std::ranges::find(held, helper, &Held::helper);
    ALLOT_CHECK(pair != held.end(), "an ask gives up a helper that it does not hold");
    sum_[static_cast<std::size_t>(ask)] -= pair->score;
    total_ -= pair->score;
    held.erase(pair);
    std::erase_if(holders_[static_cast<std::size_t>(helper)],
                  [&](const Holder& holder) { return holder.ask == ask; });
}

std::vector<Pair> Plan::pairs() const {
    std::vector<Pair> all;
    for (Index ask = 0; ask < sides_->asks(); ++ask) {
        for (const auto& [helper, score] : held(ask)) {
            all.push_back({ask, helper, score});
        }
    }
    std::ranges::sort(all);
    return all;
}

Exchanges::Exchanges(const PairLists& lists, Plan& plan)
    : lists_(&lists), plan_(&plan), reached_(static_cast<std::size_t>(lists.helpers())) {}

bool Exchanges::raise(Index ask, Micro enough) {
    const Micro above = plan_->sum(ask);
    End best;
    std::vector<Move> moves;
    const auto try_path = [&](Index helper, Micro given, bool gains) {
        // A later path must be better still.
        begin({.above = std::max(above, best.key), .enough = enough, .any_loser = gains});
        add_source(ask, helper, given);
        if (const End end = search(); end.node != nobody) {
            best = end;
            moves = moves_of(end);
        }
    };
    const auto held = plan_->held(ask);
    for (const auto& [helper, score] : held) {
        try_path(helper, score, false);
    }
    if (plan_->lacks(ask)) {
        try_path(nobody, 0, true);
    }
    apply(moves);
    return best.node != nobody;
}

bool Exchanges::replace(Index ask, std::span<const Index> unserved) {
    begin({.above = plan_->sum(ask), .leaver = ask});
    for (const Index other : unserved) {
        add_source(other, nobody, 0);
    }
    const End end = search();
    apply(moves_of(end));
    return end.node != nobody;
}

bool Exchanges::spread(Index ask) {
    begin({.any_loser = true});
    add_source(ask, nobody, 0);
    const End end = search();
    apply(moves_of(end));
    return end.node != nobody;
}

void Exchanges::begin(const Terms& terms) {
    terms_ = terms;
    nodes_.clear();
    events_.clear();
    ++search_;
}

void Exchanges::add_source(Index ask, Index helper, Micro given) {
    add_node({.ask = ask,
              .helper = helper,
              .parent = nobody,
              .source = static_cast<std::int32_t>(nodes_.size()),
              .given = given,
              .wanted = 0,
              .key = boundless});
}

void Exchanges::push(const Event& event) {
    if (event.key > terms_.above) {
        events_.push_back(event);
        std::ranges::push_heap(events_, [](const auto& a, const auto& b) { return a.after(b); });
    }
}

Exchanges::End Exchanges::search() {
    while (!events_.empty()) {
        std::ranges::pop_heap(events_, [](const auto& a, const auto& b) { return a.after(b); });
        const Event event = events_.back();
        events_.pop_back();
        if (event.ends) {
            return {.key = event.key, .node = event.node};
        }
        const Node from = node(event.node);
        const auto [helper, score] = lists_->row(from.ask)[from.next];
        if (reached_[static_cast<std::size_t>(helper)] != search_) {
            reached_[static_cast<std::size_t>(helper)] = search_;
            if (plan_->has_free_place(helper) || helper == source_of(from).helper) {
                return {.key = event.key, .node = event.node, .helper = helper, .score = score};
            }
            reach(event.node, helper, score, event.key);
        }
        push_next(event.node);
    }
    return {};
}

/// Each holder of a helper that is wanted may give way.
void Exchanges::reach(std::int32_t by, Index helper, Micro score, Micro key) {
    const std::int32_t source = node(by).source;
    for (const auto& holder : plan_->holders(helper)) {
        ++work_;
        if (!on_path(by, holder.ask)) {
            add_node({.ask = holder.ask,
                      .helper = helper,
                      .parent = by,
                      .source = source,
                      .given = holder.score,
                      .wanted = score,
                      .key = key});
        }
    }
}

void Exchanges::add_node(Node added) {
    const auto k = static_cast<std::int32_t>(nodes_.size());
    nodes_.push_back(added);
    if (may_lose(added)) {
        const Micro left = plan_->sum(added.ask) - added.given;
        const Micro worth = added.ask == terms_.leaver || left >= terms_.enough ? boundless : left;
        push({.key = std::min(added.key, worth), .node = k, .ends = true});
    }
    push_next(k);
}

bool Exchanges::may_lose(const Node& last) const {
    const Node& source = source_of(last);
    const Sides& sides = plan_->sides();
    return last.parent != nobody && source.helper == nobody &&
           sides.waiting_of(last.ask) == sides.waiting_of(source.ask) &&
           (terms_.any_loser ? plan_->places(last.ask) >= 2 : last.ask == terms_.leaver);
}

/// Waits with the best candidate of a node that could still be reached.
void Exchanges::push_next(std::int32_t k) {
    Node& from = node(k);
    const auto row = lists_->row(from.ask);
    while (from.next < row.size()) {
        const auto& [helper, score] = row[from.next];
        ++work_;
        if (reached_[static_cast<std::size_t>(helper)] != search_ &&
            !plan_->holds(from.ask, helper)) {
            break;
        }
        ++from.next;
    }
    if (from.next < row.size()) {
        push({.key = key_of(from, row[from.next].score), .node = k, .ends = false});
    }
}

/// What a path is worth up to here, where the ask of the node takes a helper of this score.
Micro Exchanges::key_of(const Node& from, Micro score) const {
    const bool falls = score < from.given;
    if (from.parent != nobody && !falls) {
        return from.key;
    }
    const Micro left = plan_->sum(from.ask) - from.given + score;
    return std::min(from.key, left >= terms_.enough ? boundless : left);
}

bool Exchanges::on_path(std::int32_t k, Index ask) const {
    for (; k != nobody; k = node(k).parent) {
        if (node(k).ask == ask) {
            return true;
        }
    }
    return false;
}

std::vector<Exchanges::Move> Exchanges::moves_of(const End& end) const {
    std::vector<Move> moves;
    Index takes = end.helper;
    Micro score = end.score;
    for (std::int32_t k = end.node; k != nobody; k = node(k).parent) {
        const Node& step = node(k);
        if (step.helper != nobody) {
            moves.push_back({step.ask, step.helper, step.given, false});
        }
        if (takes != nobody) {
            moves.push_back({step.ask, takes, score, true});
        }
        takes = step.helper;
        score = step.wanted;
    }
    return moves;
}

void Exchanges::apply(const std::vector<Move>& moves) {
    for (const Move& move : moves) {
        if (!move.takes) {
            plan_->give_up(move.ask, move.helper);
        }
    }
    for (const Move& move : moves) {
        if (move.takes) {
            plan_->take(move.ask, move.helper, move.score);
        }
    }
}

} // namespace allot::matching
