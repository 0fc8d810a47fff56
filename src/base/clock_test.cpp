#include "base/clock.hpp"

#include <doctest/doctest.h>

using namespace allot;

TEST_CASE("an instant reads back as it was written") {
    for (const char* s : {"2026-01-05T09:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
        const auto t = parse_instant(s);
        REQUIRE(t);
        CHECK(format_instant(*t) == s);
    }
    CHECK(parse_instant("2026-01-05") == parse_instant("2026-01-05T00:00Z"));
}

TEST_CASE("what is not a moment in UTC is refused") {
    for (const char* s : {"", "2026-02-30", "2026-01-05T09:00", "2026-01-05T24:00Z", "2026-1-5",
                          "2026-01-05 09:00Z", "2026-01-05Tx9:00Z", "2026-01-05TZ"}) {
        CAPTURE(s);
        CHECK_FALSE(parse_instant(s));
    }
}
