#include "app/doctor_checks.hpp"

#include "app/environment.hpp"
#include "app/keeping/erased_log.hpp"
#include "app/keeping/staging.hpp"
#include "app/origin_check.hpp"
#include "app/rooms.hpp"
#include "app/zone_source.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "collective/gatherings/lost_zones.hpp"
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

constexpr Statement find_noted = "SELECT value FROM keeping WHERE name = $1";
constexpr std::int64_t gibibyte = std::int64_t{1} << 30;
constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

/// What the checks share.
struct Patient {
    Place place;
    Moment now;
    fs::path folder; ///< of the data
    std::string url;
    store::Store* store = nullptr; ///< null: the database could not be opened
    std::string trouble;           ///< why
    std::string origin;            ///< empty: is not looked at
    /// Who asks from a page of the server; nothing: whoever sits at the machine, and sees all.
    const auth::Collective* collective = nullptr;
    std::optional<bool> sends_mail; ///< nothing: a server does not say it here
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
    if (patient.store == nullptr) {
        return {{Verdict::wrong, "database", patient.trouble,
                 "See docs/operations.md, \"When something is broken\"."}};
    }
    if (const auto answers = patient.store->ping(); !answers) {
        return {{Verdict::wrong, "database", answers.error().message,
                 "Look at the disk and at the log of the server, then start it again."}};
    }
    Findings findings;
    const bool from_page = patient.collective != nullptr;
    if (const auto file = sqlite_file(patient.url); file && !from_page) {
        if (const auto sound = store::check_sqlite(file->string()); !sound) {
            return {{Verdict::wrong, "database", sound.error().message,
                     "Stop the server, move the database away, and restore the last backup."}};
        }
    }
    findings.push_back(
        {Verdict::ok, "database",
         fmt::format("{}, {}", patient.store->engine(),
                     from_page ? "answers and takes changes" : "whole, of this program"),
         ""});
    if (!from_page) {
        findings.push_back({Verdict::ok, "sorting", "by bytes, as it must be", ""});
    }
    if (const auto whole = keeping::check_not_moving(*patient.store); !whole) {
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

/// "2027-01-14 03:00 UTC", as people read it.
[[nodiscard]] std::string minute_of(Moment moment) {
    constexpr std::size_t date = 10;
    constexpr std::size_t minutes = 5;
    const std::string whole = format_instant(std::chrono::floor<std::chrono::seconds>(moment));
    return whole.substr(0, date) + " " + whole.substr(date + 1, minutes) + " UTC";
}

// -- The machine ---------------------------------------------------------------------------------

/// The program cannot have been built after now, and a database not be written in the future.
[[nodiscard]] Findings check_clock(const Patient& patient) {
    constexpr auto first_release = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    const std::string shown = minute_of(patient.now);
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

/// Those about which the patient may be told.
[[nodiscard]] Result<std::vector<auth::Collective>> collectives_of(Transaction& transaction,
                                                                   const Patient& patient) {
    if (patient.collective != nullptr) {
        return std::vector{*patient.collective};
    }
    return people::collectives(transaction);
}

/// After a move to a machine with less zones: what goes by such a clock is passed over.
[[nodiscard]] Result<Findings> lost_zones_in(Transaction& transaction, const Patient& patient) {
    const ZoneFolder zones;
    Findings all;
    TRY(const auto collectives, collectives_of(transaction, patient));
    for (const auth::Collective& collective : collectives) {
        TRY(const auto lost, gatherings::lost_zones(transaction, collective.id, zones));
        for (const gatherings::LostZone& zone : lost) {
            all.push_back({Verdict::look, fmt::format("time zones of {}", collective.slug),
                           fmt::format("{} is a clock of {} there, and not known to this machine",
                                       zone.name, zone.whose),
                           "Bring them up to date: apt install tzdata; or choose "
                           "another zone on the page."});
        }
    }
    return all;
}

[[nodiscard]] Findings check_lost_zones(const Patient& patient) {
    if (patient.store == nullptr) {
        return {};
    }
    const auto found = patient.store->read(
        [&](Transaction& transaction) { return lost_zones_in(transaction, patient); });
    return found ? *found : Findings{{Verdict::wrong, "time zones", found.error().message, ""}};
}

// -- What is kept, and by whom -------------------------------------------------------------------

[[nodiscard]] Finding stewards_of(const auth::Collective& collective, std::size_t stewards) {
    const std::string about = "stewards of " + collective.slug;
    if (stewards > 1) {
        return {Verdict::ok, about, "more than one", ""};
    }
    return {Verdict::look, about,
            stewards == 0 ? "there is none" : "only one person could restore this collective",
            "Ask somebody to be the second, on the page of that person; and tell both where the "
            "backups are."};
}

[[nodiscard]] Findings check_stewards(const Patient& patient) {
    if (patient.store == nullptr) {
        return {};
    }
    const auto found = patient.store->read([&](Transaction& transaction) -> Result<Findings> {
        Findings findings;
        TRY(const auto all, collectives_of(transaction, patient));
        for (const auth::Collective& collective : all) {
            TRY(const auto keepers, people::stewards(transaction, collective.id));
            findings.push_back(stewards_of(collective, keepers.size()));
        }
        return findings;
    });
    return found ? *found : Findings{{Verdict::wrong, "stewards", found.error().message, ""}};
}

/// The time of the last backup, and the file; empty where none was noted.
struct LastBackup {
    std::string made;
    std::string file;
};

[[nodiscard]] Result<LastBackup> last_backup(Transaction& transaction) {
    TRY(const auto made, transaction.row(find_noted, {"last_backup"}));
    TRY(const auto file, transaction.row(find_noted, {"last_backup_file"}));
    return LastBackup{made ? made->text(0) : "", file ? file->text(0) : ""};
}

[[nodiscard]] Findings check_backup(const Patient& patient) {
    if (patient.store == nullptr) {
        return {};
    }
    const std::string what = "Run: allotment backup --to DIR, each night (docs/operations.md).";
    const auto noted = patient.store->read(last_backup);
    if (!noted || noted->made.empty()) {
        return {{Verdict::look, "last backup", "there is none yet", what}};
    }
    const auto at = parse_instant(noted->made);
    constexpr std::chrono::days soon(2);
    constexpr std::chrono::days late(14);
    const std::string found = fmt::format("of {}{}{}", at ? minute_of(*at) : noted->made,
                                          noted->file.empty() ? "" : ", written to ", noted->file);
    if (!at || patient.now - *at > late) {
        return {{Verdict::wrong, "last backup", found, what}};
    }
    if (patient.now - *at > soon) {
        return {{Verdict::look, "last backup", found, what}};
    }
    return {{Verdict::ok, "last backup", found,
             "Take it to another machine; allotment restore makes a server of it."}};
}

[[nodiscard]] Findings check_erased_log(const Patient& patient) {
    const auto file = erased_log_file(patient.place);
    if (!file) {
        return {};
    }
    const auto log = keeping::ErasedLog::read(*file);
    if (log) {
        return {{Verdict::ok, "who was erased", file->string(),
                 "Keep a copy of it elsewhere than the backups."}};
    }
    const bool is_missing = log.error().kind == ErrorKind::missing;
    return {
        {is_missing ? Verdict::look : Verdict::wrong, "who was erased", log.error().message,
         is_missing ? "The server makes it when it starts." : "Take the last good copy of it."}};
}

[[nodiscard]] Result<void> add_troubles(Transaction& transaction, const std::string& scope,
                                        Findings& all) {
    TRY(const auto troubles, jobs::troubles(transaction, scope));
    for (const jobs::Trouble& trouble : troubles) {
        all.push_back({trouble.given_up ? Verdict::wrong : Verdict::look, "due work", trouble.words,
                       "Mend the cause; what is tried again needs no more."});
    }
    return {};
}

/// At night mail waits by itself; what waits for longer than a day does not.
[[nodiscard]] Result<bool> waits_too_long(Transaction& transaction, const std::string& scope,
                                          Moment now) {
    TRY(const auto oldest, mail::oldest_waiting(transaction, scope));
    return oldest && now - *oldest > std::chrono::days(1);
}

void add_server_of_mail(const Patient& patient, bool waits, Findings& all) {
    if (patient.sends_mail == false) {
        all.push_back({Verdict::look, "mail", "no mail server is named, so nothing is sent",
                       "Name one with --mail (docs/server.md); until then pass links on by hand."});
    } else if (waits) {
        all.push_back({Verdict::look, "mail", "some has waited for more than a day",
                       "Look whether the mail server answers, and whether one is named."});
    }
}

/// What was given up or is tried again, what waits, and whether addresses take no mail: neither
/// names anybody.
[[nodiscard]] Result<Findings> mail_in(Transaction& transaction, const Patient& patient) {
    Findings all;
    TRY(const auto collectives, collectives_of(transaction, patient));
    std::vector<std::string> scopes = {std::string(mail::server_scope)};
    for (const auth::Collective& collective : collectives) {
        scopes.push_back(collective.id.text());
    }
    bool waits = false;
    for (const std::string& scope : scopes) {
        TRY_DO(add_troubles(transaction, scope, all));
        TRY(const bool too_long, waits_too_long(transaction, scope, patient.now));
        waits = waits || too_long;
    }
    add_server_of_mail(patient, waits, all);
    TRY(const auto paused, mail::paused_addresses(transaction));
    if (!paused.empty()) {
        all.push_back({Verdict::look, "mail", "there is an address that refuses mail",
                       "Stewards read at /c/SLUG/mail whom to ask."});
    }
    if (all.empty()) {
        all.push_back({Verdict::ok, "mail", "nothing that was due was given up",
                       "Whether a mail server is named, stewards read at /c/SLUG/mail."});
    }
    return all;
}

[[nodiscard]] Findings check_mail(const Patient& patient) {
    if (patient.store == nullptr) {
        return {};
    }
    const auto found = patient.store->read(
        [&](Transaction& transaction) { return mail_in(transaction, patient); });
    return found ? *found : Findings{{Verdict::wrong, "mail", found.error().message, ""}};
}

[[nodiscard]] Findings check_origin(const Patient& patient) {
    if (patient.origin.empty()) {
        return {};
    }
    return look_at_origin(patient.origin, from_environment("SSL_CERT_FILE"), patient.now);
}

constexpr std::array checks = {check_folder,   check_database,   check_space,  check_clock,
                               check_zones,    check_lost_zones, check_backup, check_erased_log,
                               check_stewards, check_mail,       check_origin};

[[nodiscard]] Findings findings_about(const Patient& patient) {
    Findings all;
    for (const auto& check : checks) {
        const Findings some = check(patient);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

/// Without a store yet. Errors: a place that cannot be understood.
[[nodiscard]] Result<Patient> patient_at(const Place& place, Moment now) {
    TRY(fs::path folder, data_folder(place));
    std::string url = place.store;
    if (url.empty()) {
        url = "sqlite:" + (folder / "allotment.sqlite").string();
    } else if (const auto file = sqlite_file(url)) {
        folder = file->has_parent_path() ? file->parent_path() : fs::path(".");
    }
    Patient patient;
    patient.place = place;
    patient.now = now;
    patient.folder = std::move(folder);
    patient.url = std::move(url);
    return patient;
}

[[nodiscard]] Result<std::unique_ptr<store::Store>> opened(const Place& place) {
    TRY(const std::string url, found_store_url(place));
    return store::Store::open({.url = url, .as_it_is = true}, migrations());
}

} // namespace

Result<std::vector<Finding>> all_findings(const DoctorOptions& options, Moment now) {
    TRY(Patient patient, patient_at(options.place, now));
    const auto store = opened(options.place);
    if (store) {
        patient.store = store->get();
    } else {
        patient.trouble = store.error().message;
    }
    patient.origin = options.origin;
    return findings_about(patient);
}

Result<std::vector<Finding>> findings_within(const OwnServer& server,
                                             const auth::Collective& collective, Moment now) {
    TRY(Patient patient, patient_at(server.place, now));
    patient.store = &server.store;
    patient.collective = &collective;
    patient.sends_mail = server.sends_mail;
    return findings_about(patient);
}

} // namespace allot::app
