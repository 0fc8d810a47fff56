#include "platform/pages/form_reader.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace allot;
using pages::FormReader;
using pages::Need;

TEST_CASE("one line holds no line ends and no control characters") {
    const http::Form form{.fields = {{"a", "  Ada \r\n of\tthe \x01 lab  "}}};
    FormReader reader(form);
    CHECK(reader.line("a", 100) == "Ada of the lab");
    CHECK(reader.good());
}

TEST_CASE("prose keeps its lines, joined by LF") {
    const http::Form form{.fields = {{"a", "\r\none\r\n\r\ntwo\rthree\x07\n"}}};
    FormReader reader(form);
    CHECK(reader.prose("a", 100) == "one\n\ntwo\nthree");
}

TEST_CASE("lengths are counted as people count letters") {
    const http::Form form{.fields = {{"a", "庭庭庭"}, {"b", ""}}};
    FormReader reader(form);
    CHECK(reader.line("a", 3) == "庭庭庭");
    CHECK(reader.good());
    CHECK(reader.line("a", 2) == "庭庭庭");
    CHECK(reader.line("b", 2, Need::required).empty());
    CHECK(reader.line("c", 2, Need::required).empty());
    const auto problems = reader.problems();
    REQUIRE(problems.size() == 3);
    CHECK(problems[0].words == "form.too_long");
    CHECK(problems[0].given[1].second == "3");
    CHECK(problems[1].field == "b");
    CHECK(problems[2].words == "form.required");
}

TEST_CASE("only what was offered can be chosen") {
    static constexpr std::array<std::string_view, 2> offered = {"small", "large"};
    const http::Form form{.fields = {{"a", "large"},
                                     {"b", "huge"},
                                     {"c", "small"},
                                     {"c", "huge"},
                                     {"c", "small"},
                                     {"t", "on"},
                                     {"f", "false"}}};
    FormReader reader(form);
    CHECK(reader.choice("a", offered) == "large");
    CHECK(reader.good());
    CHECK(reader.choice("b", offered) == "small");
    CHECK(reader.choice("none", offered) == "small");
    CHECK(reader.several("c", offered) == std::vector<std::string>{"small"});
    CHECK(reader.problems().size() == 3);
    CHECK(reader.ticked("t"));
    CHECK(!reader.ticked("f"));
    CHECK(!reader.ticked("none"));
}
