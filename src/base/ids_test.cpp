#include "base/ids.hpp"
#include "base/test_world.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace allot;

TEST_CASE("an id tells the day and nothing finer") {
    test::SeededEntropy entropy;
    const auto hour = std::chrono::hours(1);
    const std::string morning = new_uuid(test::some_noon - 11 * hour, entropy);
    const std::string evening = new_uuid(test::some_noon + 11 * hour, entropy);
    const std::string tomorrow = new_uuid(test::some_noon + 12 * hour, entropy);
    CHECK(morning.substr(0, 13) == evening.substr(0, 13));
    CHECK(evening.substr(0, 13) < tomorrow.substr(0, 13));
    // 2027-01-14T00:00:00Z is 1799884800000 ms since 1970.
    CHECK(morning.substr(0, 13) == "01a3117e-8000");
}

TEST_CASE("an id is a UUID of version 7 and reads back") {
    test::SeededEntropy entropy;
    std::set<std::string> seen;
    for (int k = 0; k < 1000; ++k) {
        const std::string id = new_uuid(test::some_noon, entropy);
        CHECK(id[14] == '7');
        CHECK(std::string("89ab").find(id[19]) != std::string::npos);
        CHECK(parse_uuid(id) == id);
        seen.insert(id);
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("what is no id is refused, capitals are lowered") {
    CHECK(parse_uuid("019BAD0D-0000-7000-8000-000000000001") ==
          "019bad0d-0000-7000-8000-000000000001");
    for (const char* bad :
         {"", "lab", "019bad0d-0000-7000-8000-00000000000", "019bad0d-0000-7000-8000-0000000000011",
          "019bad0dx0000-7000-8000-000000000001", "019bad0d-0000-7000-8000-00000000000g"}) {
        CHECK(!parse_uuid(bad));
    }
}
