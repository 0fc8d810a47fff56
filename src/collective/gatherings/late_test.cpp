#include "collective/gatherings/late.hpp"
#include "engine/calendar/zone_files.hpp"

#include <doctest/doctest.h>

using namespace allot;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("news is late where a mail of the next morning would leave less than until noon") {
    for (const char* const name : {"Africa/Nairobi", "Europe/London", "America/Los_Angeles"}) {
        CAPTURE(name);
        const auto read = calendar::Zone::parse(calendar::testing::zone_bytes(name), name);
        REQUIRE(read.has_value());
        const calendar::Zone& zone = *read;
        // Across both changes of the clocks of 2027 in each.
        for (Instant now = std::chrono::sys_days(std::chrono::year(2027) / 3 / 10);
             now < std::chrono::sys_days(std::chrono::year(2027) / 4 / 2); now += minutes(171)) {
            CAPTURE(format_instant(now));
            const gatherings::Wall here = zone.to_local(now);
            const auto day = floor<days>(here);
            const auto morning = here - day < hours(8) ? day : day + days(1);
            const Instant noon = zone.to_utc(gatherings::Wall(morning) + hours(12));
            CHECK(gatherings::is_late(zone, now, now)); // what begins now
            CHECK(gatherings::is_late(zone, now, noon - minutes(1)));
            CHECK_FALSE(gatherings::is_late(zone, now, noon));
            CHECK(noon - now > hours(3)); // nobody is woken for what she reads in time anyway
            CHECK(noon - now < hours(29));
        }
    }
}
