#include "collective/gatherings/chat_news.hpp"

#include "collective/gatherings/series_calls.hpp"
#include "platform/hooks/announce.hpp"

#include <algorithm>
#include <array>

namespace allot::gatherings {

namespace {

constexpr std::array<std::string_view, 7> news_names = {"begun", "changed", "cancelled", "lighter",
                                                        "soon",  "notes",   "elsewhere"};

/// A hook posts what has one key once. What may happen again, such as a move back and forth, has
/// the moment at which it is told in its key; a reminder of a gathering has not.
[[nodiscard]] std::string key_of(const Teller& teller, const Announcement& news) {
    std::string key = "series:" + news.series->id.text() + ":" +
                      std::string(news_names[static_cast<std::size_t>(news.news)]) + ":" +
                      name_of_when(news.changes.front().now.original);
    if (news.news == Occasion::changed || news.news == Occasion::cancelled ||
        news.news == Occasion::notes || news.news == Occasion::elsewhere) {
        const auto now = std::chrono::floor<std::chrono::seconds>(teller.now);
        key += ":" + std::to_string(now.time_since_epoch().count());
    }
    return key;
}

[[nodiscard]] std::string text_for_chats(const Teller& teller, const pages::Catalogue& words,
                                         const Announcement& news) {
    std::string text;
    for (const Change& change : news.changes) {
        text += say_change(teller, words, change.zone, news.news, change) + "\n";
        if (news.news == Occasion::elsewhere) {
            break; // the next one stands for all
        }
    }
    const std::string city = city_of(news.changes.front().zone);
    return text + words.say("chat.clock", {pages::Argument{"city", std::string_view(city)}});
}

} // namespace

Result<void> post_to_hooks(Transaction& transaction, const Teller& teller,
                           const Announcement& news) {
    if (news.changes.empty()) {
        return {};
    }
    const Series& series = *news.series;
    const pages::Catalogue& words = teller.words_for("");
    Instant last = news.changes.front().now.begin;
    for (const Change& change : news.changes) {
        last = std::max(last, change.now.begin);
    }
    const std::string page = news.news == Occasion::begun
                                 ? teller.address_of(series)
                                 : teller.address_of(series, news.changes.front().now.original);
    // What was written afterwards is of use for longer than the gathering lasts.
    const auto good_until =
        news.news == Occasion::notes ? std::nullopt : std::optional(Moment(last));
    return hooks::announce(
        transaction, teller.collective.id.text(),
        {.key = key_of(teller, news),
         .circle = series.circle ? std::optional(series.circle->text()) : std::nullopt,
         .is_public = series.about.audience == Audience::everyone,
         .title = series.about.title,
         .text = text_for_chats(teller, words, news),
         .links = {{.label = words.say("chat.open"), .url = page}},
         .good_until = good_until},
        teller.now, teller.house.entropy);
}

} // namespace allot::gatherings
