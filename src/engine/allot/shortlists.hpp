/// The best helpers of each row, opened only as far as needed. Internal to `engine/allot`.
#pragma once

#include "engine/allot/parallel.hpp"
#include "engine/allot/pooled_lists.hpp"
#include "engine/allot/rows.hpp"

namespace allot::matching {

/// A listed helper. `ceiling` is its net when it was listed, at least the present one: prices rise.
template <class Cost>
struct Candidate {
    Cost ceiling;
    Micro score;
    Index helper;

    /// Better ones first; equal ones in an order that does not depend on the machine. An object, so
    /// that sorting can inline it.
    struct Before {
        [[nodiscard]] bool operator()(const Candidate& a, const Candidate& b) const {
            return a.ceiling != b.ceiling ? a.ceiling > b.ceiling : a.helper < b.helper;
        }
    };
};

/// For each ask a list of helpers, highest ceiling first, and a bound on the nets of all others.
/// The bound stays true while prices only rise; `lowered` mends it where one falls.
template <class Rows, class Cost>
class Shortlists {
  public:
    using Item = Candidate<Cost>;

    /// Below every net.
    static constexpr Cost lowest = -(Cost{1} << (8 * sizeof(Cost) - 3));

    /// Lists the best of every row at these prices; O(pairs), on `threads` threads. The list of an
    /// ask begins with room for twice its demand, and some.
    Shortlists(const Rows& rows, const Prices<Cost>& prices, std::span<const Count> demand,
               unsigned threads)
        : rows_(&rows), prices_(&prices), threads_(threads), lists_(demand.size()),
          rest_(demand.size()) {
        const Count helpers = rows.helpers();
        for (std::size_t ask = 0; ask < demand.size(); ++ask) {
            rest_[ask].wanted = first_list + 2 * std::min(demand[ask], helpers);
            rest_[ask].enough = rest_[ask].wanted / 2;
            rest_[ask].few = few_left + std::min(demand[ask], helpers);
        }
        lists_.reserve([&](std::size_t ask) {
            return static_cast<std::uint32_t>(std::min(rest_[ask].wanted, helpers));
        });
        for_each_range(rows.asks(), threads, [&](Index begin, Index end) {
            scan_each(
                rows, std::views::iota(begin, end), prices,
                [&](Index ask) { return Selection(rest_[at(ask)].wanted, lowest); },
                [&](Index ask, Selection& selection) { keep(ask, selection); });
        });
    }

    [[nodiscard]] std::span<Item> operator[](Index ask) { return lists_[at(ask)]; }
    /// Helpers that are not listed have at most this net.
    [[nodiscard]] Cost bound(Index ask) const { return rest_[at(ask)].bound; }
    /// Are all allowed helpers listed?
    [[nodiscard]] bool whole(Index ask) const { return bound(ask) == lowest; }

    /// Lists the best of a row again, at the present prices.
    void renew(Index ask) { list(ask, promising(ask)); }

    /// Renews the lists of those of these asks who will want that soon: several rows at a time, on
    /// several threads. Does nothing where a row alone is as quick to scan. Before the first
    /// `open`: until then every list has the room that it may need.
    void renew_ahead(std::span<const Index> asks) {
        if constexpr (scans_together<Rows>) {
            std::vector<Index> stale;
            std::ranges::copy_if(asks, std::back_inserter(stale),
                                 [&](Index ask) { return nearly_used_up(ask); });
            std::ranges::sort(stale); // an ask may come twice
            const auto repeated = std::ranges::unique(stale);
            stale.erase(repeated.begin(), repeated.end());
            for_each_range(
                static_cast<Index>(stale.size()), threads_,
                [&](Index begin, Index end) {
                    scan_each(
                        *rows_, std::span(stale).subspan(at(begin), at(end - begin)), *prices_,
                        [&](Index ask) { return Selection(rest_[at(ask)].wanted, promising(ask)); },
                        [&](Index ask, Selection& selection) { keep(ask, selection); });
                },
                rows_together);
        }
    }

    /// Lists twice as many helpers of a row, at the present prices; the bound falls.
    void open(Index ask) {
        Rest& rest = rest_[at(ask)];
        const Count helpers = rows_->helpers();
        rest.wanted = rest.wanted > helpers / 2 ? helpers + 1 : 2 * rest.wanted;
        list(ask, rest.wanted > helpers ? lowest : promising(ask));
    }

    /// Lowers the ceilings, down to the bound, after prices have risen. O(list log list).
    void refresh(Index ask) {
        const auto items = (*this)[ask];
        for (Item& item : items) {
            const Cost net = static_cast<Cost>(item.score) - (*prices_)[item.helper];
            item.ceiling = std::max(net, bound(ask));
        }
        std::ranges::sort(items, typename Item::Before{});
    }

    /// The price of `helper` fell: makes ceilings and bound of this ask true again.
    void lowered(Index ask, Index helper, Micro score) {
        const Cost net = static_cast<Cost>(score) - (*prices_)[helper];
        if (net <= bound(ask)) {
            return; // no ceiling is below the bound
        }
        auto items = (*this)[ask];
        auto k = static_cast<std::size_t>(std::ranges::find(items, helper, &Item::helper) -
                                          items.begin());
        if (k == items.size()) {
            lists_.push_back(at(ask), {net, score, helper});
            items = (*this)[ask];
        }
        items[k].ceiling = std::max(items[k].ceiling, net);
        for (; k > 0 && typename Item::Before{}(items[k], items[k - 1]); --k) {
            std::swap(items[k], items[k - 1]);
        }
    }

    /// The pair is not allowed any more.
    void forget(Index ask, Index helper) {
        const auto items = (*this)[ask];
        const auto listed = std::ranges::find(items, helper, &Item::helper);
        if (listed != items.end()) {
            std::rotate(listed, listed + 1, items.end());
            lists_.erase_swapped(at(ask), items.size() - 1);
        }
    }

  private:
    /// Helpers listed of a row at first; more where to scan it again costs more.
    static constexpr Count first_list = scans_together<Rows> ? 96 : 12;
    static constexpr Count few_left = 3;

    struct Rest {
        Cost bound = lowest;
        Count wanted = 0; ///< how many to list
        Count enough = 0; ///< some more than the demand
        Count few = 0;    ///< of these, which are too few to bid with for long
    };

    /// Are only few of the list still at least as good as those that are not listed may be?
    [[nodiscard]] bool nearly_used_up(Index ask) const {
        Count good = 0;
        for (const Item& item : lists_[at(ask)]) {
            if (static_cast<Cost>(item.score) - (*prices_)[item.helper] >= bound(ask) &&
                ++good >= rest_[at(ask)].few) {
                return false;
            }
        }
        return !whole(ask);
    }

    static std::size_t at(Index ask) { return static_cast<std::size_t>(ask); }

    /// A net below the bound that some of the list still have: where to look for more of a row
    /// without looking at what is far from good enough.
    [[nodiscard]] Cost promising(Index ask) const {
        const std::span<const Item> items = lists_[at(ask)];
        const std::ptrdiff_t enough = rest_[at(ask)].enough;
        if (std::ssize(items) < enough) {
            return lowest;
        }
        std::vector<Cost> nets;
        nets.reserve(items.size());
        for (const Item& item : items) {
            nets.push_back(static_cast<Cost>(item.score) - (*prices_)[item.helper]);
        }
        const auto middle = nets.begin() + enough - 1;
        std::ranges::nth_element(nets, middle, std::ranges::greater{});
        const Cost best = *std::max_element(nets.begin(), middle + 1);
        return std::min(*middle, bound(ask) - 1 - std::max<Cost>(0, best - bound(ask)));
    }

    /// The best of a row with a net of at least `first_floor`. Twice as many are collected before
    /// the worse half is dropped: O(1) for each, on average.
    struct Selection {
        Selection(Count how_many, Cost first)
            : wanted(static_cast<std::size_t>(how_many)), first_floor(first), floor(first) {}

        Cost operator()(Index helper, Micro score, Cost net) {
            items.push_back({net, score, helper});
            if (items.size() == 2 * wanted) {
                floor = keep_best() + 1;
            }
            return floor;
        }

        /// Drops all but the `wanted` best and returns the ceiling of the worst that is kept.
        Cost keep_best() {
            const auto last = items.begin() + static_cast<std::ptrdiff_t>(wanted) - 1;
            std::ranges::nth_element(items, last, typename Item::Before{});
            items.resize(wanted);
            return items.back().ceiling;
        }

        std::size_t wanted;
        Cost first_floor;
        Cost floor;
        std::vector<Item> items;
    };

    void list(Index ask, Cost floor) {
        Selection selection(rest_[at(ask)].wanted, floor);
        rows_->scan(ask, *prices_, floor, selection);
        keep(ask, selection);
    }

    void keep(Index ask, Selection& selection) {
        if (selection.items.size() >= selection.wanted) {
            rest_[at(ask)].bound = selection.keep_best();
        } else {
            rest_[at(ask)].bound =
                selection.first_floor == lowest ? lowest : selection.first_floor - 1;
        }
        std::ranges::sort(selection.items, typename Item::Before{});
        lists_.assign(at(ask), selection.items);
    }

    const Rows* rows_;
    const Prices<Cost>* prices_;
    unsigned threads_;
    PooledLists<Item> lists_;
    std::vector<Rest> rest_;
};

} // namespace allot::matching
