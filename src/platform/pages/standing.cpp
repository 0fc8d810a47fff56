#include "platform/pages/standing.hpp"

#include "platform/auth/guest.hpp"
#include "platform/http/caller.hpp"
#include "platform/pages/site.hpp"

#include <algorithm>

namespace allot::pages {

namespace {

[[nodiscard]] bool let_in_by_link(const Call& call) {
    const std::string_view cookie = call.request.cookie(guest_cookie);
    const auto passes = auth::read_passes(call.house.signing_key, cookie, call.now());
    const std::string path = call.request.path();
    return std::ranges::any_of(passes,
                               [&](const auth::GuestPass& pass) { return pass.lets_into(path); });
}

/// What somebody who is signed in is in the collective, and in the circle or series of the path.
[[nodiscard]] Result<void> add_roles(store::Transaction& transaction, const Call& call,
                                     Standing& standing) {
    const auth::Directory& directory = call.house.directory;
    TRY(standing.viewer.member,
        directory.member_with_mail(transaction, standing.in->id, standing.viewer.mail));
    const auto circle = call.parts.find("circle");
    if (standing.viewer.member && circle != call.parts.end()) {
        TRY(standing.in_circle,
            directory.role_in_circle(transaction, standing.in->id, circle->second,
                                     standing.viewer.member->person));
    }
    const auto series = call.parts.find("series");
    if (standing.viewer.member && series != call.parts.end()) {
        TRY(standing.in_circle,
            directory.role_in_series(transaction, standing.in->id, series->second,
                                     standing.viewer.member->person));
    }
    return {};
}

/// Pages of the server itself keep the places of the collective, where there is one and somebody
/// has signed in.
[[nodiscard]] Result<std::optional<auth::Collective>>
only_collective(store::Transaction& transaction, const Call& call, const Standing& standing) {
    if (!standing.session) {
        return std::nullopt;
    }
    TRY(auto all, call.house.directory.collectives(transaction));
    return all.size() == 1 ? std::optional(std::move(all.front())) : std::nullopt;
}

} // namespace

Result<Standing> standing_of(store::Transaction& transaction, const Call& call) {
    Standing standing;
    const std::string_view secret = call.request.cookie(session_cookie);
    if (!secret.empty()) {
        TRY(standing.session, auth::session_of(transaction, secret, call.now()));
    }
    if (standing.session) {
        standing.viewer.session = standing.session->id;
        standing.viewer.mail = standing.session->mail;
    }
    const auto slug = call.parts.find("collective");
    if (slug == call.parts.end()) {
        TRY(standing.in, only_collective(transaction, call, standing));
    } else {
        TRY(standing.in, call.house.directory.collective_named(transaction, slug->second));
        if (!standing.in) {
            return fail(ErrorKind::missing, "");
        }
    }
    if (!standing.in) {
        return standing;
    }
    if (standing.session) {
        TRY_DO(add_roles(transaction, call, standing));
    }
    standing.viewer.is_let_in = let_in_by_link(call);
    return standing;
}

bool may_call(const Standing& standing, const http::HttpRequest& request, const Route& route) {
    const auth::Permission& needed = auth::permission_for(route.action);
    return auth::may(route.action, standing.viewer.role(), standing.in_circle) &&
           (!needed.signed_in || standing.viewer.session) &&
           (!needed.here_only || http::is_from_this_machine(request));
}

} // namespace allot::pages
