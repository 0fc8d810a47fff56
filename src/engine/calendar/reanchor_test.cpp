#include "engine/calendar/ical.hpp"
#include "engine/calendar/reanchor.hpp"
#include "engine/calendar/rule_shift.hpp"
#include "engine/calendar/zone_files.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using testing::at;

namespace {

std::optional<Zone> lookup(std::string_view name) {
    auto zone = Zone::parse(testing::zone_bytes(std::string(name)), std::string(name));
    return zone ? std::optional(*std::move(zone)) : std::nullopt;
}

/// The rule for a start in UTC, by so much later; empty where there is none.
std::string shifted(const char* rule, const char* start, std::chrono::seconds by) {
    const auto moved = shifted_rule(*parse_rule(rule), *parse_wall_time(start), by);
    return moved ? format_rule(*moved) : "";
}

std::string calendar_of(std::string_view events) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + std::string(events) +
           "END:VCALENDAR\r\n";
}

std::string event_of(std::string_view lines) {
    return "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n" + std::string(lines) +
           "END:VEVENT\r\n";
}

/// Without its VTIMEZONE.
std::string anchored(const std::string& text, const char* zone) {
    const auto done = reanchor(text, testing::zone(zone), lookup);
    REQUIRE(done);
    std::string out = done->text;
    const auto begin = out.find("BEGIN:VTIMEZONE");
    const std::string_view end = "END:VTIMEZONE\r\n";
    out.erase(begin, out.find(end) + end.size() - begin);
    return out;
}

/// `2026-03-26T16:00Z`, of all events, cancelled ones with a minus.
std::vector<std::string> begins(const std::string& text) {
    const auto calendar = read_calendar(text, lookup);
    REQUIRE(calendar);
    CHECK(calendar->findings.count() == 0);
    std::vector<std::string> all;
    for (const Event& event : calendar->events) {
        const auto found = instances(event.series, *event.zone, at("2000-01-01"), at("2030-01-01"));
        REQUIRE(found);
        for (const Instance& instance : *found) {
            all.push_back((instance.cancelled ? "-" : "") + format_instant(instance.begin));
        }
    }
    return all;
}

} // namespace

TEST_CASE("a rule on another clock keeps its form where its days stay") {
    CHECK(shifted("FREQ=WEEKLY;BYDAY=TU", "20260106T170000Z", 1h) == "FREQ=WEEKLY;BYDAY=TU");
    CHECK(shifted("FREQ=MONTHLY;BYDAY=-1FR", "20260130T170000Z", 1h) == "FREQ=MONTHLY;BYDAY=-1FR");
    CHECK(shifted("FREQ=WEEKLY;BYHOUR=9,17", "20260106T090000Z", 90min) ==
          "FREQ=WEEKLY;BYHOUR=10,18");
    CHECK(shifted("FREQ=WEEKLY;BYHOUR=9,17;BYMINUTE=0", "20260106T090000Z", 90min) ==
          "FREQ=WEEKLY;BYMINUTE=30;BYHOUR=10,18");
    CHECK(shifted("FREQ=DAILY;BYHOUR=9,23", "20260106T090000Z", 1h) == "FREQ=DAILY;BYHOUR=0,10");
    CHECK(shifted("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9,23", "20260106T090000Z", 1h).empty());
}

TEST_CASE("a rule on another clock shifts its days where they change") {
    CHECK(shifted("FREQ=WEEKLY;BYDAY=TU,SU", "20260106T233000Z", 1h) == "FREQ=WEEKLY;BYDAY=WE,MO");
    CHECK(shifted("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "20260105T003000Z", -1h) ==
          "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,SA;WKST=SU");
    CHECK(shifted("FREQ=MONTHLY;BYMONTHDAY=5,-3", "20260105T233000Z", 1h) ==
          "FREQ=MONTHLY;BYMONTHDAY=6,-2");
    CHECK(shifted("FREQ=MONTHLY;BYDAY=2TU", "20260113T233000Z", 1h) ==
          "FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=9,10,11,12,13,14,15");
    CHECK(shifted("FREQ=MONTHLY;BYDAY=-1FR", "20260130T003000Z", -1h) ==
          "FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=-8,-7,-6,-5,-4,-3,-2");
    CHECK(shifted("FREQ=MONTHLY", "20260105T233000Z", 1h) == "FREQ=MONTHLY");
}

TEST_CASE("days that no rule gives are refused") {
    CHECK(shifted("FREQ=MONTHLY;BYDAY=-1FR", "20260130T233000Z", 1h).empty());
    CHECK(shifted("FREQ=MONTHLY;BYDAY=1TU", "20260106T003000Z", -1h).empty());
    CHECK(shifted("FREQ=MONTHLY;BYDAY=4TH", "20260122T233000Z", 1h).empty());
    CHECK(shifted("FREQ=MONTHLY;BYMONTHDAY=-1", "20260131T233000Z", 1h).empty());
    CHECK(shifted("FREQ=MONTHLY;BYDAY=1TU,2TH", "20260106T233000Z", 1h).empty());
    CHECK(shifted("FREQ=MONTHLY", "20260131T233000Z", 1h).empty());
    CHECK(shifted("FREQ=HOURLY", "20260131T233000Z", 1h).empty());
}

TEST_CASE("a weekly meeting keeps its time on the wall from the first one on") {
    const auto text = calendar_of(event_of("SUMMARY:Reading\r\nDTSTART:20260310T170000Z\r\n"
                                           "DTEND:20260310T180000Z\r\nX-ANY: thing\r\n"
                                           "RRULE:FREQ=WEEKLY;UNTIL=20260407T170000Z\r\n"));
    const auto done = reanchor(text, testing::zone("Europe/Paris"), lookup);
    REQUIRE(done);
    CHECK(done->changed == 1);
    CHECK(done->left.empty());
    CHECK(anchored(text, "Europe/Paris") ==
          calendar_of(event_of("SUMMARY:Reading\r\nDTSTART;TZID=Europe/Paris:20260310T180000\r\n"
                               "DTEND;TZID=Europe/Paris:20260310T190000\r\nX-ANY: thing\r\n"
                               "RRULE:FREQ=WEEKLY;UNTIL=20260407T160000Z\r\nSEQUENCE:1\r\n")));
    CHECK(begins(done->text) ==
          std::vector<std::string>{"2026-03-10T17:00:00Z", "2026-03-17T17:00:00Z",
                                   "2026-03-24T17:00:00Z", "2026-03-31T16:00:00Z",
                                   "2026-04-07T16:00:00Z"});
}

TEST_CASE("exclusions, extra dates and changes go along") {
    const auto text =
        calendar_of(event_of("SEQUENCE:4\r\nDTSTART:20260310T230000Z\r\nDURATION:PT1H\r\n"
                             "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=6\r\n"
                             "EXDATE:20260317T230000Z,20260331T230000Z\r\n"
                             "RDATE;VALUE=PERIOD:20260401T230000Z/20260402T013000Z\r\n") +
                    event_of("RECURRENCE-ID:20260324T230000Z\r\nDTSTART:20260325T080000Z\r\n") +
                    event_of("RECURRENCE-ID:20260407T230000Z\r\nDTSTART:20260407T230000Z\r\n"
                             "DTEND:20260408T010000Z\r\nSTATUS:CANCELLED\r\n"));
    CHECK(
        anchored(text, "Europe/Paris") ==
        calendar_of(event_of("SEQUENCE:5\r\nDTSTART;TZID=Europe/Paris:20260311T000000\r\n"
                             "DURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=6;BYDAY=WE\r\n"
                             "EXDATE;TZID=Europe/Paris:20260318T000000,20260401T000000\r\n"
                             "RDATE;TZID=Europe/Paris;VALUE=PERIOD:20260402T000000/PT2H30M0S\r\n") +
                    event_of("RECURRENCE-ID;TZID=Europe/Paris:20260325T000000\r\n"
                             "DTSTART:20260325T080000Z\r\nSEQUENCE:1\r\n") +
                    event_of("RECURRENCE-ID;TZID=Europe/Paris:20260408T000000\r\n"
                             "DTSTART;TZID=Europe/Paris:20260408T000000\r\n"
                             "DTEND;TZID=Europe/Paris:20260408T020000\r\nSTATUS:CANCELLED\r\n"
                             "SEQUENCE:1\r\n")));
    const auto done = reanchor(text, testing::zone("Europe/Paris"), lookup);
    CHECK(begins(done->text) ==
          std::vector<std::string>{"2026-03-10T23:00:00Z", "2026-03-25T08:00:00Z",
                                   "2026-04-01T22:00:00Z", "-2026-04-07T22:00:00Z",
                                   "2026-04-14T22:00:00Z"});
}

TEST_CASE("what is not at an hour of UTC stays, byte for byte") {
    const std::string text = "\xEF\xBB\xBF"
                             "BEGIN:VCALENDAR\n\nVERSION:2.0\nnonsense\n"
                             "BEGIN:VEVENT\nDTSTART:20260310T170000Z\nSUMMARY:a\n b\nEND:VEVENT\n"
                             "BEGIN:VEVENT\nDTSTART;TZID=Europe/Paris:20260310T170000\n"
                             "RRULE:FREQ=WEEKLY\nEND:VEVENT\n"
                             "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260310\nRRULE:FREQ=WEEKLY\n"
                             "END:VEVENT\nEND:VCALENDAR";
    const auto done = reanchor(text, testing::zone("Europe/Paris"), lookup);
    REQUIRE(done);
    CHECK(done->changed == 0);
    CHECK(done->text == text);
}

TEST_CASE("lines end as the file ends them, and one VTIMEZONE is enough") {
    std::string text = calendar_of(event_of("DTSTART:20260310T170000Z\r\nRRULE:FREQ=WEEKLY\r\n"));
    std::erase(text, '\r');
    const auto done = reanchor(text, testing::zone("Europe/Paris"), lookup);
    REQUIRE(done);
    CHECK_FALSE(done->text.contains('\r'));
    CHECK(done->text.contains("BEGIN:VTIMEZONE\nTZID:Europe/Paris\n"));
    std::string with_zone = text;
    const auto begin = done->text.find("BEGIN:VTIMEZONE");
    with_zone.insert(with_zone.find("BEGIN:VEVENT"),
                     done->text.substr(begin, done->text.find("BEGIN:VEVENT") - begin));
    CHECK(reanchor(with_zone, testing::zone("Europe/Paris"), lookup)->text == done->text);
}

TEST_CASE("a series whose days no rule gives there is left and told") {
    const auto text =
        calendar_of(event_of("DTSTART:20260130T233000Z\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR\r\n"));
    const auto done = reanchor(text, testing::zone("Europe/Paris"), lookup);
    REQUIRE(done);
    CHECK(done->changed == 0);
    CHECK(done->text == text);
    REQUIRE(done->left.size() == 1);
    CHECK(done->left[0].line == 4);
}
