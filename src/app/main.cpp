/// allotment: one program, one file a command.
#include "app/assign_command.hpp"
#include "app/command_line.hpp"
#include "app/interrupt.hpp"
#include "app/zone_source.hpp"
#include "platform/world.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace allot;

/// Runs each command with its options. Those that write files note SIGINT and leave nothing behind;
/// the others may end at once.
struct Run {
    std::chrono::steady_clock::time_point began;
    const Clock& clock;
    Entropy& entropy;

    Result<app::Outcome> operator()(const app::AssignOptions& options) const {
        interrupt::catch_signals();
        return app::run_assign(options, began);
    }
    Result<app::Outcome> operator()(const app::RoundOptions& options) const {
        interrupt::catch_signals();
        return app::run_round(options);
    }
    Result<app::Outcome> operator()(const app::WhyOptions& options) const {
        return app::run_why(options);
    }
    Result<app::Outcome> operator()(const app::VerifyOptions& options) const {
        return app::run_verify(options);
    }
    Result<app::Outcome> operator()(const app::DatesOptions& options) const {
        return app::run_dates(options);
    }
    Result<app::Outcome> operator()(const app::DateCasesOptions& options) const {
        interrupt::catch_signals();
        return app::run_date_cases(options);
    }
    Result<app::Outcome> operator()(const app::CalendarCheckOptions& options) const {
        return app::run_calendar_check(options);
    }
    Result<app::Outcome> operator()(const app::CalendarListOptions& options) const {
        return app::run_calendar_list(options);
    }
    Result<app::Outcome> operator()(const app::CalendarReanchorOptions& options) const {
        interrupt::catch_signals();
        return app::run_calendar_reanchor(options);
    }
    Result<app::Outcome> operator()(const app::MailInOptions& options) const {
        return app::run_mail_in(options);
    }
    Result<app::Outcome> operator()(const app::ServeOptions& options) const {
        return app::run_serve(options);
    }
    Result<app::Outcome> operator()(const app::DemoOptions& options) const {
        return app::run_demo(options);
    }
    Result<app::Outcome> operator()(const app::BackupOptions& options) const {
        interrupt::catch_signals();
        return app::run_backup(options, clock, entropy);
    }
    Result<app::Outcome> operator()(const app::RestoreOptions& options) const {
        interrupt::catch_signals();
        return app::run_restore(options, clock, entropy);
    }
    Result<app::Outcome> operator()(const app::DoctorOptions& options) const {
        return app::run_doctor(options, clock);
    }
    Result<app::Outcome> operator()(const app::ExportOptions& options) const {
        interrupt::catch_signals();
        return app::run_export(options);
    }
    Result<app::Outcome> operator()(const app::ImportOptions& options) const {
        interrupt::catch_signals();
        return app::run_import(options, clock, entropy);
    }
    Result<app::Outcome> operator()(const app::MoveOptions& options) const {
        interrupt::catch_signals();
        return app::run_move(options, clock);
    }
    Result<app::Outcome> operator()(const app::StarterExportOptions& options) const {
        interrupt::catch_signals();
        return app::run_starter_export(options);
    }
    Result<app::Outcome> operator()(const app::StarterPlantOptions& options) const {
        return app::run_starter_plant(options, app::ZoneFolder(), clock, entropy);
    }
    Result<app::Outcome> operator()(const app::PublishOptions& options) const {
        interrupt::catch_signals();
        return app::run_publish(options, clock, entropy);
    }
};

app::ExitCode say(const Result<app::Outcome>& outcome) {
    if (!outcome) {
        fmt::print(stderr, "{}\n", outcome.error().message);
        return app::exit_code_of(outcome.error().kind);
    }
    fmt::print("{}", outcome->words);
    fmt::print(stderr, "{}", outcome->notes);
    if (std::fflush(stdout) != 0) {
        fmt::print(stderr, "the answer could not be written\n");
        return app::ExitCode::failed;
    }
    return outcome->code;
}

app::ExitCode run(const std::vector<std::string>& words) {
    const SystemClock clock;
    SystemEntropy entropy;
    const Run command{std::chrono::steady_clock::now(), clock, entropy};
    const auto parsed = app::parse_command_line(words);
    if (!parsed) {
        const auto& reply = parsed.error();
        fmt::print(reply.code == app::ExitCode::done ? stdout : stderr, "{}", reply.text);
        return reply.code;
    }
    return say(std::visit(command, *parsed));
}

/// Where nothing may fail any more.
void complain(std::string_view what) {
    for (const std::string_view part :
         {std::string_view("failed: "), what, std::string_view("\n")}) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, part.data(), part.size());
    }
}

} // namespace

int main(int argc, char** argv) {
    try {
        return static_cast<int>(run({argv + 1, argv + argc}));
    } catch (const std::bad_alloc&) {
        complain("the machine has not enough memory for this input");
    } catch (const std::exception& error) {
        complain(error.what());
    }
    return static_cast<int>(app::ExitCode::failed);
}
