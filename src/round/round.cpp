#include "round/round.hpp"

#include "engine/allot/order.hpp"
#include "round/decide.hpp"

#include <algorithm>
#include <array>

namespace allot::round {

namespace {

using calendar::Stretch;

class Composer {
  public:
    Composer(Inputs inputs, const Settings& settings, const Kinds& kinds)
        : inputs_(std::move(inputs)), kinds_(&kinds) {
        round_.settings = settings;
        round_.own_scores = inputs_.scores.has_value();
        round_.week = calendar::iso_week_of(settings.at);
        round_.asks = std::move(inputs_.asks);
        round_.offers = std::move(inputs_.offers);
        std::ranges::sort(round_.asks, {}, &Ask::id);
        std::ranges::sort(round_.offers, {}, &Offer::id);
    }

    Result<Round> run(const matching::Options& options) {
        choose_sides();
        expand_hours();
        TRY_DO(compare_all(options));
        TRY_DO(decide_pairs(options));
        collect_pairings();
        collect_waiting();
        collect_scarce();
        return std::move(round_);
    }

  private:
    /// What was found out about one ask and one offer of its kind, in engine numbers.
    struct Compared {
        matching::Index offer;
        Obstacle obstacle;
        double score;
        bool shares_topic;
    };

    [[nodiscard]] const Ask& ask_at(matching::Index k) const {
        return round_.asks[round_.ask_order[static_cast<std::size_t>(k)]];
    }
    [[nodiscard]] const Offer& offer_at(matching::Index k) const {
        return round_.offers[round_.offer_order[static_cast<std::size_t>(k)]];
    }

    /// Who takes part, in canonical order.
    void choose_sides() {
        const std::chrono::year_month_day today =
            std::chrono::floor<std::chrono::days>(round_.settings.at);
        std::vector<std::size_t> asks;
        std::vector<std::size_t> offers;
        std::vector<bool> newcomer;
        for (std::size_t i = 0; i < round_.asks.size(); ++i) {
            if (round_.asks[i].needed_by.value_or(today) >= today) {
                asks.push_back(i);
                newcomer.push_back(round_.asks[i].newcomer);
            }
        }
        for (std::size_t j = 0; j < round_.offers.size(); ++j) {
            if (round_.offers[j].places > 0 &&
                round_.offers[j].valid_until.value_or(today) >= today) {
                offers.push_back(j);
            }
        }
        round_.ask_order = ordered(round_.asks, asks, newcomer);
        round_.offer_order = ordered(round_.offers, offers, {});
        round_.sides.service = matching::Service::partial;
        for (const std::size_t i : round_.ask_order) {
            round_.sides.demand.push_back(round_.asks[i].demand);
            round_.sides.waiting.push_back(static_cast<std::uint8_t>(
                std::min<int>(round_.asks[i].waited, matching::waiting_classes - 1)));
        }
        for (const std::size_t j : round_.offer_order) {
            round_.sides.places.push_back(round_.offers[j].places);
        }
    }

    template <class Entries>
    [[nodiscard]] std::vector<std::size_t> ordered(const Entries& entries,
                                                   const std::vector<std::size_t>& chosen,
                                                   const std::vector<bool>& newcomer) const {
        std::vector<std::string_view> ids;
        ids.reserve(chosen.size());
        for (const std::size_t k : chosen) {
            ids.push_back(entries[k].id);
        }
        std::vector<std::size_t> order;
        for (const auto k : matching::canonical_order(ids, round_.settings.seed, newcomer)) {
            order.push_back(chosen[static_cast<std::size_t>(k)]);
        }
        return order;
    }

    /// Windows as stretches of this week, once a person's entry.
    void expand_hours() {
        const auto expand = [&](const Hours& hours) {
            return hours.known() ? calendar::stretches(*hours.windows, *hours.zone, round_.week)
                                 : std::vector<Stretch>();
        };
        for (const std::size_t i : round_.ask_order) {
            ask_hours_.push_back(expand(round_.asks[i].hours));
        }
        for (const std::size_t j : round_.offer_order) {
            offer_hours_.push_back(expand(round_.offers[j].hours));
        }
    }

    [[nodiscard]] bool needs_hours(const Ask& ask) const {
        return kinds_->find(ask.kind) == Meeting::hours;
    }
    [[nodiscard]] bool hours_known(matching::Index i, matching::Index j) const {
        return ask_at(i).hours.known() && offer_at(j).hours.known();
    }
    [[nodiscard]] std::vector<Stretch> shared_hours(matching::Index i, matching::Index j) const {
        const std::chrono::minutes minutes(ask_at(i).minutes);
        auto slots =
            calendar::shared(ask_hours_[static_cast<std::size_t>(i)],
                             offer_hours_[static_cast<std::size_t>(j)], minutes, round_.week);
        // They begin in the week; those who are always free need not be told of the next one.
        for (Stretch& slot : slots) {
            slot.end = std::min(slot.end, round_.week.end() + minutes);
        }
        return slots;
    }

    [[nodiscard]] bool barred(const Ask& ask, const Offer& offer) const {
        const std::pair people(ask.person_key, offer.person_key);
        const bool both_again =
            ask.again.contains(offer.person_key) && offer.again.contains(ask.person_key);
        return ask.person_key == offer.person_key || ask.not_with.contains(offer.person_key) ||
               offer.not_with.contains(ask.person_key) ||
               inputs_.conflicts.contains({ask.id, offer.id}) ||
               inputs_.history.declined.contains(people) ||
               (inputs_.history.paired.contains(people) && !both_again);
    }

    /// The score of a pair: computed, or given.
    [[nodiscard]] std::optional<double> score_of(const Ask& ask, const Offer& offer,
                                                 const Fit& fit) const {
        if (!inputs_.scores) {
            return fit.score;
        }
        const auto given = inputs_.scores->find({ask.id, offer.id});
        return given == inputs_.scores->end() ? std::nullopt : std::optional(given->second);
    }

    /// Whatever anybody can see stands before what nobody is told.
    [[nodiscard]] Compared compare(matching::Index i, matching::Index j) const {
        const Ask& ask = ask_at(i);
        const Offer& offer = offer_at(j);
        const Fit fit = fit_of(ask, offer);
        const auto score = score_of(ask, offer, fit);
        Compared result{.offer = j,
                        .obstacle = Obstacle::none,
                        .score = score.value_or(0),
                        .shares_topic = !fit.topics.empty()};
        if (!score) {
            result.obstacle = Obstacle::no_score;
        } else if (*score < round_.settings.floor) {
            result.obstacle = Obstacle::low_fit;
        } else if (ask.minutes > offer.minutes) {
            result.obstacle = Obstacle::minutes;
        } else if (!fit.language_unknown && fit.languages.empty()) {
            result.obstacle = Obstacle::language;
        } else if (needs_hours(ask) && hours_known(i, j) && shared_hours(i, j).empty()) {
            result.obstacle = Obstacle::hours;
        } else if (barred(ask, offer)) {
            result.obstacle = Obstacle::barred;
        }
        return result;
    }

    /// Each ask with each offer of its kind; stops when the person asks to.
    Result<void> compare_all(const matching::Options& options) {
        compared_.resize(round_.ask_order.size());
        for (matching::Index i = 0; i < round_.sides.asks(); ++i) {
            if (options.keep_going &&
                !options.keep_going({.done = 0, .total = round_.sides.asks()})) {
                return fail(ErrorKind::interrupted, "stopped before the asks were compared");
            }
            for (matching::Index j = 0; j < round_.sides.helpers(); ++j) {
                const auto& kinds = offer_at(j).kinds;
                if (std::ranges::find(kinds, ask_at(i).kind) != kinds.end()) {
                    note(i, compare(i, j));
                }
            }
        }
        std::ranges::sort(round_.obstacles);
        return {};
    }

    void note(matching::Index i, const Compared& pair) {
        compared_[static_cast<std::size_t>(i)].push_back(pair);
        if (pair.obstacle == Obstacle::none) {
            round_.instance.push_back({i, pair.offer, matching::micro_of_score(pair.score)});
        } else if (pair.obstacle != Obstacle::barred && pair.obstacle != Obstacle::low_fit) {
            round_.obstacles.emplace_back(round_.ask_order[static_cast<std::size_t>(i)],
                                          round_.offer_order[static_cast<std::size_t>(pair.offer)],
                                          pair.obstacle);
        }
    }

    Result<void> decide_pairs(const matching::Options& options) {
        Possible possible{.instance = round_.instance,
                          .sides = round_.sides,
                          .people = people(),
                          .asks = ids_in(round_.asks, round_.ask_order),
                          .offers = ids_in(round_.offers, round_.offer_order)};
        possible.sides.groups = groups_of(inputs_.groups, possible.asks, possible.offers);
        possible.sides.least = least_loads();
        round_.has_minimums = !possible.sides.least.empty();
        round_.has_groups = std::ranges::any_of(
            possible.sides.groups, [](const auto& group) { return !group.members.empty(); });
        TRY(auto decided, decide(possible, round_.settings, options));
        round_.sides = std::move(decided.sides);
        round_.allotment = std::move(decided.allotment);
        round_.odds = std::move(decided.odds);
        round_.worth = std::move(decided.worth);
        round_.trade = std::move(decided.trade);
        for (TradeLine& line : round_.trade) { // those who came too late, by any rule
            line.unfilled += round_.asks.size() - round_.ask_order.size();
        }
        round_.trade_left_out = decided.trade_left_out;
        return {};
    }

    template <class Entries>
    [[nodiscard]] static std::vector<std::string> ids_in(const Entries& entries,
                                                         const std::vector<std::size_t>& order) {
        std::vector<std::string> ids;
        for (const std::size_t k : order) {
            ids.push_back(entries[k].id);
        }
        return ids;
    }

    /// Of each offer of this round, where there are any.
    [[nodiscard]] std::vector<matching::Count> least_loads() const {
        const auto& of_all = round_.settings.least_of_all;
        std::vector<matching::Count> least;
        for (const std::size_t j : round_.offer_order) {
            const Offer& offer = round_.offers[j];
            const auto own = inputs_.least.find(offer.id);
            least.push_back(own != inputs_.least.end()
                                ? own->second
                                : std::min(of_all.value_or(0), offer.places));
        }
        if (std::ranges::none_of(least, [](auto n) { return n > 0; })) {
            least.clear();
        }
        return least;
    }

    /// Those with two offers or more: at most one of them for an ask.
    [[nodiscard]] std::vector<matching::Group> people() const {
        std::map<std::string, matching::Group> by_person;
        for (matching::Index j = 0; j < round_.sides.helpers(); ++j) {
            const Offer& offer = offer_at(j);
            auto& group = by_person[offer.person_key];
            group.scope = matching::Group::Scope::ask;
            group.most = 1;
            group.members.push_back(j);
        }
        std::vector<matching::Group> groups;
        for (auto& [person, group] : by_person) {
            if (group.members.size() > 1) {
                group.name = name_of_person(group.members.front());
                groups.push_back(std::move(group));
            }
        }
        return groups;
    }

    /// After the first of their offers: short, and no name of a group of hosts.
    [[nodiscard]] std::string name_of_person(matching::Index first) const {
        std::string name = "person #h" + std::to_string(first + 1);
        while (std::ranges::find(inputs_.groups, name, &GroupEntry::name) != inputs_.groups.end()) {
            name += '+';
        }
        return name;
    }

    void collect_pairings() {
        for (const matching::Pair& pair : round_.allotment.pairs) {
            const Ask& ask = ask_at(pair.ask);
            Pairing pairing{.ask = round_.ask_order[static_cast<std::size_t>(pair.ask)],
                            .offer = round_.offer_order[static_cast<std::size_t>(pair.helper)],
                            .fit = fit_of(ask, offer_at(pair.helper)),
                            .score = pair.score,
                            .slots = {},
                            .hours_unknown =
                                needs_hours(ask) && !hours_known(pair.ask, pair.helper)};
            if (needs_hours(ask) && !pairing.hours_unknown) {
                pairing.slots = shared_hours(pair.ask, pair.helper);
            }
            round_.pairings.push_back(std::move(pairing));
        }
        std::ranges::sort(round_.pairings, {},
                          [](const Pairing& p) { return std::pair(p.ask, p.offer); });
    }

    void collect_waiting() {
        load_.assign(round_.offer_order.size(), 0);
        for (const matching::Pair& pair : round_.allotment.pairs) {
            ++load_[static_cast<std::size_t>(pair.helper)];
        }
        std::vector<int> missing;
        for (const Ask& ask : round_.asks) {
            missing.push_back(ask.demand);
        }
        for (const Pairing& pairing : round_.pairings) {
            --missing[pairing.ask];
        }
        std::vector<std::optional<matching::Index>> number(round_.asks.size());
        for (std::size_t k = 0; k < round_.ask_order.size(); ++k) {
            number[round_.ask_order[k]] = static_cast<matching::Index>(k);
        }
        for (std::size_t i = 0; i < round_.asks.size(); ++i) {
            if (missing[i] > 0) {
                round_.waiting.push_back(number[i] ? why_waiting(*number[i], missing[i])
                                                   : Waiting{.ask = i,
                                                             .missing = missing[i],
                                                             .why = Unserved::late,
                                                             .nearest = std::nullopt});
            }
        }
    }

    [[nodiscard]] Waiting why_waiting(matching::Index i, int missing) const {
        const auto& row = compared_[static_cast<std::size_t>(i)];
        Waiting waiting{.ask = round_.ask_order[static_cast<std::size_t>(i)],
                        .missing = missing,
                        .nearest = std::nullopt};
        const auto is_free = [&](const Compared& pair) {
            return pair.obstacle == Obstacle::none && has_free_place(pair.offer);
        };
        waiting.in_draw =
            round_.odds && std::ranges::any_of(round_.odds->marginals, [&](const auto& marginal) {
                return marginal.ask == i && !holds(i, marginal.helper);
            });
        const Compared* nearest = nullptr;
        // Then the smaller id, so that a tie is not decided by chance.
        const auto nearness = [&](const Compared& pair) {
            const auto id = round_.offer_order[static_cast<std::size_t>(pair.offer)];
            return std::tuple(pair.obstacle == Obstacle::none, pair.score, pair.obstacle,
                              round_.offers.size() - id);
        };
        bool is_offered = false;
        for (const Compared& pair : row) {
            if (pair.obstacle == Obstacle::barred || holds(i, pair.offer)) {
                continue;
            }
            is_offered = true;
            if (pair.obstacle == Obstacle::none) {
                ++waiting.possible;
            } else {
                waiting.in_the_way.insert(pair.obstacle);
            }
            waiting.some_free = waiting.some_free || is_free(pair);
            const bool is_near = pair.obstacle > Obstacle::low_fit ||
                                 (pair.obstacle == Obstacle::low_fit && pair.shares_topic);
            if (is_near && (nearest == nullptr || nearness(pair) > nearness(*nearest))) {
                nearest = &pair;
            }
        }
        if (nearest == nullptr) {
            waiting.why = is_offered ? Unserved::no_pair : Unserved::no_offer;
            return waiting;
        }
        waiting.why = nearest->obstacle == Obstacle::none ? Unserved::taken : Unserved::no_pair;
        waiting.nearest = round_.offer_order[static_cast<std::size_t>(nearest->offer)];
        waiting.lacks = nearest->obstacle;
        waiting.nearest_free = is_free(*nearest);
        return waiting;
    }

    [[nodiscard]] bool has_free_place(matching::Index j) const {
        return load_[static_cast<std::size_t>(j)] <
               round_.sides.places[static_cast<std::size_t>(j)];
    }

    [[nodiscard]] bool holds(matching::Index i, matching::Index j) const {
        const auto& pairs = round_.allotment.pairs; // by ask, then helper
        const auto pair =
            std::ranges::lower_bound(pairs, std::pair(i, j), {}, [](const matching::Pair& p) {
                return std::pair(p.ask, p.helper);
            });
        return pair != pairs.end() && pair->ask == i && pair->helper == j;
    }

    /// One more place of whom would be worth something, summed up by kind and topic. The worth is
    /// read off the smallest optimal prices of the largest sum; with groups or minimums, where no
    /// prices say what a place is worth, nothing is called scarce.
    void collect_scarce() {
        if (round_.worth.empty()) {
            return;
        }
        struct Group {
            std::set<matching::Index> asks;
            std::set<std::string> people;
            std::map<std::string, int> parts_of_day;
            matching::Value worth;
        };
        std::map<std::pair<std::string, std::string>, Group> groups;
        std::map<std::string, std::string> written;
        for (const matching::Pair& pair : round_.instance) {
            const auto& price = round_.worth[static_cast<std::size_t>(pair.helper)];
            if (price <= matching::Value{}) {
                continue;
            }
            const Ask& ask = ask_at(pair.ask);
            for (const auto& topic : fit_of(ask, offer_at(pair.helper)).topics) {
                const Word w = word(topic);
                written.try_emplace(w.folded, w.written);
                Group& group = groups[{ask.kind, w.folded}];
                group.asks.insert(pair.ask);
                group.people.insert(ask.person_key);
                group.worth = std::max(group.worth, price);
                if (const auto part = part_of_day(pair.ask, pair.helper)) {
                    ++group.parts_of_day[*part];
                }
            }
        }
        for (const auto& [key, group] : groups) {
            if (group.people.size() < fewest_behind) {
                continue;
            }
            const auto most = std::ranges::max_element(
                group.parts_of_day, {}, [](const auto& part) { return part.second; });
            round_.scarce.push_back({.kind = key.first,
                                     .topic = written[key.second],
                                     .part_of_day = most == group.parts_of_day.end()
                                                        ? std::nullopt
                                                        : std::optional(most->first),
                                     .asks = group.asks.size(),
                                     .worth = group.worth});
        }
        std::ranges::sort(round_.scarce, [](const Scarce& a, const Scarce& b) {
            return std::tuple(b.worth, b.asks, a.kind, a.topic) <
                   std::tuple(a.worth, a.asks, b.kind, b.topic);
        });
    }

    /// When the two could meet first, on the asker's clock.
    [[nodiscard]] std::optional<std::string> part_of_day(matching::Index i,
                                                         matching::Index j) const {
        const Ask& ask = ask_at(i);
        if (!needs_hours(ask) || !hours_known(i, j)) {
            return std::nullopt;
        }
        const auto local = ask.hours.zone->to_local(shared_hours(i, j).front().begin);
        const auto hour = std::chrono::floor<std::chrono::hours>(
            local - std::chrono::floor<std::chrono::days>(local));
        constexpr std::array<const char*, 4> names{"night", "morning", "afternoon", "evening"};
        constexpr std::array<int, 24> part_of_hour{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1,
                                                   2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 0, 0};
        return names.at(
            static_cast<std::size_t>(part_of_hour.at(static_cast<std::size_t>(hour.count()))));
    }

    Inputs inputs_;
    const Kinds* kinds_;
    Round round_;
    std::vector<std::vector<Stretch>> ask_hours_;
    std::vector<std::vector<Stretch>> offer_hours_;
    std::vector<std::vector<Compared>> compared_;
    std::vector<matching::Count> load_; ///< asks of each offer of this round
};

} // namespace

bool waits_on(const Round& round) {
    return std::ranges::any_of(round.waiting,
                               [](const Waiting& w) { return w.why != Unserved::late; });
}

bool is_proved(const Round& round) {
    if (round.odds) {
        return round.odds->scaled.proved();
    }
    if (round.settings.objective.rule == matching::Rule::sum) {
        return round.allotment.certificate.proved();
    }
    return round.allotment.fairness && round.allotment.fairness->proved;
}

Result<Round> hold_round(Inputs inputs, const Settings& settings, const Kinds& kinds,
                         const matching::Options& options) {
    return Composer(std::move(inputs), settings, kinds).run(options);
}

} // namespace allot::round
