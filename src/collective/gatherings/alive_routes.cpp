#include "collective/gatherings/alive.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::Page;

struct AliveView {
    std::string series_path;
    std::string title;
    std::string from; ///< the first day of the window
    std::int64_t planned = 0;
    std::int64_t held = 0;
    std::int64_t gap_weeks = 0;
    bool is_young = false; ///< nothing was planned in the window
    bool has_long_gap = false;
    bool rests_on_one = false;
    bool is_at_risk = false; ///< one host alone
    bool is_dying = false;
};
BOOST_DESCRIBE_STRUCT(AliveView, (),
                      (series_path, title, from, planned, held, gap_weeks, is_young, has_long_gap,
                       rests_on_one, is_at_risk, is_dying))

[[nodiscard]] Result<AliveView> look(Transaction& transaction, const Call& call) {
    constexpr std::chrono::days week{7};
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    const auto from = std::chrono::floor<std::chrono::days>(now) - alive_window;
    ZoneBook zones(call.house.zones);
    TRY(const Series series, series_of(transaction, call));
    TRY(const Plan plan, plan_of(transaction, call.collective().id, series));
    // Walls differ from UTC by less than a day.
    const Wall first = Wall(std::chrono::sys_seconds(from).time_since_epoch()) - week;
    TRY(const auto turns, turns_between(transaction, call.collective().id, series.id, first,
                                        Wall(now.time_since_epoch()) + week));
    TRY(const Alive alive, alive_of(plan, turns, zones, now));
    TRY(const auto hosts, hosts_of(transaction, call.collective().id, series.id));
    TRY(const auto since, dying_since(plan, zones, now));
    return AliveView{.series_path = path_of(call, series),
                     .title = series.about.title,
                     .from = format_date(std::max(from, series.began)),
                     .planned = alive.planned,
                     .held = alive.held,
                     .gap_weeks = alive.longest_gap / week,
                     .is_young = alive.planned == 0,
                     .has_long_gap = alive.longest_gap >= 2 * week,
                     .rests_on_one = alive.rests_on_one,
                     .is_at_risk = at_risk(hosts),
                     .is_dying = since.has_value()};
}

[[nodiscard]] Result<Answer> see_alive(Call& call) {
    TRY(const AliveView view,
        call.house.store.read([&](Transaction& transaction) { return look(transaction, call); }));
    return Page{.template_name = "alive",
                .view = pages::view_of(view),
                .title = "alive.title",
                .title_name = view.title,
                .place = "events",
                .private_ = true};
}

/// The hint is said once: who has seen it puts it away for all hosts.
[[nodiscard]] Result<Answer> put_away(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        ZoneBook zones(call.house.zones);
        TRY(const Series series, series_of(transaction, call));
        TRY(const Plan plan, plan_of(transaction, call.collective().id, series));
        const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
        TRY(const auto since, dying_since(plan, zones, now));
        if (since) {
            TRY_DO(
                take_step(transaction, call.collective().id, hint_of(series, *since), call.now()));
        }
        return Done{path_of(call, series)};
    });
}

} // namespace

std::vector<pages::Route> alive_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/alive", Action::keep_series, see_alive, ""},
        {Method::post, "/c/{collective}/series/{series}/alive", Action::keep_series, put_away, ""},
    };
}

} // namespace allot::gatherings
