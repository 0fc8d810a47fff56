#include "platform/pages/kept_bodies.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace allot;
using pages::KeptBodies;

namespace {

std::shared_ptr<const http::Body> body_of(const std::string& text) {
    return std::make_shared<const http::Body>(
        http::Body{.plain = text, .gzip = {}, .brotli = {}, .etag = {}});
}

} // namespace

TEST_CASE("what was kept is found under its name and version, and under no other") {
    KeptBodies kept;
    CHECK(kept.find("calendar", "1") == nullptr);
    kept.keep("calendar", "1", body_of("one"));
    REQUIRE(kept.find("calendar", "1") != nullptr);
    CHECK(kept.find("calendar", "1")->plain == "one");
    CHECK(kept.find("calendar", "2") == nullptr);
    CHECK(kept.find("news", "1") == nullptr);
}

TEST_CASE("a newer version takes the place of the older one") {
    KeptBodies kept;
    kept.keep("calendar", "1", body_of("one"));
    kept.keep("calendar", "2", body_of("two"));
    CHECK(kept.find("calendar", "1") == nullptr);
    CHECK(kept.find("calendar", "2")->plain == "two");
}

TEST_CASE("what nobody asked for longest makes room") {
    KeptBodies kept(1000, 2);
    kept.keep("a", "1", body_of("a"));
    kept.keep("b", "1", body_of("b"));
    CHECK(kept.find("a", "1") != nullptr);
    kept.keep("c", "1", body_of("c"));
    CHECK(kept.find("a", "1") != nullptr);
    CHECK(kept.find("b", "1") == nullptr);
    CHECK(kept.find("c", "1") != nullptr);
}

TEST_CASE("the bytes of all are limited, and what is larger alone is not kept") {
    KeptBodies kept(100, 10);
    kept.keep("a", "1", body_of(std::string(60, 'a')));
    kept.keep("b", "1", body_of(std::string(60, 'b')));
    CHECK(kept.find("a", "1") == nullptr);
    CHECK(kept.find("b", "1") != nullptr);
    kept.keep("b", "2", body_of(std::string(200, 'b')));
    CHECK(kept.find("b", "2") == nullptr);
    CHECK(kept.find("b", "1") == nullptr);
}
