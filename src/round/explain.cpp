#include "round/explain.hpp"

#include "base/text.hpp"
#include "engine/allot/why_not.hpp"
#include "round/words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::round {

namespace {

using matching::Index;

class Explainer {
  public:
    explicit Explainer(const Record& record) : record_(&record) {}

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
        return fmt::format("{} is paired with {}: {}.\n", ask, offer,
                           record_->reasons.at({ask, offer}));
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

    /// One re-augmentation with the prices that the pairs themselves imply.
    [[nodiscard]] std::string loss_of(Index i, Index j) {
        const auto answer = matching::why_not(rows(), record_->sides, allotment(), i, j);
        return answer ? words_of(i, j, *answer)
                      : not_possible(record_->asks[static_cast<std::size_t>(i)],
                                     record_->offers[static_cast<std::size_t>(j)]);
    }

    [[nodiscard]] std::string words_of(Index i, Index j, const matching::WhyNot& answer) const {
        const auto name = [](const std::vector<std::string>& names, Index k) {
            return names[static_cast<std::size_t>(k)];
        };
        std::string words = fmt::format("{} could be paired with {}. Under these scores, {}.\n",
                                        name(record_->asks, i), name(record_->offers, j),
                                        loss_in_words(answer.loss));
        for (const auto& pair : answer.ended) {
            words += fmt::format("  It would end {} with {}.\n", name(record_->asks, pair.ask),
                                 name(record_->offers, pair.helper));
        }
        for (const auto& pair : answer.begun) {
            words += fmt::format("  It would begin {} with {}.\n", name(record_->asks, pair.ask),
                                 name(record_->offers, pair.helper));
        }
        return words;
    }

    /// What serving an ask with its best possible offer would cost everybody together.
    [[nodiscard]] std::string best_that_was_possible(Index i) {
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
    std::optional<matching::ScoreRows> rows_;
    std::optional<matching::Allotment> allotment_;
};

/// The first thing that round.json claims and that is not so.
std::optional<std::string> false_claim(const Record& record, const matching::Verdict& verdict) {
    if (record.told->objective != verdict.objective) {
        return "round.json claims another objective than the pairings have";
    }
    if (record.told->bound != verdict.bound) {
        return "round.json claims another bound than the prices give";
    }
    for (std::size_t j = 0; j < record.offers.size(); ++j) {
        const auto claimed = record.told->prices.find(record.offers[j]);
        if (claimed == record.told->prices.end() || claimed->second != verdict.prices[j]) {
            return "round.json claims another price for one more place of " + record.offers[j];
        }
    }
    return std::nullopt;
}

} // namespace

Result<std::string> why(const Record& record, const std::string& ask,
                        const std::optional<std::string>& offer) {
    Explainer explainer(record);
    if (const auto verdict = verify(record); !verdict.holds) {
        return fail(ErrorKind::invalid, "these files do not hold together (" + verdict.reason +
                                            "), so nothing can be explained from them");
    }
    return offer ? explainer.about_pair(ask, *offer) : explainer.about_ask(ask);
}

matching::Verdict verify(const Record& record) {
    auto verdict = matching::verify(record.instance, record.sides, record.pairs,
                                    {.asks = record.asks, .helpers = record.offers});
    if (!verdict.holds) {
        return verdict;
    }
    for (const auto& pair : record.pairs) {
        if (!std::ranges::binary_search(record.instance, pair)) {
            verdict.holds = false;
            verdict.reason = fmt::format("the score of {} with {} is not the one of the instance",
                                         record.asks[static_cast<std::size_t>(pair.ask)],
                                         record.offers[static_cast<std::size_t>(pair.helper)]);
        }
    }
    if (verdict.holds && record.told) {
        const auto claim = false_claim(record, verdict);
        verdict.holds = !claim;
        verdict.reason = claim.value_or("");
    }
    return verdict;
}

} // namespace allot::round
