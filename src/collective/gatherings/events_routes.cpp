#include "collective/gatherings/feed_routes.hpp"
#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"

#include <algorithm>
#include <map>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;
using std::chrono::days;

/// Of one page, in whole days; the rest is on later ones.
constexpr std::size_t most_shown = 100;
constexpr std::size_t date_bytes = 10; ///< of "2027-01-14T00:00"

struct Day {
    std::string wall; ///< "2027-01-14T00:00", on the reader's clock
    std::vector<GatheringLine> gatherings;
};
BOOST_DESCRIBE_STRUCT(Day, (), (wall, gatherings))

struct SeriesLine {
    std::string path;
    std::string title;
    std::string about;
    std::string rhythm; ///< that holds now
    std::vector<LaterRhythm> later;
};
BOOST_DESCRIBE_STRUCT(SeriesLine, (), (path, title, about, rhythm, later))

struct EventsView {
    std::vector<Day> days;
    std::string earlier; ///< the first page, where this is a later one
    std::string later;   ///< the page of the days after these
    std::vector<SeriesLine> series;
    std::vector<SeriesLine> over;
    bool may_begin = false;
    bool knows_zone = false;
    std::optional<ZoneForm> zone_form; ///< without an account
    SubscribeView subscribe;
};
BOOST_DESCRIBE_STRUCT(EventsView, (),
                      (days, earlier, later, series, over, may_begin, knows_zone, zone_form,
                       subscribe))

[[nodiscard]] SeriesLine series_line(const Call& call, const Plan& plan, ZoneBook& zones) {
    SaidRhythms said = said_rhythms(call, plan, zones);
    return {.path = path_of(call, plan.series),
            .title = plan.series.about.title,
            .about = plan.series.about.about,
            .rhythm = std::move(said.now),
            .later = std::move(said.later)};
}

/// Each gathering under the day on which it begins for its reader; on the clock of its host where
/// nobody knows hers, so that a later moment may lie on an earlier day.
[[nodiscard]] std::vector<Day> by_day(std::vector<GatheringLine> lines) {
    std::map<std::string, std::vector<GatheringLine>> days_of;
    for (GatheringLine& line : lines) {
        const std::string& begins = line.times.own.empty() ? line.times.there : line.times.own;
        days_of[begins.substr(0, date_bytes) + "T00:00"].push_back(std::move(line));
    }
    std::vector<Day> all;
    for (auto& [wall, gatherings] : days_of) {
        all.push_back({.wall = wall, .gatherings = std::move(gatherings)});
    }
    return all;
}

/// Leaves of all days those of the page that begins with `first`, a date; "" is the first page. The
/// date with which the next one begins, or "".
[[nodiscard]] std::string cut_to_page(std::vector<Day>& all, const std::string& first) {
    all.erase(all.begin(), std::ranges::lower_bound(all, first, {}, &Day::wall));
    std::size_t shown = 0;
    const auto end = std::ranges::find_if(all, [&](const Day& day) {
        shown += day.gatherings.size();
        return shown > most_shown && &day != &all.front();
    });
    std::string next = end == all.end() ? std::string() : end->wall.substr(0, date_bytes);
    all.erase(end, all.end());
    return next;
}

[[nodiscard]] Result<std::vector<GatheringLine>>
lines_ahead(const Call& call, const std::vector<Plan>& plans, ZoneBook& zones) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    const auto today = std::chrono::floor<days>(now);
    std::vector<std::pair<Instant, GatheringLine>> found;
    for (const Plan& plan : plans) {
        if (is_over(plan.series, today)) {
            continue;
        }
        const Instant until = std::min<Instant>(now + events_ahead, plan.series.renew);
        TRY(const auto all, occurrences(plan, zones, now - days(1), until));
        for (const Occurrence& one : all) {
            if (one.end > now) {
                TRY(GatheringLine line, line_of(call, plan, one, zones));
                found.emplace_back(one.begin, std::move(line));
            }
        }
    }
    std::ranges::sort(found, {}, [](const auto& one) {
        return std::pair(one.first, std::string_view(one.second.path));
    });
    std::vector<GatheringLine> lines;
    lines.reserve(found.size());
    for (auto& one : found) {
        lines.push_back(std::move(one.second));
    }
    return lines;
}

/// What else the first page says.
void add_series(EventsView& view, const Call& call, const std::vector<Plan>& plans,
                ZoneBook& zones) {
    const auto today = std::chrono::floor<days>(call.now());
    for (const Plan& plan : plans) {
        (is_over(plan.series, today) ? view.over : view.series)
            .push_back(series_line(call, plan, zones));
    }
}

struct TypedZone {
    std::string zone;
    std::string back;
};

/// Where all zones are offered; one that was not known is asked again here, wherever it was typed.
[[nodiscard]] std::optional<ZoneForm> form_of_events(const Call& call,
                                                     const std::optional<TypedZone>& typed) {
    auto form = typed ? ZoneForm{.id = {}, .back = typed->back, .zone = typed->zone, .typed = true}
                      : zone_form(call, call.path("/events"));
    if (form) {
        form->id = "zone";
        form->zones = call.house.zones.names();
    }
    return form;
}

/// The page that begins with a day as the path says it, or the first one. Errors: `missing` where
/// nothing takes place from that day on.
[[nodiscard]] Result<Page> events_page(const Call& call, const std::optional<TypedZone>& typed) {
    ZoneBook zones(call.house.zones);
    TRY(const auto plans, call.house.store.read([&](Transaction& transaction) {
        return seen_plans(transaction, call);
    }));
    TRY(auto lines, lines_ahead(call, plans, zones));
    EventsView view{.days = by_day(std::move(lines)),
                    .may_begin = auth::may(Action::open_series, call.viewer.role()),
                    .knows_zone = !zone_of_reader(call).empty(),
                    .subscribe = subscribe_to_all(call)};
    const auto day = call.parts.find("day");
    const bool is_first = day == call.parts.end();
    const std::string next = cut_to_page(view.days, is_first ? std::string() : day->second);
    view.later = next.empty() ? next : call.path("/events/" + next);
    if (is_first) {
        add_series(view, call, plans, zones);
    } else if (view.days.empty()) {
        return fail(ErrorKind::missing, "gatherings.none_from");
    } else {
        view.earlier = call.path("/events");
    }
    if (is_first) {
        view.zone_form = form_of_events(call, typed);
    }
    return Page{.template_name = "events",
                .view = pages::view_of(view),
                .title = "gatherings.events",
                .place = "events",
                .has_form = view.zone_form.has_value(),
                .alternates = alternates_of_all(call)};
}

[[nodiscard]] Result<Answer> see_events(Call& call) {
    TRY(Page page, events_page(call, std::nullopt));
    return page;
}

/// A reader without an account says where she is; her browser keeps it, and nobody else does.
[[nodiscard]] Result<Answer> choose_zone(Call& call) {
    FormReader form(call.form);
    const std::string zone = pages::read_zone_field(form, call);
    const std::string back = form.line("back", longest_link);
    if (!form.good()) {
        TRY(Page again, events_page(call, TypedZone{.zone = zone, .back = back}));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    // Only within this collective: no page of ours leads somewhere else.
    const std::string base = call.path("");
    const bool fits = back == base || back.starts_with(base + "/");
    Done done{.next = fits ? back : call.path("/events")};
    done.cookies.push_back(cookie_of_zone(zone));
    return done;
}

} // namespace

std::vector<pages::Route> events_routes() {
    return {
        {Method::get, "/c/{collective}/events", Action::read_public, see_events},
        {Method::get, "/c/{collective}/events/{day}", Action::read_public, see_events},
        {Method::post, "/c/{collective}/zone", Action::read_public, choose_zone},
    };
}

} // namespace allot::gatherings
