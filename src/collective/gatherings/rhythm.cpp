#include "collective/gatherings/rhythm.hpp"

#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/spoken.hpp"
#include "engine/calendar/wall_time.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using calendar::Spoken;
using calendar::Unsaid;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

/// "2027-01-14 17:00", as one gathering is typed.
[[nodiscard]] std::optional<Wall> single_time(std::string_view words) {
    std::string text(words);
    std::ranges::replace(text, ' ', 'T');
    const auto when = calendar::parse_wall_time(text);
    return when && when->form == calendar::TimeForm::local ? std::optional(when->time)
                                                           : std::nullopt;
}

[[nodiscard]] Result<void> must_be_said(const Spoken& said) {
    for (const Unsaid lacking : calendar::unsaid(said)) {
        if (lacking == Unsaid::day) {
            return fail(ErrorKind::invalid,
                        "say on which day, such as \"every Thursday at 17:00\"");
        }
        if (lacking == Unsaid::time) {
            return fail(ErrorKind::invalid,
                        "say at what time, such as \"every Thursday at 17:00\"");
        }
    }
    return {};
}

/// The first time that the rule gives and that has not begun at `now`.
[[nodiscard]] Result<Wall> first_time(const Spoken& said, const calendar::Zone& zone, Instant now) {
    const Wall today = zone.to_local(now);
    const auto first_day =
        said.starting ? std::chrono::local_days(*said.starting) : floor<days>(today);
    const calendar::WallTime begin{.time = first_day + *said.time};
    calendar::Rule open = said.rule;
    open.count.reset(); // "6 times" counts from the first one, which is looked for here
    TRY(auto times, calendar::Recurrence::make(open, begin));
    times.seek(begin.time);
    for (;;) {
        TRY(const auto next, times.next());
        if (!next) {
            return fail(ErrorKind::invalid, "this ends before it has begun");
        }
        if (said.starting || zone.to_utc(*next) >= now) {
            return *next;
        }
    }
}

[[nodiscard]] Result<Rhythm> rhythm_of(const Spoken& said, const TypedRhythm& typed,
                                       ZoneBook& zones, Instant now) {
    TRY_DO(must_be_said(said));
    Rhythm rhythm{.zone = said.zone.value_or(typed.zone), .minutes = typed.minutes};
    TRY(const calendar::Zone* const zone, zones.zone(rhythm.zone));
    TRY(rhythm.start, first_time(said, *zone, now));
    rhythm.rule = calendar::format_rule(said.rule);
    return rhythm;
}

} // namespace

Result<HeardRhythm> hear_rhythm(const TypedRhythm& typed, std::span<const std::string> zone_names,
                                ZoneBook& zones, Instant now) {
    if (const auto once = single_time(typed.words)) {
        TRY(const calendar::Zone* const zone, zones.zone(typed.zone));
        if (zone->to_utc(*once) < now) {
            return fail(ErrorKind::invalid, "that time is over");
        }
        const Rhythm rhythm{.zone = typed.zone, .start = *once, .minutes = typed.minutes};
        return HeardRhythm{.rhythm = rhythm};
    }
    TRY(auto heard, calendar::parse_spoken(typed.words, zone_names));
    TRY(Rhythm rhythm, rhythm_of(heard.said, typed, zones, now));
    return HeardRhythm{.rhythm = std::move(rhythm),
                       .notes = std::move(heard.notes),
                       .remarks = std::move(heard.remarks)};
}

std::size_t rhythm_at(const Plan& plan, ZoneBook& zones, Instant now) {
    std::size_t holds = 0;
    for (std::size_t k = 1; k < plan.rhythms.size(); ++k) {
        const Rhythm& rhythm = plan.rhythms[k];
        const auto zone = zones.zone(rhythm.zone);
        const Instant begins =
            zone ? (*zone)->to_utc(rhythm.start) : Instant(rhythm.start.time_since_epoch());
        holds = begins <= now ? k : holds;
    }
    return holds;
}

std::string say_rhythm(const Rhythm& rhythm, std::span<const std::string> zone_names) {
    const auto day = floor<days>(rhythm.start);
    const auto rule = rhythm.rule.empty() ? std::nullopt : [&] {
        auto parsed = calendar::parse_rule(rhythm.rule);
        return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
    }();
    if (!rule) {
        return rhythm.rule;
    }
    Spoken said{.rule = *rule,
                .time = std::chrono::duration_cast<minutes>(rhythm.start - day),
                .zone = rhythm.zone};
    if (said.rule.until) { // with a time, as the store has it: people say the day
        said.rule.until = calendar::WallTime{.time = Wall(floor<days>(said.rule.until->time)),
                                             .form = calendar::TimeForm::date};
    }
    return calendar::format_spoken(said, zone_names).value_or(rhythm.rule);
}

Result<std::vector<HourChange>> hour_changes(const Plan& plan, ZoneBook& zones,
                                             std::string_view zone, Instant from, Instant to) {
    TRY(const calendar::Zone* const hers, zones.zone(zone));
    TRY(const auto all, occurrences(plan, zones, from, to));
    const auto hour_of = [](Wall at) { return at - floor<days>(at); };
    const auto is_moved = [](const Occurrence& one) { return one.start != one.original; };
    std::vector<HourChange> changes;
    const Occurrence* before = nullptr;
    for (const Occurrence& one : all) {
        if (is_moved(one)) {
            continue;
        }
        const Wall wall = hers->to_local(one.begin);
        const bool by_clocks = before != nullptr && before->zone == one.zone &&
                               hour_of(before->start) == hour_of(one.start) &&
                               hour_of(hers->to_local(before->begin)) != hour_of(wall);
        if (before == nullptr || by_clocks) {
            changes.push_back({wall});
        }
        before = &one;
    }
    return changes;
}

} // namespace allot::gatherings
