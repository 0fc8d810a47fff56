#include "platform/pages/templates.hpp"

#include <array>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace allot;
using pages::Catalogue;
using pages::Templates;
using pages::TemplateText;
using pages::WordList;

namespace {

constexpr std::array lists = {WordList{"en", R"({
    "title": "Fish & chips",
    "hosts": "{n, plural, one {# host} other {# hosts}}",
    "greet": "Hello {name}",
    "kind.lab": "a lab"
})"}};

std::string rendered(std::string_view text, std::string_view view) {
    const auto catalogues = Catalogue::read_all(lists);
    REQUIRE(catalogues);
    const std::array texts = {TemplateText{"page", text},
                              TemplateText{"part", "<{{name}}>{{> leaf}}"},
                              TemplateText{"leaf", "leaf"}};
    const auto templates = Templates::read_all(texts, *catalogues);
    REQUIRE(templates);
    return templates->render("page", catalogues->front(), "en-GB",
                             boost::json::parse({view.data(), view.size()}).as_object());
}

std::string error_of(std::string_view text) {
    const auto catalogues = Catalogue::read_all(lists);
    REQUIRE(catalogues);
    const std::array texts = {TemplateText{"page", text}};
    const auto templates = Templates::read_all(texts, *catalogues);
    return templates ? "" : templates.error().message;
}

} // namespace

TEST_CASE("what people wrote is escaped, everywhere") {
    const auto view = R"({"name": "<i title=\"x\" o='y'>&"})";
    const std::string safe = "&lt;i title=&quot;x&quot; o=&apos;y&apos;&gt;&amp;";
    CHECK(rendered("{{name}}", view) == safe);
    CHECK(rendered("{{> part}}", view) == "<" + safe + ">leaf");
    CHECK(rendered("[[greet name={{name}}]]", view) == "Hello " + safe);
}

TEST_CASE("words come from the catalogue, with arguments and with keys of the view") {
    CHECK(rendered("<h1>[[title]]</h1>", "{}") == "<h1>Fish &amp; chips</h1>");
    CHECK(rendered("[[hosts #n={{n}}]]", R"({"n": 1})") == "1 host");
    CHECK(rendered("[[hosts #n={{n}}]]", R"({"n": 20})") == "20 hosts");
    CHECK(rendered("[[greet name={{name}}]]", R"({"name": "2027"})") == "Hello 2027");
    CHECK(rendered("[[kind.{{kind}}]]", R"({"kind": "lab"})") == "a lab");
    CHECK(rendered("{{#list}}[[greet name={{.}}]] {{/list}}", R"({"list": ["a b", "c"]})") ==
          "Hello a b Hello c ");
}

TEST_CASE("nothing, false and the empty text are nothing for a section") {
    constexpr std::string_view text = "{{#x}}yes{{/x}}{{^x}}no{{/x}}";
    for (const char* const nothing :
         {R"({"x": ""})", R"({"x": null})", R"({"x": false})", R"({"x": []})", "{}"}) {
        CHECK(rendered(text, nothing) == "no");
    }
    for (const char* const something : {R"({"x": "a"})", R"({"x": true})", R"({"x": [1]})",
                                        R"({"x": 0})", R"({"x": {"y": 1}})"}) {
        CHECK(rendered(text, something) == "yes");
    }
}

TEST_CASE("a date is said in words, a text that tries to be a template stays text") {
    CHECK(rendered("{{#day}}{{since}}{{/day}}", R"({"since": "2027-01-14"})") == "14 January 2027");
    CHECK(rendered("{{name}}", R"({"name": "{{n}} [[title]]", "n": 1})") == "{{n}} [[title]]");
    CHECK(rendered("[[greet name={{name}}]]", R"({"name": "{{n}} {n}", "n": 1})") ==
          "Hello {{n}} {n}");
}

TEST_CASE("templates that are wrong are refused by name when the program starts") {
    CHECK(error_of("[[no.such.words]]").find("no.such.words") != std::string::npos);
    CHECK(error_of("[[title").find("\"page\"") != std::string::npos);
    CHECK(error_of("{{> missing}}").find("missing") != std::string::npos);
    CHECK(error_of("{{> page}}").find("does not end") != std::string::npos);
    CHECK(error_of("{{#a}}{{/b}}").find("\"page\"") != std::string::npos);
}

TEST_CASE("a list says whether anything is in it") {
    constexpr std::string_view text = "{{#has_list}}<ul>{{#list}}{{.}}{{/list}}</ul>{{/has_list}}";
    CHECK(rendered(text, R"({"list": ["a", "b"]})") == "<ul>ab</ul>");
    CHECK(rendered(text, R"({"list": []})").empty());
    CHECK(rendered(text, "{}").empty());
}
