#include "round/fit.hpp"

#include <algorithm>

namespace allot::round {

namespace {

std::vector<std::string> shared_words(const std::vector<Word>& a, const std::vector<Word>& b) {
    std::vector<std::string> both;
    for (const Word& w : a) {
        if (std::ranges::find(b, w) != b.end()) {
            both.push_back(w.written);
        }
    }
    return both;
}

} // namespace

Fit fit_of(const Ask& ask, const Offer& offer) {
    Fit fit;
    fit.topics = shared_words(ask.topics, offer.topics);
    fit.topics_unknown = ask.topics.empty() || offer.topics.empty();
    fit.languages = shared_words(ask.languages, offer.languages);
    fit.language_unknown = ask.languages.empty() || offer.languages.empty();
    fit.wished = ask.wishes.contains(offer.id) || ask.wishes.contains(offer.person_key);

    const double topic_share = fit.topics_unknown ? unknown_share
                                                  : static_cast<double>(fit.topics.size()) /
                                                        static_cast<double>(ask.topics.size());
    double language_share = fit.languages.empty() ? 0.0 : 1.0;
    if (fit.language_unknown) {
        language_share = unknown_share;
    }
    fit.score = topic_weight * topic_share + language_weight * language_share +
                wish_weight * (fit.wished ? 1.0 : 0.0);
    return fit;
}

} // namespace allot::round
