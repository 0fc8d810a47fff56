/// The front page of a collective: what takes place next, and its circles.
#include "app/test_house.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;
using Titles = std::vector<std::string>;

namespace {

namespace json = boost::json;

constexpr const char* front = "/c/lab";

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

Browser begin_on_tuesday(test::House& house) {
    house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 12) +
                    std::chrono::hours(8));
    return house.begin("lab", "ada@example.org");
}

/// A collective on a Tuesday morning of 2027, whose member Mia begins series and a circle.
struct Lab {
    explicit Lab(test::EngineKind engine)
        : house(engine), ada(begin_on_tuesday(house)),
          mia(house.person("lab", "mia@example.org", Role::member)) {}
    void begin(std::string_view title, std::string_view rhythm, std::string_view audience,
               std::string_view circle = "") {
        const auto begun = mia.send("/c/lab/series/new", "/c/lab/series",
                                    {{"title", std::string(title)},
                                     {"rhythm", std::string(rhythm)},
                                     {"minutes", "60"},
                                     {"audience", std::string(audience)},
                                     {"circle", std::string(circle)}});
        REQUIRE(begun.status == 303);
    }
    void open_moths() {
        const auto opened = mia.send(
            "/c/lab/circles/new", "/c/lab/circles",
            {{"name", "Moths"}, {"kind", "lab"}, {"issue", "Light"}, {"way_quarter", "x"}});
        REQUIRE(opened.status == 303);
    }
    test::House house;
    Browser ada;
    Browser mia;
};

Titles next_for(Browser& reader) {
    const auto answer = reader.get(front, {{"accept", "application/json"}});
    REQUIRE(answer.status == 200);
    Titles titles;
    const json::value page = json::parse(answer.text);
    for (const json::value& one : page.at("next").as_array()) {
        titles.emplace_back(one.at("title").as_string());
    }
    return titles;
}

} // namespace

TEST_CASE("the front page begins with what takes place next, for members and for strangers") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser nobody(lab.house);
        CHECK(says(nobody.get(front), "No circle yet"));
        CHECK_FALSE(says(nobody.get(front), "All events"));

        lab.begin("Journal club", "every Thursday at 17:00 London time", "public");
        for (Browser* const reader : {&nobody, &lab.ada, &lab.mia}) {
            const auto page = reader->get(front);
            CHECK(says(page, "Journal club"));
            CHECK(says(page, "2027-01-14T17:00:00Z"));
            CHECK(says(page, "href=\"/c/lab/events\">All events"));
            CHECK_FALSE(says(page, "No circle yet"));
            CHECK(says(page, "There is no circle yet"));
        }
        const auto hers = lab.mia.get(front, {{"accept-language", "en-GB"}});
        CHECK(says(hers, "20:00–21:00")); // in Nairobi
        CHECK(says(hers, "London:"));

        // While nothing changes it is the same to the byte, and need not be sent again (304).
        CHECK(nobody.get(front).text == nobody.get(front).text);

        lab.open_moths();
        CHECK_FALSE(says(nobody.get(front), "There is no circle yet"));
        CHECK(says(nobody.get(front), "Journal club"));
    }
}

TEST_CASE("the front page names three at most, the first ones, and none that does not take place") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser nobody(lab.house);
        lab.begin("Sunday walk", "every Sunday at 10:00 London time", "public");
        lab.begin("Friday tea", "every Friday at 16:00 London time", "public");
        lab.begin("Journal club", "every Thursday at 17:00 London time", "public");
        lab.begin("Repair evening", "every Saturday at 18:00 London time", "public");
        CHECK(next_for(nobody) == Titles{"Journal club", "Friday tea", "Repair evening"});

        const std::string tea = "/c/lab/series/friday-tea/20270115T160000";
        REQUIRE(lab.mia.send(tea + "/change", tea + "/skip", {{"why", "A holiday"}}).status == 303);
        CHECK(next_for(nobody) == Titles{"Journal club", "Repair evening", "Sunday walk"});
        // One that is moved to come first, from behind all of them.
        const std::string walk = "/c/lab/series/sunday-walk/20270214T100000";
        REQUIRE(lab.mia
                    .send(walk + "/change", walk + "/move",
                          {{"date", "2027-01-13"}, {"time", "12:00"}, {"why", ""}})
                    .status == 303);
        CHECK(next_for(nobody) == Titles{"Sunday walk", "Journal club", "Repair evening"});
        // It is shown until it ends.
        lab.house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 14) +
                            std::chrono::hours(17) + std::chrono::minutes(59));
        CHECK(next_for(nobody) == Titles{"Journal club", "Repair evening", "Sunday walk"});
        lab.house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 14) +
                            std::chrono::hours(18));
        CHECK(next_for(nobody) == Titles{"Repair evening", "Sunday walk", "Journal club"});
    }
}

TEST_CASE("the front page shows nobody a series that is not for her") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.open_moths();
        Browser nobody(lab.house);
        Browser eve = lab.house.person("lab", "eve@example.org", Role::member);
        lab.begin("Night watch", "every Wednesday at 21:00 London time", "circle", "moths");
        lab.begin("Lab meeting", "every Friday at 09:00 London time", "members");
        CHECK(next_for(lab.mia) == Titles{"Night watch", "Lab meeting", "Night watch"});
        CHECK(next_for(eve) == Titles{"Lab meeting", "Lab meeting", "Lab meeting"});
        CHECK(next_for(nobody).empty());
        CHECK_FALSE(says(nobody.get(front), "Lab meeting"));
        CHECK_FALSE(says(eve.get(front), "Night watch"));
    }
}
