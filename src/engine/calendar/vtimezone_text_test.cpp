#include "engine/calendar/ical_lines.hpp"
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/vtimezone_text.hpp"
#include "engine/calendar/written_lines.hpp"
#include "engine/calendar/zone_files.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using testing::at;
using testing::read_written;
using testing::Written;

namespace {

seconds offset_of(const std::string& text) {
    const auto two = [&](std::size_t i) {
        return i < text.size() ? std::stoi(text.substr(i, 2)) : 0;
    };
    const seconds size(two(1) * 3600 + two(3) * 60 + two(5));
    return text[0] == '-' ? -size : size;
}

/// What a client makes of a VTIMEZONE: the onsets of all observances until `to`, and their offsets.
struct ReadZone {
    std::map<Instant, seconds> onsets;
    seconds first{0};

    [[nodiscard]] seconds offset_at(Instant t) const {
        const auto next = onsets.upper_bound(t);
        return next == onsets.begin() ? first : std::prev(next)->second;
    }
};

void add_onsets(ReadZone& zone, const Written& observance, Instant to) {
    const auto start = parse_wall_time(observance.value("DTSTART"));
    REQUIRE(start);
    std::vector<local_seconds> onsets{start->time};
    for (const std::string& date : observance.list("RDATE")) {
        onsets.push_back(parse_wall_time(date)->time);
    }
    if (observance.has("RRULE")) {
        const auto rule = parse_rule(observance.value("RRULE"));
        REQUIRE(rule);
        auto times = Recurrence::make(*rule, *start);
        REQUIRE(times);
        auto next = times->next();
        // Clients count DTSTART even where the rule does not give it.
        REQUIRE(**next == start->time);
        while (*next && **next < local_seconds(to.time_since_epoch()) + 48h) {
            onsets.push_back(**next);
            next = times->next();
        }
    }
    const seconds before = offset_of(observance.value("TZOFFSETFROM"));
    for (const local_seconds onset : onsets) {
        const Instant moment(onset.time_since_epoch() - before);
        if (zone.onsets.empty() || moment < zone.onsets.begin()->first) {
            zone.first = before;
        }
        const auto added = zone.onsets.emplace(moment, offset_of(observance.value("TZOFFSETTO")));
        REQUIRE((added.second || onset == start->time));
    }
}

ReadZone read_zone(const std::string& text, const std::string& name, Instant to) {
    const Written read = read_written(text);
    REQUIRE(read.name == "VTIMEZONE");
    REQUIRE(read.value("TZID") == name);
    ReadZone zone;
    for (const Written& observance : read.parts) {
        add_onsets(zone, observance, to);
    }
    return zone;
}

/// Empty, or where text and zone differ in [from, to): looked at around each change of either, and
/// every ten days.
std::string difference(const Zone& zone, const ReadZone& read, Instant from, Instant to) {
    std::set<Instant> moments;
    for (Instant t = from; t < to; t += days(10)) {
        moments.insert(t);
    }
    for (Period p = zone.period_at(from); p.until < to; p = zone.period_at(p.until)) {
        moments.insert({p.until - 1s, p.until, p.until + 1s});
    }
    for (const auto& [t, offset] : read.onsets) {
        moments.insert({t - 1s, t, t + 1s});
    }
    for (const Instant t : moments) {
        if (t >= from && t < to && zone.offset_at(t) != read.offset_at(t)) {
            return zone.name() + " at " + format_instant(t);
        }
    }
    return "";
}

bool is_fixed(const Zone& zone, Instant from) {
    return !format_vtimezone(zone, from).contains("DAYLIGHT");
}

} // namespace

TEST_CASE("a VTIMEZONE tells the offsets of its zone for five years, for every zone") {
    std::size_t texts = 0, listed = 0;
    std::pair<std::size_t, std::string> largest, largest_listed;
    for (const char* const begin : {"2026-01-01", "2026-07-29", "2021-03-30", "2027-10-31"}) {
        const Instant from = at(begin);
        const Instant to = from + days(5 * 366);
        for (const std::string& name : testing::zone_names()) {
            const Zone zone = testing::zone(name);
            const std::string text = format_vtimezone(zone, from);
            REQUIRE(difference(zone, read_zone(text, name, to), from, to) == "");
            const bool has_dates = text.contains("RDATE");
            auto& most = has_dates ? largest_listed : largest;
            most = std::max(most, {text.size(), name + " from " + begin});
            listed += has_dates ? 1 : 0;
            ++texts;
        }
    }
    MESSAGE(texts << " texts; the largest: " << largest.first << " bytes, " << largest.second
                  << "; " << listed << " with dates of their own, the largest: "
                  << largest_listed.first << " bytes, " << largest_listed.second);
    CHECK(largest.first <= 600);
}

TEST_CASE("where rules hold they hold for good") {
    for (const std::string& name : testing::zone_names()) {
        const Zone zone = testing::zone(name);
        const std::string text = format_vtimezone(zone, at("2026-01-01"));
        if (!text.contains("RDATE")) {
            const Instant to = at("2095-01-01");
            REQUIRE(difference(zone, read_zone(text, name, to), at("2026-01-01"), to) == "");
        }
    }
}

TEST_CASE("a VTIMEZONE tells past years as well") {
    for (const std::string& name : testing::zone_names()) {
        const Zone zone = testing::zone(name);
        const Instant from = at("1985-06-01"), to = at("2031-01-01");
        const std::string text = format_vtimezone(zone, from, to);
        REQUIRE(difference(zone, read_zone(text, name, to), from, to) == "");
    }
}

TEST_CASE("a zone of one offset is one STANDARD") {
    CHECK(format_vtimezone(testing::zone("Asia/Kolkata"), at("2026-01-01")) ==
          "BEGIN:VTIMEZONE\r\n"
          "TZID:Asia/Kolkata\r\n"
          "BEGIN:STANDARD\r\n"
          "DTSTART:19700101T000000\r\n"
          "TZOFFSETFROM:+0530\r\n"
          "TZOFFSETTO:+0530\r\n"
          "END:STANDARD\r\n"
          "END:VTIMEZONE\r\n");
    CHECK(is_fixed(Zone::utc(), at("2026-01-01")));
}

TEST_CASE("a zone with a rule is one STANDARD and one DAYLIGHT, half hours included") {
    CHECK(format_vtimezone(testing::zone("Australia/Lord_Howe"), at("2026-01-01")) ==
          "BEGIN:VTIMEZONE\r\n"
          "TZID:Australia/Lord_Howe\r\n"
          "BEGIN:DAYLIGHT\r\n"
          "DTSTART:20251005T020000\r\n"
          "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=10\r\n"
          "TZOFFSETFROM:+1030\r\n"
          "TZOFFSETTO:+1100\r\n"
          "END:DAYLIGHT\r\n"
          "BEGIN:STANDARD\r\n"
          "DTSTART:20260405T020000\r\n"
          "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\r\n"
          "TZOFFSETFROM:+1100\r\n"
          "TZOFFSETTO:+1030\r\n"
          "END:STANDARD\r\n"
          "END:VTIMEZONE\r\n");
}

TEST_CASE("a change the day after the last Thursday is written so that every client can read it") {
    const std::string text = format_vtimezone(testing::zone("Africa/Cairo"), at("2026-01-01"));
    CHECK(text.contains("RRULE:FREQ=YEARLY;BYDAY=-1FR;BYMONTH=4\r\n"));
    CHECK(text.contains("RRULE:FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=26,27,28,29,30,31;BYMONTH=10\r\n"));
    CHECK(text.contains("DTSTART:20301101T000000\r\n"
                        "RRULE:FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=1;BYMONTH=11\r\n"));
}

TEST_CASE("lines are folded at 75 octets and never within a character") {
    std::string line = "SUMMARY:";
    for (int i = 0; i < 60; ++i) {
        line += i % 3 == 0 ? "\xF0\x9F\x93\x85" : i % 3 == 1 ? "\xC3\xA9" : "x";
        std::string folded;
        append_line(folded, line);
        std::string joined;
        for (std::size_t begin = 0; begin < folded.size();) {
            const std::size_t end = folded.find("\r\n", begin);
            REQUIRE(end - begin <= 75);
            const std::string part = folded.substr(begin, end - begin);
            const bool first = begin == 0;
            REQUIRE((first || part[0] == ' '));
            REQUIRE((static_cast<unsigned char>(part[first ? 0 : 1]) & 0xC0U) != 0x80U);
            joined += part.substr(first ? 0 : 1);
            begin = end + 2;
        }
        REQUIRE(joined == line);
    }
    std::string no_utf8;
    append_line(no_utf8, std::string(200, '\x80'));
    CHECK(no_utf8.size() == 200 + 3 * 2 + 2);
}

TEST_CASE("TEXT escapes what separates, and holds no control characters") {
    CHECK(escape_text("a,b;c\\n\r\nd\re\nf\tg\x01") == "a\\,b\\;c\\\\n\\nd\\ne\\nf\tg");
}
