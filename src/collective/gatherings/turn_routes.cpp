#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/gatherings/teller.hpp"
#include "collective/gatherings/turn_acts.hpp"
#include "collective/gatherings/turn_views.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
#include <array>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;
using std::chrono::floor;
using std::chrono::seconds;

constexpr std::array<std::string_view, 7> acts = {
    "take", "pass", "stand_by", "stand_back", "ask_to_swap", "swap_yes", "swap_no"};
constexpr std::array<std::string_view, 2> host_acts = {"ask", "run"};
/// What can still be done while a gathering takes place.
constexpr std::array<std::string_view, 3> acts_of_now = {"take", "pass", "run"};
constexpr std::size_t longest_name_of_when = 20;

/// A gathering that has not ended, for a command.
struct Scene {
    At at;
    Turn turn;
    ZoneBook zones;
    explicit Scene(const Call& call) : zones(call.house.zones) {}
};

[[nodiscard]] bool is_too_late(const Occurrence& occurrence, std::string_view act, Instant now) {
    const bool is_of_now = std::ranges::find(acts_of_now, act) != acts_of_now.end();
    return occurrence.cancelled || (is_of_now ? occurrence.end : occurrence.begin) <= now;
}

/// The gathering of the path, whenever it is, and one of its turns.
[[nodiscard]] Result<void> find_scene(Scene& scene, Transaction& transaction, const Call& call,
                                      TurnKind kind) {
    TRY(scene.at, gathering_of(transaction, call, scene.zones));
    const Series& series = scene.at.plan.series;
    if (std::ranges::find(series.about.turns, kind) == series.about.turns.end()) {
        return fail(ErrorKind::missing, "turns.none_such");
    }
    TRY(scene.turn,
        turn_at(transaction, call.collective().id, series.id, scene.at.occurrence.original, kind));
    return {};
}

[[nodiscard]] Result<void> must_be_in_time(const Scene& scene, const Call& call,
                                           std::string_view act) {
    const Instant now = floor<seconds>(call.now());
    TRY_DO(must_run(scene.at.plan.series, floor<std::chrono::days>(now)));
    return is_too_late(scene.at.occurrence, act, now) ? fail(ErrorKind::conflict, "turns.too_late")
                                                      : Result<void>();
}

[[nodiscard]] Result<void> set_scene(Scene& scene, Transaction& transaction, const Call& call,
                                     TurnKind kind, std::string_view act) {
    TRY_DO(find_scene(scene, transaction, call, kind));
    return must_be_in_time(scene, call, act);
}

[[nodiscard]] bool in_last_week(const Call& call, Instant begin) {
    return phase_at(begin, floor<seconds>(call.now())) != Phase::far;
}

[[nodiscard]] Result<void> keep(Transaction& transaction, const Call& call, const Scene& scene,
                                const Turn& turn) {
    return keep_turn(transaction, call.collective().id, scene.at.plan.series, scene.at.occurrence,
                     turn, call.now());
}

[[nodiscard]] Result<Done> back(const Call& call, const Scene& scene) {
    return Done{path_of(call, scene.at.plan.series, scene.at.occurrence.original, "#turns")};
}

// -- Swapping ------------------------------------------------------------------------------------

/// The turn of the same kind of another gathering that is still to come.
[[nodiscard]] Result<Turn> other_turn(Transaction& transaction, const Call& call, Scene& scene,
                                      std::string_view when, Occurrence& of_other) {
    TRY(const Wall original, when_named(when));
    TRY(const auto one, occurrence_of(scene.at.plan, scene.zones, original));
    if (!one || one->cancelled || one->begin <= call.now()) {
        return fail(ErrorKind::missing, "gatherings.none_then");
    }
    of_other = *one;
    return turn_at(transaction, call.collective().id, scene.at.plan.series.id, original,
                   scene.turn.kind);
}

/// Says to who has the other turn that a swap is asked of her.
[[nodiscard]] Result<void> mail_swap(Transaction& transaction, const Call& call, const Scene& scene,
                                     const Turn& other, Instant begin) {
    const Teller teller = teller_of(call);
    const Series& series = scene.at.plan.series;
    const std::string name = call.member().name;
    return write_to(transaction, teller, *other.person,
                    {.kind = mail::Kind::invitation,
                     .subject = "turns.mail_swap_subject",
                     .body = "turns.mail_swap",
                     .title = series.about.title,
                     .begin = begin,
                     .address = teller.address_of(series, other.original),
                     .turn = std::string(name_of(other.kind)),
                     .more = name,
                     .good_until = Moment(std::min(begin, scene.at.occurrence.begin))},
                    scene.at.occurrence.zone);
}

/// Says to who asked for it that the turn of the path is hers now.
[[nodiscard]] Result<void> mail_swapped(Transaction& transaction, const Call& call,
                                        const Scene& scene, const Turn& hers) {
    const Teller teller = teller_of(call);
    const Series& series = scene.at.plan.series;
    const Occurrence& occurrence = scene.at.occurrence;
    return write_to(transaction, teller, *hers.person,
                    {.kind = mail::Kind::change,
                     .subject = "turns.mail_swapped_subject",
                     .body = "turns.mail_swapped",
                     .title = title_of(series, occurrence.gathering),
                     .begin = occurrence.begin,
                     .address = teller.address_of(series, occurrence.original),
                     .turn = std::string(name_of(hers.kind)),
                     .more = {},
                     .good_until = Moment(occurrence.begin)},
                    occurrence.zone);
}

[[nodiscard]] Result<void> ask_to_swap(Transaction& transaction, const Call& call, Scene& scene,
                                       std::string_view when) {
    Occurrence of_other;
    TRY(const Turn other, other_turn(transaction, call, scene, when, of_other));
    if (scene.turn.person != call.member().person || !other.person ||
        *other.person == call.member().person) {
        return fail(ErrorKind::conflict, "turns.no_swap");
    }
    const Swap swap{scene.turn.kind, scene.turn.original, other.original};
    TRY(const auto asked_before,
        swaps_of(transaction, call.collective().id, scene.at.plan.series.id, scene.turn.original));
    if (std::ranges::find(asked_before, swap) != asked_before.end()) {
        return {}; // one mail is enough
    }
    TRY_DO(ask_swap(transaction, call.collective().id, scene.at.plan.series.id, swap));
    return mail_swap(transaction, call, scene, other, of_other.begin);
}

/// The turn of the path is the viewer's; `when` is that of who has asked her.
[[nodiscard]] Result<void> answer_swap(Transaction& transaction, const Call& call, Scene& scene,
                                       std::string_view when, bool agrees) {
    const CollectiveId& collective = call.collective().id;
    const SeriesId& series = scene.at.plan.series.id;
    Occurrence of_other;
    TRY(Turn other, other_turn(transaction, call, scene, when, of_other));
    TRY(const auto swaps, swaps_of(transaction, collective, series, other.original));
    const Swap asked{scene.turn.kind, other.original, scene.turn.original};
    if (scene.turn.person != call.member().person || !other.person ||
        std::ranges::find(swaps, asked) == swaps.end()) {
        return fail(ErrorKind::conflict, "turns.no_swap");
    }
    if (!agrees) {
        return drop_swaps(transaction, collective, series, asked.kind, asked.original);
    }
    Turn mine = scene.turn;
    std::swap(mine.person, other.person);
    // Who asked does not know yet that she has this one: she is asked whether she is there.
    mine.confirmed = false;
    other.confirmed = in_last_week(call, of_other.begin);
    for (Turn* const turn : {&mine, &other}) {
        turn->standby = turn->standby == turn->person ? std::nullopt : turn->standby;
    }
    TRY_DO(keep_turn(transaction, collective, scene.at.plan.series, of_other, other, call.now()));
    TRY_DO(keep(transaction, call, scene, mine));
    TRY_DO(mail_swapped(transaction, call, scene, mine));
    return drop_swaps(transaction, collective, series, asked.kind, asked.original);
}

// -- What members do -----------------------------------------------------------------------------

[[nodiscard]] Result<void> do_act(Transaction& transaction, const Call& call, Scene& scene,
                                  std::string_view act, std::string_view other) {
    const PersonId& me = call.member().person;
    if (act == "ask_to_swap") {
        return ask_to_swap(transaction, call, scene, other);
    }
    if (act == "swap_yes" || act == "swap_no") {
        return answer_swap(transaction, call, scene, other, act == "swap_yes");
    }
    Turn turn = scene.turn;
    if (act == "take") {
        TRY(turn, taken(turn, me, in_last_week(call, scene.at.occurrence.begin)));
    } else if (act == "stand_by") {
        TRY(turn, stood_by(turn, me));
    } else {
        turn = passed(turn, me);
    }
    return keep(transaction, call, scene, turn);
}

[[nodiscard]] Result<Answer> refuse(const Call& call, const FormReader& form) {
    TRY(Page again, gathering_page(call));
    return pages::Refusal{form.problems(), std::move(again)};
}

[[nodiscard]] Result<Answer> change_turn(Call& call) {
    FormReader form(call.form);
    const std::string kind = form.choice("turn", turn_names);
    const std::string act = form.choice("act", acts);
    const std::string other = form.line("other", longest_name_of_when);
    if (!form.good()) {
        return refuse(call, form);
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        Scene scene(call);
        TRY_DO(set_scene(scene, transaction, call, turn_named(kind), act));
        TRY_DO(do_act(transaction, call, scene, act, other));
        return back(call, scene);
    });
}

// -- What hosts do -------------------------------------------------------------------------------

/// She may say no, and nobody is told.
[[nodiscard]] Result<void> ask_somebody(Transaction& transaction, const Call& call,
                                        const Scene& scene, const PersonId& person) {
    TRY(const auto who, people::find_person(transaction, call.collective().id, person));
    if (!who) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    TRY(const bool can,
        can_be_asked(transaction, call.collective().id, scene.at.plan.series, *who));
    if (!can) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    if (scene.turn.asked == person) {
        return {}; // one mail is enough
    }
    TRY(const Turn turn, asked(scene.turn, person));
    TRY_DO(keep(transaction, call, scene, turn));
    const Teller teller = teller_of(call);
    const Series& series = scene.at.plan.series;
    const Occurrence& occurrence = scene.at.occurrence;
    return write_to(transaction, teller, person,
                    {.kind = mail::Kind::invitation,
                     .subject = "turns.mail_asked_subject",
                     .body = "turns.mail_asked",
                     .title = title_of(series, occurrence.gathering),
                     .begin = occurrence.begin,
                     .address = teller.address_of(series, occurrence.original),
                     .turn = std::string(name_of(turn.kind)),
                     .more = {},
                     .good_until = Moment(occurrence.begin)},
                    occurrence.zone);
}

[[nodiscard]] Page ask_page(const AskView& view) {
    return {.template_name = "turn_ask",
            .view = pages::view_of(view),
            .title = "turns.ask_title",
            .title_name = view.title,
            .place = "events",
            .has_form = true,
            .private_ = true};
}

/// The page that asks somebody for a turn, also where nobody can be asked for it any more.
[[nodiscard]] Result<Page> ask_page_again(const Call& call, TurnKind kind) {
    TRY(const AskView view, call.house.store.read([&](Transaction& transaction) -> Result<AskView> {
        Scene scene(call);
        TRY_DO(find_scene(scene, transaction, call, kind));
        return ask_view(transaction, call, scene.at, scene.zones, scene.turn);
    }));
    return ask_page(view);
}

[[nodiscard]] Result<Answer> see_ask(Call& call) {
    const std::string& kind = call.part("turn");
    if (std::ranges::find(turn_names, kind) == turn_names.end()) {
        return fail(ErrorKind::missing, "turns.none_such");
    }
    TRY(const AskView view, call.house.store.read([&](Transaction& transaction) -> Result<AskView> {
        Scene scene(call);
        TRY_DO(set_scene(scene, transaction, call, turn_named(kind), "ask"));
        if (scene.turn.person) {
            return fail(ErrorKind::conflict, "turns.taken_already");
        }
        return ask_view(transaction, call, scene.at, scene.zones, scene.turn);
    }));
    return ask_page(view);
}

[[nodiscard]] Result<Answer> ask_for_turn(Call& call, FormReader& form, TurnKind kind,
                                          const std::string& person) {
    if (form.good() && person.empty()) {
        form.note("person", "form.choose");
    }
    if (!form.good()) {
        TRY(Page again, ask_page_again(call, kind));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        Scene scene(call);
        TRY_DO(set_scene(scene, transaction, call, kind, "ask"));
        TRY_DO(ask_somebody(transaction, call, scene, PersonId(person)));
        return back(call, scene);
    });
    return or_page_again(call, std::move(answer), "person",
                         [&] { return ask_page_again(call, kind); });
}

/// She hosts the gathering in place of whoever was to.
[[nodiscard]] Result<Answer> run_it(Call& call, TurnKind kind) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        Scene scene(call);
        TRY_DO(set_scene(scene, transaction, call, kind, "run"));
        if (kind != TurnKind::host) {
            return fail(ErrorKind::missing, "turns.none_such");
        }
        TRY_DO(come_in(transaction, teller_of(call), scene.at.plan.series, scene.at.occurrence,
                       scene.turn, call.member().person));
        return back(call, scene);
    });
}

[[nodiscard]] Result<Answer> change_turn_as_host(Call& call) {
    FormReader form(call.form);
    const std::string kind = form.choice("turn", turn_names);
    const std::string act = form.choice("act", host_acts);
    if (!form.good()) {
        return refuse(call, form);
    }
    const std::string person = form.line("person", longest_line);
    return act == "ask" ? ask_for_turn(call, form, turn_named(kind), person)
                        : run_it(call, turn_named(kind));
}

} // namespace

std::vector<pages::Route> turn_routes() {
    return {
        {Method::post, "/c/{collective}/series/{series}/{when}/turns", Action::take_turn,
         change_turn, ""},
        {Method::post, "/c/{collective}/series/{series}/{when}/turns/host", Action::keep_series,
         change_turn_as_host, ""},
        {Method::get, "/c/{collective}/series/{series}/{when}/turns/{turn}/ask",
         Action::keep_series, see_ask},
    };
}

} // namespace allot::gatherings
