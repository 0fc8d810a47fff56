/// Any bytes are refused, or are components that are read back as they were written, and a calendar
/// that can be read, listed for a year and anchored to a zone: once, not twice.
#include "engine/calendar/ical.hpp"
#include "engine/calendar/reanchor.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace {

using namespace allot;
using namespace allot::calendar;

/// An hour more from 29 March to 25 October 2026.
Zone summer_zone() {
    constexpr std::array changes = {
        OffsetChange{.at = std::chrono::sys_days(std::chrono::year(2026) / 3 / 29) +
                           std::chrono::hours(1),
                     .offset = std::chrono::hours(2)},
        OffsetChange{.at = std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) +
                           std::chrono::hours(1),
                     .offset = std::chrono::hours(1)}};
    return Zone::of_changes("Europe/Paris", std::chrono::hours(1), changes);
}

std::optional<Zone> lookup(std::string_view name) {
    return name == "Europe/Paris" || name == "Romance Standard Time" ? std::optional(summer_zone())
           : name == "UTC"                                           ? std::optional(Zone::utc())
                                                                     : std::nullopt;
}

void check_tree(const ComponentsRead& read) {
    std::string written;
    for (const Component& component : read.components) {
        written += format_component(component);
    }
    const auto again = read_components(written);
    ALLOT_CHECK(again, "what was written can be read");
    ALLOT_CHECK(again->components == read.components, "what was written is read as it was");
    ALLOT_CHECK(again->findings.count() == 0, "what was written is sound");
}

void check_events(const Calendar& calendar) {
    constexpr Instant from = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    for (const Event& event : calendar.events) {
        ALLOT_CHECK(event.texts.size() == event.series.overrides.size(), "a text an override");
        const Zone zone = event.zone ? *event.zone : Zone::utc();
        if (event.series.rule && event.series.rule->frequency < Frequency::daily) {
            continue; // seconds of a year are many
        }
        const auto found = instances(event.series, zone, from, from + std::chrono::days(366));
        for (const Instance& instance : found ? *found : std::vector<Instance>{}) {
            ALLOT_CHECK(instance.begin >= from && instance.end >= instance.begin, "in its window");
        }
    }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto read = read_components(text)) {
        check_tree(*read);
    }
    const auto calendar = read_calendar(text, lookup);
    if (!calendar) {
        return 0;
    }
    check_events(*calendar);
    const Zone zone = summer_zone();
    const auto once = reanchor(text, zone, lookup);
    ALLOT_CHECK(once, "what can be read can be anchored");
    const auto twice = reanchor(once->text, zone, lookup);
    ALLOT_CHECK(twice && twice->changed == 0, "what is anchored stays so");
    return 0;
}
