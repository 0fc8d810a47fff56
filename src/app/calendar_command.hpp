/// `allotment calendar`: iCalendar files, looked into, listed and mended.
#pragma once

#include "app/exit_code.hpp"

#include <optional>
#include <string>

namespace allot::app {

struct CalendarCheckOptions {
    std::string file;
};

struct CalendarListOptions {
    std::string file;
    std::optional<std::string> from; ///< only meetings that begin then or later
    std::optional<std::string> to;   ///< only those that begin before
    std::optional<std::string> zone; ///< whose clock the local times are on; UTC
};

struct CalendarReanchorOptions {
    std::string file;
    std::string zone;
    std::optional<std::string> out; ///< stdout
};

/// What is wrong with a calendar, what clients will do with it, and how to mend it: three lines a
/// finding, in the order of the file. `done` if there is none, `failed` if there is.
/// Errors: a file that cannot be read or is no calendar.
[[nodiscard]] Result<Outcome> run_calendar_check(const CalendarCheckOptions& options);

/// One line a meeting, by the moment at which it begins: UTC, local time, title, apart by tabs; one
/// that was cancelled has "[cancelled] " before its title, one of whole days has a date as its
/// local time.
/// Without --to: all where no series goes on for ever, else a year from --from, or from the first
/// meeting. Without --from: from the first meeting.
/// A series that is too complex, or has too many meetings, is left out and told in the notes; then
/// `failed`.
/// Errors: as above, a time or zone that cannot be read; all series would be left out, or more than
/// `limits::max_series_left_out`; more than `limits::max_instances` in all.
[[nodiscard]] Result<Outcome> run_calendar_list(const CalendarListOptions& options);

/// The calendar with the meetings at an hour of UTC anchored to the zone (`calendar::reanchor`), in
/// a file or on stdout; how many there were, and which were left, is said on the other.
/// Errors: as above; a file that cannot be written.
[[nodiscard]] Result<Outcome> run_calendar_reanchor(const CalendarReanchorOptions& options);

} // namespace allot::app
