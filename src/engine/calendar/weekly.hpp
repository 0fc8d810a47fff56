/// Weekly windows on the wall clock ("Mon 18:00-20:00"), and what they are in one concrete week.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "engine/calendar/zone.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// Some hours on one weekday. `begin` and `end` are minutes after midnight of that day,
/// 0 <= begin < 1440 and begin < end <= begin + 1440; an `end` beyond 1440 is on the next day.
struct Window {
    std::chrono::weekday day;
    std::chrono::minutes begin{0};
    std::chrono::minutes end{0};

    friend bool operator==(const Window&, const Window&) = default;
};

/// When somebody is usually free, in the order in which they said it; windows may overlap.
struct Weekly {
    std::vector<Window> windows;

    friend bool operator==(const Weekly&, const Weekly&) = default;
};

/// Reads windows that are joined by `|`: `Mon 18:00-20:00|Sat 09:30-11:00`.
/// Days: Mon to Sun or their full English names, any case; lists `Mon,Wed` and ranges `Mon-Fri`
/// (`Sat-Mon` goes on over Sunday). Times: 24 hours, `9` is `09:00`, `24:00` only as an end; an
/// end at or before its begin is on the next day (`Fri 22:00-01:00`). Hyphens may be en dashes.
/// Each day of a list or range becomes a window of its own.
/// Errors: anything else, no window at all, more than `limits::max_windows`.
[[nodiscard]] Result<Weekly> parse_weekly(std::string_view s);

/// `Mon 18:00-20:00|Sat 09:30-11:00`; `parse_weekly` reads it back as it was.
[[nodiscard]] std::string format_weekly(const Weekly& weekly);

/// From `begin` to before `end`, begin < end.
struct Stretch {
    Instant begin, end;

    friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// A week of ISO 8601, in UTC: from Monday 00:00 to before the next Monday 00:00.
struct Week {
    std::chrono::sys_days monday;

    [[nodiscard]] Instant begin() const { return monday; }
    [[nodiscard]] Instant end() const { return monday + std::chrono::weeks(1); }

    friend bool operator==(const Week&, const Week&) = default;
};

/// The week that holds `t`.
[[nodiscard]] Week iso_week_of(Instant t);

/// What is seen around a week, so that a stretch that begins in it is seen to its end.
inline constexpr std::chrono::days week_margin{2};

/// When the windows are open in and around `week`: sorted, apart from each other (what overlaps
/// or touches is one), cut to `week_margin` before and after the week.
/// Each begin and end is the wall clock on its own date, as `Zone::to_utc` reads it: a change of
/// the clock moves no window, though one that holds the change is longer or shorter, one that
/// ends where the clock jumps to is empty and left out, and one wholly inside a jump comes after
/// it (RFC 5545, section 3.3.5). O(windows log windows).
[[nodiscard]] std::vector<Stretch> stretches(const Weekly& weekly, const Zone& zone,
                                             const Week& week);

/// What two lists have in common: the intersections that last at least `at_least` (1 minute to
/// `week_margin`) and begin inside the week. So one across the week's edge belongs to the week in
/// which it begins: over all weeks, none is lost or counted twice. Only an intersection that goes
/// on through the whole week is in each such week, cut at its Monday: those who are always free
/// would meet in no week otherwise.
/// Both lists are as `stretches` returns them. O(a + b).
[[nodiscard]] std::vector<Stretch> shared(std::span<const Stretch> a, std::span<const Stretch> b,
                                          std::chrono::minutes at_least, const Week& week);

} // namespace allot::calendar
