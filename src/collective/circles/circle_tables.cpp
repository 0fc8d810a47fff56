#include "collective/circles/circle_tables.hpp"

#include "collective/circles/circle.hpp"
#include "platform/pages/router.hpp"

#include <array>

namespace allot::circles {

namespace {

using store::Belongs;
using store::Column;
using store::ColumnKind;
using store::Table;

constexpr std::array circle = {Column{"collective_id", ColumnKind::id},
                               Column{"id", ColumnKind::id},
                               Column{.name = "slug", .fits = pages::is_slug},
                               Column{"name"},
                               Column{.name = "kind", .fits = is_kind},
                               Column{"issue"},
                               Column{"framework"},
                               Column{"way_quarter"},
                               Column{"way_evening"},
                               Column{"way_year"},
                               Column{"charter_purpose"},
                               Column{"charter_meeting"},
                               Column{"charter_treating"},
                               Column{"charter_hosting"},
                               Column{"charter_concern"},
                               Column{"charter_ending"},
                               Column{.name = "joining", .fits = is_joining},
                               Column{"split_size", ColumnKind::integer, true},
                               Column{.name = "state", .fits = is_state},
                               Column{"began_day", ColumnKind::day}};

constexpr std::array circle_part = {
    Column{"collective_id", ColumnKind::id}, Column{"circle_id", ColumnKind::id},
    Column{"person_id", ColumnKind::id},     Column{.name = "part", .fits = is_part},
    Column{"resting", ColumnKind::truth},    Column{"ask_day", ColumnKind::day}};

constexpr std::array circle_request = {Column{"collective_id", ColumnKind::id},
                                       Column{"id", ColumnKind::id},
                                       Column{"circle_id", ColumnKind::id},
                                       Column{"person_id", ColumnKind::id},
                                       Column{"words"},
                                       Column{"asked_day", ColumnKind::day}};

constexpr std::array circle_invitation = {
    Column{"collective_id", ColumnKind::id}, Column{"circle_id", ColumnKind::id},
    Column{"secret_hash"}, Column{"ends_at", ColumnKind::moment}};

constexpr std::array all = {
    Table{"circle", circle, 2, Belongs::to_collective, ""},
    Table{"circle_part", circle_part, 3, Belongs::to_collective, ""},
    Table{"circle_request", circle_request, 2, Belongs::to_collective, ""},
    Table{"circle_invitation", circle_invitation, 2, Belongs::stays,
          "Links that let people in; hosts make new ones"},
};

} // namespace

std::span<const Table> tables() {
    return all;
}

} // namespace allot::circles
