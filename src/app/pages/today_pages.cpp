#include "app/pages/today_pages.hpp"

#include "app/zone_source.hpp"
#include "base/clock.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/own_next.hpp"
#include "collective/gatherings/turn_cards.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace allot::app {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Page;
using store::Transaction;

constexpr std::size_t most_cards = 3;
/// Which cards come first: people who wait, then what only the viewer can answer.
constexpr std::array<std::string_view, 6> kinds = {"requests",      "letters", "still",
                                                   "steward_still", "no_host", "at_risk"};

/// Those of gatherings come after those of circles, in their own order.
[[nodiscard]] std::ptrdiff_t place_of(std::string_view kind) {
    const auto* const found = std::ranges::find(kinds, kind);
    return found != kinds.end()
               ? found - kinds.begin()
               : std::ssize(kinds) + (std::ranges::find(gatherings::card_kinds, kind) -
                                      gatherings::card_kinds.begin());
}

/// Something that needs the viewer; either a page to go to, or a form to send.
struct Card {
    std::string kind; ///< of `kinds`; its words are "today." + kind
    std::string name; ///< of the circle or the collective
    std::string page;
    std::string form;
};
BOOST_DESCRIBE_STRUCT(Card, (), (kind, name, page, form))

struct TodayView {
    std::string date; ///< in the viewer's zone
    std::optional<gatherings::OwnNext> next;
    bool resting = false;
    bool has_circle = false; ///< the viewer belongs to one
    std::vector<Card> cards;
};
BOOST_DESCRIBE_STRUCT(TodayView, (), (date, next, resting, has_circle, cards))

[[nodiscard]] std::chrono::sys_days today_in(const std::string& zone, Moment now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto found = read_zone(zone);
    const auto offset = found ? found->offset_at(seconds) : std::chrono::seconds(0);
    return std::chrono::floor<std::chrono::days>(seconds + offset);
}

[[nodiscard]] Card card(std::string_view kind, const Call& call, const circles::Circle& circle,
                        std::string_view page, std::string_view form = {}) {
    const std::string path = call.path("/circles/" + circle.slug);
    return {.kind = std::string(kind),
            .name = circle.about.name,
            .page = form.empty() ? path + std::string(page) : std::string(),
            .form = form.empty() ? std::string() : path + std::string(form)};
}

/// What one circle asks of its host.
[[nodiscard]] Result<void> add_cards_of(std::vector<Card>& cards, Transaction& transaction,
                                        const Call& call, const circles::OwnPart& own,
                                        std::chrono::sys_days today) {
    const auto& [circle, part] = own;
    const auto& collective = call.collective().id;
    TRY(const auto waiting, circles::requests_to(transaction, collective, circle.id));
    if (!waiting.empty()) {
        cards.push_back(card("requests", call, circle, "#requests"));
    }
    TRY(const bool letters, gatherings::has_open_letters(transaction, collective, circle.id));
    if (letters) {
        cards.push_back(card("letters", call, circle, "/letters"));
    }
    if (circles::asks_still(part, today)) {
        cards.push_back(card("still", call, circle, "", "/still"));
    }
    TRY(const auto people, circles::people_of(transaction, collective, circle.id));
    if (circles::at_risk(circles::parts_in(people))) {
        cards.push_back(card("at_risk", call, circle, "/hosts"));
    }
    return {};
}

/// What the collective asks of its steward.
[[nodiscard]] Result<void> add_cards_of_steward(std::vector<Card>& cards, Transaction& transaction,
                                                const Call& call, const people::Person& me,
                                                std::chrono::sys_days today) {
    TRY(const auto alone, circles::without_host(transaction, call.collective().id));
    for (const circles::Circle& circle : alone) {
        cards.push_back(card("no_host", call, circle, "/hosts"));
    }
    if (me.role_asked <= today) {
        cards.push_back({.kind = "steward_still",
                         .name = call.collective().name,
                         .form = call.path("/people/" + me.id.text() + "/role")});
    }
    return {};
}

/// Nothing asks of who rests, here or in a circle.
[[nodiscard]] Result<TodayView> look(Transaction& transaction, const Call& call) {
    TRY(const auto me,
        people::find_person(transaction, call.collective().id, call.member().person));
    if (!me) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    const auto today = today_in(me->profile.zone, call.now());
    TRY(const auto parts, circles::parts_of(transaction, call.collective().id, me->id));
    TodayView view{.date = format_date(today), .resting = me->resting};
    TRY(view.next, gatherings::own_next(transaction, call));
    for (const circles::OwnPart& own : parts) {
        const bool open = own.circle.state == circles::State::open;
        view.has_circle = view.has_circle || open;
        if (open && own.part.name == circles::PartName::host && !circles::rests(own.part)) {
            TRY_DO(add_cards_of(view.cards, transaction, call, own, today));
        }
    }
    if (me->role == auth::Role::steward && !me->resting) {
        TRY_DO(add_cards_of_steward(view.cards, transaction, call, *me, today));
    }
    if (!me->resting) {
        TRY(const auto cards, gatherings::cards_of(transaction, call));
        for (const gatherings::Card& one : cards) {
            view.cards.push_back(
                {.kind = one.kind, .name = one.name, .page = one.page, .form = {}});
        }
    }
    std::ranges::sort(view.cards, {}, [](const Card& one) {
        return std::tuple(place_of(one.kind), one.name, one.page, one.form);
    });
    view.cards.resize(std::min(view.cards.size(), most_cards));
    return view;
}

[[nodiscard]] Result<Answer> see_today(Call& call) {
    TRY(const TodayView view,
        call.house.store.read([&](Transaction& transaction) { return look(transaction, call); }));
    return Page{.template_name = "today",
                .view = pages::view_of(view),
                .title = "today.title",
                .place = "today",
                .has_form = true,
                .private_ = true};
}

} // namespace

std::vector<pages::Route> today_routes() {
    return {
        {Method::get, "/c/{collective}/today", Action::see_today, see_today},
    };
}

} // namespace allot::app
