#include "app/pages/demo_pages.hpp"

#include "app/rooms.hpp"
#include "collective/people/person_store.hpp"
#include "collective/people/welcome_routes.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/pages/site.hpp"

namespace allot::app {

namespace {

using pages::Answer;
using pages::Call;
using pages::Done;
using store::Transaction;

[[nodiscard]] Result<void> clear(Transaction& transaction, const auth::CollectiveId& collective) {
    TRY(const auto about, people::about_collective(transaction, collective));
    if (!about.is_demo) {
        return fail(ErrorKind::conflict, "front.no_demo");
    }
    return remove_collective(transaction, collective);
}

/// Then the way is free for a collective of real people, if there is none yet.
[[nodiscard]] Result<Answer> end_demo(Call& call) {
    const auto cleared = call.house.store.write([&](Transaction& transaction) -> Result<void> {
        TRY_DO(call.still_may(transaction));
        TRY_DO(clear(transaction, call.collective().id));
        return auth::end_sessions(transaction, call.viewer.mail);
    });
    TRY_DO(cleared);
    TRY(const auto left, call.house.store.read([](Transaction& transaction) {
        return people::collectives(transaction);
    }));
    std::string next = "/";
    if (left.empty()) {
        TRY(next, people::new_welcome_path(call.house.store, call.house.entropy));
    }
    return Done{.next = next,
                .cookies = {pages::cookie_of(pages::session_cookie, "", std::chrono::seconds(0))}};
}

} // namespace

std::vector<pages::Route> demo_routes() {
    return {
        {http::Method::post, "/c/{collective}/demo/end", auth::Action::remove_demo, end_demo},
    };
}

} // namespace allot::app
