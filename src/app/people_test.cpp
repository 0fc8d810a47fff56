/// What people do with their own rows, through the whole site.
#include "app/test_house.hpp"
#include "collective/people/person_store.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;
using test::header_of;

namespace {

const test::Fields json = {{"accept", "application/json"}};

/// What the files of an SQLite database hold, byte by byte.
std::vector<std::string> files_of(const test::House& house) {
    const std::filesystem::path file = house.fresh.database.url().substr(7); // after "sqlite:"
    std::vector<std::string> contents;
    for (const auto& one : std::filesystem::directory_iterator(file.parent_path())) {
        std::ifstream in(one.path(), std::ios::binary);
        contents.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return contents;
}

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

TEST_CASE("a key names one command of one person: with other words it is another one") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser mia = house.person("lab", "mia@example.org", auth::Role::member);
        const test::Fields key = {{"idempotency-key", "1"}};
        const std::string draft = R"({"name": "Secret", "kind": "plain", "issue": "x"})";
        CHECK(ada.post_json("/c/lab/circles", draft, key).status == 200);
        // Somebody else's key is no key of hers, nor a way to learn where it led.
        const auto refused = mia.post_json("/c/lab/people/x/role", "{}", key);
        CHECK(refused.text.find("secret") == std::string::npos);
        const auto forbidden = mia.post_json("/c/lab/about", "{}", key);
        CHECK(forbidden.status == 403);
        CHECK(mia.post_json("/c/lab/settings/rest", R"({"resting": true})", key).status == 200);
        CHECK(mia.get("/c/lab/settings").text.find("name=\"resting\" value=\"\"") !=
              std::string::npos);
        // The same page sent again, with a correction.
        const std::string page = ada.get("/c/lab/about").text;
        const std::string form_key = test::form_key_in(page);
        for (const char* const name : {"First", "Second", "Second"}) {
            CHECK(ada.post("/c/lab/about",
                           {{"form_key", form_key}, {"name", name}, {"zone", "Europe/London"}})
                      .status == 303);
        }
        CHECK(ada.get("/c/lab").text.find("Second") != std::string::npos);
        // Two forms of one page: signing out always happens.
        const std::string sessions = ada.get("/sessions").text;
        const std::string shared = test::form_key_in(sessions);
        CHECK(ada.post("/c/lab/about",
                       {{"form_key", shared}, {"name", "Third"}, {"zone", "Europe/London"}})
                  .status == 303);
        CHECK(ada.post("/session/end", {{"form_key", shared}}).status == 303);
        CHECK(ada.get("/sessions").status == 303);
    }
}

TEST_CASE(
    "the last steward stays while anybody is there, and the last person takes the collective") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser gus = house.person("lab", "gus@example.org", auth::Role::guest);
        CHECK(ada.get("/c/lab/erase").text.find("You are the last steward") != std::string::npos);
        CHECK(ada.post("/c/lab/erase",
                       {{"form_key", test::form_key_in(ada.get("/c/lab/about").text)}})
                  .status == 409);
        const auto gone = gus.send("/c/lab/erase", "/c/lab/erase", {});
        CHECK(test::header_of(gone, "location") == "/c/lab?erased");
        CHECK(gus.get("/c/lab?erased").text.find("You are erased") != std::string::npos);
        CHECK(ada.get("/c/lab/erase").text.find("The whole collective goes with you") !=
              std::string::npos);
        CHECK(test::header_of(ada.send("/c/lab/erase", "/c/lab/erase", {}), "location") == "/");
        CHECK(Browser(house).get("/c/lab").status == 404);
        house.begin("lab", "eve@example.org"); // nothing was left in its way
    }
}

TEST_CASE("who goes is told which circles would have no host") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser mia = house.person("lab", "mia@example.org", auth::Role::member);
    CHECK(mia.send("/c/lab/circles/new", "/c/lab/circles",
                   {{"name", "Moths"}, {"kind", "lab"}, {"issue", "Light"}})
              .status == 303);
    CHECK(mia.get("/c/lab/erase").text.find("/c/lab/circles/moths/hosts") != std::string::npos);
    CHECK(ada.get("/c/lab/erase").text.find("/c/lab/circles/moths") == std::string::npos);
}

TEST_CASE("a city stands for its zone, where one zone alone has it") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    for (const auto& [typed, zone] : {std::pair{"new york", "America/New_York"},
                                      {"NAIROBI", "Africa/Nairobi"},
                                      {"Europe/London", "Europe/London"}}) {
        CHECK(ada.send("/c/lab/settings", "/c/lab/settings", {{"name", "Ada"}, {"zone", typed}})
                  .status == 303);
        CHECK(ada.get("/c/lab/settings").text.find("value=\"" + std::string(zone) + "\"") !=
              std::string::npos);
    }
    const auto refused =
        ada.send("/c/lab/settings", "/c/lab/settings", {{"name", "Ada"}, {"zone", "Moonbase"}});
    CHECK(refused.status == 422);
    CHECK(refused.text.find("Moonbase") != std::string::npos);
}

TEST_CASE("of an erased person nothing is left in the database and its log") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser mia = house.person("lab", "zuzanna@example.org", auth::Role::member);
    const std::vector<std::string> words = {"zuzanna@example.org", "Zuzanna of the lake",
                                            "Listens to frogs at dawn"};
    CHECK(mia.send("/c/lab/settings", "/c/lab/settings",
                   {{"name", words[1]}, {"own_words", words[2]}, {"zone", "Europe/London"}})
              .status == 303);
    Browser phone(house);
    phone.send("/sign-in", "/sign-in", {{"mail", words[0]}, {"next", "/"}}); // not used yet
    const auto hold = [&](std::string_view word) {
        return std::ranges::any_of(files_of(house), [&](const std::string& file) {
            return file.find(word) != std::string::npos;
        });
    };
    CHECK(hold(words[2]));
    CHECK(mia.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
    for (const std::string& word : words) {
        CAPTURE(word);
        CHECK(!hold(word));
    }
}

TEST_CASE("the last person is known as erased before her collective goes") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        std::size_t known = 0;
        pages::House parts = house.parts;
        // What the server does here: it writes erased.log from these rows.
        parts.after_erasure = [&] {
            const auto erased = house.fresh.store->read(
                [](store::Transaction& transaction) { return people::erased_people(transaction); });
            known = erased ? erased->size() : 0;
        };
        house.site = *pages::Site::of(parts, app::rooms(), app::assets());
        CHECK(ada.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
        CHECK(known == 1);
        CHECK(Browser(house).get("/c/lab").status == 404);
    }
}
