#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace allot;

TEST_CASE("white space of spreadsheets is trimmed, also the no-break space") {
    CHECK(text::trim(" \t a b\r\n") == "a b");
    CHECK(text::trim("\xC2\xA0x\xC2\xA0") == "x");
    CHECK(text::trim(" \xC2\xA0 ").empty());
}

TEST_CASE("a list leaves out its empty parts") {
    CHECK(text::split_list(" a | |b|", '|') == std::vector<std::string>{"a", "b"});
    CHECK(text::split_list("", '|').empty());
}

TEST_CASE("numbers are read whole or not at all") {
    CHECK(text::parse_int("-12") == -12);
    CHECK_FALSE(text::parse_int("12x"));
    CHECK_FALSE(text::parse_int("99999999999999999999"));
    CHECK(text::parse_double("0.5") == 0.5);
    CHECK_FALSE(text::parse_double("nan"));
    CHECK_FALSE(text::parse_double("inf"));
    CHECK_FALSE(text::parse_double("0,5"));
}

TEST_CASE("words are joined as a person would") {
    CHECK(text::join_words({}).empty());
    CHECK(text::join_words({"a"}) == "a");
    CHECK(text::join_words({"a", "b", "c"}) == "a, b and c");
    CHECK(text::join_words({"a", "b", "c"}, 2) == "a, b and 1 more");
    CHECK(text::count_of(1, "ask", "asks") == "1 ask");
}

TEST_CASE("shown text is cut between characters and holds no control characters") {
    CHECK(text::shown("a\nb") == "a?b");
    CHECK(text::shown("\xC3\xA9\xC3\xA9", 3) == "\xC3\xA9...");
}

TEST_CASE("a misspelt word finds its neighbour, a strange one none") {
    const std::vector<std::string> known{"rehearsal", "proofread"};
    CHECK(text::nearest_word("Rehersal", known) == "rehearsal");
    CHECK_FALSE(text::nearest_word("banana", known));
}
