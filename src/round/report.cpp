#include "round/report.hpp"

#include "base/text.hpp"
#include "round/render.hpp"
#include "round/templates.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace allot::round {

namespace {

using kainjow::mustache::data;

constexpr std::size_t most_slots_shown = 3;

/// A fit in a word; two digits would say more than is known.
std::string band_of(const Pairing& pairing) {
    if (pairing.fit.topics_unknown) {
        return "unknown";
    }
    const double score = static_cast<double>(pairing.score) / 1e6;
    if (score >= 0.75) {
        return "strong";
    }
    return score >= 0.5 ? "plausible" : "weak";
}

std::vector<std::string> times_of(const Round& round, const Pairing& pairing) {
    std::vector<std::string> times;
    for (const auto& slot : pairing.slots) {
        if (times.size() == most_slots_shown) {
            times.push_back(fmt::format("and {} more", pairing.slots.size() - most_slots_shown));
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
        view.set("band", round.own_scores ? data(false) : data(band_of(pairing)));
        std::string reasons;
        for (const auto& reason : reasons_of(round, pairing)) {
            reasons += (reasons.empty() ? "" : "; ") + reason;
        }
        view.set("reasons", reasons);
        view.set("has_times", !pairing.slots.empty());
        view.set("times", list_of(times_of(round, pairing)));
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
    for (const Scarce& scarce : round.scarce) {
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

/// Pairs by fit in ten bands from 0 to the largest score possible; only for a group.
data distribution_view(const Round& round) {
    if (round.pairings.size() < fewest_behind) {
        return {false};
    }
    constexpr std::size_t bands = 10;
    double top = 1.0;
    for (const Pairing& pairing : round.pairings) {
        top = std::max(top, static_cast<double>(pairing.score) / 1e6);
    }
    std::array<int, bands> counts{};
    for (const Pairing& pairing : round.pairings) {
        const double share = static_cast<double>(pairing.score) / 1e6 / top;
        ++counts.at(std::min(static_cast<std::size_t>(share * bands), bands - 1));
    }
    const int most = *std::ranges::max_element(counts);
    constexpr int height = 100;
    data bars(data::type::list);
    for (std::size_t k = 0; k < bands; ++k) {
        const int tall = counts.at(k) * height / most;
        data bar;
        bar.set("x", std::to_string(k * 32 + 2));
        bar.set("y", std::to_string(height - tall + 14));
        bar.set("label_y", std::to_string(height - tall + 10));
        bar.set("tall", std::to_string(tall));
        bar.set("middle", std::to_string(k * 32 + 16));
        bar.set("edge", std::to_string(k * 32));
        bar.set("count", std::to_string(counts.at(k)));
        bar.set("some", counts.at(k) > 0);
        bar.set("from", fmt::format("{:.1f}", top * static_cast<double>(k) / bands));
        bar.set("to", fmt::format("{:.1f}", top * static_cast<double>(k + 1) / bands));
        bars << bar;
    }
    data view;
    view.set("bars", bars);
    view.set("top", fmt::format("{:.1f}", top));
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
    view.set("distribution", distribution_view(round));
    view.set("own_scores", round.own_scores);
    view.set("proved", round.allotment.certificate.proved());
    view.set("seed", std::to_string(round.settings.seed));
    view.set("at", format_instant(round.settings.at));
    view.set("fewest", std::to_string(fewest_behind));
    return render(templates::report, view, Escape::html);
}

} // namespace allot::round
