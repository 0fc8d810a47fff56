#include "engine/allot/lottery.hpp"

#include "base/random.hpp"
#include "engine/allot/check_instance.hpp"
#include "engine/allot/network_shortage.hpp"

#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::matching {

namespace {

std::size_t at(Index number) {
    return static_cast<std::size_t>(number);
}

Result<Chance> reduced(Chance cap) {
    if (cap.numerator < 1 || cap.denominator < cap.numerator ||
        cap.denominator > most_denominator) {
        return fail(ErrorKind::invalid,
                    fmt::format("the cap is {}/{}; expected a fraction above 0 and at most 1, with "
                                "a denominator of at most {}",
                                cap.numerator, cap.denominator, most_denominator));
    }
    const auto divisor = std::gcd(cap.numerator, cap.denominator);
    return Chance{.numerator = cap.numerator / divisor, .denominator = cap.denominator / divisor};
}

/// The scale of an instance whose places are cut into parts.
template <class Scale>
Result<Scale> scale_of(const Sides& sides, std::int32_t parts, Micro largest_score) {
    Sides cut = without_surplus(sides);
    for (Count& demand : cut.demand) {
        if (demand > std::numeric_limits<Count>::max() / parts) {
            return fail(ErrorKind::invalid,
                        fmt::format("an ask for {} places is too large for a cap in parts of 1/{}",
                                    demand, parts));
        }
        demand *= parts;
    }
    return Scale::of(cut, largest_score);
}

template <class Scale, class Rows>
Result<CappedMarginals> marginals_scaled(const Rows& rows, const Sides& sides, Chance cap,
                                         const Options& options) {
    TRY(const Scale scale, scale_of<Scale>(sides, cap.denominator, rows.largest_score()));
    Network<Rows, Scale> network(rows, sides, scale,
                                 {.whole = cap.denominator, .pair = cap.numerator}, options);
    TRY_DO(network.solve());
    CappedMarginals odds;
    odds.cap = cap;
    if (!network.feasible()) {
        odds.shortages = NetworkShortages(network).run();
        return odds;
    }
    network.for_each_pair([&](const Pair& pair, std::int64_t flow) {
        odds.marginals.push_back({.ask = pair.ask,
                                  .helper = pair.helper,
                                  .score = pair.score,
                                  .numerator = static_cast<std::int32_t>(flow)});
    });
    odds.scaled = network.certificate();
    odds.prices = network.prices();
    odds.group_prices = network.group_prices();
    return odds;
}

/// The arcs that the marginals pass, and their rounding; see `draw`.
class Rounding {
  public:
    Rounding(std::span<const Marginal> marginals, std::int32_t parts, const Sides& sides)
        : marginals_(marginals), parts_(parts), sides_(&sides),
          of_asks_(forest_of(sides, Group::Scope::round, Group::Of::asks)),
          of_helpers_(forest_of(sides, Group::Scope::round, Group::Of::helpers)),
          of_ask_(forest_of(sides, Group::Scope::ask, Group::Of::helpers)),
          next_node_(1 + static_cast<Index>(sides.groups.size()) + sides.asks() + sides.helpers()) {
        check_marginals();
        add_pairs();
        add_locals();
        add_sides();
        list_arcs();
    }

    void run(Random random) {
        std::size_t first = 0;
        while (true) {
            while (first < arcs_.size() && is_whole(first)) {
                ++first;
            }
            if (first == arcs_.size()) {
                return;
            }
            find_cycle(first);
            round_cycle(random);
        }
    }

    [[nodiscard]] std::vector<Pair> pairs() const {
        std::vector<Pair> pairs;
        for (std::size_t k = 0; k < marginals_.size(); ++k) {
            if (arcs_[k].flow > 0) {
                pairs.push_back({.ask = marginals_[k].ask,
                                 .helper = marginals_[k].helper,
                                 .score = marginals_[k].score});
            }
        }
        std::ranges::sort(pairs);
        return pairs;
    }

  private:
    static constexpr Index none = -1;
    static constexpr Index hub = 0;

    struct Arc {
        Index from;
        Index to;
        std::int64_t flow;
    };
    struct Step {
        std::size_t arc;
        Index from; ///< the node where the step begins
    };
    /// A group that counts for one ask and that one of its pairs passes.
    struct Local {
        Index group;
        Index node;
        std::int64_t flow = 0;
    };

    [[nodiscard]] static Index group_node(Index group) { return 1 + group; }
    [[nodiscard]] Index ask_node(Index ask) const {
        return 1 + static_cast<Index>(sides_->groups.size()) + ask;
    }
    [[nodiscard]] Index helper_node(Index helper) const {
        return ask_node(sides_->asks()) + helper;
    }
    [[nodiscard]] static Index around(Index group) {
        return group == none ? hub : group_node(group);
    }

    void check_marginals() const {
        std::vector<std::pair<Index, Index>> seen;
        for (const Marginal& m : marginals_) {
            ALLOT_CHECK(m.ask >= 0 && m.ask < sides_->asks() && m.helper >= 0 &&
                            m.helper < sides_->helpers() && m.numerator > 0 &&
                            m.numerator <= parts_,
                        "a marginal lies outside the instance");
            seen.emplace_back(m.ask, m.helper);
        }
        std::ranges::sort(seen);
        ALLOT_CHECK(std::ranges::adjacent_find(seen) == seen.end(), "a marginal is given twice");
    }

    void add_pairs() {
        locals_.resize(sides_->demand.size());
        for (const Marginal& m : marginals_) {
            Index from = ask_node(m.ask);
            const Index group = of_ask_.innermost[at(m.helper)];
            for (Index g = group; g != none; g = of_ask_.parent[at(g)]) {
                Local& l = local(m.ask, g);
                l.flow += m.numerator;
                from = g == group ? l.node : from;
            }
            arcs_.push_back({from, helper_node(m.helper), m.numerator});
        }
    }

    Local& local(Index ask, Index group) {
        auto& locals = locals_[at(ask)];
        const auto found = std::ranges::find(locals, group, &Local::group);
        if (found != locals.end()) {
            return *found;
        }
        locals.push_back({.group = group, .node = next_node_++});
        return locals.back();
    }

    void add_locals() {
        for (Index ask = 0; ask < sides_->asks(); ++ask) {
            auto locals = locals_[at(ask)];
            std::ranges::sort(locals, {}, &Local::group);
            for (const Local& l : locals) {
                const Index outer = of_ask_.parent[at(l.group)];
                arcs_.push_back(
                    {outer == none ? ask_node(ask) : local(ask, outer).node, l.node, l.flow});
            }
        }
    }

    void add_sides() {
        std::vector<std::int64_t> asks(sides_->demand.size());
        std::vector<std::int64_t> helpers(sides_->places.size());
        std::vector<std::int64_t> groups(sides_->groups.size());
        for (const Marginal& m : marginals_) {
            asks[at(m.ask)] += m.numerator;
            helpers[at(m.helper)] += m.numerator;
            for (Index g = of_asks_.innermost[at(m.ask)]; g != none; g = of_asks_.parent[at(g)]) {
                groups[at(g)] += m.numerator;
            }
            for (Index g = of_helpers_.innermost[at(m.helper)]; g != none;
                 g = of_helpers_.parent[at(g)]) {
                groups[at(g)] += m.numerator;
            }
        }
        for (Index i = 0; i < sides_->asks(); ++i) {
            arcs_.push_back({around(of_asks_.innermost[at(i)]), ask_node(i), asks[at(i)]});
        }
        for (Index j = 0; j < sides_->helpers(); ++j) {
            arcs_.push_back({helper_node(j), around(of_helpers_.innermost[at(j)]), helpers[at(j)]});
        }
        for (std::size_t k = 0; k < groups.size(); ++k) {
            const auto g = static_cast<Index>(k);
            if (sides_->groups[k].of == Group::Of::asks) {
                arcs_.push_back({around(of_asks_.parent[k]), group_node(g), groups[k]});
            } else if (sides_->groups[k].scope == Group::Scope::round) {
                arcs_.push_back({group_node(g), around(of_helpers_.parent[k]), groups[k]});
            }
        }
    }

    void list_arcs() {
        arcs_of_.resize(at(next_node_));
        first_of_.resize(arcs_of_.size());
        step_at_.assign(arcs_of_.size(), none);
        for (std::size_t a = 0; a < arcs_.size(); ++a) {
            arcs_of_[at(arcs_[a].from)].push_back(a);
            arcs_of_[at(arcs_[a].to)].push_back(a);
        }
    }

    [[nodiscard]] bool is_whole(std::size_t arc) const { return arcs_[arc].flow % parts_ == 0; }

    /// The first arc at a node that is not whole and not `but`. What enters a node leaves it, so
    /// one arc that is not whole is never alone.
    [[nodiscard]] std::size_t leave(Index node, std::size_t but) {
        const auto& arcs = arcs_of_[at(node)];
        auto& first = first_of_[at(node)];
        while (first < arcs.size() && is_whole(arcs[first])) {
            ++first;
        }
        std::size_t k = first;
        while (k < arcs.size() && (is_whole(arcs[k]) || arcs[k] == but)) {
            ++k;
        }
        ALLOT_CHECK(k < arcs.size(), "the sums at a node do not agree");
        return arcs[k];
    }

    void find_cycle(std::size_t first) {
        path_.clear();
        std::size_t arc = first;
        Index node = arcs_[arc].from;
        while (step_at_[at(node)] == none) {
            step_at_[at(node)] = static_cast<Index>(path_.size());
            path_.push_back({.arc = arc, .from = node});
            node = arcs_[arc].from == node ? arcs_[arc].to : arcs_[arc].from;
            arc = leave(node, arc);
        }
        const auto begin = step_at_[at(node)];
        for (const Step& step : path_) {
            step_at_[at(step.from)] = none;
        }
        path_.erase(path_.begin(), path_.begin() + begin);
    }

    void round_cycle(Random& random) {
        std::int64_t up = parts_;
        std::int64_t down = parts_;
        for (const Step& step : path_) {
            const Arc& arc = arcs_[step.arc];
            const std::int64_t over = arc.flow % parts_;
            const bool along = arc.from == step.from;
            up = std::min(up, along ? parts_ - over : over);
            down = std::min(down, along ? over : parts_ - over);
        }
        const bool goes_up =
            random.below(static_cast<std::uint64_t>(up + down)) < static_cast<std::uint64_t>(down);
        const std::int64_t amount = goes_up ? up : -down;
        for (const Step& step : path_) {
            Arc& arc = arcs_[step.arc];
            arc.flow += arc.from == step.from ? amount : -amount;
        }
    }

    std::span<const Marginal> marginals_;
    std::int64_t parts_;
    const Sides* sides_;
    Forest of_asks_;
    Forest of_helpers_;
    Forest of_ask_; ///< the groups that count for each ask by itself
    Index next_node_;
    std::vector<std::vector<Local>> locals_;
    std::vector<Arc> arcs_; ///< the first ones are the marginals
    std::vector<std::vector<std::size_t>> arcs_of_;
    std::vector<std::size_t> first_of_;
    std::vector<Index> step_at_;
    std::vector<Step> path_;
};

std::string list_of(std::string_view one, std::string_view several,
                    std::span<const std::string> names, const std::vector<Index>& numbers) {
    std::vector<std::string> list;
    for (const Index number : numbers) {
        list.push_back(at(number) < names.size() ? names[at(number)] : std::to_string(number));
    }
    return fmt::format("{} {}", list.size() == 1 ? one : several, fmt::join(list, ", "));
}

/// 3/2 as 1.5: at most three decimals, none that say nothing.
std::string places_of(std::int64_t parts, std::int32_t denominator) {
    auto text =
        fmt::format("{:.3f}", static_cast<double>(parts) / static_cast<double>(denominator));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

/// An ask whose few possible helpers cannot make up its demand under the cap, and the smallest cap
/// with which they could.
std::string lone_ask(const Shortage& shortage, Chance cap, const std::string& ask) {
    const std::int64_t possible = shortage.single / cap.numerator;
    const std::int64_t needed = shortage.needed / cap.denominator;
    std::string text = fmt::format("{} needs {} and has only {} possible {}", ask, needed, possible,
                                   possible == 1 ? "helper" : "helpers");
    if (possible < needed) {
        return text;
    }
    text += fmt::format(", each with a chance of at most {}/{}: {} x {}/{} = {} is less than {}",
                        cap.numerator, cap.denominator, possible, cap.numerator, cap.denominator,
                        places_of(shortage.single, cap.denominator), needed);
    const std::int64_t common = std::gcd(needed, possible);
    if (needed == possible) {
        return text + "; only a cap of 1 would do for it";
    }
    if (possible / common > most_denominator) {
        return text;
    }
    return text + fmt::format("; a cap of {}/{} or more would do for it", needed / common,
                              possible / common);
}

} // namespace

Micro CappedMarginals::expected_micro() const {
    const Micro doubled = 2 * scaled.objective.micro + cap.denominator;
    const Micro divisor = 2 * Micro{cap.denominator};
    return doubled / divisor - (doubled % divisor < 0 ? 1 : 0);
}

Result<CappedMarginals> capped_marginals(const ScoreRows& rows, const Sides& sides, Chance cap,
                                         const Options& options) {
    check_instance(rows, sides, options);
    TRY(const Chance exact, reduced(cap));
    TRY_DO(check_groups(sides));
    return std::visit(
        [&](const auto& r) {
            return sides.service == Service::full
                       ? marginals_scaled<PlainScale>(r, sides, exact, options)
                       : marginals_scaled<WaitingScale>(r, sides, exact, options);
        },
        rows);
}

std::vector<Pair> draw(std::span<const Marginal> marginals, std::int32_t denominator,
                       const Sides& sides, std::uint64_t seed) {
    Rounding rounding(marginals, denominator, sides);
    rounding.run(Random(seed));
    return rounding.pairs();
}

Result<Lottery> draw_lottery(const ScoreRows& rows, const Sides& sides, Chance cap,
                             std::uint64_t seed, const Options& options) {
    TRY(auto odds, capped_marginals(rows, sides, cap, options));
    Lottery lottery{.odds = std::move(odds), .pairs = {}, .objective = {}};
    lottery.pairs = draw(lottery.odds.marginals, lottery.odds.cap.denominator, sides, seed);
    for (const Pair& pair : lottery.pairs) {
        lottery.objective.micro += pair.score;
        if (sides.service == Service::partial) {
            ++lottery.objective.places.at(waiting_classes - 1 - sides.waiting_of(pair.ask));
        }
    }
    return lottery;
}

std::string words_of(const Shortage& shortage, Chance cap, const Sides& sides, const Names& names) {
    const auto places = [&](std::int64_t parts) { return places_of(parts, cap.denominator); };
    const bool demands = shortage.kind == Shortage::Kind::demands;
    const std::string asks = list_of("ask", "asks", names.asks, shortage.asks);
    const std::string helpers = list_of("helper", "helpers", names.helpers, shortage.helpers);
    std::vector<std::string> quoted;
    for (const Index group : shortage.groups) {
        quoted.push_back(fmt::format("\"{}\"", sides.groups[at(group)].name));
    }
    const std::string bounding =
        fmt::format("the {} {}", quoted.size() == 1 ? "group" : "groups", fmt::join(quoted, ", "));
    if (demands && shortage.asks.size() == 1 && shortage.helpers.empty() && quoted.empty()) {
        return lone_ask(shortage, cap, asks);
    }
    const auto& whose = demands ? shortage.asks : shortage.helpers;
    std::string text = whose.empty() ? bounding : demands ? asks : helpers;
    text += fmt::format(" must get at least {}", places(shortage.needed));
    const auto& others = demands ? shortage.helpers : shortage.asks;
    if (!others.empty()) {
        text += demands ? fmt::format("; {} can give at most {}", helpers, places(shortage.places))
                        : fmt::format("; {} may bring at most {}", asks, places(shortage.places));
    } else if (shortage.places > 0) {
        text += fmt::format("; at most {} are allowed", places(shortage.places));
    }
    if (shortage.single > 0) {
        const std::string chance =
            cap.numerator == cap.denominator
                ? ""
                : fmt::format(", each with a chance of at most {},", places(cap.numerator));
        text += others.empty() ? fmt::format("; single pairs{} give at most {}", chance,
                                             places(shortage.single))
                               : fmt::format("; pairs with others{} add at most {}", chance,
                                             places(shortage.single));
    }
    if (!quoted.empty() && !whose.empty()) {
        text += fmt::format("; with the bounds of {}", bounding);
    }
    const auto missing = shortage.needed - shortage.places - shortage.single;
    return text + fmt::format("; {} {} missing", places(missing),
                              missing == cap.denominator ? "is" : "are");
}

} // namespace allot::matching
