/// A quick start: most places are filled by bids before any path is searched. Internal to
/// `engine/allot`.
#pragma once

#include "engine/allot/shortlists.hpp"
#include "engine/allot/state.hpp"

#include <functional>

namespace allot::matching {

/// The auction without an epsilon, which is augmenting row reduction taken to its end (Bertsekas
/// 1979; Jonker and Volgenant 1987), for asks that want several helpers. An ask that lacks a place
/// takes its best helper and from then on is content with the net of its next best, its *level*: it
/// defends what it holds up to prices at which that would be no better. The holder that can defend
/// least gives way. So the invariants of `Augmenter` hold at every moment: only full helpers have a
/// price, and nobody would rather have somebody else. An ask that likes two helpers equally well,
/// or whose patience is at an end, is left to the augmenting paths; where scores differ these are
/// one in a hundred.
template <class Rows, class Scale>
class Auction {
  public:
    using Cost = typename Scale::Cost;

    Auction(State<Rows, Scale>& state, Shortlists<Rows, Cost>& lists)
        : state_(&state), lists_(&lists), bids_(state.sides().places.size()),
          level_(state.sides().demand.size()) {}

    /// Lets the asks bid, in this order, until nobody can or may go on. `keep_going(places filled)`
    /// is asked from time to time; false stops at once and is returned.
    template <class KeepGoing>
    bool run(std::vector<Index> asks, const KeepGoing& keep_going) {
        std::int64_t wanted = 0;
        for (const Index ask : asks) {
            wanted += state_->missing(ask);
        }
        // Where demands cannot be met, prices would rise for ever.
        highest_price_ = state_->may_stay_empty()
                             ? -lowest
                             : static_cast<Cost>(state_->rows().largest_score()) * wanted;
        std::int64_t patience = bids_per_place * wanted;
        std::int64_t until_call = 0;
        while (!asks.empty()) {
            displaced_.clear();
            for (std::size_t k = 0; k < asks.size(); ++k) {
                if (k % looked_ahead == 0) {
                    lists_->renew_ahead(
                        std::span(asks).subspan(k, std::min(looked_ahead, asks.size() - k)));
                }
                const Index ask = asks[k];
                if (--until_call < 0) {
                    until_call = between_calls;
                    if (!keep_going(filled_)) {
                        return false;
                    }
                }
                while (state_->missing(ask) > 0 && --patience >= 0 && bid(ask)) {
                }
            }
            asks.swap(displaced_);
        }
        return true;
    }

  private:
    static constexpr std::int64_t bids_per_place = 64;
    static constexpr std::int64_t between_calls = 4096;
    /// Lists of so many asks are renewed together before they bid.
    static constexpr std::size_t looked_ahead = 4096;
    /// A list whose ceilings are so stale that more than this many had to be looked at is sorted.
    static constexpr std::size_t stale_after = 12;
    static constexpr Cost lowest = Shortlists<Rows, Cost>::lowest;

    /// Up to which price an ask defends its place, as it was when that was looked at; the lowest
    /// first in a heap. Levels only fall, so it is at least that much now.
    struct Bid {
        Cost limit;
        Micro score;
        Index ask;

        struct Above {
            [[nodiscard]] bool operator()(const Bid& a, const Bid& b) const {
                return a.limit != b.limit ? a.limit > b.limit : a.ask > b.ask;
            }
        };
    };
    struct Choice {
        Candidate<Cost> best{.ceiling = lowest, .score = 0, .helper = -1};
        Cost second = lowest; ///< net of the next best
    };

    /// The two best helpers of an ask that it does not hold; `best.ceiling` is the exact net.
    Choice choose(Index ask) {
        for (;;) {
            Choice choice;
            const auto items = (*lists_)[ask];
            std::size_t looked_at = 0;
            while (looked_at < items.size() && items[looked_at].ceiling > choice.second) {
                const auto& item = items[looked_at++];
                const Cost net = state_->net(item.helper, item.score);
                if (net <= choice.second || state_->holds(ask, item.helper)) {
                    continue;
                }
                if (net > choice.best.ceiling ||
                    (net == choice.best.ceiling && state_->full(choice.best.helper))) {
                    choice.second = choice.best.ceiling;
                    choice.best = {.ceiling = net, .score = item.score, .helper = item.helper};
                } else {
                    choice.second = net;
                }
            }
            if (choice.second >= lists_->bound(ask)) {
                if (looked_at > stale_after) {
                    lists_->refresh(ask);
                }
                return choice;
            }
            lists_->renew(ask);
        }
    }

    /// One place more for an ask, or a higher price; false where that has to be left to a path.
    bool bid(Index ask) {
        Choice choice = choose(ask);
        const auto& [net, score, helper] = choice.best;
        if (helper < 0 || (state_->may_stay_empty() && net <= -state_->lift(ask))) {
            return false;
        }
        if (state_->may_stay_empty()) {
            choice.second = std::max(choice.second, -state_->lift(ask));
        } else if (choice.second == lowest) {
            // Without another helper any level is good; this one keeps numbers small.
            choice.second = net - static_cast<Cost>(state_->rows().largest_score()) - 1;
        }
        const bool is_full = state_->full(helper);
        if (is_full && bids_[at(helper)].empty()) {
            return false;
        }
        if (is_full && weakest(helper).limit > state_->prices[helper]) {
            state_->prices.set(helper, weakest(helper).limit); // and look again
            return true;
        }
        const Cost limit = static_cast<Cost>(score) - choice.second;
        if (is_full && (net == choice.second || limit > highest_price_)) {
            return false;
        }
        level_[at(ask)] = choice.second;
        if (is_full) {
            displace_weakest(helper);
        }
        filled_ += is_full ? 0 : 1;
        state_->take(ask, helper, score);
        bids_.push_back(at(helper), {.limit = limit, .score = score, .ask = ask});
        std::ranges::push_heap(bids_[at(helper)], typename Bid::Above{});
        if (state_->full(helper)) {
            state_->prices.set(helper, weakest(helper).limit);
        }
        return true;
    }

    /// The holder that defends its place least, with its present limit.
    const Bid& weakest(Index helper) {
        const auto bids = bids_[at(helper)];
        for (;;) {
            const Cost limit = static_cast<Cost>(bids.front().score) - level_[at(bids.front().ask)];
            if (limit == bids.front().limit) {
                return bids.front();
            }
            std::ranges::pop_heap(bids, typename Bid::Above{});
            bids.back().limit = limit;
            std::ranges::push_heap(bids, typename Bid::Above{});
        }
    }

    void displace_weakest(Index helper) {
        const auto bids = bids_[at(helper)];
        std::ranges::pop_heap(bids, typename Bid::Above{});
        const Index loser = bids.back().ask;
        bids_.erase_swapped(at(helper), bids.size() - 1);
        state_->drop(loser, helper);
        displaced_.push_back(loser);
    }

    static std::size_t at(Index k) { return static_cast<std::size_t>(k); }

    State<Rows, Scale>* state_;
    Shortlists<Rows, Cost>* lists_;
    PooledLists<Bid> bids_;
    std::vector<Cost> level_; ///< of each ask: no helper that it does not hold has a higher net
    std::vector<Index> displaced_;
    Cost highest_price_ = 0;
    std::int64_t filled_ = 0;
};

} // namespace allot::matching
