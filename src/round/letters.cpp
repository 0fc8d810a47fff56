#include "round/letters.hpp"

#include "base/random.hpp"
#include "base/text.hpp"
#include "round/render.hpp"
#include "round/templates.hpp"
#include "round/words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::round {

namespace {

using kainjow::mustache::data;

constexpr std::size_t longest_file_part = 150;

/// An id as part of a file name: what is neither letter, digit, "-", "_" nor "." becomes %XX. A
/// long one is cut, and a hash of the id keeps it different from others.
std::string file_part(const std::string& id) {
    std::string name;
    for (const char c : id) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                           (c == '.' && !name.empty());
        name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    if (name.size() > longest_file_part) {
        name =
            fmt::format("{}-{:016x}", name.substr(0, longest_file_part - 17), seeded_hash(0, id));
    }
    return name;
}

/// Joined; false where there are none.
data words_or_nothing(const std::vector<std::string>& words) {
    return words.empty() ? data(false) : data(text::join_words(words));
}

/// Topics of an ask, joined; false where it names none.
data topics_of(const Ask& ask) {
    std::vector<std::string> words;
    for (const Word& topic : ask.topics) {
        words.push_back(topic.written);
    }
    return words_or_nothing(words);
}

/// Topics of the ask that the offer does not name; nothing where it names none at all.
std::vector<std::string> not_named(const Ask& ask, const Offer& offer) {
    std::vector<std::string> words;
    for (const Word& topic : ask.topics) {
        if (!offer.topics.empty() && std::ranges::find(offer.topics, topic) == offer.topics.end()) {
            words.push_back(topic.written);
        }
    }
    return words;
}

/// A pairing as one side sees it.
data pairing_view(const Round& round, const Pairing& pairing, Reader reader) {
    const Ask& ask = round.asks[pairing.ask];
    const Offer& offer = round.offers[pairing.offer];
    const Entry& mine = reader == Reader::asker ? static_cast<const Entry&>(ask) : offer;
    const Entry& theirs = reader == Reader::asker ? static_cast<const Entry&>(offer) : ask;
    data view;
    view.set("ask", ask.id);
    view.set("offer", offer.id);
    view.set("kind", ask.kind);
    view.set("about", topics_of(ask));
    view.set("shared", words_or_nothing(pairing.fit.topics));
    view.set("not_named", words_or_nothing(not_named(ask, offer)));
    view.set("minutes", std::to_string(ask.minutes));
    view.set("helper", theirs.person);
    view.set("reasons", list_of(reasons_of(round, pairing, reader)));
    const auto to_come = slots_to_come(round, pairing);
    view.set("has_slots", !to_come.empty());
    view.set("written", pairing.slots.empty() && !pairing.hours_unknown);
    data slots(data::type::list);
    for (const auto& slot : to_come) {
        slots << data(slot_in_words(slot, mine.hours, theirs.hours));
    }
    view.set("slots", slots);
    return view;
}

std::string outcome_in_words(const Ask& ask, const Waiting& waiting) {
    if (ask.demand == 1) {
        return "It was not filled this time.";
    }
    return waiting.missing == ask.demand
               ? fmt::format("None of the {} places was filled this time.", ask.demand)
               : fmt::format("{} of the {} places stayed empty this time.", waiting.missing,
                             ask.demand);
}

data waiting_view(const Round& round, const Waiting& waiting) {
    const Ask& ask = round.asks[waiting.ask];
    data view;
    view.set("kind", ask.kind);
    view.set("about", topics_of(ask));
    view.set("outcome", outcome_in_words(ask, waiting));
    view.set("why", why_in_words(round, waiting));
    const std::string nearest = nearest_in_words(round, waiting);
    view.set("nearest", nearest.empty() ? data(false) : data(nearest));
    const bool is_late = waiting.why == Unserved::late;
    view.set("late", is_late);
    view.set("hope", has_hope(waiting));
    view.set("stuck", !is_late && !has_hope(waiting));
    view.set("help", help_in_words(round, waiting));
    view.set("further", waiting.missing < ask.demand ? "further " : "");
    view.set("waited", text::count_of(ask.waited + 1, "round", "rounds"));
    return view;
}

/// Sections that were left out leave blank lines: never two of them together.
std::string without_gaps(const std::string& letter) {
    const auto is_gap = [](char a, char b, char c) { return a == '\n' && b == '\n' && c == '\n'; };
    std::string text;
    for (const char c : letter) {
        if (text.size() < 2 || !is_gap(text[text.size() - 2], text.back(), c)) {
            text += c;
        }
    }
    return text;
}

std::string week_of(const Round& round) {
    return date_in_words(round.week.monday);
}

std::string ask_letter(const Round& round, std::size_t i) {
    data view;
    view.set("ask", round.asks[i].id);
    view.set("person", round.asks[i].person);
    view.set("week", week_of(round));
    data paired(data::type::list);
    for (const Pairing& pairing : round.pairings) {
        if (pairing.ask == i) {
            paired << pairing_view(round, pairing, Reader::asker);
        }
    }
    view.set("paired", paired);
    view.set("is_paired", !paired.is_empty_list());
    data waiting(data::type::list);
    for (const Waiting& w : round.waiting) {
        if (w.ask == i) {
            waiting << waiting_view(round, w);
        }
    }
    view.set("waiting", waiting);
    view.set("rule", rule_in_words(round));
    return without_gaps(render(templates::letter_ask, view, Escape::none));
}

std::string offer_letter(const Round& round, std::size_t j) {
    data view;
    view.set("offer", round.offers[j].id);
    view.set("person", round.offers[j].person);
    view.set("week", week_of(round));
    data pairings(data::type::list);
    for (const Pairing& pairing : round.pairings) {
        if (pairing.offer == j) {
            pairings << pairing_view(round, pairing, Reader::helper);
        }
    }
    view.set("pairings", pairings);
    view.set("rule", rule_in_words(round));
    return without_gaps(render(templates::letter_offer, view, Escape::none));
}

} // namespace

std::map<std::string, std::string> letters_of(const Round& round) {
    std::map<std::string, std::string> letters;
    for (std::size_t i = 0; i < round.asks.size(); ++i) {
        letters["ask-" + file_part(round.asks[i].id) + ".txt"] = ask_letter(round, i);
    }
    for (std::size_t j = 0; j < round.offers.size(); ++j) {
        if (std::ranges::find(round.pairings, j, &Pairing::offer) != round.pairings.end()) {
            letters["offer-" + file_part(round.offers[j].id) + ".txt"] = offer_letter(round, j);
        }
    }
    return letters;
}

} // namespace allot::round
