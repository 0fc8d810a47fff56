/// Practices for others, through the pages of stewards.
#include "app/test_house.hpp"

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

constexpr std::string_view moths = R"({"allotment_starter": 1, "circles": [
    {"name": "Moths", "issue": "Light", "ways": {"quarter": "Look up"}}]})";

} // namespace

TEST_CASE("a steward keeps the starter of one collective and plants it in another") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const auto planted =
            ada.send("/c/lab/starter", "/c/lab/starter", {{"starter", std::string(moths)}});
        CHECK(planted.status == 303);
        CHECK(ada.get("/c/lab/starter?planted").text.find("It is planted") != std::string::npos);
        const auto file = ada.get("/c/lab/starter.json");
        CHECK(file.status == 200);
        CHECK(test::header_of(file, "content-disposition").find("lab-starter.json") !=
              std::string::npos);
        CHECK(file.text.find("\"Moths\"") != std::string::npos);
        CHECK(file.text.find("ada@") == std::string::npos);

        Browser eve = house.begin("garden", "eve@example.org");
        const auto there =
            eve.send("/c/garden/starter", "/c/garden/starter", {{"starter", file.text}});
        CHECK(there.status == 200); // its words and its zone stay, which the page says
        CHECK(there.text.find("collective.zone: this collective has one of its own") !=
              std::string::npos);
        CHECK(eve.get("/c/garden/circles").text.find("Moths") != std::string::npos);
    }
}

TEST_CASE("a circle that came without people is hosted by the steward who takes it") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    REQUIRE(
        ada.send("/c/lab/starter", "/c/lab/starter", {{"starter", std::string(moths)}}).status ==
        303);
    CHECK(ada.get("/c/lab/today").text.find("/c/lab/circles/moths/hosts") != std::string::npos);
    const std::string page = ada.get("/c/lab/circles/moths/hosts").text;
    constexpr std::string_view option = "<option value=\"";
    const std::size_t at = page.find(option);
    REQUIRE(at != std::string::npos);
    const std::string me = page.substr(at + option.size(), 36);
    CHECK(ada.send("/c/lab/circles/moths/hosts", "/c/lab/circles/moths/hosts", {{"person", me}})
              .status == 303);
    CHECK(ada.get("/c/lab/today").text.find("/c/lab/circles/moths/hosts") != std::string::npos);
    Browser mia = house.person("lab", "mia@example.org", Role::member);
    CHECK(mia.get("/c/lab/circles/moths").status == 200);
}

TEST_CASE("a file that cannot be planted is told on the page, and changes nothing") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    const std::string before = ada.get("/c/lab/starter.json").text;
    for (const std::string bad :
         {"", "no JSON", R"({"allotment_starter": 9})",
          R"({"allotment_starter": 1, "circles": [{"name": "A"}, {"kind": "x"}]})"}) {
        CAPTURE(bad);
        const auto refused = ada.send("/c/lab/starter", "/c/lab/starter", {{"starter", bad}});
        CHECK(refused.status == 422);
        CHECK(ada.get("/c/lab/starter.json").text == before);
    }
    const auto told = ada.send(
        "/c/lab/starter", "/c/lab/starter",
        {{"starter", R"({"allotment_starter": 1, "circles": [{"name": "A"}, {"kind": "x"}]})"}});
    CHECK(told.text.find("circles[1].issue") != std::string::npos);
    CHECK(told.text.find("circles[2].kind") != std::string::npos);
}
