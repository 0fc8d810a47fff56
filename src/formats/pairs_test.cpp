#include "base/limits.hpp"
#include "formats/pairs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::formats;

namespace {

using NamedScores = std::map<std::pair<std::string, std::string>, double>;

NamedScores named(const Triples& triples) {
    NamedScores scores;
    for (std::size_t i = 0; i < triples.scores.size(); ++i) {
        const Pair& pair = triples.pairs.rows[i];
        scores[{triples.pairs.asks[pair.ask], triples.pairs.helpers[pair.helper]}] =
            triples.scores[i];
    }
    return scores;
}

NamedScores read(std::string_view bytes) {
    const auto triples = parse_triples(bytes, "s.csv");
    REQUIRE_MESSAGE(triples, (triples ? "" : triples.error().message));
    return named(*triples);
}

template <class T>
std::string message_of(const Result<T>& result) {
    REQUIRE_FALSE(result);
    return result.error().message;
}

std::string score_message(std::string_view score) {
    return message_of(parse_triples("ask,helper,score\na,h," + std::string(score) + "\n", "s.csv"));
}

} // namespace

TEST_CASE("triples are read back exactly as written, in any order of rows") {
    const bool holds = rc::check([] {
        const auto drawn = *rc::gen::container<std::map<std::pair<int, int>, double>>(
            rc::gen::pair(rc::gen::inRange(0, 20), rc::gen::inRange(0, 20)),
            rc::gen::map(rc::gen::arbitrary<double>(),
                         [](double x) { return std::fmod(std::abs(x), limits::max_score); }));
        std::vector<std::pair<std::pair<int, int>, double>> rows(drawn.begin(), drawn.end());
        if (*rc::gen::arbitrary<bool>()) {
            std::ranges::reverse(rows);
        }
        CsvWriter writer;
        writer.field("helper").field("score").field("note").field("ask").end_row();
        NamedScores expected;
        for (const auto& [pair, score] : rows) {
            const auto ask = "a, " + std::to_string(pair.first);
            const auto helper = "\"h\"" + std::to_string(pair.second);
            writer.field(helper).field(score).field("x").field(ask).end_row();
            expected[{ask, helper}] = score;
        }
        const auto triples = parse_triples(writer.text(), "s.csv");
        RC_ASSERT(triples.has_value());
        RC_ASSERT(triples->pairs.rows.size() == rows.size());
        RC_ASSERT(named(*triples) == expected);
    });
    CHECK(holds);
}

TEST_CASE("exactly the repeated pairs are found") {
    const bool holds = rc::check([] {
        const auto drawn = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(0, 5), rc::gen::inRange(0, 5)));
        std::string bytes = "ask,helper\n";
        for (const auto& [ask, helper] : drawn) {
            bytes += std::to_string(ask) + "," + std::to_string(helper) + "\n";
        }
        const std::set<std::pair<int, int>> different(drawn.begin(), drawn.end());
        RC_ASSERT(parse_pairs(bytes, "p.csv").has_value() == (different.size() == drawn.size()));
    });
    CHECK(holds);
}

TEST_CASE("ids become indices in the order of their appearance") {
    const auto pairs = parse_pairs("ask,helper\nb,y\na,y\nb,x\n", "p.csv");
    REQUIRE(pairs);
    CHECK(pairs->asks.names() == std::vector<std::string>{"b", "a"});
    CHECK(pairs->helpers.names() == std::vector<std::string>{"y", "x"});
    CHECK(pairs->rows[2].ask == 0);
    CHECK(pairs->rows[2].helper == 1);
    CHECK(pairs->rows[2].line == 4);
    CHECK(pairs->asks.find("a") == 1);
    CHECK_FALSE(pairs->asks.find("x"));
    CHECK_FALSE(Ids().find("x"));
}

TEST_CASE("many ids keep their indices") {
    Ids ids;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        REQUIRE(ids.intern("id " + std::to_string(i)) == i);
    }
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        REQUIRE(ids.intern("id " + std::to_string(i)) == i);
    }
    CHECK(ids.size() == 10'000);
}

TEST_CASE("other names of columns may be given") {
    const auto triples = parse_triples("paper;reviewer;affinity\np;r;0.5\n", "s.csv",
                                       {"paper", "reviewer", "affinity"});
    REQUIRE(triples);
    CHECK(named(*triples) == NamedScores{{{"p", "r"}, 0.5}});
}

TEST_CASE("a decimal comma is read where it cannot separate fields") {
    CHECK(read("ask;helper;score\na;h;0,5\n") == NamedScores{{{"a", "h"}, 0.5}});
    CHECK(message_of(parse_triples("ask;helper;score\na;h;1.000,5\n", "s.csv"))
              .contains("found \"1.000,5\""));
    CHECK(score_message("\"0,5\"").contains("found \"0,5\""));
    CHECK(message_of(parse_triples("ask\thelper\tscore\na\th\t0,5\n", "s.csv"))
              .contains("found \"0,5\""));
}

TEST_CASE("a score is a number from 0 to the limit") {
    CHECK(read("ask,helper,score\na,h,1e9\na,g,0\n") ==
          NamedScores{{{"a", "h"}, 1e9}, {{"a", "g"}, 0.0}});
    for (const char* const wrong : {"-1", "nan", "NaN", "inf", "1.1e9", "good", "1 2", "0x1"}) {
        CAPTURE(wrong);
        CHECK(score_message(wrong) ==
              "s.csv:2:3: column \"score\": found \"" + std::string(wrong) +
                  "\", expected a score from 0 to 1000000000; leave the row out if the pair is not "
                  "allowed");
    }
    CHECK(score_message("").contains("found nothing, expected a score"));
}

TEST_CASE("a pair twice names both lines") {
    CHECK(message_of(parse_triples("ask,helper,score\na,h,1\nb,h,1\n\na,h,2\n", "s.csv")) ==
          "s.csv:5: found the pair \"a\", \"h\" of line 2 again, expected each pair once");
}

TEST_CASE("all that is wrong with pairs is said at once") {
    const std::string long_id(limits::max_id_bytes + 1, 'x');
    const auto message =
        message_of(parse_triples("ask,helper,score\n,h,-1\na,h,1\na,h,1\n" + long_id +
                                     ",h,1\n"
                                     "a,\"h\n",
                                 "s.csv"));
    CHECK(message.contains("s.csv:2:1: column \"ask\": found nothing, expected an id"));
    CHECK(message.contains("s.csv:2:3: column \"score\": found \"-1\""));
    CHECK(message.contains("s.csv:4: found the pair"));
    CHECK(message.contains("s.csv:5:1: column \"ask\": found \"xxx"));
    CHECK(message.contains("s.csv:6:2: column \"helper\": found a double quote"));
}

TEST_CASE("a file of pairs without its columns says which") {
    CHECK(message_of(parse_triples("ask,score\n", "s.csv")) ==
          "s.csv:1: found the columns \"ask\" and \"score\", expected also \"helper\"");
}

TEST_CASE("counts are read by id") {
    const auto counts = parse_counts("n,id\n3,a\n0,b\n1000000000,c\n", "c.csv", 0);
    REQUIRE(counts);
    CHECK(counts->ids.names() == std::vector<std::string>{"a", "b", "c"});
    CHECK(counts->values == std::vector<std::int64_t>{3, 0, limits::max_places});
    CHECK(counts->lines == std::vector<std::int64_t>{2, 3, 4});
}

TEST_CASE("counts out of range, of no number or of an id twice are findings") {
    CHECK(message_of(parse_counts("id,n\na,0\nb,1000000001\nc,2.5\na,1\n,1\nd,\n", "c.csv", 1)) ==
          "c.csv:2:2: column \"n\": found \"0\", expected a whole number from 1 to 1000000000\n"
          "c.csv:3:2: column \"n\": found \"1000000001\", expected a whole number from 1 to "
          "1000000000\n"
          "c.csv:4:2: column \"n\": found \"2.5\", expected a whole number from 1 to 1000000000\n"
          "c.csv:5:1: column \"id\": found \"a\" of line 2 again, expected each id once\n"
          "c.csv:6:1: column \"id\": found nothing, expected an id of at most 200 bytes\n"
          "c.csv:7:2: column \"n\": found nothing, expected a whole number from 1 to 1000000000");
}

TEST_CASE("numbers, one a line, with the marks of an editor around them") {
    const std::vector<std::int64_t> expected{1, 0, 7};
    CHECK(parse_lines_of_ints("1\n0\n7\n", "n.txt", 3, 0) == expected);
    CHECK(parse_lines_of_ints("\xEF\xBB\xBF"
                              "1\r\n 0 \r\n7\r\n\r\n\r\n",
                              "n.txt", 3, 0) == expected);
    CHECK(parse_lines_of_ints("", "n.txt", 0, 0) == std::vector<std::int64_t>{});
}

TEST_CASE("too few or too many numbers, or none, are errors") {
    CHECK(message_of(parse_lines_of_ints("1\n\n2\n", "n.txt", 3, 0)) ==
          "n.txt: found 2 numbers, expected 3, one a line");
    CHECK(message_of(parse_lines_of_ints("n\n1\n2,3\n-1\n", "n.txt", 3, 0)) ==
          "n.txt:1: found \"n\", expected a whole number from 0 to 1000000000\n"
          "n.txt:3: found 2 fields, expected one whole number a line\n"
          "n.txt:4: found \"-1\", expected a whole number from 0 to 1000000000");
}
