#include "platform/auth/permissions.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <array>

namespace allot::auth {

namespace {

constexpr std::array<std::string_view, role_count> role_names = {"anyone", "guest", "member",
                                                                 "host", "steward"};

constexpr std::array<Permission, action_count> table = {{
    {Action::read_public, "read_public", "permission.read_public", Role::anyone},
    {Action::sign_in, "sign_in", "permission.sign_in", Role::anyone},
    {Action::see_own_sessions, "see_own_sessions", "permission.see_own_sessions", Role::anyone,
     true},
    {Action::see_people, "see_people", "permission.see_people", Role::member},
    {Action::see_today, "see_today", "permission.see_today", Role::member},
    {Action::edit_own_profile, "edit_own_profile", "permission.edit_own_profile", Role::guest},
    {Action::export_own, "export_own", "permission.export_own", Role::guest},
    {Action::erase_own, "erase_own", "permission.erase_own", Role::guest},
    {Action::open_circle, "open_circle", "permission.open_circle", Role::member},
    {Action::ask_to_join, "ask_to_join", "permission.ask_to_join", Role::anyone, true},
    {Action::join_by_link, "join_by_link", "permission.join_by_link", Role::anyone, true},
    {Action::take_part, "take_part", "permission.take_part", Role::member},
    {Action::keep_circle, "keep_circle", "permission.keep_circle", Role::host, false, true},
    {Action::open_series, "open_series", "permission.open_series", Role::member},
    {Action::keep_series, "keep_series", "permission.keep_series", Role::host, false, true},
    {Action::take_turn, "take_turn", "permission.take_turn", Role::member},
    {Action::plan_to_come, "plan_to_come", "permission.plan_to_come", Role::anyone},
    {Action::add_words, "add_words", "permission.add_words", Role::anyone},
    {Action::subscribe, "subscribe", "permission.subscribe", Role::anyone},
    {Action::write_letter, "write_letter", "permission.write_letter", Role::anyone},
    {Action::keep_hooks, "keep_hooks", "permission.keep_hooks", Role::host, false, true},
    {Action::change_role, "change_role", "permission.change_role", Role::steward},
    {Action::keep_collective, "keep_collective", "permission.keep_collective", Role::steward},
    {Action::read_outbox, "read_outbox", "permission.read_outbox", Role::steward, false, false,
     true},
    {Action::watch_mail, "watch_mail", "permission.watch_mail", Role::steward},
    {Action::watch_server, "watch_server", "permission.watch_server", Role::steward},
    {Action::remove_demo, "remove_demo", "permission.remove_demo", Role::steward},
}};

static_assert(std::ranges::is_sorted(table, {}, &Permission::action),
              "a line stands where its action says");

} // namespace

std::string_view name_of(Role role) {
    return role_names[static_cast<std::size_t>(role)];
}

Role role_named(std::string_view name) {
    const auto* const found = std::ranges::find(role_names, name);
    ALLOT_CHECK(found != role_names.end(), "a role that the table does not know");
    return static_cast<Role>(found - role_names.begin());
}

std::span<const Permission> permissions() {
    return table;
}

const Permission& permission_for(Action action) {
    return table[static_cast<std::size_t>(action)];
}

bool may(Action action, Role role, Role in_circle) {
    const Permission& needed = permission_for(action);
    if (needed.of_circle && role != Role::steward) {
        return in_circle >= needed.least;
    }
    return role >= needed.least;
}

} // namespace allot::auth
