// Checking a round says yes to what the rule makes, and no to what only looks like it.
#include "round/explain.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace allot;
using matching::Group;
using matching::Pair;
using matching::Rule;
using round::Record;

namespace {

/// A record of so many asks and offers, a1... and o1..., without pairs.
Record record_of(const matching::Sides& sides, std::vector<Pair> instance) {
    Record record;
    record.sides = sides;
    record.sides.service = matching::Service::partial;
    record.instance = std::move(instance);
    for (matching::Index i = 1; i <= sides.asks(); ++i) {
        record.asks.push_back("a" + std::to_string(i));
    }
    for (matching::Index j = 1; j <= sides.helpers(); ++j) {
        record.offers.push_back("o" + std::to_string(j));
    }
    return record;
}

matching::Value value_of(const Record& record, std::span<const Pair> pairs) {
    matching::Value value;
    for (const Pair& pair : pairs) {
        ++value.places.at(matching::waiting_classes - 1 - record.sides.waiting_of(pair.ask));
        value.micro += pair.score;
    }
    return value;
}

/// What round.json says of a lottery with these chances, drawn by the first seed whose draw keeps
/// to all groups.
void draw(Record& record, matching::Chance cap, std::vector<matching::Marginal> marginals) {
    record.marginals = std::move(marginals);
    Record::Told told;
    told.rule = {.rule = Rule::sum};
    told.cap = cap;
    do {
        ++told.seed;
        record.pairs = matching::draw(record.marginals, cap.denominator, record.sides, told.seed);
    } while (round::broken_bound(record.sides, record.pairs, record.offers));
    told.objective = value_of(record, record.pairs);
    matching::Value expected;
    for (const auto& marginal : record.marginals) {
        expected.places.back() += marginal.numerator;
        expected.micro += marginal.score * marginal.numerator;
    }
    told.expected = {.objective = expected, .bound = expected};
    record.told = std::move(told);
}

const std::vector<Pair> two_by_two{{0, 0, 5}, {0, 1, 5}, {1, 0, 5}, {1, 1, 5}};

} // namespace

TEST_CASE("chances that break a group or a minimum are refused, whatever was drawn") {
    auto record = record_of({.demand = {1, 1}, .places = {2, 2}}, two_by_two);
    const matching::Chance cap{.numerator = 3, .denominator = 4};
    const auto chances = [](std::int32_t on_first) {
        return std::vector<matching::Marginal>{{0, 0, 5, on_first},
                                               {0, 1, 5, 4 - on_first},
                                               {1, 0, 5, on_first},
                                               {1, 1, 5, 4 - on_first}};
    };
    const auto reason = [&](std::int32_t on_first) {
        draw(record, cap, chances(on_first));
        return round::verify(record).reason;
    };
    CHECK(reason(3).empty());
    Group group{.name = "team", .members = {0}, .least = 0, .most = 1};
    SUBCASE("the most of a group over the round") {
        record.sides.groups = {group};
        CHECK(reason(2).empty());
        CHECK(reason(3).contains("\"team\""));
    }
    SUBCASE("the least of a group for each ask") {
        group = {
            .name = "both", .scope = Group::Scope::ask, .members = {0, 1}, .least = 1, .most = 1};
        record.sides.groups = {group};
        CHECK(reason(2).empty());
        auto few = chances(2);
        few[3].numerator = 1;
        draw(record, cap, few);
        CHECK(round::verify(record).reason.contains("\"both\""));
    }
    SUBCASE("a minimum") {
        record.sides.least = {0, 1};
        CHECK(reason(2).empty());
        CHECK(reason(3).contains("o2 add up to less"));
    }
}

