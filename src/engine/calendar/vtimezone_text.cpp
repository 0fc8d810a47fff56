#include "engine/calendar/vtimezone_text.hpp"

#include "engine/calendar/ical_lines.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/wall_time.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::year;
using std::chrono::year_month_day;

/// Changes are looked at so long after the last moment that is asked for. 28 years hold each date
/// on each weekday, if none of them is a 1900 or 2100; of twice as many, one half does.
constexpr days years_of_proof(56 * 366);

/// A moment at which the clock is set, and the offsets before and after it.
struct ClockChange {
    Instant at;
    seconds before, after;
    bool daylight = false;

    /// What the clock shows when it is set: the onset of an observance (section 3.6.5).
    [[nodiscard]] local_seconds onset() const {
        return local_seconds(at.time_since_epoch() + before);
    }
    [[nodiscard]] year_month_day day() const { return year_month_day(floor<days>(onset())); }
};

using Changes = std::vector<ClockChange>;

/// Those in (`from`, `until`), and before them the one that brought the offset at `from`, if it
/// was less than about a year ago.
Changes changes_seen(const Zone& zone, Instant from, Instant until) {
    Changes out;
    Period period = zone.period_at(from - days(370));
    while (period.until < until) {
        const Period next = zone.period_at(period.until);
        if (next.offset != period.offset) {
            if (!out.empty() && period.until <= from) {
                out.clear();
            }
            out.push_back({.at = period.until,
                           .before = period.offset,
                           .after = next.offset,
                           .daylight = next.offset > period.offset});
        }
        period = next;
    }
    if (!out.empty()) {
        out.back().daylight = false; // where it is the first of its group: for good
    }
    return out;
}

/// One day a year, or none in some: a weekday in a month, the nth or the one among some days.
struct YearlyDay {
    std::chrono::month month;
    std::chrono::weekday weekday;
    int nth = 0; ///< as in BYDAY; 0: the one in [first, last]
    unsigned first = 1, last = 31;

    [[nodiscard]] bool has(year_month_day day) const {
        const auto n = static_cast<unsigned>(day.day());
        if (day.month() != month || std::chrono::weekday(local_days(day)) != weekday) {
            return false;
        }
        if (nth < 0) {
            return year_month_day(local_days(day) + std::chrono::weeks(1)).month() != month;
        }
        return nth > 0 ? static_cast<int>(n + 6) / 7 == nth : first <= n && n <= last;
    }

    [[nodiscard]] std::optional<local_days> in(year y) const {
        const local_days begin(y / month / 1);
        const days to_first = weekday - std::chrono::weekday(begin);
        for (auto day = begin + to_first; year_month_day(day).month() == month; day += days(7)) {
            if (has(year_month_day(day))) {
                return day;
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] Rule rule() const {
        Rule out{.frequency = Frequency::yearly};
        out.months = {static_cast<int>(static_cast<unsigned>(month))};
        out.weekdays = {{.day = weekday, .nth = nth}};
        for (unsigned n = first; nth == 0 && n <= last; ++n) {
            out.month_days.push_back(static_cast<int>(n));
        }
        return out;
    }
};

/// Whether `day` gives exactly the days of `changes`, all of one time of day, from the first of
/// them to `until`.
bool gives_exactly(const YearlyDay& day, std::span<const ClockChange> changes, Instant until) {
    const ClockChange& first = changes.front();
    const local_days first_day(first.day());
    const seconds time = first.onset() - first_day;
    std::size_t met = 0;
    for (year y = first.day().year();; ++y) {
        const auto on = day.in(y);
        const local_days of_year = on ? *on : local_days(y / 12 / 31);
        if (Instant((of_year + time).time_since_epoch() - first.before) >= until) {
            return met == changes.size();
        }
        if (on && *on >= first_day) {
            if (met == changes.size() || local_days(changes[met].day()) != *on) {
                return false;
            }
            ++met;
        }
    }
}

/// The yearly day of `changes`, which are in one month and on one weekday, if there is one.
std::optional<YearlyDay> yearly_day(std::span<const ClockChange> changes, Instant until) {
    const year_month_day one = changes.front().day();
    const auto number = [](const ClockChange& c) { return static_cast<unsigned>(c.day().day()); };
    const auto [least, most] = std::ranges::minmax(changes, {}, number);
    YearlyDay day{.month = one.month(), .weekday = std::chrono::weekday(local_days(one))};
    for (const int nth : {static_cast<int>(number(least) + 6) / 7, -1, 0}) {
        day.nth = nth;
        day.first = number(least);
        day.last = number(most);
        if (day.last - day.first < 7 && gives_exactly(day, changes, until)) {
            return day;
        }
    }
    return std::nullopt;
}

/// Whether both would be given by one rule, if there is one.
bool are_alike(const ClockChange& a, const ClockChange& b) {
    const auto key = [](const ClockChange& c) {
        const local_days day(c.day());
        return std::tuple(c.before, c.after, c.onset() - day, c.day().month(),
                          std::chrono::weekday(day).c_encoding());
    };
    return key(a) == key(b);
}

bool have_one_name(const ClockChange& a, const ClockChange& b) {
    return a.before == b.before && a.after == b.after;
}

/// In groups, by first appearance.
std::vector<Changes> grouped(std::span<const ClockChange> changes,
                             bool (*together)(const ClockChange&, const ClockChange&)) {
    std::vector<Changes> out;
    for (const ClockChange& change : changes) {
        const auto group = std::ranges::find_if(
            out, [&](const Changes& g) { return together(g.front(), change); });
        (group == out.end() ? out.emplace_back() : *group).push_back(change);
    }
    return out;
}

/// A STANDARD or DAYLIGHT: one change of the clock and how it comes again.
struct Observance {
    bool daylight = false;
    seconds before{0}, after{0};
    local_seconds onset;
    std::optional<Rule> rule;
    std::vector<local_seconds> more; ///< RDATE

    explicit Observance(std::span<const ClockChange> changes)
        : daylight(changes.front().daylight), before(changes.front().before),
          after(changes.front().after), onset(changes.front().onset()) {}
};

/// The rules of `changes` from the first to `until`, one for each of its groups; nothing where a
/// group has none.
std::optional<std::vector<Observance>> by_rules(std::span<const ClockChange> changes,
                                                Instant until) {
    std::vector<Observance> out;
    for (const Changes& group : grouped(changes, are_alike)) {
        const auto day = yearly_day(group, until);
        if (!day) {
            return std::nullopt;
        }
        out.emplace_back(group).rule = day->rule();
    }
    return out;
}

std::vector<Observance> by_dates(std::span<const ClockChange> changes) {
    std::vector<Observance> out;
    for (const Changes& group : grouped(changes, have_one_name)) {
        Observance& added = out.emplace_back(group);
        for (const ClockChange& change : std::span(group).subspan(1)) {
            added.more.push_back(change.onset());
        }
    }
    return out;
}

/// What holds at `from` where no change is near that brought it.
Observance unchanged(const Zone& zone, Instant from) {
    const Instant long_ago = std::min(Instant(), from - days(2));
    const seconds offset = zone.offset_at(from);
    const ClockChange none{
        .at = Instant(floor<days>(long_ago)) - offset, .before = offset, .after = offset};
    return Observance(std::span(&none, 1));
}

std::vector<Observance> observances(const Zone& zone, Instant from, Instant to) {
    const Instant until = to + years_of_proof;
    const Changes seen = changes_seen(zone, from, until);
    const auto asked = static_cast<std::size_t>(
        std::ranges::lower_bound(seen, to, {}, &ClockChange::at) - seen.begin());
    std::size_t listed = 0;
    std::optional<std::vector<Observance>> rules;
    while (!(rules = by_rules(std::span(seen).subspan(listed), until)) && listed < asked) {
        ++listed;
    }
    auto out = by_dates(std::span(seen).first(listed));
    if (rules) {
        out.insert(out.end(), rules->begin(), rules->end());
    }
    if (seen.empty() || seen.front().at > from) {
        out.insert(out.begin(), unchanged(zone, from));
    }
    return out;
}

/// Section 3.3.14.
std::string format_offset(seconds offset) {
    const std::chrono::hh_mm_ss t(abs(offset));
    auto text = fmt::format("{}{:02}{:02}", offset < seconds(0) ? '-' : '+', t.hours().count(),
                            t.minutes().count());
    return t.seconds().count() == 0 ? text : fmt::format("{}{:02}", text, t.seconds().count());
}

void append(std::string& out, const Observance& o) {
    const auto name = o.daylight ? "DAYLIGHT" : "STANDARD";
    append_line(out, fmt::format("BEGIN:{}", name));
    append_line(out, "DTSTART:" + format_basic({.time = o.onset}));
    if (o.rule) {
        append_line(out, "RRULE:" + format_rule(*o.rule));
    }
    std::string dates;
    for (const local_seconds onset : o.more) {
        dates += (dates.empty() ? "RDATE:" : ",") + format_basic({.time = onset});
    }
    if (!dates.empty()) {
        append_line(out, dates);
    }
    append_line(out, "TZOFFSETFROM:" + format_offset(o.before));
    append_line(out, "TZOFFSETTO:" + format_offset(o.after));
    append_line(out, fmt::format("END:{}", name));
}

} // namespace

std::string format_vtimezone(const Zone& zone, Instant from, Instant to) {
    ALLOT_CHECK(from <= to, "a zone is described forward in time");
    std::string out = "BEGIN:VTIMEZONE\r\n";
    append_line(out, "TZID:" + zone.name());
    for (const Observance& observance : observances(zone, from, to)) {
        append(out, observance);
    }
    out += "END:VTIMEZONE\r\n";
    return out;
}

std::string format_vtimezone(const Zone& zone, Instant from) {
    return format_vtimezone(zone, from, from + days(5 * 366));
}

} // namespace allot::calendar
