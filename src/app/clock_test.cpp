/// A machine whose clock is wrong for a while.
#include "app/test_house.hpp"

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;

namespace {

constexpr std::chrono::days ten_years{3652};
constexpr std::chrono::days one_year{365};
constexpr std::string_view opening =
    R"({"name":"Plants","kind":"lab","issue":"What do they do?","way_quarter":"Look."})";

[[nodiscard]] unsigned ask_for_link(Browser& browser) {
    return browser.send("/sign-in", "/sign-in", {{"mail", "kim@example.org"}, {"next", "/"}})
        .status;
}

} // namespace

TEST_CASE("a clock that jumps ahead and is put right signs nobody out and locks nobody out") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser kim(house);
        house.clock.advance(ten_years);
        CHECK(ada.get("/c/lab/people").status == 303); // her session would be over
        CHECK(ada.get("/healthz").status == 200);
        unsigned last = ask_for_link(kim);
        for (int k = 0; k < 10 && last != 429; ++k) {
            last = ask_for_link(kim);
        }
        CHECK(last == 429);
        house.clock.advance(-ten_years);
        CHECK(ada.get("/c/lab/people").status == 200);
        CHECK(ask_for_link(kim) != 429);
    }
}

TEST_CASE("a clock that jumps back: commands happen, and once") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const test::Fields key = {{"idempotency-key", "one"}};
        CHECK(ada.post_json("/c/lab/circles", std::string(opening), key).status == 200);
        house.clock.advance(-one_year);
        CHECK(ada.get("/c/lab/people").status == 200);
        const auto again = ada.post_json("/c/lab/circles", std::string(opening), key);
        CHECK(again.status == 200);
        CHECK(again.text.find("/circles/plants\"") != std::string::npos);
        const test::Fields other = {{"idempotency-key", "two"}};
        CHECK(ada.post_json("/c/lab/circles", std::string(opening), other).status == 200);
        house.clock.advance(one_year);
        CHECK(ada.get("/c/lab/circles").status == 200);
    }
}
