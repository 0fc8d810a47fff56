#include "base/limits.hpp"
#include "engine/calendar/ical_text.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::calendar;

namespace {

/// The one component of a text without findings.
Component only(std::string_view text) {
    const auto read = read_components(text);
    REQUIRE(read);
    CHECK(read->findings.count() == 0);
    REQUIRE(read->components.size() == 1);
    return read->components.front();
}

/// The one property in a component of its own.
Property property(const std::string& line) {
    const Component component = only("BEGIN:X\n" + line + "\nEND:X\n");
    REQUIRE(component.properties.size() == 1);
    return component.properties.front();
}

/// Lines and sentences of what is found.
std::vector<std::size_t> lines_found(std::string_view text) {
    const auto read = read_components(text);
    REQUIRE(read);
    std::vector<std::size_t> lines;
    for (const Finding& finding : read->findings.kept()) {
        lines.push_back(finding.line);
    }
    return lines;
}

} // namespace

TEST_CASE("folded lines are one, whatever ends them and wherever they are cut") {
    CHECK(property("SUMMARY:a\r\n b\r\n\tc").value == "abc");
    CHECK(property("SUMMARY:a\n  b\n ").value == "a b");
    CHECK(property("SUMMARY:\xC3\r\n \x89"
                   "coute")
              .value == "\xC3\x89"
                        "coute");
    CHECK(property("SUMM\n ARY:a").name == "SUMMARY");
    CHECK(property("\n\nSUMMARY:a").line == 4);
    CHECK(property("A:a\n b\n c").height == 3);
    CHECK(only("\xEF\xBB\xBF"
               "begin:vcalendar\nend:vcalendar")
              .name == "VCALENDAR");
}

TEST_CASE("parameters are read with quotes, lists and carets") {
    const Property read = property(
        R"(attendee;CN="Doe, J: ^'Jo^'";member="a","b",c;RSVP;X=:mailto:jo;y@example.org)");
    CHECK(read.name == "ATTENDEE");
    CHECK(read.value == "mailto:jo;y@example.org");
    const std::vector<Parameter> expected = {{.name = "CN", .values = {R"(Doe, J: "Jo")"}},
                                             {.name = "MEMBER", .values = {"a", "b", "c"}},
                                             {.name = "RSVP", .values = {}},
                                             {.name = "X", .values = {""}}};
    CHECK(read.parameters == expected);
    CHECK(read.parameter("CN") == R"(Doe, J: "Jo")");
    CHECK_FALSE(read.parameter("RSVP"));
    CHECK_FALSE(read.parameter("cn"));
    CHECK(property("A;B=^n^^^x^:c").parameter("B") == "\n^^x^");
}

TEST_CASE("texts are unescaped as clients do") {
    CHECK(unescape_text(R"(a\nb\Nc\,d\;e\\f\:g\)") == "a\nb\nc,d;e\\f:g\\");
}

TEST_CASE("what stands wrong is told with its line, and the rest is read") {
    CHECK(lines_found("BEGIN:A\nno property\nB:b\nEND:A\n") == std::vector<std::size_t>{2});
    CHECK(lines_found("A:a\nBEGIN:A\nEND:A\n") == std::vector<std::size_t>{1});
    CHECK(lines_found("BEGIN:A\nEND:B\nEND:A\n") == std::vector<std::size_t>{2});
    CHECK(lines_found("BEGIN:A\nBEGIN:B\nEND:A\n") == std::vector<std::size_t>{2});
    CHECK(lines_found("BEGIN:A\nBEGIN:B\n") == std::vector<std::size_t>{2, 1});
    CHECK(lines_found("BEGIN:A\nB;C=\"c:d\nEND:A\n") == std::vector<std::size_t>{2});
    const auto read = read_components("BEGIN:A\nBEGIN:B\nC:c\nEND:A\nBEGIN:D\nEND:D\n");
    REQUIRE(read);
    REQUIRE(read->components.size() == 2);
    CHECK(read->components[0].components.at(0).find("C")->value == "c");
}

TEST_CASE("depth and size have limits that say their names") {
    std::string deep;
    for (std::size_t i = 0; i <= limits::max_calendar_depth; ++i) {
        deep += "BEGIN:A\n";
    }
    const auto read = read_components(deep);
    REQUIRE_FALSE(read);
    CHECK(read.error().message.starts_with("line 17: "));
    CHECK(read.error().message.contains("max_calendar_depth"));
}

TEST_CASE("lines are folded at 75 octets and between characters") {
    const Component component{.name = "X",
                              .properties = {{.name = "SUMMARY",
                                              .value = std::string(66, 'a') + "\xC3\x89"
                                                                              "b"}}};
    CHECK(format_component(component) == "BEGIN:X\r\nSUMMARY:" + std::string(66, 'a') +
                                             "\r\n \xC3\x89"
                                             "b\r\nEND:X\r\n");
    const Property exact{.name = "A", .value = std::string(73, 'a')};
    CHECK(format_property(exact) == "A:" + std::string(73, 'a') + "\r\n");
}

TEST_CASE("any tree is read back as it was written") {
    rc::check([](const std::string& parameter, const std::string& name, std::string value) {
        std::erase(value, '\n');
        std::string parameter_name = name;
        std::erase_if(parameter_name, [](char c) { return c < 'A' || c > 'Z'; });
        Component component{.name = "VEVENT"};
        component.properties.push_back(
            {.name = "X-" + parameter_name,
             .parameters = {{.name = "P" + parameter_name, .values = {parameter, "a:b"}}},
             .value = value});
        component.components.push_back({.name = "VALARM", .properties = component.properties});
        const auto read = read_components(format_component(component));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->components == std::vector{component});
        RC_ASSERT(read->findings.count() == 0U);
    });
}
