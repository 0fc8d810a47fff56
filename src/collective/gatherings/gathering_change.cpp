#include "collective/gatherings/follow.hpp"
#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_change.hpp"
#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/gatherings/thread_routes.hpp"
#include "collective/gatherings/turn_acts.hpp"
#include "collective/gatherings/turn_store.hpp"
#include "engine/calendar/wall_time.hpp"
#include "platform/pages/view.hpp"

#include <array>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;
using std::chrono::days;

struct ChangeView {
    std::string path;
    std::string series_path;
    std::string series;
    std::string title;
    Times times;
    std::string zone;
    bool cancelled = false;
    bool moved = false;
    bool is_past = false;
    std::string date;
    std::string time;
    std::string minutes;
    std::string why;       ///< of a move
    std::string skip_why;  ///< of a cancellation
    bool skipping = false; ///< what is wrong is wrong with a cancellation
    std::string rhythm;
    std::optional<Preview> preview;
};
BOOST_DESCRIBE_STRUCT(ChangeView, (),
                      (path, series_path, series, title, times, zone, cancelled, moved, is_past,
                       date, time, minutes, why, skip_why, skipping, rhythm, preview))

/// What was typed into one of the forms of the page; nothing typed: as it is.
struct TypedChange {
    std::optional<std::string> date;
    std::optional<std::string> time;
    std::optional<std::string> minutes;
    std::string why;
    std::optional<std::string> skip_why;
    std::optional<std::string> rhythm;
    std::optional<Preview> preview;
    bool again = false; ///< it was refused, and is shown wherever it cannot be changed any more
};

/// Errors: `conflict` where its times cannot be changed.
[[nodiscard]] Result<At> to_change(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY(At at, gathering_of(transaction, call, zones));
    TRY_DO(must_run(at.plan.series, std::chrono::floor<days>(call.now())));
    TRY_DO(must_have_own_times(transaction, call.collective().id, at.plan.series.id));
    return at;
}

[[nodiscard]] bool has_ended(const Call& call, const At& at) {
    return at.occurrence.end <= std::chrono::floor<std::chrono::seconds>(call.now());
}

/// What has been, has been: errors `conflict`.
[[nodiscard]] Result<void> must_not_have_ended(const Call& call, const At& at) {
    return has_ended(call, at) ? fail(ErrorKind::conflict, "gatherings.is_past") : Result<void>();
}

[[nodiscard]] Result<At> read_at(const Call& call, ZoneBook& zones) {
    return call.house.store.read(
        [&](Transaction& transaction) { return gathering_of(transaction, call, zones); });
}

[[nodiscard]] Result<Page> change_page(const Call& call, const At& at, ZoneBook& zones,
                                       TypedChange typed) {
    constexpr std::size_t date_bytes = 10;
    const Occurrence& occurrence = at.occurrence;
    const Rhythm& rhythm = at.plan.rhythms[occurrence.rhythm];
    const std::string starts = wall_text(occurrence.start);
    const auto length =
        std::chrono::duration_cast<std::chrono::minutes>(occurrence.end - occurrence.begin);
    ChangeView view{.path = path_of(call, at.plan.series, occurrence.original),
                    .series_path = path_of(call, at.plan.series),
                    .series = at.plan.series.about.title,
                    .title = title_of(at.plan.series, occurrence.gathering),
                    .zone = city_of(occurrence.zone),
                    .cancelled = occurrence.cancelled,
                    .moved = occurrence.start != occurrence.original,
                    .is_past = has_ended(call, at) && !typed.again,
                    .date = typed.date.value_or(starts.substr(0, date_bytes)),
                    .time = typed.time.value_or(starts.substr(date_bytes + 1)),
                    .minutes = typed.minutes.value_or(std::to_string(length.count())),
                    .why = typed.why,
                    .skip_why = typed.skip_why.value_or(""),
                    .skipping = typed.skip_why.has_value(),
                    .rhythm = typed.rhythm.value_or(say_rhythm(rhythm, call.house.zones.names())),
                    .preview = std::move(typed.preview)};
    TRY(view.times, times_of(occurrence, zones, zone_of_reader(call)));
    return Page{.template_name = "gathering_change",
                .view = pages::view_of(view),
                .title = "gatherings.change_title",
                .title_name = view.title,
                .place = "events",
                .has_form = true};
}

/// The page with what was typed, also where nothing can be changed any more.
[[nodiscard]] Result<Page> typed_again(const Call& call, TypedChange typed) {
    ZoneBook zones(call.house.zones);
    TRY(const At at, read_at(call, zones));
    typed.again = true;
    return change_page(call, at, zones, std::move(typed));
}

[[nodiscard]] Result<Answer> see_change(Call& call) {
    ZoneBook zones(call.house.zones);
    TRY(const At at, call.house.store.read([&](Transaction& transaction) {
        return to_change(transaction, call, zones);
    }));
    TRY(Page page, change_page(call, at, zones, {}));
    return page;
}

/// Runs a change of the gathering of the path, and goes back to its page.
template <class Change>
[[nodiscard]] Result<Answer> change_one(Call& call, std::string_view what, Change&& change) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        ZoneBook zones(call.house.zones);
        TRY(const At at, to_change(transaction, call, zones));
        TRY_DO(change(transaction, at, std::chrono::floor<days>(call.now())));
        TRY_DO(note(transaction, call, what));
        return Done{path_of(call, at.plan.series, at.occurrence.original)};
    });
}

// -- This one alone ------------------------------------------------------------------------------

[[nodiscard]] Result<Answer> move_one(Call& call) {
    FormReader form(call.form);
    TypedChange typed{.date = form.line("date", 20, Need::required),
                      .time = form.line("time", 20, Need::required),
                      .minutes = form.line("minutes", 10)};
    typed.why = form.line("why", longest_line);
    const std::int64_t minutes = read_minutes(form, *typed.minutes);
    const auto start = calendar::parse_wall_time(*typed.date + "T" + *typed.time);
    if (!start || start->form != calendar::TimeForm::local) {
        form.note("date", "gatherings.no_time");
    }
    const auto again = [&] { return typed_again(call, typed); };
    if (!form.good()) {
        TRY(Page page, again());
        return pages::Refusal{form.problems(), std::move(page)};
    }
    const auto move = [&](Transaction& transaction, const At& at,
                          std::chrono::sys_days today) -> Result<void> {
        TRY_DO(must_not_have_ended(call, at));
        ZoneBook zones(call.house.zones);
        TRY_DO(
            must_fit(at, start->time, zones, std::chrono::floor<std::chrono::seconds>(call.now())));
        const bool usual = minutes == at.plan.rhythms[at.occurrence.rhythm].minutes;
        return move_gathering(transaction, call.collective().id, at,
                              {.start = start->time,
                               .minutes = usual ? std::nullopt : std::optional(minutes),
                               .why = typed.why},
                              today);
    };
    return or_page_again(call, change_one(call, "gathering_moved", move), "date", again);
}

[[nodiscard]] Result<Answer> skip_one(Call& call) {
    FormReader form(call.form);
    const std::string why = form.line("why", longest_line);
    TypedChange typed;
    typed.skip_why = why;
    const auto again = [&] { return typed_again(call, typed); };
    if (!form.good()) {
        TRY(Page page, again());
        return pages::Refusal{form.problems(), std::move(page)};
    }
    const auto skip = [&](Transaction& transaction, const At& at,
                          std::chrono::sys_days today) -> Result<void> {
        TRY_DO(must_not_have_ended(call, at));
        return cancel_gathering(transaction, call.collective().id, at, true, why, today);
    };
    return or_page_again(call, change_one(call, "gathering_cancelled", skip), "why", again);
}

/// As its series says: at its own time, and it takes place.
[[nodiscard]] Result<Answer> restore_one(Call& call) {
    const auto restore = [&](Transaction& transaction, const At& at,
                             std::chrono::sys_days today) -> Result<void> {
        ZoneBook zones(call.house.zones);
        TRY_DO(must_fit(at, at.occurrence.original, zones,
                        std::chrono::floor<std::chrono::seconds>(call.now())));
        return move_gathering(transaction, call.collective().id, at,
                              {.start = std::nullopt, .minutes = std::nullopt, .why = ""}, today);
    };
    return or_page_again(call, change_one(call, "gathering_restored", restore), "date",
                         [&] { return typed_again(call, {}); });
}

/// In the lighter format of its series, or as planned after all.
[[nodiscard]] Result<Answer> lighten_one(Call& call) {
    static constexpr std::array<std::string_view, 2> ways = {"yes", "no"};
    FormReader form(call.form);
    const bool lighter = form.choice("lighter", ways) == ways.front();
    if (!form.good()) {
        TRY(Page page, gathering_page(call));
        return pages::Refusal{form.problems(), std::move(page)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        ZoneBook zones(call.house.zones);
        TRY(const At at, running_gathering_of(transaction, call, zones));
        if (at.occurrence.cancelled || has_ended(call, at)) {
            return fail(ErrorKind::conflict, "lighter.too_late");
        }
        TRY_DO(
            change_lighter(transaction, teller_of(call), at.plan.series, at.occurrence, lighter));
        const auto phase =
            phase_at(at.occurrence.begin, std::chrono::floor<std::chrono::seconds>(call.now()));
        if (!lighter && phase == Phase::last_day) { // else the sweep would make it so again
            TRY_DO(take_step(
                transaction, call.collective().id,
                {at.plan.series.id, at.occurrence.original, std::string(lighter_step), ""},
                call.now()));
        }
        TRY_DO(note(transaction, call, lighter ? "gathering_lighter" : "gathering_planned"));
        return Done{path_of(call, at.plan.series, at.occurrence.original)};
    });
}

// -- This one and all that follow ----------------------------------------------------------------

[[nodiscard]] Result<HeardRhythm> hear_from(const Call& call, const At& at,
                                            const std::string& words, ZoneBook& zones) {
    const Rhythm& rhythm = at.plan.rhythms[at.occurrence.rhythm];
    TRY(const calendar::Zone* const zone, zones.zone(rhythm.zone));
    const Instant day_begins = zone->to_utc(Wall(std::chrono::floor<days>(at.occurrence.original)));
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    return hear_rhythm({.words = words, .zone = rhythm.zone, .minutes = rhythm.minutes},
                       call.house.zones.names(), zones, std::max(now, day_begins));
}

[[nodiscard]] Result<Answer> change_all(Call& call) {
    constexpr std::size_t longest_rhythm = 200;
    FormReader form(call.form);
    ZoneBook zones(call.house.zones);
    TRY(const At at, read_at(call, zones));
    TypedChange typed{.rhythm = form.line("rhythm", longest_rhythm, Need::required)};
    auto heard = hear_from(call, at, *typed.rhythm, zones);
    if (!heard && form.good()) {
        form.note("rhythm", "gatherings.rhythm_wrong", {{"what", heard.error().message}});
    }
    if (heard) {
        TRY(typed.preview, preview_of(call, *heard, zones));
    }
    if (!form.good() || form.ticked("preview")) {
        TRY(Page page, change_page(call, at, zones, typed));
        if (form.good()) {
            return page;
        }
        return pages::Refusal{form.problems(), std::move(page)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        ZoneBook book(call.house.zones);
        TRY(const At found, to_change(transaction, call, book));
        TRY_DO(change_rhythm(transaction, call.collective().id, found, heard->rhythm, book,
                             call.now(), call.house.entropy));
        TRY_DO(note(transaction, call, "series_changed"));
        return Done{path_of(call, found.plan.series)};
    });
    return or_page_again(call, std::move(answer), "rhythm",
                         [&] { return typed_again(call, typed); });
}

} // namespace

std::vector<pages::Route> gathering_change_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/{when}/change", Action::keep_series,
         see_change},
        {Method::post, "/c/{collective}/series/{series}/{when}/move", Action::keep_series,
         move_one},
        {Method::post, "/c/{collective}/series/{series}/{when}/skip", Action::keep_series,
         skip_one},
        {Method::post, "/c/{collective}/series/{series}/{when}/restore", Action::keep_series,
         restore_one},
        {Method::post, "/c/{collective}/series/{series}/{when}/lighter", Action::keep_series,
         lighten_one},
        {Method::post, "/c/{collective}/series/{series}/{when}/rhythm", Action::keep_series,
         change_all},
    };
}

} // namespace allot::gatherings
