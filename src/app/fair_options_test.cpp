#include "app/fair_options.hpp"
#include "app/hashes.hpp"

#include <doctest/doctest.h>

using namespace allot;
using app::check_commitment;
using app::commitment_of;
using app::parse_chance;
using app::parse_objective;
using matching::Chance;
using matching::Rule;

TEST_CASE("objectives by name, and a floor with its score in millionths") {
    CHECK(parse_objective("sum")->rule == Rule::sum);
    CHECK(parse_objective("leximin")->rule == Rule::leximin);
    CHECK(parse_objective("maxmin")->rule == Rule::maxmin);
    CHECK(parse_objective("floor:0.25")->rule == Rule::floor);
    CHECK(parse_objective("floor:0.25")->floor == 250'000);
    CHECK(parse_objective("floor:0")->floor == 0);
    for (const char* wrong : {"", "Sum", "floor", "floor:", "floor:-1", "floor:nan", "floor:2e9",
                              "floor:1x", "leximin:1"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_objective(wrong));
    }
    CHECK(parse_objective("best").error().message.contains("found \"best\", expected sum"));
    CHECK(parse_objective("floor:-1").error().message.contains("a score X from 0 to 1000000000"));
}

TEST_CASE("chances as fractions and decimals, reduced") {
    CHECK(*parse_chance("1/3") == Chance{.numerator = 1, .denominator = 3});
    CHECK(*parse_chance("2/6") == Chance{.numerator = 1, .denominator = 3});
    CHECK(*parse_chance("0.5") == Chance{.numerator = 1, .denominator = 2});
    CHECK(*parse_chance(".125") == Chance{.numerator = 1, .denominator = 8});
    CHECK(*parse_chance("0.50000") == Chance{.numerator = 1, .denominator = 2});
    CHECK(*parse_chance("1") == Chance{.numerator = 1, .denominator = 1});
    CHECK(*parse_chance("1.0") == Chance{.numerator = 1, .denominator = 1});
    CHECK(*parse_chance("999/1000") == Chance{.numerator = 999, .denominator = 1000});
    CHECK(*parse_chance("2000/4000") == Chance{.numerator = 1, .denominator = 2});
    for (const char* wrong :
         {"", "0", "0/1", "1/0", "0/0", "2", "3/2", "-1/2", "1/-2", "1/1001", "0.0001", "1/", "/2",
          "1/2/3", "half", "1e-1", ".", "+1/2", "0.1234567890123456789"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_chance(wrong));
    }
    CHECK(parse_chance("3/2").error().message.contains("found \"3/2\", expected a chance"));
}

TEST_CASE("a commitment is the SHA-256 of the digits of a seed") {
    const std::string of_7 = "7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451";
    CHECK(commitment_of(7) == of_7);
    CHECK(check_commitment(7, of_7));
    CHECK(check_commitment(7, "7902699BE42C8A8E46FBBB4501726517E86B22C56A189F7625A6DA49081B2451"));
    CHECK_FALSE(check_commitment(8, of_7));
    CHECK_FALSE(check_commitment(7, ""));
    CHECK(check_commitment(8, of_7).error().message.contains("not the SHA-256 of the seed 8"));
    // What is right is not told: it would only be pasted.
    CHECK_FALSE(check_commitment(8, of_7).error().message.contains(commitment_of(8)));
    CHECK(check_commitment(7, "abc").error().message.contains("64 hexadecimal digits"));
    CHECK_FALSE(check_commitment(7, std::string(64, 'x')));
    CHECK(check_commitment(7, app::sha256_hex("7\n")).error().message.contains("not echo"));
}
