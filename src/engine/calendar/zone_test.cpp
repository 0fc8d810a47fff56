#include "base/limits.hpp"
#include "base/random.hpp"
#include "engine/calendar/zone.hpp"
#include "engine/calendar/zone_files.hpp"

#include <array>
#include <cstdint>
#include <ctime>

#include <date/tz.h>
#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::local_seconds;
using std::chrono::seconds;
using testing::at;
using testing::wall;

namespace {

/// Uniform among the seconds from `from` to before `to`.
Instant some_instant(Random& random, Instant from, Instant to) {
    const auto span = static_cast<std::uint64_t>((to - from).count());
    return from + seconds(static_cast<std::int64_t>(random.below(span)));
}

std::string difference(const Zone& zone, Instant t, const char* what) {
    return zone.name() + " at " + format_instant(t) + ": " + what;
}

/// Empty, or where `zone` and the oracle tell another time.
std::string compare_at(const Zone& zone, const date::time_zone& oracle, Instant t) {
    if (zone.offset_at(t) != oracle.get_info(t).offset) {
        return difference(zone, t, "another offset than date-tz");
    }
    // Around what the clock shows, so that gaps and overlaps near t are met.
    for (const seconds away : {-3600s, -1800s, -1s, 0s, 1s, 1800s, 3600s}) {
        const auto shown = zone.to_local(t).time_since_epoch() + away;
        // `first` is the only one, the first of two, or the one before the gap.
        const seconds expected = oracle.get_info(date::local_seconds(shown)).first.offset;
        if (zone.to_utc(local_seconds(shown)).time_since_epoch() != shown - expected) {
            return difference(zone, t, "another moment than date-tz");
        }
    }
    return "";
}

/// Empty, or which law of to_utc and to_local is broken at `t`.
std::string broken_law(const Zone& zone, Instant t) {
    const Instant back = zone.to_utc(zone.to_local(t));
    if (zone.to_local(back) != zone.to_local(t)) {
        return difference(zone, t, "to_utc gives a moment at which the clock shows another time");
    }
    if (back > t) {
        return difference(zone, t, "to_utc gives not the first moment");
    }
    return "";
}

/// Every zone that date-tz knows too: it leaves out these three.
std::vector<std::string> oracle_names() {
    auto names = testing::zone_names();
    std::erase_if(names, [](const std::string& name) {
        return name == "Factory" || name == "localtime" || name == "posixrules";
    });
    return names;
}

/// Moments at which date-tz sees a change of anything, until 2037.
std::vector<Instant> oracle_transitions(const date::time_zone& oracle) {
    std::vector<Instant> out;
    const Instant last = at("2037-12-31");
    for (Instant t = at("1800-01-01"); t < last;) {
        t = oracle.get_info(t).end;
        if (t < last) {
            out.push_back(t);
        }
    }
    return out;
}

std::string big_endian(std::int64_t value, std::size_t width) {
    std::string out;
    for (std::size_t i = width; i-- > 0;) {
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i)));
    }
    return out;
}

const std::vector<std::int64_t> no_times;
const std::string no_bytes;

/// A zone file as small as a test needs it.
struct Tzif {
    char version = '2';
    std::vector<std::int64_t> times = no_times;
    std::string indices = no_bytes;
    std::vector<std::int64_t> offsets{0};
    std::string names{"AAA\0", 4};
    std::string flags = no_bytes, ut_flags = no_bytes;
    std::int64_t leap_seconds = 0;
    std::string footer = "\n\n";

    [[nodiscard]] std::string block(std::size_t width) const {
        std::string out = "TZif";
        out += version;
        out.append(15, '\0');
        for (const std::size_t count : {ut_flags.size(), flags.size()}) {
            out += big_endian(static_cast<std::int64_t>(count), 4);
        }
        out += big_endian(leap_seconds, 4);
        for (const std::size_t count : {times.size(), offsets.size(), names.size()}) {
            out += big_endian(static_cast<std::int64_t>(count), 4);
        }
        for (const std::int64_t t : times) {
            out += big_endian(t, width);
        }
        out += indices;
        for (const std::int64_t offset : offsets) {
            out += big_endian(offset, 4) + std::string(2, '\0');
        }
        out += names;
        out.append(static_cast<std::size_t>(leap_seconds) * (width + 4), '\0');
        return out + flags + ut_flags;
    }

    [[nodiscard]] std::string bytes() const {
        return version == '\0' ? block(4) : block(4) + block(8) + footer;
    }
};

Result<Zone> parse(const Tzif& file) {
    return Zone::parse(file.bytes(), "Test/Zone");
}

} // namespace

TEST_CASE("every zone tells the time of date-tz at its transitions, a second before and after") {
    std::size_t transitions = 0;
    for (const std::string& name : oracle_names()) {
        const auto* const oracle = date::locate_zone(name);
        const Zone zone = testing::zone(name);
        for (const Instant t : oracle_transitions(*oracle)) {
            ++transitions;
            for (const seconds away : {-1s, 0s, 1s}) {
                REQUIRE(compare_at(zone, *oracle, t + away) == "");
            }
        }
    }
    CHECK(transitions > 20000);
}

TEST_CASE("every zone tells the time of date-tz at any moment from 1900 to 2037") {
    Random random(1);
    for (const std::string& name : oracle_names()) {
        const auto* const oracle = date::locate_zone(name);
        const Zone zone = testing::zone(name);
        for (int i = 0; i < 100; ++i) {
            const Instant t = some_instant(random, at("1900-01-01"), at("2037-12-31"));
            REQUIRE(compare_at(zone, *oracle, t) == "");
        }
    }
}

TEST_CASE("every zone tells the time of glibc before 2500, by the footer too") {
    const char* const before = std::getenv("TZ");
    const std::string kept = before == nullptr ? "" : before;
    Random random(2);
    for (const std::string& name : testing::zone_names()) {
        const Zone zone = testing::zone(name);
        REQUIRE(setenv("TZ", (":" + (testing::zoneinfo() / name).string()).c_str(), 1) == 0);
        tzset();
        for (int i = 0; i < 50; ++i) {
            const Instant t = some_instant(random, at("2030-01-01"), at("2500-01-01"));
            const std::time_t seconds_since = t.time_since_epoch().count();
            std::tm local{};
            REQUIRE(localtime_r(&seconds_since, &local) != nullptr);
            CAPTURE(difference(zone, t, ""));
            REQUIRE(zone.offset_at(t).count() == local.tm_gmtoff);
        }
    }
    REQUIRE((before == nullptr ? unsetenv("TZ") : setenv("TZ", kept.c_str(), 1)) == 0);
    tzset();
}

TEST_CASE("what is local comes back as the first moment that shows it, in all years") {
    Random random(3);
    for (const std::string& name : testing::zone_names()) {
        const Zone zone = testing::zone(name);
        for (int i = 0; i < 100; ++i) {
            const Instant t = some_instant(random, at("0001-01-02"), at("9999-12-30"));
            REQUIRE(broken_law(zone, t) == "");
        }
    }
}

TEST_CASE("the footer's rule repeats with the Gregorian calendar, every 400 years") {
    constexpr std::chrono::days cycle{146097};
    Random random(4);
    for (const std::string& name : testing::zone_names()) {
        const Zone zone = testing::zone(name);
        for (int i = 0; i < 50; ++i) {
            const Instant t = some_instant(random, at("2038-01-01"), at("9590-01-01"));
            CAPTURE(difference(zone, t, ""));
            REQUIRE(zone.offset_at(t) == zone.offset_at(t + cycle));
        }
    }
}

TEST_CASE("beyond the tables the dates of daylight saving are those of the law") {
    // Directive 2000/84/EC: last Sundays of March and October, 01:00 UTC. Energy Policy Act of
    // 2005, section 110: second Sunday of March, first of November, 02:00 local time.
    const Zone paris = testing::zone("Europe/Paris");
    const Zone new_york = testing::zone("America/New_York");
    const auto sunday_on_or_before = [](std::chrono::sys_days day) {
        while (std::chrono::weekday(day) != std::chrono::Sunday) {
            day -= std::chrono::days(1);
        }
        return day;
    };
    for (int number = 2038; number <= 9999; ++number) {
        const std::chrono::year y(number);
        const Instant march = sunday_on_or_before(y / 3 / 31) + 1h;
        const Instant october = sunday_on_or_before(y / 10 / 31) + 1h;
        REQUIRE(paris.offset_at(march - 1s) == 1h);
        REQUIRE(paris.offset_at(march) == 2h);
        REQUIRE(paris.offset_at(october - 1s) == 2h);
        REQUIRE(paris.offset_at(october) == 1h);
        const Instant second_sunday = sunday_on_or_before(y / 3 / 14) + 7h;
        const Instant first_sunday = sunday_on_or_before(y / 11 / 7) + 6h;
        REQUIRE(new_york.offset_at(second_sunday - 1s) == -5h);
        REQUIRE(new_york.offset_at(second_sunday) == -4h);
        REQUIRE(new_york.offset_at(first_sunday - 1s) == -4h);
        REQUIRE(new_york.offset_at(first_sunday) == -5h);
    }
}

TEST_CASE("Dublin, whose winter is the exception, shows the hours of London") {
    const Zone dublin = testing::zone("Europe/Dublin");
    const Zone london = testing::zone("Europe/London");
    Random random(5);
    for (int i = 0; i < 20000; ++i) {
        const Instant t = some_instant(random, at("1972-01-01"), at("9999-01-01"));
        CAPTURE(format_instant(t));
        REQUIRE(dublin.offset_at(t) == london.offset_at(t));
    }
}

TEST_CASE("before the first transition the first time type holds") {
    // tzdata, europe: Zone Europe/Paris 0:09:21 - LMT 1891 Mar 16.
    CHECK(testing::zone("Europe/Paris").offset_at(at("0001-01-01")) == 9min + 21s);
    const Tzif file{.times = {1000}, .indices = std::string(1, '\1'), .offsets = {60, 120}};
    CHECK(parse(file)->offset_at(Instant(999s)) == 60s);
    CHECK(parse(file)->offset_at(Instant(1000s)) == 120s);
}

TEST_CASE("a time in the gap is read with the offset before it") {
    // Europe/Paris 2026-03-29: 02:00 becomes 03:00 (Directive 2000/84/EC).
    const Zone paris = testing::zone("Europe/Paris");
    CHECK(paris.to_utc(wall("2026-03-29T01:59:59Z")) == at("2026-03-29T00:59:59Z"));
    CHECK(paris.to_utc(wall("2026-03-29T02:00:00Z")) == at("2026-03-29T01:00:00Z"));
    CHECK(paris.to_utc(wall("2026-03-29T02:30:00Z")) == at("2026-03-29T01:30:00Z"));
    CHECK(paris.to_utc(wall("2026-03-29T03:00:00Z")) == at("2026-03-29T01:00:00Z"));
    // RFC 5545, section 3.3.5: TZID=America/New_York:20070311T023000 is 03:30 EDT, 07:30Z.
    CHECK(testing::zone("America/New_York").to_utc(wall("2007-03-11T02:30Z")) ==
          at("2007-03-11T07:30Z"));
    // Australia/Lord_Howe changes by half an hour, 02:00 to 02:30 (tzdata, australasia, Rule LH).
    const Zone lord_howe = testing::zone("Australia/Lord_Howe");
    CHECK(lord_howe.to_utc(wall("2026-10-04T02:15Z")) == at("2026-10-03T15:45Z"));
    CHECK(lord_howe.to_utc(wall("2026-10-04T02:30Z")) == at("2026-10-03T15:30Z"));
    // Pacific/Apia had no 30 December 2011: -10 h, then +14 h (tzdata, australasia, WS).
    const Zone apia = testing::zone("Pacific/Apia");
    CHECK(apia.to_utc(wall("2011-12-29T23:59:59Z")) == at("2011-12-30T09:59:59Z"));
    CHECK(apia.to_utc(wall("2011-12-30T12:00Z")) == at("2011-12-30T22:00Z"));
    CHECK(apia.to_utc(wall("2011-12-31T00:00Z")) == at("2011-12-30T10:00Z"));
}

TEST_CASE("a time that occurs twice is the first of the two") {
    // Europe/Paris 2026-10-25: 03:00 becomes 02:00.
    const Zone paris = testing::zone("Europe/Paris");
    CHECK(paris.to_utc(wall("2026-10-25T02:00Z")) == at("2026-10-25T00:00Z"));
    CHECK(paris.to_utc(wall("2026-10-25T02:59:59Z")) == at("2026-10-25T00:59:59Z"));
    CHECK(paris.to_utc(wall("2026-10-25T03:00Z")) == at("2026-10-25T02:00Z"));
    // RFC 5545, section 3.3.5: TZID=America/New_York:20071104T013000 is 01:30 EDT, 05:30Z.
    CHECK(testing::zone("America/New_York").to_utc(wall("2007-11-04T01:30Z")) ==
          at("2007-11-04T05:30Z"));
    const Zone lord_howe = testing::zone("Australia/Lord_Howe");
    CHECK(lord_howe.to_utc(wall("2026-04-05T01:45Z")) == at("2026-04-04T14:45Z"));
    // Europe/Dublin ends its summer like London: 2026-10-25, 02:00 becomes 01:00.
    CHECK(testing::zone("Europe/Dublin").to_utc(wall("2026-10-25T01:30Z")) ==
          at("2026-10-25T00:30Z"));
    // Africa/Casablanca paused its summer time for Ramadan: 2019-05-05, 03:00 becomes 02:00.
    CHECK(testing::zone("Africa/Casablanca").to_utc(wall("2019-05-05T02:30Z")) ==
          at("2019-05-05T01:30Z"));
}

TEST_CASE("a time that is jumped over and shown later is the moment that shows it") {
    // The clock jumps from 02:00 to 04:00, and an hour later, at 05:00, back to 03:00.
    const Zone zone =
        *parse({.times = {7200, 10800}, .indices = std::string("\1\0", 2), .offsets = {0, 7200}});
    CHECK(zone.to_utc(local_seconds(2h + 30min)) == Instant(2h + 30min));
    CHECK(zone.to_utc(local_seconds(3h + 30min)) == Instant(3h + 30min));
    CHECK(zone.to_utc(local_seconds(4h + 30min)) == Instant(2h + 30min));
}

TEST_CASE("a time that is jumped over twice is read with the offset before the first jump") {
    // 02:00 to 04:00, a minute later 04:01 to 02:02, a minute later 02:03 to 04:02.
    const Zone zone = *parse({.times = {7200, 7260, 7320},
                              .indices = std::string("\1\2\1", 3),
                              .offsets = {0, 7200, 60}});
    CHECK(zone.to_utc(local_seconds(3h)) == Instant(3h));
}

TEST_CASE("a change shortly before a gap does not decide how the gap is read") {
    // At 01:00 UTC ten minutes back, at 10:00 an hour forward.
    const Zone zone = *parse(
        {.times = {3600, 36000}, .indices = std::string("\1\2", 2), .offsets = {600, 0, 3600}});
    CHECK(zone.to_utc(local_seconds(10h + 30min)) == Instant(10h + 30min));
}

TEST_CASE("UTC needs no file") {
    const Zone utc = Zone::utc();
    CHECK(utc.name() == "UTC");
    CHECK(utc.offset_at(at("2026-07-01")) == 0s);
    CHECK(utc.to_utc(wall("2026-07-01T12:00Z")) == at("2026-07-01T12:00Z"));
}

TEST_CASE("the names of zones are known from paths") {
    for (const std::string& name : testing::zone_names()) {
        CAPTURE(name);
        CHECK(is_zone_name(name));
    }
    for (const char* name : {"Etc/GMT-14", "America/Argentina/ComodRivadavia", "EST5EDT", "UTC"}) {
        CHECK(is_zone_name(name));
    }
    for (const char* name :
         {"", "/", "/etc/passwd", "..", "../x", "Europe/../x", "Europe/", "Europe//Paris", "-x",
          "Europe/-x", "./UTC", "zone.tab", "Europe Paris", "Europe\\Paris", "Zürich", "a\nb",
          "C:UTC", "a123456789012345678901234567890123456789012345678901234567890abcd"}) {
        CAPTURE(name);
        CHECK_FALSE(is_zone_name(name));
    }
    CHECK_FALSE(is_zone_name(std::string_view("UTC\0", 4)));
    CHECK_FALSE(Zone::parse(testing::zone_bytes("UTC"), "../UTC"));
}

TEST_CASE("version 1 has 32 bits and no footer") {
    const auto zone =
        parse({.version = '\0', .times = {-5}, .indices = {'\1'}, .offsets = {60, 0}});
    REQUIRE(zone);
    CHECK(zone->offset_at(Instant(-6s)) == 60s);
    CHECK(zone->offset_at(at("9999-01-01")) == 0s);
}

TEST_CASE("an empty footer keeps the last offset, a footer without transitions always holds") {
    CHECK(
        parse({.times = {0}, .indices = {'\1'}, .offsets = {0, 60}})->offset_at(at("9999-01-01")) ==
        60s);
    // RFC 9636, section 3.2.
    CHECK(parse({.offsets = {60}, .footer = "\nAAA-1\n"})->offset_at(at("0001-01-01")) == 1h);
}

TEST_CASE("each cut of a file is refused") {
    for (const char* name : {"Europe/Paris", "America/Nuuk", "UTC"}) {
        const std::string bytes = testing::zone_bytes(name);
        for (std::size_t n = 0; n < bytes.size(); ++n) {
            CAPTURE(n);
            REQUIRE_FALSE(Zone::parse(std::string(bytes, 0, n), name));
        }
    }
}

TEST_CASE("a file with wrong bytes is refused or is a zone that keeps the laws") {
    Random random(6);
    for (const char* name : {"Europe/Paris", "Australia/Lord_Howe", "America/Nuuk", "UTC"}) {
        const std::string bytes = testing::zone_bytes(name);
        for (int i = 0; i < 3000; ++i) {
            std::string wrong = bytes;
            for (std::uint64_t n = random.below(4) + 1; n > 0; --n) {
                wrong[random.below(wrong.size())] = static_cast<char>(random.below(256));
            }
            const auto zone = Zone::parse(wrong, name);
            for (int k = 0; zone && k < 10; ++k) {
                const Instant t = some_instant(random, at("1800-01-01"), at("2200-01-01"));
                REQUIRE(broken_law(*zone, t) == "");
            }
        }
    }
}

TEST_CASE("what the format forbids is refused") {
    const auto refused = [](const Tzif& file, std::string_view why) {
        const auto zone = parse(file);
        CAPTURE(why);
        REQUIRE_FALSE(zone);
        CAPTURE(zone.error().message);
        CHECK(zone.error().message.contains(why));
    };
    REQUIRE(parse({}));
    refused({.version = '5'}, "version byte 53 is unknown");
    refused({.version = '1'}, "version byte 49 is unknown");
    refused({.times = {1, 1}, .indices = std::string(2, '\0')}, "not later");
    refused({.times = {2, 1}, .indices = std::string(2, '\0')}, "not later");
    refused({.times = {1}, .indices = {'\1'}}, "has time type 1 of 1");
    refused({.offsets = {93600}}, "not between");
    refused({.offsets = {-90000}}, "not between");
    refused({.offsets = {INT32_MIN}}, "not between");
    refused({.offsets = {}}, "no time type");
    refused({.names = ""}, "no name");
    refused({.names = "AAA"}, "does not end");
    refused({.flags = {'\0', '\0'}}, "number of flags");
    refused({.flags = {'\2'}}, "out of range");
    refused({.flags = {'\0'}, .ut_flags = {'\1'}}, "out of range");
    refused({.leap_seconds = 1}, "leap seconds");
    refused({.footer = ""}, "one line");
    refused({.footer = "\n"}, "one line");
    refused({.footer = "\n\n\n"}, "one line");
    refused({.footer = "\nnonsense\n"}, "expected");
    refused({.footer = "\nAAA0BBB,J1/-1,J2\n"}, "expected hours"); // version 3 only
    refused({.times = {0}, .indices = {'\0'}, .footer = "\nAAA-1\n"}, "disagrees");
    refused({.version = '\0', .leap_seconds = 2}, "leap seconds");
    CHECK_FALSE(Zone::parse(Tzif{.version = '\0'}.bytes() + "x", "UTC"));
    CHECK_FALSE(Zone::parse(std::string(limits::max_tzif_bytes + 1, '\0'), "UTC"));
}

TEST_CASE("files that count leap seconds are refused") {
    if (std::filesystem::exists(testing::zoneinfo() / "right")) {
        for (const std::string& name : testing::zone_names("right")) {
            CAPTURE(name);
            CHECK_FALSE(Zone::parse(testing::zone_bytes(name), name));
        }
    }
}
