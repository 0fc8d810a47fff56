/// An allotment in the making: who holds whom, and at which prices. Internal to `engine/allot`.
#pragma once

#include "engine/allot/pooled_lists.hpp"
#include "engine/allot/rows.hpp"
#include "engine/allot/scale.hpp"

namespace allot::matching {

/// Pairs and prices of one instance. `Rows` is a row oracle, `Scale` says what a place is worth.
/// What an ask gains from a helper is `lift(ask) + net`, `net = score - price`; the lift is the
/// same for all helpers of an ask and matters only against leaving a place empty, which is worth 0.
template <class Rows, class Scale>
class State {
  public:
    using Cost = typename Scale::Cost;
    /// A helper that an ask holds, and the other way round.
    struct Held {
        Index helper;
        Micro score;
    };
    struct Holder {
        Index ask;
        Micro score;
    };

    struct Move {
        Pair pair;
        bool taken;
    };

    /// Below every sum of scores and prices, far from overflow.
    static constexpr Cost lowest = -(Cost{1} << (8 * sizeof(Cost) - 3));

    State(const Rows& rows, const Sides& sides, Scale scale)
        : prices(rows.helpers(), Rows::screen), rows_(&rows), sides_(&sides), scale_(scale),
          held_(sides.demand.size()), holders_(sides.places.size()) {}

    [[nodiscard]] const Rows& rows() const { return *rows_; }
    [[nodiscard]] const Sides& sides() const { return *sides_; }
    [[nodiscard]] const Scale& scale() const { return scale_; }
    [[nodiscard]] bool may_stay_empty() const { return sides_->service == Service::partial; }

    [[nodiscard]] Cost lift(Index ask) const { return scale_.lift(sides_->waiting_of(ask)); }
    [[nodiscard]] Cost net(Index helper, Micro score) const {
        return static_cast<Cost>(score) - prices[helper];
    }
    [[nodiscard]] std::span<const Held> held(Index ask) const {
        return held_[static_cast<std::size_t>(ask)];
    }
    [[nodiscard]] std::span<const Holder> holders(Index helper) const {
        return holders_[static_cast<std::size_t>(helper)];
    }
    [[nodiscard]] Count missing(Index ask) const {
        return sides_->demand[static_cast<std::size_t>(ask)] - static_cast<Count>(held(ask).size());
    }
    [[nodiscard]] bool full(Index helper) const {
        return static_cast<Count>(holders(helper).size()) >=
               sides_->places[static_cast<std::size_t>(helper)];
    }
    [[nodiscard]] bool holds(Index ask, Index helper) const {
        return std::ranges::find(held(ask), helper, &Held::helper) != held(ask).end();
    }

    void take(Index ask, Index helper, Micro score) {
        if (journal != nullptr) {
            journal->push_back({{ask, helper, score}, true});
        }
        held_.push_back(static_cast<std::size_t>(ask), {helper, score});
        holders_.push_back(static_cast<std::size_t>(helper), {ask, score});
    }
    /// Returns the score of the pair; aborts where there is none.
    Micro drop(Index ask, Index helper) {
        const auto mine = std::ranges::find(held(ask), helper, &Held::helper) - held(ask).begin();
        const auto theirs =
            std::ranges::find(holders(helper), ask, &Holder::ask) - holders(helper).begin();
        ALLOT_CHECK(mine < std::ssize(held(ask)) && theirs < std::ssize(holders(helper)),
                    "an ask gives up a helper that it does not hold");
        const Micro score = held(ask)[static_cast<std::size_t>(mine)].score;
        if (journal != nullptr) {
            journal->push_back({{ask, helper, score}, false});
        }
        held_.erase_swapped(static_cast<std::size_t>(ask), static_cast<std::size_t>(mine));
        holders_.erase_swapped(static_cast<std::size_t>(helper), static_cast<std::size_t>(theirs));
        return score;
    }

    /// All pairs, by ask and then helper.
    [[nodiscard]] std::vector<Pair> pairs() const {
        std::vector<Pair> all;
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            for (const Held& h : held(ask)) {
                all.push_back({ask, h.helper, h.score});
            }
        }
        std::ranges::sort(all);
        return all;
    }

    Prices<Cost> prices;

    /// Every pair that is taken or dropped is written here while somebody listens.
    std::vector<Move>* journal = nullptr;

  private:
    const Rows* rows_;
    const Sides* sides_;
    Scale scale_;
    PooledLists<Held> held_;
    PooledLists<Holder> holders_;
};

/// A heap of events, the smallest key first; equal keys by kind and number, so that the order never
/// depends on the machine.
template <class Cost>
class Events {
  public:
    enum class Kind : std::uint32_t { helper, ask, open };
    struct Event {
        Cost key;
        Kind kind;
        Index id;

        [[nodiscard]] bool after(const Event& other) const {
            if (key != other.key) {
                return key > other.key;
            }
            return kind != other.kind ? kind > other.kind : id > other.id;
        }
    };

    void clear() { heap_.clear(); }
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    void push(Cost key, Kind kind, Index id) {
        heap_.push_back({key, kind, id});
        std::ranges::push_heap(heap_, [](const Event& a, const Event& b) { return a.after(b); });
    }
    Event pop() {
        std::ranges::pop_heap(heap_, [](const Event& a, const Event& b) { return a.after(b); });
        const Event event = heap_.back();
        heap_.pop_back();
        return event;
    }

  private:
    std::vector<Event> heap_;
};

} // namespace allot::matching
