/// What is said of clocks before a series begins, or before its times change.
#include "app/test_house.hpp"
#include "base/ids.hpp"
#include "collective/people/person_store.hpp"

#include <regex>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

namespace json = boost::json;

constexpr const char* new_page = "/c/lab/series/new";
constexpr const char* all_series = "/c/lab/series";
constexpr const char* london_evenings = "every Thursday at 17:00 London time";
constexpr const char* first = "/c/lab/series/journal-club/20270114T170000";

test::Fields weekly() {
    return {{"title", "Journal club"},
            {"rhythm", london_evenings},
            {"minutes", "60"},
            {"audience", "public"}};
}

/// Adds members to the database, each in one of these zones; they never sign in.
void add_members(test::House& house, const std::vector<std::string>& zones) {
    const auto added =
        house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto lab, people::collective_named(transaction, "lab"));
            for (const std::string& zone : zones) {
                const auto mail = "m" + new_uuid(house.clock.now(), house.entropy) + "@example.org";
                TRY_DO(people::add_person(transaction, lab->id, mail, {.name = "M", .zone = zone},
                                          Role::member, house.clock.now(), house.entropy));
            }
            return {};
        });
    REQUIRE(added);
}

/// What the form says of a rhythm before it is kept.
json::value preview_in(Browser& browser, std::string_view rhythm) {
    const auto body = json::serialize(json::value{{"title", "Journal club"},
                                                  {"rhythm", rhythm},
                                                  {"minutes", "60"},
                                                  {"audience", "public"},
                                                  {"preview", "yes"}});
    const auto answer = browser.post_json(all_series, body);
    CAPTURE(answer.text);
    REQUIRE(answer.status == 200);
    return json::parse(answer.text).at("preview");
}

std::vector<std::string> cities_in(const json::value& preview) {
    std::vector<std::string> cities;
    for (const json::value& line : preview.at("clocks").as_array()) {
        cities.emplace_back(line.at("city").as_string());
    }
    return cities;
}

using Cities = std::vector<std::string>;

} // namespace

TEST_CASE("a preview says whose hour changes when, and tells of nobody where she is") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        house.begin("lab", "ada@example.org");
        house.clock.set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 12));
        Browser ada = house.sign_in("ada@example.org");
        REQUIRE(ada.send(new_page, all_series, weekly()).status == 303);
        // London is where it is anchored, Tokyo and New York are of one member each.
        add_members(house, {"Africa/Nairobi", "Africa/Nairobi", "Europe/London", "Europe/London",
                            "Asia/Tokyo", "America/New_York"});
        const json::value preview = preview_in(ada, london_evenings);
        CHECK(cities_in(preview) == Cities{"Nairobi"});
        CHECK(preview.at("stays") == false);
        const json::value& nairobi = preview.at("clocks").at(0);
        CHECK(nairobi.at("begins") == "2027-01-14T20:00");
        CHECK(json::serialize(nairobi.at("changes")) ==
              R"([{"from":"2027-04-01T19:00"},{"from":"2027-11-04T20:00"}])");

        auto fields = weekly();
        fields.emplace_back("preview", "yes");
        fields.emplace_back("form_key", test::form_key_in(ada.get(new_page).text));
        const std::string page = ada.post(all_series, fields, {{"accept-language", "en-GB"}}).text;
        // The comma after a weekday comes and goes with the version of CLDR.
        static const std::regex in_nairobi("In Nairobi: 20:00, and 19:00 from Thursday,? 1 April, "
                                           "and 20:00 from Thursday,? 4 November");
        CHECK(std::regex_search(page, in_nairobi));

        // A second one in Tokyo: now it is no longer about somebody.
        add_members(house, {"Asia/Tokyo"});
        CHECK(cities_in(preview_in(ada, london_evenings)) == Cities{"Nairobi", "Tokyo"});
        // Before the times change from here on, it is the same.
        const auto body = json::serialize(
            json::value{{"rhythm", "every Friday at 09:00 London time"}, {"preview", "yes"}});
        const auto change = ada.post_json(std::string(first) + "/rhythm", body);
        REQUIRE(change.status == 200);
        CHECK(cities_in(json::parse(change.text).at("preview")) == Cities{"Nairobi", "Tokyo"});
    }
}

TEST_CASE("the reader's own hour comes first in a preview, though she is alone in her zone") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser mia = house.person("lab", "mia@example.org", Role::member); // in Nairobi
    add_members(house, {"Africa/Accra", "Africa/Accra"});
    CHECK(cities_in(preview_in(mia, london_evenings)) == Cities{"Nairobi", "Accra"});
    CHECK(cities_in(preview_in(ada, london_evenings)) == Cities{"Accra"});
}

TEST_CASE("a preview shows eight clocks, and says so where there are more") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    for (const char* const zone :
         {"Africa/Accra", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Lima",
          "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Tokyo"}) {
        add_members(house, {zone, zone});
    }
    const json::value preview = preview_in(ada, london_evenings);
    CHECK(cities_in(preview) ==
          Cities{"Accra", "Bogota", "Kolkata", "Lagos", "Lima", "Manila", "Nairobi", "Seoul"});
    CHECK(preview.at("more_clocks") == true);
}

TEST_CASE("where no hour changes a preview says that it stays, unless it is one time alone") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const json::value weekly_one = preview_in(ada, london_evenings);
    CHECK(cities_in(weekly_one).empty());
    CHECK(weekly_one.at("stays") == true);
    const json::value once = preview_in(ada, "2030-01-14 17:00");
    CHECK(cities_in(once).empty());
    CHECK(once.at("stays") == false);
}
