#include "collective/gatherings/feed_routes.hpp"

#include "collective/circles/circle_calls.hpp"
#include "collective/gatherings/feed_plan.hpp"
#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/news.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/http/body.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Alternate;
using pages::Answer;
using pages::Call;
using pages::Catalogue;
using pages::Download;
using store::Row;
using store::Statement;

constexpr std::string_view calendar_type = "text/calendar; charset=utf-8";
constexpr std::string_view news_type = "application/atom+xml; charset=utf-8";

constexpr Statement list_turns = "SELECT series_id, original, kind FROM turn "
                                 "WHERE collective_id = $1 AND person_id = $2 "
                                 "ORDER BY series_id, original, kind";

// -- Made once for many ---------------------------------------------------------------------------

/// What a feed is made of, and what tells whether it would be the same again.
struct Asked {
    std::string name;    ///< which feed, as no other is called
    std::string version; ///< beside the number of changes and the day
    std::string_view type;
    bool for_all = false;
    std::function<Result<std::string>(Transaction&)> make;
};

/// Whoever asks for what has not changed costs one row of the database.
[[nodiscard]] Result<Answer> kept_or_made(const Call& call, const Asked& asked) {
    const auto today = std::chrono::floor<std::chrono::days>(call.now());
    const auto version_in = [&](Transaction& transaction) -> Result<std::string> {
        TRY(const auto changes, changes_of(transaction, call.collective().id));
        return fmt::format("{} {} {}", changes, today.time_since_epoch().count(), asked.version);
    };
    TRY(const std::string version, call.house.store.read(version_in));
    auto body = call.house.kept->find(asked.name, version);
    if (!body) {
        std::string made_of;
        auto text = call.house.store.read([&](Transaction& transaction) -> Result<std::string> {
            TRY(made_of, version_in(transaction));
            return asked.make(transaction);
        });
        if (!text) {
            return std::unexpected(std::move(text).error());
        }
        body = http::make_body_quickly(*std::move(text));
        call.house.kept->keep(asked.name, made_of, body);
    }
    return Download{.type = std::string(asked.type),
                    .name = {},
                    .bytes = {},
                    .body = std::move(body),
                    .for_all = asked.for_all};
}

/// Parts of a name or a version that do not run into each other.
[[nodiscard]] std::string joined(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view part : parts) {
        all += fmt::format("{}:{} ", part.size(), part);
    }
    return all;
}

// -- Words ----------------------------------------------------------------------------------------

[[nodiscard]] FeedVoice voice_of(const Call& call, const Catalogue& words, bool to_members) {
    FeedVoice voice{.base = call.address(call.path("")),
                    .to_members = to_members,
                    .join = words.say("feeds.join"),
                    .access = words.say("feeds.access"),
                    .paper = words.say("feeds.paper"),
                    .page = words.say("feeds.page")};
    for (std::size_t k = 0; k < lighter_names.size(); ++k) {
        voice.lighter_formats[k] = words.say(fmt::format("lighter.{}_hint", lighter_names[k]));
    }
    for (std::size_t k = 0; k < turn_names.size(); ++k) {
        voice.turn_names[k] = words.say(fmt::format("feeds.turn_{}", turn_names[k]));
    }
    return voice;
}

/// What is the same for everybody is in the language that every catalogue falls back to.
[[nodiscard]] const Catalogue& common_words(const Call& call) {
    return call.words_for("en");
}

[[nodiscard]] Result<std::string> calendar_text(const Call& call, std::string name,
                                                std::span<const Plan> plans,
                                                const FeedVoice& voice) {
    ZoneBook zones(call.house.zones);
    const auto today = std::chrono::floor<std::chrono::days>(call.now());
    TRY(const auto feed, feed_of(std::move(name), plans, zones, voice, today));
    return calendar::write_feed(feed);
}

[[nodiscard]] Result<std::vector<Plan>> public_plans(Transaction& transaction, const Call& call) {
    TRY(auto plans, all_plans(transaction, call.collective().id));
    std::erase_if(
        plans, [](const Plan& plan) { return plan.series.about.audience != Audience::everyone; });
    return plans;
}

// -- Calendars for everybody ----------------------------------------------------------------------

[[nodiscard]] Result<Answer> see_calendar(Call& call) {
    const std::string& name = call.collective().name;
    return kept_or_made(call, {.name = call.address(call.path("/calendar.ics")),
                               .version = name,
                               .type = calendar_type,
                               .for_all = true,
                               .make = [&](Transaction& transaction) -> Result<std::string> {
                                   TRY(const auto plans, public_plans(transaction, call));
                                   return calendar_text(call, name, plans,
                                                        voice_of(call, common_words(call), false));
                               }});
}

[[nodiscard]] Result<Answer> see_circle_calendar(Call& call) {
    TRY(const auto circle, call.house.store.read([&](Transaction& transaction) {
        return circles::circle_of(transaction, call);
    }));
    const std::string name = fmt::format("{} · {}", circle.about.name, call.collective().name);
    const std::string path = "/circles/" + circle.slug + "/calendar.ics";
    return kept_or_made(call, {.name = call.address(call.path(path)),
                               .version = name,
                               .type = calendar_type,
                               // A draft is there for those alone who belong to it.
                               .for_all = !circles::is_draft(circle.about),
                               .make = [&](Transaction& transaction) -> Result<std::string> {
                                   TRY(auto plans, public_plans(transaction, call));
                                   std::erase_if(plans, [&](const Plan& plan) {
                                       return plan.series.circle != circle.id;
                                   });
                                   return calendar_text(call, name, plans,
                                                        voice_of(call, common_words(call), false));
                               }});
}

/// Of a series that is not for everybody whoever may see it gets a file.
[[nodiscard]] Result<Answer> see_series_calendar(Call& call) {
    TRY(const Series series, call.house.store.read([&](Transaction& transaction) {
        return series_of(transaction, call);
    }));
    const auto make = [&](const FeedVoice& voice) {
        return [&call, voice](Transaction& transaction) -> Result<std::string> {
            TRY(const Series now, series_of(transaction, call)); // of the same snapshot
            TRY(const Plan plan, plan_of(transaction, call.collective().id, now));
            return calendar_text(call, now.about.title, std::span(&plan, 1), voice);
        };
    };
    if (series.about.audience != Audience::everyone) {
        TRY(std::string text,
            call.house.store.read(make(voice_of(call, *call.words, belongs(call)))));
        return Download{.type = std::string(calendar_type),
                        .name = series.slug + ".ics",
                        .bytes = std::move(text),
                        .body = nullptr};
    }
    return kept_or_made(call, {.name = call.address(path_of(call, series, "/calendar.ics")),
                               .version = "",
                               .type = calendar_type,
                               .for_all = true,
                               .make = make(voice_of(call, common_words(call), false))});
}

// -- Her own --------------------------------------------------------------------------------------

/// Whoever knows the secret reads as she does, whose it is.
[[nodiscard]] Result<void> read_as_owner(Transaction& transaction, Call& call) {
    TRY(const auto person,
        people::person_with_calendar(transaction, call.collective().id, call.part("key_ics")));
    if (!person) {
        return fail(ErrorKind::missing, "feeds.no_such_link");
    }
    call.viewer = auth::Viewer{.session = std::nullopt,
                               .mail = {},
                               .member = auth::Member{.person = person->id,
                                                      .name = person->profile.name,
                                                      .role = person->role,
                                                      .language = person->profile.page_language,
                                                      .zone = person->profile.zone}};
    return {};
}

[[nodiscard]] Result<std::vector<OwnTurn>> turns_of(Transaction& transaction, const Call& call) {
    TRY(const auto rows,
        transaction.rows(list_turns, {call.collective().id, call.viewer.member->person}));
    std::vector<OwnTurn> turns;
    for (const Row& row : rows) {
        turns.push_back({.series = row.id<SeriesId>(0),
                         .original = Wall(std::chrono::seconds(row.integer(1))),
                         .kind = turn_named(row.text(2))});
    }
    return turns;
}

/// Everything about her that decides what her calendar shows.
[[nodiscard]] std::string version_of(const Call& call, const Sight& sight,
                                     std::span<const OwnTurn> turns) {
    const auth::Member& member = *call.viewer.member;
    std::string all = joined({auth::name_of(member.role), member.language, call.collective().name});
    for (const auto& [circle, role] : sight.in_circles) {
        all += joined({circle.text(), auth::name_of(role)});
    }
    for (const SeriesId& series : sight.hosted) {
        all += joined({"host", series.text()});
    }
    for (const OwnTurn& turn : turns) {
        all += joined({turn.series.text(), name_of_when(turn.original), name_of(turn.kind)});
    }
    return auth::hash_of(all);
}

[[nodiscard]] Result<Answer> see_own_calendar(Call& call) {
    Sight sight;
    FeedVoice voice;
    const auto found = call.house.store.read([&](Transaction& transaction) -> Result<void> {
        TRY_DO(read_as_owner(transaction, call));
        TRY(sight, sight_of(transaction, call));
        TRY(voice.turns, turns_of(transaction, call));
        return {};
    });
    TRY_DO(found);
    const auth::Member& member = *call.viewer.member;
    std::vector<OwnTurn> turns = std::move(voice.turns);
    voice = voice_of(call, call.words_for(member.language), member.role >= auth::Role::member);
    voice.turns = std::move(turns);
    const std::string version = version_of(call, sight, voice.turns);
    return kept_or_made(
        call, {.name = joined({call.address(call.path("")), "own", member.person.text()}),
               .version = version,
               .type = calendar_type,
               .make = [&](Transaction& transaction) -> Result<std::string> {
                   TRY(auto plans, all_plans(transaction, call.collective().id));
                   std::erase_if(plans,
                                 [&](const Plan& plan) { return !sees(call, sight, plan.series); });
                   return calendar_text(call, call.collective().name, plans, voice);
               }});
}

// -- News -----------------------------------------------------------------------------------------

[[nodiscard]] Result<Answer> see_news(Call& call) {
    const std::string& name = call.collective().name;
    return kept_or_made(call, {.name = call.address(call.path("/events.atom")),
                               .version = name,
                               .type = news_type,
                               .for_all = true,
                               .make = [&](Transaction& transaction) -> Result<std::string> {
                                   TRY(const auto plans, public_plans(transaction, call));
                                   return news_text(call, common_words(call), plans);
                               }});
}

// -- What pages say -------------------------------------------------------------------------------

[[nodiscard]] SubscribeView subscribe_at(const Call& call, std::string_view path) {
    SubscribeView view{.may_have_own = call.viewer.member.has_value()};
    if (!path.empty()) {
        view.calendar = call.address(path);
        view.calendar_app = "webcal" + view.calendar.substr(view.calendar.find("://"));
    }
    return view;
}

} // namespace

SubscribeView subscribe_to_all(const Call& call) {
    SubscribeView view = subscribe_at(call, call.path("/calendar.ics"));
    view.news = call.address(call.path("/events.atom"));
    return view;
}

SubscribeView subscribe_to(const Call& call, const Series& series) {
    const bool is_public = series.about.audience == Audience::everyone;
    return subscribe_at(call, is_public ? path_of(call, series, "/calendar.ics") : std::string());
}

std::vector<Alternate> alternates_of_all(const Call& call) {
    return {{.type = "text/calendar",
             .path = call.path("/calendar.ics"),
             .name = call.collective().name},
            {.type = "application/atom+xml",
             .path = call.path("/events.atom"),
             .name = call.collective().name}};
}

std::vector<Alternate> alternates_of(const Call& call, const Series& series) {
    if (series.about.audience != Audience::everyone) {
        return {};
    }
    return {{.type = "text/calendar",
             .path = path_of(call, series, "/calendar.ics"),
             .name = series.about.title}};
}

std::vector<pages::Route> feed_routes() {
    return {
        {Method::get, "/c/{collective}/calendar.ics", Action::read_public, see_calendar},
        {Method::get, "/c/{collective}/events.atom", Action::read_public, see_news},
        {Method::get, "/c/{collective}/circles/{circle}/calendar.ics", Action::read_public,
         see_circle_calendar},
        {Method::get, "/c/{collective}/series/{series}/calendar.ics", Action::read_public,
         see_series_calendar},
        {Method::get, "/c/{collective}/calendar/{key_ics}", Action::read_public, see_own_calendar},
    };
}

} // namespace allot::gatherings
