#include "app/published_page.hpp"

#include <doctest/doctest.h>

using namespace allot::app;

namespace {

const LivePlace live{.origin = "https://lab.example", .base = "/c/lab"};

std::string file_of(std::string_view path) {
    const bool is_there = path == "/c/lab" || path == "/c/lab/events" ||
                          path == "/c/lab/series/walk" || path == "/c/lab/calendar.ics" ||
                          path == "/assets/letters.woff2";
    return is_there ? file_name_of(path, live.base) : std::string();
}

std::string published(std::string_view html, std::string_view path = "/c/lab/series/walk") {
    return published_page(html, path, live, file_of, "<p>A copy</p>");
}

} // namespace

TEST_CASE("a link leads from file to file, or to the live page") {
    CHECK(published("<a href=\"/c/lab/events\">") == "<a href=\"../../events/index.html\">");
    CHECK(published("<a href=\"/c/lab/events?zone=x#monday\">") ==
          "<a href=\"../../events/index.html#monday\">");
    CHECK(published("<a href=\"/c/lab/people\">") ==
          "<a href=\"https://lab.example/c/lab/people\">");
    CHECK(published("<a href=\"?lang=pl\">") ==
          "<a href=\"https://lab.example/c/lab/series/walk?lang=pl\">");
    CHECK(published("<a href=\"https://else.example/c/lab\">") ==
          "<a href=\"https://else.example/c/lab\">");
    CHECK(published("<a href=\"//else.example/\">") == "<a href=\"//else.example/\">");
    CHECK(published("<a class=\"x\" href=\"#main\" id=\"y\">") ==
          "<a class=\"x\" href=\"#main\" id=\"y\">");
}

TEST_CASE("whole addresses of the live server lead to files too, also those of calendars") {
    CHECK(published("<a href=\"webcal://lab.example/c/lab/calendar.ics\">", "/c/lab") ==
          "<a href=\"calendar.ics\">");
    CHECK(published("<a href=\"https://lab.example/c/lab/calendar.ics\">") ==
          "<a href=\"../../calendar.ics\">");
    CHECK(published("<a href=\"https://lab.example.evil/c/lab\">") ==
          "<a href=\"https://lab.example.evil/c/lab\">");
}

TEST_CASE("forms and scripts are left out with all that is in them") {
    CHECK(
        published("<p>a</p><form method=\"post\"><input name=\"form_key\" value=\"k\"></form>b") ==
        "<p>a</p>b");
    CHECK(published("<script type=\"module\" src=\"/assets/app.js\"></script>x") == "x");
    CHECK(published("x<form><button>never closed") == "x");
    CHECK(published("a<live-only><h2>b</h2><form>c</form></live-only>d") == "ad");
}

TEST_CASE("letters in the style are found from where the page is") {
    CHECK(published("<style>a{b:url(/assets/letters.woff2)}</style>") ==
          "<style>a{b:url(../../assets/letters.woff2)}</style>");
    CHECK(paths_in("<style>a{b:url(/assets/letters.woff2)}</style><img src=\"/c/lab/x?y\">",
                   live) == std::vector<std::string>{"/assets/letters.woff2", "/c/lab/x"});
}

TEST_CASE("the note stands first in what a page says") {
    CHECK(published("<main id=\"main\"><h1>Walk</h1></main>") ==
          "<main id=\"main\"><p>A copy</p><h1>Walk</h1></main>");
}

TEST_CASE("names of files") {
    CHECK(file_name_of("/c/lab", "/c/lab") == "index.html");
    CHECK(file_name_of("/c/lab/series/walk", "/c/lab") == "series/walk/index.html");
    CHECK(file_name_of("/c/lab/series/walk/calendar.ics", "/c/lab") == "series/walk/calendar.ics");
    CHECK(file_name_of("/assets/a.woff2", "/c/lab") == "assets/a.woff2");
    CHECK(relative_name("index.html", "index.html") == "index.html");
    CHECK(relative_name("series/walk/index.html", "series/tea/index.html") == "../tea/index.html");
    CHECK(relative_name("series/walk/index.html", "series/walk/calendar.ics") == "calendar.ics");
}
