#include "collective/gatherings/given_name_routes.hpp"

#include "collective/gatherings/given_names.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "platform/auth/guest.hpp"
#include "platform/http/target.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
#include <array>

namespace allot::gatherings {

namespace {

using pages::Answer;
using pages::Call;
using pages::Page;
using pages::Refusal;

constexpr std::chrono::hours sent_on_for{4};
constexpr std::string_view one_gathering = "/c/{collective}/series/{series}/{when}";

/// What is said there is said about a time.
constexpr std::array<std::string_view, 7> about_times = {
    "/presence", "/turns", "/turns/host", "/move", "/skip", "/restore", "/rhythm"};

[[nodiscard]] bool is_about_a_time(std::string_view pattern) {
    return std::ranges::find(about_times, pattern.substr(one_gathering.size())) !=
           about_times.end();
}

/// What the name in a path that led to nothing says.
struct Led {
    Series series;
    bool meets = false;               ///< then: something else was missing
    std::optional<Renamed> was_given; ///< before a change
    std::optional<Wall> now;          ///< what took its place, and is there
};

[[nodiscard]] Result<Led> where_it_leads(Transaction& transaction, const Call& call) {
    const CollectiveId& collective = call.collective().id;
    Led led;
    TRY(led.series, series_of(transaction, call));
    TRY(const Wall original, when_named(call.part("when")));
    TRY(const Plan plan, plan_of(transaction, collective, led.series));
    ZoneBook zones(call.house.zones);
    TRY(const auto one, occurrence_of(plan, zones, original));
    led.meets = one.has_value();
    TRY(led.was_given, last_called(transaction, collective, led.series.id, original));
    if (led.was_given && led.was_given->became) {
        TRY(const auto next, occurrence_of(plan, zones, *led.was_given->became));
        led.now = next ? std::optional(next->original) : std::nullopt;
    }
    return led;
}

struct ElsewhereView {
    std::string path;        ///< of what took its place; empty: nothing did
    std::string series_path; ///< empty for whom a link let into one gathering alone
    std::string series;
    std::string kept_words; ///< what she had typed, for her to keep
};
BOOST_DESCRIBE_STRUCT(ElsewhereView, (), (path, series_path, series, kept_words))

/// Of all fields in which somebody writes about a gathering.
[[nodiscard]] std::string words_in(const http::Form& form) {
    std::string all;
    for (const std::string_view field : {"title", "agenda", "words", "picture_words", "learned",
                                         "decided", "notes", "rhythm", "why"}) {
        const auto typed = form.value(field);
        if (typed && !typed->empty()) {
            all += (all.empty() ? "" : "\n") + std::string(*typed);
        }
    }
    return all;
}

/// Whom a link let into the gathering it lets in where that went, for some hours: a later change
/// may give that date to another gathering. Her own address leads there anew.
[[nodiscard]] std::vector<std::string> passes_to(const Call& call, const std::string& place) {
    const std::string_view cookie = call.request.cookie(pages::guest_cookie);
    const std::string& key = call.house.signing_key;
    const std::string from = call.request.path();
    for (const auth::GuestPass& pass : auth::read_passes(key, cookie, call.now())) {
        if (pass.lets_into(from)) {
            const std::string all = auth::cookie_with(
                key, cookie,
                {.place = place, .ends = std::min(pass.ends, call.now() + sent_on_for)},
                call.now());
            return {pages::cookie_of(pages::guest_cookie, all, auth::guest_time)};
        }
    }
    return {};
}

/// `why` with a way on, as a page of that status.
[[nodiscard]] Answer say(const Call& call, const Led& led, std::string_view why, unsigned status) {
    const ElsewhereView view{.path = led.now ? path_of(call, led.series, *led.now) : std::string(),
                             .series_path = sees_series(call, led.series, call.in_circle)
                                                ? path_of(call, led.series)
                                                : std::string(),
                             .series = led.series.about.title,
                             .kept_words = words_in(call.form)};
    return Refusal{
        {{.field = "when", .words = why, .given = {}}},
        Page{.template_name = "gathering_elsewhere",
             .view = pages::view_of(view),
             .title = "gatherings.gathering_title",
             .title_name = led.series.about.title,
             .place = "events",
             .private_ = true,
             .status = status,
             .cookies = led.now ? passes_to(call, view.path) : std::vector<std::string>()}};
}

/// The address that was asked for, at that name.
[[nodiscard]] Answer sent_on(const Call& call, const Series& series, Wall now) {
    constexpr std::size_t parts_of_gathering = 5; // c, lab, series, journal-club, when
    std::string path = path_of(call, series, now);
    std::vector<std::string> cookies = passes_to(call, path);
    for (std::size_t k = parts_of_gathering; k < call.request.parts.size(); ++k) {
        path += "/" + http::percent_encoded(call.request.parts[k]);
    }
    char before = '?';
    for (const auto& [name, value] : call.request.query) {
        path += before + http::percent_encoded(name) + "=" + http::percent_encoded(value);
        before = '&';
    }
    return pages::Elsewhere{std::move(path), std::move(cookies)};
}

/// Null: it sets none.
[[nodiscard]] std::vector<std::string>* cookies_of(Answer& answer) {
    if (auto* const done = std::get_if<pages::Done>(&answer)) {
        return &done->cookies;
    }
    auto* const refusal = std::get_if<Refusal>(&answer);
    return refusal == nullptr ? nullptr : &refusal->again.cookies;
}

using Inner = std::function<Result<Answer>(Call&)>;

[[nodiscard]] Result<Answer> answer_anywhere(Call& call, const Inner& inner, bool of_a_time) {
    auto answer = inner(call);
    // A series that is over says so before it looks for the name.
    const bool may_be_name = !answer && (answer.error().kind == ErrorKind::missing ||
                                         answer.error().kind == ErrorKind::conflict);
    if (!may_be_name) {
        return answer;
    }
    const auto led = call.house.store.read(
        [&](Transaction& transaction) { return where_it_leads(transaction, call); });
    if (!led || led->meets) {
        return answer;
    }
    if (!led->now) {
        return say(call, *led, led->was_given ? "gatherings.gone" : "gatherings.none_then", 404);
    }
    if (call.request.method == http::Method::get) {
        return sent_on(call, led->series, *led->now);
    }
    if (of_a_time) {
        return say(call, *led, "gatherings.has_moved", 409);
    }
    call.parts["when"] = name_of_when(*led->now);
    answer = inner(call);
    if (auto* const cookies = answer ? cookies_of(*answer) : nullptr) {
        const auto passes = passes_to(call, path_of(call, led->series, *led->now));
        cookies->insert(cookies->end(), passes.begin(), passes.end());
    }
    return answer;
}

} // namespace

std::vector<pages::Route> at_given_names(std::vector<pages::Route> routes) {
    for (pages::Route& route : routes) {
        if (route.pattern.starts_with(one_gathering)) {
            route.answer = [inner = std::move(route.answer),
                            of_a_time = is_about_a_time(route.pattern)](Call& call) {
                return answer_anywhere(call, inner, of_a_time);
            };
        }
    }
    return routes;
}

} // namespace allot::gatherings
