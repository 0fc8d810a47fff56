#include "engine/allot/leximin_network.hpp"

#include "engine/allot/check_instance.hpp"
#include "engine/allot/network_shortage.hpp"

#include <fmt/format.h>

namespace allot::matching {

namespace {

/// The levels of a network in which every pair is an arc.
template <class Rows, class Scale>
class Levels {
  public:
    using Net = Network<Rows, Scale>;
    using Cost = typename Net::Cost;
    using Arc = typename Net::Arc;

    Levels(Net& network, const Options& options)
        : simplex_(&network.simplex()), options_(&options), asks_(network.sides().asks()) {
        for (Index ask = 0; ask < asks_; ++ask) {
            for (const auto& column : network.columns(ask)) {
                pairs_.push_back({.score = column.score, .arc = column.arc, .ask = ask});
            }
        }
        std::ranges::sort(pairs_, {},
                          [](const Item& item) { return std::pair(item.score, item.arc); });
        fixed_.assign(static_cast<std::size_t>(simplex_->arcs()), 0);
    }

    /// As many places as possible, the longest waiting first; where every demand is met in full
    /// they are given.
    [[nodiscard]] Result<void> fill_places(const Net& network) {
        for (const Item& item : pairs_) {
            simplex_->set_value(item.arc, network.lift(item.ask));
        }
        TRY_DO(settle());
        for (const Item& item : pairs_) {
            simplex_->set_value(item.arc, 0);
        }
        return {};
    }

    [[nodiscard]] Result<void> run() {
        auto begin = pairs_.cbegin();
        for (auto open = next_open(begin); open != pairs_.cend(); open = next_open(begin)) {
            const auto level = std::ranges::equal_range(pairs_, open->score, {}, &Item::score);
            // The levels below have none, and one flow shows that for all of them.
            const auto end = begin < level.begin() ? Place(level.begin()) : Place(level.end());
            set_value(begin, end, -1);
            TRY_DO(settle());
            set_value(begin, end, 0);
            begin = end;
        }
        return {};
    }

  private:
    struct Item {
        Micro score;
        Arc arc;
        Index ask;
    };
    using Place = typename std::vector<Item>::const_iterator;

    void set_value(Place begin, Place end, Cost value) {
        std::for_each(begin, end, [&](const Item& i) { simplex_->set_value(i.arc, value); });
    }

    [[nodiscard]] bool is_fixed(Arc arc) const {
        return fixed_[static_cast<std::size_t>(arc)] != 0;
    }

    /// The first pair from here on that could still be given up.
    [[nodiscard]] Place next_open(Place begin) const {
        return std::find_if(begin, pairs_.cend(), [&](const Item& item) {
            return !is_fixed(item.arc) && simplex_->flow(item.arc) > 0;
        });
    }

    /// Solves for the present values and fixes what every such optimum has.
    [[nodiscard]] Result<void> settle() {
        const auto go_on = [&] {
            return !options_->keep_going || options_->keep_going({.done = done_, .total = asks_});
        };
        simplex_->values_changed();
        if (!go_on() || !simplex_->run(go_on)) {
            return fail(ErrorKind::interrupted, "stopped before an allotment was found");
        }
        for (Arc arc = 0; arc < simplex_->arcs(); ++arc) {
            if (!is_fixed(arc) && !simplex_->by_root(arc) && simplex_->reduced(arc) != 0) {
                simplex_->fix(arc);
                fixed_[static_cast<std::size_t>(arc)] = 1;
            }
        }
        done_ = std::ranges::count_if(pairs_, [&](const Item& item) {
            return is_fixed(item.arc) && simplex_->flow(item.arc) > 0;
        });
        return {};
    }

    typename Net::Simplex* simplex_;
    const Options* options_;
    Index asks_;
    std::int64_t done_ = 0;
    std::vector<Item> pairs_; ///< ascending scores
    std::vector<char> fixed_; ///< of each arc
};

template <class Scale, class Rows>
Result<Allotment> leximin_scaled(const Rows& rows, const Sides& sides, const Options& options) {
    TRY(const Scale scale, Scale::of(without_surplus(sides), rows.largest_score()));
    Network<Rows, Scale> network(rows, sides, scale, Units{}, options);
    TRY_DO(network.list_all());
    Allotment allotment;
    if (!network.feasible()) {
        allotment.shortages = NetworkShortages(network).run();
        return allotment;
    }
    Levels<Rows, Scale> levels(network, options);
    TRY_DO(levels.fill_places(network));
    TRY_DO(levels.run());
    typename Scale::Cost objective = 0;
    Micro worst = max_micro;
    network.for_each_pair([&](const Pair& pair, std::int64_t) {
        allotment.pairs.push_back(pair);
        objective += network.lift(pair.ask) + pair.score;
        worst = std::min(worst, pair.score);
    });
    allotment.certificate.objective = scale.value(objective);
    worst = allotment.pairs.empty() ? 0 : worst;
    allotment.fairness =
        Fairness{.worst = worst, .worst_bound = worst, .levels = {}, .proved = false};
    return allotment;
}

} // namespace

Result<Allotment> leximin_in_network(const ScoreRows& rows, const Sides& sides,
                                     const Options& options) {
    check_instance(rows, sides, options);
    TRY_DO(check_groups(sides));
    for (std::size_t ask = 0; ask < sides.demand.size(); ++ask) {
        if (sides.demand[ask] > 1) {
            return fail(ErrorKind::invalid,
                        fmt::format("ask {} is for {} places; expected at most 1 for leximin, for "
                                    "with more it is not known how to be fair exactly and fast",
                                    ask, sides.demand[ask]));
        }
    }
    return std::visit(
        [&](const auto& r) {
            return sides.service == Service::full ? leximin_scaled<PlainScale>(r, sides, options)
                                                  : leximin_scaled<WaitingScale>(r, sides, options);
        },
        rows);
}

} // namespace allot::matching
