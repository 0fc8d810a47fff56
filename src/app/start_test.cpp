/// From an empty server to a weekly meeting, through its pages.
#include "app/test_house.hpp"
#include "collective/gatherings/starter.hpp"
#include "collective/people/welcome_routes.hpp"

#include <regex>
#include <set>

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
