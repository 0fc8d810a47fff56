#include "app/keeping_command_line.hpp"

#include "app/keeping_help.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

namespace allot::app {

namespace {

void add_place(CLI::App& command, Place& place) {
    command
        .add_option("--data", place.data,
                    "Folder of the database (default $STATE_DIRECTORY, or allotment in your data "
                    "folder)")
        ->type_name("DIR");
    command
        .add_option("--store", place.store,
                    "sqlite:FILE or postgres://... (default sqlite:DIR/allotment.sqlite)")
        ->type_name("URL");
}

CLI::Option* add(CLI::App& command, const char* name, std::string& value, const char* type,
                 const char* description) {
    return command.add_option(name, value, description)->type_name(type);
}

void add_backup(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<BackupOptions>();
    CLI::App& command = *program.add_subcommand(
        "backup", "Write everything of a server to one file, while it serves");
    add_place(command, options->place);
    add(command, "--to", options->to, "FILE|DIR", "A new file, or the folder for one")->required();
    command.footer(help::backup_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_restore(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<RestoreOptions>();
    CLI::App& command =
        *program.add_subcommand("restore", "Make a server of a backup, on this machine or another");
    add(command, "--from", options->from, "FILE", "The backup")->required();
    add_place(command, options->place);
    add(command, "--erased", options->erased, "FILE",
        "erased.log: who was erased since (default the one beside the database)");
    command.footer(help::restore_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_doctor(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<DoctorOptions>();
    CLI::App& command =
        *program.add_subcommand("doctor", "Look whether a server is well, and say what to do");
    add_place(command, options->place);
    add(command, "--origin", options->origin, "URL",
        "How browsers reach it from outside; then proxy and https are looked at too");
    command.add_flag("--json", options->as_json, "JSON in place of lines");
    command.footer(help::doctor_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_export(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<ExportOptions>();
    CLI::App& command =
        *program.add_subcommand("export", "Write a whole collective to one open archive");
    add(command, "--collective", options->collective, "SLUG", "Its name in addresses: /c/SLUG")
        ->required();
    add(command, "--to", options->to, "FILE", "A new file, such as lab.tar")->required();
    add_place(command, options->place);
    command.footer(help::export_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_import(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<ImportOptions>();
    CLI::App& command =
        *program.add_subcommand("import", "Bring a collective from an archive into a server");
    add(command, "--from", options->from, "FILE", "The archive")->required();
    add(command, "--as", options->slug, "SLUG", "Its name in addresses here (default as it was)");
    add_place(command, options->place);
    add(command, "--erased", options->erased, "FILE",
        "erased.log: who was erased since (default the one beside the database)");
    command.footer(help::import_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_move(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<MoveOptions>();
    CLI::App& command =
        *program.add_subcommand("move", "Move a server to another database, such as PostgreSQL");
    add(command, "--store", options->from, "URL",
        "The database that is: sqlite:FILE or "
        "postgres://...")
        ->required();
    add(command, "--to", options->to, "URL", "The one that is to be, and is empty")->required();
    command.footer(help::move_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_starter_export(CLI::App& starter, std::optional<Command>& chosen) {
    const auto options = std::make_shared<StarterExportOptions>();
    CLI::App& command =
        *starter.add_subcommand("export", "Write the practices of a collective to one file");
    add(command, "COLLECTIVE", options->collective, "SLUG", "Its name in addresses: /c/SLUG")
        ->required();
    add(command, "FILE", options->to, "", "A new file, such as lab.json")->required();
    add_place(command, options->place);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_starter_plant(CLI::App& starter, std::optional<Command>& chosen) {
    const auto options = std::make_shared<StarterPlantOptions>();
    CLI::App& command =
        *starter.add_subcommand("plant", "Begin a collective with a file, or add it to one");
    add(command, "FILE", options->from, "", "The starter")->required();
    add(command, "--into", options->into, "SLUG", "Add it to a collective that is here");
    add(command, "--name", options->name, "NAME", "Of a new collective");
    add(command, "--as", options->slug, "SLUG", "Its name in addresses (default from its name)");
    add(command, "--zone", options->zone, "ZONE", "Its time zone (default that of the file)");
    add(command, "--your-name", options->your_name, "NAME", "Of its first steward");
    add(command, "--mail", options->mail, "ADDRESS", "Of its first steward");
    add_place(command, options->place);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_starter(CLI::App& program, std::optional<Command>& chosen) {
    CLI::App& starter = *program.add_subcommand(
        "starter", "The practices of a collective, without its people, planted elsewhere");
    starter.require_subcommand(1);
    starter.footer(help::starter_footer);
    add_starter_export(starter, chosen);
    add_starter_plant(starter, chosen);
}

void add_publish(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<PublishOptions>();
    CLI::App& command = *program.add_subcommand(
        "publish", "Write the public pages of a collective as files for any host of pages");
    command.add_option("folder", options->folder, "A new folder, or one that this command made")
        ->type_name("DIR")
        ->required();
    command.add_option("collective", options->collective, "Its name in addresses: /c/COLLECTIVE")
        ->type_name("COLLECTIVE")
        ->required();
    add(command, "--origin", options->origin, "URL", "Where the live server is reached")
        ->required();
    add_place(command, options->place);
    command.footer(help::publish_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

} // namespace

void add_keeping(CLI::App& program, std::optional<Command>& chosen) {
    add_backup(program, chosen);
    add_restore(program, chosen);
    add_doctor(program, chosen);
    add_export(program, chosen);
    add_import(program, chosen);
    add_move(program, chosen);
    add_starter(program, chosen);
    add_publish(program, chosen);
}

} // namespace allot::app
