#include "collective/gatherings/gathering_views.hpp"

#include "collective/circles/circle_store.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "engine/calendar/rule.hpp"

#include <algorithm>

namespace allot::gatherings {

using auth::Role;
using pages::Call;
using std::chrono::days;

Result<GatheringLine> line_of(const Call& call, const Plan& plan, const Occurrence& occurrence,
                              ZoneBook& zones) {
    const Gathering* const gathering = occurrence.gathering;
    const Series& series = plan.series;
    TRY(auto times, times_of(occurrence, zones, zone_of_reader(call)));
    GatheringLine line{.path = path_of(call, series, occurrence.original),
                       .title = title_of(series, gathering),
                       .times = std::move(times),
                       .cancelled = occurrence.cancelled,
                       .moved = occurrence.start != occurrence.original,
                       .lighter = gathering != nullptr && gathering->lighter,
                       .why = gathering != nullptr ? gathering->why : std::string()};
    if (line.title != series.about.title) {
        line.series = series.about.title;
    }
    return line;
}

namespace {

/// A rhythm that another one follows, with the day of its last gathering as its end: the end that
/// is kept is right before the first that is no more, on a day on which nobody meets.
[[nodiscard]] Rhythm until_its_last(const Plan& plan, std::size_t number, ZoneBook& zones) {
    Rhythm rhythm = plan.rhythms[number];
    auto rule = calendar::parse_rule(rhythm.rule);
    if (!rule || !rule->until) {
        return rhythm;
    }
    constexpr days longest_pause{400};
    constexpr days widest{2}; // on whatever clock the end is
    const Instant end(rule->until->time.time_since_epoch());
    const auto all = occurrences(plan, zones, end - longest_pause, end + widest);
    for (const Occurrence& one : all ? *all : std::vector<Occurrence>()) {
        if (one.rhythm == number) {
            rule->until = calendar::WallTime{.time = Wall(std::chrono::floor<days>(one.original)),
                                             .form = calendar::TimeForm::date};
        }
    }
    rhythm.rule = calendar::format_rule(*rule);
    return rhythm;
}

} // namespace

SaidRhythms said_rhythms(const Call& call, const Plan& plan, ZoneBook& zones) {
    const auto& names = call.house.zones.names();
    const std::size_t holds =
        rhythm_at(plan, zones, std::chrono::floor<std::chrono::seconds>(call.now()));
    const auto words_of = [&](std::size_t k) {
        const bool is_last = k + 1 == plan.rhythms.size();
        return say_rhythm(is_last ? plan.rhythms[k] : until_its_last(plan, k, zones), names);
    };
    SaidRhythms said{.now = words_of(holds), .later = {}};
    for (std::size_t k = holds + 1; k < plan.rhythms.size(); ++k) {
        const Rhythm& rhythm = plan.rhythms[k];
        const auto day = std::chrono::floor<std::chrono::days>(rhythm.start.time_since_epoch());
        said.later.push_back({format_date(std::chrono::sys_days(day)), words_of(k)});
    }
    return said;
}

Result<Sight> sight_of(Transaction& transaction, const Call& call) {
    Sight sight;
    if (!call.viewer.member) {
        return sight;
    }
    const PersonId& person = call.viewer.member->person;
    TRY(const auto parts, circles::parts_of(transaction, call.collective().id, person));
    for (const auto& [circle, part] : parts) {
        sight.in_circles[circle.id] =
            part.name == circles::PartName::host ? Role::host : Role::member;
    }
    TRY(sight.hosted, hosted_by(transaction, call.collective().id, person));
    return sight;
}

bool sees(const Call& call, const Sight& sight, const Series& series) {
    if (std::ranges::find(sight.hosted, series.id) != sight.hosted.end()) {
        return may_see(call, series, Role::host);
    }
    const auto in = series.circle ? sight.in_circles.find(*series.circle) : sight.in_circles.end();
    return may_see(call, series, in == sight.in_circles.end() ? Role::anyone : in->second);
}

std::optional<ZoneForm> zone_form(const Call& call, std::string back) {
    if (call.viewer.member) {
        return std::nullopt;
    }
    return ZoneForm{.id = "your-zone", .back = std::move(back), .zone = zone_of_reader(call)};
}

Result<std::vector<Plan>> seen_plans(Transaction& transaction, const Call& call) {
    TRY(auto plans, all_plans(transaction, call.collective().id));
    TRY(const auto sight, sight_of(transaction, call));
    std::erase_if(plans, [&](const Plan& plan) { return !sees(call, sight, plan.series); });
    return plans;
}

} // namespace allot::gatherings
