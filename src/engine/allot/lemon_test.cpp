// The same optimum as LEMON's network simplex, which runs in a process of its own.
#include "engine/allot/random_instance.hpp"
#include "engine/allot/verify.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <unistd.h>

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
    out << (in.sides.service == Service::full ? "full " : "partial ") << in.sides.asks() << ' '
        << in.sides.helpers() << ' ' << in.pairs.size() << '\n';
    line(in.sides.demand);
    line(in.sides.waiting);
    line(in.sides.places);
    for (const Pair& p : in.pairs) {
        out << p.ask << ' ' << p.helper << ' ' << p.score << '\n';
    }
}

/// LEMON's objective of each instance; nullopt where it found none.
std::vector<std::optional<Value>> lemon(const std::vector<Instance>& instances) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("allotment-lemon-" + std::to_string(getpid()) + ".txt");
    {
        std::ofstream file(path);
        for (const Instance& in : instances) {
            write(file, in);
        }
    }
    const std::string command = std::string(ALLOTMENT_LEMON_PEER) + " batch " + path.string();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    REQUIRE(pipe != nullptr);
    std::vector<std::optional<Value>> values;
    std::array<char, 256> line{};
    while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
        std::istringstream words(line.data());
        Value value;
        for (auto& places : value.places) {
            words >> places;
        }
        words >> value.micro;
        values.push_back(words ? std::optional(value) : std::nullopt);
    }
    std::filesystem::remove(path);
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
