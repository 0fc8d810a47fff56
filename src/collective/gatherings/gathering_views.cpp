#include "collective/gatherings/gathering_views.hpp"

#include "collective/circles/circle_store.hpp"

#include <algorithm>
#include <map>

namespace allot::gatherings {

using auth::Role;
using pages::Call;

Result<GatheringLine> line_of(const Call& call, const Plan& plan, const Occurrence& occurrence,
                              ZoneBook& zones) {
    const Gathering* const gathering = occurrence.gathering;
    const Series& series = plan.series;
    GatheringLine line{.path = path_of(call, series, occurrence.original),
                       .title = title_of(series, gathering),
                       .cancelled = occurrence.cancelled,
                       .moved = occurrence.start != occurrence.original,
                       .lighter = gathering != nullptr && gathering->lighter,
                       .why = gathering != nullptr ? gathering->why : std::string()};
    if (line.title != series.about.title) {
        line.series = series.about.title;
    }
    TRY(line.times, times_of(occurrence, zones, zone_of_reader(call)));
    return line;
}

namespace {

/// What the viewer is in each circle, by its id.
[[nodiscard]] Result<std::map<CircleId, Role>> roles_in_circles(Transaction& transaction,
                                                                const Call& call) {
    std::map<CircleId, Role> roles;
    if (!call.viewer.member) {
        return roles;
    }
    TRY(const auto parts,
        circles::parts_of(transaction, call.collective().id, call.viewer.member->person));
    for (const auto& [circle, part] : parts) {
        roles[circle.id] = part.name == circles::PartName::host ? Role::host : Role::member;
    }
    return roles;
}

} // namespace

Result<std::vector<Plan>> seen_plans(Transaction& transaction, const Call& call) {
    TRY(auto plans, all_plans(transaction, call.collective().id));
    TRY(const auto in_circles, roles_in_circles(transaction, call));
    std::vector<SeriesId> hosted;
    if (call.viewer.member) {
        TRY(hosted, hosted_by(transaction, call.collective().id, call.viewer.member->person));
    }
    std::erase_if(plans, [&](const Plan& plan) {
        const Series& series = plan.series;
        Role role = Role::anyone;
        if (const auto in = series.circle ? in_circles.find(*series.circle) : in_circles.end();
            in != in_circles.end()) {
            role = in->second;
        }
        if (std::ranges::find(hosted, series.id) != hosted.end()) {
            role = Role::host;
        }
        return !may_see(call, series, role);
    });
    return plans;
}

} // namespace allot::gatherings
