// Checking a round says yes to what the rule makes, and no to what only looks like it.
#include "engine/allot/levels.hpp"
#include "round/explain.hpp"
#include "round/report.hpp"
#include "round/words.hpp"

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

TEST_CASE("of asks of several places it is checked that no more places could be filled") {
    auto record = record_of({.demand = {2, 1}, .places = {1, 1}, .waiting = {0, 1}}, two_by_two);
    const auto holds = [&](std::vector<Pair> pairs, const matching::Objective& rule) {
        record.pairs = std::move(pairs);
        return round::verify(record, rule).holds;
    };
    for (const Rule rule : {Rule::leximin, Rule::maxmin, Rule::floor}) {
        CHECK(holds({{0, 0, 5}, {1, 1, 5}}, {.rule = rule}));
        CHECK_FALSE(holds({{1, 1, 5}}, {.rule = rule}));            // a place stays empty
        CHECK_FALSE(holds({{0, 0, 5}, {0, 1, 5}}, {.rule = rule})); // who waited has none
    }
    CHECK_FALSE(holds({{0, 0, 5}, {1, 1, 5}}, {.rule = Rule::floor, .floor = 6}));
    record.pairs = {{0, 0, 5}, {1, 1, 5}};
    record.instance = {{0, 0, 5}, {0, 1, 5}, {1, 0, 9}, {1, 1, 5}};
    const auto any = round::verify(record);
    CHECK(any.holds);
    CHECK_FALSE(any.is_rule_proved);
    CHECK_FALSE(any.notes.front().contains("leximin"));
}

TEST_CASE("leximin of very many asks is checked as far as it was settled") {
    // One block of two in eight is badly off, whatever happens; the others can have the largest sum
    // or the largest smaller score.
    constexpr matching::Index n = 2400;
    matching::Sides sides;
    sides.demand.assign(n, 1);
    sides.places.assign(n, 1);
    std::vector<Pair> instance;
    for (matching::Index i = 0; i < n; i += 2) {
        const bool is_poor = i % 16 == 0;
        instance.push_back({i, i, is_poor ? 10 : 900'000});
        instance.push_back({i, i + 1, is_poor ? 20 : 300'000});
        instance.push_back({i + 1, i, is_poor ? 30 : 600'000});
        instance.push_back({i + 1, i + 1, is_poor ? 10 : 100'000});
    }
    auto record = record_of(sides, instance);
    record.sides.waiting.assign(n, 0);
    const auto solved =
        matching::allot_by_levels(matching::SparseRows(n, n, record.instance), record.sides,
                                  {.objective = {.rule = Rule::leximin}, .order = {}});
    REQUIRE(solved);
    REQUIRE(solved->fairness->covered < n);
    record.pairs = solved->pairs;
    Record::Told told;
    told.rule = {.rule = Rule::leximin};
    told.objective = value_of(record, record.pairs);
    told.worst = solved->fairness->worst;
    told.settled = solved->fairness->covered;
    record.told = told;
    const auto checked = round::verify(record);
    CHECK_MESSAGE(checked.holds, checked.reason);
    REQUIRE(checked.notes.size() == 1);
    CHECK(checked.notes.front().starts_with("That is proved for the "));
    CHECK(round::why(record, "a1", "o1"));
    SUBCASE("less was settled than the rule settles") {
        record.told->settled = 0;
        CHECK(round::verify(record).reason.contains("claims that 0 asks were settled"));
    }
    SUBCASE("more was settled than is so") {
        record.told->settled = n;
        CHECK_FALSE(round::verify(record).holds);
    }
    SUBCASE("without round.json") {
        record.told.reset();
        CHECK(round::verify(record, matching::Objective{.rule = Rule::leximin}).holds);
    }
    SUBCASE("the words of the report") {
        round::Round held;
        held.allotment = *solved;
        CHECK(round::is_proved(held));
        CHECK(round::proof_in_words(held).contains("worst off of 2400 asks"));
        CHECK(round::report_of(held).contains("by this rule, as far as is known"));
        held.allotment.fairness->covered = n;
        CHECK(round::proof_in_words(held).contains("no other way is better by this rule"));
    }
}
