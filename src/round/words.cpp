#include "round/words.hpp"

#include "base/text.hpp"
#include "round/decide.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <ranges>

#include <fmt/format.h>

namespace allot::round {

namespace {

/// "about statistics and plots" or "without a topic".
std::string about(const std::vector<Word>& topics) {
    std::vector<std::string> words;
    for (const Word& topic : topics) {
        words.push_back(topic.written);
    }
    return words.empty() ? "without a named topic" : "about " + text::join_words(words, 4);
}

std::string minute_of(Instant t) {
    return format_instant(t).substr(0, 16) + "Z";
}

std::string clock_of(std::chrono::local_seconds t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::hh_mm_ss time(t - day);
    return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

std::string_view month_name(std::chrono::year_month_day date) {
    constexpr std::array<std::string_view, 12> months{
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    return months.at(static_cast<unsigned>(date.month()) - 1);
}

std::string day_of(std::chrono::local_seconds t) {
    constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(day);
    return fmt::format("{} {} {}", days.at(std::chrono::weekday(day).c_encoding()),
                       static_cast<unsigned>(date.day()), month_name(date).substr(0, 3));
}

/// Within a day the end needs no date.
std::string slot_on(const calendar::Stretch& slot, const Hours& hours) {
    const calendar::Zone clock = hours.zone ? *hours.zone : calendar::Zone::utc();
    const auto begin = clock.to_local(slot.begin);
    const auto end = clock.to_local(slot.end);
    const bool is_short = end - begin < std::chrono::days(1);
    return fmt::format("{} {}{}{} ({})", day_of(begin), clock_of(begin),
                       is_short ? "-" : " to " + day_of(end) + " ", clock_of(end), clock.name());
}

/// What there is to say about when the two share hours.
std::vector<std::string> hours_in_words(const Round& round, const Pairing& pairing) {
    const Ask& ask = round.asks[pairing.ask];
    const auto to_come = slots_to_come(round, pairing);
    if (to_come.empty()) {
        return {fmt::format("both are free for {} minutes in this week, but only before this round "
                            "was held: agree on another time",
                            ask.minutes)};
    }
    std::vector<std::string> words{
        fmt::format("both are free for {} minutes in this week", ask.minutes)};
    if (ask.needed_by && ask.hours.zone) {
        const auto first = ask.hours.zone->to_local(to_come.front().begin);
        if (first >= std::chrono::local_days(*ask.needed_by) + std::chrono::days(1)) {
            words.emplace_back("these hours come after the day it was needed by");
        }
    }
    return words;
}

/// "hours are known of one side only", or of neither.
std::string unknown_in_words(std::string_view what, bool one_is_known) {
    return fmt::format("{} are known of {}", what, one_is_known ? "one side only" : "neither side");
}

std::string wish_in_words(Reader reader) {
    switch (reader) {
    case Reader::asker:
        return "you wished for this";
    case Reader::helper:
        return "they wished for this";
    case Reader::hosts:
        break;
    }
    return "the ask wished for this";
}

/// Why the places that could have served an ask did not: "their places went to other asks".
std::string where_places_went(const Round& round, const Waiting& waiting) {
    if (waiting.in_draw) {
        return "the lot fell otherwise";
    }
    const std::string went =
        fmt::format("{} places went to other asks", waiting.possible == 1 ? "its" : "their");
    if (!waiting.some_free) {
        return went;
    }
    // Without a lot and limits of the hosts there is but one reason that a place stays empty.
    return went + (round.odds ? ", or stayed empty in the draw"
                   : round.has_groups || round.has_minimums
                       ? ", or the limits of this round kept them empty"
                       : ", or are of somebody who serves it already");
}

/// How it was decided who waits. What the rule does for those who are served says nothing to
/// somebody who is not.
std::string how_in_words(const Round& round, const Waiting& waiting) {
    if (waiting.in_draw) {
        return fmt::format("No pair had a chance of more than {}. Having waited longer can raise a "
                           "chance, and guarantees nothing.",
                           chance_in_words(*round.settings.pair_cap));
    }
    if (round.odds) {
        return fmt::format("In this lottery it had no {}chance: chances go first to asks that "
                           "waited longest, as far as the cap allows, then to the pairs that fit "
                           "best together.",
                           waiting.missing < round.asks[waiting.ask].demand ? "further " : "");
    }
    return "Places go first to asks that waited longest; between asks that waited as long, the "
           "fits of the whole round decide.";
}

/// One obstacle between an ask and offers of its kind.
std::string way_in_words(const Round& round, Obstacle obstacle) {
    switch (obstacle) {
    case Obstacle::no_score:
        return "no score was given";
    case Obstacle::low_fit:
        return round.own_scores ? "a score below the floor" : "topics that share too little";
    case Obstacle::minutes:
        return "fewer minutes than it needs";
    case Obstacle::language:
        return "no common language";
    case Obstacle::hours:
        return "no shared hour in this week";
    default:
        return {};
    }
}

/// What would take an obstacle away.
std::string remedy_in_words(const Round& round, Obstacle obstacle) {
    switch (obstacle) {
    case Obstacle::no_score:
        return "a score for one of these offers, from whoever runs this round";
    case Obstacle::low_fit:
        return round.own_scores ? "a higher score, from whoever runs this round"
                                : "other topics, or a wish for an offer or a person";
    case Obstacle::minutes:
        return "fewer minutes";
    case Obstacle::language:
        return "another language that you speak";
    case Obstacle::hours:
        return "other hours";
    default:
        return {};
    }
}

matching::Value value_of(const matching::Sides& sides, std::span<const matching::Pair> pairs) {
    matching::Value value;
    for (const auto& pair : pairs) {
        ++value.places.at(matching::waiting_classes - 1 - sides.waiting_of(pair.ask));
        value.micro += pair.score;
    }
    return value;
}

/// Where the fits of those who are served, worst first, begin to differ.
std::string levels_in_words(const std::vector<matching::Micro>& before,
                            const std::vector<matching::Micro>& after) {
    const auto [was, is] = std::ranges::mismatch(before, after);
    if (was == before.end() || is == after.end()) {
        return "it is as good as what was chosen";
    }
    const auto same = was - before.begin();
    const std::string who =
        same == 0 ? "the least well served"
        : same == 1
            ? "the least well served would get the same, and the next"
            : fmt::format("the {} least well served would get the same, and the next", same);
    return fmt::format("{} would get {} instead of {}", who, decimal(*is), decimal(*was));
}

} // namespace

std::string chance_in_words(matching::Chance chance) {
    return fmt::format("{} in {}", chance.numerator, chance.denominator);
}

std::string limits_in_words(const Round& round) {
    if (!round.has_minimums && !round.has_groups) {
        return {};
    }
    return fmt::format(
        "The hosts' limits ({}{}{}) come before waiting.", round.has_minimums ? "minimums" : "",
        round.has_minimums && round.has_groups ? " and " : "", round.has_groups ? "groups" : "");
}

std::string rule_in_words(const Round& round) {
    const Settings& settings = round.settings;
    const std::string limits = limits_in_words(round);
    const std::string before = limits + (limits.empty() ? "" : " ");
    if (settings.pair_cap) {
        return before +
               fmt::format("Who is paired was partly drawn by lot: no pair had a chance of more "
                           "than {}. As far as that allows, chances go first to asks that waited "
                           "longest: having waited can raise a chance, and guarantees nothing. "
                           "Anybody can repeat the draw.",
                           chance_in_words(*settings.pair_cap));
    }
    const std::string first = before + "Places go first to asks that waited longest. ";
    switch (settings.objective.rule) {
    case matching::Rule::sum:
        break;
    case matching::Rule::leximin:
        return first + "Among those served, the least well served are served as well as possible, "
                       "then the next, and so on.";
    case matching::Rule::maxmin:
        return first + "Among those served, the least well served is served as well as possible. "
                       "Then all fits together are as large as possible.";
    case matching::Rule::floor:
        return first + fmt::format("Nobody who is served gets a fit below {}. Then all fits "
                                   "together are as large as possible.",
                                   decimal(settings.objective.floor));
    }
    return first + "Among those served, all fits together are as large as possible.";
}

bool is_computed_exactly(const Round& round) {
    return !is_proved(round) && !round.sides.groups.empty() &&
           round.settings.objective.rule != matching::Rule::sum;
}

std::optional<std::string> partly_proved_in_words(const Round& round) {
    const auto& fairness = round.allotment.fairness;
    const auto served = std::ssize(round.allotment.pairs);
    if (!is_proved(round) || !fairness || fairness->covered == 0 || fairness->covered >= served) {
        return std::nullopt;
    }
    return fmt::format("It is proved that the {} worst off of {} asks that are served cannot be "
                       "served better, and that the others have the largest sum of fits that this "
                       "leaves.",
                       fairness->covered, served);
}

std::string proof_in_words(const Round& round) {
    const bool is_sum = round.settings.objective.rule == matching::Rule::sum;
    if (const auto partly = partly_proved_in_words(round)) {
        return *partly;
    }
    if (is_proved(round)) {
        return round.odds ? "A certificate shows that no other chances within the cap are better "
                            "under these scores."
               : is_sum   ? "A certificate shows that no other way is better under these scores."
                          : "It is proved that no other way is better by this rule, under these "
                            "scores.";
    }
    const auto& fairness = round.allotment.fairness;
    const bool worst_is_best = fairness && !fairness->proved &&
                               fairness->worst == fairness->worst_bound && fairness->worst > 0;
    if (is_computed_exactly(round)) {
        return "The rule was computed exactly; no second program has proved it.";
    }
    if (is_sum || !worst_is_best) {
        return "The certificate does not close: treat these pairs as a proposal.";
    }
    return "The least well served cannot be served better. For the others nothing better was "
           "found; where an ask wants several places, that cannot be proved.";
}

std::string decimal(matching::Micro micro) {
    std::string number = fmt::format("{}{}.{:06}", micro < 0 ? "-" : "",
                                     std::abs(micro) / 1'000'000, std::abs(micro) % 1'000'000);
    number.erase(number.find_last_not_of('0') + 1);
    return number.ends_with('.') ? number + "0" : number;
}

std::string slots_utc(const std::vector<calendar::Stretch>& slots) {
    std::string all;
    for (const auto& slot : slots) {
        all += (all.empty() ? "" : "|") + minute_of(slot.begin) + "/" + minute_of(slot.end);
    }
    return all;
}

std::string slot_in_words(const calendar::Stretch& slot, const Hours& mine, const Hours& theirs) {
    const std::string here = slot_on(slot, mine);
    const std::string there = slot_on(slot, theirs);
    return here == there ? here : here + " [" + there + "]";
}

std::string date_in_words(std::chrono::year_month_day date) {
    return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), month_name(date),
                       static_cast<int>(date.year()));
}

std::vector<calendar::Stretch> slots_to_come(const Round& round, const Pairing& pairing) {
    const std::chrono::minutes needed(round.asks[pairing.ask].minutes);
    std::vector<calendar::Stretch> slots = pairing.slots;
    for (auto& slot : slots) {
        slot.begin = std::max(slot.begin, round.settings.at);
    }
    std::erase_if(slots, [&](const auto& slot) { return slot.end < slot.begin + needed; });
    return slots;
}

std::vector<std::string> reasons_of(const Round& round, const Pairing& pairing, Reader reader) {
    const Ask& ask = round.asks[pairing.ask];
    const Offer& offer = round.offers[pairing.offer];
    const Fit& fit = pairing.fit;
    std::vector<std::string> reasons;
    if (!fit.topics.empty()) {
        reasons.push_back("both name " + text::join_words(fit.topics));
    } else if (fit.topics_unknown) {
        reasons.push_back(unknown_in_words("topics", !ask.topics.empty() || !offer.topics.empty()));
    }
    if (fit.wished) {
        reasons.push_back(wish_in_words(reader));
    }
    if (!fit.languages.empty()) {
        reasons.push_back("both speak " + text::join_words(fit.languages));
    } else if (fit.language_unknown) {
        reasons.push_back(
            unknown_in_words("languages", !ask.languages.empty() || !offer.languages.empty()));
    }
    if (pairing.hours_unknown) {
        reasons.push_back(unknown_in_words("hours", ask.hours.known() || offer.hours.known()) +
                          ": agree on a time");
    } else if (!pairing.slots.empty()) {
        std::ranges::move(hours_in_words(round, pairing), std::back_inserter(reasons));
    } else {
        reasons.emplace_back("in writing: no shared hour is needed");
    }
    return reasons;
}

std::string why_in_words(const Round& round, const Waiting& waiting) {
    const Ask& ask = round.asks[waiting.ask];
    const std::string further = waiting.missing < ask.demand ? "further " : "";
    switch (waiting.why) {
    case Unserved::late:
        return fmt::format("It was needed by {}. This round was held on {}.",
                           date_in_words(*ask.needed_by),
                           date_in_words(std::chrono::floor<std::chrono::days>(round.settings.at)));
    case Unserved::no_offer:
        return fmt::format("No {}offer of {} is possible for it in this round.", further, ask.kind);
    case Unserved::no_pair: {
        std::vector<std::string> ways;
        for (const Obstacle obstacle : waiting.in_the_way | std::views::reverse) {
            ways.push_back(way_in_words(round, obstacle));
        }
        return fmt::format("Offers of {} exist, but {} could be paired with it. In the way: {}.",
                           ask.kind, further.empty() ? "none" : "no further one",
                           fmt::join(ways, "; "));
    }
    case Unserved::taken:
        break;
    }
    const std::string limits = limits_in_words(round);
    return fmt::format("{} could have served it; {}. {}{}{}",
                       waiting.possible == 1
                           ? fmt::format("One {}offer", further)
                           : fmt::format("{} {}offers", waiting.possible, further),
                       where_places_went(round, waiting), limits, limits.empty() ? "" : " ",
                       how_in_words(round, waiting));
}

std::string help_in_words(const Round& round, const Waiting& waiting) {
    std::vector<std::string> remedies;
    for (const Obstacle obstacle : waiting.in_the_way | std::views::reverse) {
        remedies.push_back(remedy_in_words(round, obstacle));
    }
    remedies.push_back(fmt::format("a further offer of {}", round.asks[waiting.ask].kind));
    remedies.emplace_back("another kind of help");
    return fmt::format("{}", fmt::join(remedies, "; "));
}

std::string nearest_in_words(const Round& round, const Waiting& waiting) {
    if (!waiting.nearest) {
        return waiting.why == Unserved::late ? "" : "Nothing near it was found this time.";
    }
    const Ask& ask = round.asks[waiting.ask];
    const Offer& offer = round.offers[*waiting.nearest];
    const std::string what = fmt::format("An offer of {} {}", ask.kind, about(offer.topics));
    switch (waiting.lacks) {
    case Obstacle::none:
        if (waiting.nearest_free) {
            return what + (round.odds ? ", whose place stayed empty in the draw."
                           : round.has_groups || round.has_minimums
                               ? ", whose place the limits of this round kept empty."
                               : ", of somebody who serves the ask already.");
        }
        return what + ", which had no place left.";
    case Obstacle::minutes:
        return fmt::format("{}, of {} minutes; the ask needs {}.", what, offer.minutes,
                           ask.minutes);
    case Obstacle::language:
        return what + ", in another language.";
    case Obstacle::no_score:
        return what + ", for which no score was given.";
    case Obstacle::hours:
        return fmt::format("{}, without a shared {} minutes in this week.", what, ask.minutes);
    default:
        return what + ", which shares little with the ask.";
    }
}

std::string obstacle_in_words(Obstacle obstacle) {
    switch (obstacle) {
    case Obstacle::kind:
        return "the offer does not give this kind of help";
    case Obstacle::no_score:
        return "no score was given for this pair";
    case Obstacle::minutes:
        return "the ask needs more minutes than the offer has";
    case Obstacle::language:
        return "they have no common language";
    case Obstacle::hours:
        return "they have no shared hour in this week";
    default:
        return {};
    }
}

std::string scarce_in_words(const Scarce& scarce) {
    std::string words = scarce.kind + " about " + scarce.topic;
    if (scarce.part_of_day) {
        words += *scarce.part_of_day == "night" ? ", at night" : ", in the " + *scarce.part_of_day;
    }
    return words;
}

std::string loss_in_words(const matching::Value& loss) {
    const auto places = std::accumulate(loss.places.begin(), loss.places.end(), std::int64_t{0});
    const bool moves_down = loss.places > matching::Value{}.places;
    std::vector<std::string> parts;
    if (places > 0) {
        parts.push_back(text::count_of(places, "place fewer", "places fewer") + " would be filled");
    } else if (moves_down) {
        parts.emplace_back("a place would be lost by an ask that comes first");
    }
    if (loss.micro != 0) {
        parts.push_back(fmt::format("the sum of fits would {} by {}",
                                    loss.micro > 0 ? "fall" : "rise",
                                    decimal(std::abs(loss.micro))));
    }
    return parts.empty() ? "nothing would be lost: it is as good as what was chosen"
                         : text::join_words(parts);
}

std::string change_in_words(const matching::Objective& rule, const matching::Sides& sides,
                            std::span<const matching::Pair> before,
                            std::span<const matching::Pair> after) {
    const auto was = value_of(sides, before);
    const auto is = value_of(sides, after);
    matching::Value loss{.micro = was.micro - is.micro};
    for (std::size_t k = 0; k < matching::waiting_classes; ++k) {
        loss.places.at(k) = was.places.at(k) - is.places.at(k);
    }
    const auto sums_before = sums_of(before);
    const auto sums_after = sums_of(after);
    if (loss.places != matching::Value{}.places || rule.rule == matching::Rule::sum) {
        return loss_in_words(loss);
    }
    const bool is_below = rule.rule == matching::Rule::floor && !sums_after.empty() &&
                          sums_after.front() < rule.floor;
    if (rule.rule == matching::Rule::leximin || is_below ||
        (rule.rule == matching::Rule::maxmin && sums_before.front() != sums_after.front())) {
        return levels_in_words(sums_before, sums_after);
    }
    return loss_in_words(loss);
}

} // namespace allot::round
