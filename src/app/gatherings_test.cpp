/// Series and gatherings through their pages.
#include "app/test_house.hpp"

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

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
    return answer.body.find(words) != std::string::npos;
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
    const auto away = nobody.send("/c/lab/events", "/c/lab/zone",
                                  {{"zone", "Africa/Nairobi"}, {"back", "https://evil.example/"}});
    CHECK(test::header_of(away, "location") == "/c/lab/events");
}
