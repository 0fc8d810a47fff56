#include "app/pages/own_pages.hpp"

#include "app/rooms.hpp"
#include "collective/circles/circle_views.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace allot::app {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::Page;

/// What each room keeps, under the name of the room.
[[nodiscard]] Result<boost::json::object> all_known(const Call& call) {
    using Found = Result<boost::json::object>;
    return call.house.store.read([&](store::Transaction& transaction) -> Found {
        boost::json::object all;
        for (const pages::Room& room : rooms()) {
            if (room.known != nullptr) {
                TRY(const pages::View view,
                    room.known(transaction, call.collective().id, call.member().person));
                all[boost::json::string_view(room.name.data(), room.name.size())] = *view.json();
            }
        }
        return all;
    });
}

[[nodiscard]] Result<Answer> see_known(Call& call) {
    TRY(auto all, all_known(call));
    return Page{.template_name = "known",
                .view = pages::View(std::make_shared<const boost::json::object>(std::move(all))),
                .title = "known.title",
                .private_ = true};
}

[[nodiscard]] Result<Answer> export_own(Call& call) {
    TRY(const auto all, all_known(call));
    return pages::Download{.type = "application/json",
                           .name = "allotment-" + call.collective().slug + ".json",
                           .bytes = boost::json::serialize(all) + "\n"};
}

struct EraseView {
    bool last_steward = false;                ///< somebody else has to be one first
    bool alone = false;                       ///< the collective goes with her
    std::vector<circles::CircleLine> circles; ///< of which she is the only host
};
BOOST_DESCRIBE_STRUCT(EraseView, (), (last_steward, alone, circles))

/// What would follow, said before.
[[nodiscard]] Result<Answer> see_erase(Call& call) {
    const auth::CollectiveId& collective = call.collective().id;
    const auth::PersonId& me = call.member().person;
    auto seen = call.house.store.read([&](store::Transaction& transaction) -> Result<EraseView> {
        TRY(const bool last, people::is_last_steward(transaction, collective, me));
        TRY(const bool alone, people::is_alone(transaction, collective, me));
        TRY(auto resting, circles::circles_resting_on(transaction, call, me));
        return EraseView{.last_steward = last, .alone = alone, .circles = std::move(resting)};
    });
    TRY(const EraseView view, std::move(seen));
    return Page{.template_name = "erase",
                .view = pages::view_of(view),
                .title = "erase.title",
                .has_form = true,
                .private_ = true};
}

/// All of it, or nothing. With the last person goes the collective: nobody could ever open it
/// again. That comes after erased.log, which is written from the row that remains of a person.
[[nodiscard]] Result<Answer> erase_own(Call& call) {
    const auth::CollectiveId& collective = call.collective().id;
    const auth::PersonId& me = call.member().person;
    bool alone = false;
    auto erased = call.write([&](store::Transaction& transaction) -> Result<Done> {
        TRY(alone, people::is_alone(transaction, collective, me));
        TRY_DO(erase_everywhere(transaction, call.house, collective, me));
        return Done{
            .next = alone ? "/" : call.path("?erased"),
            .cookies = {pages::cookie_of(pages::session_cookie, "", std::chrono::seconds(0))}};
    });
    TRY(Answer answer, std::move(erased));
    if (call.house.after_erasure) {
        call.house.after_erasure();
    }
    if (alone) {
        TRY_DO(call.house.store.write([&](store::Transaction& transaction) {
            return remove_collective(transaction, collective);
        }));
    }
    // She is gone in any case: what the files still hold is else written over later.
    [[maybe_unused]] const auto dropped = call.house.store.drop_traces();
    return answer;
}

} // namespace

std::vector<pages::Route> own_routes() {
    return {
        {Method::get, "/c/{collective}/known", Action::export_own, see_known},
        {Method::get, "/c/{collective}/export", Action::export_own, export_own},
        {Method::get, "/c/{collective}/erase", Action::erase_own, see_erase},
        {Method::post, "/c/{collective}/erase", Action::erase_own, erase_own},
    };
}

} // namespace allot::app
