/// Who looks: what the platform knows about a person before any room does.
#pragma once

#include "base/ids.hpp"
#include "platform/auth/permissions.hpp"

#include <optional>
#include <string>

namespace allot::auth {

using CollectiveId = Id<struct CollectiveTag>;
using PersonId = Id<struct PersonTag>;
using CircleId = Id<struct CircleTag>;
using SessionId = Id<struct SessionTag>;

/// A person of one collective, as a request sees her.
struct Member {
    PersonId person;
    std::string name;
    Role role = Role::guest;
    std::string language; ///< of the pages, "en"; empty: as the browser says
    std::string zone;     ///< IANA name
};

/// Who sent a request. Without a session: nobody in particular, `Role::anyone`.
struct Viewer {
    std::optional<SessionId> session;
    std::string mail;             ///< the address that the session proved; empty without one
    std::optional<Member> member; ///< in the collective that the request is about

    [[nodiscard]] Role role() const { return member ? member->role : Role::anyone; }
};

} // namespace allot::auth
