// Groups and minimum loads: against every allotment there is, against an integer program, and what
// an instance that cannot be served says about it.
#include "engine/allot/grouped_instance.hpp"
#include "engine/allot/groups.hpp"
#include "engine/allot/network.hpp"
#include "engine/allot/network_allot.hpp"
#include "engine/allot/peer.hpp"
#include "engine/allot/shortage_check.hpp"
#include "engine/allot/verify.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

Allotment solve(const Instance& in, const Options& options = {}) {
    auto result = allot_in_network(in.sparse(), in.sides, options);
    REQUIRE(result);
    return *std::move(result);
}

Instance draw_grouped(Random& random, const testing::Shape& shape) {
    Instance in = testing::draw(random, shape);
    if (random.below(4) != 0) {
        testing::add_groups(in, random);
    }
    if (random.below(3) == 0) {
        testing::add_least(in, random);
    }
    return in;
}

void check_shortages(const Instance& in, const Allotment& found) {
    for (const Shortage& shortage : found.shortages) {
        REQUIRE(testing::is_shortage(in, shortage));
    }
}

void check_optimum(const Instance& in, const Allotment& found) {
    REQUIRE(found.certificate.proved());
    const Verdict verdict = verify(in.pairs, in.sides, found.pairs);
    REQUIRE_MESSAGE(verdict.holds, verdict.reason);
    REQUIRE(verdict.objective == found.certificate.objective);
}

Sides four_helpers(std::vector<Group> groups) {
    return {.demand = {1, 1},
            .places = {1, 1, 1, 1},
            .least = {},
            .groups = std::move(groups),
            .waiting = {},
            .service = Service::full};
}

Group of_helpers(std::string name, std::vector<Index> members, Count least = 0, Count most = 1) {
    return {.name = std::move(name),
            .scope = Group::Scope::round,
            .of = Group::Of::helpers,
            .members = std::move(members),
            .least = least,
            .most = most};
}

std::string error_of(const Sides& sides) {
    const std::vector<std::string> helpers{"ana", "bo", "cy", "di"};
    const auto result = check_groups(sides, {.asks = {}, .helpers = helpers});
    return result ? "" : result.error().message;
}

} // namespace

TEST_CASE("groups that cross are refused by name, with who shows it") {
    CHECK(
        error_of(four_helpers({of_helpers("lab", {0, 1, 2}), of_helpers("town", {2, 3})})) ==
        "the groups \"lab\" and \"town\" cross: helper cy is in both, helper ana only in \"lab\" "
        "and helper di only in \"town\"; expected groups that share nobody, or one that holds all "
        "of the other");
    CHECK(error_of(four_helpers({of_helpers("lab", {0, 1, 2}), of_helpers("desk", {2, 1}),
                                 of_helpers("lab again", {2, 1, 0}), of_helpers("other", {3}),
                                 of_helpers("nobody", {})}))
              .empty());
}

TEST_CASE("groups of different scopes or sides may cross") {
    Sides sides = four_helpers(
        {of_helpers("lab", {0, 1, 2}), of_helpers("town", {2, 3}), of_helpers("asks", {0, 1})});
    sides.groups[1].scope = Group::Scope::ask;
    sides.groups[2].of = Group::Of::asks;
    CHECK(error_of(sides).empty());
}

TEST_CASE("groups that make no sense are refused") {
    CHECK(error_of(four_helpers({of_helpers("lab", {0, 1}, 2, 1)})) ==
          "group \"lab\" allows at least 2 and at most 1; expected 0 <= least <= most");
    CHECK(error_of(four_helpers({of_helpers("lab", {0, 1}, -1, 1)})) ==
          "group \"lab\" allows at least -1 and at most 1; expected 0 <= least <= most");
    CHECK(error_of(four_helpers({of_helpers("lab", {1, 0, 1})})) ==
          "group \"lab\" names helper bo twice; expected each member once");
    CHECK(error_of(four_helpers({of_helpers("lab", {4})})) ==
          "group \"lab\" has number 4 as a member; expected a number from 0 to 3");
    Sides sides = four_helpers({of_helpers("lab", {0})});
    sides.groups[0].scope = Group::Scope::ask;
    sides.groups[0].of = Group::Of::asks;
    CHECK(error_of(sides) == "group \"lab\" counts asks for each ask by itself; expected helpers, "
                             "or a count over the whole round");
    sides = four_helpers({});
    sides.least = {0, 2, 0, 0};
    CHECK(error_of(sides) ==
          "helper bo must get at least 2 asks; expected a number from 0 to the 1 "
          "places of that helper");
}

TEST_CASE("the best of all allotments with groups and minimums, on thousands of small instances") {
    Random random(20261122);
    int optimal = 0;
    int infeasible = 0;
    while (optimal + infeasible < 6000) {
        const Instance in =
            draw_grouped(random, {.most_asks = 5, .most_helpers = 5, .most_places = 3});
        if (in.pairs.size() > 12) {
            continue;
        }
        CAPTURE(optimal + infeasible);
        const auto expected = testing::best_of_all(
            in, [&](std::span<const Pair> pairs) { return testing::value_of(in, pairs); });
        const Allotment found = solve(in);
        REQUIRE(found.shortages.empty() == expected.has_value());
        if (!expected) {
            ++infeasible;
            check_shortages(in, found);
            continue;
        }
        ++optimal;
        REQUIRE(found.certificate.objective == *expected);
        check_optimum(in, found);
    }
    MESSAGE(optimal << " optimal, " << infeasible << " infeasible");
}

TEST_CASE("the same optimum as an integer program on hundreds of medium instances") {
    Random random(44);
    std::vector<Instance> instances;
    std::string programs;
    std::vector<double> lifts;
    for (int k = 0; k < 500; ++k) {
        Instance in = draw_grouped(random, {.most_asks = 30, .most_helpers = 30});
        std::ranges::fill(in.sides.waiting, std::uint8_t{0});
        double lift = 0;
        if (in.sides.service == Service::partial) {
            const double most = static_cast<double>(
                in.pairs.empty() ? 0 : std::ranges::max(in.pairs, {}, &Pair::score).score);
            lift = 1 + most * static_cast<double>(in.pairs.size());
        }
        std::vector<double> worth;
        for (const Pair& p : in.pairs) {
            worth.push_back(lift + static_cast<double>(p.score));
        }
        programs += testing::program_of(in, worth, 1, true);
        instances.push_back(std::move(in));
        lifts.push_back(lift);
    }
    const auto lines = testing::lines_of_peer(ALLOTMENT_GLPK_PEER, programs);
    REQUIRE(lines.size() == instances.size());
    int optimal = 0;
    for (std::size_t k = 0; k < instances.size(); ++k) {
        CAPTURE(k);
        const Allotment found = solve(instances[k]);
        REQUIRE(found.shortages.empty() == (lines[k] != "infeasible\n"));
        if (!found.shortages.empty()) {
            check_shortages(instances[k], found);
            continue;
        }
        ++optimal;
        check_optimum(instances[k], found);
        const Value& objective = found.certificate.objective;
        const double ours = static_cast<double>(objective.places.back()) * lifts[k] +
                            static_cast<double>(objective.micro);
        REQUIRE(std::abs(ours - std::stod(lines[k])) <= 1e-9 * std::max(1.0, std::abs(ours)));
    }
    MESSAGE(optimal << " optimal of " << instances.size());
}

TEST_CASE("without groups and minimums the network finds the same optimum as the paths") {
    Random random(45);
    for (int k = 0; k < 1000; ++k) {
        CAPTURE(k);
        const Instance in = testing::draw(random, {.most_asks = 20, .most_helpers = 20});
        const auto expected = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(expected);
        const Allotment found = solve(in);
        REQUIRE(found.shortages.empty() == expected->shortages.empty());
        REQUIRE(found.certificate.objective == expected->certificate.objective);
        REQUIRE(found.certificate.proved());
        check_shortages(in, found);
        check_shortages(in, *expected);
    }
}

TEST_CASE("a long chain of large scores keeps its proof in the network") {
    constexpr Index n = 1000;
    Sides sides{.demand = {}, .places = {}, .least = std::vector<Count>(n, 0), .groups = {}};
    sides.demand.assign(n + 1, 1);
    sides.places.assign(n, 1);
    sides.least.back() = 1;
    std::vector<Pair> pairs{{0, 0, 0}};
    for (Index k = 0; k < n; ++k) {
        pairs.push_back({k + 1, k, k % 2 == 0 ? max_micro : 0});
        if (k + 1 < n) {
            pairs.push_back({k + 1, k + 1, 0});
        }
    }
    for (const Service service : {Service::partial, Service::full}) {
        sides.service = service;
        sides.places.back() = service == Service::full ? 2 : 1;
        const auto found = allot_in_network(SparseRows(n + 1, n, pairs), sides);
        REQUIRE(found);
        REQUIRE(found->shortages.empty());
        CHECK(found->certificate.proved());
        const Verdict verdict = verify(pairs, sides, found->pairs);
        CHECK_MESSAGE(verdict.holds, verdict.reason);
    }
}

TEST_CASE("a matrix, other threads and another order of groups give the same objective") {
    Random random(46);
    for (int k = 0; k < 200; ++k) {
        CAPTURE(k);
        // At least 128 asks, or all would be looked at by one thread.
        Instance in = draw_grouped(random, {.most_asks = 300, .most_helpers = 60});
        const Allotment found = solve(in);
        const auto matrix = in.matrix();
        const DenseRows<double> dense(in.sides.asks(), in.sides.helpers(), matrix);
        const auto threaded = allot_in_network(dense, in.sides, {.threads = 3});
        REQUIRE(threaded);
        REQUIRE(threaded->pairs == found.pairs);
        REQUIRE(threaded->prices == found.prices);
        REQUIRE(threaded->group_prices == found.group_prices);
        std::ranges::reverse(in.sides.groups);
        const Allotment again = solve(in);
        REQUIRE(again.certificate.objective == found.certificate.objective);
        REQUIRE(again.shortages.empty() == found.shortages.empty());
    }
}

namespace {

/// A flow that keeps to all bounds and knows no scores.
template <class Scale>
std::optional<Certificate> certificate_of_any(const Instance& in) {
    const SparseRows rows(in.sides.asks(), in.sides.helpers(), in.pairs);
    const auto scale = Scale::of(in.sides, rows.largest_score()).value();
    const Options options;
    Network<SparseRows, Scale> network(rows, in.sides, scale, Units{}, options);
    REQUIRE(network.list_all());
    return network.feasible() ? std::optional(network.certificate()) : std::nullopt;
}

} // namespace

TEST_CASE("the network proves no allotment but the best") {
    Random random(48);
    int refused = 0;
    for (int k = 0; k < 1000; ++k) {
        CAPTURE(k);
        const Instance in = draw_grouped(random, {});
        const auto any = in.sides.service == Service::full ? certificate_of_any<PlainScale>(in)
                                                           : certificate_of_any<WaitingScale>(in);
        if (any) {
            CHECK((!any->proved() || any->objective == solve(in).certificate.objective));
            refused += any->proved() ? 0 : 1;
        }
    }
    CHECK(refused > 300);
}

TEST_CASE("an allotment that breaks a group or a minimum does not pass verification") {
    Sides sides = four_helpers({of_helpers("lab", {0, 1})});
    const std::vector<Pair> pairs{{0, 0, 5}, {0, 2, 1}, {1, 1, 5}, {1, 3, 1}};
    const auto reason = [&](const std::vector<Pair>& chosen) {
        return verify(pairs, sides, chosen).reason;
    };
    CHECK(reason({{0, 0, 5}, {1, 1, 5}}) ==
          "the round has 2 of group \"lab\", which allows at least 0 and at most 1");
    CHECK(reason({{0, 2, 1}, {1, 3, 1}}) ==
          "the pairs can be exchanged in a circle for a better allotment");
    CHECK(reason({{0, 0, 5}, {1, 3, 1}}).empty());
    sides.least = {0, 0, 1, 0};
    CHECK(reason({{0, 0, 5}, {1, 3, 1}}) == "helper 2 has 0 asks and must get at least 1");
    CHECK(reason({{0, 2, 1}, {1, 1, 5}}).empty());
    sides.groups[0].scope = Group::Scope::ask;
    sides.groups[0].least = 1;
    CHECK(reason({{0, 2, 1}, {1, 1, 5}}) ==
          "ask 0 has 0 of group \"lab\", which allows at least 1 and at most 1");
}

TEST_CASE("a minimum that nobody can meet is named") {
    Sides sides = four_helpers({});
    sides.least = {0, 0, 1, 1};
    const std::vector<Pair> pairs{{0, 0, 5}, {0, 2, 1}, {0, 3, 1}, {1, 1, 5}};
    const auto found = allot_in_network(SparseRows(2, 4, pairs), sides);
    REQUIRE(found);
    REQUIRE(found->shortages.size() == 1);
    const Shortage& shortage = found->shortages.front();
    CHECK(shortage.kind == Shortage::Kind::minimums);
    CHECK(shortage.helpers == std::vector<Index>{2, 3});
    CHECK(shortage.needed == 2);
    CHECK(shortage.places + shortage.single == 1);
}

TEST_CASE("work on groups stops when the person asks") {
    const auto result = allot_in_network(SparseRows(1, 1, {}), {.demand = {1}, .places = {1}},
                                         {.keep_going = [](Progress) { return false; }});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::interrupted);
}
