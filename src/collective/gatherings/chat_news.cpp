#include "collective/gatherings/chat_news.hpp"

#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/thread.hpp"
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
    const Change& first = news.changes.front();
    const bool as_planned = news.news == Occasion::lighter && !first.lighter;
    std::string key =
        "series:" + news.series->id.text() + ":" +
        std::string(as_planned ? "planned" : news_names[static_cast<std::size_t>(news.news)]) +
        ":" + name_of_when(first.now.original);
    if (news.news == Occasion::changed || news.news == Occasion::cancelled ||
        news.news == Occasion::lighter || news.news == Occasion::notes ||
        news.news == Occasion::elsewhere) {
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

/// Whether who reads the message may add to the thread: of a public one anybody may read it.
[[nodiscard]] Result<bool> readers_may_write(Transaction& transaction, const Teller& teller,
                                             const Series& series, Wall original) {
    if (series.about.audience != Audience::everyone) {
        return true;
    }
    TRY(const Gathering gathering,
        gathering_at(transaction, teller.collective.id, series.id, original));
    return state_for_guest(series, &gathering).has_value();
}

/// What can be done now, one press each. Of what is over or does not take place there is no more
/// than the page.
[[nodiscard]] Result<std::vector<hooks::Link>> links_of(Transaction& transaction,
                                                        const Teller& teller,
                                                        const pages::Catalogue& words,
                                                        const Announcement& news) {
    const Series& series = *news.series;
    const Wall original = news.changes.front().now.original;
    const std::string gathering = teller.address_of(series, original);
    if (news.news == Occasion::cancelled || news.news == Occasion::notes) {
        return std::vector<hooks::Link>{{.label = words.say("chat.read"), .url = gathering}};
    }
    const std::string page = news.news == Occasion::begun ? teller.address_of(series) : gathering;
    std::vector<hooks::Link> links = {
        {.label = words.say("chat.open"), .url = page},
        {.label = words.say("presence.plan"), .url = gathering + "#presence"}};
    TRY(const bool may_write, readers_may_write(transaction, teller, series, original));
    if (may_write) {
        links.push_back({.label = words.say("chat.question"), .url = gathering + "#thread"});
    }
    if (series.about.audience == Audience::everyone) {
        links.push_back({.label = words.say("chat.calendar"),
                         .url = teller.address_of(series) + "/calendar.ics"});
    }
    return links;
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
    TRY(auto links, links_of(transaction, teller, words, news));
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
         .links = std::move(links),
         .good_until = good_until},
        teller.now, teller.house.entropy);
}

} // namespace allot::gatherings
