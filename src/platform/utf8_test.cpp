#include "platform/utf8.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace allot;

TEST_CASE("UTF-8 is told from what only looks like it") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("gr\xC3\xBC\xC3\x9F dich, \xF0\x9F\x8D\x83"));
    CHECK_FALSE(is_utf8("\xC0\xAF"));         // "/" in two bytes
    CHECK_FALSE(is_utf8("\xE0\x80\xAF"));     // "/" in three
    CHECK_FALSE(is_utf8("\xED\xA0\x80"));     // half of a pair of UTF-16
    CHECK_FALSE(is_utf8("\xF4\x90\x80\x80")); // beyond U+10FFFF
    CHECK_FALSE(is_utf8("\xC3"));
    CHECK_FALSE(is_utf8("\x80"));
}

TEST_CASE("control characters are seen, those of C1 too") {
    CHECK_FALSE(has_control("a \xC3\xA9 \xC2\xA0"));
    CHECK(has_control("a\nb"));
    CHECK(has_control(std::string_view("a\0b", 3)));
    CHECK(has_control("a\x7F"));
    CHECK(has_control("a\xC2\x85"));
}

TEST_CASE("what is no UTF-8 is replaced byte by byte") {
    CHECK(as_utf8("a\xFFz\xC3\xA9\xE2\x82") == "a\xEF\xBF\xBDz\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD");
}
