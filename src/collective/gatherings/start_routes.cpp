#include "collective/gatherings/start_routes.hpp"

#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/start_form.hpp"
#include "platform/http/target.hpp"
#include "platform/pages/view.hpp"

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;

[[nodiscard]] Page start_page(const StartView& view) {
    return {.template_name = "start",
            .view = pages::view_of(view),
            .title = "start.title",
            .place = "events",
            .has_form = true};
}

[[nodiscard]] Result<Answer> see_start(Call& call) {
    const std::string asked(call.request.query_value("starter").value_or(""));
    const bool known = starter_named(asked) != nullptr;
    return start_page(empty_start(known ? asked : starters().front().name));
}

/// Two fields are enough: which starter, and when. What was left empty is what the starter says.
[[nodiscard]] Result<Answer> start_one(Call& call) {
    FormReader form(call.form);
    ZoneBook zones(call.house.zones);
    const ReadStart read = read_start(form, call, zones);
    if (!form.good() || !read.rhythm || form.ticked("preview")) {
        StartView view = start_view(read);
        if (read.rhythm) {
            TRY(view.preview, preview_of(call, *read.rhythm, zones));
        }
        if (form.good()) {
            return start_page(view);
        }
        return pages::Refusal{form.problems(), start_page(view)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series,
            open_series(transaction, call.collective().id, std::nullopt, read.about,
                        read.rhythm->rhythm, call.member().person, call.now(), call.house.entropy));
        TRY_DO(note(transaction, call, "series_begun"));
        TRY_DO(announce_begun(transaction, teller_of(call), series));
        return Done{path_of(call, series, "/begun")};
    });
    return or_page_again(call, std::move(answer), "title",
                         [&] { return Result<Page>(start_page(start_view(read))); });
}

// -- What to send --------------------------------------------------------------------------------

struct BegunView {
    std::string slug;
    std::string title;
    std::string address;    ///< of its page
    std::string calendar;   ///< of its calendar; empty where not anyone may read it
    std::string invitation; ///< words to send, in lines
    std::string mailto;     ///< the same as a letter without a reader
    bool at_risk = false;
};
BOOST_DESCRIBE_STRUCT(BegunView, (), (slug, title, address, calendar, invitation, mailto, at_risk))

struct Begun {
    Plan plan;
    std::vector<Host> hosts;
};

[[nodiscard]] Result<Begun> find_begun(Transaction& transaction, const Call& call) {
    TRY(const Series series, series_of(transaction, call));
    Begun begun;
    TRY(begun.plan, plan_of(transaction, call.collective().id, series));
    TRY(begun.hosts, hosts_of(transaction, call.collective().id, series.id));
    return begun;
}

/// "Thursday 14 January at 17:00"; empty where it meets no more.
[[nodiscard]] Result<std::string> next_in_words(const Call& call, const Plan& plan,
                                                ZoneBook& zones) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    TRY(const auto next, next_occurrence(plan, zones, now));
    if (!next) {
        return std::string();
    }
    return call.words->say_time(wall_text(next->start), pages::Catalogue::Time::day_and_hour,
                                call.locale);
}

[[nodiscard]] Result<std::string> invitation_text(const Call& call, const Plan& plan,
                                                  const BegunView& view, ZoneBook& zones) {
    const std::size_t holds =
        rhythm_at(plan, zones, std::chrono::floor<std::chrono::seconds>(call.now()));
    const Rhythm& rhythm = plan.rhythms[holds];
    const std::string said = say_rhythm(rhythm, call.house.zones.names());
    const std::string city = city_of(rhythm.zone);
    TRY(const std::string next, next_in_words(call, plan, zones));
    const auto say = [&](std::string_view key) {
        return call.words->say(key, {{"title", std::string_view(view.title)},
                                     {"rhythm", std::string_view(said)},
                                     {"next", std::string_view(next)},
                                     {"city", std::string_view(city)},
                                     {"address", std::string_view(view.address)},
                                     {"calendar", std::string_view(view.calendar)}});
    };
    std::string text = say("start.invite_what") + "\n";
    if (!next.empty()) {
        text += say("start.invite_next") + "\n";
    }
    text += "\n" + say("start.invite_page") + "\n";
    if (!view.calendar.empty()) {
        text += say("start.invite_calendar") + "\n";
    }
    return text + "\n" + say("start.invite_how") + "\n";
}

[[nodiscard]] Result<Answer> see_begun(Call& call) {
    TRY(const Begun begun, call.house.store.read([&](Transaction& transaction) {
        return find_begun(transaction, call);
    }));
    ZoneBook zones(call.house.zones);
    const Series& series = begun.plan.series;
    BegunView view{.slug = series.slug,
                   .title = series.about.title,
                   .address = call.address(path_of(call, series)),
                   .at_risk = at_risk(begun.hosts)};
    if (series.about.audience == Audience::everyone) {
        view.calendar = call.address(path_of(call, series, "/calendar.ics"));
    }
    TRY(view.invitation, invitation_text(call, begun.plan, view, zones));
    view.mailto = fmt::format("mailto:?subject={}&body={}", http::percent_encoded(view.title),
                              http::percent_encoded(view.invitation));
    return Page{.template_name = "start_begun",
                .view = pages::view_of(view),
                .title = "start.begun_title",
                .title_name = view.title,
                .place = "events",
                .has_form = true,
                .private_ = true};
}

} // namespace

std::vector<pages::Route> start_routes() {
    std::vector<pages::Route> all = {
        {Method::get, "/c/{collective}/start", Action::open_series, see_start},
        {Method::post, "/c/{collective}/start", Action::open_series, start_one},
        {Method::get, "/c/{collective}/series/{series}/begun", Action::keep_series, see_begun},
    };
    for (const auto& more : {host_link_routes(), import_routes(), follow_routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

} // namespace allot::gatherings
