#include "engine/calendar/feed.hpp"
#include "engine/calendar/ical.hpp"
#include "engine/calendar/reply.hpp"
#include "engine/calendar/written_lines.hpp"
#include "engine/calendar/zone_files.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using testing::wall;

namespace {

std::string answer(std::string_view lines, std::string_view method = "REPLY") {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:" + std::string(method) +
           "\r\nBEGIN:VEVENT\r\n" + std::string(lines) + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

Invitation some_invitation(const Zone& zone) {
    return {
        .event = {.uid = "reading@allotment.example",
                  .words = {.title = "Reading group"},
                  .series = {.start = {.time = wall("2027-01-14T17:00Z")},
                             .duration = 1h,
                             .rule = parse_rule("FREQ=WEEKLY;BYDAY=TH").value()},
                  .zone = &zone,
                  .revision = {.day = std::chrono::January / 5 / 2027, .sequence = 2}},
        .organizer = {.address = "post+i.0123456789abcdef@lab.example", .name = "Lab; at night"},
        .attendee = {.address = "mia@example.org", .name = ""}};
}

} // namespace

TEST_CASE("answers of four programs say the same") {
    for (const char* const lines :
         {"UID:a@b\r\nSEQUENCE:1\r\nORGANIZER:mailto:post@lab.example\r\n"
          "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=mia@example.org;"
          "X-NUM-GUESTS=0:mailto:mia@example.org\r\n",
          "UID:a@b\r\nSEQUENCE:1\r\nATTENDEE;CN=\"M, Mia\";PARTSTAT=ACCEPTED;EMAIL=mia@example.org:"
          "mailto:Mia@Example.org\r\n",
          "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:mia@example.org\r\nUID:a@b\r\nSEQUENCE:1\r\n",
          "UID:a@b\r\nATTENDEE;RSVP=TRUE;PARTSTAT=accepted:mailto:mia@example.org\r\nSEQUENCE:"
          "1\r\n"}) {
        CAPTURE(lines);
        const auto read = read_replies(answer(lines));
        REQUIRE(read.has_value());
        REQUIRE(read->size() == 1);
        CHECK(read->front().uid == "a@b");
        CHECK(read->front().sequence == 1);
        CHECK(read->front().attendee == "mia@example.org");
        CHECK(read->front().answer == Attends::yes);
        CHECK(!read->front().instance);
    }
}

TEST_CASE("an answer to one instance names it, and one that cannot be read is none") {
    const auto read = read_replies(answer("UID:a@b\r\nRECURRENCE-ID;TZID=Europe/London:"
                                          "20270114T170000\r\n"
                                          "ATTENDEE;PARTSTAT=DECLINED:mailto:mia@example.org\r\n"));
    REQUIRE(read.has_value());
    CHECK(read->front().instance->time == wall("2027-01-14T17:00Z"));
    CHECK(read->front().zone == "Europe/London");
    CHECK(read->front().answer == Attends::no);
    CHECK(read_replies(answer("UID:a@b\r\nRECURRENCE-ID:soon\r\n"
                              "ATTENDEE;PARTSTAT=DECLINED:mailto:mia@example.org\r\n"))
              ->empty());
}

TEST_CASE("an answer says when it was written, in UTC or not at all") {
    const auto stamp = [](const std::string& line) {
        const auto read = read_replies(
            answer("UID:a@b\r\n" + line + "ATTENDEE;PARTSTAT=ACCEPTED:mailto:m@example.org\r\n"));
        return read->front().stamp;
    };
    CHECK(stamp("DTSTAMP:20270114T170001Z\r\n") ==
          Instant(wall("2027-01-14T17:00Z").time_since_epoch() + std::chrono::seconds(1)));
    CHECK(!stamp("DTSTAMP:20270114T170001\r\n"));
    CHECK(!stamp("DTSTAMP:soon\r\n"));
    CHECK(!stamp(""));
}

TEST_CASE("what is no answer, or names nobody or several, says nothing") {
    CHECK(!read_replies(
        answer("UID:a@b\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:m@example.org\r\n", "REQUEST")));
    CHECK(!read_replies("words"));
    CHECK(!read_replies(""));
    CHECK(read_replies(answer("UID:a@b\r\n"))->empty());
    CHECK(read_replies(answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:m@example.org\r\n"))->empty());
    CHECK(read_replies(answer("UID:a@b\r\nATTENDEE:mailto:m@example.org\r\n"
                              "ATTENDEE:mailto:n@example.org\r\n"))
              ->empty());
    CHECK(read_replies(answer("UID:a@b\r\nATTENDEE:https://m.example\r\n"))
              ->front()
              .attendee.empty());
}

TEST_CASE("an invitation to a series is one event with its rule, for one person") {
    const Zone zone = testing::zone("Europe/London");
    Invitation invitation = some_invitation(zone);
    invitation.event.series.overrides = {
        {.original = wall("2027-02-04T17:00Z"), .start = wall("2027-02-05T18:00Z")}};
    const std::string text = write_invitation(invitation);
    CAPTURE(text);
    const auto written = testing::read_written(text);
    CHECK(text.find("METHOD:REQUEST\r\n") != std::string::npos);
    CHECK(text.find("RRULE:FREQ=WEEKLY;BYDAY=TH\r\n") != std::string::npos);
    CHECK(text.find("ORGANIZER;CN=\"Lab; at night\":") != std::string::npos);
    CHECK(text.find("X-PUBLISHED-TTL") == std::string::npos);
    const auto events = written.parts_named("VEVENT");
    REQUIRE(events.size() == 2);
    for (const auto& event : events) {
        CHECK(event.value("ATTENDEE") == "mailto:mia@example.org");
        CHECK(event.value("ORGANIZER") == "mailto:post+i.0123456789abcdef@lab.example");
        CHECK(event.value("SEQUENCE") == "2");
        CHECK(event.value("UID") == "reading@allotment.example");
    }
}

TEST_CASE("an invitation to one gathering moves it, and one that cancels takes it away") {
    const Zone zone = testing::zone("Europe/London");
    Invitation invitation = some_invitation(zone);
    invitation.only = wall("2027-04-01T17:00Z");
    invitation.event.series.overrides = {
        {.original = *invitation.only, .start = wall("2027-04-02T18:00Z"), .duration = 2h}};
    const std::string moved = write_invitation(invitation);
    CAPTURE(moved);
    CHECK(moved.find("RECURRENCE-ID;TZID=Europe/London:20270401T170000\r\n") != std::string::npos);
    CHECK(moved.find("DTSTART;TZID=Europe/London:20270402T180000\r\n") != std::string::npos);
    CHECK(moved.find("DTEND;TZID=Europe/London:20270402T200000\r\n") != std::string::npos);
    CHECK(moved.find("RRULE:FREQ=WEEKLY") == std::string::npos);
    CHECK(moved.find("STATUS:CONFIRMED") != std::string::npos);
    CHECK(moved.find("BEGIN:VTIMEZONE") != std::string::npos);
    invitation.method = Method::cancel;
    const std::string cancelled = write_invitation(invitation);
    CHECK(cancelled.find("METHOD:CANCEL\r\n") != std::string::npos);
    CHECK(cancelled.find("STATUS:CANCELLED") != std::string::npos);
}
