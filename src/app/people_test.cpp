/// What people do with their own rows, through the whole site.
#include "app/test_house.hpp"

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;
using test::header_of;

namespace {

const test::Fields json = {{"accept", "application/json"}};

} // namespace

TEST_CASE("a collective begins by the printed link, once") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        CHECK(header_of(ada.get("/"), "location") == "/c/lab");
        CHECK(ada.get("/c/lab").status == 200);
        CHECK(ada.get("/c/lab/people").text.find("Ada of lab") != std::string::npos);
        CHECK(ada.get("/welcome/AAAA").status == 404);
        CHECK(ada.get("/c/nothing").status == 404);
    }
}

TEST_CASE("an older printed link ends when another one is printed") {
    test::House house(test::EngineKind::sqlite);
    Browser ada(house);
    CHECK(house.begin("lab", "ada@example.org").get("/c/lab").status == 200);
    CHECK(house.begin("garden", "eve@example.org").get("/c/garden").status == 200);
}

TEST_CASE("settings keep what was typed where something is wrong, and save all or nothing") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const test::Fields wrong = {{"name", "  Ada \n Źdźbło  "}, {"zone", "Mars/Olympus"},
                                    {"own_words", "one\r\ntwo"},   {"page_language", ""},
                                    {"here_for", "learn"},         {"here_for", "game"}};
        const auto told = ada.send("/c/lab/settings", "/c/lab/settings", wrong);
        CHECK(told.status == 422);
        CHECK(told.text.find("zone-wrong") != std::string::npos);
        CHECK(told.text.find("Ada Źdźbło") != std::string::npos);
        CHECK(ada.get("/c/lab/people").text.find("Ada of lab") != std::string::npos);
        test::Fields right = wrong;
        right[1].second = "Africa/Nairobi";
        const auto saved = ada.send("/c/lab/settings", "/c/lab/settings", right);
        CHECK(saved.status == 303);
        CHECK(header_of(saved, "location") == "/c/lab/settings?saved");
        const std::string known = ada.get("/c/lab/known", json).text;
        CHECK(known.find(R"("name":"Ada Źdźbło")") != std::string::npos);
        CHECK(known.find(R"("own_words":"one\ntwo")") != std::string::npos);
        CHECK(known.find(R"("here_for":["learn","game"])") != std::string::npos);
    }
}

TEST_CASE("others see what a person shows, and not her hours, needs, reasons or address") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser bea = house.person("lab", "bea@example.org", auth::Role::member);
    REQUIRE(bea.send("/c/lab/settings", "/c/lab/settings",
                     {{"name", "Bea"},
                      {"zone", "Africa/Nairobi"},
                      {"page_language", ""},
                      {"own_words", "shown words"},
                      {"access_needs", "unshown needs"},
                      {"here_for_words", "unshown reason"}})
                .status == 303);
    REQUIRE(bea.send("/c/lab/settings/hours", "/c/lab/settings/hours",
                     {{"free", "Mon 18:00-20:00"}, {"maybe", ""}})
                .status == 303);
    const std::string list = ada.get("/c/lab/people").text;
    const std::size_t at = list.find("Bea");
    const std::size_t link = list.rfind("/c/lab/people/", at);
    const std::string page = list.substr(link, list.find('"', link) - link);
    for (const auto& text : {ada.get(page).text, ada.get(page, json).text, list,
                             ada.get("/c/lab/people", json).text}) {
        CHECK(text.find("shown words") != std::string::npos);
        for (const char* const hidden : {"unshown", "18:00", "bea@example.org", "Mon 18"}) {
            CHECK(text.find(hidden) == std::string::npos);
        }
    }
    CHECK(bea.get("/c/lab/known").text.find("unshown needs") != std::string::npos);
}

TEST_CASE("hours may be typed, or put together from boxes, and are told where they are wrong") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const std::string_view to = "/c/lab/settings/hours";
    CHECK(ada.send(to, to, {{"free", "Mon 18:00-20:00\nsat 9-11"}, {"maybe", ""}}).status == 303);
    CHECK(ada.get(to, json).text.find(R"("free":"Mon 18:00-20:00\nSat 09:00-11:00")") !=
          std::string::npos);
    CHECK(ada.send(to, to,
                   {{"free", ""},
                    {"maybe", "Sun 10:00-12:00"},
                    {"day", "Tue"},
                    {"day", "Wed"},
                    {"from", "08:00"},
                    {"to", "09:30"},
                    {"level", "maybe"}})
              .status == 303);
    CHECK(ada.get(to, json).text.find(
              R"("maybe":"Sun 10:00-12:00\nTue 08:00-09:30\nWed 08:00-09:30")") !=
          std::string::npos);
    const auto told = ada.send(to, to, {{"free", "Moonday 18-20"}, {"maybe", ""}});
    CHECK(told.status == 422);
    CHECK(told.text.find("free-wrong") != std::string::npos);
    CHECK(told.text.find("Moonday 18-20") != std::string::npos);
}

TEST_CASE("who is erased is gone, and what she was called is nowhere") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser bea = house.person("lab", "bea@example.org", auth::Role::member);
        CHECK(bea.get("/c/lab/erase").status == 200);
        CHECK(bea.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
        CHECK(bea.get("/c/lab/settings").status == 303);
        CHECK(ada.get("/c/lab/people").text.find("bea") == std::string::npos);
        // She may come again, as somebody new.
        CHECK(house.person("lab", "bea@example.org", auth::Role::guest)
                  .get("/c/lab/settings")
                  .status == 200);
    }
}

TEST_CASE("the last steward stays until there is another") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser bea = house.person("lab", "bea@example.org", auth::Role::member);
        CHECK(ada.send("/c/lab/erase", "/c/lab/erase", {}).status == 409);
        const std::string list = ada.get("/c/lab/people").text;
        const auto page_of = [&](std::string_view name) {
            const std::size_t link = list.rfind("/c/lab/people/", list.find(name));
            return list.substr(link, list.find('"', link) - link);
        };
        const std::string own = page_of("Ada of lab");
        CHECK(ada.send(own, own + "/role", {{"role", "member"}}).status == 409);
        const std::string other = page_of("bea@example.org");
        CHECK(bea.send("/c/lab/settings", other + "/role", {{"role", "steward"}}).status == 403);
        CHECK(ada.send(other, other + "/role", {{"role", "steward"}}).status == 303);
        CHECK(ada.send(own, own + "/role", {{"role", "member"}}).status == 303);
        CHECK(bea.get("/c/lab/people").status == 200);
    }
}

TEST_CASE("a copy to take home holds everything, and opens as JSON") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const auto copy = ada.get("/c/lab/export");
    CHECK(copy.status == 200);
    CHECK(header_of(copy, "content-disposition") == "attachment; filename=\"allotment-lab.json\"");
    CHECK(copy.text.find(R"("mail":"ada@example.org")") != std::string::npos);
    CHECK(header_of(copy, "cache-control") == "no-store");
}

TEST_CASE("a calendar link is shown once") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const auto made = ada.send("/c/lab/settings", "/c/lab/settings/calendar-link", {});
    CHECK(made.status == 200);
    CHECK(made.text.find("http://localhost:8080/c/lab/calendar/") != std::string::npos);
    CHECK(ada.get("/c/lab/settings").text.find("/calendar/") == std::string::npos);
}
