#include "collective/gatherings/series.hpp"

#include "base/names.hpp"
#include "base/text.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/wall_time.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

[[nodiscard]] calendar::Override override_of(const Gathering& one) {
    return {.original = one.original,
            .start = one.moved.value_or(one.original),
            .duration = one.minutes ? std::optional<seconds>(minutes(*one.minutes)) : std::nullopt,
            .cancelled = one.cancelled};
}

[[nodiscard]] bool differs_in_time(const Gathering& one) {
    return one.moved || one.minutes || one.cancelled;
}

[[nodiscard]] const Gathering* gathering_of(const Plan& plan, Wall original) {
    const auto found =
        std::ranges::lower_bound(plan.gatherings, original, {}, &Gathering::original);
    return found != plan.gatherings.end() && found->original == original ? &*found : nullptr;
}

[[nodiscard]] Occurrence occurrence(const Plan& plan, std::size_t rhythm,
                                    const calendar::Instance& instance) {
    return {.original = instance.original,
            .start = instance.start,
            .begin = instance.begin,
            .end = instance.end,
            .zone = plan.rhythms[rhythm].zone,
            .rhythm = rhythm,
            .cancelled = instance.cancelled,
            .gathering = gathering_of(plan, instance.original)};
}

} // namespace

bool is_of_rhythm(const Plan& plan, std::size_t rhythm, Wall original) {
    return original >= plan.rhythms[rhythm].start &&
           (rhythm + 1 == plan.rhythms.size() || original < plan.rhythms[rhythm + 1].start);
}

std::string name_of_when(Wall original) {
    return calendar::format_basic({.time = original});
}

Result<Wall> when_named(std::string_view name) {
    const auto when = calendar::parse_wall_time(name);
    if (!when || when->form != calendar::TimeForm::local || name_of_when(when->time) != name) {
        return fail(ErrorKind::missing, "gatherings.none_then");
    }
    return when->time;
}

Result<calendar::Series> calendar_series(const Plan& plan, std::size_t rhythm) {
    const Rhythm& when = plan.rhythms[rhythm];
    calendar::Series series{.start = {.time = when.start}, .duration = minutes(when.minutes)};
    if (!when.rule.empty()) {
        TRY(series.rule, calendar::parse_rule(when.rule));
    }
    for (const Gathering& one : plan.gatherings) {
        if (differs_in_time(one) && is_of_rhythm(plan, rhythm, one.original)) {
            series.overrides.push_back(override_of(one));
        }
    }
    return series;
}

Result<std::vector<Occurrence>> occurrences(const Plan& plan, ZoneBook& zones, Instant from,
                                            Instant to) {
    std::vector<Occurrence> all;
    for (std::size_t rhythm = 0; rhythm < plan.rhythms.size(); ++rhythm) {
        TRY(const calendar::Zone* const zone, zones.zone(plan.rhythms[rhythm].zone));
        TRY(const auto series, calendar_series(plan, rhythm));
        TRY(const auto instances, calendar::instances(series, *zone, from, to));
        for (const calendar::Instance& instance : instances) {
            all.push_back(occurrence(plan, rhythm, instance));
        }
    }
    std::ranges::sort(all, {},
                      [](const Occurrence& one) { return std::pair(one.begin, one.original); });
    return all;
}

Result<std::optional<Occurrence>> occurrence_of(const Plan& plan, ZoneBook& zones, Wall original) {
    for (std::size_t rhythm = 0; rhythm < plan.rhythms.size(); ++rhythm) {
        if (!is_of_rhythm(plan, rhythm, original)) {
            continue;
        }
        TRY(const calendar::Zone* const zone, zones.zone(plan.rhythms[rhythm].zone));
        TRY(const auto series, calendar_series(plan, rhythm));
        TRY(const auto instance, calendar::instance_of(series, *zone, original));
        if (instance) {
            return occurrence(plan, rhythm, *instance);
        }
    }
    return std::nullopt;
}

Result<std::optional<Occurrence>> next_occurrence(const Plan& plan, ZoneBook& zones, Instant now) {
    std::optional<Occurrence> next;
    for (std::size_t rhythm = 0; rhythm < plan.rhythms.size(); ++rhythm) {
        TRY(const calendar::Zone* const zone, zones.zone(plan.rhythms[rhythm].zone));
        TRY(const auto series, calendar_series(plan, rhythm));
        // What began within the last day may not have ended yet.
        TRY(const auto around, calendar::instances(series, *zone, now - days(1), now + seconds(1)));
        TRY(auto found, calendar::next_after(series, *zone, now));
        for (const calendar::Instance& instance : around) {
            if (!instance.cancelled && instance.end > now &&
                (!found || instance.begin < found->begin)) {
                found = instance;
            }
        }
        if (found && (!next || found->begin < next->begin)) {
            next = occurrence(plan, rhythm, *found);
        }
    }
    return next;
}

Result<std::vector<Occurrence>> last_occurrences(const Plan& plan, ZoneBook& zones, Instant now,
                                                 std::size_t most) {
    const Instant until = std::min<Instant>(now, plan.series.renew);
    TRY(auto all, occurrences(plan, zones, now - days(366), until));
    std::erase_if(all, [&](const Occurrence& one) { return one.cancelled || one.end > now; });
    std::ranges::reverse(all);
    all.resize(std::min(all.size(), most));
    return all;
}

const std::string& title_of(const Series& series, const Gathering* gathering) {
    return gathering != nullptr && !gathering->title.empty() ? gathering->title
                                                             : series.about.title;
}

const std::string& agenda_of(const Series& series, const Gathering* gathering) {
    return gathering != nullptr && !gathering->agenda.empty() ? gathering->agenda
                                                              : series.about.agenda;
}

bool is_over(const Series& series, std::chrono::sys_days today) {
    return series.state == State::ended || series.renew <= today;
}

bool asks_to_renew(const Series& series, std::chrono::sys_days today) {
    return !is_over(series, today) && series.renew - asked_before <= today;
}

bool is_behind_end(const Series& series, const Occurrence& occurrence,
                   std::chrono::sys_days today) {
    return is_over(series, today) && occurrence.begin >= series.renew;
}

Result<void> must_run(const Series& series, std::chrono::sys_days today) {
    if (is_over(series, today)) {
        return fail(ErrorKind::conflict, "gatherings.is_over");
    }
    return {};
}

bool is_link(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    const auto fits = [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '<' && c != '>';
    };
    if (!text.starts_with(scheme) || !std::ranges::all_of(text, fits)) {
        return false;
    }
    const std::string_view host =
        text.substr(scheme.size(), text.find_first_of("/?#", scheme.size()) - scheme.size());
    return !host.empty() && host.find('@') == std::string_view::npos;
}

std::string_view name_of(Audience audience) {
    return audience_names[static_cast<std::size_t>(audience)];
}
std::string_view name_of(LinkFor link_for) {
    return link_for_names[static_cast<std::size_t>(link_for)];
}
std::string_view name_of(Guests guests) {
    return guests_names[static_cast<std::size_t>(guests)];
}
std::string_view name_of(State state) {
    return state_names[static_cast<std::size_t>(state)];
}
std::string_view name_of(Lighter lighter) {
    return lighter_names[static_cast<std::size_t>(lighter)];
}
std::string_view name_of(TurnKind turn) {
    return turn_names[static_cast<std::size_t>(turn)];
}

bool is_audience(std::string_view name) {
    return is_name_in(audience_names, name);
}
bool is_link_for(std::string_view name) {
    return is_name_in(link_for_names, name);
}
bool is_guests(std::string_view name) {
    return is_name_in(guests_names, name);
}
bool is_state(std::string_view name) {
    return is_name_in(state_names, name);
}
bool is_lighter(std::string_view name) {
    return is_name_in(lighter_names, name);
}
bool is_turn(std::string_view name) {
    return is_name_in(turn_names, name);
}

Audience audience_named(std::string_view name) {
    return named_in<Audience>(audience_names, name);
}
LinkFor link_for_named(std::string_view name) {
    return named_in<LinkFor>(link_for_names, name);
}
Guests guests_named(std::string_view name) {
    return named_in<Guests>(guests_names, name);
}
State state_named(std::string_view name) {
    return named_in<State>(state_names, name);
}
Lighter lighter_named(std::string_view name) {
    return named_in<Lighter>(lighter_names, name);
}
TurnKind turn_named(std::string_view name) {
    return named_in<TurnKind>(turn_names, name);
}

std::string turns_text(std::span<const TurnKind> turns) {
    std::string text;
    for (const TurnKind turn : turns) {
        text += (text.empty() ? "" : ",") + std::string(name_of(turn));
    }
    return text;
}

std::vector<TurnKind> turns_in(std::string_view text) {
    std::vector<TurnKind> turns;
    for (const std::string& name : text::split_list(text, ',')) {
        if (is_turn(name)) {
            turns.push_back(turn_named(name));
        }
    }
    return turns;
}

bool is_turns(std::string_view text) {
    return turns_text(turns_in(text)) == text;
}

} // namespace allot::gatherings
