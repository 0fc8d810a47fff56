/// Calendars of elsewhere that become series, through the pages.
#include "app/test_house.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <regex>

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;

namespace {

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

constexpr const char* import_page = "/c/lab/import";

/// Of tests/data/calendars.
std::string calendar_of(const std::string& name) {
    std::ifstream file("tests/data/calendars/" + name + ".ics", std::ios::binary);
    REQUIRE_MESSAGE(file, name);
    return {std::istreambuf_iterator<char>(file), {}};
}

test::Fields sending(const std::string& name, const std::string& zone) {
    return {{"text", calendar_of(name)}, {"zone", zone}};
}

/// All that matches in a text.
std::vector<std::string> all_of(const std::string& text, const std::string& pattern) {
    const std::regex one(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), one), end; at != end; ++at) {
        found.push_back((*at)[1].str());
    }
    return found;
}

std::string json_of(Browser& browser, const std::string& path) {
    const auto answer = browser.get(path, {{"accept", "application/json"}});
    CHECK(answer.status == 200);
    return answer.text;
}

/// A meeting of a real calendar: when it is on a clock in New York, and when it is in UTC.
struct RealMeeting {
    std::string_view file;
    std::string_view rhythm;
    std::string_view hour;
    std::string_view utc_rhythm;
    std::string_view utc_hour;
};
// The hour in New York is the one of the day on which the file lets it begin: 13:00 UTC was 09:00
// in May and is 08:00 in November.
constexpr std::array<RealMeeting, 9> real_meetings = {{
    {"ansible_aws", "on the fourth Thursday of every month at 13:30 New York time", "13:30",
     "on the fourth Thursday of every month at 17:30 UTC", "17:30"},
    {"ansible_azure", "every second Tuesday at 08:00 New York time", "08:00",
     "every second Tuesday at 13:00 UTC", "13:00"},
    {"ansible_community", "every Wednesday at 14:00 New York time", "14:00",
     "every Wednesday at 19:00 UTC", "19:00"},
    {"ansible_network", "every second Thursday at 09:00 New York time", "09:00",
     "every second Thursday at 13:00 UTC", "13:00"},
    {"ansible_security", "every Monday at 10:00 New York time", "10:00",
     "every Monday at 15:00 UTC", "15:00"},
    {"ansible_vmware", "every Monday at 11:00 New York time", "11:00", "every Monday at 16:00 UTC",
     "16:00"},
    {"ansible_windows", "on the first Tuesday of every month at 15:00 New York time", "15:00",
     "on the first Tuesday of every month at 20:00 UTC", "20:00"},
    {"ansible_windows", "on the third Tuesday of every month at 15:00 New York time", "15:00",
     "on the third Tuesday of every month at 20:00 UTC", "20:00"},
    {"ansible_docs", "every Tuesday at 11:00 New York time", "11:00", "every Tuesday at 16:00 UTC",
     "16:00"},
}};
/// All of them in one file, in that order.
constexpr std::string_view all_meetings = "ansible_ansible_community_meetings";

std::vector<RealMeeting> meetings_of(std::string_view file) {
    std::vector<RealMeeting> meetings;
    for (const RealMeeting& one : real_meetings) {
        if (file == all_meetings || one.file == file) {
            meetings.push_back(one);
        }
    }
    return meetings;
}

/// Looks at a real calendar, and takes all that is chosen for her. Answers how many that are.
std::size_t take_real(Browser& ada, std::string_view file, bool keep_utc) {
    CAPTURE(file);
    auto fields = sending(std::string(file), "America/New_York");
    if (keep_utc) {
        fields.emplace_back("keep_utc", "yes");
    }
    const auto seen = ada.send(import_page, import_page, fields);
    REQUIRE(seen.status == 200);
    CHECK(says(seen, "An old calendar"));
    CHECK(says(seen, "2023"));
    CHECK(says(seen, "Some meetings are at an hour of UTC"));
    CHECK(says(seen, "put on the clock below") == !keep_utc);
    CHECK(says(seen, "and stay there") == keep_utc);
    const auto offered =
        all_of(seen.text, R"re(name="event" value="\d+" checked.*<small>([^<]*)<)re");
    const auto meetings = meetings_of(file);
    REQUIRE(offered.size() == meetings.size());
    fields.emplace_back("audience", "public");
    for (std::size_t k = 0; k < meetings.size(); ++k) {
        CHECK(offered[k] == (keep_utc ? meetings[k].utc_rhythm : meetings[k].rhythm));
        fields.emplace_back("event", std::to_string(k));
    }
    REQUIRE(ada.send(import_page, "/c/lab/import/begin", fields).status == 303);
    return meetings.size();
}

/// A series that was taken says its rhythm, and whoever is there has it at that hour each time.
void check_real(Browser& reader, const std::string& page, std::string_view rhythm,
                std::string_view hour) {
    CAPTURE(page);
    CHECK(says(reader.get(page), rhythm));
    const auto hours = all_of(json_of(reader, page), R"re("there":"[^"]*T(\d\d:\d\d)")re");
    CHECK(!hours.empty());
    for (const std::string& one : hours) {
        CHECK(one == hour);
    }
}

} // namespace

TEST_CASE(
    "real calendars at an hour of UTC keep their hour on a clock, or in UTC where that is wished") {
    for (const auto engine : test::engines()) {
        for (const bool keep_utc : {false, true}) {
            CAPTURE(test::name_of(engine));
            CAPTURE(keep_utc);
            test::House house(engine);
            Browser ada = house.begin("lab", "ada@example.org");
            std::vector<RealMeeting> taken;
            for (const std::string_view file :
                 {all_meetings, std::string_view("ansible_aws"), std::string_view("ansible_azure"),
                  std::string_view("ansible_community"), std::string_view("ansible_docs"),
                  std::string_view("ansible_network"), std::string_view("ansible_security"),
                  std::string_view("ansible_vmware"), std::string_view("ansible_windows")}) {
                REQUIRE(take_real(ada, file, keep_utc) > 0);
                std::ranges::copy(meetings_of(file), std::back_inserter(taken));
            }
            CHECK(taken.size() == 18);
            Browser nobody(house);
            // In January, and in April, when New York is one hour nearer to UTC.
            for (const auto later : {std::chrono::days(0), std::chrono::days(100)}) {
                house.clock.advance(later);
                for (std::size_t k = 0; k < taken.size(); ++k) {
                    const std::string page =
                        "/c/lab/series/x" + (k == 0 ? std::string() : "-" + std::to_string(k + 1));
                    check_real(nobody, page, keep_utc ? taken[k].utc_rhythm : taken[k].rhythm,
                               keep_utc ? taken[k].utc_hour : taken[k].hour);
                }
            }
        }
    }
}

TEST_CASE("nothing is written before the button, and nothing without a choice") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    REQUIRE(ada.send(import_page, import_page, sending("ansible_docs", "Europe/London")).status ==
            200);
    CHECK(ada.get("/c/lab/series/x").status == 404);
    const auto none =
        ada.send(import_page, "/c/lab/import/begin", sending("ansible_docs", "Europe/London"));
    CHECK(none.status == 422);
    CHECK(says(none, "Tick at least one meeting."));
    CHECK(ada.get("/c/lab/series/x").status == 404);
    for (const std::string& wrong : {std::string(), std::string("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
                                     std::string("hello"), std::string(600'000, 'x')}) {
        const auto again =
            ada.send(import_page, import_page, {{"text", wrong}, {"zone", "Europe/London"}});
        CHECK(again.status == 422);
    }
}

TEST_CASE("titles and words of a calendar that is taken over are cleaned as those of forms") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const std::string text =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:a@x\r\n"
        "DTSTAMP:20270101T000000Z\r\nDTSTART;TZID=Europe/London:20270114T170000\r\n"
        "DURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Else\u202ewhere\u0085\u200b\r\n"
        "DESCRIPTION:One \u202etwo\u202c\u0085\\nthree\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    test::Fields fields = {{"text", text}, {"zone", "Europe/London"}, {"audience", "public"}};
    fields.emplace_back("event", "0");
    REQUIRE(ada.send(import_page, "/c/lab/import/begin", fields).status == 303);
    const auto rows = house.fresh.store->read([&](store::Transaction& transaction) {
        return transaction.rows("SELECT title, about FROM series", {});
    });
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().text(0) == "Elsewhere");
    CHECK(rows->front().text(1) == "One two\nthree");
}

TEST_CASE("what was changed about single meetings is kept with them") {
    test::House house(test::EngineKind::sqlite);
    house.clock.set(Moment(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)));
    Browser ada = house.begin("lab", "ada@example.org");
    auto fields = sending("changes", "Europe/London");
    const auto seen = ada.send(import_page, import_page, fields);
    REQUIRE(seen.status == 200);
    fields.emplace_back("event", "0");
    REQUIRE(ada.send(import_page, "/c/lab/import/begin", fields).status == 303);
    const std::string series = "/c/lab/series/reading-group/";
    // Thursdays at 17:00 in Paris: one is excluded, one moved to Friday, one cancelled.
    CHECK(says(ada.get(series + "20260305T170000"), "Reading group"));
    CHECK(json_of(ada, series + "20260312T170000").find("\"cancelled\":true") != std::string::npos);
    CHECK(json_of(ada, series + "20260319T170000").find("2026-03-20T09:00") != std::string::npos);
    CHECK(json_of(ada, series + "20260326T170000").find("\"cancelled\":true") != std::string::npos);
    // An extra Saturday, and from 9 April on an hour earlier and longer.
    CHECK(json_of(ada, series + "20260314T100000").find("\"there_end\":\"2026-03-14T13:00") !=
          std::string::npos);
    CHECK(json_of(ada, series + "20260416T160000").find("\"there_end\":\"2026-04-16T17:30") !=
          std::string::npos);
}

TEST_CASE("what is over is said, and begins again from today where that is wished") {
    test::House house(test::EngineKind::sqlite);
    house.clock.set(Moment(std::chrono::sys_days(std::chrono::year(2027) / 1 / 4)));
    Browser ada = house.begin("lab", "ada@example.org");
    auto fields = sending("changes", "Europe/London");
    const auto seen = ada.send(import_page, import_page, fields);
    CHECK(says(seen, "It ended on"));
    CHECK(all_of(seen.text, R"re(name="event" value="(\d+)" checked)re").empty());
    fields.emplace_back("event", "0");
    REQUIRE(ada.send(import_page, "/c/lab/import/begin", fields).status == 303);
    CHECK(json_of(ada, "/c/lab/series/reading-group").find("2027-01-07T17:00") !=
          std::string::npos);
}

TEST_CASE("a calendar comes as a file, with the clock of Outlook") {
    test::House house(test::EngineKind::sqlite);
    house.clock.set(Moment(std::chrono::sys_days(std::chrono::year(2026) / 1 / 4)));
    Browser ada = house.begin("lab", "ada@example.org");
    const auto seen = ada.send(import_page, import_page, sending("windows", "Africa/Nairobi"));
    REQUIRE(seen.status == 200);
    CHECK_FALSE(says(seen, "Its clock is known to the file alone"));
    const auto own = ada.send(import_page, import_page, sending("own_zone", "Africa/Nairobi"));
    REQUIRE(own.status == 200);
    CHECK(says(own, "Its clock is known to the file alone"));
}
