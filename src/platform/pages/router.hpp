/// Which route answers an address. Parts of a path have types by their names.
#pragma once

#include "platform/auth/permissions.hpp"
#include "platform/pages/call.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::pages {

/// An address, who may use it, and what answers. `pattern` is "/c/{collective}/people/{person}":
/// {collective}, {circle}, {series} and {turn} are slugs, {when} is a wall time as
/// "20270114T170000", {day} a date as "2027-01-14", {key} is base64url, {key_ics} base64url and
/// ".ics", {signed} what `auth::signed_text` writes, every other part a UUID.
struct Route {
    http::Method method = http::Method::get;
    std::string_view pattern;
    auth::Action action;
    std::function<Result<Answer>(Call&)> answer;
    /// Why a POST need not come from a page of ours; empty: it must. Such a route may do only what
    /// the address itself proves that its sender may.
    std::string_view open_because;
    /// How many bytes a form may bring of who is not signed in; 0: as little as anywhere.
    std::size_t body_of_strangers = 0;
};

struct Match {
    const Route* route = nullptr; ///< null: no such address
    std::map<std::string, std::string, std::less<>> parts;
    bool other_method = false; ///< the address exists, for the other method
};

/// Immutable; any thread. Routes outlive it.
class Router {
  public:
    /// Errors: two routes for one method and address, a pattern that is none.
    [[nodiscard]] static Result<Router> of(std::span<const Route> routes);
    /// One slash at the end of a path is let through. O(parts).
    [[nodiscard]] Match find(http::Method method, std::span<const std::string> parts) const;
    [[nodiscard]] std::span<const Route> routes() const { return routes_; }

  private:
    struct Node {
        std::map<std::string, std::size_t, std::less<>> literal; ///< by part, the next node
        std::map<std::string, std::size_t, std::less<>> typed;   ///< by name of the part
        const Route* get = nullptr;
        const Route* post = nullptr;
    };
    [[nodiscard]] const Node* walk(std::size_t node, std::span<const std::string> parts,
                                   Match& match) const;
    std::span<const Route> routes_;
    std::vector<Node> nodes_;
};

/// Whether `s` is a name for addresses: 1 to 40 of a-z, 0-9 and single hyphens inside.
[[nodiscard]] bool is_slug(std::string_view s);
/// "Plants at night" -> "plants-at-night"; empty where no letter of a-z and no digit is in it.
[[nodiscard]] std::string slug_of(std::string_view name);

} // namespace allot::pages
