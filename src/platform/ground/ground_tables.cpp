#include "platform/ground/ground_tables.hpp"

#include <array>

namespace allot::ground {

namespace {

using store::Belongs;
using store::Column;
using store::ColumnKind;
using store::Table;

constexpr std::array keeping = {Column{"name"}, Column{"value"}};
constexpr std::array session = {Column{"id", ColumnKind::id},
                                Column{"secret_hash"},
                                Column{"mail"},
                                Column{"browser"},
                                Column{"began_day", ColumnKind::day},
                                Column{"ends_at", ColumnKind::moment}};
constexpr std::array sign_in = {Column{"link_hash"}, Column{"mail"}, Column{"browser_hash"},
                                Column{"next"}, Column{"ends_at", ColumnKind::moment}};
constexpr std::array rate = {Column{"what"}, Column{"whom"}, Column{"began_at", ColumnKind::moment},
                             Column{"times", ColumnKind::integer}};
constexpr std::array moving = {Column{"source"}, Column{"began_day", ColumnKind::day}};
constexpr std::array command = {Column{"collective_id", ColumnKind::id}, Column{"form_key"},
                                Column{"next"}, Column{"done_day", ColumnKind::day}};
constexpr std::array audit_key = {Column{"collective_id", ColumnKind::id},
                                  Column{"person_id", ColumnKind::id}, Column{"key_text"}};
constexpr std::array audit = {Column{"collective_id", ColumnKind::id}, Column{"id", ColumnKind::id},
                              Column{"day", ColumnKind::day}, Column{"who"}, Column{"what"}};

constexpr std::array all = {
    Table{"keeping", keeping, 1, Belongs::to_server, ""},
    Table{"session", session, 1, Belongs::to_server, ""},
    Table{"sign_in", sign_in, 1, Belongs::to_server, ""},
    Table{"rate", rate, 2, Belongs::to_server, ""},
    Table{"moving", moving, 1, Belongs::to_server, ""},
    Table{"command", command, 2, Belongs::stays,
          "Keys of forms that were sent here; they prove something on this server only"},
    Table{"audit_key", audit_key, 2, Belongs::stays,
          "With these keys one could tell whom the lines of the audit are about"},
    Table{"audit", audit, 2, Belongs::to_collective, ""},
};

} // namespace

std::span<const Table> tables() {
    return all;
}

} // namespace allot::ground
