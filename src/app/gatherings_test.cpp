/// Series and gatherings through their pages.
#include "app/test_house.hpp"

#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;
using namespace std::string_literals;

namespace {

namespace json = boost::json;

constexpr const char* new_page = "/c/lab/series/new";
constexpr const char* all_series = "/c/lab/series";

test::Fields weekly(std::string_view title, std::string_view rhythm,
                    std::string_view audience = "public") {
    return {{"title", std::string(title)},
            {"rhythm", std::string(rhythm)},
            {"minutes", "60"},
            {"where", "https://meet.example/lab"},
            {"audience", std::string(audience)}};
}

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("a member begins a series, and anyone sees when it meets") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        house.begin("lab", "ada@example.org");
        Browser mia = house.person("lab", "mia@example.org", Role::member);

        auto fields = weekly("Journal club", "every Thursday at 17:00 London time");
        fields.emplace_back("preview", "yes");
        const auto preview = mia.send(new_page, all_series, fields);
        CHECK(preview.status == 200);
        CHECK(says(preview, "every Thursday at 17:00 London time"));

        fields.pop_back();
        const auto begun = mia.send(new_page, all_series, fields);
        REQUIRE(begun.status == 303);
        CHECK(test::header_of(begun, "location") == "/c/lab/series/journal-club?begun");

        Browser nobody(house);
        const auto page = nobody.get("/c/lab/series/journal-club");
        REQUIRE(page.status == 200);
        CHECK(says(page, "Journal club"));
        CHECK(says(page, "https://meet.example/lab"));
        CHECK_FALSE(says(page, "mia@example.org"));
        CHECK(says(nobody.get("/c/lab/events"), "Journal club"));
    }
}

TEST_CASE("a rhythm that is not understood is asked again, with what was typed") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    for (const char* const rhythm :
         {"whenever", "every Thursday", "at 17:00", "2020-01-01 17:00"}) {
        CAPTURE(rhythm);
        const auto again = ada.send(new_page, all_series, weekly("Journal club", rhythm));
        CHECK(again.status == 422);
        CHECK(says(again, rhythm));
    }
    CHECK(ada.get("/c/lab/series/journal-club").status == 404);
}

TEST_CASE("many gatherings stand on several pages of whole days, each of them once") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    constexpr std::size_t daily = 4;
    for (std::size_t k = 0; k < daily; ++k) {
        const std::string title = "Quiet hour " + std::to_string(k + 1);
        REQUIRE(ada.send(new_page, all_series, weekly(title, "every day at 17:00 London time"))
                    .status == 303);
    }
    Browser nobody(house);
    const auto read = [&](const std::string& path) {
        const auto answer = nobody.get(path, {{"accept", "application/json"}});
        REQUIRE(answer.status == 200);
        return json::parse(answer.text);
    };
    std::set<std::string> seen;
    std::size_t pages = 0;
    for (std::string path = "/c/lab/events"; !path.empty(); ++pages) {
        REQUIRE(pages < 10);
        const json::value page = read(path);
        std::size_t shown = 0;
        for (const json::value& day : page.at("days").as_array()) {
            CHECK(day.at("gatherings").as_array().size() == daily);
            for (const json::value& one : day.at("gatherings").as_array()) {
                CHECK(seen.insert(std::string(one.at("path").as_string())).second);
                ++shown;
            }
        }
        CHECK(shown > 0);
        CHECK(shown <= 100);
        CHECK(page.at("series").as_array().size() == (pages == 0 ? daily : 0));
        CHECK(page.at("earlier").as_string() == (pages == 0 ? "" : "/c/lab/events"));
        path = std::string(page.at("later").as_string());
        CHECK((path.empty() || says(nobody.get(path), "Quiet hour 1")));
    }
    CHECK(pages == 2);
    CHECK(seen.size() == daily * 35);
    for (const char* const none : {"2027-09-09", "0", "today", "2027-02-30"}) {
        CHECK(nobody.get(std::string("/c/lab/events/") + none).status == 404);
    }
}

TEST_CASE("what is for members is not there for others") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const auto begun =
            ada.send(new_page, all_series,
                     weekly("Lab meeting", "every Monday at 10:00 London time", "members"));
        REQUIRE(begun.status == 303);
        Browser mia = house.person("lab", "mia@example.org", Role::member);
        Browser nobody(house);
        CHECK(mia.get("/c/lab/series/lab-meeting").status == 200);
        CHECK(nobody.get("/c/lab/series/lab-meeting").status == 404);
        CHECK_FALSE(says(nobody.get("/c/lab/events"), "Lab meeting"));
    }
}

TEST_CASE("a reader without an account says where she is, and sees her own time") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    REQUIRE(ada.send(new_page, all_series,
                     weekly("Journal club", "every Thursday at 17:00 London time"))
                .status == 303);
    Browser nobody(house);
    const auto chosen = nobody.send("/c/lab/events", "/c/lab/zone",
                                    {{"zone", "Africa/Nairobi"}, {"back", "/c/lab/events"}});
    CHECK(chosen.status == 303);
    CHECK(says(nobody.get("/c/lab/events"), "London:"));
    for (const char* const page : {"/c/lab/series/journal-club", "/c/lab/events"}) {
        CAPTURE(page);
        Browser reader(house);
        const auto before = reader.get(page);
        CHECK(says(before, "name=\"zone\""));
        CHECK_FALSE(says(before, "London:"));
        CHECK_FALSE(says(ada.get(page), "name=\"zone\"")); // her account says it
        // What nobody knows is asked again, and then leads back to where it was asked.
        const auto unknown = reader.send(page, "/c/lab/zone", {{"zone", "Mars"}, {"back", page}});
        CHECK(unknown.status == 422);
        CHECK(says(unknown, "name=\"back\" value=\"" + std::string(page) + "\""));
        CHECK(says(unknown, "value=\"Mars\""));
        const auto said = reader.send(page, "/c/lab/zone", {{"zone", "nairobi"}, {"back", page}});
        CHECK(test::header_of(said, "location") == page);
        CHECK(says(reader.get(page), "London:"));
    }
    const auto away = nobody.send("/c/lab/events", "/c/lab/zone",
                                  {{"zone", "Africa/Nairobi"}, {"back", "https://evil.example/"}});
    CHECK(test::header_of(away, "location") == "/c/lab/events");
}

namespace {

/// A house with one weekly series of its steward, on Thursdays of 2027 or what `some_noon` is in.
struct Lab {
    explicit Lab(test::EngineKind engine)
        : house(engine), ada(house.begin("lab", "ada@example.org")) {
        house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 12));
        ada = house.sign_in("ada@example.org");
        const auto begun = ada.send(new_page, all_series,
                                    weekly("Journal club", "every Thursday at 17:00 London time"));
        REQUIRE(begun.status == 303);
    }
    test::House house;
    Browser ada;
};

constexpr const char* first = "/c/lab/series/journal-club/20270114T170000";

std::string at_first(std::string_view rest) {
    return first + std::string(rest);
}

} // namespace

TEST_CASE("where the clock changes during a gathering, both offsets are said") {
    Lab lab(test::EngineKind::sqlite);
    lab.house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 10 / 25));
    Browser ada = lab.house.sign_in("ada@example.org");
    REQUIRE(
        ada.send(new_page, all_series, weekly("Night walk", "every Sunday at 01:30 London time"))
            .status == 303);
    Browser nobody(lab.house);
    const auto said = "(the clock changes, from UTC+1 to UTC+0)"; // 1:30 to 1:30
    CHECK(says(nobody.get("/c/lab/series/night-walk/20271031T013000"), said));
    CHECK_FALSE(says(nobody.get("/c/lab/series/night-walk/20271107T013000"), "the clock changes"));
}

TEST_CASE("a host moves one gathering, and takes it back") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(lab.ada
                    .send(at_first("/change"), at_first("/move"),
                          {{"date", "2027-01-15"}, {"time", "18:30"}, {"why", "The room is taken"}})
                    .status == 303);
        Browser nobody(lab.house);
        const auto page = nobody.get(first);
        CHECK(says(page, "2027-01-15T18:30:00Z"));
        CHECK(says(page, "The room is taken"));
        REQUIRE(lab.ada.send(first, at_first("/restore"), {}).status == 303);
        CHECK(says(nobody.get(first), "2027-01-14T17:00:00Z"));
    }
}

TEST_CASE("a gathering that is skipped says so, and the next one stays") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(
            lab.ada.send(at_first("/change"), at_first("/skip"), {{"why", "A holiday"}}).status ==
            303);
        Browser nobody(lab.house);
        CHECK(says(nobody.get(first), "A holiday"));
        CHECK(nobody.get("/c/lab/series/journal-club/20270121T170000").status == 200);
        CHECK(nobody.get("/c/lab/series/journal-club/20270122T170000").status == 404);
    }
}

TEST_CASE("from a day on a series meets at other times, and what was written goes along") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string third = "/c/lab/series/journal-club/20270128T170000";
        // Something is written about the one after: it was moved by hand, and has a reason.
        const std::string fourth = "/c/lab/series/journal-club/20270204T170000";
        REQUIRE(lab.ada
                    .send(fourth + "/change", fourth + "/move",
                          {{"date", "2027-02-05"}, {"time", "17:00"}, {"why", "moved by hand"}})
                    .status == 303);
        const auto preview =
            lab.ada.send(third + "/change", third + "/rhythm",
                         {{"rhythm", "every Friday at 09:00 London time"}, {"preview", "yes"}});
        CHECK(preview.status == 200);
        CHECK(lab.ada.get("/c/lab/series/journal-club/20270129T090000").status == 404);
        REQUIRE(lab.ada
                    .send(third + "/change", third + "/rhythm",
                          {{"rhythm", "every Friday at 09:00 London time"}})
                    .status == 303);
        CHECK(lab.ada.get(first).status == 200);
        CHECK(test::header_of(lab.ada.get(third), "location") ==
              "/c/lab/series/journal-club/20270129T090000");
        CHECK(lab.ada.get("/c/lab/series/journal-club/20270129T090000").status == 200);
        const auto next = lab.ada.get("/c/lab/series/journal-club/20270205T090000");
        CHECK(next.status == 200);
        CHECK_FALSE(says(next, "moved by hand")); // a move of a date that is no more
        // Once more, for a series that has two rhythms.
        const std::string fifth = "/c/lab/series/journal-club/20270212T090000";
        REQUIRE(lab.ada
                    .send(fifth + "/change", fifth + "/rhythm",
                          {{"rhythm", "every Monday at 09:00 New York time"}})
                    .status == 303);
        CHECK(lab.ada.get("/c/lab/series/journal-club/20270215T090000").status == 200);
        CHECK(lab.ada.get("/c/lab/series/journal-club/20270205T090000").status == 200);
    }
}

TEST_CASE("pages say when a series meets now, and from which day on otherwise") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string from = "/c/lab/series/journal-club/20270204T170000";
        constexpr const char* old_times = "every Thursday at 17:00 London time";
        constexpr const char* new_times = "every Monday at 18:00 London time";
        REQUIRE(lab.ada.send(from + "/change", from + "/rhythm", {{"rhythm", new_times}}).status ==
                303);
        Browser nobody(lab.house);
        const test::Fields as_json = {{"accept", "application/json"}};
        // The first Monday from there on is the eighth; its gathering begins at 18:00.
        const auto begins =
            std::chrono::sys_days(std::chrono::year(2027) / 2 / 8) + std::chrono::hours(18);
        for (const auto away : {std::chrono::hours(-24 * 20), std::chrono::hours(-1),
                                std::chrono::hours(0), std::chrono::hours(24 * 20)}) {
            CAPTURE(away.count());
            lab.house.clock.set(begins + away);
            const bool is_new = away >= std::chrono::hours(0);
            const auto page = json::parse(nobody.get("/c/lab/series/journal-club", as_json).text);
            const auto line =
                json::parse(nobody.get("/c/lab/events", as_json).text).at("series").at(0);
            for (const json::value& said : {page, line}) {
                // Old times say until when they hold: the last of them is the 28th.
                CHECK(said.at("rhythm").as_string() ==
                      (is_new ? std::string(new_times) : old_times + " until 28 January 2027"s));
                const auto& later = said.at("later").as_array();
                REQUIRE(later.size() == (is_new ? 0 : 1));
                if (!is_new) {
                    CHECK(later.at(0).at("rhythm").as_string() == new_times);
                    CHECK(later.at(0).at("from").as_string() == "2027-02-08");
                    CHECK(says(nobody.get("/c/lab/events"), new_times));
                }
            }
        }
    }
}

TEST_CASE("what was, stays: times change from a gathering ahead on, and never begin in the past") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 30));
        lab.ada = lab.house.sign_in("ada@example.org");
        const auto rhythm = [&](const std::string& from, std::string_view words) {
            return lab.ada.send(from + "/change", from + "/rhythm",
                                {{"rhythm", std::string(words)}});
        };
        const std::string next = "/c/lab/series/journal-club/20270204T170000";
        const auto past = lab.ada.get(at_first("/change"));
        CHECK_FALSE(says(past, "Change from here on"));
        CHECK(lab.ada
                  .send(next + "/change", at_first("/rhythm"),
                        {{"rhythm", "every Monday at 18:00 London time"}})
                  .status == 409);
        CHECK(rhythm(next, "every Monday at 18:00 London time from 1 January 2020").status == 409);
        CHECK(lab.ada.get(first).status == 200);
        CHECK(lab.ada.get(next).status == 200);
    }
}

TEST_CASE("words whose date would have none in its place are kept: such a change is refused") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string page = "/c/lab/series/journal-club/";
        // Two holidays, and a question about a later date.
        for (const char* const when : {"20270204T170000", "20270225T170000"}) {
            REQUIRE(lab.ada.send(page + when + "/change", page + when + "/skip", {{"why", ""}})
                        .status == 303);
        }
        const std::string second = page + "20270121T170000";
        const auto twice = [&](std::string_view times) {
            return lab.ada.send(second + "/change", second + "/rhythm",
                                {{"rhythm", "every 2 weeks on Thursday at 17:00 London time, " +
                                                std::string(times)}});
        };
        Browser guest(lab.house);
        const std::string later = page + "20270225T170000";
        REQUIRE(guest
                    .send(later, later + "/thread",
                          {{"kind", "question"}, {"words", "Where?"}, {"name", "Ngozi"}})
                    .status == 303);
        CHECK(twice("3 times").status == 409);
        CHECK(says(guest.get(later), "Where?"));

        CHECK(twice("9 times").status == 303);
        // The sixth from there on, whatever its date; and she still finds her own words.
        const auto moved = guest.get(page + "20270401T170000");
        CHECK(moved.status == 200);
        CHECK(says(moved, "Where?"));
    }
}

TEST_CASE("only hosts change a series, and a second one can") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        CHECK(mia.get("/c/lab/series/journal-club/settings").status == 403);
        CHECK(mia.get(at_first("/change")).status == 403);
        const auto hosts = lab.ada.get("/c/lab/series/journal-club/hosts");
        const auto option = hosts.text.find("<option value=\"");
        REQUIRE(option != std::string::npos);
        const std::string id = hosts.text.substr(option + 15, 36);
        CHECK(says(lab.ada.get("/c/lab/series/journal-club"), "One host alone"));
        REQUIRE(lab.ada
                    .send("/c/lab/series/journal-club/hosts", "/c/lab/series/journal-club/hosts",
                          {{"person", id}})
                    .status == 303);
        CHECK_FALSE(says(lab.ada.get("/c/lab/series/journal-club"), "One host alone"));
        CHECK(mia.get("/c/lab/series/journal-club/settings").status == 200);
        // The first host is ill: the second one ends her part, or moves the meeting.
        CHECK(mia.send(at_first("/change"), at_first("/skip"), {{"why", ""}}).status == 303);
    }
}

TEST_CASE("a series that nobody renews ends, and a host begins it again") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 8 / 1));
        lab.ada = lab.house.sign_in("ada@example.org");
        Browser nobody(lab.house);
        CHECK(says(nobody.get("/c/lab/series/journal-club"), "This series has ended"));
        CHECK(lab.ada.get("/c/lab/series/journal-club/settings").status == 409);
        REQUIRE(lab.ada.send("/c/lab/series/journal-club", "/c/lab/series/journal-club/renew", {})
                    .status == 303);
        CHECK_FALSE(says(nobody.get("/c/lab/series/journal-club"), "This series has ended"));
    }
}

TEST_CASE("settings are kept, and what is wrong is asked again") {
    Lab lab(test::EngineKind::sqlite);
    const char* const settings = "/c/lab/series/journal-club/settings";
    test::Fields fields = {{"title", "Reading together"},
                           {"about", "One paper a week"},
                           {"agenda", "10: how we are"},
                           {"where", "Room 4"},
                           {"link_for", "members"},
                           {"access", "Captions are on"},
                           {"seats", "12"},
                           {"turns", "presenter"},
                           {"turns", "scribe"},
                           {"lighter", "walk"},
                           {"guests", "shown"},
                           {"audience", "public"},
                           {"calendar_mail", "group@example.org"}};
    REQUIRE(lab.ada.send(settings, settings, fields).status == 303);
    Browser nobody(lab.house);
    const auto page = nobody.get(first);
    CHECK(says(page, "Reading together"));
    CHECK(says(page, "Captions are on"));
    CHECK_FALSE(says(page, "group@example.org"));
    fields[6].second = "many";
    CHECK(lab.ada.send(settings, settings, fields).status == 422);
    fields[6].second = "12";
    fields[11].second = "circle";
    CHECK(lab.ada.send(settings, settings, fields).status == 422);
}
