#include "collective/gatherings/feed_routes.hpp"
#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/subscribe_views.hpp"
#include "collective/gatherings/thread_views.hpp"
#include "collective/gatherings/turn_views.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using pages::Call;
using pages::Page;
using std::chrono::days;

constexpr std::size_t dates_shown = 6;
constexpr days looks_ahead{400};

struct HostLine {
    std::string id;
    std::string name;
    bool rests = false;
};
BOOST_DESCRIBE_STRUCT(HostLine, (), (id, name, rests))

/// For hosts alone; others find nothing in its place.
struct SeriesKeeping {
    bool at_risk = false;
    bool to_renew = false;
    std::string renew; ///< the day on which it lapses
};
BOOST_DESCRIBE_STRUCT(SeriesKeeping, (), (at_risk, to_renew, renew))

struct SeriesView {
    std::string slug;
    std::string title;
    std::string about;
    std::string rhythm; ///< that holds now
    std::vector<LaterRhythm> later;
    std::string place;
    std::string link;
    std::string access;
    bool over = false;
    bool begun = false; ///< just now
    std::vector<GatheringLine> next;
    std::vector<GatheringLine> last;
    std::vector<RememberedLine> remembered; ///< what the last ones came to
    std::vector<HourLine> hours;            ///< where the reader's hour changes within the year
    std::vector<HostLine> hosts;            ///< for members
    SubscribeView subscribe;
    std::optional<SeriesKeeping> keeping;
    std::optional<SeriesTurns> turns;
    std::optional<SeriesMail> mail;
    std::optional<ZoneForm> zone_form; ///< without an account
};
BOOST_DESCRIBE_STRUCT(SeriesView, (),
                      (slug, title, about, rhythm, later, place, link, access, over, begun, next,
                       last, remembered, hours, hosts, subscribe, keeping, turns, mail, zone_form))

struct Found {
    Plan plan;
    std::vector<Host> hosts;
    std::optional<SeriesTurns> turns;
    std::vector<RememberedLine> remembered;
};

[[nodiscard]] Result<Found> find(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY(const Series series, series_of(transaction, call));
    Found found;
    TRY(found.plan, plan_of(transaction, call.collective().id, series));
    TRY(found.hosts, hosts_of(transaction, call.collective().id, series.id));
    TRY(found.turns, series_turns(transaction, call, found.plan, zones));
    TRY(found.remembered, remembered(transaction, call, found.plan, zones));
    return found;
}

[[nodiscard]] Result<void> add_dates(SeriesView& view, const Call& call, const Plan& plan,
                                     ZoneBook& zones) {
    constexpr std::size_t remembered = 3;
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    if (!view.over) {
        const Instant until = std::min<Instant>(now + looks_ahead, plan.series.renew);
        TRY(const auto all, occurrences(plan, zones, now - days(1), until));
        for (const Occurrence& one : all) {
            if (one.end > now && view.next.size() < dates_shown) {
                TRY(GatheringLine line, line_of(call, plan, one, zones));
                view.next.push_back(std::move(line));
            }
        }
    }
    TRY(const auto past, last_occurrences(plan, zones, now, remembered));
    for (const Occurrence& one : past) {
        TRY(GatheringLine line, line_of(call, plan, one, zones));
        view.last.push_back(std::move(line));
    }
    return {};
}

/// Says nothing where the hour stays.
[[nodiscard]] Result<void> add_hours(SeriesView& view, const Call& call, const Plan& plan,
                                     ZoneBook& zones) {
    const std::string zone = zone_of_reader(call);
    if (zone.empty() || view.over) {
        return {};
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    TRY(const auto changes, hour_changes(plan, zones, zone, now,
                                         std::min<Instant>(now + looks_ahead, plan.series.renew)));
    for (std::size_t k = 1; k < changes.size(); ++k) {
        view.hours.push_back({wall_text(changes[k].from)});
    }
    return {};
}

} // namespace

Result<Page> series_page(const Call& call) {
    ZoneBook zones(call.house.zones);
    TRY(const Found found, call.house.store.read([&](Transaction& transaction) {
        return find(transaction, call, zones);
    }));
    const Series& series = found.plan.series;
    const About& about = series.about;
    const auto today = std::chrono::floor<days>(call.now());
    SaidRhythms said = said_rhythms(call, found.plan, zones);
    SeriesView view{.slug = series.slug,
                    .title = about.title,
                    .about = about.about,
                    .rhythm = std::move(said.now),
                    .later = std::move(said.later),
                    .place = about.place,
                    .access = about.access,
                    .over = is_over(series, today),
                    .begun = keeps(call) && call.request.query_value("begun").has_value(),
                    .remembered = found.remembered,
                    .turns = found.turns};
    if (about.link_for == LinkFor::all || belongs(call)) {
        view.link = about.link;
    }
    TRY_DO(add_dates(view, call, found.plan, zones));
    TRY_DO(add_hours(view, call, found.plan, zones));
    if (belongs(call)) {
        for (const Host& host : found.hosts) {
            view.hosts.push_back({host.person.text(), host.name, host.rests});
        }
    }
    view.subscribe = subscribe_to(call, series);
    if (keeps(call)) {
        view.keeping = SeriesKeeping{.at_risk = at_risk(found.hosts),
                                     .to_renew = asks_to_renew(series, today),
                                     .renew = format_date(series.renew)};
    }
    TRY(view.mail, mail_section(call, series));
    view.zone_form = zone_form(call, path_of(call, series));
    const bool is_own = view.keeping || call.viewer.member;
    return Page{.template_name = "series",
                .view = pages::view_of(view),
                .title = "gatherings.series_title",
                .title_name = view.title,
                .place = "events",
                .has_form = is_own || view.zone_form,
                .private_ = is_own || view.turns,
                .alternates = alternates_of(call, series)};
}

} // namespace allot::gatherings
