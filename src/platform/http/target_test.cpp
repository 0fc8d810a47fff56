#include "base/limits.hpp"
#include "platform/http/target.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;

namespace {

using Parts = std::vector<std::string>;

[[nodiscard]] Parts parts_of(std::string_view target) {
    const auto read = read_target(target);
    REQUIRE(read);
    return read->parts;
}

} // namespace

TEST_CASE("a path is its parts, decoded once") {
    CHECK(parts_of("/") == Parts{""});
    CHECK(parts_of("/c/lab") == Parts{"c", "lab"});
    CHECK(parts_of("/c/lab/") == Parts{"c", "lab", ""});
    CHECK(parts_of("/%C3%A9t%C3%A9/a+b/a%20b") == Parts{"\xC3\xA9t\xC3\xA9", "a+b", "a b"});
    CHECK(parts_of("/%252e%252e") == Parts{"%2e%2e"});
    CHECK(parts_of("/.well-known/...") == Parts{".well-known", "..."});
    CHECK(parts_of("/a|b") == Parts{"a|b"});
    CHECK(parts_of("/?a") == Parts{""});
}

TEST_CASE("paths that lead elsewhere are refused") {
    for (const char* target : {"/..",
                               "/../etc/passwd",
                               "/a/../b",
                               "/a/./b",
                               "/.",
                               "/%2e%2e/a",
                               "/%2E/a",
                               "/.%2e",
                               "/a%2fb",
                               "/a%2Fb",
                               "/a%5cb",
                               "/a\\b",
                               "/%00",
                               "/a%0d%0aset-cookie:x",
                               "/%7f",
                               "/%c2%85",
                               "//host/a",
                               "/a//b",
                               "/%c0%ae%c0%ae/",
                               "/%ff",
                               "/%",
                               "/%4",
                               "/%zz",
                               "/a b",
                               "/a#b",
                               "/\xC3\xA9",
                               "/a\tb"}) {
        CAPTURE(target);
        CHECK_FALSE(read_target(target));
    }
    CHECK_FALSE(read_target(std::string_view("/a\0b", 4)));
}

TEST_CASE("only the origin form of a target is read") {
    for (const char* target : {"", "*", "http://localhost/", "localhost:443", "a/b", "?a=b"}) {
        CAPTURE(target);
        CHECK_FALSE(read_target(target));
    }
}

TEST_CASE("a query is fields in the order they came") {
    const auto read = read_target("/s?q=a+b%2B&q=&x&&=y&z=1=2&u=%C3%A9?/");
    REQUIRE(read);
    CHECK(read->query ==
          std::vector<Field>{
              {"q", "a b+"}, {"q", ""}, {"x", ""}, {"", "y"}, {"z", "1=2"}, {"u", "\xC3\xA9?/"}});
}

TEST_CASE("fields that are no text are refused") {
    CHECK_FALSE(read_urlencoded("a=%00"));
    CHECK_FALSE(read_urlencoded("a=%ff"));
    CHECK_FALSE(read_urlencoded("%zz=1"));
    CHECK(read_urlencoded("a=%0D%0A"));
    std::string many;
    for (std::size_t k = 0; k < limits::max_form_fields; ++k) {
        many += "a&";
    }
    CHECK(read_urlencoded(many));
    CHECK_FALSE(read_urlencoded(many + "a"));
}

TEST_CASE("a path that was read is written so that it is read again") {
    const HttpRequest request{.parts = {"c", "\xC3\xA9 %/?#", ""}};
    CHECK(request.path() == "/c/%C3%A9%20%25%2F%3F%23/");
    CHECK(HttpRequest{.parts = {""}}.path() == "/");
}
