/// Signing in and what others may try with it, through the whole site.
#include "app/test_house.hpp"

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;
using test::header_of;

namespace {

constexpr std::string_view bea_mail = "bea@example.org";

/// Asks for a link in this browser and takes it out of the mail.
std::string asked_link(test::House& house, Browser& browser, std::string_view next = "/") {
    const auto sent = browser.send("/sign-in", "/sign-in",
                                   {{"mail", std::string(bea_mail)}, {"next", std::string(next)}});
    REQUIRE(sent.status == 200);
    return house.link_mailed_to(bea_mail);
}

} // namespace

TEST_CASE("a link signs in once, in the browser that asked for it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser bea(house);
        const std::string link = asked_link(house, bea);
        Browser thief(house);
        CHECK(thief.get(link).status == 403);
        CHECK(thief.send("/sign-in", link, {}).status == 403);
        // Programs that read mail look at links: looking uses nothing up.
        CHECK(bea.get(link).status == 200);
        CHECK(bea.get(link).status == 200);
        CHECK(bea.send(link, link, {}).status == 303);
        CHECK(bea.cookies.contains("__Host-session"));
        CHECK(bea.get("/sessions").status == 200);
        const auto again = bea.send("/sessions", link, {});
        CHECK(again.status == 404);
    }
}

TEST_CASE("a program without the cookie of a browser gets no link that would work in any") {
    test::House house(test::EngineKind::sqlite);
    Browser program(house);
    const std::string body = R"({"mail": "bea@example.org", "next": "/"})";
    CHECK(program.post_json("/sign-in", body).status == 422);
    CHECK(program.get("/sign-in", {{"accept", "application/json"}}).status == 200);
    CHECK(program.cookies.contains("__Host-browser"));
    CHECK(program.post_json("/sign-in", body).status == 200);
    const std::string link = house.link_mailed_to(bea_mail);
    CHECK(Browser(house).post_json(link, "{}").status == 403);
    CHECK(program.post_json(link, "{}").status == 200);
    CHECK(program.cookies.contains("__Host-session"));
}

TEST_CASE("a link ends after ten minutes") {
    test::House house(test::EngineKind::sqlite);
    Browser bea(house);
    const std::string link = asked_link(house, bea);
    house.clock.advance(std::chrono::minutes(10));
    CHECK(bea.get(link).status == 404);
}

TEST_CASE("signing in makes a session that nobody knew before") {
    test::House house(test::EngineKind::sqlite);
    Browser bea(house);
    bea.cookies["__Host-session"] = "chosen-by-somebody-else";
    const std::string link = asked_link(house, bea);
    REQUIRE(bea.send(link, link, {}).status == 303);
    CHECK(bea.cookies["__Host-session"] != "chosen-by-somebody-else");
    Browser other(house);
    other.cookies["__Host-session"] = "chosen-by-somebody-else";
    CHECK(other.get("/sessions").status == 303);
}

TEST_CASE("a session can be ended from another browser, by its owner alone") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser steward = house.begin("lab", "ada@example.org");
        Browser telephone = house.person("lab", bea_mail, auth::Role::member);
        Browser laptop(house);
        const std::string link = asked_link(house, laptop);
        REQUIRE(laptop.send(link, link, {}).status == 303);
        const std::string page = laptop.get("/sessions").text;
        const std::size_t at = page.find("/sessions/");
        REQUIRE(at != std::string::npos);
        // Both are on the page; end them one by one, first as somebody else.
        const std::string end = page.substr(at, page.find('"', at) - at);
        CHECK(steward.send("/sessions", end, {}).status == 404);
        CHECK(laptop.send("/sessions", end, {}).status == 303);
        const bool laptop_ended = laptop.get("/sessions").status == 303;
        const bool telephone_ended = telephone.get("/sessions").status == 303;
        CHECK(laptop_ended != telephone_ended);
    }
}

TEST_CASE("a session that is not used ends after ninety days, and use renews it") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    house.clock.advance(std::chrono::days(80));
    CHECK(ada.get("/sessions").status == 200);
    house.clock.advance(std::chrono::days(80));
    CHECK(ada.get("/sessions").status == 200);
    house.clock.advance(std::chrono::days(90));
    CHECK(ada.get("/sessions").status == 303);
}

TEST_CASE("links lead to places of this server only") {
    for (const std::string_view bad :
         {"//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example",
          "javascript:1", "/ok\r\nset-cookie: a=b"}) {
        CAPTURE(bad);
        test::House house(test::EngineKind::sqlite);
        Browser bea(house);
        const std::string link = asked_link(house, bea, bad);
        const auto done = bea.send(link, link, {});
        CHECK(done.status == 303);
        const std::string location = header_of(done, "location");
        CHECK(location.starts_with("/"));
        CHECK(!location.starts_with("//"));
        CHECK(location.find_first_of("\\\r\n") == std::string::npos);
    }
}

TEST_CASE("mail for signing in is limited for each address and each sender") {
    test::House house(test::EngineKind::sqlite);
    Browser bea(house);
    for (int k = 0; k < 5; ++k) {
        CHECK(bea.send("/sign-in", "/sign-in", {{"mail", std::string(bea_mail)}}).status == 200);
    }
    CHECK(bea.send("/sign-in", "/sign-in", {{"mail", std::string(bea_mail)}}).status == 429);
    CHECK(bea.send("/sign-in", "/sign-in", {{"mail", "other@example.org"}}).status == 200);
    house.clock.advance(std::chrono::hours(1));
    CHECK(bea.send("/sign-in", "/sign-in", {{"mail", std::string(bea_mail)}}).status == 200);
    for (int k = 0; k < 29; ++k) {
        bea.send("/sign-in", "/sign-in", {{"mail", "n" + std::to_string(k) + "@example.org"}});
    }
    CHECK(bea.send("/sign-in", "/sign-in", {{"mail", "one-more@example.org"}}).status == 429);
    bea.peer = "203.0.113.8";
    CHECK(bea.send("/sign-in", "/sign-in", {{"mail", "one-more@example.org"}}).status == 200);
}

TEST_CASE("what is no address is told beside its field, and keeps what was typed") {
    test::House house(test::EngineKind::sqlite);
    Browser bea(house);
    const auto told = bea.send("/sign-in", "/sign-in", {{"mail", "bea at \"home\""}});
    CHECK(told.status == 422);
    CHECK(told.text.find("mail-wrong") != std::string::npos);
    CHECK(told.text.find("bea at &quot;home&quot;") != std::string::npos);
    const auto json = bea.post_json("/sign-in", R"({"mail": "nobody"})");
    CHECK(json.status == 422);
    CHECK(header_of(json, "content-type") == "application/problem+json");
    CHECK(json.text.find(R"("field":"mail")") != std::string::npos);
}

TEST_CASE("a form of another site does nothing") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const std::string key = test::form_key_in(ada.get("/c/lab/settings").text);
        REQUIRE(!key.empty());
        const test::Fields fields = {{"resting", "yes"}, {"form_key", key}};
        const std::string_view to = "/c/lab/settings/rest";
        CHECK(ada.post(to, fields, {{"sec-fetch-site", "cross-site"}}).status == 403);
        CHECK(ada.post(to, fields, {{"sec-fetch-site", "same-site"}}).status == 403);
        CHECK(ada.post(to, fields, {{"origin", "https://elsewhere.example"}}).status == 403);
        CHECK(ada.post(to, fields, {{"origin", "null"}}).status == 403);
        CHECK(ada.post(to, {{"resting", "yes"}}).status == 403);
        CHECK(ada.post(to, {{"resting", "yes"}, {"form_key", "a.b"}}).status == 403);
        Browser bea = house.person("lab", bea_mail, auth::Role::member);
        const std::string other = test::form_key_in(bea.get("/c/lab/settings").text);
        CHECK(ada.post(to, {{"resting", "yes"}, {"form_key", other}}).status == 403);
        CHECK(ada.post(to, fields, {{"sec-fetch-site", "same-origin"}}).status == 303);
    }
}

TEST_CASE("a form that is sent twice happens once") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const std::string key = test::form_key_in(ada.get("/c/lab/settings").text);
        const auto first =
            ada.post("/c/lab/settings/rest", {{"resting", "yes"}, {"form_key", key}});
        REQUIRE(ada.send("/c/lab/settings", "/c/lab/settings/rest", {{"resting", ""}}).status ==
                303);
        const auto again =
            ada.post("/c/lab/settings/rest", {{"resting", "yes"}, {"form_key", key}});
        CHECK(again.status == 303);
        CHECK(header_of(again, "location") == header_of(first, "location"));
        // The second sending did not put her to rest again.
        const auto known = ada.get("/c/lab/known", {{"accept", "application/json"}});
        CHECK(known.text.find(R"("resting":false)") != std::string::npos);
    }
}

TEST_CASE("nobody reads across collectives") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser eve = house.begin("garden", "eve@example.org");
        const std::string people = ada.get("/c/lab/people").text;
        const std::size_t at = people.find("/c/lab/people/");
        REQUIRE(at != std::string::npos);
        const std::string id = people.substr(at + 14, 36);
        CHECK(ada.get("/c/lab/people/" + id).status == 200);
        CHECK(eve.get("/c/lab/people").status == 403);
        CHECK(eve.get("/c/lab/people/" + id).status == 403);
        CHECK(eve.get("/c/garden/people/" + id).status == 404);
        const auto changed =
            eve.send("/c/garden/people", "/c/garden/people/" + id + "/role", {{"role", "member"}});
        CHECK(changed.status == 404);
        CHECK(ada.get("/c/lab/people").text.find("Ada of lab") != std::string::npos);
    }
}

TEST_CASE("the outbox is seen by a steward on this machine alone") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser bea = house.person("lab", bea_mail, auth::Role::member);
    CHECK(ada.get("/c/lab/outbox").status == 403);
    ada.peer = bea.peer = "127.0.0.1";
    CHECK(ada.get("/c/lab/outbox").status == 200);
    CHECK(bea.get("/c/lab/outbox").status == 403);
    // A proxy that nobody told us about makes everybody look like this machine.
    CHECK(ada.get("/c/lab/outbox", {{"x-forwarded-for", "203.0.113.7"}}).status == 403);
    ada.host = "lab.example";
    CHECK(ada.get("/c/lab/outbox").status == 403);
}
