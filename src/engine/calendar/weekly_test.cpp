#include "base/limits.hpp"
#include "engine/calendar/weekly.hpp"
#include "engine/calendar/zone_files.hpp"

#include <cstdint>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::minutes;
using testing::at;

namespace {

Weekly weekly(std::string_view text) {
    auto parsed = parse_weekly(text);
    ALLOT_CHECK(parsed, parsed.error().message.c_str());
    return *std::move(parsed);
}

std::string again(std::string_view text) {
    return format_weekly(weekly(text));
}

std::vector<Stretch> open_in(const char* text, const Zone& zone, const char* moment) {
    return stretches(weekly(text), zone, iso_week_of(at(moment)));
}

Stretch stretch(const char* begin, const char* end) {
    return {.begin = at(begin), .end = at(end)};
}

/// The stretches that begin inside the week.
std::vector<Stretch> within(std::vector<Stretch> all, const Week& week) {
    std::erase_if(
        all, [&](const Stretch& s) { return s.begin < week.begin() || s.begin >= week.end(); });
    return all;
}

/// Whether the wall clock at `t` is in a window, read off the clock alone.
bool on_the_wall(const Weekly& windows, const Zone& zone, Instant t) {
    const auto local = zone.to_local(t);
    const auto today = std::chrono::floor<std::chrono::days>(local);
    const auto now = local - today;
    return std::ranges::any_of(windows.windows, [&](const Window& w) {
        const bool begun_today =
            w.day == std::chrono::weekday(today) && w.begin <= now && now < w.end;
        const bool begun_yesterday =
            w.day == std::chrono::weekday(today - std::chrono::days(1)) && now + 24h < w.end;
        return begun_today || begun_yesterday;
    });
}

/// Whether the clock of `zone` is changed so near to `t` that the time shown is doubled or follows
/// a gap: there a window is where to_utc puts it, which no look at the clock tells.
bool near_a_change(const Zone& zone, Instant t) {
    constexpr auto longest_jump = 24h; // Pacific/Apia and Kwajalein skipped a day
    const auto here = zone.offset_at(t);
    const auto jump = [&](Instant other) { return std::chrono::abs(zone.offset_at(other) - here); };
    for (auto away = 0h; away <= longest_jump; away += 1h) {
        if (std::max(jump(t - away), jump(t + away)) >=
            std::max<std::chrono::seconds>(away - 1h, 1s)) {
            return true;
        }
    }
    return false;
}

Weekly some_weekly() {
    Weekly out;
    const auto count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
        const auto begin = minutes(*rc::gen::inRange(0, 1440));
        const auto length = minutes(*rc::gen::inRange(1, 1441));
        out.windows.push_back({.day = std::chrono::weekday(*rc::gen::inRange(0U, 7U)),
                               .begin = begin,
                               .end = begin + length});
    }
    return out;
}

Week some_week() {
    return iso_week_of(at("1973-01-01") + std::chrono::weeks(*rc::gen::inRange(0, 52 * 127)));
}

} // namespace

TEST_CASE("windows are read as people write them") {
    CHECK(again("Mon 18:00-20:00|Sat 09:30-11:00") == "Mon 18:00-20:00|Sat 09:30-11:00");
    CHECK(again("  monday 9-11 | SATURDAY 9:30 - 11:00 |") == "Mon 09:00-11:00|Sat 09:30-11:00");
    CHECK(again("Mon,Wed 09:00-10:00") == "Mon 09:00-10:00|Wed 09:00-10:00");
    CHECK(again("Mon-Wed, Fri 9-10") ==
          "Mon 09:00-10:00|Tue 09:00-10:00|Wed 09:00-10:00|Fri 09:00-10:00");
    CHECK(again("Sat-Mon 9-10") == "Sat 09:00-10:00|Sun 09:00-10:00|Mon 09:00-10:00");
    CHECK(again("Mon \u2013 Tue 9\u201310") == "Mon 09:00-10:00|Tue 09:00-10:00");
    CHECK(again("Sun\u00a00-24:00") == "Sun 00:00-24:00");
}

TEST_CASE("an end at or before its begin is on the next day") {
    const auto fri = std::chrono::Friday;
    CHECK(weekly("Fri 22:00-01:00").windows == std::vector<Window>{{fri, 22h, 25h}});
    CHECK(weekly("Fri 22:00-24:00").windows == std::vector<Window>{{fri, 22h, 24h}});
    CHECK(weekly("Fri 22:00-0:00").windows == std::vector<Window>{{fri, 22h, 24h}});
    CHECK(weekly("Fri 09:00-09:00").windows == std::vector<Window>{{fri, 9h, 33h}});
    CHECK(weekly("Fri 0-24").windows == std::vector<Window>{{fri, 0h, 24h}});
}

TEST_CASE("what is written reads back as it was") {
    CHECK(rc::check("format_weekly, then parse_weekly", [] {
        const Weekly w = some_weekly();
        RC_ASSERT(weekly(format_weekly(w)) == w);
    }));
}

TEST_CASE("an error says which window, what was found, what is expected") {
    const auto message = [](std::string_view s) { return parse_weekly(s).error().message; };
    CHECK(message("Mon 9-11|Mo 18:00-20:00") ==
          "window 2 (\"Mo 18:00-20:00\"): \"Mo\" is not a day, expected Mon, Tue, Wed, Thu, Fri, "
          "Sat, Sun or a full English name, as in \"Mon 18:00-20:00\"");
    CHECK(message("Mon 18:60-20:00") ==
          "window 1 (\"Mon 18:60-20:00\"): \"18:60\" is not a time, expected 0:00 to 23:59 "
          "(24 hours), as in \"Mon 18:00-20:00\"");
    CHECK(message("Mon 18-25").contains("\"25\" is not a time, expected 0:00 to 24:00"));
    CHECK(message(" | ") == "no weekly window, expected such as \"Mon 18:00-20:00\"");
}

TEST_CASE("what is not a list of windows is refused") {
    for (const char* s : {"",
                          "|",
                          "Mon",
                          "Mon 9",
                          "9-11",
                          "Mon9-11",
                          "Mon 9-",
                          "Mon -9",
                          "Mon 9-10-11",
                          "Mon 9am-11am",
                          "Mon 9.30-11",
                          "Mon 24:00-1:00",
                          "Mon 9-24:01",
                          "Mon 009-11",
                          "Mon 9:5-11",
                          "Mon 9:-11",
                          "Mon 9:300-11",
                          "Mon- 9-11",
                          "-Mon 9-11",
                          "Mon, 9-11",
                          ",Mon 9-11",
                          "Mon Tue 9-11",
                          "Mon: 9-11",
                          "Mon 9-11, 14-16",
                          "Mon 9-11; Tue 9-11",
                          "Mo 9-11",
                          "Mond 9-11",
                          "Mon-Fri-Sun 9-11",
                          "Mon 9\u201411",
                          "Lundi 9-11",
                          "Mon \u0669-11",
                          "Mon 9 11",
                          "Mon +9-11"}) {
        CAPTURE(s);
        CHECK_FALSE(parse_weekly(s));
    }
}

TEST_CASE("as many windows as the limit are read, one more is refused") {
    std::string text = "Mon 9-10";
    for (std::size_t i = 1; i < limits::max_windows; ++i) {
        text += "|Mon 9-10";
    }
    CHECK(parse_weekly(text));
    CHECK(parse_weekly(text + "|Mon 9-10").error().message.contains("max_windows = 200"));
    std::string days = "Mon-Sun";
    for (int i = 0; i < 1000; ++i) {
        days += ",Mon-Sun";
    }
    CHECK(parse_weekly(days + " 9-10").error().message.contains("max_windows = 200"));
}

TEST_CASE("a week begins on Monday, 00:00 UTC") {
    // ISO 8601: 2026-W01 begins on 29 December 2025.
    CHECK(iso_week_of(at("2026-01-01")).begin() == at("2025-12-29"));
    CHECK(iso_week_of(at("2025-12-29")).begin() == at("2025-12-29"));
    CHECK(iso_week_of(at("2025-12-28T23:59:59Z")).begin() == at("2025-12-22"));
    CHECK(iso_week_of(at("1969-12-31")).begin() == at("1969-12-29"));
    CHECK(iso_week_of(at("2026-01-01")).end() == at("2026-01-05"));
}

TEST_CASE("what touches or overlaps is one stretch") {
    const auto open = open_in("Mon 9-11|Mon 11-12|Tue 9-11|Tue 10-10:30|Wed 20-24|Thu 0-2",
                              Zone::utc(), "2026-07-06");
    CHECK(within(open, iso_week_of(at("2026-07-06"))) ==
          std::vector{stretch("2026-07-06T09:00Z", "2026-07-06T12:00Z"),
                      stretch("2026-07-07T09:00Z", "2026-07-07T11:00Z"),
                      stretch("2026-07-08T20:00Z", "2026-07-09T02:00Z")});
}

TEST_CASE("what is seen around a week reaches two days, also far from Greenwich") {
    // Friday 22:00 at -12 h is Saturday 10:00 UTC; Wednesday 00:00 at +14 h is Tuesday 10:00 UTC.
    CHECK(open_in("Thu 23:00-22:00", testing::zone("Etc/GMT+12"), "2026-07-06") ==
          std::vector{stretch("2026-07-04T00:00Z", "2026-07-04T10:00Z"),
                      stretch("2026-07-10T11:00Z", "2026-07-11T10:00Z")});
    CHECK(open_in("Wed 0-24", testing::zone("Etc/GMT-14"), "2026-07-06") ==
          std::vector{stretch("2026-07-07T10:00Z", "2026-07-08T10:00Z"),
                      stretch("2026-07-14T10:00Z", "2026-07-15T00:00Z")});
}

TEST_CASE("a change of the clock moves no window") {
    const Zone paris = testing::zone("Europe/Paris");
    const auto first = [&](const char* text, const char* moment) {
        return within(open_in(text, paris, moment), iso_week_of(at(moment))).at(0);
    };
    CHECK(first("Mon 18-20", "2026-03-23") == stretch("2026-03-23T17:00Z", "2026-03-23T19:00Z"));
    CHECK(first("Mon 18-20", "2026-03-30") == stretch("2026-03-30T16:00Z", "2026-03-30T18:00Z"));
    // The nights of the change, 2026-03-29 and 2026-10-25: an hour less, an hour more.
    CHECK(first("Sat 22:00-04:00", "2026-03-28") ==
          stretch("2026-03-28T21:00Z", "2026-03-29T02:00Z"));
    CHECK(first("Sat 22:00-04:00", "2026-10-24") ==
          stretch("2026-10-24T20:00Z", "2026-10-25T03:00Z"));
    // 02:00 to 03:00 does not occur.
    CHECK(within(open_in("Sun 2-3", paris, "2026-03-29"), iso_week_of(at("2026-03-29"))).empty());
    // It occurs twice: from the first 02:00 to the only 03:00.
    CHECK(first("Sun 2-3", "2026-10-25") == stretch("2026-10-25T00:00Z", "2026-10-25T02:00Z"));
}

TEST_CASE("windows are open when the clock on the wall is in them, in any zone and week") {
    const auto names = testing::zone_names();
    CHECK(rc::check("stretches against a clock, minute by minute", [&] {
        const Zone zone = testing::zone(*rc::gen::elementOf(names));
        const Weekly windows = some_weekly();
        const Week week = some_week();
        const auto open = stretches(windows, zone, week);
        const auto seen_to = week.end() + week_margin;
        auto next = open.begin();
        for (Instant t = week.begin() - week_margin; t < seen_to; t += 1min) {
            while (next != open.end() && next->end <= t) {
                ++next;
            }
            const bool is_open = next != open.end() && next->begin <= t;
            if (is_open != on_the_wall(windows, zone, t)) {
                RC_ASSERT(near_a_change(zone, t));
            }
        }
    }));
}

TEST_CASE("stretches are sorted and apart, and what is shared is the same from both sides") {
    CHECK(rc::check("stretches and shared", [] {
        const Week week = some_week();
        const auto a = stretches(some_weekly(), testing::zone("Asia/Kolkata"), week);
        const auto b = stretches(some_weekly(), testing::zone("America/St_Johns"), week);
        for (std::size_t i = 1; i < a.size(); ++i) {
            RC_ASSERT(a[i - 1].end < a[i].begin);
        }
        const auto at_least = minutes(*rc::gen::inRange(1, 121));
        const auto both = shared(a, b, at_least, week);
        RC_ASSERT(both == shared(b, a, at_least, week));
        for (const Stretch& s : both) {
            const auto holds = [&](const Stretch& outer) {
                return outer.begin <= s.begin && s.end <= outer.end;
            };
            RC_ASSERT(s.end - s.begin >= at_least);
            RC_ASSERT(s.begin >= week.begin() && s.begin < week.end());
            RC_ASSERT(std::ranges::any_of(a, holds) && std::ranges::any_of(b, holds));
        }
    }));
}

TEST_CASE("over all weeks no shared stretch is lost or counted twice") {
    CHECK(rc::check("weeks against one long look", [] {
        const Weekly mine = some_weekly();
        const Weekly yours = some_weekly();
        const Zone paris = testing::zone("Europe/Paris");
        const Zone apia = testing::zone("Pacific/Apia");
        const Week first = some_week();
        // How often each minute of the middle week is in a shared stretch of any week.
        std::vector<int> covered(std::size_t{7} * 24 * 60);
        for (int i = 0; i < 3; ++i) {
            const Week week{first.monday + std::chrono::weeks(i)};
            for (const Stretch& s :
                 shared(stretches(mine, paris, week), stretches(yours, apia, week), 1min, week)) {
                for (Instant t = s.begin; t < s.end; t += 1min) {
                    const auto minute = (t - first.end()) / 1min;
                    if (minute >= 0 && minute < std::ssize(covered)) {
                        ++covered[static_cast<std::size_t>(minute)];
                    }
                }
            }
        }
        const Week middle{first.monday + std::chrono::weeks(1)};
        const auto in = [](const std::vector<Stretch>& all, Instant t) {
            return std::ranges::any_of(all,
                                       [&](const Stretch& s) { return s.begin <= t && t < s.end; });
        };
        const auto a = stretches(mine, paris, middle);
        const auto b = stretches(yours, apia, middle);
        for (std::size_t i = 0; i < covered.size(); ++i) {
            const Instant t = middle.begin() + minutes(static_cast<std::int64_t>(i));
            RC_ASSERT(covered[i] == (in(a, t) && in(b, t) ? 1 : 0));
        }
    }));
}

TEST_CASE("a stretch across the week's edge belongs to the week in which it begins") {
    const Week week = iso_week_of(at("2026-07-06"));
    const Week next{week.monday + std::chrono::weeks(1)};
    const Weekly late = weekly("Sun 23:00-01:00");
    const Stretch across = stretch("2026-07-12T23:00Z", "2026-07-13T01:00Z");
    const auto of = [&](const Week& w) {
        const auto open = stretches(late, Zone::utc(), w);
        return shared(open, open, 2h, w);
    };
    CHECK(of(week) == std::vector{across});
    CHECK(of(next) == std::vector{Stretch{across.begin + std::chrono::weeks(1),
                                          across.end + std::chrono::weeks(1)}});
    const auto open = stretches(late, Zone::utc(), week);
    CHECK(shared(open, open, 121min, week).empty());
}

TEST_CASE("those who are always free share every week") {
    const Week week = iso_week_of(at("2026-07-06"));
    const auto open = stretches(weekly("Mon-Sun 0-24"), testing::zone("Asia/Tokyo"), week);
    CHECK(shared(open, open, 60min, week) ==
          std::vector{Stretch{week.begin(), week.end() + week_margin}});
}
