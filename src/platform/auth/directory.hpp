/// What the platform must ask of the rooms: which collectives there are, and who is who in them.
#pragma once

#include "platform/auth/viewer.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::auth {

struct Collective {
    CollectiveId id;
    std::string slug; ///< in addresses: /c/lab
    std::string name;
    std::string zone; ///< IANA name: where its clock is
};

/// Any thread; each call inside a transaction of the caller's.
class Directory {
  public:
    Directory() = default;
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    virtual ~Directory() = default;

    /// All of them, by name.
    [[nodiscard]] virtual Result<std::vector<Collective>>
    collectives(store::Transaction& transaction) const = 0;
    [[nodiscard]] virtual Result<std::optional<Collective>>
    collective_named(store::Transaction& transaction, std::string_view slug) const = 0;
    /// `mail` as `normal_mail` writes it.
    [[nodiscard]] virtual Result<std::optional<Member>>
    member_with_mail(store::Transaction& transaction, const CollectiveId& collective,
                     std::string_view mail) const = 0;
    /// `anyone` where there is no such circle, or she has no part in it.
    [[nodiscard]] virtual Result<Role> role_in_circle(store::Transaction& transaction,
                                                      const CollectiveId& collective,
                                                      std::string_view circle_slug,
                                                      const PersonId& person) const = 0;
    /// `host` of who keeps the series or its circle, `member` of who belongs to its circle.
    [[nodiscard]] virtual Result<Role> role_in_series(store::Transaction& transaction,
                                                      const CollectiveId& collective,
                                                      std::string_view series_slug,
                                                      const PersonId& person) const = 0;
};

} // namespace allot::auth
