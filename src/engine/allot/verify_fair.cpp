#include "engine/allot/verify_fair.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::matching {

namespace {

/// Wide enough for sums of scores along any circle.
__extension__ using Cost = __int128;

class FairChecker {
  public:
    FairChecker(std::span<const Pair> instance, const Sides& sides, const Objective& objective,
                std::span<const Pair> pairs, const Names& names, std::int64_t covered)
        : sides_(&sides), objective_(objective), names_(names), covered_(covered),
          asks_(sides.demand.size()), helpers_(sides.places.size()),
          outside_(asks_.size() + helpers_.size()), potential_(outside_ + 1), parent_(outside_ + 1),
          seen_from_(outside_ + 1), dirty_(outside_ + 1) {
        for (const Pair& pair : instance) {
            ALLOT_CHECK(is_inside(pair), "a pair lies outside the instance");
            asks_[number(pair.ask)].row.push_back({pair.helper, pair.score});
        }
        for (Ask& ask : asks_) {
            std::ranges::sort(ask.row, {}, &Item::helper);
        }
        verdict_.holds = take_all(pairs) && keeps_limits(pairs) && is_best();
        if (verdict_.holds) {
            verdict_.bound = verdict_.objective;
        }
    }

    [[nodiscard]] Verdict verdict() && { return std::move(verdict_); }

  private:
    static constexpr std::size_t nowhere = ~std::size_t{0};

    struct Item {
        Index helper;
        Micro score;
    };
    struct Ask {
        std::vector<Item> row;    ///< pairs that may still be used
        std::size_t at = nowhere; ///< node of its helper, or the outside
        Micro score = -1;
        bool may_stay_empty = false;
    };
    struct Helper {
        std::vector<std::size_t> holders;
        std::int64_t least = 0;
        std::int64_t most = 0;

        [[nodiscard]] bool may_gain() const { return std::ssize(holders) < most; }
        [[nodiscard]] bool may_lose() const { return std::ssize(holders) > least; }
    };
    /// What one level, or a sum, counts: of a pair with a score, and of an ask that stays empty.
    template <class OfPair, class OfEmpty>
    struct Counted {
        OfPair pair;
        OfEmpty empty;
        Cost least = 0; ///< nothing counts for less
    };

    [[nodiscard]] static std::size_t number(Index index) { return static_cast<std::size_t>(index); }
    [[nodiscard]] std::size_t node_of(Index helper) const { return asks_.size() + number(helper); }
    [[nodiscard]] Helper& helper_at(std::size_t node) { return helpers_[node - asks_.size()]; }
    [[nodiscard]] bool is_inside(const Pair& pair) const {
        return pair.ask >= 0 && pair.ask < sides_->asks() && pair.helper >= 0 &&
               pair.helper < sides_->helpers();
    }
    [[nodiscard]] bool takes_part(std::size_t ask) const { return sides_->demand[ask] > 0; }
    [[nodiscard]] static std::string name(std::span<const std::string> names, std::size_t k) {
        return names.empty() ? std::to_string(k) : names[k];
    }

    bool refuse(std::string reason) {
        verdict_.reason = std::move(reason);
        return false;
    }

    /// Every pair is allowed, and made once.
    bool take_all(std::span<const Pair> pairs) {
        std::vector<Pair> sorted(pairs.begin(), pairs.end());
        std::ranges::sort(sorted);
        for (std::size_t k = 0; k < sorted.size(); ++k) {
            const Pair& pair = sorted[k];
            if (!is_inside(pair)) {
                return refuse("a pair lies outside the instance");
            }
            const auto& row = asks_[number(pair.ask)].row;
            const auto item = std::ranges::lower_bound(row, pair.helper, {}, &Item::helper);
            if (item == row.end() || item->helper != pair.helper || item->score != pair.score) {
                return refuse(fmt::format("ask {} and helper {} are paired but not allowed",
                                          name(names_.asks, number(pair.ask)),
                                          name(names_.helpers, number(pair.helper))));
            }
            if (k > 0 && sorted[k - 1] == pair) {
                return refuse(fmt::format("ask {} and helper {} are paired twice",
                                          name(names_.asks, number(pair.ask)),
                                          name(names_.helpers, number(pair.helper))));
            }
            verdict_.objective.micro += pair.score;
            if (sides_->service == Service::partial) {
                ++verdict_.objective.places.at(waiting_classes - 1 - sides_->waiting_of(pair.ask));
            }
            helpers_[number(pair.helper)].holders.push_back(number(pair.ask));
        }
        return true;
    }

    bool keeps_limits(std::span<const Pair> pairs) {
        std::vector<std::int64_t> got(asks_.size());
        std::vector<Micro> sum(asks_.size());
        for (const Pair& pair : pairs) {
            ++got[number(pair.ask)];
            sum[number(pair.ask)] += pair.score;
        }
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            if (got[i] > sides_->demand[i] ||
                (sides_->service == Service::full && got[i] < sides_->demand[i])) {
                return refuse(fmt::format("ask {} has {} of the {} places it asked for",
                                          name(names_.asks, i), got[i], sides_->demand[i]));
            }
            if (objective_.rule == Rule::floor && got[i] > 0 && sum[i] < objective_.floor) {
                return refuse(fmt::format("ask {} is below the floor", name(names_.asks, i)));
            }
        }
        for (std::size_t j = 0; j < helpers_.size(); ++j) {
            helpers_[j].least = sides_->least_of(static_cast<Index>(j));
            helpers_[j].most = sides_->places[j];
            const std::int64_t load = std::ssize(helpers_[j].holders);
            if (load < helpers_[j].least || load > helpers_[j].most) {
                return refuse(fmt::format("helper {} has {} asks, of {} to {}",
                                          name(names_.helpers, j), load, helpers_[j].least,
                                          helpers_[j].most));
            }
        }
        for (const Pair& pair : pairs) {
            Ask& ask = asks_[number(pair.ask)];
            ask.at = node_of(pair.helper);
            ask.score = pair.score;
        }
        return true;
    }

    bool is_best() {
        if (std::ranges::any_of(sides_->demand, [](Count n) { return n > 1; })) {
            return fills_most_places();
        }
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            asks_[i].may_stay_empty = takes_part(i) && sides_->service == Service::partial;
            if (takes_part(i) && asks_[i].at == nowhere) {
                asks_[i].at = outside_;
            }
            if (!takes_part(i)) {
                asks_[i].row.clear();
            }
            std::ranges::sort(asks_[i].row, {}, &Item::score);
        }
        return serves_most() &&
               (objective_.rule == Rule::leximin ? levels_are_best() : worst_and_sum_are_best());
    }

    /// Scores of nothing leave places alone to be counted.
    bool fills_most_places() {
        std::vector<Pair> allowed;
        std::vector<Pair> made;
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            for (const Item& item : asks_[i].row) {
                allowed.push_back({static_cast<Index>(i), item.helper, 0});
            }
        }
        for (std::size_t j = 0; j < helpers_.size(); ++j) {
            for (const std::size_t ask : helpers_[j].holders) {
                made.push_back({static_cast<Index>(ask), static_cast<Index>(j), 0});
            }
        }
        return verify(allowed, *sides_, made, names_).holds ||
               refuse("more places could be filled, or places of asks that waited longer");
    }

    bool serves_most() {
        for (std::size_t k = waiting_classes; k-- > 0;) {
            const Counted unserved{
                .pair = [](Micro) { return Cost{0}; },
                .empty =
                    [&](std::size_t ask) {
                        return Cost{sides_->waiting_of(static_cast<Index>(ask)) == k ? 1 : 0};
                    }};
            if (sides_->service == Service::partial && !find_potentials(unserved)) {
                return refuse(fmt::format("more asks that waited {} rounds could be served", k));
            }
            keep_tight(unserved);
        }
        return true;
    }

    [[nodiscard]] std::vector<Micro> scores_in_use() const {
        std::vector<Micro> scores;
        for (const Ask& ask : asks_) {
            if (ask.score >= 0) {
                scores.push_back(ask.score);
            }
        }
        std::ranges::sort(scores);
        return scores;
    }

    static Cost nothing(std::size_t) { return 0; }

    bool levels_are_best() {
        const std::vector<Micro> scores = scores_in_use();
        Micro before = -1;
        for (auto next = scores.begin(); next != scores.end();) {
            if (next - scores.begin() >= covered_) {
                return sum_is_best();
            }
            const Micro score = *next;
            next = std::ranges::upper_bound(next, scores.end(), score);
            drop_pairs(before + 1, score);
            const Counted level{.pair = [&](Micro s) { return Cost{s == score ? 1 : 0}; },
                                .empty = nothing};
            if (!find_potentials(level)) {
                return refuse(fmt::format("fewer asks could get no more than {:.6f}",
                                          static_cast<double>(score) / 1e6));
            }
            keep_tight(level);
            before = score;
        }
        return true;
    }

    [[nodiscard]] Micro smallest_allowed(Micro worst) const {
        switch (objective_.rule) {
        case Rule::maxmin:
            return worst;
        case Rule::floor:
            return objective_.floor;
        default:
            return 0;
        }
    }

    bool worst_and_sum_are_best() {
        const std::vector<Micro> scores = scores_in_use();
        if (scores.empty()) {
            return true;
        }
        const Micro least = smallest_allowed(scores.front());
        drop_pairs(0, least);
        if (!sum_is_best()) {
            return false;
        }
        if (objective_.rule == Rule::maxmin && all_can_leave(least)) {
            return refuse("the smallest score could be larger");
        }
        return true;
    }

    bool sum_is_best() {
        const Counted sum{.pair = [](Micro score) { return -Cost{score}; },
                          .empty = nothing,
                          .least = -max_micro};
        return find_potentials(sum) ||
               refuse("the pairs can be exchanged in a circle for a larger sum");
    }

    /// Those of scores in [from, to); rows are sorted by score.
    void drop_pairs(Micro from, Micro to) {
        for (Ask& ask : asks_) {
            const auto first = std::ranges::lower_bound(ask.row, from, {}, &Item::score);
            ask.row.erase(first, std::ranges::lower_bound(ask.row, to, {}, &Item::score));
        }
    }

    // -- Potentials: no arc of an exchange is worth less than the difference of its ends.

    /// False when there is a circle of exchanges that costs less than nothing.
    template <class Measure>
    bool find_potentials(const Measure& counted) {
        std::ranges::fill(potential_, 0);
        std::ranges::fill(parent_, nowhere);
        now_.clear();
        // All potentials are 0, so only an arc that costs less than nothing can lower one: it
        // leaves an ask that may save something.
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            if (takes_part(i) && held(i, counted) > counted.least) {
                touch(i);
            }
        }
        while (!now_.empty() || !later_.empty()) {
            now_.swap(later_);
            for (const std::size_t node : now_) {
                dirty_[node] = 0;
                relax_from(node, counted);
            }
            now_.clear();
            if (has_circle()) {
                clear_queue();
                return false;
            }
        }
        return true;
    }

    void touch(std::size_t node) {
        if (dirty_[node] == 0) {
            dirty_[node] = 1;
            later_.push_back(node);
        }
    }

    void clear_queue() {
        for (const std::size_t node : later_) {
            dirty_[node] = 0;
        }
        later_.clear();
    }

    void relax(std::size_t from, std::size_t to, Cost cost) {
        if (potential_[from] + cost < potential_[to]) {
            potential_[to] = potential_[from] + cost;
            parent_[to] = from;
            touch(to);
        }
    }

    template <class Measure>
    void relax_from(std::size_t node, const Measure& counted) {
        if (node < asks_.size()) {
            const Ask& ask = asks_[node];
            for (const Item& item : ask.row) {
                if (node_of(item.helper) != ask.at) {
                    relax(node, node_of(item.helper),
                          counted.pair(item.score) - held(node, counted));
                }
            }
            if (ask.may_stay_empty && ask.at != outside_) {
                relax(node, outside_, counted.empty(node) - held(node, counted));
            }
        } else if (node < outside_) {
            for (const std::size_t ask : helper_at(node).holders) {
                relax(node, ask, 0);
            }
            if (helper_at(node).may_gain()) {
                relax(node, outside_, 0);
            }
        } else {
            relax_from_outside();
        }
    }

    void relax_from_outside() {
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            if (asks_[i].at == outside_) {
                relax(outside_, i, 0);
            }
        }
        for (std::size_t j = 0; j < helpers_.size(); ++j) {
            if (helpers_[j].may_lose()) {
                relax(outside_, asks_.size() + j, 0);
            }
        }
    }

    /// What an ask saves when it leaves where it is. It is put on the arcs that leave the ask, so
    /// that every arc into an ask is free.
    template <class Measure>
    [[nodiscard]] Cost held(std::size_t ask, const Measure& counted) const {
        return asks_[ask].at == outside_ ? counted.empty(ask) : counted.pair(asks_[ask].score);
    }

    /// Does following the parents lead round? Each node is walked over once.
    [[nodiscard]] bool has_circle() {
        std::ranges::fill(seen_from_, nowhere);
        for (std::size_t start = 0; start < parent_.size(); ++start) {
            std::size_t node = start;
            while (node != nowhere && seen_from_[node] == nowhere) {
                seen_from_[node] = start;
                node = parent_[node];
            }
            if (node != nowhere && seen_from_[node] == start) {
                return true;
            }
        }
        return false;
    }

    /// What costs more than the difference of its ends is in no allotment that is as good.
    template <class Measure>
    void keep_tight(const Measure& counted) {
        const Cost out = potential_[outside_];
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            Ask& ask = asks_[i];
            const Cost here = potential_[i] - (takes_part(i) ? held(i, counted) : 0);
            std::erase_if(ask.row, [&](const Item& item) {
                return node_of(item.helper) != ask.at &&
                       here + counted.pair(item.score) > potential_[node_of(item.helper)];
            });
            ask.may_stay_empty =
                ask.may_stay_empty && (ask.at == outside_ || here + counted.empty(i) == out);
        }
        for (std::size_t j = 0; j < helpers_.size(); ++j) {
            Helper& helper = helpers_[j];
            const Cost there = potential_[asks_.size() + j];
            if (helper.may_gain() && there > out) {
                helper.most = std::ssize(helper.holders);
            }
            if (helper.may_lose() && out > there) {
                helper.least = std::ssize(helper.holders);
            }
        }
    }

    // -- Exchanges that free asks of the smallest score.

    /// Can every ask that gets `worst` get more at once, within what may be used?
    bool all_can_leave(Micro worst) {
        drop_pairs(0, worst + 1);
        for (std::size_t i = 0; i < asks_.size(); ++i) {
            if (asks_[i].score == worst && !exchange(i)) {
                return false;
            }
        }
        return true;
    }

    /// Moves an ask along a circle of allowed pairs; false when there is none.
    bool exchange(std::size_t ask) {
        std::ranges::fill(parent_, nowhere);
        std::vector<std::size_t> queue{ask};
        const std::size_t goal = asks_[ask].at;
        const auto reach = [&](std::size_t from, std::size_t to) {
            if (to != ask && parent_[to] == nowhere) {
                parent_[to] = from;
                queue.push_back(to);
            }
        };
        for (std::size_t k = 0; k < queue.size() && parent_[goal] == nowhere; ++k) {
            for_each_next(queue[k], [&](std::size_t next) { reach(queue[k], next); });
        }
        if (parent_[goal] == nowhere) {
            return false;
        }
        for (std::size_t node = goal; node != ask;) {
            const std::size_t from = parent_[node];
            if (from < asks_.size()) {
                move(from, node);
            }
            node = from;
        }
        return true;
    }

    template <class Visit>
    void for_each_next(std::size_t node, const Visit& visit) {
        if (node < asks_.size()) {
            for (const Item& item : asks_[node].row) {
                visit(node_of(item.helper));
            }
            if (asks_[node].may_stay_empty) {
                visit(outside_);
            }
        } else if (node < outside_) {
            for (const std::size_t ask : helper_at(node).holders) {
                visit(ask);
            }
            if (helper_at(node).may_gain()) {
                visit(outside_);
            }
        } else {
            for (std::size_t i = 0; i < asks_.size(); ++i) {
                if (asks_[i].at == outside_) {
                    visit(i);
                }
            }
            for (std::size_t j = 0; j < helpers_.size(); ++j) {
                if (helpers_[j].may_lose()) {
                    visit(asks_.size() + j);
                }
            }
        }
    }

    void move(std::size_t ask, std::size_t to) {
        if (asks_[ask].at < outside_) {
            std::erase(helper_at(asks_[ask].at).holders, ask);
        }
        asks_[ask].at = to;
        asks_[ask].score = -1;
        if (to < outside_) {
            helper_at(to).holders.push_back(ask);
            const auto& row = asks_[ask].row;
            asks_[ask].score = std::ranges::find_if(row, [&](const Item& item) {
                                   return node_of(item.helper) == to;
                               })->score;
        }
    }

    const Sides* sides_;
    Objective objective_;
    Names names_;
    std::int64_t covered_;
    std::vector<Ask> asks_;
    std::vector<Helper> helpers_;
    std::size_t outside_; ///< the node behind all asks and helpers
    std::vector<Cost> potential_;
    std::vector<std::size_t> parent_;
    std::vector<std::size_t> seen_from_; ///< where the walk began that came by
    std::vector<char> dirty_;
    std::vector<std::size_t> now_;
    std::vector<std::size_t> later_;
    Verdict verdict_;
};

} // namespace

Verdict verify_fair(std::span<const Pair> instance, const Sides& sides, const Objective& objective,
                    std::span<const Pair> pairs, const Names& names, std::int64_t covered) {
    check_sides(sides);
    return FairChecker(instance, sides, objective, pairs, names, covered).verdict();
}

} // namespace allot::matching
