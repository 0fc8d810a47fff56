// Which rules are computed to compare.
#include "round/decide.hpp"

#include <doctest/doctest.h>

using namespace allot;
using matching::Rule;

namespace {

/// n asks and n offers, all pairs, and a group that two offers are in.
round::Decided decided(matching::Index n) {
    std::vector<matching::Pair> instance;
    round::Possible possible;
    possible.sides.service = matching::Service::partial;
    for (matching::Index i = 0; i < n; ++i) {
        possible.sides.demand.push_back(1);
        possible.sides.places.push_back(1);
        possible.asks.push_back("a" + std::to_string(i));
        possible.offers.push_back("o" + std::to_string(i));
        for (matching::Index j = 0; j < n; ++j) {
            instance.push_back({i, j, 100 * ((i + j) % n)});
        }
    }
    possible.instance = instance;
    possible.sides.groups.push_back({.name = "team", .members = {0, 1}, .least = 0, .most = 1});
    round::Settings settings{.at = {}, .objective = {.rule = Rule::sum}, .least_of_all = {}};
    auto result = round::decide(possible, settings, {});
    REQUIRE(result);
    return *std::move(result);
}

} // namespace

TEST_CASE("among groups leximin is computed to compare where there are few pairs") {
    const auto few = decided(5);
    CHECK_FALSE(few.trade_left_out);
    CHECK(few.trade.back().rule == "leximin");
    const auto many = decided(230); // 52 900 pairs
    CHECK(many.trade_left_out);
    CHECK(many.trade.back().rule == "sum");
}
