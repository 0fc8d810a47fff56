/// Who may do what: one table, which decides each request and is shown to people in plain words.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace allot::auth {

/// What somebody is in a collective. Each may do what those before it may.
enum class Role : std::uint8_t {
    anyone,  ///< not signed in, or signed in and not of this collective
    guest,   ///< came by a link, may read what is shared with guests and add to it
    member,  ///< belongs
    host,    ///< keeps a circle; for actions inside a circle: keeps this one
    steward, ///< keeps the whole collective
};
inline constexpr int role_count = 5;

[[nodiscard]] std::string_view name_of(Role role);
/// Errors are no roles: only names of the table come from the store.
[[nodiscard]] Role role_named(std::string_view name);

/// Each thing that a route lets people do.
enum class Action : std::uint8_t {
    read_public,      ///< front page, help, a circle's page
    sign_in,          ///< ask for a link, use it
    see_own_sessions, ///< and end them: whoever is signed in
    see_people,
    see_today,
    edit_own_profile,
    export_own,
    erase_own,
    open_circle,
    ask_to_join,
    join_by_link,
    take_part, ///< in a circle: rest, return, leave
    keep_circle,
    open_series,
    keep_series,  ///< its rhythm, its words, its hosts, what is written in its threads
    take_turn,    ///< and give it away, swap it, stand by
    plan_to_come, ///< or not, also without an account
    add_words,    ///< to a thread, also without an account
    subscribe,    ///< to mail about a series, also without an account
    write_letter, ///< to the hosts of a circle, also without an account
    keep_hooks,   ///< which places elsewhere get news
    change_role,
    keep_collective, ///< its name, and what it says of itself
    read_outbox,
    watch_mail,
    watch_server, ///< whether all is well, and what to do
    remove_demo,
};
inline constexpr int action_count = 27;

/// A line of the table.
struct Permission {
    Action action;
    std::string_view name;  ///< in the API: "open_circle"
    std::string_view words; ///< the key of its sentence in the catalogues
    Role least;             ///< who may
    bool signed_in = false; ///< any session will do, also one of no member
    bool of_circle = false; ///< hosts only of the circle or series in question; stewards of all
    bool here_only = false; ///< only from the machine on which the server runs
};

[[nodiscard]] std::span<const Permission> permissions();
[[nodiscard]] const Permission& permission_for(Action action);

/// Whether somebody of that role may, `in_circle` being the role in the circle or series in
/// question
/// (`anyone` where there is none).
[[nodiscard]] bool may(Action action, Role role, Role in_circle = Role::anyone);

} // namespace allot::auth
