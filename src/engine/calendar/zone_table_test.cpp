#include "engine/calendar/zone_files.hpp"
#include "engine/calendar/zone_table.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::local_seconds;
using testing::at;

TEST_CASE("a table says what its zone says, in every zone, in any order, beyond its years too") {
    const auto names = testing::zone_names();
    CHECK(rc::check("ZoneTable against Zone", [&] {
        const Zone zone = testing::zone(*rc::gen::elementOf(names));
        const Instant from =
            at("1900-01-01") + std::chrono::hours(*rc::gen::inRange(0, 24 * 70'000));
        const Instant to = from + std::chrono::hours(*rc::gen::inRange(0, 24 * 3000));
        const ZoneTable table(zone, from, to);
        const auto span = (to - from).count() + 86'400 * 60;
        std::vector<local_seconds> local;
        for (int i = 0; i < 100; ++i) {
            local.emplace_back(from.time_since_epoch() - 30 * 24h +
                               std::chrono::seconds(*rc::gen::inRange<std::int64_t>(0, span)));
        }
        // Times around each change are where an error would be.
        Period period = zone.period_at(from);
        for (int i = 0; i < 8 && period.until < to; ++i, period = zone.period_at(period.until)) {
            for (const auto by : {-7200s, -3600s, -1s, 0s, 1s, 3599s, 3600s, 7200s}) {
                local.emplace_back(period.until.time_since_epoch() + period.offset + by);
            }
        }
        if (*rc::gen::arbitrary<bool>()) {
            std::ranges::sort(local);
        }
        std::vector<Instant> utc(local.size());
        table.to_utc(local, utc);
        for (std::size_t i = 0; i < local.size(); ++i) {
            RC_ASSERT(utc[i] == zone.to_utc(local[i]));
        }
    }));
}

TEST_CASE("the last start is the last local time that is read as UNTIL or earlier") {
    const auto names = testing::zone_names();
    CHECK(rc::check("last_start", [&] {
        const Zone zone = testing::zone(*rc::gen::elementOf(names));
        Instant until = at("1970-01-01") +
                        std::chrono::seconds(*rc::gen::inRange<std::int64_t>(0, 86'400LL * 40'000));
        if (const auto change = zone.period_at(until).until;
            change != Instant::max() && *rc::gen::arbitrary<bool>()) {
            until = change + std::chrono::seconds(*rc::gen::inRange(-7200, 7200));
        }
        const local_seconds last = last_start(until, zone);
        RC_ASSERT(zone.to_utc(last) <= until);
        for (const auto later : {1s, 60s, 1800s, 3600s, 7200s, 86'400s}) {
            RC_ASSERT(zone.to_utc(last + later) > until);
        }
    }));
}
