#include "collective/gatherings/given_names.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/gatherings/turn_acts.hpp"
#include "collective/gatherings/turn_link.hpp"
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

constexpr std::array<std::string_view, 2> answers = {"yes", "not_now"};

struct TurnAnswerView {
    std::string path; ///< where the answer goes
    std::string title;
    std::string wall; ///< on the clock of whom the link is for
    std::string gathering_path;
    std::string turn;
    std::string question; ///< of `turn_question_names`
    std::string state;    ///< "ask", "yours", "others" or "over"
    bool asks = false;    ///< the state is "ask"
};
BOOST_DESCRIBE_STRUCT(TurnAnswerView, (),
                      (path, title, wall, gathering_path, turn, question, state, asks))

/// What a link is about, as it is now.
struct Asked {
    TurnLink link;
    people::Person person;
    Plan plan;
    Occurrence occurrence;
    Turn turn;
    bool hosts = false; ///< she keeps the series
    ZoneBook zones;
    explicit Asked(const Call& call) : zones(call.house.zones) {}
};

[[nodiscard]] Result<void> find(Asked& asked, Transaction& transaction, const Call& call) {
    const CollectiveId& collective = call.collective().id;
    auto link = turn_link_in(call.house.signing_key, call.part("signed"));
    if (!link) {
        return fail(ErrorKind::missing, "turns.link_unknown");
    }
    asked.link = *std::move(link);
    TRY(const auto series, find_series(transaction, collective, asked.link.series));
    TRY(const auto person, people::find_person(transaction, collective, asked.link.person));
    if (!series || !person) {
        return fail(ErrorKind::missing, "turns.link_unknown");
    }
    TRY(const bool may, may_have(transaction, collective, *series, *person));
    if (!may) { // she has left since the mail was sent
        return fail(ErrorKind::missing, "turns.link_unknown");
    }
    asked.person = *person;
    TRY(asked.plan, plan_of(transaction, collective, *series));
    // The times may have changed since: the turn went along with its gathering.
    TRY(const auto now, name_now(transaction, collective, series->id,
                                 {.original = asked.link.original, .change = asked.link.change}));
    const auto found = now ? occurrence_of(asked.plan, asked.zones, *now)
                           : Result<std::optional<Occurrence>>(std::nullopt);
    TRY(const auto one, found);
    if (!one) {
        return fail(ErrorKind::missing, now ? "gatherings.none_then" : "gatherings.gone");
    }
    asked.link.original = one->original;
    asked.occurrence = *one;
    TRY(asked.turn,
        turn_at(transaction, collective, series->id, asked.link.original, asked.link.kind));
    TRY(const auto hosts, hosts_of(transaction, collective, series->id));
    asked.hosts = std::ranges::find(hosts, asked.person.id, &Host::person) != hosts.end();
    return {};
}

/// What its reader can still say.
[[nodiscard]] std::string_view state_of(const Asked& asked, Moment now) {
    const PersonId& me = asked.person.id;
    const Turn& turn = asked.turn;
    // A host can run it until it ends; nothing else is of use once it has begun.
    const bool runs = asked.link.question == TurnQuestion::run;
    const Instant until = runs ? asked.occurrence.end : asked.occurrence.begin;
    if (asked.occurrence.cancelled || until <= now ||
        is_over(asked.plan.series, std::chrono::floor<std::chrono::days>(now))) {
        return "over";
    }
    if (is_settled(turn)) {
        return turn.person == me ? "yours" : "others";
    }
    switch (asked.link.question) {
    case TurnQuestion::confirm:
        return turn.person == me ? "ask" : "others";
    case TurnQuestion::standby:
        return turn.standby == me ? "ask" : "others";
    case TurnQuestion::run:
        break;
    }
    return asked.hosts ? "ask" : "others";
}

[[nodiscard]] TurnAnswerView view_of(const Call& call, Asked& asked) {
    const Series& series = asked.plan.series;
    const auto zone = asked.zones.zone(asked.person.profile.zone);
    const Wall wall = zone ? (*zone)->to_local(asked.occurrence.begin) : asked.occurrence.start;
    const std::string_view state = state_of(asked, call.now());
    return {.path = call.path("/turn/" + call.part("signed")),
            .title = title_of(series, asked.occurrence.gathering),
            .wall = wall_text(wall),
            .gathering_path = path_of(call, series, asked.occurrence.original),
            .turn = std::string(name_of(asked.link.kind)),
            .question = std::string(name_of(asked.link.question)),
            .state = std::string(state),
            .asks = state == "ask"};
}

[[nodiscard]] Result<Page> answer_page(const Call& call) {
    const auto seen =
        call.house.store.read([&](Transaction& transaction) -> Result<TurnAnswerView> {
            Asked asked(call);
            TRY_DO(find(asked, transaction, call));
            return view_of(call, asked);
        });
    TRY(const TurnAnswerView view, seen);
    return Page{.template_name = "turn_answer",
                .view = pages::view_of(view),
                .title = "turns.answer_title",
                .title_name = view.title,
                .place = "events",
                .private_ = true};
}

/// Shows the buttons and changes nothing: programs that read mail follow links.
[[nodiscard]] Result<Answer> see_question(Call& call) {
    TRY(Page page, answer_page(call));
    return page;
}

[[nodiscard]] Result<void> say(Transaction& transaction, const Call& call, const Asked& asked,
                               bool yes) {
    const CollectiveId& collective = call.collective().id;
    const Series& series = asked.plan.series;
    const PersonId& me = asked.person.id;
    if (yes) {
        return come_in(transaction, teller_of(call), series, asked.occurrence, asked.turn, me);
    }
    if (asked.link.question == TurnQuestion::run) {
        return {};
    }
    return keep_turn(transaction, collective, series, asked.occurrence, passed(asked.turn, me),
                     call.now());
}

/// The address proves for whom it is. Said twice is the same as once.
[[nodiscard]] Result<Answer> answer_question(Call& call) {
    FormReader form(call.form);
    const std::string answer = form.choice("answer", answers);
    if (!form.good()) {
        TRY(Page again, answer_page(call));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        Asked asked(call);
        TRY_DO(find(asked, transaction, call));
        if (state_of(asked, call.now()) == "ask") {
            TRY_DO(say(transaction, call, asked, answer == "yes"));
        }
        return Done{call.path("/turn/" + call.part("signed"))};
    });
}

} // namespace

std::vector<pages::Route> turn_answer_routes() {
    return {
        {Method::get, "/c/{collective}/turn/{signed}", Action::read_public, see_question, ""},
        {Method::post, "/c/{collective}/turn/{signed}", Action::read_public, answer_question,
         "the address is signed, for one person and one question"},
    };
}

} // namespace allot::gatherings
