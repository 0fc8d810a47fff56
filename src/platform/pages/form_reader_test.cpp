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

TEST_CASE("a line holds nothing that nobody sees, or that turns the letters after it") {
    const http::Form form{
        .fields = {{"zero", "\u200b\u200b\ufeff"},
                   {"space", "\u00a0\u3000\u2800"},
                   {"joiner", "\u200d\ufe0f"},
                   {"turned", "Ada\u202egnil\u2066 \u00adL"},
                   {"c1", "A\u0085da\u009f"},
                   {"persian", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"},
                   {"emoji", "\U0001f469\u200d\U0001f33e Zo\u0308e"}}};
    FormReader reader(form);
    for (const char* const nothing : {"zero", "space", "joiner"}) {
        CHECK(reader.line(nothing, 100, Need::required).empty());
    }
    CHECK(reader.problems().size() == 3);
    CHECK(reader.prose("zero", 100, Need::required).empty());
    CHECK(reader.problems().size() == 4);
    CHECK(reader.line("turned", 100) == "Adagnil L");
    CHECK(reader.line("c1", 100) == "A da");
    CHECK(reader.line("persian", 100) == form.fields[5].second);
    CHECK(reader.line("emoji", 100) == form.fields[6].second);
    CHECK(reader.prose("turned", 100) == "Adagnil \u00adL");
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
