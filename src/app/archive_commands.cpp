#include "app/archive_commands.hpp"

#include "app/files.hpp"
#include "app/interrupt.hpp"
#include "app/keeping/check_archive.hpp"
#include "app/keeping/copy_rows.hpp"
#include "app/keeping/house_tables.hpp"
#include "app/keeping/new_file.hpp"
#include "app/keeping/staging.hpp"
#include "app/keeping/temporary_folder.hpp"
#include "app/progress.hpp"
#include "app/rooms.hpp"
#include "base/text.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/router.hpp"

#include <set>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

using keeping::ErasedAgain;
using keeping::Manifest;
using keeping::NewFile;
using store::Statement;
using store::Transaction;

constexpr Statement has_collective = "SELECT 1 FROM collective WHERE id = $1";

[[nodiscard]] Result<Manifest> write_collective(store::Store& store, const std::string& slug,
                                                const NewFile& file, ProgressLine& line) {
    return store.read([&](Transaction& transaction) -> Result<Manifest> {
        TRY(const auto collective, find_collective(transaction, slug));
        Manifest manifest{.kind = keeping::ArchiveKind::collective,
                          .collective = collective.id.text(),
                          .slug = collective.slug,
                          .name = collective.name,
                          .left_out = keeping::left_out()};
        TRY(manifest.schema, keeping::schema_of(transaction));
        return keeping::write_archive(
            transaction, std::move(manifest), keeping::collective_tables(),
            [&](std::string_view part) { return file.write(part); },
            [&](std::int64_t done, std::int64_t total) -> Result<void> {
                line.show("writing", done, total, "tables");
                return interrupt::check();
            });
    });
}

// -- Import --------------------------------------------------------------------------------------

/// Whom the target knows as erased: by the log, or by the row that remains.
class Erased {
  public:
    [[nodiscard]] Result<void> look(const ImportOptions& options, store::Store& target) {
        TRY(const auto ids, target.read([](Transaction& transaction) {
            return people::erased_people(transaction);
        }));
        ids_.insert(ids.begin(), ids.end());
        std::filesystem::path file = options.erased;
        if (options.erased.empty()) {
            TRY(file, erased_log_file(options.place));
        }
        auto log = keeping::ErasedLog::read(file);
        if (log) {
            log_ = *std::move(log);
        } else if (log.error().kind != ErrorKind::missing || !options.erased.empty()) {
            return std::unexpected(log.error());
        }
        return {};
    }
    [[nodiscard]] bool has(const auth::PersonId& person) const {
        return ids_.contains(person) || (log_ && log_->has(person));
    }

  private:
    std::set<auth::PersonId> ids_;
    std::optional<keeping::ErasedLog> log_;
};

[[nodiscard]] Result<keeping::CollectiveCopy> copy_of(Transaction& transaction,
                                                      const Manifest& manifest,
                                                      const ImportOptions& options, Moment now,
                                                      Entropy& entropy) {
    keeping::CollectiveCopy copy{.from = auth::CollectiveId(manifest.collective),
                                 .to = auth::CollectiveId(manifest.collective),
                                 .slug = options.slug.empty() ? manifest.slug : options.slug};
    TRY(const auto taken, people::collective_named(transaction, copy.slug));
    if (taken) {
        return fail(ErrorKind::invalid,
                    fmt::format("there is a collective \"{}\" here already; nothing was changed. "
                                "Give this one another name for addresses, with --as NAME",
                                text::shown(copy.slug)));
    }
    TRY(const auto same, transaction.row(has_collective, {copy.to}));
    if (same) {
        copy.to = new_id<auth::CollectiveId>(now, entropy);
    }
    return copy;
}

[[nodiscard]] Result<ErasedAgain> stage(const FileBytes& bytes, const NewFile& file,
                                        const Erased& erased, const Clock& clock,
                                        Entropy& entropy) {
    TRY_DO(keeping::load_archive(bytes.view(), file.part()));
    TRY(const auto staged,
        store::Store::open({.url = "sqlite:" + file.part().string()}, migrations()));
    return keeping::erase_again(
        *staged, [&](const auth::PersonId& person) { return erased.has(person); }, clock, entropy);
}

[[nodiscard]] std::string words_about(const Manifest& manifest, const std::string& slug,
                                      const ErasedAgain& erased) {
    std::string words = fmt::format("{} is here, at /c/{}\n", manifest.name, slug);
    if (erased.people != 0) {
        words += fmt::format("{} erased again, as erased.log or this server says\n",
                             text::count_of(erased.people, "person was", "people were"));
    }
    for (const std::string& line : erased.new_stewards) {
        words += line + ", because the only steward was erased since\n";
    }
    return words +
           "Sessions, letters under way, calendar links and invitations did not come along.\n"
           "Everybody signs in anew; hosts make new invitations.\n";
}

} // namespace

Result<auth::Collective> find_collective(Transaction& transaction, const std::string& slug) {
    TRY(const auto found, people::collective_named(transaction, slug));
    if (found) {
        return *found;
    }
    TRY(const auto all, people::collectives(transaction));
    std::vector<std::string> slugs;
    for (const auto& one : all) {
        slugs.push_back(one.slug);
    }
    return fail(ErrorKind::invalid,
                fmt::format("found no collective \"{}\"; there {}", text::shown(slug),
                            slugs.empty() ? "is none" : "is " + text::join_words(slugs)));
}

Result<Outcome> run_export(const ExportOptions& options) {
    TRY(const std::string url, found_store_url(options.place));
    TRY(const auto store, store::Store::open({.url = url, .as_it_is = true}, migrations()));
    TRY_DO(keeping::check_not_moving(*store));
    TRY(NewFile file, NewFile::make(options.to));
    ProgressLine line(STDERR_FILENO);
    TRY(const Manifest manifest, write_collective(*store, options.collective, file, line));
    TRY(const FileBytes bytes, read_file(file.part().string()));
    TRY_DO(keeping::check_archive(bytes.view()));
    TRY_DO(file.commit());
    line.erase();
    return Outcome{
        .words = fmt::format("{}: all of {}, written and checked\n", options.to, manifest.name)};
}

Result<Outcome> run_import(const ImportOptions& options, const Clock& clock, Entropy& entropy) {
    if (!options.slug.empty() && !pages::is_slug(options.slug)) {
        return fail(ErrorKind::invalid,
                    fmt::format("--as {}: a name for addresses has small letters, digits and "
                                "hyphens",
                                text::shown(options.slug)));
    }
    TRY(const FileBytes bytes, read_file(options.from));
    TRY(const Manifest manifest, keeping::read_manifest(bytes.view()));
    if (manifest.kind != keeping::ArchiveKind::collective) {
        return fail(ErrorKind::invalid, "this is the backup of a whole server; use allotment "
                                        "restore");
    }
    TRY(const std::string url, made_store_url(options.place));
    TRY(const auto target, store::Store::open({.url = url}, migrations()));
    TRY_DO(keeping::check_not_moving(*target));
    Erased erased;
    TRY_DO(erased.look(options, *target));
    TRY(const auto folder, keeping::TemporaryFolder::make());
    TRY(const NewFile file, NewFile::make(folder.path() / "importing.sqlite"));
    TRY(const ErasedAgain again, stage(bytes, file, erased, clock, entropy));
    TRY_DO(interrupt::check());
    TRY(const auto staged,
        store::Store::open({.url = "sqlite:" + file.part().string(), .as_it_is = true},
                           migrations()));
    std::string slug;
    TRY_DO(target->write([&](Transaction& transaction) -> Result<void> {
        TRY(const auto copy, copy_of(transaction, manifest, options, clock.now(), entropy));
        slug = copy.slug;
        return keeping::copy_collective(*staged, transaction, copy);
    }));
    return Outcome{.words = words_about(manifest, slug, again)};
}

} // namespace allot::app
