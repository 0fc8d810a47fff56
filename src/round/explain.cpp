#include "round/explain.hpp"

#include "base/text.hpp"
#include "engine/allot/lottery.hpp"
#include "engine/allot/verify_fair.hpp"
#include "engine/allot/why_not.hpp"
#include "round/decide.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace allot::round {

namespace {

using matching::Index;

class Explainer {
  public:
    Explainer(const Record& record, const matching::Objective& rule)
        : record_(&record), rule_(rule) {}

    Result<std::string> about_ask(const std::string& ask) {
        const auto i = number_of(record_->asks, ask);
        if (!i) {
            return outside("ask", ask, record_->asks);
        }
        std::string words;
        for (const auto& pair : record_->pairs) {
            if (pair.ask == *i) {
                words += paired(ask, record_->offers[static_cast<std::size_t>(pair.helper)]);
            }
        }
        if (has_empty_places(*i)) {
            words +=
                fmt::format("{} {}{}\n", ask, words.empty() ? "is not paired" : "has empty places",
                            unserved(ask) ? ": " + *unserved(ask) : ".");
            words += best_that_was_possible(*i);
        }
        return words;
    }

    Result<std::string> about_pair(const std::string& ask, const std::string& offer) {
        const auto i = number_of(record_->asks, ask);
        const auto j = number_of(record_->offers, offer);
        if (!i) {
            return outside("ask", ask, record_->asks);
        }
        if (!j) {
            return outside("offer", offer, record_->offers);
        }
        if (record_->reasons.contains({ask, offer})) {
            return paired(ask, offer);
        }
        const bool allowed = std::ranges::any_of(record_->instance, [&](const auto& pair) {
            return pair.ask == *i && pair.helper == *j;
        });
        return allowed ? loss_of(*i, *j) : not_possible(ask, offer);
    }

  private:
    static std::optional<Index> number_of(const std::vector<std::string>& ids,
                                          const std::string& id) {
        const auto found = std::ranges::find(ids, id);
        return found == ids.end() ? std::nullopt
                                  : std::optional(static_cast<Index>(found - ids.begin()));
    }

    [[nodiscard]] std::optional<std::string> unserved(const std::string& ask) const {
        if (!record_->told) {
            return std::nullopt;
        }
        const auto found = record_->told->unserved.find(ask);
        return found == record_->told->unserved.end() ? std::nullopt : std::optional(found->second);
    }

    [[nodiscard]] bool has_empty_places(Index i) const {
        return std::ranges::count(record_->pairs, i, &matching::Pair::ask) <
               record_->sides.demand[static_cast<std::size_t>(i)];
    }

    /// Late asks and offers without places were read but are not in the tables.
    [[nodiscard]] Result<std::string> outside(std::string_view side, const std::string& id,
                                              const std::vector<std::string>& ids) const {
        if (const auto told = unserved(id); side == "ask" && told) {
            return fmt::format("{} is not in this round: {}\n", id, *told);
        }
        if (side == "offer" && record_->told && record_->told->outside.contains(id)) {
            return fmt::format("{} is not in this round: it has no place, or its last day was "
                               "before.\n",
                               id);
        }
        const auto nearest = text::nearest_word(id, ids);
        return fail(ErrorKind::invalid,
                    fmt::format("found no {} \"{}\" in this round{}", side, text::shown(id),
                                nearest ? "; is it \"" + *nearest + "\"?" : ""));
    }

    [[nodiscard]] std::string paired(const std::string& ask, const std::string& offer) const {
        std::string words = fmt::format("{} is paired with {}: {}.\n", ask, offer,
                                        record_->reasons.at({ask, offer}));
        for (const auto& marginal : record_->marginals) {
            if (name(record_->asks, marginal.ask) == ask &&
                name(record_->offers, marginal.helper) == offer) {
                words +=
                    fmt::format("This pair had a chance of {} in {}, and the lot fell on it.\n",
                                marginal.numerator, record_->told->cap->denominator);
            }
        }
        return words;
    }

    [[nodiscard]] std::string not_possible(const std::string& ask, const std::string& offer) const {
        std::string reason;
        if (record_->told) {
            if (const auto found = record_->told->obstacles.find({ask, offer});
                found != record_->told->obstacles.end()) {
                reason = ": " + found->second;
            }
        }
        return fmt::format("{} with {} is not possible in this round{}.\n", ask, offer, reason);
    }

    /// What making the pair would cost, by the rule of the round.
    [[nodiscard]] std::string loss_of(Index i, Index j) {
        if (record_->told && record_->told->cap) {
            return chance_of(i, j);
        }
        if (rule_.rule != matching::Rule::sum || is_bounded()) {
            return change_by(i, j);
        }
        return loss_of_sum(i, j);
    }

    /// why_not knows no groups and no minimums.
    [[nodiscard]] bool is_bounded() const {
        return !record_->sides.groups.empty() || !record_->sides.least.empty();
    }
    [[nodiscard]] bool has_several() const {
        return std::ranges::any_of(record_->sides.demand, [](auto n) { return n > 1; });
    }
    static const std::string& name(const std::vector<std::string>& names, Index k) {
        return names[static_cast<std::size_t>(k)];
    }

    [[nodiscard]] std::string chance_of(Index i, Index j) const {
        const auto found = std::ranges::find_if(record_->marginals, [&](const auto& marginal) {
            return marginal.ask == i && marginal.helper == j;
        });
        const std::string pair =
            fmt::format("{} with {}", name(record_->asks, i), name(record_->offers, j));
        if (found == record_->marginals.end()) {
            return pair + " was possible, and had no chance in the draw: the chances with the "
                          "largest expected sum of fits leave it out.\n";
        }
        return fmt::format("{} had a chance of {} in {}. The draw, which anybody can repeat, fell "
                           "otherwise.\n",
                           pair, found->numerator, record_->told->cap->denominator);
    }

    /// The rule decides about everybody else once this pair is made.
    [[nodiscard]] std::string change_by(Index i, Index j) const {
        const std::string pair =
            fmt::format("{} with {}", name(record_->asks, i), name(record_->offers, j));
        const auto other = decide_with(record_->instance, record_->sides, rule_, i, j);
        if (!other || !*other) {
            return pair + " could be paired, but not while the limits of this round are kept.\n";
        }
        const bool is_found = has_several() && rule_.rule != matching::Rule::sum;
        const std::string words = fmt::format(
            "{} could be paired with {}. {}{}.\n", name(record_->asks, i), name(record_->offers, j),
            is_found ? "In the best round that was found with this pair, " : "Under these scores, ",
            change_in_words(rule_, record_->sides, record_->pairs, **other));
        auto before = record_->pairs;
        std::ranges::sort(before);
        return words + moves_of(i, j, difference(before, **other), difference(**other, before));
    }

    /// The pairs that are in `from` and not in `to`, both sorted.
    static std::vector<matching::Pair> difference(const std::vector<matching::Pair>& from,
                                                  const std::vector<matching::Pair>& to) {
        std::vector<matching::Pair> pairs;
        std::ranges::set_difference(from, to, std::back_inserter(pairs));
        return pairs;
    }

    /// The offers that an ask would lose and get.
    struct Move {
        std::vector<std::string> lost;
        std::vector<std::string> got;
    };

    /// What else changes once ask `i` is paired with offer `j`, by id: who loses all places
    /// comes first, who only changes helper last.
    [[nodiscard]] std::string moves_of(Index i, Index j, const std::vector<matching::Pair>& ended,
                                       const std::vector<matching::Pair>& begun) const {
        std::map<Index, Move> moves;
        for (const auto& pair : ended) {
            moves[pair.ask].lost.push_back(name(record_->offers, pair.helper));
        }
        for (const auto& pair : begun) {
            if (pair.ask != i || pair.helper != j) {
                moves[pair.ask].got.push_back(name(record_->offers, pair.helper));
            }
        }
        std::vector<std::string> losing;
        std::vector<std::string> shrinking;
        std::vector<std::string> gaining;
        std::vector<std::string> changing;
        for (const auto& [ask, move] : moves) {
            const std::string& id = name(record_->asks, ask);
            if (ask == i) {
                gaining.push_back(fmt::format("  {} would {} for it.\n", id, traded(move)));
            } else if (move.lost.size() > move.got.size()) {
                (loses_all(ask, move) ? losing : shrinking).push_back(lost_places(ask, move));
            } else if (move.lost.size() < move.got.size()) {
                gaining.push_back(fmt::format("  {} would {}.\n", id, traded(move)));
            } else {
                changing.push_back(fmt::format("    {}: {} to {}\n", id,
                                               text::join_words(move.lost),
                                               text::join_words(move.got)));
            }
        }
        if (!changing.empty()) {
            std::ranges::sort(changing);
            const auto others = text::count_of(std::ssize(changing), "other", "others");
            changing.insert(changing.begin(), "  " + others + " would change helper:\n");
        }
        std::ranges::sort(losing);
        std::ranges::sort(shrinking);
        std::ranges::sort(gaining);
        return fmt::format("{}{}{}{}", fmt::join(losing, ""), fmt::join(shrinking, ""),
                           fmt::join(gaining, ""), fmt::join(changing, ""));
    }

    /// "get a place with o4", "give up o1", "give up o1 and get a place with o4".
    static std::string traded(const Move& move) {
        std::vector<std::string> parts;
        if (!move.lost.empty()) {
            parts.push_back("give up " + text::join_words(move.lost));
        }
        if (!move.got.empty()) {
            parts.push_back("get a place with " + text::join_words(move.got));
        }
        return text::join_words(parts);
    }

    [[nodiscard]] bool loses_all(Index ask, const Move& move) const {
        return move.got.empty() && std::ranges::count(record_->pairs, ask, &matching::Pair::ask) ==
                                       std::ssize(move.lost);
    }

    [[nodiscard]] std::string lost_places(Index ask, const Move& move) const {
        const std::string& id = name(record_->asks, ask);
        const std::string lost = text::join_words(move.lost);
        if (loses_all(ask, move)) {
            return fmt::format("  {} would lose its place{}, with {}.\n", id,
                               move.lost.size() == 1 ? "" : "s", lost);
        }
        return move.got.empty()
                   ? fmt::format("  {} would have fewer places, without {}.\n", id, lost)
                   : fmt::format("  {} would have fewer places, without {} and with {}.\n", id,
                                 lost, text::join_words(move.got));
    }

    /// One re-augmentation with the prices that the pairs themselves imply.
    [[nodiscard]] std::string loss_of_sum(Index i, Index j) {
        const auto answer = matching::why_not(rows(), record_->sides, allotment(), i, j);
        return answer ? words_of(i, j, *answer)
                      : not_possible(record_->asks[static_cast<std::size_t>(i)],
                                     record_->offers[static_cast<std::size_t>(j)]);
    }

    [[nodiscard]] std::string words_of(Index i, Index j, const matching::WhyNot& answer) const {
        return fmt::format("{} could be paired with {}. Under these scores, {}.\n",
                           name(record_->asks, i), name(record_->offers, j),
                           loss_in_words(answer.loss)) +
               moves_of(i, j, answer.ended, answer.begun);
    }

    /// What serving an ask with its best possible offer would cost everybody together.
    [[nodiscard]] std::string best_that_was_possible(Index i) {
        if (rule_.rule != matching::Rule::sum || is_bounded() || !record_->marginals.empty()) {
            const auto best = best_fit_of(i);
            return best ? loss_of(i, *best) : "";
        }
        std::optional<matching::WhyNot> least;
        std::optional<Index> offer;
        for (const auto& pair : record_->instance) {
            if (pair.ask != i) {
                continue;
            }
            auto answer = matching::why_not(rows(), record_->sides, allotment(), i, pair.helper);
            if (answer && (!least || answer->loss < least->loss)) {
                least = std::move(answer);
                offer = pair.helper;
            }
        }
        return offer ? words_of(i, *offer, *least) : "";
    }

    /// The possible offer that fits best and is not made.
    [[nodiscard]] std::optional<Index> best_fit_of(Index i) const {
        const matching::Pair* best = nullptr;
        for (const auto& pair : record_->instance) {
            const bool is_made = std::ranges::find(record_->pairs, pair) != record_->pairs.end();
            if (pair.ask == i && !is_made && (best == nullptr || pair.score > best->score)) {
                best = &pair;
            }
        }
        return best == nullptr ? std::nullopt : std::optional(best->helper);
    }

    const matching::ScoreRows& rows() {
        if (!rows_) {
            rows_ = matching::SparseRows(record_->sides.asks(), record_->sides.helpers(),
                                         record_->instance);
        }
        return *rows_;
    }

    const matching::Allotment& allotment() {
        if (!allotment_) {
            auto verdict = matching::verify(record_->instance, record_->sides, record_->pairs);
            allotment_ = matching::Allotment{
                .pairs = record_->pairs,
                .prices = std::move(verdict.prices),
                .certificate = {.objective = verdict.objective, .bound = verdict.bound},
                .shortages = {}};
        }
        return *allotment_;
    }

    const Record* record_;
    matching::Objective rule_;
    std::optional<matching::ScoreRows> rows_;
    std::optional<matching::Allotment> allotment_;
};

/// Checks a round by one rule.
class Checker {
  public:
    Checker(const Record& record, const matching::Objective& rule, const Hash& hash)
        : record_(&record), hash_(&hash) {
        found_.rule = rule;
        found_.is_lottery = record.told && record.told->cap;
    }

    Checked run() {
        found_.objective = objective();
        const auto reason = first_fault();
        found_.holds = !reason;
        found_.reason = reason.value_or("");
        return std::move(found_);
    }

  private:
    using Fault = std::optional<std::string>;

    [[nodiscard]] const matching::Sides& sides() const { return record_->sides; }
    [[nodiscard]] matching::Names names() const {
        return {.asks = record_->asks, .helpers = record_->offers};
    }
    [[nodiscard]] bool is_bounded() const {
        return !sides().groups.empty() || !sides().least.empty();
    }

    [[nodiscard]] matching::Value objective() const {
        matching::Value value;
        for (const auto& pair : record_->pairs) {
            ++value.places.at(matching::waiting_classes - 1 - sides().waiting_of(pair.ask));
            value.micro += pair.score;
        }
        return value;
    }

    Fault first_fault() {
        if (auto fault = wrong_score()) {
            return fault;
        }
        if (auto fault = broken_bound(sides(), record_->pairs, record_->offers)) {
            return fault;
        }
        auto fault = found_.is_lottery                         ? wrong_lottery()
                     : found_.rule.rule == matching::Rule::sum ? wrong_sum()
                                                               : wrong_fairness();
        if (!fault && record_->told) {
            fault = false_claim();
        }
        if (!fault && record_->told && *hash_) {
            fault = changed_table();
        }
        return fault;
    }

    [[nodiscard]] Fault wrong_score() const {
        for (const auto& pair : record_->pairs) {
            const auto same = std::ranges::lower_bound(
                record_->instance, std::pair(pair.ask, pair.helper), {},
                [](const matching::Pair& p) { return std::pair(p.ask, p.helper); });
            const bool is_there = same != record_->instance.end() && same->ask == pair.ask &&
                                  same->helper == pair.helper;
            if (is_there && same->score != pair.score) {
                return fmt::format("the score of {} with {} is not the one of the instance",
                                   record_->asks[static_cast<std::size_t>(pair.ask)],
                                   record_->offers[static_cast<std::size_t>(pair.helper)]);
            }
        }
        return std::nullopt;
    }

    Fault wrong_sum() {
        const auto verdict = matching::verify(record_->instance, sides(), record_->pairs, names());
        if (!verdict.holds || !record_->told || !record_->told->bound) {
            return verdict.holds ? Fault() : Fault(verdict.reason);
        }
        if (*record_->told->bound != verdict.bound) {
            return "round.json claims another bound than the prices give";
        }
        for (std::size_t j = 0; !is_bounded() && j < record_->offers.size(); ++j) {
            const auto claimed = record_->told->prices.find(record_->offers[j]);
            if (claimed == record_->told->prices.end() || claimed->second != verdict.prices[j]) {
                return "round.json claims another price for one more place of " +
                       record_->offers[j];
            }
        }
        return std::nullopt;
    }

    Fault wrong_fairness() {
        if (!sides().groups.empty()) {
            return wrong_beside_groups();
        }
        found_.is_rule_proved = std::ranges::none_of(sides().demand, [](auto n) { return n > 1; });
        const auto served = std::ssize(record_->pairs);
        const auto settled = settled_of(served);
        const bool is_leximin = found_.rule.rule == matching::Rule::leximin;
        if (is_leximin && found_.is_rule_proved &&
            (settled < matching::least_covered(served) || settled > served)) {
            return fmt::format("round.json claims that {} asks were settled, expected {} to {}",
                               settled, matching::least_covered(served), served);
        }
        const auto verdict = matching::verify_fair(record_->instance, sides(), found_.rule,
                                                   record_->pairs, names(), settled);
        if (!found_.is_rule_proved) {
            found_.notes.emplace_back(
                "An ask wants several places: the limits were checked, and that no more places "
                "could be filled, the longest waiting first. That nobody could be served more "
                "fairly was not proved; no way is known to do that in reasonable time.");
        } else if (is_leximin && settled < served) {
            found_.notes.push_back(
                fmt::format("That is proved for the {} worst off of {} asks that are served; the "
                            "others have the largest sum of fits that this leaves.",
                            settled, served));
        }
        return verdict.holds ? Fault() : Fault(verdict.reason);
    }

    /// Of so many asks with one place each, how many leximin has settled.
    [[nodiscard]] std::int64_t settled_of(std::int64_t served) const {
        return record_->told && record_->told->settled ? *record_->told->settled
                                                       : matching::least_covered(served);
    }

    /// verify_fair knows no groups: the same rule is solved again, and must end as fair.
    Fault wrong_beside_groups() {
        const auto limits = wrong_limits();
        if (limits) {
            return limits;
        }
        const auto again = solve_again();
        if (!again) {
            return again.error().message;
        }
        if (again->certificate.objective != found_.objective ||
            sums_of(again->pairs) != sums_of(record_->pairs)) {
            return "the same rule, computed again, serves the asks in another way";
        }
        found_.notes.emplace_back("There are groups: the rule was computed again by the program "
                                  "that holds rounds, and ends as fair as these pairs.");
        return std::nullopt;
    }

    [[nodiscard]] Result<matching::Allotment> solve_again() const {
        return matching::allot(
            matching::SparseRows(sides().asks(), sides().helpers(), record_->instance), sides(),
            {.objective = found_.rule, .order = {}});
    }

    /// Every pair possible and made once, nobody beyond demand or places.
    [[nodiscard]] Fault wrong_limits() const {
        std::vector<matching::Count> demand = sides().demand;
        std::vector<matching::Count> places = sides().places;
        auto pairs = record_->pairs;
        std::ranges::sort(pairs);
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            const auto& pair = pairs[k];
            const auto ask = static_cast<std::size_t>(pair.ask);
            const auto offer = static_cast<std::size_t>(pair.helper);
            const std::string two =
                fmt::format("{} with {}", record_->asks[ask], record_->offers[offer]);
            if (!std::ranges::binary_search(record_->instance, pair)) {
                return two + " is not possible by instance.csv";
            }
            if (k > 0 && pairs[k - 1] == pair) {
                return two + " is paired twice";
            }
            if (--demand[ask] < 0) {
                return record_->asks[ask] + " has more places than it asked for";
            }
            if (--places[offer] < 0) {
                return record_->offers[offer] + " has more asks than places";
            }
        }
        return std::nullopt;
    }

    /// Are the chances within the cap and all limits, are they the best, and is the draw theirs?
    Fault wrong_lottery() {
        if (auto fault = wrong_limits()) {
            return fault;
        }
        if (auto fault = wrong_chances()) {
            return fault;
        }
        const auto drawn = matching::draw(record_->marginals, record_->told->cap->denominator,
                                          sides(), record_->told->seed);
        auto pairs = record_->pairs;
        std::ranges::sort(pairs);
        if (pairs != drawn) {
            return "pairings.csv is not what the chances and the seed draw";
        }
        return wrong_expectation();
    }

    [[nodiscard]] Fault wrong_chances() const {
        const matching::Chance cap = *record_->told->cap;
        std::vector<std::int64_t> of_ask(record_->asks.size());
        std::vector<std::int64_t> of_offer(record_->offers.size());
        for (const auto& marginal : record_->marginals) {
            const auto ask = static_cast<std::size_t>(marginal.ask);
            const auto offer = static_cast<std::size_t>(marginal.helper);
            if (marginal.numerator > cap.numerator) {
                return fmt::format("the chance of {} with {} is above the cap of {}",
                                   record_->asks[ask], record_->offers[offer],
                                   chance_in_words(cap));
            }
            of_ask[ask] += marginal.numerator;
            of_offer[offer] += marginal.numerator;
        }
        for (std::size_t i = 0; i < of_ask.size(); ++i) {
            if (of_ask[i] > std::int64_t{sides().demand[i]} * cap.denominator) {
                return "the chances of " + record_->asks[i] + " add up to more than it asked for";
            }
        }
        for (std::size_t j = 0; j < of_offer.size(); ++j) {
            if (of_offer[j] > std::int64_t{sides().places[j]} * cap.denominator) {
                return "the chances of " + record_->offers[j] + " add up to more than its places";
            }
            if (of_offer[j] <
                std::int64_t{sides().least_of(static_cast<Index>(j))} * cap.denominator) {
                return "the chances of " + record_->offers[j] +
                       " add up to less than the asks that it must get";
            }
        }
        for (const auto& group : sides().groups) {
            if (!keeps_group(group, cap.denominator)) {
                return fmt::format("the chances of the group \"{}\" do not add up to {} to {} "
                                   "places",
                                   group.name, group.least, group.most);
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool keeps_group(const matching::Group& group, std::int64_t parts) const {
        const bool each_ask = group.scope == matching::Group::Scope::ask;
        std::vector<std::int64_t> sums(each_ask ? record_->asks.size() : 1);
        for (const auto& marginal : record_->marginals) {
            const Index member =
                group.of == matching::Group::Of::asks ? marginal.ask : marginal.helper;
            if (std::ranges::find(group.members, member) != group.members.end()) {
                sums[each_ask ? static_cast<std::size_t>(marginal.ask) : 0] += marginal.numerator;
            }
        }
        return std::ranges::all_of(sums, [&](std::int64_t sum) {
            return sum >= group.least * parts && sum <= group.most * parts;
        });
    }

    /// In parts of a place.
    [[nodiscard]] matching::Value expected() const {
        matching::Value value;
        for (const auto& marginal : record_->marginals) {
            value.places.at(matching::waiting_classes - 1 - sides().waiting_of(marginal.ask)) +=
                marginal.numerator;
            value.micro += marginal.score * marginal.numerator;
        }
        return value;
    }

    Fault wrong_expectation() {
        const auto best = matching::capped_marginals(
            matching::SparseRows(sides().asks(), sides().helpers(), record_->instance), sides(),
            *record_->told->cap);
        if (!best || !best->shortages.empty()) {
            return best ? "no chances keep the limits" : best.error().message;
        }
        if (expected() != best->scaled.objective) {
            return "other chances have a larger expected sum of fits, or these break a limit";
        }
        if (record_->told->expected->objective != expected() ||
            record_->told->expected->bound != best->scaled.bound) {
            return "round.json claims another expected objective or bound than the chances have";
        }
        found_.notes.emplace_back(
            "The draw was repeated from chances and seed, and the commitment is that of the seed. "
            "The best chances were computed again by the program that holds rounds, not by other "
            "code.");
        return std::nullopt;
    }

    /// The first thing that round.json claims and that is not so.
    [[nodiscard]] Fault false_claim() const {
        if (record_->told->objective != found_.objective) {
            return "round.json claims another objective than the pairings have";
        }
        const auto sums = sums_of(record_->pairs);
        if (record_->told->worst && *record_->told->worst != (sums.empty() ? 0 : sums.front())) {
            return "round.json claims another fit of the least well served";
        }
        return std::nullopt;
    }

    [[nodiscard]] Fault changed_table() const {
        for (const auto& [name, hash] : record_->told->hashes) {
            const auto found = record_->hashes.find(name);
            if (found == record_->hashes.end()) {
                return name + " is missing, which round.json names";
            }
            if (found->second != hash) {
                return name + " was changed after the round: its hash in round.json is another";
            }
        }
        for (const auto& [name, hash] : record_->hashes) {
            if (!record_->told->hashes.empty() && !record_->told->hashes.contains(name)) {
                return name + " was added after the round: round.json does not name it";
            }
        }
        const std::string& commitment = record_->told->commitment;
        if (!commitment.empty() && commitment != (*hash_)(std::to_string(record_->told->seed))) {
            return "the commitment in round.json is not that of its seed";
        }
        return std::nullopt;
    }

    const Record* record_;
    const Hash* hash_;
    Checked found_;
};

/// Without a rule: the first that holds; if none does, what is wrong by the first.
Checked verify_by_any(const Record& record, const Hash& hash) {
    std::optional<Checked> first;
    for (const auto rule : {matching::Rule::sum, matching::Rule::leximin, matching::Rule::maxmin}) {
        auto found = Checker(record, {.rule = rule}, hash).run();
        if (found.holds) {
            found.notes.push_back(
                found.is_rule_proved
                    ? "No rule was given; the pairs hold by the rule " + name_of(found.rule) + "."
                    : "No rule was given; the pairs do not have the largest sum, and hold as far "
                      "as a fair rule can be checked.");
            return found;
        }
        first = first ? first : std::optional(std::move(found));
    }
    first->reason += " (by the rule sum; leximin and maxmin do not hold either, and --objective "
                     "can give another)";
    return *first;
}

} // namespace

Result<std::string> why(const Record& record, const std::string& ask,
                        const std::optional<std::string>& offer) {
    const auto checked = verify(record);
    if (!checked.holds) {
        return fail(ErrorKind::invalid, "these files do not hold together (" + checked.reason +
                                            "), so nothing can be explained from them");
    }
    Explainer explainer(record, checked.rule);
    return offer ? explainer.about_pair(ask, *offer) : explainer.about_ask(ask);
}

Checked verify(const Record& record, const std::optional<matching::Objective>& given,
               const Hash& hash) {
    if (!record.told) {
        auto checked = given ? Checker(record, *given, hash).run() : verify_by_any(record, hash);
        checked.notes.emplace_back("There is no round.json: its claim was not compared.");
        return checked;
    }
    const auto& rule = record.told->rule;
    auto checked = Checker(record, rule, hash).run();
    if (given && (given->rule != rule.rule || given->floor != rule.floor)) {
        checked.holds = false;
        checked.reason = fmt::format("round.json says that the rule was {}, not {}", name_of(rule),
                                     name_of(*given));
    }
    return checked;
}

} // namespace allot::round
