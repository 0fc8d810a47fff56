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
constexpr std::size_t last_shown = 3;
constexpr days looks_ahead{400};

struct HostLine {
    std::string id;
    std::string name;
    bool rests = false;
};
BOOST_DESCRIBE_STRUCT(HostLine, (), (id, name, rests))

/// A gathering of the series: one ahead with who does what, or one that has been with what came of
/// it.
struct SeriesDate {
    std::string path;
    std::string title;
    Times times;
    bool cancelled = false;
    bool moved = false;
    bool lighter = false;
    std::string why;               ///< said with a move or a cancellation
    std::vector<TurnHolder> turns; ///< for members
    std::string learned;
    std::string decided;
    std::optional<PictureLine> picture;
};
BOOST_DESCRIBE_STRUCT(SeriesDate, (),
                      (path, title, times, cancelled, moved, lighter, why, turns, learned, decided,
                       picture))

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
    std::vector<SeriesDate> next;
    std::vector<SeriesDate> last; ///< the newest first
    bool not_missed = false;      ///< of one of them something can be read
    std::vector<HourLine> hours;  ///< where the reader's hour changes within the year
    std::vector<HostLine> hosts;  ///< for members
    SubscribeView subscribe;
    std::optional<SeriesKeeping> keeping;
    std::optional<SeriesAlive> alive;
    std::optional<SeriesMail> mail;
    std::optional<ZoneForm> zone_form; ///< without an account
};
BOOST_DESCRIBE_STRUCT(SeriesView, (),
                      (slug, title, about, rhythm, later, place, link, access, over, begun, next,
                       last, not_missed, hours, hosts, subscribe, keeping, alive, mail, zone_form))

struct Found {
    Plan plan;
    std::vector<Host> hosts;
    std::optional<SeriesAlive> alive;
    std::vector<SeriesDate> next;
    std::vector<SeriesDate> last;
};

[[nodiscard]] Result<SeriesDate> date_of(const Call& call, const Plan& plan, const Occurrence& one,
                                         ZoneBook& zones) {
    TRY(GatheringLine line, line_of(call, plan, one, zones));
    return SeriesDate{.path = std::move(line.path),
                      .title = std::move(line.title),
                      .times = std::move(line.times),
                      .cancelled = line.cancelled,
                      .moved = line.moved,
                      .lighter = line.lighter,
                      .why = std::move(line.why),
                      .turns = {},
                      .learned = {},
                      .decided = {},
                      .picture = {}};
}

[[nodiscard]] Result<std::vector<SeriesDate>>
dates_ahead(Transaction& transaction, const Call& call, const Plan& plan, ZoneBook& zones) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    std::vector<SeriesDate> dates;
    if (is_over(plan.series, std::chrono::floor<days>(now))) {
        return dates;
    }
    const Instant until = std::min<Instant>(now + looks_ahead, plan.series.renew);
    TRY(auto ahead, occurrences(plan, zones, now - days(1), until));
    std::erase_if(ahead, [&](const Occurrence& one) { return one.end <= now; });
    ahead.resize(std::min(ahead.size(), dates_shown));
    std::vector<Wall> that_take_place;
    for (const Occurrence& one : ahead) {
        if (!one.cancelled) {
            that_take_place.push_back(one.original);
        }
    }
    TRY(auto holders, turn_holders(transaction, call, plan.series, that_take_place));
    for (const Occurrence& one : ahead) {
        TRY(SeriesDate date, date_of(call, plan, one, zones));
        date.turns = std::move(holders[one.original]);
        dates.push_back(std::move(date));
    }
    return dates;
}

[[nodiscard]] Result<std::vector<SeriesDate>>
dates_behind(Transaction& transaction, const Call& call, const Plan& plan, ZoneBook& zones) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    TRY(const auto past, last_occurrences(plan, zones, now, last_shown));
    TRY(auto remembered_lines, remembered(transaction, call, plan, zones));
    std::vector<SeriesDate> dates;
    for (const Occurrence& one : past) {
        TRY(SeriesDate date, date_of(call, plan, one, zones));
        const auto came = std::ranges::find(remembered_lines, date.path, &RememberedLine::path);
        if (came != remembered_lines.end()) {
            date.learned = std::move(came->learned);
            date.decided = std::move(came->decided);
            date.picture = std::move(came->picture);
        }
        dates.push_back(std::move(date));
    }
    return dates;
}

[[nodiscard]] bool is_remembered(const SeriesDate& date) {
    return !date.learned.empty() || !date.decided.empty() || date.picture;
}

[[nodiscard]] Result<Found> find(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY(const Series series, series_of(transaction, call));
    Found found;
    TRY(found.plan, plan_of(transaction, call.collective().id, series));
    TRY(found.hosts, hosts_of(transaction, call.collective().id, series.id));
    TRY(found.alive, series_alive(transaction, call, found.plan, zones));
    TRY(found.next, dates_ahead(transaction, call, found.plan, zones));
    TRY(found.last, dates_behind(transaction, call, found.plan, zones));
    return found;
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
                    .next = found.next,
                    .last = found.last,
                    .not_missed = std::ranges::any_of(found.last, is_remembered),
                    .alive = found.alive};
    if (about.link_for == LinkFor::all || belongs(call)) {
        view.link = about.link;
    }
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
                .private_ = is_own || view.alive,
                .alternates = alternates_of(call, series)};
}

} // namespace allot::gatherings
