#include "app/restore_command.hpp"

#include "app/files.hpp"
#include "app/interrupt.hpp"
#include "app/keeping/copy_rows.hpp"
#include "app/keeping/house_tables.hpp"
#include "app/keeping/new_file.hpp"
#include "app/keeping/staging.hpp"
#include "app/keeping/temporary_folder.hpp"
#include "app/rooms.hpp"
#include "base/text.hpp"
#include "platform/store/sqlite_file.hpp"

#include <fstream>

#include <fmt/format.h>

namespace allot::app {

namespace {

using keeping::ErasedAgain;
using keeping::NewFile;

namespace fs = std::filesystem;

constexpr std::string_view sqlite_magic = "SQLite format 3";

/// What there is to say once it is done.
struct Told {
    bool has_list = true; ///< with checksums
    bool has_log = false;
    ErasedAgain erased;
};

/// The log that was named, else the one that lies at the place; nothing where there is none.
[[nodiscard]] Result<std::optional<keeping::ErasedLog>> log_of(const RestoreOptions& options) {
    fs::path file = options.erased;
    if (options.erased.empty()) {
        TRY(file, erased_log_file(options.place));
    }
    auto log = keeping::ErasedLog::read(file);
    if (!log && log.error().kind == ErrorKind::missing && options.erased.empty()) {
        return std::nullopt;
    }
    TRY_DO(log);
    return *std::move(log);
}

/// The bytes of a file into another, a part at a time.
[[nodiscard]] Result<void> copy_file(std::ifstream& in, const std::string& from,
                                     const NewFile& to) {
    constexpr std::size_t at_once = std::size_t{1} << 20U;
    std::string part;
    do {
        part.resize(at_once);
        in.read(part.data(), static_cast<std::streamsize>(at_once));
        part.resize(static_cast<std::size_t>(in.gcount()));
        TRY_DO(to.write(part));
    } while (in);
    if (!in.eof()) {
        return fail(ErrorKind::io, fmt::format("{}: cannot be read", from));
    }
    return {};
}

/// A database in `file` out of what the backup is: a database of SQLite, or an archive. Returns
/// whether it had checksums.
[[nodiscard]] Result<bool> make_database(const std::string& from, const NewFile& file) {
    std::ifstream in(from, std::ios::binary);
    std::string magic(sqlite_magic.size(), '\0');
    in.read(magic.data(), std::ssize(magic));
    if (magic != sqlite_magic) {
        TRY(const FileBytes bytes, read_file(from));
        TRY_DO(keeping::load_archive(bytes.view(), file.part()));
        return true;
    }
    in.seekg(0);
    TRY_DO(copy_file(in, from, file));
    return keeping::check_and_strip_copy(file.part());
}

/// Up to date, without who was erased since, and without links that were used since.
[[nodiscard]] Result<ErasedAgain> bring_up_to_date(const fs::path& part,
                                                   const std::optional<keeping::ErasedLog>& log,
                                                   const Clock& clock, Entropy& entropy) {
    TRY(const auto store, store::Store::open({.url = "sqlite:" + part.string()}, migrations()));
    TRY_DO(keeping::run_after_restore(*store));
    const auto is_erased = [&](const auth::PersonId& person) { return log && log->has(person); };
    return keeping::erase_again(*store, is_erased, clock, entropy);
}

[[nodiscard]] Result<Told> make_whole(const RestoreOptions& options, const NewFile& file,
                                      const Clock& clock, Entropy& entropy) {
    TRY(const auto log, log_of(options));
    Told told{.has_log = log.has_value()};
    TRY(told.has_list, make_database(options.from, file));
    TRY_DO(interrupt::check());
    TRY(told.erased, bring_up_to_date(file.part(), log, clock, entropy));
    TRY_DO(store::settle_sqlite(file.part().string()));
    TRY_DO(store::check_sqlite(file.part().string()));
    return told;
}

[[nodiscard]] std::string words_about(const Told& told, const std::string& where,
                                      const fs::path& log) {
    std::string words = fmt::format("{}: restored and checked\n", where);
    if (!told.has_list) {
        words += "The backup had no checksums, so only its structure could be checked.\n";
    }
    if (told.has_log) {
        words += fmt::format("erased.log: {} erased again\n",
                             text::count_of(told.erased.people, "person was", "people were"));
    } else {
        words += fmt::format(
            "There was no erased.log. People who were erased since this backup are back. If you\n"
            "have the log, remove what was restored and begin again with --erased FILE. Else ask\n"
            "them again, and erase them on their page. (Looked for {})\n",
            log.string());
    }
    for (const std::string& line : told.erased.new_stewards) {
        words += line + ", because the only steward of this backup was erased since\n";
    }
    return words + "Then:\n"
                   "  allotment doctor   looks at the whole\n"
                   "  allotment serve    starts it; sign in, and look at a page that you know\n"
                   "Sessions are those of the backup. Who lost a device since ends it once more.\n";
}

[[nodiscard]] Result<Outcome> restore_sqlite(const RestoreOptions& options, const fs::path& target,
                                             const Clock& clock, Entropy& entropy) {
    std::error_code error;
    for (const char* const end : {"", "-wal", "-shm", "-journal"}) {
        if (const fs::path there = target.string() + end; fs::exists(there, error)) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: there is a database already; nothing was changed. Restore "
                                    "into an empty folder, with --data DIR, or stop the server and "
                                    "move the old database away first",
                                    there.string()));
        }
    }
    TRY(const fs::path log, erased_log_file(options.place));
    TRY(NewFile file, NewFile::make(target));
    TRY(const Told told, make_whole(options, file, clock, entropy));
    TRY_DO(file.commit());
    return Outcome{.words = words_about(told, target.string(), log)};
}

/// Through a database of SQLite in a folder for temporary files, then in one transaction.
[[nodiscard]] Result<Outcome> restore_postgres(const RestoreOptions& options,
                                               const std::string& url, const Clock& clock,
                                               Entropy& entropy) {
    TRY(const auto to, store::Store::open({.url = url}, migrations()));
    TRY_DO(to->be_alone());
    TRY_DO(keeping::check_empty(*to));
    TRY(const fs::path log, erased_log_file(options.place));
    TRY(const auto folder, keeping::TemporaryFolder::make());
    TRY(const NewFile file, NewFile::make(folder.path() / "restoring.sqlite"));
    TRY(const Told told, make_whole(options, file, clock, entropy));
    TRY(const auto from,
        store::Store::open({.url = "sqlite:" + file.part().string(), .as_it_is = true},
                           migrations()));
    TRY_DO(keeping::copy_everything(*from, *to));
    return Outcome{.words = words_about(told, "PostgreSQL", log)};
}

} // namespace

Result<Outcome> run_restore(const RestoreOptions& options, const Clock& clock, Entropy& entropy) {
    TRY(const std::string url, made_store_url(options.place));
    if (const auto file = sqlite_file(url)) {
        return restore_sqlite(options, *file, clock, entropy);
    }
    return restore_postgres(options, url, clock, entropy);
}

} // namespace allot::app
