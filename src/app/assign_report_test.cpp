#include "app/assign_report.hpp"

#include <doctest/doctest.h>

using namespace allot;
using app::Labels;
using matching::Shortage;

namespace {

const Labels asks(std::vector<std::string>{"a", "b", "c"});
const Labels helpers(std::vector<std::string>{"x", "y"});

std::string words(const Shortage& shortage) {
    return app::words_of(shortage, asks, helpers);
}

} // namespace

TEST_CASE("an ask that nobody may help is said in the singular") {
    CHECK(words({.asks = {0}, .helpers = {}, .needed = 1}) ==
          "ask \"a\" needs 1 place; nobody may help it; 1 place is missing");
}

TEST_CASE("an ask that needs more people than may help it") {
    CHECK(words({.asks = {1}, .helpers = {}, .needed = 4, .single = 2}) ==
          "ask \"b\" needs 4 places; only 2 people may help it, once each; 2 places are missing");
}

TEST_CASE("several asks and the people they share") {
    CHECK(words({.asks = {0, 1, 2}, .helpers = {0, 1}, .needed = 4, .places = 3}) ==
          "these 3 asks need 4 places (\"a\", \"b\" and \"c\"); the 2 people who could help them "
          "have 3 places (\"x\" and \"y\"); 1 place is missing");
}

TEST_CASE("people who can fill only single places are counted apart") {
    CHECK(words({.asks = {0, 1}, .helpers = {0}, .needed = 4, .places = 1, .single = 1}) ==
          "these 2 asks need 4 places (\"a\" and \"b\"); the one person they compete for has 1 "
          "place (\"x\"), and other people can fill 1 more; 2 places are missing");
}

TEST_CASE("a helper without places") {
    CHECK(words({.asks = {0}, .helpers = {0}, .needed = 1}) ==
          "ask \"a\" needs 1 place; the one person who could help it has no places (\"x\"); 1 "
          "place is missing");
}

TEST_CASE("more than ten names are counted") {
    Shortage shortage{.asks = {}, .helpers = {0}, .needed = 12, .places = 1};
    for (matching::Index k = 0; k < 12; ++k) {
        shortage.asks.push_back(k);
    }
    CHECK(app::words_of(shortage, Labels(12), Labels(1)) ==
          "these 12 asks need 12 places (0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more); the one person "
          "who could help them has 1 place (0); 11 places are missing");
}
