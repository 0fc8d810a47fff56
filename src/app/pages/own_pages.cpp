#include "app/pages/own_pages.hpp"

#include "app/rooms.hpp"
#include "platform/pages/site.hpp"

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

[[nodiscard]] Result<Answer> see_erase(Call& /*call*/) {
    return Page{
        .template_name = "erase", .title = "erase.title", .has_form = true, .private_ = true};
}

/// All of it, or nothing.
[[nodiscard]] Result<Answer> erase_own(Call& call) {
    TRY(Answer answer, call.write([&](store::Transaction& transaction) -> Result<Done> {
        TRY_DO(erase_everywhere(transaction, call.house, call.collective().id,
                                call.member().person));
        return Done{
            .next = call.path(""),
            .cookies = {pages::cookie_of(pages::session_cookie, "", std::chrono::seconds(0))}};
    }));
    if (call.house.after_erasure) {
        call.house.after_erasure();
    }
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
