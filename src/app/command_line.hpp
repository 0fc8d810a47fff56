/// The words after `allotment`, as types. CLI11 is used in the source beside
/// this and in keeping_command_line, and nowhere else.
#pragma once

#include "app/archive_commands.hpp"
#include "app/assign_command.hpp"
#include "app/backup_command.hpp"
#include "app/calendar_command.hpp"
#include "app/dates_command.hpp"
#include "app/doctor_command.hpp"
#include "app/mail_in_command.hpp"
#include "app/move_command.hpp"
#include "app/publish_command.hpp"
#include "app/restore_command.hpp"
#include "app/round_command.hpp"
#include "app/serve_command.hpp"
#include "app/starter_commands.hpp"
#include "app/verify_command.hpp"
#include "app/why_command.hpp"

#include <expected>
#include <span>
#include <string>
#include <variant>

namespace allot::app {

/// One struct of options a command; main runs the function that belongs to it.
using Command =
    std::variant<AssignOptions, RoundOptions, WhyOptions, VerifyOptions, DatesOptions,
                 DateCasesOptions, CalendarCheckOptions, CalendarListOptions,
                 CalendarReanchorOptions, ServeOptions, DemoOptions, MailInOptions, BackupOptions,
                 RestoreOptions, DoctorOptions, ExportOptions, ImportOptions, MoveOptions,
                 StarterExportOptions, StarterPlantOptions, PublishOptions>;

/// The answer when there is nothing to run: help or version (`done`, for stdout), or what is wrong
/// with the command line (`invalid`, for stderr).
struct Reply {
    std::string text;
    ExitCode code = ExitCode::invalid;
};

/// `words` without the name of the program. Files are not looked at.
[[nodiscard]] std::expected<Command, Reply> parse_command_line(std::span<const std::string> words);

} // namespace allot::app
