/// The one place of limits. Everything that grows with input has one; each error names its limit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace allot::limits {

/// Largest score of a pair; one micro unit is 1e-6 of a score.
inline constexpr double max_score = 1e9;
/// Largest number of asks or of helpers in one instance.
inline constexpr std::int64_t max_side = 50'000'000;
/// Largest demand or capacity of one ask or helper.
inline constexpr std::int64_t max_places = 1'000'000'000;
/// Largest text file that is read whole.
inline constexpr std::size_t max_text_bytes = std::size_t{8} << 30U;
/// Largest field of a CSV file.
inline constexpr std::size_t max_field_bytes = std::size_t{1} << 20U;
/// Longest id of an ask, an offer or a person.
inline constexpr std::size_t max_id_bytes = 200;
/// Errors that are shown of one file; the rest are counted.
inline constexpr std::size_t max_errors_shown = 20;
/// Largest compiled zone file (the largest of tzdata 2026 has under 4 KB).
inline constexpr std::size_t max_tzif_bytes = std::size_t{1} << 20U;
/// Weekly windows of one person.
inline constexpr std::size_t max_windows = 200;

/// Periods that a recurrence rule may look at without finding a time, and how many more each found
/// time allows. No rule of calendar days needs so many until the year 9999.
inline constexpr std::int64_t max_rule_steps = 500'000;
inline constexpr std::int64_t rule_steps_a_time = 100;
/// Longest recurrence rule as text. One that lists every day of a year has 1,500 bytes.
inline constexpr std::size_t max_rule_bytes = 10'000;
/// Longest text about when a gathering comes again.
inline constexpr std::size_t max_spoken_bytes = 1000;
/// Instances of a series that are told at once.
inline constexpr std::size_t max_instances = 1'000'000;

/// Largest iCalendar file, and what it may hold: components in it, and inside each other.
inline constexpr std::size_t max_calendar_bytes = std::size_t{64} << 20U;
inline constexpr std::size_t max_calendar_components = 500'000;
inline constexpr std::size_t max_calendar_depth = 16;
/// Findings about a calendar that are kept; the rest are counted.
inline constexpr std::size_t max_calendar_findings = 1'000;
/// Series of one calendar that a list leaves out because they cannot be followed.
inline constexpr std::size_t max_series_left_out = 100;
/// Changes of the clock that the rules of one VTIMEZONE may give.
inline constexpr std::size_t max_zone_changes = 5'000;
/// Names of zones in one calendar.
inline constexpr std::size_t max_calendar_zones = 1'000;

/// What a process keeps of bodies that it made for many requests, such as calendars: bytes, and how
/// many of them.
inline constexpr std::size_t max_kept_bytes = std::size_t{64} << 20U;
inline constexpr std::size_t max_kept_bodies = 10'000;

/// Headers of one request.
inline constexpr std::size_t max_headers = 100;
/// Fields of one form or query; the longest name, and the longest value that is no file.
inline constexpr std::size_t max_form_fields = 1'000;
inline constexpr std::size_t max_form_name_bytes = 200;
inline constexpr std::size_t max_form_value_bytes = std::size_t{1} << 20U;
/// Files of one form, and the longest name of one.
inline constexpr std::size_t max_uploads = 20;
inline constexpr std::size_t max_filename_bytes = 255;
/// Body of a request where nobody has said how much it may be.
inline constexpr std::size_t max_body_bytes = std::size_t{1} << 20U;
/// Server-sent events that a reader has not taken.
inline constexpr std::size_t max_event_bytes = std::size_t{256} << 10U;

/// Rows of one answer of the database, and how often a change is tried before the server says that
/// it is busy.
inline constexpr std::size_t max_rows = 100'000;
inline constexpr int max_write_tries = 12;
/// Rows of a table that are read at once where all of them are wanted.
inline constexpr std::size_t rows_of_a_page = 1'000;

/// An archive of a collective or of a server: the list in front, one table, and how many tables.
inline constexpr std::size_t max_manifest_bytes = std::size_t{1} << 20U;
inline constexpr std::size_t max_archive_table_bytes = std::size_t{2} << 30U;
inline constexpr std::size_t max_archive_tables = 500;

} // namespace allot::limits
