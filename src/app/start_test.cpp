/// From an empty server to a weekly meeting, through its pages.
#include "app/calendar_fetch.hpp"
#include "app/test_house.hpp"
#include "collective/gatherings/series_practice.hpp"
#include "collective/gatherings/starter.hpp"
#include "collective/people/person_store.hpp"
#include "collective/people/welcome_routes.hpp"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

/// The names of the fields of a page that stand in the open: not hidden, not in a fold.
std::set<std::string> open_fields(const std::string& page) {
    static const std::regex fold(R"(<details[\s\S]*?</details>)");
    static const std::regex field(R"re(<(?:input|select|textarea)[^>]* name="([^"]*)"[^>]*>)re");
    const std::string open = std::regex_replace(page, fold, "");
    std::set<std::string> names;
    for (std::sregex_iterator one(open.begin(), open.end(), field), end; one != end; ++one) {
        if ((*one)[0].str().find("type=\"hidden\"") == std::string::npos) {
            names.insert((*one)[1].str());
        }
    }
    return names;
}

std::string value_of(const std::string& page, const std::string& field) {
    const std::regex value("name=\"" + field + "\" value=\"([^\"]*)\"");
    std::smatch found;
    return std::regex_search(page, found, value) ? found[1].str() : "";
}

constexpr const char* start = "/c/lab/start";

/// Of tests/data/calendars.
std::string calendar_of(const std::string& name) {
    std::ifstream file("tests/data/calendars/" + name + ".ics", std::ios::binary);
    REQUIRE_MESSAGE(file, name);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string json_of(Browser& browser, const std::string& path) {
    const auto answer = browser.get(path, {{"accept", "application/json"}});
    CHECK(answer.status == 200);
    return answer.text;
}

/// Gives one text, and counts how often it was asked.
class GivenCalendar final : public gatherings::CalendarFetcher {
  public:
    gatherings::FetchedCalendar fetch(const std::string& /*url*/,
                                      const std::string& known) override {
        ++asked;
        if (!trouble.empty()) {
            return {.trouble = trouble};
        }
        if (!known.empty() && known == etag) {
            return {.same = true};
        }
        return {.text = text, .etag = etag};
    }
    std::string text;
    std::string etag;
    std::string_view trouble;
    int asked = 0;
};

std::string calendar_at(std::string_view begins, std::string_view rule,
                        std::string_view more = "") {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:a@x\r\n"
           "DTSTAMP:20270101T000000Z\r\nSUMMARY:Elsewhere\r\nDTSTART;TZID=Europe/London:" +
           std::string(begins) + "\r\nDURATION:PT1H\r\nRRULE:" + std::string(rule) + "\r\n" +
           std::string(more) + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

void look(test::House& house, GivenCalendar& calendar) {
    REQUIRE(gatherings::look_at_followed(house.parts, calendar, [] { return Result<void>(); }));
}

} // namespace

TEST_CASE("six fields lead from an empty server to a weekly meeting, and to what can be sent") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        const auto way_in = people::new_welcome_path(*house.fresh.store, house.entropy);
        REQUIRE(way_in);
        Browser ada(house);
        const auto welcome = open_fields(ada.get(*way_in).text);
        const auto begun = ada.send(*way_in, *way_in,
                                    {{"name", "Lab"},
                                     {"your_name", "Ada"},
                                     {"mail", "ada@example.org"},
                                     {"zone", "Europe/London"}});
        REQUIRE(begun.status == 303);
        REQUIRE(test::header_of(begun, "location") == start);
        const auto first = open_fields(ada.get(start).text);
        CHECK(welcome.size() + first.size() <= 6);

        const auto met = ada.send(start, start, {{"starter", "reading_group"}});
        REQUIRE(met.status == 303);
        REQUIRE(test::header_of(met, "location") == "/c/lab/series/reading-group/begun");
        const auto page = ada.get("/c/lab/series/reading-group/begun");
        CHECK(page.status == 200);
        CHECK(says(page, "http://localhost:8080/c/lab/series/reading-group"));
        CHECK(says(page, "every Thursday at 17:00"));
        CHECK(says(page, "mailto:?subject=Reading%20group"));

        Browser nobody(house);
        CHECK(says(nobody.get("/c/lab/series/reading-group"), "every Thursday at 17:00"));
        CHECK(nobody.get("/c/lab/series/reading-group/begun").status == 303);
    }
}

TEST_CASE("each starter begins a series that meets, in words and not with people") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    for (const gatherings::Starter& starter : gatherings::starters()) {
        CAPTURE(starter.name);
        const auto met = ada.send(start, start, {{"starter", starter.name}});
        REQUIRE(met.status == 303);
        const auto form = ada.get("/c/lab/series/new?starter=" + starter.name);
        CHECK(value_of(form.text, "rhythm") == starter.rhythm);
        CHECK(value_of(form.text, "title") != "");
        CHECK(value_of(form.text, "starter") == starter.name);
    }
    const auto lines = ada.get("/c/lab/events", {{"accept", "application/json"}}).text;
    for (const char* const title :
         {"Reading group", "Lab meeting", "Open collab", "Mentoring hours", "Repair evening"}) {
        CHECK(lines.find(title) != std::string::npos);
    }
}

TEST_CASE("what a host has typed stays, what a starter had filled in goes with the starter") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const auto filled = ada.send(start, start, {{"starter", "reading_group"}, {"preview", "yes"}});
    CHECK(filled.status == 200);
    CHECK(value_of(filled.text, "title") == "Reading group");
    const auto other = ada.send(start, start,
                                {{"starter", "repair_evening"},
                                 {"filled", "reading_group"},
                                 {"title", "Reading group"},
                                 {"rhythm", "every Friday at 19:00"},
                                 {"minutes", "60"},
                                 {"preview", "yes"}});
    CHECK(value_of(other.text, "title") == "Repair evening");
    CHECK(value_of(other.text, "minutes") == "120");
    CHECK(value_of(other.text, "rhythm") == "every Friday at 19:00");
    CHECK(ada.get("/c/lab/series/reading-group").status == 404);
    const auto wrong = ada.send(start, start, {{"starter", "lab_meeting"}, {"rhythm", "soon"}});
    CHECK(wrong.status == 422);
    CHECK(value_of(wrong.text, "rhythm") == "soon");
}

TEST_CASE("a link makes one person host, also somebody new, and then it is over") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        REQUIRE(ada.send(start, start, {{"starter", "reading_group"}}).status == 303);
        const std::string begun = "/c/lab/series/reading-group/begun";
        const auto made = ada.send(begun, "/c/lab/series/reading-group/host-link", {});
        REQUIRE(made.status == 200);
        std::smatch found;
        const std::regex link(R"(http://localhost:8080(/c/lab/host/[\w-]+))");
        REQUIRE(std::regex_search(made.text, found, link));
        const std::string path = found[1].str();

        Browser bo(house);
        CHECK(says(bo.get(path), "Reading group"));
        bo.send("/sign-in", "/sign-in", {{"mail", "bo@example.org"}});
        const std::string way_in = house.link_mailed_to("bo@example.org");
        REQUIRE(bo.send(way_in, way_in, {}).status == 303);
        CHECK(bo.send(path, path, {}).status == 422);
        const auto hosts = bo.send(path, path, {{"name", "Bo"}, {"zone", "Africa/Nairobi"}});
        CHECK(hosts.status == 303);
        CHECK(bo.get(begun).status == 200);
        CHECK_FALSE(says(ada.get(begun), "host-link"));

        Browser mia = house.person("lab", "mia@example.org", Role::member);
        CHECK(mia.get(path).status == 404);
        CHECK(mia.get(begun).status == 403);
    }
}

TEST_CASE("a series follows a calendar, its words stay, and its times are not changed by hand") {
    const std::string page = "/c/lab/series/reading-group";
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        REQUIRE(ada.send(start, start, {{"starter", "reading_group"}}).status == 303);
        REQUIRE(
            ada.send(page + "/follow", page + "/follow", {{"url", "http://x.example"}}).status ==
            422);
        REQUIRE(ada.send(page + "/follow", page + "/follow", {{"url", "https://x.example/a.ics"}})
                    .status == 303);
        GivenCalendar calendar;
        calendar.etag = "\"1\"";
        // Fridays at 9 in London, one of them cancelled.
        calendar.text = calendar_at("20270101T090000", "FREQ=WEEKLY",
                                    "EXDATE;TZID=Europe/London:20270129T090000\r\n");
        look(house, calendar);
        CHECK(says(ada.get(page), "every Friday at 09:00"));
        CHECK(json_of(ada, page + "/20270129T090000").find("\"cancelled\":true") !=
              std::string::npos);
        CHECK(ada.get(page + "/20270122T090000/change").status == 409);
        CHECK_FALSE(says(ada.get(page + "/follow"), "could not be taken"));

        look(house, calendar);
        CHECK(calendar.asked == 2);
        // The same times in other bytes change nothing; another hour changes what is ahead.
        Browser nobody(house);
        const auto next = [&] { return boost::json::parse(json_of(nobody, page)).at("next"); };
        const auto before = next();
        calendar.etag = "\"2\"";
        calendar.text += "\r\n";
        look(house, calendar);
        CHECK(next() == before);
        calendar.etag = "\"3\"";
        calendar.text = calendar_at("20270101T100000", "FREQ=WEEKLY");
        house.clock.set(house.clock.now() + std::chrono::days(10));
        look(house, calendar);
        CHECK(says(ada.get(page), "every Friday at 10:00"));
        CHECK(ada.get(page + "/20270122T090000").status == 200); // it has been
        CHECK(test::header_of(ada.get(page + "/20270129T090000"), "location") ==
              page + "/20270129T100000"); // the new hour

        calendar.trouble = "follow.no_answer";
        look(house, calendar);
        CHECK(says(ada.get(page + "/follow"), "does not answer"));
        REQUIRE(ada.send(page + "/follow", page + "/unfollow", {}).status == 303);
        CHECK(says(ada.get(page), "every Friday at 10:00"));
        CHECK(ada.get(page + "/20270129T100000/change").status == 200);
    }
}

TEST_CASE("trouble with a followed calendar is told to hosts in words") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const std::string page = "/c/lab/series/reading-group/follow";
    REQUIRE(ada.send(start, start, {{"starter", "reading_group"}}).status == 303);
    REQUIRE(ada.send(page, page, {{"url", "https://x.example/a.ics"}}).status == 303);
    GivenCalendar calendar;
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"hello", "is no calendar"},
        {calendar_of("ansible_windows"), "Several meetings"},
        {std::string(600'000, 'x'), "too large"}};
    for (const auto& [text, words] : cases) {
        CAPTURE(words);
        calendar.text = text;
        look(house, calendar);
        CHECK(says(ada.get(page), words));
    }
}

TEST_CASE("calendars are fetched from public addresses alone") {
    const auto fetcher = app::calendar_fetcher({}, {});
    CHECK(fetcher->fetch("https://127.0.0.1:1/a.ics", "").trouble == "follow.private_address");
    CHECK(fetcher->fetch("https://[::1]:1/a.ics", "").trouble == "follow.private_address");
    CHECK(fetcher->fetch("http://127.0.0.1:1/a.ics", "").trouble == "follow.no_answer");
    const auto here = app::calendar_fetcher({.reach = hooks::Reach::inside}, {});
    CHECK(here->fetch("http://127.0.0.1:1/a.ics", "").trouble == "follow.no_answer");
}

TEST_CASE(
    "practices planted elsewhere are the same practices, and rest until somebody begins them") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser eve = house.begin("garden", "eve@example.org");
        for (const gatherings::Starter& starter : gatherings::starters()) {
            REQUIRE(ada.send(start, start, {{"starter", starter.name}}).status == 303);
        }
        const auto practices = [&](std::string_view slug) {
            return house.fresh.store->read([&](store::Transaction& transaction) {
                const auto found = people::collective_named(transaction, slug);
                REQUIRE(found.has_value());
                return gatherings::series_practices(transaction, (*found)->id);
            });
        };
        const auto of_lab = practices("lab");
        REQUIRE(of_lab.has_value());
        CHECK(of_lab->size() == gatherings::starters().size());
        const auto planted =
            house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
                TRY(const auto garden, people::collective_named(transaction, "garden"));
                for (const gatherings::SeriesPractice& practice : *of_lab) {
                    TRY(const auto rhythm,
                        gatherings::rhythm_of(practice, house.zones, "Africa/Nairobi",
                                              house.clock.now()));
                    TRY_DO(gatherings::plant_series(transaction, garden->id, practice, rhythm,
                                                    house.clock.now(), house.entropy));
                }
                return {};
            });
        REQUIRE(planted.has_value());
        CHECK(*practices("garden") == *of_lab);
        const std::string page = "/c/garden/series/reading-group";
        CHECK(says(eve.get(page), "This series has ended"));
        REQUIRE(eve.send(page, page + "/renew", {}).status == 303);
        CHECK_FALSE(says(eve.get(page), "This series has ended"));
        CHECK(*practices("garden") == *of_lab);
        CHECK(says(eve.get(page), "every Thursday at 17:00 Nairobi time"));
    }
}
