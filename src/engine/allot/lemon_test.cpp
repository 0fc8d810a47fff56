// The same optimum as LEMON's network simplex, which runs in a process of its own.
#include "engine/allot/grouped_instance.hpp"
#include "engine/allot/network_allot.hpp"
#include "engine/allot/peer.hpp"
#include "engine/allot/verify.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

void write(std::ostream& out, const Instance& in) {
    const auto line = [&](const auto& numbers) {
        for (const auto n : numbers) {
            out << static_cast<int>(n) << ' ';
        }
        out << '\n';
    };
    out << (in.sides.service == Service::full ? "full" : "partial")
        << (in.sides.least.empty() ? " " : "-least ") << in.sides.asks() << ' '
        << in.sides.helpers() << ' ' << in.pairs.size() << '\n';
    line(in.sides.demand);
    line(in.sides.waiting);
    line(in.sides.places);
    line(in.sides.least);
    for (const Pair& p : in.pairs) {
        out << p.ask << ' ' << p.helper << ' ' << p.score << '\n';
    }
}

/// LEMON's objective of each instance; nullopt where it found none.
std::vector<std::optional<Value>> lemon(const std::vector<Instance>& instances) {
    std::ostringstream text;
    for (const Instance& in : instances) {
        write(text, in);
    }
    std::vector<std::optional<Value>> values;
    const std::string command = std::string(ALLOTMENT_LEMON_PEER) + " batch";
    for (const std::string& line : testing::lines_of_peer(command, text.str())) {
        std::istringstream words(line);
        Value value;
        for (auto& places : value.places) {
            words >> places;
        }
        words >> value.micro;
        values.push_back(words ? std::optional(value) : std::nullopt);
    }
    return values;
}

void compare(std::vector<Instance> instances) {
    const auto expected = lemon(instances);
    REQUIRE(expected.size() == instances.size());
    for (std::size_t k = 0; k < instances.size(); ++k) {
        const Instance& in = instances[k];
        CAPTURE(k);
        const auto ours = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(ours);
        REQUIRE(ours->shortages.empty() == expected[k].has_value());
        if (!expected[k]) {
            continue;
        }
        REQUIRE(ours->certificate.objective == *expected[k]);
        REQUIRE(ours->certificate.proved());
        const Verdict verdict = verify(in.pairs, in.sides, ours->pairs);
        REQUIRE_MESSAGE(verdict.holds, verdict.reason);
        REQUIRE(verdict.prices == ours->prices);

        const auto matrix = in.matrix();
        const auto dense = allot::matching::allot(
            DenseRows<double>(in.sides.asks(), in.sides.helpers(), matrix), in.sides);
        REQUIRE(dense);
        REQUIRE(dense->certificate.objective == *expected[k]);
        REQUIRE(dense->prices == ours->prices);
    }
}

std::vector<Instance> draw_many(int n, std::uint64_t seed, const testing::Shape& shape) {
    Random random(seed);
    std::vector<Instance> instances;
    for (int k = 0; k < n; ++k) {
        instances.push_back(testing::draw(random, shape));
    }
    return instances;
}

/// Minimum loads are met together with the largest sum, or neither finds an allotment.
void compare_minimums(int n, std::uint64_t seed, const testing::Shape& shape) {
    Random random(seed);
    auto instances = draw_many(n, seed, shape);
    for (Instance& in : instances) {
        testing::add_least(in, random);
    }
    const auto expected = lemon(instances);
    REQUIRE(expected.size() == instances.size());
    int optimal = 0;
    for (std::size_t k = 0; k < instances.size(); ++k) {
        CAPTURE(k);
        const auto ours = allot_in_network(instances[k].sparse(), instances[k].sides);
        REQUIRE(ours);
        REQUIRE(ours->shortages.empty() == expected[k].has_value());
        if (!expected[k]) {
            continue;
        }
        ++optimal;
        REQUIRE(ours->certificate.objective == *expected[k]);
        REQUIRE(ours->certificate.proved());
        const Verdict verdict = verify(instances[k].pairs, instances[k].sides, ours->pairs);
        REQUIRE_MESSAGE(verdict.holds, verdict.reason);
    }
    MESSAGE(optimal << " optimal of " << instances.size());
}

} // namespace

TEST_CASE("the same optimum as LEMON on thousands of small instances") {
    compare(draw_many(4000, 20270114, {}));
}

TEST_CASE("the same optimum as LEMON on hundreds of medium instances") {
    compare(draw_many(200, 7, {.most_asks = 60, .most_helpers = 60}));
}

TEST_CASE("the same optimum as LEMON where rows are longer than their first list") {
    compare(draw_many(12, 11, {.most_asks = 250, .most_helpers = 250, .most_places = 3}));
}

TEST_CASE("minimum loads have the same optimum as LEMON on thousands of instances") {
    compare_minimums(4000, 51, {});
    compare_minimums(200, 52, {.most_asks = 60, .most_helpers = 60});
    compare_minimums(12, 53, {.most_asks = 250, .most_helpers = 250, .most_places = 3});
}
