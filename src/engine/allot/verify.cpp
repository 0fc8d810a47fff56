#include "engine/allot/verify.hpp"

#include "engine/allot/verify_network.hpp"

#include <fmt/format.h>

namespace allot::matching {

namespace {

constexpr Value zero{};

class Checker {
  public:
    Checker(std::span<const Pair> instance, const Sides& sides, std::span<const Pair> pairs,
            const Names& names)
        : sides_(&sides), names_(names), rows_(sides.demand.size()), taken_(sides.places.size()),
          raised_by_(sides.places.size(), nobody) {
        for (const Pair& pair : instance) {
            ALLOT_CHECK(is_inside(pair), "a pair lies outside the instance");
            rows_[static_cast<std::size_t>(pair.ask)].push_back({pair.helper, worth(pair), false});
        }
        for (auto& row : rows_) {
            std::ranges::sort(row, {}, &Item::helper);
        }
        verdict_.prices.resize(sides.places.size());
        if (take_all(pairs)) {
            if (sides.least.empty() && sides.groups.empty()) {
                find_prices();
            } else {
                verify_in_network(worth_pairs(), sides, names, verdict_);
            }
        }
    }

    [[nodiscard]] Verdict verdict() && { return std::move(verdict_); }

  private:
    static constexpr Index nobody = -1;

    struct Item {
        Index helper;
        Value worth;
        bool held;
    };

    [[nodiscard]] bool is_inside(const Pair& pair) const {
        return pair.ask >= 0 && pair.ask < sides_->asks() && pair.helper >= 0 &&
               pair.helper < sides_->helpers();
    }

    /// A score, and in a round one place of the ask's waiting class.
    [[nodiscard]] Value worth(const Pair& pair) const {
        Value value{.places = {}, .micro = pair.score};
        if (sides_->service == Service::partial) {
            value.places[waiting_classes - 1 - sides_->waiting_of(pair.ask)] = 1;
        }
        return value;
    }

    bool refuse(std::string reason) {
        verdict_.reason = std::move(reason);
        return false;
    }

    [[nodiscard]] Value& price(Index helper) {
        return verdict_.prices[static_cast<std::size_t>(helper)];
    }

    /// Marks the pairs as held; false when one is not allowed, or a limit is broken.
    bool take_all(std::span<const Pair> pairs) {
        for (const Pair& pair : pairs) {
            if (!is_inside(pair)) {
                return refuse("a pair lies outside the instance");
            }
            const auto i = static_cast<std::size_t>(pair.ask);
            const auto j = static_cast<std::size_t>(pair.helper);
            const auto item = std::ranges::lower_bound(rows_[i], pair.helper, {}, &Item::helper);
            if (item == rows_[i].end() || item->helper != pair.helper) {
                return refuse(fmt::format("{} and {} are paired but not allowed", ask_name(i),
                                          helper_name(j)));
            }
            if (item->held) {
                return refuse(
                    fmt::format("{} and {} are paired twice", ask_name(i), helper_name(j)));
            }
            item->held = true;
            ++taken_[j];
            verdict_.objective = verdict_.objective + item->worth;
        }
        return keeps_demands() && keeps_places();
    }

    bool keeps_demands() {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const auto held = std::ranges::count_if(rows_[i], &Item::held);
            if (held > sides_->demand[i] ||
                (sides_->service == Service::full && held < sides_->demand[i])) {
                return refuse(fmt::format("{} has {} of the {} places it asked for", ask_name(i),
                                          held, sides_->demand[i]));
            }
        }
        return true;
    }

    bool keeps_places() {
        for (std::size_t j = 0; j < taken_.size(); ++j) {
            if (taken_[j] > sides_->places[j]) {
                return refuse(fmt::format("{} has {} asks and {} places", helper_name(j), taken_[j],
                                          sides_->places[j]));
            }
        }
        return true;
    }

    [[nodiscard]] std::vector<WorthPair> worth_pairs() const {
        std::vector<WorthPair> all;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            for (const Item& item : rows_[i]) {
                all.push_back({static_cast<Index>(i), item.helper, item.worth, item.held});
            }
        }
        return all;
    }

    /// Raises prices until no ask would rather have somebody else; says so when that never ends.
    void find_prices() {
        while (raise_all()) {
            if (raised_in_a_circle()) {
                refuse("the pairs can be exchanged in a circle for a better allotment");
                return;
            }
        }
        sum_bound();
        verdict_.holds = verdict_.bound == verdict_.objective;
        if (!verdict_.holds) {
            refuse("another allotment would be better");
        }
    }

    bool raise_all() {
        bool changed = false;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            changed = raise_for(i) || changed;
        }
        return changed;
    }

    /// Does a price depend on itself? Then it would rise for ever (Goldberg and Radzik 1993).
    [[nodiscard]] bool raised_in_a_circle() const {
        std::vector<std::size_t> seen_from(raised_by_.size(), raised_by_.size());
        for (std::size_t start = 0; start < raised_by_.size(); ++start) {
            auto j = static_cast<Index>(start);
            while (j != nobody && seen_from[static_cast<std::size_t>(j)] == raised_by_.size()) {
                seen_from[static_cast<std::size_t>(j)] = start;
                j = raised_by_[static_cast<std::size_t>(j)];
            }
            if (j != nobody && seen_from[static_cast<std::size_t>(j)] == start) {
                return true;
            }
        }
        return false;
    }

    /// An ask that holds j accepts a price of k of at least price_j + worth_k - worth_j; one with
    /// an empty place in a round, of at least worth_k.
    bool raise_for(std::size_t ask) {
        const auto& row = rows_[ask];
        std::optional<Value> least;
        Index because_of = nobody;
        Count held = 0;
        for (const Item& item : row) {
            if (item.held) {
                ++held;
                const Value offset = price(item.helper) - item.worth;
                if (!least || offset > *least) {
                    least = offset;
                    because_of = item.helper;
                }
            }
        }
        if (held < sides_->demand[ask] && (!least || *least < zero)) {
            least = zero;
            because_of = nobody;
        }
        bool changed = false;
        for (const Item& item : row) {
            if (least && !item.held && *least + item.worth > price(item.helper)) {
                price(item.helper) = *least + item.worth;
                raised_by_[static_cast<std::size_t>(item.helper)] = because_of;
                changed = true;
            }
        }
        return changed;
    }

    /// Linear programming duality; see `Certificate`.
    void sum_bound() {
        WideSum sum;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            std::vector<Value> nets;
            for (const Item& item : rows_[i]) {
                nets.push_back(item.worth - price(item.helper));
            }
            std::ranges::sort(nets, std::ranges::greater{});
            nets.resize(std::min(nets.size(), static_cast<std::size_t>(sides_->demand[i])));
            for (const Value& net : nets) {
                if (sides_->service == Service::full || net > zero) {
                    sum.add(1, net);
                }
            }
        }
        for (std::size_t j = 0; j < taken_.size(); ++j) {
            sum.add(std::min(sides_->places[j], sides_->asks()), verdict_.prices[j]);
        }
        verdict_.bound = sum.value();
    }

    [[nodiscard]] static std::string name(std::span<const std::string> names, std::size_t number) {
        return names.empty() ? std::to_string(number) : names[number];
    }
    [[nodiscard]] std::string ask_name(std::size_t number) const {
        return "ask " + name(names_.asks, number);
    }
    [[nodiscard]] std::string helper_name(std::size_t number) const {
        return "helper " + name(names_.helpers, number);
    }

    const Sides* sides_;
    Names names_;
    std::vector<std::vector<Item>> rows_;
    std::vector<std::int64_t> taken_;
    std::vector<Index> raised_by_; ///< the held helper whose price raised this one's
    Verdict verdict_;
};

} // namespace

Verdict verify(std::span<const Pair> instance, const Sides& sides, std::span<const Pair> pairs,
               const Names& names) {
    check_sides(sides);
    return Checker(instance, sides, pairs, names).verdict();
}

} // namespace allot::matching
