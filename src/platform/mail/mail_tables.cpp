#include "platform/mail/mail_tables.hpp"

#include <array>

namespace allot::mail {

namespace {

using store::Belongs;
using store::Column;
using store::ColumnKind;
using store::Table;

constexpr Column collective_id{"collective_id", ColumnKind::id};

constexpr std::array job = {collective_id,
                            Column{"id"},
                            Column{"kind"},
                            Column{"about"},
                            Column{"first_due", ColumnKind::moment},
                            Column{"due_at", ColumnKind::moment, true},
                            Column{"holder"},
                            Column{"tries", ColumnKind::integer},
                            Column{"trouble"},
                            Column{"given_up_day", ColumnKind::day, true}};
constexpr std::array mail = {collective_id,
                             Column{"id", ColumnKind::id},
                             Column{"kind"},
                             Column{"recipient"},
                             Column{"subject"},
                             Column{"body"},
                             Column{"written_at", ColumnKind::moment},
                             Column{"state"},
                             Column{"message_id"},
                             Column{"good_until", ColumnKind::moment, true},
                             Column{"ended_day", ColumnKind::day, true},
                             Column{"topic"},
                             Column{"answer_tag"},
                             Column{"calendar_method"},
                             Column{"calendar"}};
constexpr std::array wish = {collective_id, Column{"mail_hash"}, Column{"digest"},
                             Column{"reminders", ColumnKind::truth}};
constexpr std::array end = {collective_id, Column{"mail_hash"}, Column{"topic"}};
constexpr std::array refusal = {collective_id, Column{"mail"}, Column{"times", ColumnKind::integer},
                                Column{"last_day", ColumnKind::day},
                                Column{"paused_day", ColumnKind::day, true}};

constexpr std::array all = {
    Table{"job", job, 2, Belongs::stays, "Work that is due here; another server does its own"},
    Table{"mail", mail, 2, Belongs::stays,
          "Letters hold links that open doors here; another server must not send them again"},
    Table{"mail_wish", wish, 2, Belongs::to_collective, ""},
    Table{"mail_end", end, 3, Belongs::to_collective, ""},
    Table{"mail_refusal", refusal, 2, Belongs::to_server, ""},
};

} // namespace

std::span<const Table> tables() {
    return all;
}

} // namespace allot::mail
