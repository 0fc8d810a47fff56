/// Series out of a calendar that exists: what of it can be kept here, and what cannot, in words.
#pragma once

#include "collective/gatherings/series.hpp"
#include "engine/calendar/ical.hpp"
#include "platform/pages/call.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::gatherings {

/// Largest calendar that a form or an address may bring, in bytes.
inline constexpr std::size_t most_import_bytes = std::size_t{512} << 10U;
/// Changes of single meetings that are kept of one series; the rest is told.
inline constexpr std::size_t most_changes = 500;
/// Meetings of one calendar that are looked at.
inline constexpr std::size_t most_imported = 200;
/// A file that is older than this may be about meetings that are over.
inline constexpr std::chrono::days old_after{365};

/// Something that a host is told, as a key of the catalogue and what it is filled with.
struct ImportRemark {
    std::string_view words;
    std::vector<std::pair<std::string, std::string>> given;
};

/// One meeting of a calendar, as a series of ours.
struct ImportedSeries {
    std::string uid; ///< of the calendar; empty where it has none
    std::string title;
    std::string about;
    std::string where;           ///< a link, or a place
    std::vector<Rhythm> rhythms; ///< in the order of time; none: it cannot be kept, `told` says why
    std::vector<Gathering> gatherings; ///< by original
    std::vector<ImportRemark> told;
    std::optional<std::chrono::sys_days> ended; ///< the last day of one that is over
    bool was_utc = false;                       ///< its hours were those of UTC
    std::size_t line = 0;                       ///< of the file
};

struct ReadCalendar {
    std::vector<ImportedSeries> series; ///< by line
    calendar::Findings findings;
    std::optional<std::chrono::sys_days> written; ///< the newest day that the file names as such
};

struct ImportOptions {
    std::string zone; ///< on whose clock meetings of UTC, and those without a clock, are kept
    bool keep_utc = false;
    bool whole = false; ///< from its beginning on; else from `now` on, ended ones begun again
    Instant now;
};

/// Reads a calendar file. Meetings at an hour of UTC are anchored anew (`calendar::reanchor`)
/// unless `keep_utc`; those without a clock, or on one that only the file knows, keep their hours
/// on the wall. Exclusions become cancelled gatherings, changes and extra dates gatherings of their
/// own. Errors: no calendar; a limit; a zone that this machine does not know.
[[nodiscard]] Result<ReadCalendar> series_in(std::string_view text, const pages::Zones& zones,
                                             const ImportOptions& options);

/// A rule of weeks or months that leaves its day to the start, with that day in it: the same times,
/// and words that say them.
[[nodiscard]] calendar::Rule with_its_day(calendar::Rule rule, Wall start);

/// How `engine/calendar` finds zones: those of this machine, by IANA name or by that of Windows.
[[nodiscard]] calendar::ZoneLookup zone_lookup(const pages::Zones& zones);

} // namespace allot::gatherings
