#include "engine/calendar/feed.hpp"
#include "engine/calendar/ical.hpp"
#include "engine/calendar/zone_files.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using testing::at;
using testing::wall;

namespace {

/// IANA names, and one of Windows.
std::optional<Zone> lookup(std::string_view name) {
    const std::string known(name == "Romance Standard Time" ? "Europe/Paris" : name);
    auto zone = is_zone_name(known) ? Zone::parse(testing::zone_bytes(known), known)
                                    : fail(ErrorKind::invalid, "");
    return zone ? std::optional(*std::move(zone)) : std::nullopt;
}

constexpr std::string_view paris = "BEGIN:VTIMEZONE\n"
                                   "TZID:Europe/Paris\n"
                                   "BEGIN:STANDARD\n"
                                   "DTSTART:19961027T030000\n"
                                   "TZOFFSETFROM:+0200\n"
                                   "TZOFFSETTO:+0100\n"
                                   "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n"
                                   "END:STANDARD\n"
                                   "BEGIN:DAYLIGHT\n"
                                   "DTSTART:19960331T020000\n"
                                   "TZOFFSETFROM:+0100\n"
                                   "TZOFFSETTO:+0200\n"
                                   "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n"
                                   "END:DAYLIGHT\n"
                                   "END:VTIMEZONE\n";

/// With VERSION and PRODID; `body` begins in line 4.
std::string calendar_of(std::string_view body) {
    return "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" + std::string(body) + "END:VCALENDAR\n";
}

/// With UID and DTSTAMP; `lines` begin in its line 4.
std::string event_of(std::string_view lines, std::string_view uid = "a") {
    return "BEGIN:VEVENT\nUID:" + std::string(uid) + "\nDTSTAMP:20260101T000000Z\n" +
           std::string(lines) + "END:VEVENT\n";
}

Calendar read(std::string_view text) {
    auto calendar = read_calendar(text, lookup);
    REQUIRE(calendar);
    return *std::move(calendar);
}

/// The one event of a calendar.
Event only(std::string_view body) {
    auto calendar = read(calendar_of(body));
    REQUIRE(calendar.events.size() == 1);
    return std::move(calendar.events.front());
}

/// Each finding as "line what\n".
std::string found(std::string_view text) {
    const Calendar calendar = read(text);
    std::string all;
    for (const Finding& finding : calendar.findings.kept()) {
        all += std::to_string(finding.line) + " " + finding.what + "\n";
        CHECK_FALSE(finding.clients.empty());
        CHECK_FALSE(finding.mend.empty());
    }
    return all;
}

/// Of one event whose own lines begin in line 7.
std::string found_in(std::string_view lines) {
    return found(calendar_of(event_of(lines)));
}

/// `2026-03-05T16:00:00Z 2026-03-12T16:00:00Z`, cancelled ones in brackets.
std::string begins(const Event& event) {
    const auto all = instances(event.series, event.zone ? *event.zone : Zone::utc(),
                               at("2000-01-01"), at("2100-01-01"));
    REQUIRE(all);
    std::string words;
    for (const Instance& instance : *all) {
        const auto begin = format_instant(instance.begin);
        words += (words.empty() ? "" : " ") + (instance.cancelled ? "[" + begin + "]" : begin);
    }
    return words;
}

} // namespace

TEST_CASE("an event is read with what it says, and a sound one gives no finding") {
    const std::string text = calendar_of(
        std::string(paris) +
        event_of("SUMMARY:Reading\\, slowly\nSTATUS:tentative\nSEQUENCE:3\n"
                 "DTSTART;TZID=Europe/Paris:20260305T170000\n"
                 "DTEND;TZID=Europe/Paris:20260305T183000\nRRULE:FREQ=WEEKLY;COUNT=2\n"));
    const Calendar calendar = read(text);
    CHECK(calendar.findings.count() == 0);
    REQUIRE(calendar.events.size() == 1);
    const Event& event = calendar.events.front();
    CHECK(event.uid == "a");
    CHECK(event.title == "Reading, slowly");
    CHECK(event.status == EventStatus::tentative);
    CHECK(event.sequence == 3);
    CHECK(event.zone->name() == "Europe/Paris");
    CHECK(event.series.duration == 90min);
    CHECK(begins(event) == "2026-03-05T16:00:00Z 2026-03-12T16:00:00Z");
}

TEST_CASE("a zone is found by its name, behind a prefix, in Windows and in quotes") {
    for (const char* tzid : {"Europe/Paris", "/freeassociation.sourceforge.net/Europe/Paris",
                             "/mozilla.org/20070129_1/Europe/Paris", "Romance Standard Time",
                             "\"Europe/Paris\"", "\"Romance Standard Time\""}) {
        CAPTURE(tzid);
        const Event event =
            only(event_of("DTSTART;TZID=" + std::string(tzid) + ":20260705T170000\n"));
        REQUIRE(event.zone);
        CHECK(event.zone->name() == "Europe/Paris");
        CHECK(begins(event) == "2026-07-05T15:00:00Z");
    }
    CHECK(found_in("DTSTART;TZID=Europe/Paris:20260705T170000\n") ==
          "7 TZID=Europe/Paris has no VTIMEZONE in the file\n");
    CHECK(found_in("DTSTART;TZID=Romance Standard Time:20260705T170000\n") ==
          "7 TZID=Romance Standard Time has no VTIMEZONE in the file, and is no IANA name\n");
}

TEST_CASE("a zone that nobody knows is read from the file, or as that of whoever looks") {
    std::string own(paris);
    own.replace(own.find("Europe/Paris"), 12, "Our lab");
    const auto event = event_of("DTSTART;TZID=Our lab:20260705T170000\n");
    CHECK(begins(only(own + event)) == "2026-07-05T15:00:00Z");
    CHECK(found(calendar_of(own + event)).empty());
    CHECK_FALSE(only(event).zone);
    CHECK(found(calendar_of(event)) == "7 TZID=Our lab is not known\n");
    const std::string located = "BEGIN:VTIMEZONE\nTZID:Our lab\nX-LIC-LOCATION:Asia/Tokyo\n"
                                "END:VTIMEZONE\n";
    CHECK(begins(only(located + event)) == "2026-07-05T08:00:00Z");
    CHECK(found(calendar_of("BEGIN:VTIMEZONE\nTZID:Our lab\nBEGIN:STANDARD\n"
                            "DTSTART:20200101T000000\nTZOFFSETFROM:+0900\n"
                            "END:STANDARD\nEND:VTIMEZONE\n" +
                            event))
              .starts_with("4 the VTIMEZONE Our lab cannot be read: STANDARD has no TZOFFSETTO\n"));
}

TEST_CASE("the zone wins over a VTIMEZONE that disagrees while it is in use") {
    std::string old(paris);
    old.replace(old.find("BYMONTH=10"), 10, "BYMONTH=9 ");
    std::erase(old, ' ');
    const auto weekly = event_of("DTSTART;TZID=Europe/Paris:20260705T170000\n"
                                 "RRULE:FREQ=WEEKLY;UNTIL=20261231T000000Z\n");
    CHECK(found(calendar_of(old + weekly)) ==
          "4 the VTIMEZONE Europe/Paris is at +01:00 on 2026-09-27T01:00:00Z, but Europe/Paris is "
          "at +02:00\n");
    const auto before = event_of("DTSTART;TZID=Europe/Paris:20260705T170000\n"
                                 "RRULE:FREQ=WEEKLY;UNTIL=20260831T000000Z\n");
    CHECK(found(calendar_of(old + before)).empty());
    CHECK(begins(only(old + event_of("DTSTART;TZID=Europe/Paris:20261005T170000\n"))) ==
          "2026-10-05T15:00:00Z");
}

TEST_CASE("how long: DTEND, DURATION or neither") {
    const auto lasts = [](const std::string& lines) {
        return only(event_of(lines)).series.duration;
    };
    CHECK(lasts("DTSTART:20260305T170000Z\nDTEND:20260305T183000Z\n") == 90min);
    CHECK(lasts("DTSTART:20260305T170000Z\nDURATION:PT45M\n") == 45min);
    CHECK(lasts("DTSTART:20260305T170000Z\n") == 0s);
    CHECK(lasts("DTSTART;VALUE=DATE:20260305\n") == 24h);
    CHECK(lasts("DTSTART;VALUE=DATE:20260305\nDTEND;VALUE=DATE:20260308\n") == 72h);
    CHECK(lasts("DTSTART;VALUE=DATE:20260305\nDTEND;VALUE=DATE:20260305\n") == 24h);
    CHECK(lasts("DTSTART;TZID=Europe/Paris:20260305T170000\n"
                "DTEND;TZID=Asia/Tokyo:20260306T020000\n") == 1h);
    CHECK(lasts("DTSTART;TZID=Europe/Paris:20260305T170000\nDTEND:20260305T180000\n") == 1h);
    // As time that passes: the clocks go forward in between.
    CHECK(lasts("DTSTART;TZID=Europe/Paris:20260329T010000\n"
                "DTEND;TZID=Europe/Paris:20260329T040000\n") == 2h);
    CHECK(found_in("DTSTART:20260305T170000Z\nDTEND:20260305T160000Z\nDURATION:PT1H\n") ==
          "8 the event a ends before or when it begins\n"
          "9 DURATION and DTEND stand in one event\n");
}

TEST_CASE("RDATE and EXDATE stand in lists, several times, in any zone and as dates") {
    const std::string start = "DTSTART;TZID=Europe/Paris:20260305T170000\n"
                              "RRULE:FREQ=WEEKLY;COUNT=6\n";
    CHECK(begins(only(event_of(start + "EXDATE;TZID=Europe/Paris:20260312T170000,"
                                       "20260319T170000\n"
                                       "EXDATE;TZID=Asia/Tokyo:20260327T010000\n"
                                       "EXDATE:20260402T150000Z\n"
                                       "EXDATE;VALUE=DATE:20260409\n"))) == "2026-03-05T16:00:00Z");
    const Event more = only(event_of("DTSTART:20260305T170000Z\n"
                                     "RDATE:20260306T170000Z,20260307T170000Z\n"
                                     "RDATE;VALUE=PERIOD:20260308T170000Z/PT3H\n"));
    CHECK(begins(more) == "2026-03-05T17:00:00Z 2026-03-06T17:00:00Z 2026-03-07T17:00:00Z "
                          "2026-03-08T17:00:00Z");
    REQUIRE(more.series.overrides.size() == 1);
    CHECK(more.series.overrides[0].duration == 3h);
    const std::string of_no_meeting = found(
        calendar_of(std::string(paris) +
                    event_of(start + "EXDATE;TZID=Europe/Paris:20260312T170000,20260313T170000\n"
                                     "EXDATE;VALUE=DATE:20260319\n")));
    CHECK(of_no_meeting == "24 EXDATE 20260313T170000 takes away no meeting\n"
                           "25 EXDATE is a date, but DTSTART is a time\n");
}

TEST_CASE("a change is found by RECURRENCE-ID in UTC, in another zone and as a date") {
    const auto master = event_of("SUMMARY:Reading\nDTSTART;TZID=Europe/Paris:20260305T170000\n"
                                 "DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5\n");
    const auto event =
        only(master +
             event_of("SUMMARY:Moved\nRECURRENCE-ID:20260312T160000Z\nDTSTART:20260313T080000Z\n") +
             event_of("RECURRENCE-ID;TZID=Asia/Tokyo:20260320T010000\nSTATUS:CANCELLED\n") +
             event_of("RECURRENCE-ID;VALUE=DATE:20260326\n"
                      "DTSTART;TZID=Asia/Tokyo:20260327T000000\nDURATION:PT2H\n"));
    CHECK(begins(event) == "2026-03-05T16:00:00Z 2026-03-13T08:00:00Z [2026-03-19T16:00:00Z] "
                           "2026-03-26T15:00:00Z 2026-04-02T15:00:00Z");
    REQUIRE(event.texts.size() == 3);
    CHECK(event.texts[0].title == "Moved");
    CHECK_FALSE(event.texts[1].title);
    CHECK_FALSE(event.series.overrides[0].duration);
    CHECK(event.series.overrides[2].duration == 2h);
}

TEST_CASE("THISANDFUTURE moves all that follow, and is told") {
    const auto text = calendar_of(
        event_of("DTSTART:20260305T170000Z\nRRULE:FREQ=YEARLY;COUNT=3\n") +
        event_of("RECURRENCE-ID;RANGE=THISANDFUTURE:20270305T170000Z\nDTSTART:20270306T160000Z\n"));
    CHECK(begins(read(text).events.at(0)) ==
          "2026-03-05T17:00:00Z 2027-03-06T16:00:00Z 2028-03-06T16:00:00Z");
    CHECK(found(text) == "13 the event a is changed by RANGE=THISANDFUTURE\n");
}

TEST_CASE("orphans stand for themselves and are told") {
    const auto change = event_of("RECURRENCE-ID:20260312T160000Z\nDTSTART:20260313T080000Z\n");
    CHECK(begins(only(change)) == "2026-03-13T08:00:00Z");
    CHECK(found(calendar_of(change)) ==
          "4 the event a changes a meeting of a series that is not in the file\n");
    const auto beside = event_of("DTSTART:20260305T160000Z\nRRULE:FREQ=YEARLY;COUNT=1\n") + change;
    CHECK(begins(only(beside)) == "2026-03-05T16:00:00Z 2026-03-13T08:00:00Z");
    CHECK(found(calendar_of(beside)) ==
          "10 RECURRENCE-ID 20260312T160000Z is no meeting of its series\n");
}

TEST_CASE("of one UID the highest SEQUENCE counts, and those of one SEQUENCE stand side by side") {
    const auto start = [](const char* day, const char* more = "") {
        return event_of("DTSTART:202603" + std::string(day) + "T160000Z\n" + more);
    };
    CHECK(begins(only(start("05", "SEQUENCE:1\n") + start("06"))) == "2026-03-05T16:00:00Z");
    const auto both = calendar_of(
        start("05", "RRULE:FREQ=YEARLY;COUNT=2\n") + start("06", "RRULE:FREQ=YEARLY;COUNT=2\n") +
        event_of("RECURRENCE-ID:20270306T160000Z\nDTSTART:20270307T160000Z\n"));
    const Calendar calendar = read(both);
    REQUIRE(calendar.events.size() == 2);
    CHECK(begins(calendar.events[0]) == "2026-03-05T16:00:00Z 2027-03-05T16:00:00Z");
    CHECK(begins(calendar.events[1]) == "2026-03-06T16:00:00Z 2027-03-07T16:00:00Z");
    CHECK(found(both) == "10 the event a has the UID of the event in line 4\n");
    const auto twice =
        start("05", "RRULE:FREQ=YEARLY;COUNT=2\n") +
        event_of("SEQUENCE:2\nRECURRENCE-ID:20270305T160000Z\nDTSTART:20270307T160000Z\n") +
        event_of("SEQUENCE:1\nRECURRENCE-ID:20270305T160000Z\nDTSTART:20270308T160000Z\n");
    CHECK(begins(only(twice)) == "2026-03-05T16:00:00Z 2027-03-07T16:00:00Z");
}

TEST_CASE("cancelled: by STATUS, or all by METHOD") {
    CHECK(only(event_of("DTSTART:20260305T160000Z\nSTATUS:CANCELLED\n")).status ==
          EventStatus::cancelled);
    CHECK(only("METHOD:CANCEL\n" + event_of("DTSTART:20260305T160000Z\n")).status ==
          EventStatus::cancelled);
    CHECK(found(calendar_of("METHOD:REQUEST\n" + event_of("DTSTART:20260305T160000Z\n"))) ==
          "4 METHOD:REQUEST makes the file a message to one person\n");
    CHECK(found(calendar_of("METHOD:PUBLISH\n" + event_of("DTSTART:20260305T160000Z\n"))).empty());
}

TEST_CASE("what is missing is told") {
    CHECK(found("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\nEND:VCALENDAR\n") ==
          "1 the calendar has no VERSION\n1 the calendar has no PRODID\n"
          "2 an event has no UID\n2 an event has no DTSTAMP\n2 \"a\" has no DTSTART\n");
    CHECK(found(calendar_of("")) == "1 the calendar holds nothing\n");
    CHECK_FALSE(read_calendar("", lookup));
    CHECK_FALSE(read_calendar("<html>\n</html>\n", lookup));
    CHECK_FALSE(read_calendar("BEGIN:VEVENT\nEND:VEVENT\n", lookup));
}

TEST_CASE("what stands where it does not belong is told") {
    CHECK(found(calendar_of("BEGIN:VALARM\nEND:VALARM\nBEGIN:X-A\nEND:X-A\n")) ==
          "4 VALARM stands in VCALENDAR\n");
    CHECK(found_in("DTSTART:20260305T160000Z\n" + event_of("DTSTART:20260305T160000Z\n")) ==
          "8 VEVENT stands in VEVENT\n");
    CHECK(found_in("DTSTART:20260305T160000Z\nDTSTART:20260306T160000Z\n") ==
          "8 DTSTART stands twice in one event\n");
    CHECK(
        found("BEGIN:VEVENT\nEND:VEVENT\n" + calendar_of(event_of("DTSTART:20260305T160000Z\n"))) ==
        "1 VEVENT stands outside VCALENDAR\n");
}

TEST_CASE("times of another form than they say are told") {
    CHECK(found_in("DTSTART:20260305\n") == "7 DTSTART is a date without VALUE=DATE\n");
    CHECK(found_in("DTSTART;VALUE=DATE:20260305T160000Z\n") ==
          "7 DTSTART is a time in UTC with VALUE=DATE\n");
    CHECK(found_in("DTSTART;TZID=Europe/Paris:20260305T160000Z\n") ==
          "7 DTSTART has a TZID and ends with Z\n");
    CHECK(found_in("DTSTART;VALUE=DATE:2026-03-05\n") ==
          "7 DTSTART:2026-03-05 has hyphens or colons\n");
    CHECK(found_in("DTSTART:20260305T160000\n") == "7 the event a has a time without a zone\n");
    CHECK(found_in("DTSTART:soon\n").starts_with("4 the event a has no DTSTART\n7 DTSTART: "));
}

TEST_CASE("wrong rules are mended as clients do, or leave the first meeting") {
    const std::string start = "DTSTART;VALUE=DATE:20260305\n";
    CHECK(found_in(start + "RRULE:FREQ=YEARLY;COUNT=2;\n") ==
          "8 RRULE has an empty part (a \";\" too many)\n");
    CHECK(begins(only(event_of(start + "RRULE:FREQ=YEARLY;COUNT=2;\n"))) ==
          "2026-03-05T00:00:00Z 2027-03-05T00:00:00Z");
    CHECK(found_in(start + "RRULE:FREQ=OFTEN\n").starts_with("8 RRULE: FREQ=OFTEN: "));
    CHECK(begins(only(event_of(start + "RRULE:FREQ=OFTEN\n"))) == "2026-03-05T00:00:00Z");
    CHECK(found_in(start + "RRULE:FREQ=HOURLY\n").starts_with("8 RRULE: a rule by the hour"));
    CHECK(found_in(start + "RRULE:FREQ=YEARLY;BYMONTH=4\n") ==
          "7 the rule does not give DTSTART itself\n");
}

TEST_CASE("UNTIL of another type than DTSTART is told") {
    const auto until = [](const char* start, const char* end) {
        return found(
            calendar_of(std::string(paris) + event_of(std::string("DTSTART") + start +
                                                      "\nRRULE:FREQ=YEARLY;UNTIL=" + end + "\n")));
    };
    CHECK(until(";VALUE=DATE:20260305", "20280305").empty());
    CHECK(until(";TZID=Europe/Paris:20260305T170000", "20280305T160000Z").empty());
    CHECK(until(":20260305T170000Z", "20280305T170000Z").empty());
    CHECK(until(";VALUE=DATE:20260305", "20280305T000000Z") ==
          "23 UNTIL=20280305T000000Z is of another type than DTSTART asks for\n");
    CHECK(until(";TZID=Europe/Paris:20260305T170000", "20280305T170000") ==
          "23 UNTIL=20280305T170000 is of another type than DTSTART asks for\n");
    CHECK(until(":20260305T170000Z", "20280305") ==
          "23 UNTIL=20280305 is of another type than DTSTART asks for\n");
}

TEST_CASE("meetings at an hour of UTC are told, where they come again before a year is over") {
    const std::string start = "SUMMARY:Reading\nDTSTART:20260305T170000Z\n";
    CHECK(found_in(start + "RRULE:FREQ=WEEKLY\n") ==
          "8 \"Reading\" meets weekly at an hour of UTC\n");
    CHECK(found_in(start + "RRULE:FREQ=MONTHLY;BYDAY=1TH\n") ==
          "8 \"Reading\" meets monthly at an hour of UTC\n");
    CHECK(found_in(start + "RRULE:FREQ=YEARLY\n").empty());
    CHECK(found_in(start).empty());
}

TEST_CASE("a rule that is too complex takes no longer for many exclusions") {
    const std::string start =
        "DTSTART:20260105T030712Z\n"
        "RRULE:FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=11\n";
    std::string exclusions;
    for (int year = 2027; year < 9999; ++year) {
        exclusions += "EXDATE:" + std::to_string(year) + "0305T170000Z\n";
    }
    const std::string all = found_in(start + exclusions);
    CHECK_MESSAGE(all.contains("8 the rule is too complex"), all.substr(0, 300));
}

TEST_CASE("a calendar in UTF-16 is refused with the way out") {
    for (const std::string_view mark : {"\xFF\xFE", "\xFE\xFF"}) {
        const auto read = read_calendar(std::string(mark) + "B?E?G?I?N?", lookup);
        REQUIRE_FALSE(read);
        CHECK(read.error().message.contains("UTF-16, expected text in UTF-8: save it as"));
    }
}

TEST_CASE("what is not UTF-8 is told once") {
    const std::string start = "DTSTART:20260305T160000Z\n";
    CHECK(found_in(start + "SUMMARY:caf\xE9\nLOCATION:\xE9\n") ==
          "8 SUMMARY is not written in UTF-8\n");
    CHECK(found_in(start + "SUMMARY:caf\xC3\n \xA9 \xF0\x9F\x93\x85\n").empty());
    for (const char* wrong :
         {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE0\x80\x80", "\xC3"}) {
        CHECK_FALSE(found_in(start + "SUMMARY:" + wrong + "\n").empty());
    }
}

TEST_CASE("a feed is read back as it was meant, without a finding") {
    const Zone london = testing::zone("Europe/London");
    const FeedEvent event{
        .uid = "a",
        .words = {.title = "Read; slowly, \\ \xC3\xA9"},
        .series = {.start = {.time = wall("2026-02-26T17:00Z")},
                   .duration = 1h,
                   .rule = parse_rule("FREQ=WEEKLY;UNTIL=20260430T160000Z").value(),
                   .excluded = {wall("2026-03-12T17:00Z")},
                   .overrides = {{.original = wall("2026-04-02T17:00Z"),
                                  .start = wall("2026-04-03T15:30Z"),
                                  .duration = 2h}}},
        .zone = &london,
        .revision = {.day = std::chrono::January / 5 / 2026}};
    const Calendar calendar = read(write_feed({.name = "Circle", .events = {event}}));
    CHECK(calendar.findings.count() == 0);
    REQUIRE(calendar.events.size() == 1);
    CHECK(calendar.events[0].title == event.words.title);
    const auto all = [&](const Series& series, const Zone& zone) {
        return instances(series, zone, at("2026-01-01"), at("2027-01-01")).value();
    };
    CHECK(all(calendar.events[0].series, *calendar.events[0].zone) == all(event.series, london));
}
