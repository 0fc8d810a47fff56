#include "collective/gatherings/atom.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::gatherings;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_days day(unsigned d) {
    return 2027y / std::chrono::January / std::chrono::day(d);
}

News some_news() {
    return {.id = urn_of("lab"),
            .title = "Plants & \"night\"",
            .author = "Plants at night",
            .page = "https://lab.example/c/lab/events",
            .self = "https://lab.example/c/lab/events.atom",
            .changed = day(1),
            .entries = {{.id = urn_of("a"),
                         .title = "Journal <club>",
                         .page = "https://lab.example/a?b&c",
                         .changed = day(3),
                         .lines = {"one\ntwo", "a < b"}},
                        {.id = urn_of("b"),
                         .title = "Newer",
                         .page = "https://lab.example/b",
                         .changed = day(9),
                         .lines = {}}}};
}

bool has(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("news are the same bytes in whatever order they come, and the newest stand first") {
    News news = some_news();
    const std::string text = write_atom(news);
    std::ranges::reverse(news.entries);
    CHECK(write_atom(news) == text);
    CHECK(text.find("Newer") < text.find("Journal"));
    CHECK(has(text, "<updated>2027-01-09T00:00:00Z</updated>\n<author>"));
}

TEST_CASE("what people wrote cannot break out of the text") {
    const std::string text = write_atom(some_news());
    CHECK(has(text, "<title>Plants &amp; &quot;night&quot;</title>"));
    CHECK(has(text, "<title>Journal &lt;club&gt;</title>"));
    CHECK(has(text, "href=\"https://lab.example/a?b&amp;c\""));
    // HTML inside of XML: escaped twice.
    CHECK(has(text, "&lt;p&gt;one&lt;br&gt;two&lt;/p&gt;&lt;p&gt;a &amp;lt; b&lt;/p&gt;"));
    CHECK(escape_xml(std::string_view("a\x01\x0b\0b", 5)) == "ab");
}

TEST_CASE("a name made of words is a UUID, the same for the same words alone") {
    const std::string urn = urn_of("a gathering");
    CHECK(urn == urn_of("a gathering"));
    CHECK(urn != urn_of("another"));
    REQUIRE(urn.size() == std::string_view("urn:uuid:").size() + 36);
    CHECK(urn[9 + 14] == '8');
    CHECK(std::string_view("89ab").find(urn[9 + 19]) != std::string_view::npos);
}
