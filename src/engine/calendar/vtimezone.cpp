#include "engine/calendar/vtimezone.hpp"

#include "base/limits.hpp"
#include "engine/calendar/recurrence.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;

constexpr local_seconds last_change =
    std::chrono::local_days(std::chrono::year(2100) / 1 / 1) - std::chrono::seconds(1);

/// When the rule of an observance ends on the clock before the change, on which it begins too.
local_seconds last_of(const Observance& observance) {
    const auto& until = observance.rule->until;
    if (!until) {
        return last_change;
    }
    const auto shift = until->form == TimeForm::utc ? observance.from
                       : until->form == TimeForm::date
                           ? std::chrono::hours(24) - std::chrono::seconds(1)
                           : std::chrono::seconds(0);
    return std::min(last_change, until->time + shift);
}

Result<void> add_changes(std::vector<OffsetChange>& changes, const Observance& observance) {
    const auto add = [&](local_seconds local) {
        changes.push_back(
            {.at = Instant(local.time_since_epoch() - observance.from), .offset = observance.to});
    };
    add(observance.start.time);
    std::ranges::for_each(observance.extra, add);
    if (!observance.rule) {
        return {};
    }
    TRY(Recurrence recurrence,
        Recurrence::make(*observance.rule, observance.start, last_of(observance)));
    while (changes.size() <= limits::max_zone_changes) {
        TRY(const auto local, recurrence.next());
        if (!local) {
            return {};
        }
        add(*local);
    }
    return fail(ErrorKind::invalid, fmt::format("more changes of the clock than limit "
                                                "max_zone_changes = {}",
                                                limits::max_zone_changes));
}

/// Ascending; of those at one moment the last stays.
std::vector<OffsetChange> in_order(const std::vector<OffsetChange>& changes) {
    std::map<Instant, std::chrono::seconds> by_moment;
    for (const OffsetChange& change : changes) {
        by_moment.insert_or_assign(change.at, change.offset);
    }
    std::vector<OffsetChange> ordered;
    for (const auto& [at, offset] : by_moment) {
        ordered.push_back({.at = at, .offset = offset});
    }
    return ordered;
}

} // namespace

Result<Zone> zone_of(std::string name, std::span<const Observance> observances) {
    if (observances.empty()) {
        return fail(ErrorKind::invalid, "it has neither STANDARD nor DAYLIGHT");
    }
    std::vector<OffsetChange> changes;
    for (const Observance& observance : observances) {
        for (const auto offset : {observance.from, observance.to}) {
            if (offset <= -beyond_any_offset || offset >= beyond_any_offset) {
                return fail(ErrorKind::invalid,
                            fmt::format("an offset of {} s is 26 hours or more", offset.count()));
            }
        }
        TRY_DO(add_changes(changes, observance));
    }
    const auto first = std::ranges::min(observances, {}, [](const Observance& observance) {
        return observance.start.time - observance.from;
    });
    return Zone::of_changes(std::move(name), first.from, in_order(changes));
}

} // namespace allot::calendar
