#include "app/calendar_command.hpp"

#include "app/files.hpp"
#include "app/zone_source.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/calendar/ical.hpp"
#include "engine/calendar/reanchor.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace allot::app {

namespace {

using calendar::Event;
using calendar::EventStatus;
using calendar::format_basic;
using calendar::TimeForm;
using calendar::Zone;
using std::chrono::local_days;
using std::chrono::local_seconds;

constexpr std::size_t most_title_bytes = 500;

Error in_file(const std::string& file, const Error& error) {
    return {error.kind, fmt::format("{}: {}", file, error.message)};
}

Result<calendar::Calendar> read_calendar_file(const std::string& file) {
    TRY(const auto bytes, read_file(file));
    auto read = calendar::read_calendar(bytes.view(), find_zone);
    if (!read) {
        return std::unexpected(in_file(file, read.error()));
    }
    return *std::move(read);
}

Result<Zone> zone_option(const std::string& name) {
    auto zone = read_zone(name);
    if (!zone) {
        return fail(ErrorKind::invalid,
                    fmt::format("--zone {}: {}", text::shown(name), zone.error().message));
    }
    return *std::move(zone);
}

/// A bound of the window, on the clock of `zone` unless it ends with Z.
Result<Instant> bound_option(std::string_view option, const std::string& written,
                             const Zone& zone) {
    const auto bound = calendar::parse_wall_time(written);
    if (!bound) {
        return fail(ErrorKind::invalid, fmt::format("{}: {}", option, bound.error().message));
    }
    return bound->form == TimeForm::utc ? Instant(bound->time.time_since_epoch())
                                        : zone.to_utc(bound->time);
}

/// The clock of an event; that of whoever looks where it has none.
const Zone& clock_of(const Event& event, const Zone& here) {
    return event.zone ? *event.zone : here;
}

bool ends(const Event& event) {
    return !event.series.rule || event.series.rule->count || event.series.rule->until;
}

/// When the first meeting of all begins, if none was moved before the start of its series.
Instant first_begin(const calendar::Calendar& calendar, const Zone& here) {
    Instant first = Instant::max();
    for (const Event& event : calendar.events) {
        const Zone& zone = clock_of(event, here);
        first = std::min(first, zone.to_utc(event.series.start.time));
        for (const auto& change : event.series.overrides) {
            first = std::min(first, zone.to_utc(change.start));
        }
    }
    return first;
}

/// The same time of the same day a year later; of 29 February the 28th.
Instant year_after(Instant t, const Zone& zone) {
    const local_seconds local = zone.to_local(t);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    auto date = std::chrono::year_month_day(day) + std::chrono::years(1);
    if (!date.ok()) {
        date = date.year() / date.month() / std::chrono::last;
    }
    return zone.to_utc(local_days(date) + (local - day));
}

struct Window {
    Instant from, to;
};

Result<Window> window_of(const CalendarListOptions& options, const calendar::Calendar& calendar,
                         const Zone& zone) {
    constexpr Instant first = std::chrono::sys_days(std::chrono::year(1) / 1 / 2);
    constexpr Instant last = std::chrono::sys_days(std::chrono::year(9999) / 12 / 30);
    Window window{.from = first, .to = last};
    if (options.from) {
        TRY(window.from, bound_option("--from", *options.from, zone));
    }
    if (options.to) {
        TRY(window.to, bound_option("--to", *options.to, zone));
    } else if (!std::ranges::all_of(calendar.events, ends)) {
        window.from = options.from ? window.from : first_begin(calendar, zone);
        window.to = std::min(last, year_after(window.from, zone));
    }
    return window;
}

/// One line of the list.
struct Listed {
    Instant begin;
    std::size_t event = 0;
    calendar::Instance instance;
};

/// A series that is not listed.
struct LeftOut {
    std::size_t line = 0; ///< of its event
    std::string why;
};

struct List {
    std::vector<Listed> meetings;
    std::vector<LeftOut> left_out;
};

/// What cannot be followed is left out, unless nothing or too little would remain.
Result<void> leave_out(std::vector<LeftOut>& left_out, LeftOut series, std::size_t events) {
    left_out.push_back(std::move(series));
    if (left_out.size() == events || left_out.size() > limits::max_series_left_out) {
        return fail(ErrorKind::invalid, fmt::format("the event in line {}: {}",
                                                    left_out.front().line, left_out.front().why));
    }
    return {};
}

Result<List> list_of(const calendar::Calendar& calendar, const Window& window, const Zone& here) {
    List list;
    auto& all = list.meetings;
    for (std::size_t i = 0; i < calendar.events.size(); ++i) {
        const Event& event = calendar.events[i];
        auto instances =
            calendar::instances(event.series, clock_of(event, here), window.from, window.to);
        if (!instances) {
            TRY_DO(leave_out(list.left_out, {.line = event.line, .why = instances.error().message},
                             calendar.events.size()));
            continue;
        }
        for (const auto& instance : *instances) {
            all.push_back({.begin = instance.begin, .event = i, .instance = instance});
        }
        if (all.size() > limits::max_instances) {
            return fail(ErrorKind::invalid,
                        fmt::format("more meetings than limit max_instances = {}: ask for a "
                                    "shorter time",
                                    limits::max_instances));
        }
    }
    std::ranges::sort(all, {}, [](const Listed& meeting) {
        return std::tuple(meeting.begin, meeting.event, meeting.instance.original);
    });
    return list;
}

std::string title_of(const Event& event, const calendar::Instance& instance) {
    const auto changed = instance.changed_by ? event.texts[*instance.changed_by].title
                                             : std::optional<std::string>();
    const std::string title(text::trim(changed ? *changed : event.title));
    return title.empty() ? "(no title)" : text::shown(title, most_title_bytes);
}

std::string line_of(const Event& event, const calendar::Instance& instance, const Zone& here) {
    const bool whole_days = event.series.start.form == TimeForm::date;
    const bool cancelled = instance.cancelled || event.status == EventStatus::cancelled;
    const auto utc = local_seconds(instance.begin.time_since_epoch());
    return fmt::format(
        "{}\t{}\t{}{}\n", format_basic({.time = utc, .form = TimeForm::utc}),
        format_basic({.time = whole_days ? instance.start : here.to_local(instance.begin),
                      .form = whole_days ? TimeForm::date : TimeForm::local}),
        cancelled ? "[cancelled] " : "", title_of(event, instance));
}

} // namespace

Result<Outcome> run_calendar_check(const CalendarCheckOptions& options) {
    TRY(const auto read, read_calendar_file(options.file));
    Outcome outcome;
    for (const calendar::Finding& finding : read.findings.kept()) {
        const auto place = finding.line == 0 ? "" : fmt::format(":{}", finding.line);
        outcome.words += fmt::format("{}{}: {}\n  clients: {}\n  mend: {}\n", options.file, place,
                                     finding.what, finding.clients, finding.mend);
    }
    if (read.findings.count() > read.findings.kept().size()) {
        outcome.words +=
            fmt::format("and {} more\n", read.findings.count() - read.findings.kept().size());
    }
    const auto count = [](std::size_t n, const char* one, const char* more) {
        return text::count_of(static_cast<std::int64_t>(n), one, more);
    };
    const bool clean = read.findings.count() == 0;
    outcome.words += fmt::format("{}, {}\n", count(read.events.size(), "event", "events"),
                                 clean ? "nothing to mend"
                                       : count(read.findings.count(), "finding", "findings"));
    outcome.code = clean ? ExitCode::done : ExitCode::failed;
    return outcome;
}

Result<Outcome> run_calendar_list(const CalendarListOptions& options) {
    Zone zone = Zone::utc();
    if (options.zone) {
        TRY(zone, zone_option(*options.zone));
    }
    TRY(const auto read, read_calendar_file(options.file));
    TRY(const Window window, window_of(options, read, zone));
    const auto list = list_of(read, window, zone);
    if (!list) {
        return std::unexpected(in_file(options.file, list.error()));
    }
    Outcome outcome;
    for (const Listed& meeting : list->meetings) {
        outcome.words += line_of(read.events[meeting.event], meeting.instance, zone);
    }
    for (const LeftOut& series : list->left_out) {
        outcome.notes +=
            fmt::format("{}:{}: left out: {}\n", options.file, series.line, series.why);
        outcome.code = ExitCode::failed;
    }
    return outcome;
}

Result<Outcome> run_calendar_reanchor(const CalendarReanchorOptions& options) {
    TRY(const Zone zone, zone_option(options.zone));
    if (options.out) {
        TRY_DO(check_output_file(*options.out));
        TRY_DO(check_not_input(options.file, *options.out));
    }
    TRY(const auto bytes, read_file(options.file));
    auto reanchored = calendar::reanchor(bytes.view(), zone, find_zone);
    if (!reanchored) {
        return std::unexpected(in_file(options.file, reanchored.error()));
    }
    std::string said = fmt::format("{} anchored to {}\n",
                                   text::count_of(static_cast<std::int64_t>(reanchored->changed),
                                                  "series is now", "series are now"),
                                   zone.name());
    for (const auto& left : reanchored->left) {
        said += fmt::format("{}:{}: left in UTC: {}\n", options.file, left.line, left.why);
    }
    Outcome outcome;
    if (options.out) {
        TRY_DO(replace_file(*options.out, reanchored->text));
        outcome.words = std::move(said);
    } else {
        outcome.words = std::move(reanchored->text);
        outcome.notes = std::move(said);
    }
    return outcome;
}

} // namespace allot::app
