#include "round/report.hpp"

#include "base/text.hpp"
#include "round/render.hpp"
#include "round/templates.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>

#include <fmt/format.h>

namespace allot::round {

namespace {

using kainjow::mustache::data;

constexpr std::size_t most_slots_shown = 3;
constexpr std::size_t most_scarce_shown = 5;

std::vector<std::string> times_of(const Round& round, const Pairing& pairing) {
    const auto slots = slots_to_come(round, pairing);
    std::vector<std::string> times;
    for (const auto& slot : slots) {
        if (times.size() == most_slots_shown) {
            times.push_back(fmt::format("and {} more", slots.size() - most_slots_shown));
            break;
        }
        times.push_back(
            slot_in_words(slot, round.asks[pairing.ask].hours, round.offers[pairing.offer].hours));
    }
    return times;
}

data pairs_view(const Round& round) {
    data list(data::type::list);
    for (const Pairing& pairing : round.pairings) {
        const Ask& ask = round.asks[pairing.ask];
        const Offer& offer = round.offers[pairing.offer];
        data view;
        view.set("ask", ask.id);
        view.set("ask_person", ask.person);
        view.set("offer", offer.id);
        view.set("offer_person", offer.person);
        view.set("kind", ask.kind);
        std::string reasons;
        for (const auto& reason : reasons_of(round, pairing)) {
            reasons += (reasons.empty() ? "" : "; ") + reason;
        }
        view.set("reasons", reasons);
        const auto times = times_of(round, pairing);
        view.set("has_times", !times.empty());
        view.set("times", list_of(times));
        list << view;
    }
    return list;
}

data waiting_view(const Round& round) {
    data list(data::type::list);
    for (const Waiting& waiting : round.waiting) {
        const Ask& ask = round.asks[waiting.ask];
        data view;
        view.set("ask", ask.id);
        view.set("person", ask.person);
        view.set("kind", ask.kind);
        view.set("part",
                 waiting.missing < ask.demand
                     ? data(fmt::format("{} of {} places empty", waiting.missing, ask.demand))
                     : data(false));
        view.set("why", why_in_words(round, waiting));
        const std::string nearest = nearest_in_words(round, waiting);
        view.set("nearest", nearest.empty() ? data(false) : data(nearest));
        list << view;
    }
    return list;
}

data scarce_view(const Round& round) {
    data list(data::type::list);
    for (const Scarce& scarce : round.scarce | std::views::take(most_scarce_shown)) {
        data view;
        view.set("help", scarce_in_words(scarce));
        view.set("asks", std::to_string(scarce.asks));
        const auto places =
            std::ranges::count_if(scarce.worth.places, [](auto n) { return n > 0; });
        view.set("effect", places > 0
                               ? "One more place would let one more ask be served."
                               : "One more place would make a better fit for the asks there.");
        list << view;
    }
    return list;
}

/// "And 23 others alike.": the rest of what is scarce, most worth first; round.json has all.
data more_scarce(const Round& round) {
    if (round.scarce.size() <= most_scarce_shown) {
        return {false};
    }
    const bool are_alike =
        round.scarce.back().worth.places == round.scarce[most_scarce_shown - 1].worth.places;
    const auto more = static_cast<std::int64_t>(round.scarce.size() - most_scarce_shown);
    return {fmt::format("And {}{}.", text::count_of(more, "other", "others"),
                        are_alike ? " alike" : ", where it would help less")};
}

constexpr std::size_t bands = 10;

/// Bands of fit that stand together as one bar.
struct Bar {
    std::size_t from = 0;
    std::size_t to = 0; ///< the first band behind it
    int count = 0;

    [[nodiscard]] std::size_t width() const { return to - from; }
};

/// No bar stands for one pair to four: bands are joined until there are five. `counts` has as many
/// in all.
std::vector<Bar> bars_of(const std::array<int, bands>& counts) {
    constexpr int fewest = fewest_behind;
    std::vector<Bar> bars;
    const auto is_open = [&] { return bars.back().count > 0 && bars.back().count < fewest; };
    for (std::size_t k = 0; k < bands; ++k) {
        if (bars.empty() || !is_open()) {
            bars.push_back({.from = k});
        }
        bars.back().to = k + 1;
        bars.back().count += counts.at(k);
    }
    if (is_open()) {
        const int rest = bars.back().count;
        bars.pop_back();
        while (bars.back().count == 0) {
            bars.pop_back();
        }
        bars.back().to = bands;
        bars.back().count += rest;
    }
    return bars;
}

/// Pairs by fit in ten bands from 0 to the largest score possible; only for a group. The area of a
/// bar is its number of pairs.
data distribution_view(const Round& round) {
    if (round.pairings.size() < fewest_behind) {
        return {false};
    }
    double top = 1.0;
    for (const Pairing& pairing : round.pairings) {
        top = std::max(top, static_cast<double>(pairing.score) / 1e6);
    }
    std::array<int, bands> counts{};
    for (const Pairing& pairing : round.pairings) {
        const double share = static_cast<double>(pairing.score) / 1e6 / top;
        ++counts.at(std::min(static_cast<std::size_t>(share * bands), bands - 1));
    }
    const auto joined = bars_of(counts);
    const auto density = [](const Bar& bar) {
        return static_cast<double>(bar.count) / static_cast<double>(bar.width());
    };
    const double most = density(*std::ranges::max_element(joined, {}, density));
    constexpr int height = 100;
    const auto fit_at = [&](std::size_t band) {
        return fmt::format("{:.1f}", top * static_cast<double>(band) / bands);
    };
    data bars(data::type::list);
    for (const Bar& bar : joined) {
        const int tall = static_cast<int>(density(bar) / most * height);
        data view;
        view.set("x", std::to_string(bar.from * 32 + 2));
        view.set("wide", std::to_string(bar.width() * 32 - 4));
        view.set("y", std::to_string(height - tall + 14));
        view.set("label_y", std::to_string(height - tall + 10));
        view.set("tall", std::to_string(tall));
        view.set("middle", std::to_string((bar.from + bar.to) * 16));
        view.set("edge", std::to_string(bar.from * 32));
        view.set("count", std::to_string(bar.count));
        view.set("some", bar.count > 0);
        view.set("from", fit_at(bar.from));
        view.set("to", fit_at(bar.to));
        bars << view;
    }
    data view;
    view.set("bars", bars);
    view.set("top", fmt::format("{:.1f}", top));
    return view;
}

/// A rule as people call it.
std::string title_of(const std::string& rule) {
    if (rule == "sum") {
        return "largest sum";
    }
    if (rule == "leximin") {
        return "least well served first";
    }
    if (rule == "maxmin") {
        return "best for the least well served, then the sum";
    }
    return rule == "lottery" ? "this draw" : "nobody below " + rule.substr(rule.find(':') + 1);
}

/// Lines of the trade that end at the same point share a label.
struct Spot {
    matching::Micro sum;
    matching::Micro worst;
    std::string label;
    bool chosen;
};

std::vector<Spot> spots_of(const Round& round) {
    std::vector<Spot> spots;
    for (const TradeLine& line : round.trade) {
        const auto same = std::ranges::find_if(spots, [&](const Spot& spot) {
            return spot.sum == line.objective.micro && spot.worst == line.worst;
        });
        if (same == spots.end()) {
            spots.push_back({.sum = line.objective.micro,
                             .worst = line.worst,
                             .label = line.rule,
                             .chosen = line.chosen});
        } else {
            same->label += ", " + line.rule;
            same->chosen = same->chosen || line.chosen;
        }
    }
    std::ranges::sort(spots, {}, &Spot::sum);
    return spots;
}

/// Where a value lies between two ends, as a length; in the middle where the ends are one.
int place_of(matching::Micro value, matching::Micro least, matching::Micro most, int length) {
    return least == most ? length / 2
                         : static_cast<int>(static_cast<double>(value - least) /
                                            static_cast<double>(most - least) * length);
}

/// The picture: the sum to the right, the least well served upwards. Labels stand to the left of
/// points on the right, and below where another point is near.
data picture_of(const Round& round) {
    constexpr int left = 48;
    constexpr int bottom = 142;
    constexpr int wide = 240;
    constexpr int high = 100;
    const auto spots = spots_of(round);
    const auto [least, most] = std::ranges::minmax(spots, {}, &Spot::worst);
    const matching::Micro from = spots.front().sum;
    const matching::Micro to = spots.back().sum;
    data points(data::type::list);
    std::vector<std::pair<int, int>> taken;
    for (const Spot& spot : spots) {
        const int x = left + place_of(spot.sum, from, to, wide);
        const int y = bottom - place_of(spot.worst, least.worst, most.worst, high);
        const bool is_right = x > left + wide / 2;
        data point;
        point.set("x", std::to_string(x));
        point.set("y", std::to_string(y));
        point.set("label", spot.label);
        point.set("label_x", std::to_string(is_right ? x - 10 : x + 10));
        const bool is_crowded = std::ranges::any_of(taken, [&](const auto& other) {
            return std::abs(other.first - x) < 90 && std::abs(other.second - y) < 14;
        });
        taken.emplace_back(x, y);
        point.set("label_y", std::to_string(is_crowded ? y + 17 : y - 9));
        point.set("anchor", is_right ? "end" : "start");
        point.set("chosen", spot.chosen);
        point.set("diamond",
                  fmt::format("{},{} {},{} {},{} {},{}", x, y - 7, x + 7, y, x, y + 7, x - 7, y));
        points << point;
    }
    data view;
    view.set("points", points);
    view.set("least", decimal(least.worst));
    view.set("most", decimal(most.worst));
    view.set("has_height", least.worst != most.worst);
    view.set("least_y",
             std::to_string(bottom - place_of(least.worst, least.worst, most.worst, high) + 4));
    view.set("most_y", std::to_string(bottom - high + 4));
    view.set("from", decimal(from));
    view.set("to", decimal(to));
    view.set("has_width", from != to);
    return view;
}

std::string name_in_table(const Round& round, const TradeLine& line) {
    return line.rule == "lottery"
               ? fmt::format("lottery, no chance above {}: {}",
                             chance_in_words(*round.settings.pair_cap), title_of(line.rule))
               : line.rule + ": " + title_of(line.rule);
}

data trade_view(const Round& round) {
    if (round.pairings.size() < fewest_behind) {
        return {false};
    }
    data lines(data::type::list);
    for (const TradeLine& line : round.trade) {
        data row;
        row.set("rule", name_in_table(round, line));
        row.set("sum", decimal(line.objective.micro));
        row.set("worst", decimal(line.worst));
        row.set("low", std::to_string(line.low));
        row.set("unfilled", std::to_string(line.unfilled));
        row.set("chosen", line.chosen);
        lines << row;
    }
    data view;
    view.set("lines", lines);
    view.set("left_out", round.trade_left_out);
    view.set("picture", picture_of(round));
    const std::string limits = limits_in_words(round);
    view.set("limits", limits.empty() ? data(false) : data(limits));
    view.set("has_low", !round.own_scores);
    if (round.odds) {
        view.set("expected", decimal(round.odds->expected_micro()));
    }
    return view;
}

/// "20 asks paired, 1 in part, 14 not this time."
std::string summary_of(const Round& round) {
    const auto waiting = round.waiting.size();
    const auto in_part = static_cast<std::size_t>(std::ranges::count_if(
        round.waiting, [&](const Waiting& w) { return w.missing < round.asks[w.ask].demand; }));
    std::string words =
        text::count_of(static_cast<std::int64_t>(round.asks.size() - waiting), "ask", "asks") +
        " paired";
    if (in_part > 0) {
        words += fmt::format(", {} in part", in_part);
    }
    if (waiting > in_part) {
        words += fmt::format(", {} not this time", waiting - in_part);
    }
    return words + ".";
}

} // namespace

std::string report_of(const Round& round) {
    data view;
    view.set("week", date_in_words(round.week.monday));
    view.set("summary", summary_of(round));
    view.set("pairs", pairs_view(round));
    view.set("has_pairs", !round.pairings.empty());
    view.set("waiting", waiting_view(round));
    view.set("has_waiting", !round.waiting.empty());
    view.set("scarce", scarce_view(round));
    view.set("has_scarce", !round.scarce.empty());
    view.set("more_scarce", more_scarce(round));
    view.set("waits_on", waits_on(round));
    view.set("distribution", distribution_view(round));
    view.set("own_scores", round.own_scores);
    const bool wholly_proved = is_proved(round) && !partly_proved_in_words(round);
    view.set("how_sure", wholly_proved                ? ""
                         : is_computed_exactly(round) ? ", computed exactly"
                                                      : ", as far as is known");
    view.set("proof", proof_in_words(round));
    view.set("rule", rule_in_words(round));
    view.set("lottery", round.odds.has_value());
    view.set("trade", trade_view(round));
    view.set("seed", std::to_string(round.settings.seed));
    view.set("at", format_instant(round.settings.at));
    view.set("fewest", std::to_string(fewest_behind));
    return render(templates::report, view, Escape::html);
}

} // namespace allot::round
