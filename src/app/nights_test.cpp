#include "app/nights.hpp"

#include <doctest/doctest.h>

using namespace allot;

namespace {

Moment at(std::chrono::year_month_day day, std::chrono::minutes time) {
    return std::chrono::sys_days(day) + time;
}

constexpr auto winter = std::chrono::year(2027) / 1 / 14;
constexpr auto summer = std::chrono::year(2027) / 7 / 14;

} // namespace

TEST_CASE("by day nobody waits, at night until eight of her own clock") {
    using std::chrono::hours;
    using std::chrono::minutes;
    const app::ZoneNights nights;
    const auto wakes = [&](Moment now) { return nights.morning_after("Europe/London", now); };
    CHECK(wakes(at(winter, hours(8))) == at(winter, hours(8)));
    CHECK(wakes(at(winter, hours(20) + minutes(59))) == at(winter, hours(20) + minutes(59)));
    CHECK(wakes(at(winter, hours(21))) == at(winter, hours(24 + 8)));
    CHECK(wakes(at(winter, hours(7))) == at(winter, hours(8)));
    // In summer her clock is an hour ahead of UTC.
    CHECK(wakes(at(summer, hours(20))) == at(summer, hours(24 + 7)));
    CHECK(wakes(at(summer, hours(6) + minutes(59))) == at(summer, hours(7)));
}

TEST_CASE("each waits for her own morning, and it is always day then") {
    const app::ZoneNights nights;
    for (const char* const zone : {"Pacific/Auckland", "America/New_York", "Asia/Kolkata",
                                   "Africa/Nairobi", "Pacific/Honolulu", "Asia/Kathmandu"}) {
        CAPTURE(zone);
        for (int hour = 0; hour < 24 * 400; hour += 5) {
            const Moment now = at(winter, std::chrono::hours(hour));
            const Moment morning = nights.morning_after(zone, now);
            CHECK(morning >= now);
            CHECK(morning - now <= std::chrono::hours(12));
            CHECK(nights.morning_after(zone, morning) == morning);
        }
    }
}

TEST_CASE("a zone that nobody knows has no night") {
    const app::ZoneNights nights;
    const Moment midnight = at(winter, std::chrono::hours(0));
    CHECK(nights.morning_after("Mars/Olympus", midnight) == midnight);
    CHECK(nights.morning_after("", midnight) == midnight);
}
