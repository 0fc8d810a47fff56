/// The site: from a request to a route and back, the same for every room.
#pragma once

#include "platform/pages/assets.hpp"
#include "platform/pages/call.hpp"
#include "platform/pages/router.hpp"
#include "platform/pages/starter.hpp"
#include "platform/pages/templates.hpp"
#include "platform/store/table.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace allot::pages {

/// A place of the navigation, shown to whoever may see it.
struct Place {
    std::string_view name; ///< "circles"; its words are "place.circles"
    std::string_view path; ///< below the collective: "/circles"
    auth::Action action;
    std::uint8_t position; ///< the smaller, the earlier: today 10, circles 20, people 50
    std::string_view icon; ///< path data of SVG, lines in a square of 24
};

/// What a room brings: adding a room is adding one of these.
struct Room {
    std::string_view name;
    std::span<const Route> routes;
    std::span<const TemplateText> templates;
    std::span<const WordList> words;
    std::span<const Place> places;
    std::span<const store::Migration> migrations;
    /// What it keeps about one person, for "what this server knows about you" and her export; its
    /// page is the template "known_" + name. Null: it keeps nothing about people.
    Result<View> (*known)(store::Transaction& transaction, const auth::CollectiveId& collective,
                          const auth::PersonId& person) = nullptr;
    /// Removes that. Others' history keeps an id. Rooms are asked in reverse order, so the people
    /// come last.
    Result<void> (*erase)(store::Transaction& transaction, const House& house,
                          const auth::CollectiveId& collective,
                          const auth::PersonId& person) = nullptr;
    /// Statements that remove all that it keeps of a collective, $1; what others refer to comes
    /// last.
    std::span<const store::Statement> clear;
    /// All of its tables with all of their columns; what others refer to comes first. A backup, an
    /// archive and a move know of nothing else: a test compares this with the database.
    std::span<const store::Table> tables;
    /// Statements that run once a backup was restored: what must not happen twice, such as links
    /// that were used since.
    std::span<const store::Statement> restored;
    /// Its practices, without people, to be planted elsewhere. Null functions: it has none.
    StarterPart starter = {};
};

inline constexpr std::string_view session_cookie = "__Host-session";
inline constexpr std::string_view browser_cookie = "__Host-browser";
inline constexpr std::string_view guest_cookie = "__Host-guest"; ///< `auth::read_passes`

/// A whole set-cookie value: of this host alone, not for scripts, not sent with forms of others.
[[nodiscard]] std::string cookie_of(std::string_view name, std::string_view value,
                                    std::chrono::seconds lasts);

/// Immutable; any thread calls `answer`. What it is made from outlives it.
class Site {
  public:
    /// Errors: routes, templates or words of the rooms that do not go together (names them).
    [[nodiscard]] static Result<std::unique_ptr<Site>>
    of(const House& house, std::span<const Room> rooms, std::span<const AssetFile> assets);
    Site() = default;
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;
    virtual ~Site() = default;

    [[nodiscard]] virtual http::HttpResponse answer(const http::HttpRequest& request) const = 0;
    /// The answer where it is known without the database: see `RecentAnswers`.
    [[nodiscard]] virtual std::optional<http::HttpResponse>
    answer_at_once(const http::HttpRequest& request) const = 0;
    /// Who is signed in may send more.
    [[nodiscard]] virtual std::size_t body_limit(const http::HttpRequest& head) const = 0;
    [[nodiscard]] virtual std::span<const Route> routes() const = 0;
    /// The words of each language: for mail that no request asks for.
    [[nodiscard]] virtual std::span<const Catalogue> catalogues() const = 0;
};

} // namespace allot::pages
