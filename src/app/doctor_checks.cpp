#include "app/doctor_checks.hpp"

#include "app/keeping/erased_log.hpp"
#include "app/keeping/staging.hpp"
#include "app/origin_check.hpp"
#include "app/rooms.hpp"
#include "app/zone_source.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "collective/people/person_store.hpp"
#include "platform/jobs/job_store.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/store/sqlite_file.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

namespace fs = std::filesystem;

using store::Statement;
using store::Transaction;

constexpr Statement find_last_backup = "SELECT value FROM keeping WHERE name = 'last_backup'";
constexpr std::int64_t gibibyte = std::int64_t{1} << 30;
constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

/// What the checks share. Without a store the database could not be opened.
struct Patient {
    const DoctorOptions& options;
    Moment now;
    fs::path folder; ///< of the data
    std::string url;
    Result<std::unique_ptr<store::Store>> store;
};

using Findings = std::vector<Finding>;

// -- The folder and the database -----------------------------------------------------------------

[[nodiscard]] Findings check_folder(const Patient& patient) {
    struct stat found = {};
    if (::stat(patient.folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
        return {{Verdict::wrong, "folder", fmt::format("{} is not there", patient.folder.string()),
                 "Name the folder of the server with --data DIR."}};
    }
    if ((found.st_mode & 077U) != 0) {
        return {{Verdict::look, "folder",
                 fmt::format("others on this machine may look into {}", patient.folder.string()),
                 fmt::format("Run: chmod 700 {}", patient.folder.string())}};
    }
    if (found.st_uid != ::geteuid() && ::geteuid() != 0) {
        return {{Verdict::look, "folder", "it belongs to somebody else than you",
                 "Run this command as the person who runs the server."}};
    }
    return {{Verdict::ok, "folder", patient.folder.string(), ""}};
}

[[nodiscard]] Findings check_database(const Patient& patient) {
    if (!patient.store) {
        return {{Verdict::wrong, "database", patient.store.error().message,
                 "See docs/operations.md, \"When something is broken\"."}};
    }
    if (const auto answers = (*patient.store)->ping(); !answers) {
        return {{Verdict::wrong, "database", answers.error().message,
                 "Look at the disk and at the log of the server, then start it again."}};
    }
    Findings findings;
    if (const auto file = sqlite_file(patient.url)) {
        if (const auto sound = store::check_sqlite(file->string()); !sound) {
            return {{Verdict::wrong, "database", sound.error().message,
                     "Stop the server, move the database away, and restore the last backup."}};
        }
    }
    findings.push_back({Verdict::ok, "database",
                        fmt::format("{}, whole, of this program", (*patient.store)->engine()), ""});
    findings.push_back({Verdict::ok, "sorting", "by bytes, as it must be", ""});
    if (const auto whole = keeping::check_not_moving(**patient.store); !whole) {
        findings.push_back({Verdict::wrong, "move", whole.error().message, ""});
    }
    return findings;
}

[[nodiscard]] Findings check_space(const Patient& patient) {
    struct statvfs disk = {};
    if (::statvfs(patient.folder.c_str(), &disk) != 0) {
        return {{Verdict::look, "disk", "its free space cannot be seen", ""}};
    }
    const auto free = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
    std::error_code error;
    const auto file = sqlite_file(patient.url);
    const std::int64_t size = file && fs::exists(*file, error)
                                  ? static_cast<std::int64_t>(fs::file_size(*file, error))
                                  : 0;
    const std::string found = fmt::format("{} MiB are free", free / mebibyte);
    if (free < 100 * mebibyte) {
        return {{Verdict::wrong, "disk", found, "Make room: a full disk stops every change."}};
    }
    if (free < gibibyte || free < 3 * size) {
        return {{Verdict::look, "disk", found,
                 "Make room: a backup here needs twice the size of the database."}};
    }
    return {{Verdict::ok, "disk", found, ""}};
}

// -- The machine ---------------------------------------------------------------------------------

/// The program cannot have been built after now, and a database not be written in the future.
[[nodiscard]] Findings check_clock(const Patient& patient) {
    constexpr auto first_release = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    const std::string shown = format_instant(std::chrono::floor<std::chrono::seconds>(patient.now));
    const std::string what =
        "Set the clock of this machine; let it follow the network (timedatectl "
        "set-ntp true).";
    if (patient.now < first_release) {
        return {{Verdict::wrong, "clock", fmt::format("it shows {}, long ago", shown), what}};
    }
    struct stat found = {};
    const auto file = sqlite_file(patient.url);
    if (file && ::stat(file->c_str(), &found) == 0) {
        const Moment written{std::chrono::seconds(found.st_mtime)};
        if (written > patient.now + std::chrono::hours(1)) {
            return {{Verdict::wrong, "clock",
                     fmt::format("it shows {}, and the database was written later", shown), what}};
        }
    }
    return {{Verdict::ok, "clock", shown, ""}};
}

[[nodiscard]] Findings check_zones(const Patient& patient) {
    constexpr int old_years = 2; // countries change their clocks at a few months' notice
    const auto version = zone_version();
    if (!read_zone("Europe/London")) {
        return {{Verdict::wrong, "time zones", "this machine has none",
                 "Install them: apt install tzdata"}};
    }
    const auto year =
        version ? text::parse_int(std::string_view(*version).substr(0, 4)) : std::nullopt;
    if (!year) {
        return {{Verdict::look, "time zones", "their version cannot be seen",
                 "Bring them up to date: apt install tzdata"}};
    }
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(patient.now));
    if (static_cast<int>(today.year()) - *year >= old_years) {
        return {{Verdict::look, "time zones", fmt::format("of {}, which is old", *version),
                 "Bring them up to date: apt install tzdata"}};
    }
    return {{Verdict::ok, "time zones", fmt::format("of {}", *version), ""}};
}

// -- What is kept, and by whom -------------------------------------------------------------------

[[nodiscard]] Result<Findings> stewards_in(Transaction& transaction) {
    Findings findings;
    TRY(const auto all, people::collectives(transaction));
    for (const auth::Collective& collective : all) {
        TRY(const auto keepers, people::stewards(transaction, collective.id));
        if (keepers.size() > 1) {
            findings.push_back(
                {Verdict::ok, "stewards of " + collective.slug, "more than one", ""});
        } else {
            findings.push_back(
                {Verdict::look, "stewards of " + collective.slug,
                 keepers.empty() ? "there is none"
                                 : "only one person could restore this collective",
                 "Ask somebody to be the second, on the page of that person; and tell both where "
                 "the backups are."});
        }
    }
    return findings;
}

[[nodiscard]] Findings check_stewards(const Patient& patient) {
    if (!patient.store) {
        return {};
    }
    const auto found = (*patient.store)->read(stewards_in);
    return found ? *found : Findings{{Verdict::wrong, "stewards", found.error().message, ""}};
}

[[nodiscard]] Findings check_backup(const Patient& patient) {
    if (!patient.store) {
        return {};
    }
    const std::string what = "Run: allotment backup --to DIR, each night (docs/operations.md).";
    const auto row = (*patient.store)->read([](Transaction& transaction) {
        return transaction.row(find_last_backup);
    });
    if (!row || !*row) {
        return {{Verdict::look, "last backup", "there is none yet", what}};
    }
    const std::string& made = (*row)->text(0);
    const auto at = parse_instant(made);
    constexpr std::chrono::days soon(2);
    constexpr std::chrono::days late(14);
    if (!at || patient.now - *at > late) {
        return {{Verdict::wrong, "last backup", fmt::format("of {}", made), what}};
    }
    return {{patient.now - *at > soon ? Verdict::look : Verdict::ok, "last backup",
             fmt::format("of {}", made), patient.now - *at > soon ? what : ""}};
}

[[nodiscard]] Findings check_erased_log(const Patient& patient) {
    const auto file = erased_log_file(patient.options.place);
    if (!file) {
        return {};
    }
    const auto log = keeping::ErasedLog::read(*file);
    if (log) {
        return {{Verdict::ok, "erased.log", file->string(),
                 "Keep a copy of it elsewhere than the backups."}};
    }
    const bool is_missing = log.error().kind == ErrorKind::missing;
    return {
        {is_missing ? Verdict::look : Verdict::wrong, "erased.log", log.error().message,
         is_missing ? "The server makes it when it starts." : "Take the last good copy of it."}};
}

/// What was given up or is tried again, and how many addresses take no mail: neither names anybody.
[[nodiscard]] Result<Findings> mail_in(Transaction& transaction) {
    Findings all;
    TRY(const auto collectives, people::collectives(transaction));
    std::vector<std::string> scopes = {std::string(mail::server_scope)};
    for (const auth::Collective& collective : collectives) {
        scopes.push_back(collective.id.text());
    }
    for (const std::string& scope : scopes) {
        TRY(const auto troubles, jobs::troubles(transaction, scope));
        for (const jobs::Trouble& trouble : troubles) {
            all.push_back({trouble.given_up ? Verdict::wrong : Verdict::look, "due work",
                           trouble.words, "Mend the cause; what is tried again needs no more."});
        }
    }
    TRY(const auto paused, mail::paused_addresses(transaction));
    if (!paused.empty()) {
        all.push_back({Verdict::look, "mail",
                       text::count_of(static_cast<std::int64_t>(paused.size()),
                                      "address refuses mail", "addresses refuse mail"),
                       "Stewards read at /c/SLUG/mail whom to ask."});
    }
    if (all.empty()) {
        all.push_back({Verdict::ok, "mail", "nothing that was due was given up",
                       "Whether a mail server is named, stewards read at /c/SLUG/mail."});
    }
    return all;
}

[[nodiscard]] Findings check_mail(const Patient& patient) {
    if (!patient.store) {
        return {};
    }
    const auto found = (*patient.store)->read(mail_in);
    return found ? *found : Findings{{Verdict::wrong, "mail", found.error().message, ""}};
}

[[nodiscard]] Findings check_origin(const Patient& patient) {
    if (patient.options.origin.empty()) {
        return {};
    }
    return look_at_origin(patient.options.origin, patient.now);
}

constexpr std::array checks = {check_folder, check_database, check_space,      check_clock,
                               check_zones,  check_backup,   check_erased_log, check_stewards,
                               check_mail,   check_origin};

[[nodiscard]] Result<std::unique_ptr<store::Store>> opened(const Place& place) {
    TRY(const std::string url, found_store_url(place));
    return store::Store::open({.url = url, .as_it_is = true}, migrations());
}

} // namespace

Result<std::vector<Finding>> all_findings(const DoctorOptions& options, Moment now) {
    TRY(fs::path folder, data_folder(options.place));
    std::string url = options.place.store;
    if (url.empty()) {
        url = "sqlite:" + (folder / "allotment.sqlite").string();
    } else if (const auto file = sqlite_file(url)) {
        folder = file->has_parent_path() ? file->parent_path() : fs::path(".");
    }
    const Patient patient{options, now, std::move(folder), std::move(url), opened(options.place)};
    std::vector<Finding> all;
    for (const auto& check : checks) {
        const Findings some = check(patient);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace allot::app
