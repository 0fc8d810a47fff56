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

TEST_CASE("with a floor nobody may be good enough, though some may help") {
    CHECK(app::words_of({.asks = {0}, .helpers = {}, .needed = 1}, asks, helpers, {}, 800'000) ==
          "ask \"a\" needs 1 place; nobody reaches 0.800000 for it; 1 place is missing");
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

namespace {

/// Two asks of two helpers, for words that need no scores.
app::AssignInput nobody_scored(matching::Count demand) {
    return {.asks = Labels(2),
            .helpers = Labels(2),
            .scores = {},
            .rows = matching::SparseRows(2, 2, std::span<const matching::Pair>()),
            .sides = {.demand = {demand, demand}, .places = {2, 2}},
            .order = {}};
}

matching::Allotment fair(matching::Fairness fairness, matching::Micro sum, matching::Micro bound) {
    matching::Allotment allotment;
    allotment.certificate.objective.micro = sum;
    allotment.certificate.bound.micro = bound;
    allotment.fairness = std::move(fairness);
    return allotment;
}

} // namespace

TEST_CASE("a minimum that cannot be met names helpers, and says how many asks are missing") {
    const auto kind = Shortage::Kind::minimums;
    CHECK(words({.helpers = {0}, .needed = 3, .single = 1, .kind = kind}) ==
          "the helper \"x\" must get at least 3 asks; single pairs add at most 1 ask; 2 asks are "
          "missing");
    CHECK(words({.asks = {0, 1}, .helpers = {0, 1}, .needed = 4, .places = 3, .kind = kind}) ==
          "the helpers \"x\" and \"y\" must get at least 4 asks; the asks \"a\" and \"b\" can "
          "bring at most 3 asks; 1 ask is missing");
    CHECK(words({.helpers = {1}, .needed = 1, .kind = kind}) ==
          "the helper \"y\" must get at least 1 ask; at most 0 asks can be had; 1 ask is missing");
}

TEST_CASE("groups that bound a shortage are named, also where they are all of it") {
    const std::vector<matching::Group> groups{{.name = "east", .members = {}},
                                              {.name = "west", .members = {}}};
    CHECK(app::words_of({.asks = {}, .helpers = {}, .needed = 2, .places = 1, .groups = {0, 1}},
                        asks, helpers, groups) ==
          "the groups \"east\" and \"west\" must get at least 2 places; at most 1 place can be "
          "had; 1 place is missing");
}

TEST_CASE("a floor that was not found: words say that nobody knows") {
    const matching::Objective floor{.rule = matching::Rule::floor, .floor = 1'500'000};
    const auto found = fair({.worst = 1'000'000,
                             .worst_bound = 2'000'000,
                             .floor = matching::FloorOutcome::not_found,
                             .levels = {}},
                            3'000'000, 4'000'000);
    CHECK(app::summary_of(floor, nobody_scored(2), found) ==
          "0 pairs, sum of scores 3.000000, worst off 1.000000; not everybody has the floor of "
          "1.500000; whether that is possible is not known, the worst off could have 2.000000 at "
          "most.");
    const auto json = app::certificate_json(nobody_scored(2), floor, found, {});
    CHECK(json.contains(R"("proved":false,"worst_micro":1000000,"worst_bound_micro":2000000)"));
}

TEST_CASE("how far fairness is proved, in words") {
    const matching::Objective leximin{.rule = matching::Rule::leximin};
    const auto said = [&](const matching::Fairness& fairness) {
        return app::summary_of(leximin, nobody_scored(1), fair(fairness, 1'000'000, 3'000'000));
    };
    CHECK(said({.worst = 1, .worst_bound = 1, .levels = {}, .covered = 2, .proved = true})
              .ends_with("worst off 0.000001; proved fairest under these scores."));
    CHECK(said({.worst = 1, .worst_bound = 1, .levels = {}, .covered = 1, .proved = true})
              .contains("proved fairest for the 1 worst off of 2 asks"));
    CHECK(said({.worst = 1, .worst_bound = 3, .levels = {}})
              .contains("the worst off could have 0.000003 at most, 0.000002 more"));
    CHECK(said({.worst = 1, .worst_bound = 1, .levels = {}})
              .contains("whose sum could be 2.000000 larger at most"));
}
