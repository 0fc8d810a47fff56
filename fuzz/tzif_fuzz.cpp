/// Any bytes are refused, or are a zone that keeps the laws of offset_at, to_local and to_utc; the
/// moments are taken from the same bytes, so that the transitions of the file are among them.
#include "base/random.hpp"
#include "engine/calendar/zone.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace {

using allot::Instant;
using allot::Random;
using allot::calendar::Zone;
using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr seconds day = std::chrono::hours(24);

void check_moment(const Zone& zone, Instant t) {
    const local_seconds local = zone.to_local(t);
    const Instant first = zone.to_utc(local);
    ALLOT_CHECK(first <= t, "to_utc gives the first moment");
    ALLOT_CHECK(zone.to_local(first) == local, "the clock shows the time again");
    ALLOT_CHECK(zone.to_utc(zone.to_local(first)) == first, "the first moment is its own first");
}

/// A time in a gap is shown by no moment: none of the offsets around it leads back to it.
void check_local(const Zone& zone, local_seconds local) {
    if (zone.to_local(zone.to_utc(local)) == local) {
        return;
    }
    const Instant read(local.time_since_epoch());
    for (seconds away = -2 * day; away <= 2 * day; away += std::chrono::minutes(17)) {
        const seconds offset = zone.offset_at(read + away);
        ALLOT_CHECK(zone.to_local(read - offset) != local, "a time in a gap is never shown");
    }
}

constexpr Instant earliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant latest = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

Instant anywhere(Random& random) {
    const auto span = static_cast<std::uint64_t>((latest - earliest).count());
    return earliest + seconds(static_cast<std::int64_t>(random.below(span)));
}

/// Eight bytes of the input as a transition would hold them, or anywhere if they are no such time.
Instant from_input(Random& random, std::span<const std::uint8_t> input) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : input.subspan(random.below(input.size() - 7), 8)) {
        value = (value << 8U) | byte;
    }
    const Instant t{seconds(static_cast<std::int64_t>(value))};
    return t >= earliest && t <= latest ? t : anywhere(random);
}

void check_around(const Zone& zone, Instant t) {
    const auto shown = zone.to_local(t).time_since_epoch();
    for (const seconds away : {seconds(-3601), seconds(-1800), seconds(-1), seconds(0), seconds(1),
                               seconds(1800), seconds(3601)}) {
        check_moment(zone, t + away);
        check_local(zone, local_seconds(shown + away));
    }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A zone file has more than 44 bytes: where one is accepted, eight can be taken.
    const std::span input(data, size);
    const auto zone =
        Zone::parse({reinterpret_cast<const char*>(input.data()), input.size()}, "Fuzz/Zone");
    if (!zone) {
        return 0;
    }
    Random random(size);
    for (int i = 0; i < 16; ++i) {
        check_around(*zone, from_input(random, input));
        check_around(*zone, anywhere(random));
    }
    return 0;
}
