#include "engine/calendar/feed.hpp"
#include "engine/calendar/written_lines.hpp"
#include "engine/calendar/zone_files.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;
using testing::read_written;
using testing::wall;
using testing::Written;

namespace {

const sys_days first_day = std::chrono::January / 5 / 2026;

FeedEvent weekly(const Zone& zone) {
    return {.uid = "reading@allotment.example",
            .words = {.title = "Reading group", .location = "Room 7"},
            .series = {.start = {.time = wall("2026-02-26T17:00Z")},
                       .duration = 1h,
                       .rule = parse_rule("FREQ=WEEKLY;BYDAY=TH").value()},
            .zone = &zone,
            .revision = {.day = first_day}};
}

std::string written(const FeedEvent& event) {
    return write_feed({.name = "Circle", .events = {event}});
}

/// The events that `event` is written as.
std::vector<Written> events_of(const FeedEvent& event) {
    return read_written(written(event)).parts_named("VEVENT");
}

std::vector<std::string> texts(const std::vector<testing::WrittenLine>& lines) {
    std::vector<std::string> out;
    for (const auto& line : lines) {
        out.push_back(line.name + ":" + line.value);
    }
    return out;
}

} // namespace

TEST_CASE("a feed follows its rules to the byte") {
    const Zone zone = testing::zone("Europe/London");
    FeedEvent event = weekly(zone);
    event.series.overrides = {
        {.original = wall("2026-04-02T17:00Z"), .start = wall("2026-04-03T15:30Z")},
        {.original = wall("2026-03-26T17:00Z"),
         .start = wall("2026-03-26T17:00Z"),
         .cancelled = true}};
    event.revision = {.day = first_day + days(36), .change_of_day = 61, .sequence = 2};
    CHECK(written(event) == "BEGIN:VCALENDAR\r\n"
                            "VERSION:2.0\r\n"
                            "PRODID:-//Allotment//Calendar//EN\r\n"
                            "CALSCALE:GREGORIAN\r\n"
                            "NAME:Circle\r\n"
                            "X-WR-CALNAME:Circle\r\n"
                            "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
                            "X-PUBLISHED-TTL:PT1H\r\n"
                            "BEGIN:VTIMEZONE\r\n"
                            "TZID:Europe/London\r\n"
                            "BEGIN:STANDARD\r\n"
                            "DTSTART:20251026T020000\r\n"
                            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
                            "TZOFFSETFROM:+0100\r\n"
                            "TZOFFSETTO:+0000\r\n"
                            "END:STANDARD\r\n"
                            "BEGIN:DAYLIGHT\r\n"
                            "DTSTART:20260329T010000\r\n"
                            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
                            "TZOFFSETFROM:+0000\r\n"
                            "TZOFFSETTO:+0100\r\n"
                            "END:DAYLIGHT\r\n"
                            "END:VTIMEZONE\r\n"
                            "BEGIN:VEVENT\r\n"
                            "UID:reading@allotment.example\r\n"
                            "DTSTAMP:20260210T000101Z\r\n"
                            "LAST-MODIFIED:20260210T000101Z\r\n"
                            "SEQUENCE:2\r\n"
                            "DTSTART;TZID=Europe/London:20260226T170000\r\n"
                            "DTEND;TZID=Europe/London:20260226T180000\r\n"
                            "RRULE:FREQ=WEEKLY;BYDAY=TH\r\n"
                            "EXDATE;TZID=Europe/London:20260326T170000\r\n"
                            "SUMMARY:Reading group\r\n"
                            "LOCATION:Room 7\r\n"
                            "STATUS:CONFIRMED\r\n"
                            "END:VEVENT\r\n"
                            "BEGIN:VEVENT\r\n"
                            "UID:reading@allotment.example\r\n"
                            "DTSTAMP:20260210T000101Z\r\n"
                            "LAST-MODIFIED:20260210T000101Z\r\n"
                            "SEQUENCE:2\r\n"
                            "RECURRENCE-ID;TZID=Europe/London:20260402T170000\r\n"
                            "DTSTART;TZID=Europe/London:20260403T153000\r\n"
                            "DTEND;TZID=Europe/London:20260403T163000\r\n"
                            "SUMMARY:Reading group\r\n"
                            "LOCATION:Room 7\r\n"
                            "STATUS:CONFIRMED\r\n"
                            "END:VEVENT\r\n"
                            "END:VCALENDAR\r\n");
}

TEST_CASE("the same content gives the same bytes, in any order") {
    const Zone london = testing::zone("Europe/London"), kolkata = testing::zone("Asia/Kolkata");
    Feed feed{.name = "Circle"};
    for (const char* const uid : {"c@x", "a@x", "b@x", "d@x"}) {
        FeedEvent event = weekly(uid[0] == 'b' ? kolkata : london);
        event.uid = uid;
        event.series.extra = {wall("2026-05-05T10:00Z"), wall("2026-05-04T10:00Z")};
        event.series.excluded = {wall("2026-04-09T17:00Z"), wall("2026-03-05T17:00Z")};
        event.series.overrides = {
            {.original = wall("2026-04-30T17:00Z"), .start = wall("2026-05-01T17:00Z")},
            {.original = wall("2026-03-19T17:00Z"), .start = wall("2026-03-20T17:00Z")}};
        feed.events.push_back(event);
    }
    const std::string text = write_feed(feed);
    CHECK(write_feed(feed) == text);
    for (FeedEvent& event : feed.events) {
        std::ranges::reverse(event.series.extra);
        std::ranges::reverse(event.series.excluded);
        std::ranges::reverse(event.series.overrides);
    }
    std::ranges::reverse(feed.events);
    CHECK(write_feed(feed) == text);
    const Written read = read_written(text);
    REQUIRE(read.parts_named("VTIMEZONE").size() == 2);
    CHECK(read.parts_named("VTIMEZONE")[0].value("TZID") == "Asia/Kolkata");
    CHECK(read.parts_named("VTIMEZONE")[1].value("TZID") == "Europe/London");
}

TEST_CASE("a change of one word changes LAST-MODIFIED but not SEQUENCE") {
    const Zone zone = testing::zone("Europe/London");
    const FeedEvent before = weekly(zone);
    FeedEvent after = before;
    after.words.title = "Reading circle";
    const Revision next = revise(before, after, first_day + days(3));
    CHECK(next == Revision{.day = first_day + days(3)});
    after.revision = next;
    CHECK(events_of(before)[0].value("LAST-MODIFIED") == "20260105T000001Z");
    CHECK(events_of(after)[0].value("LAST-MODIFIED") == "20260108T000001Z");
    CHECK(events_of(after)[0].value("DTSTAMP") == "20260108T000001Z");
    CHECK(events_of(after)[0].value("SEQUENCE") == "0");

    FeedEvent of_one = before;
    of_one.instance_words = {{.original = wall("2026-03-05T17:00Z"),
                              .words = {.title = "Guests", .location = "Room 7"}}};
    CHECK(revise(before, of_one, first_day).change_of_day == 2);
    CHECK(revise(before, of_one, first_day).sequence == 0);
}

TEST_CASE("a change of time or place changes both") {
    const Zone zone = testing::zone("Europe/London"), paris = testing::zone("Europe/Paris");
    const FeedEvent before = weekly(zone);
    std::vector<FeedEvent> changed(9, before);
    changed[0].series.start.time += 1h;
    changed[1].series.duration = 2h;
    changed[2].series.rule->interval = 2;
    changed[3].zone = &paris;
    changed[4].words.location = "Room 8";
    changed[5].series.excluded = {wall("2026-03-05T17:00Z")};
    changed[6].series.overrides = {
        {.original = wall("2026-03-05T17:00Z"), .start = wall("2026-03-05T18:00Z")}};
    changed[7].cancelled = true;
    changed[8].instance_words = {{.original = wall("2026-03-05T17:00Z"),
                                  .words = {.title = "Reading group", .location = "Room 9"}}};
    for (const FeedEvent& after : changed) {
        CHECK(revise(before, after, first_day + days(1)) ==
              Revision{.day = first_day + days(1), .sequence = 1});
        CHECK(revise(after, before, first_day) ==
              Revision{.day = first_day, .change_of_day = 2, .sequence = 1});
    }
}

TEST_CASE("no change changes nothing, and a clock that goes back takes nothing back") {
    const Zone zone = testing::zone("Europe/London"), again = testing::zone("Europe/London");
    FeedEvent before = weekly(zone);
    before.series.excluded = {wall("2026-03-05T17:00Z"), wall("2026-03-12T17:00Z")};
    before.revision = {.day = first_day, .change_of_day = 3, .sequence = 4};
    FeedEvent after = before;
    after.zone = &again;
    std::ranges::reverse(after.series.excluded);
    after.instance_words = {{.original = wall("2026-03-19T17:00Z"), .words = after.words}};
    CHECK(revise(before, after, first_day + days(9)) == before.revision);
    CHECK(written(before) == written(after));
    after.words.title = "Another";
    CHECK(revise(before, after, first_day - days(2)) ==
          Revision{.day = first_day, .change_of_day = 4, .sequence = 4});
}

TEST_CASE("a cancelled event is CANCELLED in all its parts and stays for 90 days") {
    const Zone zone = testing::zone("Europe/London");
    FeedEvent event = weekly(zone);
    event.series.overrides = {
        {.original = wall("2026-04-02T17:00Z"), .start = wall("2026-04-03T15:30Z")}};
    CHECK_FALSE(is_dropped(event, first_day + days(1000)));
    event.cancelled = true;
    const auto written = events_of(event);
    REQUIRE(written.size() == 2);
    for (const Written& part : written) {
        CHECK(part.value("STATUS") == "CANCELLED");
    }
    CHECK_FALSE(is_dropped(event, first_day + days(90)));
    CHECK(is_dropped(event, first_day + days(91)));
}

TEST_CASE("a series split at THISANDFUTURE is two, the second named after the first") {
    const Zone zone = testing::zone("Europe/London");
    FeedEvent event = weekly(zone);
    event.series.overrides = {
        {.original = wall("2026-06-04T17:00Z"),
         .start = wall("2026-06-05T18:30Z"),
         .and_future = true},
        {.original = wall("2026-06-18T17:00Z"), .start = wall("2026-06-17T12:00Z")}};
    event.instance_words = {{.original = wall("2026-06-11T17:00Z"), .words = {.title = "Guests"}}};
    const auto parts = events_of(event);
    REQUIRE(parts.size() == 4);
    CHECK(parts[0].value("UID") == "reading@allotment.example");
    CHECK(parts[0].value("RRULE") == "FREQ=WEEKLY;UNTIL=20260604T155959Z;BYDAY=TH");
    for (const std::size_t i : {1U, 2U, 3U}) {
        CHECK(parts[i].value("UID") == "reading-from-20260604T170000@allotment.example");
    }
    CHECK(parts[1].value("DTSTART") == "20260605T183000");
    CHECK(parts[1].value("RRULE") == "FREQ=WEEKLY;BYDAY=FR");
    CHECK(parts[2].value("RECURRENCE-ID") == "20260612T183000");
    CHECK(parts[2].value("DTSTART") == "20260612T183000");
    CHECK(parts[2].value("SUMMARY") == "Guests");
    CHECK(parts[3].value("RECURRENCE-ID") == "20260619T183000");
    CHECK(parts[3].value("DTSTART") == "20260617T120000");
    CHECK(split_uid("plain", wall("2026-06-04"), TimeForm::date) == "plain-from-20260604");
}

TEST_CASE("an extra date is an event of its own, with its words") {
    const Zone zone = testing::zone("Europe/London");
    FeedEvent event = weekly(zone);
    event.series.extra = {wall("2026-05-05T10:00Z")};
    event.instance_words = {{.original = wall("2026-05-05T10:00Z"), .words = {.title = "Guests"}}};
    const auto parts = events_of(event);
    REQUIRE(parts.size() == 2);
    CHECK(parts[1].value("UID") == "reading-on-20260505T100000@allotment.example");
    CHECK(parts[1].value("SUMMARY") == "Guests");
    CHECK_FALSE(parts[1].has("RRULE"));
}

TEST_CASE("dates are dates everywhere") {
    FeedEvent event{.uid = "d",
                    .words = {.title = "Open day"},
                    .series = {.start = {.time = wall("2026-01-05"), .form = TimeForm::date},
                               .duration = 48h,
                               .rule = parse_rule("FREQ=WEEKLY;UNTIL=20260601T120000Z").value(),
                               .excluded = {wall("2026-01-12")},
                               .overrides = {{.original = wall("2026-01-19"),
                                              .start = wall("2026-01-20"),
                                              .duration = 24h}}},
                    .revision = {.day = first_day}};
    const auto parts = events_of(event);
    REQUIRE(parts.size() == 2);
    CHECK(texts(parts[0].lines) == std::vector<std::string>{
                                       "UID:d",
                                       "DTSTAMP:20260105T000001Z",
                                       "LAST-MODIFIED:20260105T000001Z",
                                       "SEQUENCE:0",
                                       "DTSTART;VALUE=DATE:20260105",
                                       "DTEND;VALUE=DATE:20260107",
                                       "RRULE:FREQ=WEEKLY;UNTIL=20260601",
                                       "EXDATE;VALUE=DATE:20260112",
                                       "SUMMARY:Open day",
                                       "STATUS:CONFIRMED",
                                   });
    CHECK(texts(parts[1].all("RECURRENCE-ID"))[0] == "RECURRENCE-ID;VALUE=DATE:20260119");
    CHECK(texts(parts[1].all("DTSTART"))[0] == "DTSTART;VALUE=DATE:20260120");
    CHECK_FALSE(parts[1].has("DTEND"));
    CHECK_FALSE(written(event).contains("VTIMEZONE"));
}

TEST_CASE("UTC and floating times have no TZID, nor has a zone that is UTC") {
    const Zone utc = Zone::utc();
    FeedEvent event = weekly(utc);
    event.series.rule->until = WallTime{.time = wall("2026-06-01T12:00Z")};
    CHECK(written(event).contains("DTSTART:20260226T170000Z\r\nDTEND:20260226T180000Z\r\n"
                                  "RRULE:FREQ=WEEKLY;UNTIL=20260601T120000Z;BYDAY=TH\r\n"));
    event.zone = nullptr;
    CHECK(written(event).contains("DTSTART:20260226T170000\r\nDTEND:20260226T180000\r\n"
                                  "RRULE:FREQ=WEEKLY;UNTIL=20260601T120000;BYDAY=TH\r\n"));
    CHECK_FALSE(written(event).contains("TZID"));
}

TEST_CASE("a single time that the clock shows twice or never is in UTC") {
    const Zone zone = testing::zone("Europe/London");
    FeedEvent event = weekly(zone);
    event.series.rule.reset();
    event.series.start.time = wall("2026-10-25T01:30Z");
    CHECK(written(event).contains("DTSTART:20261025T003000Z\r\nDURATION:PT1H\r\n"));
    event.series.start.time = wall("2026-03-29T01:30Z");
    CHECK(written(event).contains("DTSTART:20260329T013000Z\r\nDURATION:PT1H\r\n"));
    event.series.start.time = wall("2026-10-25T00:30Z");
    event.series.duration = 25h + 5s;
    CHECK(written(event).contains("DTSTART;TZID=Europe/London:20261025T003000\r\n"
                                  "DTEND;TZID=Europe/London:20261026T003005\r\n"));
    event.series.duration = 1h;
    CHECK(written(event).contains(":20261025T003000\r\nDURATION:PT1H\r\n"));
}

TEST_CASE("durations are written as RFC 5545 has them") {
    const std::vector<std::pair<std::chrono::minutes, std::string>> all{
        {15min, "PT15M"}, {1h, "PT1H"}, {90min, "PT1H30M"}, {24h, "P1D"}, {36h, "P1DT12H"}};
    for (const auto& [refresh, text] : all) {
        const Written read = read_written(write_feed({.name = "n", .refresh = refresh}));
        CHECK(read.value("X-PUBLISHED-TTL") == text);
        CHECK(read.value("REFRESH-INTERVAL") == text);
    }
}

TEST_CASE("what people write cannot break out of its line") {
    const Zone zone = testing::zone("Europe/London");
    FeedEvent event = weekly(zone);
    event.uid = "a\r\nb@x";
    event.words = {.title = "A;B,C\\D\nEND:VEVENT",
                   .description = std::string(500, 'x') + "\r\nATTENDEE:mailto:someone@x",
                   .location = "über\rall",
                   .url = "https://x.example/\r\nATTENDEE:mailto:someone@x"};
    const auto parts = events_of(event);
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].value("UID") == "a\\nb@x");
    CHECK(parts[0].value("SUMMARY") == "A\\;B\\,C\\\\D\\nEND:VEVENT");
    CHECK(parts[0].value("LOCATION") == "über\\nall");
    CHECK(parts[0].value("URL") == "https://x.example/ATTENDEE:mailto:someone@x");
    CHECK_FALSE(parts[0].has("ATTENDEE"));
}

TEST_CASE("a series that nobody can expand is written as it is") {
    FeedEvent event{.uid = "u",
                    .series = {.start = {.time = wall("2026-01-31"), .form = TimeForm::date},
                               .rule = parse_rule("FREQ=HOURLY;UNTIL=20260601T120000Z").value(),
                               .overrides = {{.original = wall("2026-02-01"),
                                              .start = wall("2026-02-01"),
                                              .cancelled = true}}},
                    .revision = {.day = first_day}};
    CHECK(written(event).contains("DTSTART;VALUE=DATE:20260131\r\n"
                                  "RRULE:FREQ=HOURLY;UNTIL=20260601\r\n"
                                  "EXDATE;VALUE=DATE:20260201\r\n"));
}

TEST_CASE("a zone is told from the first time in it to five years after the last change") {
    const Zone zone = testing::zone("America/New_York");
    FeedEvent event = weekly(zone);
    event.series.start.time = wall("2005-02-26T17:00Z");
    const std::string text = written(event);
    // The rule of 2005 and 2006, one by one, and that of today.
    CHECK(text.contains("DTSTART:20041031T020000\r\nRDATE:20051030T020000,20061029T020000\r\n"));
    CHECK(text.contains("DTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n"));
}
