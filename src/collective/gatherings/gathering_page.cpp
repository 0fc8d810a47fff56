#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/given_names.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/gatherings/thread_routes.hpp"
#include "collective/gatherings/turn_views.hpp"
#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Page;

struct GatheringView {
    std::string path;
    std::string series_path; ///< empty for whom a link let into this one alone
    std::string series;
    std::string title;
    Times times;
    bool cancelled = false;
    bool moved = false;
    bool over = false;        ///< it has ended
    bool was_planned = false; ///< it has ended, and there is something to read about before
    bool behind_end = false;  ///< its series has ended before
    bool lighter = false;
    std::string lighter_format;
    std::string why;
    std::string agenda;
    std::string place;
    std::string link;
    bool link_is_hidden = false; ///< there is one, for those who belong
    std::string access;
    std::string paper_title;
    std::string paper_link;
    bool keeping = false;
    bool can_restore = false; ///< a host can put it back to its own time
    std::string went_path; ///< of what had this date before the times changed, and is still ahead
    std::string went_wall; ///< when that is, on the reader's clock, else on that of the series
    std::optional<TurnsView> turns;
    ThreadSection thread;
    std::optional<ZoneForm> zone_form; ///< without an account
};
BOOST_DESCRIBE_STRUCT(GatheringView, (),
                      (path, series_path, series, title, times, cancelled, moved, over, was_planned,
                       behind_end, lighter, lighter_format, why, agenda, place, link,
                       link_is_hidden, access, paper_title, paper_link, keeping, can_restore,
                       went_path, went_wall, turns, thread, zone_form))

[[nodiscard]] GatheringView plain_view(const Call& call, const At& at) {
    const Series& series = at.plan.series;
    const About& about = series.about;
    const Occurrence& occurrence = at.occurrence;
    const Gathering* const gathering = occurrence.gathering;
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    GatheringView view{
        .path = path_of(call, series, occurrence.original),
        .series_path =
            sees_series(call, series, call.in_circle) ? path_of(call, series) : std::string(),
        .series = about.title,
        .title = title_of(series, gathering),
        .cancelled = occurrence.cancelled,
        .moved = occurrence.start != occurrence.original,
        .over = occurrence.end <= now,
        .behind_end = is_behind_end(series, occurrence, std::chrono::floor<std::chrono::days>(now)),
        .lighter_format = std::string(name_of(about.lighter)),
        .agenda = agenda_of(series, gathering),
        .place = about.place,
        .access = about.access,
        .keeping = keeps(call)};
    if (about.link_for == LinkFor::all || belongs(call)) {
        view.link = about.link;
    } else {
        view.link_is_hidden = !about.link.empty();
    }
    if (gathering != nullptr) {
        view.lighter = gathering->lighter;
        view.why = gathering->why;
        view.paper_title = gathering->paper_title;
        view.paper_link = gathering->paper_link;
    }
    view.was_planned = view.over && !(view.agenda.empty() && view.place.empty() &&
                                      view.access.empty() && about.link.empty());
    view.can_restore = view.keeping && (view.cancelled || (view.moved && !view.over));
    return view;
}

/// Mails from before a change may have spoken of another gathering on this date: says where it is.
[[nodiscard]] Result<void> add_went(GatheringView& view, Transaction& transaction, const Call& call,
                                    const At& at, ZoneBook& zones) {
    const Series& series = at.plan.series;
    TRY(const auto before,
        last_called(transaction, call.collective().id, series.id, at.occurrence.original));
    if (view.series_path.empty() || !before || !before->became ||
        before->became == before->original) {
        return {};
    }
    TRY(const auto one, occurrence_of(at.plan, zones, *before->became));
    if (one && one->end > std::chrono::floor<std::chrono::seconds>(call.now())) {
        TRY(const Times times, times_of(*one, zones, zone_of_reader(call)));
        view.went_path = path_of(call, series, one->original);
        view.went_wall = times.own.empty() ? times.there : times.own;
    }
    return {};
}

[[nodiscard]] Result<GatheringView> whole_view(Transaction& transaction, const Call& call,
                                               const TypedAddition& typed, ZoneBook& zones) {
    TRY(const At at, gathering_of(transaction, call, zones));
    GatheringView view = plain_view(call, at);
    TRY(view.times, times_of(at.occurrence, zones, zone_of_reader(call)));
    TRY_DO(add_went(view, transaction, call, at, zones));
    TRY(view.turns, turns_view(transaction, call, at, zones));
    TRY(view.thread, thread_section(transaction, call, at, zones, typed));
    view.zone_form = zone_form(call, view.path);
    return view;
}

[[nodiscard]] Result<Answer> see_gathering(Call& call) {
    TRY(Page page, gathering_page(call));
    return page;
}

} // namespace

Result<Page> gathering_page(const Call& call) {
    return gathering_page(call, TypedAddition{});
}

Result<Page> gathering_page(const Call& call, const TypedAddition& typed) {
    ZoneBook zones(call.house.zones);
    TRY(const GatheringView view, call.house.store.read([&](Transaction& transaction) {
        return whole_view(transaction, call, typed, zones);
    }));
    return Page{.template_name = "gathering",
                .view = pages::view_of(view),
                .title = "gatherings.gathering_title",
                .title_name = view.title,
                .place = "events",
                .has_form = true,
                .private_ = view.keeping || view.turns || call.viewer.is_let_in};
}

std::vector<pages::Route> gathering_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/{when}", Action::read_public, see_gathering},
    };
}

} // namespace allot::gatherings
