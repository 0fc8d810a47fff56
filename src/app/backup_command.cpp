#include "app/backup_command.hpp"

#include "app/files.hpp"
#include "app/interrupt.hpp"
#include "app/keeping/check_archive.hpp"
#include "app/keeping/erased_log.hpp"
#include "app/keeping/house_tables.hpp"
#include "app/keeping/new_file.hpp"
#include "app/keeping/staging.hpp"
#include "app/progress.hpp"
#include "app/rooms.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "collective/people/person_store.hpp"

#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

using keeping::Manifest;
using keeping::NewFile;
using store::Statement;
using store::Transaction;

namespace fs = std::filesystem;

/// By its two names the last backup is known: its time, and where it was written.
constexpr Statement note_backup = "INSERT INTO keeping (name, value) VALUES ($1, $2) "
                                  "ON CONFLICT (name) DO UPDATE SET value = $2";

/// The file that was named, or one with the time as its name in the folder that was named.
[[nodiscard]] fs::path target_of(const std::string& to, const std::string& made, bool is_sqlite) {
    std::error_code error;
    if (!fs::is_directory(to, error)) {
        return to;
    }
    std::string stamp = made;
    std::erase(stamp, ':');
    return fs::path(to) / fmt::format("allotment-{}.{}", stamp, is_sqlite ? "sqlite" : "tar");
}

[[nodiscard]] store::Progress shown_as(ProgressLine& line, std::string_view doing,
                                       std::string_view what) {
    return [&line, doing, what](std::int64_t done, std::int64_t total) -> Result<void> {
        line.show(doing, done, total, what);
        return interrupt::check();
    };
}

/// The copy and its checksums are of one snapshot, so they must agree.
[[nodiscard]] Result<Manifest> write_copy(store::Store& store, const NewFile& file,
                                          Manifest manifest, ProgressLine& line) {
    const auto copied = store.read([&](Transaction& transaction) -> Result<void> {
        TRY(manifest.schema, keeping::schema_of(transaction));
        for (const auto& table : keeping::whole_tables()) {
            TRY(auto sums,
                keeping::write_table(transaction, *table, std::nullopt,
                                     [](std::string_view) { return interrupt::check(); }));
            manifest.tables.push_back({.name = table->sql().table(),
                                       .columns = table->sql().columns(),
                                       .sums = std::move(sums)});
        }
        return transaction.copy_to(file.part().string(), shown_as(line, "copying", "pages"));
    });
    TRY_DO(copied);
    line.show("checking the copy");
    return keeping::check_and_list_copy(file.part(), manifest);
}

[[nodiscard]] Result<Manifest> write_archive(store::Store& store, const NewFile& file,
                                             Manifest manifest, ProgressLine& line) {
    const auto written = store.read([&](Transaction& transaction) -> Result<Manifest> {
        TRY(manifest.schema, keeping::schema_of(transaction));
        return keeping::write_archive(
            transaction, manifest, keeping::whole_tables(),
            [&](std::string_view part) { return file.write(part); },
            shown_as(line, "writing", "tables"));
    });
    TRY_DO(written);
    line.show("checking the archive");
    TRY(const FileBytes bytes, read_file(file.part().string()));
    TRY_DO(keeping::check_archive(bytes.view()));
    return written;
}

[[nodiscard]] std::string words_about(const fs::path& target, const Manifest& manifest,
                                      const fs::path& log) {
    std::int64_t rows = 0;
    for (const auto& table : manifest.tables) {
        rows += table.sums.rows;
    }
    return fmt::format("{}: {} in {}, written and checked\n"
                       "Take it to another machine. Keep {} elsewhere than the backups.\n",
                       target.string(), text::count_of(rows, "row", "rows"),
                       text::count_of(std::ssize(manifest.tables), "table", "tables"),
                       log.string());
}

} // namespace

Result<Outcome> run_backup(const BackupOptions& options, const Clock& clock, Entropy& entropy) {
    TRY(const std::string url, found_store_url(options.place));
    TRY(const fs::path log, erased_log_file(options.place));
    TRY(const auto store, store::Store::open({.url = url, .as_it_is = true}, migrations()));
    TRY_DO(keeping::check_not_moving(*store));
    const std::string made = format_instant(std::chrono::floor<std::chrono::seconds>(clock.now()));
    const fs::path target = target_of(options.to, made, store->is_sqlite());
    TRY(NewFile file, NewFile::make(target));
    ProgressLine line(STDERR_FILENO);
    Manifest manifest{.kind = keeping::ArchiveKind::backup, .made = made};
    TRY(manifest, store->is_sqlite() ? write_copy(*store, file, std::move(manifest), line)
                                     : write_archive(*store, file, std::move(manifest), line));
    TRY_DO(keeping::note_all_erased(*store, log, clock, entropy));
    TRY_DO(file.commit());
    line.erase();
    const auto noted = store->write([&](Transaction& transaction) -> Result<std::int64_t> {
        TRY_DO(transaction.run(note_backup, {"last_backup_file", fs::absolute(target).string()}));
        return transaction.run(note_backup, {"last_backup", made});
    });
    return Outcome{.words = words_about(target, manifest, log),
                   .code = ExitCode::done,
                   .notes = noted ? "" : "the backup is whole; the database could not note it\n"};
}

} // namespace allot::app
