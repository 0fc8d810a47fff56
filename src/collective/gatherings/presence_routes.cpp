#include "collective/gatherings/own_key.hpp"
#include "collective/gatherings/presence.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/gatherings/thread_routes.hpp"
#include "collective/gatherings/turn_store.hpp"
#include "platform/auth/limits.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/http/caller.hpp"

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;

constexpr auth::Allowance plans_from_one_address{"presence_peer", 120, std::chrono::hours(1)};

/// Errors: `conflict` where it is over, cancelled or full.
[[nodiscard]] Result<Done> keep_plan(Transaction& transaction, const Call& call,
                                     const std::string& plan, const std::string& own,
                                     ZoneBook& zones) {
    TRY(const At at, gathering_of(transaction, call, zones));
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    if (at.occurrence.cancelled || at.occurrence.end <= now ||
        is_behind_end(at.plan.series, at.occurrence, std::chrono::floor<std::chrono::days>(now))) {
        return fail(ErrorKind::conflict, "presence.over");
    }
    const GatheringKey key = key_of(call, at);
    std::string who = guest_hash_of(own, key);
    if (call.viewer.member) {
        who = call.viewer.member->person.text();
        const InvitedOne calendar{.hash = auth::hash_of(call.viewer.mail),
                                  .rhythm = at.plan.rhythms[at.occurrence.rhythm].number,
                                  .original = key.original};
        TRY_DO(answered_on_page(transaction, key.collective, key.series, calendar, now));
    } else {
        TRY_DO(auth::count_try(transaction, plans_from_one_address,
                               http::client_network(call.request.peer), call.now()));
    }
    TRY_DO(save_plan(transaction, key, who, plan, at.plan.series.about.seats));
    TRY_DO(count_on(transaction, key.collective, key.series, at.occurrence));
    return Done{path_of(call, at.plan.series, key.original, "#presence")};
}

/// "Plan to come", or "Not this time", which needs no reason and can be said again otherwise.
[[nodiscard]] Result<Answer> plan_to_come(Call& call) {
    FormReader form(call.form);
    const std::string plan = form.choice("plan", plan_names);
    if (!form.good()) {
        TRY(pages::Page again, gathering_page(call, TypedAddition{}));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    const std::string own = call.viewer.member ? std::string() : key_to_write(call);
    ZoneBook zones(call.house.zones);
    auto answer = call.write(
        [&](Transaction& transaction) { return keep_plan(transaction, call, plan, own, zones); });
    TRY(Answer done, std::move(answer));
    if (!own.empty()) {
        keep_key(call, own, std::get<Done>(done));
    }
    return done;
}

} // namespace

std::vector<pages::Route> presence_routes() {
    return {
        {Method::post, "/c/{collective}/series/{series}/{when}/presence", Action::plan_to_come,
         plan_to_come},
    };
}

} // namespace allot::gatherings
