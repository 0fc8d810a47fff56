#include "app/assign_report.hpp"

#include "base/text.hpp"
#include "engine/allot/order.hpp"
#include "formats/csv.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::app {

namespace {

using matching::Index;
using matching::Shortage;

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

std::string offer_words(const Shortage& shortage, const Labels& helpers) {
    const bool is_one_ask = shortage.asks.size() == 1;
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

} // namespace

std::string pairs_csv(const AssignInput& input, const matching::Allotment& allotment) {
    const auto& pairs = allotment.pairs;
    const auto texts = input.scores.texts_of(pairs);
    const auto ask_rank = matching::inverse(input.asks.output_order());
    const auto helper_rank = matching::inverse(input.helpers.output_order());
    std::vector<std::size_t> order(pairs.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        order[k] = k;
    }
    std::ranges::sort(order, {}, [&](std::size_t k) {
        return std::pair(ask_rank[at(pairs[k].ask)], helper_rank[at(pairs[k].helper)]);
    });
    formats::CsvWriter csv;
    csv.field("ask").field("helper").field("score").end_row();
    for (const std::size_t k : order) {
        csv.field(input.asks[pairs[k].ask]).field(input.helpers[pairs[k].helper]).field(texts[k]);
        csv.end_row();
    }
    return std::move(csv).text();
}

std::string certificate_json(const AssignInput& input, const matching::Allotment& allotment,
                             const Spent& spent) {
    const auto order = input.helpers.output_order();
    std::vector<matching::Micro> prices;
    prices.reserve(order.size());
    for (const Index helper : order) {
        prices.push_back(allotment.prices[at(helper)].micro);
    }
    const auto objective = allotment.certificate.objective.micro;
    const auto bound = allotment.certificate.bound.micro;
    const auto helpers = input.helpers.are_ids()
                             ? fmt::format(R"("helpers":{},)", labels_json(order, input.helpers))
                             : std::string();
    return fmt::format(
        R"({{"format":1,"rule":"sum","objective":{},"objective_micro":{},"bound_micro":{},)"
        R"("gap":{},"proved":{},{}"helper_price_micro":[{}],{}}})"
        "\n",
        real_json(static_cast<double>(objective) / 1e6), objective, bound, bound - objective,
        allotment.certificate.proved(), helpers, fmt::join(prices, ","), spent_json(spent));
}

std::string shortage_json(const AssignInput& input, const std::vector<Shortage>& shortages,
                          const Spent& spent) {
    std::vector<std::string> texts;
    texts.reserve(shortages.size());
    for (const Shortage& shortage : shortages) {
        texts.push_back(fmt::format(
            R"({{"asks":{},"helpers":{},"needed":{},"places":{},"single":{}}})",
            labels_json(shortage.asks, input.asks), labels_json(shortage.helpers, input.helpers),
            shortage.needed, shortage.places, shortage.single));
    }
    return fmt::format(R"({{"format":1,"rule":"sum","feasible":false,"reason":{},)"
                       R"("shortages":[{}],{}}})"
                       "\n",
                       quoted_json(words_of(shortages, input.asks, input.helpers)),
                       fmt::join(texts, ","), spent_json(spent));
}

std::vector<Shortage> in_output_order(std::vector<Shortage> shortages, const Labels& asks,
                                      const Labels& helpers) {
    const auto ask_rank = matching::inverse(asks.output_order());
    const auto helper_rank = matching::inverse(helpers.output_order());
    const auto rank_of_ask = [&](Index k) { return ask_rank[at(k)]; };
    for (Shortage& shortage : shortages) {
        std::ranges::sort(shortage.asks, {}, rank_of_ask);
        std::ranges::sort(shortage.helpers, {}, [&](Index k) { return helper_rank[at(k)]; });
    }
    std::ranges::sort(shortages, {},
                      [&](const Shortage& shortage) { return rank_of_ask(shortage.asks.front()); });
    return shortages;
}

std::string words_of(const Shortage& shortage, const Labels& asks, const Labels& helpers) {
    const std::int64_t missing = shortage.needed - shortage.places - shortage.single;
    return fmt::format("{}; {}; {} {} missing", need_words(shortage, asks),
                       offer_words(shortage, helpers), places(missing),
                       missing == 1 ? "is" : "are");
}

std::string words_of(const std::vector<Shortage>& shortages, const Labels& asks,
                     const Labels& helpers) {
    std::string words = "not every demand can be met";
    for (std::size_t k = 0; k < std::min(shortages.size(), most_named); ++k) {
        words += (k == 0 ? ": " : ".\n") + words_of(shortages[k], asks, helpers);
    }
    if (shortages.size() > most_named) {
        words += fmt::format(".\n{} more shortages are in the certificate",
                             shortages.size() - most_named);
    }
    return words;
}

std::string summary_of(const matching::Allotment& allotment) {
    const auto& certificate = allotment.certificate;
    return fmt::format("{}, sum of scores {}, {}.",
                       text::count_of(std::ssize(allotment.pairs), "pair", "pairs"),
                       micro_text(certificate.objective.micro),
                       certificate.proved() ? std::string("proved best under these scores")
                                            : fmt::format("not proved best: the bound is {}",
                                                          micro_text(certificate.bound.micro)));
}

} // namespace allot::app
