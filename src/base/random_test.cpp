#include "base/random.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace allot;

TEST_CASE("the same seed gives the same numbers on every machine") {
    // Golden values: SplitMix64 reference output for state 0 (Vigna 2015, public domain).
    Random random(0);
    CHECK(random.next() == 0xe220a8397b1dcdafU);
    CHECK(random.next() == 0x6e789e6aa1b965f4U);
}

TEST_CASE("numbers below a bound reach every value about equally often") {
    Random random(7);
    std::array<int, 6> seen{};
    for (int i = 0; i < 60000; ++i) {
        ++seen.at(random.below(6));
    }
    // Each count is binomial with mean 10,000 and deviation 91; six deviations never miss.
    for (const int n : seen) {
        CHECK(n > 9450);
        CHECK(n < 10550);
    }
}

TEST_CASE("another seed orders ids otherwise") {
    CHECK(seeded_hash(1, "a") != seeded_hash(2, "a"));
    CHECK(seeded_hash(1, "a") != seeded_hash(1, "b"));
}
