#include "app/assign_report.hpp"

#include "app/fair_options.hpp"
#include "base/text.hpp"
#include "engine/allot/order.hpp"
#include "formats/csv.hpp"

#include <algorithm>
#include <tuple>

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::app {

namespace {

using matching::Allotment;
using matching::CappedMarginals;
using matching::Chance;
using matching::Fairness;
using matching::FloorOutcome;
using matching::Group;
using matching::Index;
using matching::Micro;
using matching::Objective;
using matching::Rule;
using matching::Shortage;
using matching::Value;

using Members = std::vector<std::string>;

constexpr std::size_t most_named = 10;

std::size_t at(Index k) {
    return static_cast<std::size_t>(k);
}

std::string quoted_json(std::string_view text) {
    return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

/// `["a","b"]`, or `[0,1]` for numbers.
std::string labels_json(std::span<const Index> indices, const Labels& labels) {
    std::vector<std::string> texts;
    texts.reserve(indices.size());
    for (const Index k : indices) {
        texts.push_back(labels.are_ids() ? quoted_json(labels[k]) : labels[k]);
    }
    return fmt::format("[{}]", fmt::join(texts, ","));
}

/// With a point or an exponent, so that no reader takes it for an integer.
std::string real_json(double value) {
    const std::string digits = fmt::format("{}", value);
    return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}

std::string spent_json(const Spent& spent) {
    return fmt::format(R"("seconds":{:.6f},"solve_seconds":{:.6f},"peak_rss_bytes":{})",
                       spent.seconds, spent.solve_seconds, spent.peak_rss_bytes);
}

std::string micro_text(matching::Micro micro) {
    constexpr matching::Micro unit = 1'000'000;
    return fmt::format("{}.{:06}", micro / unit, micro % unit);
}

/// `"a", "b" and 5 more`.
std::string named(const std::vector<Index>& indices, const Labels& labels) {
    std::vector<std::string> names;
    names.reserve(indices.size());
    for (const Index k : indices) {
        names.push_back(labels.are_ids() ? fmt::format("\"{}\"", text::shown(labels[k]))
                                         : labels[k]);
    }
    return text::join_words(names, most_named);
}

std::string places(std::int64_t n) {
    return n == 0 ? "no places" : text::count_of(n, "place", "places");
}

std::string need_words(const Shortage& shortage, const Labels& asks) {
    if (shortage.asks.size() == 1) {
        return fmt::format("ask {} needs {}", named(shortage.asks, asks), places(shortage.needed));
    }
    return fmt::format("these {} asks need {} ({})", shortage.asks.size(), places(shortage.needed),
                       named(shortage.asks, asks));
}

/// The people whom these asks compete for. Without `single` pairs nobody else could help.
std::string supply_words(const Shortage& shortage, const Labels& helpers) {
    const bool is_one = shortage.helpers.size() == 1;
    const auto who =
        is_one ? "the one person" : fmt::format("the {} people", shortage.helpers.size());
    const auto* whom = shortage.asks.size() > 1 ? "who could help them" : "who could help it";
    if (shortage.single > 0) {
        whom = "they compete for";
    }
    return fmt::format("{} {} {} {} ({})", who, whom, is_one ? "has" : "have",
                       places(shortage.places), named(shortage.helpers, helpers));
}

std::string offer_words(const Shortage& shortage, const Labels& helpers, Micro floor) {
    const bool is_one_ask = shortage.asks.size() == 1;
    if (shortage.helpers.empty() && shortage.single == 0 && floor > 0) {
        return fmt::format("nobody reaches {} for {}", micro_text(floor),
                           is_one_ask ? "it" : "them");
    }
    if (shortage.helpers.empty() && shortage.single == 0) {
        return is_one_ask ? "nobody may help it" : "nobody may help them";
    }
    if (shortage.helpers.empty() && is_one_ask) {
        return fmt::format("only {} may help it, once each",
                           text::count_of(shortage.single, "person", "people"));
    }
    if (shortage.helpers.empty()) {
        return fmt::format("the people who could help them can fill {}", places(shortage.single));
    }
    const auto supply = supply_words(shortage, helpers);
    return shortage.single == 0
               ? supply
               : fmt::format("{}, and other people can fill {} more", supply, shortage.single);
}

/// `the group "team"`, `the groups "east" and "west"`.
std::string groups_named(const Shortage& shortage, std::span<const Group> groups) {
    std::vector<std::string> names;
    for (const Index g : shortage.groups) {
        names.push_back(fmt::format("\"{}\"", text::shown(groups[at(g)].name)));
    }
    return fmt::format("the {} {}", names.size() == 1 ? "group" : "groups",
                       text::join_words(names, most_named));
}

std::string people_named(std::string_view one, std::string_view many,
                         const std::vector<Index>& people, const Labels& labels) {
    return fmt::format("the {} {}", people.size() == 1 ? one : many, named(people, labels));
}

/// A cut in which minimums of helpers or bounds of groups count.
std::string bounded_words(const Shortage& shortage, const Labels& ask_labels,
                          const Labels& helper_labels, std::span<const Group> groups) {
    const bool demands = shortage.kind == Shortage::Kind::demands;
    const auto asks = people_named("ask", "asks", shortage.asks, ask_labels);
    const auto helpers = people_named("helper", "helpers", shortage.helpers, helper_labels);
    const auto amount = [&](std::int64_t n) {
        return demands ? text::count_of(n, "place", "places") : text::count_of(n, "ask", "asks");
    };
    const auto& whose = demands ? shortage.asks : shortage.helpers;
    const auto& others = demands ? shortage.helpers : shortage.asks;
    std::string words = whose.empty() ? groups_named(shortage, groups) : (demands ? asks : helpers);
    words += fmt::format(" must get at least {}", amount(shortage.needed));
    if (!others.empty()) {
        words += demands ? fmt::format("; {} can give at most {}", helpers, amount(shortage.places))
                         : fmt::format("; {} can bring at most {}", asks, amount(shortage.places));
    } else if (shortage.places > 0 || shortage.single == 0) {
        words += fmt::format("; at most {} can be had", amount(shortage.places));
    }
    if (shortage.single > 0) {
        words += fmt::format("; single pairs{} add at most {}",
                             others.empty() ? "" : " with others", amount(shortage.single));
    }
    if (!shortage.groups.empty() && !whose.empty()) {
        words += fmt::format("; the bounds of {} count here", groups_named(shortage, groups));
    }
    const std::int64_t missing = shortage.needed - shortage.places - shortage.single;
    return words + fmt::format("; {} {} missing", amount(missing), missing == 1 ? "is" : "are");
}

std::string_view name_of(Rule rule) {
    switch (rule) {
    case Rule::maxmin:
        return "maxmin";
    case Rule::floor:
        return "floor";
    case Rule::leximin:
        return "leximin";
    case Rule::sum:
        break;
    }
    return "sum";
}

template <class Member>
void add(Members& members, std::string_view name, const Member& value) {
    members.push_back(fmt::format("\"{}\":{}", name, value));
}

/// One line of JSON with the members of every certificate around these.
std::string document(const Objective& objective, Members members, const Spent& spent) {
    Members first{R"("format":1)"};
    add(first, "rule", fmt::format("\"{}\"", name_of(objective.rule)));
    if (objective.rule == Rule::floor) {
        add(first, "floor_micro", objective.floor);
    }
    return fmt::format("{{{},{},{}}}\n", fmt::join(first, ","), fmt::join(members, ","),
                       spent_json(spent));
}

/// Indices in the order in which results are written.
class OutputOrder {
  public:
    explicit OutputOrder(const Labels& labels) : rank_(matching::inverse(labels.output_order())) {}

    [[nodiscard]] std::vector<Index> of(std::vector<Index> indices) const {
        std::ranges::sort(indices, {}, [&](Index k) { return rank(k); });
        return indices;
    }
    [[nodiscard]] Index rank(Index k) const { return rank_[at(k)]; }

  private:
    std::vector<Index> rank_;
};

/// The numbers of pairs, or of marginals, in the order in which they are written.
template <class Item>
std::vector<std::size_t> order_of(const AssignInput& input, std::span<const Item> items) {
    const OutputOrder asks(input.asks);
    const OutputOrder helpers(input.helpers);
    std::vector<std::size_t> order(items.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        order[k] = k;
    }
    std::ranges::sort(order, {}, [&](std::size_t k) {
        return std::pair(asks.rank(items[k].ask), helpers.rank(items[k].helper));
    });
    return order;
}

/// Who a group is, without braces.
std::string group_json(const Group& group) {
    return fmt::format(R"("scope":"{}","side":"{}","group":{})",
                       group.scope == Group::Scope::ask ? "ask" : "round",
                       group.of == Group::Of::asks ? "ask" : "helper", quoted_json(group.name));
}

void add_prices(Members& members, const AssignInput& input, std::span<const Value> prices,
                std::span<const Value> group_prices) {
    const auto& groups = input.sides.groups;
    if (std::ssize(prices) == input.helpers.count()) {
        const auto order = input.helpers.output_order();
        std::vector<Micro> micro;
        for (const Index helper : order) {
            micro.push_back(prices[at(helper)].micro);
        }
        if (input.helpers.are_ids()) {
            add(members, "helpers", labels_json(order, input.helpers));
        }
        add(members, "helper_price_micro", fmt::format("[{}]", fmt::join(micro, ",")));
    }
    if (!groups.empty() && group_prices.size() == groups.size()) {
        Members texts;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            texts.push_back(fmt::format(R"({{{},"price_micro":{}}})", group_json(groups[g]),
                                        group_prices[g].micro));
        }
        add(members, "group_price_micro", fmt::format("[{}]", fmt::join(texts, ",")));
    }
}

void add_fairness(Members& members, const AssignInput& input, Rule rule, const Fairness& fairness) {
    add(members, "worst_micro", fairness.worst);
    add(members, "worst_bound_micro", fairness.worst_bound);
    if (rule == Rule::leximin) {
        add(members, "covered", fairness.covered);
    }
    const OutputOrder asks(input.asks);
    const OutputOrder helpers(input.helpers);
    Members levels;
    for (const auto& level : fairness.levels) {
        levels.push_back(fmt::format(R"({{"value_micro":{},"asks":{},"rivals":{},"cut":{}{}}})",
                                     level.value, labels_json(asks.of(level.asks), input.asks),
                                     labels_json(asks.of(level.rivals), input.asks),
                                     labels_json(helpers.of(level.cut), input.helpers),
                                     level.outside ? R"(,"outside":true)" : ""));
    }
    add(members, "levels", fmt::format("[{}]", fmt::join(levels, ",")));
}

bool is_proved(const Allotment& allotment) {
    return allotment.fairness ? allotment.fairness->proved : allotment.certificate.proved();
}

std::string cap_text(Chance cap) {
    return fmt::format("{}/{}", cap.numerator, cap.denominator);
}

/// `scaled` over the denominator of the cap, to the nearest micro unit, halves up.
Micro rounded(Micro scaled, Chance cap) {
    const Micro parts = cap.denominator;
    const Micro doubled = 2 * (scaled % parts);
    return scaled / parts + (doubled >= parts ? 1 : 0);
}

std::string shortages_json(const AssignInput& input, const std::vector<Shortage>& shortages) {
    const bool is_bounded = !input.sides.groups.empty() || !input.sides.least.empty();
    Members texts;
    for (const Shortage& shortage : shortages) {
        Members groups;
        for (const Index g : shortage.groups) {
            groups.push_back(fmt::format("{{{}}}", group_json(input.sides.groups[at(g)])));
        }
        const auto* kind = shortage.kind == Shortage::Kind::demands ? "demands" : "minimums";
        const auto bounds =
            is_bounded ? fmt::format(R"(,"kind":"{}","groups":[{}])", kind, fmt::join(groups, ","))
                       : std::string();
        texts.push_back(fmt::format(
            R"({{"asks":{},"helpers":{},"needed":{},"places":{},"single":{}{}}})",
            labels_json(shortage.asks, input.asks), labels_json(shortage.helpers, input.helpers),
            shortage.needed, shortage.places, shortage.single, bounds));
    }
    return fmt::format("[{}]", fmt::join(texts, ","));
}

/// What cannot be: the beginning of a reason. A floor is about pairs where every ask has one.
std::string unmet(const std::vector<Shortage>& shortages, const AssignInput& input,
                  const Objective& objective) {
    const bool is_single = std::ranges::all_of(input.sides.demand, [](auto n) { return n <= 1; });
    const bool has_floor = objective.rule == Rule::floor && is_single;
    const auto is_minimum = [](const Shortage& shortage) {
        const bool is_of_groups = shortage.asks.empty() && !shortage.groups.empty();
        return shortage.kind == Shortage::Kind::minimums || is_of_groups;
    };
    const bool minimums = !shortages.empty() && is_minimum(shortages.front());
    const auto what = minimums    ? std::string("not every minimum can be met")
                      : has_floor ? fmt::format("not every ask can get a score of at least {}",
                                                micro_text(objective.floor))
                                  : std::string("not every demand can be met");
    if (!has_floor) {
        return what;
    }
    return minimums ? fmt::format("{}, and pairs below a score of {} do not count", what,
                                  micro_text(objective.floor))
                    : what + ", and pairs below do not count";
}

/// How far leximin or maxmin is proved.
std::string fair_words(Rule rule, const AssignInput& input, const Allotment& allotment) {
    const Fairness& fairness = *allotment.fairness;
    const auto asks = input.sides.asks();
    if (fairness.proved && rule == Rule::maxmin) {
        return "proved: nobody can make the worst off better off, or then the sum larger";
    }
    if (fairness.proved) {
        return fairness.covered >= asks || fairness.covered == 0
                   ? std::string("proved fairest under these scores")
                   : fmt::format("proved fairest for the {} worst off of {} asks", fairness.covered,
                                 asks);
    }
    if (fairness.worst < fairness.worst_bound) {
        return fmt::format("not proved fairest: the worst off could have {} at most, {} more",
                           micro_text(fairness.worst_bound),
                           micro_text(fairness.worst_bound - fairness.worst));
    }
    if (!input.sides.groups.empty()) {
        return "every level was settled; among groups no proof of that is written";
    }
    const Micro gap = allotment.certificate.bound.micro - allotment.certificate.objective.micro;
    return fmt::format("the worst off cannot have more; not proved fairest for the others, whose "
                       "sum could be {} larger at most",
                       micro_text(gap));
}

std::string floor_words_of(const Objective& objective, const Allotment& allotment) {
    const Fairness& fairness = *allotment.fairness;
    const auto floor = micro_text(objective.floor);
    if (fairness.floor == FloorOutcome::not_found) {
        return fmt::format("not everybody has the floor of {}; whether that is possible is not "
                           "known, the worst off could have {} at most",
                           floor, micro_text(fairness.worst_bound));
    }
    if (fairness.proved) {
        return fmt::format("everybody has the floor of {}, proved the best sum then", floor);
    }
    const Micro gap = allotment.certificate.bound.micro - allotment.certificate.objective.micro;
    return fmt::format("everybody has the floor of {}; not proved best: the sum could be {} larger "
                       "at most",
                       floor, micro_text(gap));
}

} // namespace

std::string pairs_csv(const AssignInput& input, std::span<const matching::Pair> pairs) {
    const auto texts = input.scores.texts_of(pairs);
    formats::CsvWriter csv;
    csv.field("ask").field("helper").field("score").end_row();
    for (const std::size_t k : order_of(input, pairs)) {
        csv.field(input.asks[pairs[k].ask]).field(input.helpers[pairs[k].helper]).field(texts[k]);
        csv.end_row();
    }
    return std::move(csv).text();
}

std::string marginals_csv(const AssignInput& input, const CappedMarginals& odds) {
    const std::span<const matching::Marginal> marginals(odds.marginals);
    formats::CsvWriter csv;
    csv.field("ask").field("helper").field("probability").end_row();
    for (const std::size_t k : order_of(input, marginals)) {
        const auto& marginal = marginals[k];
        csv.field(input.asks[marginal.ask]).field(input.helpers[marginal.helper]);
        csv.field(double(marginal.numerator) / double(odds.cap.denominator));
        csv.end_row();
    }
    return std::move(csv).text();
}

std::string certificate_json(const AssignInput& input, const Objective& objective,
                             const Allotment& allotment, const Spent& spent) {
    const auto sum = allotment.certificate.objective.micro;
    const auto bound = allotment.certificate.bound.micro;
    Members members;
    add(members, "objective", real_json(static_cast<double>(sum) / 1e6));
    add(members, "objective_micro", sum);
    add(members, "bound_micro", bound);
    add(members, "gap", bound - sum);
    add(members, "proved", is_proved(allotment));
    if (allotment.fairness) {
        add_fairness(members, input, objective.rule, *allotment.fairness);
    }
    add_prices(members, input, allotment.prices, allotment.group_prices);
    return document(objective, std::move(members), spent);
}

std::string lottery_json(const AssignInput& input, const matching::Lottery& lottery,
                         std::uint64_t seed, const Spent& spent) {
    const CappedMarginals& odds = lottery.odds;
    const Micro scaled = odds.scaled.objective.micro;
    const Micro expected = odds.expected_micro();
    const Micro bound = rounded(odds.scaled.bound.micro, odds.cap);
    Members members;
    add(members, "pair_cap", fmt::format("\"{}\"", cap_text(odds.cap)));
    add(members, "objective",
        real_json(static_cast<double>(scaled) / (1e6 * double(odds.cap.denominator))));
    add(members, "objective_micro", expected);
    add(members, "expected_micro", expected);
    add(members, "bound_micro", bound);
    add(members, "gap", bound - expected);
    add(members, "proved", odds.scaled.proved());
    add(members, "draw_micro", lottery.objective.micro);
    add(members, "seed", seed);
    add(members, "commitment", fmt::format("\"{}\"", commitment_of(seed)));
    add_prices(members, input, odds.prices, odds.group_prices);
    return document({}, std::move(members), spent);
}

std::string shortage_json(const AssignInput& input, const Objective& objective,
                          const std::optional<Chance>& cap, const NoPairs& none,
                          const Spent& spent) {
    Members members;
    if (cap) {
        add(members, "pair_cap", fmt::format("\"{}\"", cap_text(*cap)));
        add(members, "parts", cap->denominator);
    }
    add(members, "feasible", false);
    add(members, "reason", quoted_json(none.reason));
    if (none.worst_bound) {
        add(members, "worst_bound_micro", *none.worst_bound);
    }
    add(members, "shortages", shortages_json(input, none.shortages));
    return document(objective, std::move(members), spent);
}

std::vector<Shortage> in_output_order(std::vector<Shortage> shortages, const Labels& asks,
                                      const Labels& helpers) {
    const OutputOrder ask_order(asks);
    const OutputOrder helper_order(helpers);
    for (Shortage& shortage : shortages) {
        shortage.asks = ask_order.of(std::move(shortage.asks));
        shortage.helpers = helper_order.of(std::move(shortage.helpers));
    }
    // A minimum that cannot be met may have no ask, and one of a group nobody at all.
    const auto first = [](const std::vector<Index>& list, const OutputOrder& order) {
        return list.empty() ? Index{-1} : order.rank(list.front());
    };
    std::ranges::sort(shortages, {}, [&](const Shortage& shortage) {
        return std::tuple(first(shortage.asks, ask_order), first(shortage.helpers, helper_order),
                          shortage.groups);
    });
    return shortages;
}

std::string words_of(const Shortage& shortage, const Labels& asks, const Labels& helpers,
                     std::span<const Group> groups, Micro floor) {
    if (shortage.kind == Shortage::Kind::minimums || !shortage.groups.empty()) {
        return bounded_words(shortage, asks, helpers, groups);
    }
    const std::int64_t missing = shortage.needed - shortage.places - shortage.single;
    return fmt::format("{}; {}; {} {} missing", need_words(shortage, asks),
                       offer_words(shortage, helpers, floor), places(missing),
                       missing == 1 ? "is" : "are");
}

std::string words_of(const std::vector<Shortage>& shortages, const AssignInput& input,
                     const Objective& objective, const std::optional<Chance>& cap) {
    const matching::Names names{.asks = input.asks.ids(), .helpers = input.helpers.ids()};
    std::string words = unmet(shortages, input, objective);
    for (std::size_t k = 0; k < std::min(shortages.size(), most_named); ++k) {
        words += k == 0 ? ": " : ".\n";
        words += cap ? matching::words_of(shortages[k], *cap, input.sides, names)
                     : words_of(shortages[k], input.asks, input.helpers, input.sides.groups,
                                objective.rule == Rule::floor ? objective.floor : 0);
    }
    if (shortages.size() > most_named) {
        words += fmt::format(".\n{} more shortages are in the certificate",
                             shortages.size() - most_named);
    }
    return words;
}

std::string floor_words(Micro floor, Micro bound) {
    return fmt::format("not every ask can get scores of at least {} in all: in no allotment does "
                       "the worst off get more than {}",
                       micro_text(floor), micro_text(bound));
}

std::string summary_of(const Objective& objective, const AssignInput& input,
                       const Allotment& allotment) {
    const auto& certificate = allotment.certificate;
    const auto sum = fmt::format("{}, sum of scores {}",
                                 text::count_of(std::ssize(allotment.pairs), "pair", "pairs"),
                                 micro_text(certificate.objective.micro));
    if (allotment.fairness) {
        return fmt::format("{}, worst off {}; {}.", sum, micro_text(allotment.fairness->worst),
                           objective.rule == Rule::floor
                               ? floor_words_of(objective, allotment)
                               : fair_words(objective.rule, input, allotment));
    }
    return fmt::format("{}, {}.", sum,
                       certificate.proved() ? std::string("proved best under these scores")
                                            : fmt::format("not proved best: the bound is {}",
                                                          micro_text(certificate.bound.micro)));
}

std::string summary_of(const matching::Lottery& lottery, std::uint64_t seed) {
    const CappedMarginals& odds = lottery.odds;
    return fmt::format(
        "{} drawn with seed {}, sum of scores {}. No pair is more likely than {}; the expected sum "
        "is {}, {}.",
        text::count_of(std::ssize(lottery.pairs), "pair", "pairs"), seed,
        micro_text(lottery.objective.micro), cap_text(odds.cap), micro_text(odds.expected_micro()),
        odds.scaled.proved() ? std::string("proved best under these scores")
                             : fmt::format("not proved best: the bound is {}",
                                           micro_text(rounded(odds.scaled.bound.micro, odds.cap))));
}

} // namespace allot::app
