#include "collective/people/people_tables.hpp"

#include "base/text.hpp"
#include "collective/people/person.hpp"
#include "engine/calendar/zone.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/pages/router.hpp"

#include <algorithm>
#include <array>

namespace allot::people {

namespace {

using store::Belongs;
using store::Column;
using store::ColumnKind;
using store::Table;

[[nodiscard]] bool is_mail(std::string_view value) {
    return auth::normal_mail(value) == value;
}

[[nodiscard]] bool is_zone_or_none(std::string_view value) {
    return value.empty() || calendar::is_zone_name(value);
}

/// Hosts are named by their circles.
[[nodiscard]] bool is_role(std::string_view value) {
    return value == "guest" || value == "member" || value == "steward";
}

[[nodiscard]] bool are_hours(std::string_view value) {
    return parse_hours(value) == value;
}

[[nodiscard]] bool are_reasons(std::string_view value) {
    return std::ranges::all_of(text::split_list(value, '|'), [](const std::string& reason) {
        return std::ranges::find(reasons_to_be_here, reason) != reasons_to_be_here.end();
    });
}

constexpr std::array collective = {Column{"id", ColumnKind::id},
                                   Column{.name = "slug", .fits = pages::is_slug},
                                   Column{"name"},
                                   Column{"about"},
                                   Column{.name = "zone", .fits = is_zone_or_none},
                                   Column{"is_demo", ColumnKind::truth},
                                   Column{"began_day", ColumnKind::day}};

constexpr std::array person = {Column{"collective_id", ColumnKind::id},
                               Column{"id", ColumnKind::id},
                               Column{.name = "mail", .nullable = true, .fits = is_mail},
                               Column{"name"},
                               Column{"said"},
                               Column{"own_words"},
                               Column{"how_i_work"},
                               Column{"languages"},
                               Column{"access_needs"},
                               Column{"shows_access", ColumnKind::truth},
                               Column{.name = "here_for", .fits = are_reasons},
                               Column{"here_for_words"},
                               Column{.name = "zone", .fits = is_zone_or_none},
                               Column{"page_language"},
                               Column{.name = "hours_free", .fits = are_hours},
                               Column{.name = "hours_maybe", .fits = are_hours},
                               Column{.name = "role", .fits = is_role},
                               Column{"role_ask_day", ColumnKind::day},
                               Column{"resting", ColumnKind::truth},
                               Column{.name = "calendar_hash", .nullable = true, .secret = true},
                               Column{"joined_day", ColumnKind::day},
                               Column{"erased", ColumnKind::truth}};

constexpr std::array all = {Table{"collective", collective, 1, Belongs::to_collective, ""},
                            Table{"person", person, 2, Belongs::to_collective, ""}};

} // namespace

std::span<const Table> tables() {
    return all;
}

} // namespace allot::people
