/// Who sent a request, which collective it is about, and what its sender is there.
#pragma once

#include "platform/auth/sign_in.hpp"
#include "platform/pages/call.hpp"
#include "platform/pages/router.hpp"

namespace allot::pages {

struct Standing {
    std::optional<auth::Session> session;
    auth::Viewer viewer;
    /// Of the route's {collective}; without one that of the server, where it has one alone.
    std::optional<auth::Collective> in;
    auth::Role in_circle = auth::Role::anyone; ///< in the route's {circle} or {series}
};

/// Of `call`, which has its request and the parts of its path. Errors: `missing` where there is no
/// such collective.
[[nodiscard]] Result<Standing> standing_of(store::Transaction& transaction, const Call& call);

/// Whether the permission table allows the route to somebody who stands so.
[[nodiscard]] bool may_call(const Standing& standing, const http::HttpRequest& request,
                            const Route& route);

} // namespace allot::pages
