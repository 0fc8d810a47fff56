#include "engine/calendar/weekly.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::weekday;

constexpr minutes day_length = hours(24);

/// In the order of `weekday::c_encoding`.
constexpr std::array<std::string_view, 7> day_names{"sunday",   "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 7> short_names{"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};

/// One part between two `|`, for messages: which, and how it was written.
struct Part {
    std::size_t number = 0; ///< from 1
    std::string_view text;

    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
        return fail(ErrorKind::invalid,
                    fmt::format(R"(window {} ("{}"): {}, as in "Mon 18:00-20:00")", number,
                                text::shown(text), what));
    }
};

/// `s` with every en dash (U+2013) as a hyphen.
std::string with_hyphens(std::string_view s) {
    constexpr std::string_view en_dash = "\xE2\x80\x93";
    std::string out;
    for (std::size_t at = s.find(en_dash); at != std::string_view::npos; at = s.find(en_dash)) {
        out.append(s.substr(0, at)).push_back('-');
        s.remove_prefix(at + en_dash.size());
    }
    return out.append(s);
}

std::optional<weekday> day_of(std::string_view word) {
    const std::string lowered = text::lower_ascii(word);
    for (unsigned i = 0; i < day_names.size(); ++i) {
        if (lowered == day_names.at(i) || lowered == day_names.at(i).substr(0, 3)) {
            return weekday(i);
        }
    }
    return std::nullopt;
}

Result<weekday> parse_day(const Part& part, std::string_view word) {
    if (const auto day = day_of(text::trim(word))) {
        return *day;
    }
    return part.wrong(fmt::format("\"{}\" is not a day, expected Mon, Tue, Wed, Thu, Fri, Sat, "
                                  "Sun or a full English name",
                                  text::shown(text::trim(word))));
}

/// `Mon`, `Mon,Wed`, `Mon-Fri` or lists of these.
Result<std::vector<weekday>> parse_days(const Part& part, std::string_view s) {
    std::vector<weekday> out;
    while (true) {
        const std::size_t comma = s.find(',');
        const std::string_view item = s.substr(0, comma);
        const std::size_t hyphen = item.find('-');
        TRY(const weekday first, parse_day(part, item.substr(0, hyphen)));
        weekday last = first;
        if (hyphen != std::string_view::npos) {
            TRY(last, parse_day(part, item.substr(hyphen + 1)));
        }
        for (days i{0}; i <= last - first; ++i) {
            out.push_back(first + i);
        }
        if (out.size() > limits::max_windows) {
            return part.wrong(fmt::format("more days than limit max_windows = {}, expected a day",
                                          limits::max_windows));
        }
        if (comma == std::string_view::npos) {
            return out;
        }
        s.remove_prefix(comma + 1);
    }
}

/// The one or two digits that are all of `s`.
std::optional<int> digits(std::string_view s) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (s.empty() || s.size() > 2 || !std::ranges::all_of(s, is_digit)) {
        return std::nullopt;
    }
    return s.size() == 1 ? s[0] - '0' : (s[0] - '0') * 10 + (s[1] - '0');
}

/// `9`, `09`, `9:30`, `09:30`; up to `most`.
Result<minutes> parse_time(const Part& part, std::string_view s, minutes most) {
    s = text::trim(s);
    const std::size_t colon = s.find(':');
    const auto h = digits(s.substr(0, colon));
    std::optional<int> m = 0;
    if (colon != std::string_view::npos) {
        m = s.size() - colon == 3 ? digits(s.substr(colon + 1)) : std::nullopt;
    }
    if (!h || !m || *m > 59 || hours(*h) + minutes(*m) > most) {
        return part.wrong(fmt::format("\"{}\" is not a time, expected 0:00 to {} (24 hours)",
                                      text::shown(s), most < day_length ? "23:59" : "24:00"));
    }
    return hours(*h) + minutes(*m);
}

/// Appends the windows of one part, such as `Mon-Fri 9-11`.
Result<void> parse_part(const Part& part, std::vector<Window>& out) {
    const std::string plain = with_hyphens(part.text);
    const std::string_view all = plain;
    const std::size_t first_digit = all.find_first_of("0123456789");
    if (first_digit == std::string_view::npos) {
        return part.wrong("no times, expected a day and two times");
    }
    const std::string_view before = all.substr(0, first_digit);
    const std::string_view day_text = text::trim(before);
    if (day_text.empty()) {
        return part.wrong("no day, expected a day before the times");
    }
    if (day_text.size() == before.size()) {
        return part.wrong(fmt::format("\"{}\" touches the time, expected a day, a space and two "
                                      "times",
                                      text::shown(day_text)));
    }
    TRY(const auto on_days, parse_days(part, day_text));
    const std::string_view times = all.substr(first_digit);
    const std::size_t hyphen = times.find('-');
    if (hyphen == std::string_view::npos) {
        return part.wrong("only one time, expected two with a hyphen between them");
    }
    TRY(const minutes begin, parse_time(part, times.substr(0, hyphen), day_length - minutes(1)));
    TRY(minutes end, parse_time(part, times.substr(hyphen + 1), day_length));
    if (end <= begin) {
        end += day_length;
    }
    for (const weekday day : on_days) {
        out.push_back({.day = day, .begin = begin, .end = end});
    }
    return {};
}

std::string clock_face(minutes m) {
    return fmt::format("{:02}:{:02}", m / hours(1), (m % hours(1)).count());
}

/// The stretch of `window` that begins on `date`; empty where a jump of the clock swallows it.
Stretch on_date(const Window& window, local_days date, const Zone& zone) {
    return {.begin = zone.to_utc(date + window.begin), .end = zone.to_utc(date + window.end)};
}

/// Joins what overlaps or touches in a sorted list.
std::vector<Stretch> merged(const std::vector<Stretch>& sorted) {
    std::vector<Stretch> out;
    for (const Stretch& s : sorted) {
        if (!out.empty() && s.begin <= out.back().end) {
            out.back().end = std::max(out.back().end, s.end);
        } else {
            out.push_back(s);
        }
    }
    return out;
}

} // namespace

Result<Weekly> parse_weekly(std::string_view s) {
    Weekly weekly;
    std::size_t number = 0;
    while (true) {
        const std::size_t bar = s.find('|');
        ++number;
        if (const auto written = text::trim(s.substr(0, bar)); !written.empty()) {
            TRY_DO(parse_part({.number = number, .text = written}, weekly.windows));
        }
        if (weekly.windows.size() > limits::max_windows) {
            return fail(ErrorKind::invalid,
                        fmt::format("more weekly windows than limit max_windows = {}",
                                    limits::max_windows));
        }
        if (bar == std::string_view::npos) {
            break;
        }
        s.remove_prefix(bar + 1);
    }
    if (weekly.windows.empty()) {
        return fail(ErrorKind::invalid, "no weekly window, expected such as \"Mon 18:00-20:00\"");
    }
    return weekly;
}

std::string format_weekly(const Weekly& weekly) {
    std::string out;
    for (const Window& w : weekly.windows) {
        const minutes end = w.end > day_length ? w.end - day_length : w.end;
        out += fmt::format("{}{} {}-{}", out.empty() ? "" : "|", short_names.at(w.day.c_encoding()),
                           clock_face(w.begin), clock_face(end));
    }
    return out;
}

Week iso_week_of(Instant t) {
    const auto day = std::chrono::floor<days>(t);
    return {.monday = day - (weekday(day) - std::chrono::Monday)};
}

std::vector<Stretch> stretches(const Weekly& weekly, const Zone& zone, const Week& week) {
    const Instant from = week.begin() - week_margin;
    const Instant to = week.end() + week_margin;
    // A window of at most two dates is, in UTC, within 26 hours of them.
    constexpr days reach{4};
    const local_days first{week.monday.time_since_epoch() - week_margin - reach};
    const local_days last{week.monday.time_since_epoch() + days(7) + week_margin + reach};
    std::vector<Stretch> out;
    for (local_days date = first; date <= last; date += days(1)) {
        for (const Window& window : weekly.windows) {
            if (window.day != weekday(date)) {
                continue;
            }
            Stretch s = on_date(window, date, zone);
            s = {.begin = std::max(s.begin, from), .end = std::min(s.end, to)};
            if (s.begin < s.end) {
                out.push_back(s);
            }
        }
    }
    std::ranges::sort(out, {}, &Stretch::begin);
    return merged(out);
}

std::vector<Stretch> shared(std::span<const Stretch> a, std::span<const Stretch> b,
                            minutes at_least, const Week& week) {
    std::vector<Stretch> out;
    while (!a.empty() && !b.empty()) {
        Stretch both{.begin = std::max(a.front().begin, b.front().begin),
                     .end = std::min(a.front().end, b.front().end)};
        if (both.begin < week.begin() && both.end >= week.end()) {
            both.begin = week.begin();
        }
        const bool in_week = both.begin >= week.begin() && both.begin < week.end();
        if (in_week && both.end - both.begin >= at_least && both.begin < both.end) {
            out.push_back(both);
        }
        auto& ends_first = a.front().end < b.front().end ? a : b;
        ends_first = ends_first.subspan(1);
    }
    return out;
}

} // namespace allot::calendar
