#include "platform/hooks/hooks_tables.hpp"

#include "platform/hooks/delivery.hpp"

#include <array>

namespace allot::hooks {

namespace {

using store::Belongs;
using store::Column;
using store::ColumnKind;
using store::Table;

[[nodiscard]] bool is_kind(std::string_view name) {
    return kind_named(name).has_value();
}

constexpr std::array hook = {Column{"collective_id", ColumnKind::id},
                             Column{"id", ColumnKind::id},
                             Column{.name = "kind", .fits = is_kind},
                             Column{"name"},
                             Column{.name = "address", .secret = true},
                             Column{"place"},
                             Column{"topic"},
                             Column{"bot"},
                             Column{.name = "key_text", .secret = true},
                             Column{"circle_id", ColumnKind::id, true},
                             Column{"hears_all", ColumnKind::truth},
                             Column{"paused", ColumnKind::truth},
                             Column{.name = "trouble", .fits = is_trouble},
                             Column{"trouble_day", ColumnKind::day, true},
                             Column{"posted_day", ColumnKind::day, true},
                             Column{"failures", ColumnKind::integer},
                             Column{"quiet_until", ColumnKind::moment, true}};
constexpr std::array delivery = {Column{"collective_id", ColumnKind::id},
                                 Column{"id", ColumnKind::id},
                                 Column{"hook_id", ColumnKind::id},
                                 Column{"key_hash"},
                                 Column{"circle_id", ColumnKind::id, true},
                                 Column{"is_public", ColumnKind::truth},
                                 Column{"is_test", ColumnKind::truth},
                                 Column{"title"},
                                 Column{"body"},
                                 Column{"links"},
                                 Column{"written_at", ColumnKind::moment},
                                 Column{"good_until", ColumnKind::moment, true},
                                 Column{.name = "state", .fits = is_state}};

constexpr std::array all = {
    Table{"hook", hook, 2, Belongs::stays,
          "Their addresses and keys let anybody post there; hosts write them again"},
    Table{"hook_delivery", delivery, 2, Belongs::stays,
          "Messages of hooks; another server must not post them again"},
};

} // namespace

std::span<const Table> tables() {
    return all;
}

} // namespace allot::hooks
