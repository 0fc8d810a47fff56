#include "collective/gatherings/series_calls.hpp"

#include "platform/auth/audit.hpp"
#include "platform/pages/site.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::gatherings {

using auth::Role;
using pages::Call;

std::string cookie_of_zone(std::string_view zone) {
    constexpr std::chrono::days is_kept{365};
    return pages::cookie_of(zone_cookie, zone, is_kept);
}

bool keeps(const Call& call) {
    return auth::may(auth::Action::keep_series, call.viewer.role(), call.in_circle);
}

bool belongs(const Call& call) {
    return call.viewer.role() >= Role::member || keeps(call);
}

std::string path_of(const Call& call, const Series& series, std::string_view rest) {
    return call.path("/series/" + series.slug + std::string(rest));
}

std::string path_of(const Call& call, const Series& series, Wall original, std::string_view rest) {
    return path_of(call, series, "/" + name_of_when(original) + std::string(rest));
}

bool sees_series(const Series& series, Role role, Role in_series) {
    if (series.about.audience == Audience::everyone || role == Role::steward ||
        in_series == Role::host) {
        return true;
    }
    return series.about.audience == Audience::members ? role >= Role::member
                                                      : in_series >= Role::member;
}

Result<bool> sees_series(Transaction& transaction, const CollectiveId& collective,
                         const Series& series, const PersonId& person, Role role) {
    if (sees_series(series, role, Role::anyone)) {
        return true;
    }
    TRY(const Role in_series, role_in_series(transaction, collective, series.slug, person));
    return sees_series(series, role, in_series);
}

bool sees_series(const Call& call, const Series& series, Role in_series) {
    return sees_series(series, call.viewer.role(), in_series);
}

bool may_see(const Call& call, const Series& series, Role in_series) {
    return call.viewer.is_let_in || sees_series(call, series, in_series);
}

Result<Series> series_of(Transaction& transaction, const Call& call) {
    TRY(auto series, series_named(transaction, call.collective().id, call.part("series")));
    if (!series || !may_see(call, *series, call.in_circle)) {
        return fail(ErrorKind::missing, "gatherings.none_here");
    }
    return *std::move(series);
}

Result<Series> running_series_of(Transaction& transaction, const Call& call) {
    TRY(Series series, series_of(transaction, call));
    TRY_DO(must_run(series, std::chrono::floor<std::chrono::days>(call.now())));
    return series;
}

Result<At> gathering_of(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY(const Series series, series_of(transaction, call));
    TRY(const Wall original, when_named(call.part("when")));
    At at;
    TRY(at.plan, plan_of(transaction, call.collective().id, series));
    TRY(const auto occurrence, occurrence_of(at.plan, zones, original));
    if (!occurrence) {
        return fail(ErrorKind::missing, "gatherings.none_then");
    }
    at.occurrence = *occurrence;
    return at;
}

Result<void> note(Transaction& transaction, const Call& call, std::string_view what) {
    return auth::note_audit(transaction, call.collective().id, call.member().person, what,
                            call.now(), call.house.entropy);
}

std::string zone_of_reader(const Call& call) {
    if (call.viewer.member) {
        return call.viewer.member->zone;
    }
    const std::string kept(call.request.cookie(zone_cookie));
    return call.house.zones.has(kept) ? kept : std::string();
}

std::chrono::sys_days today_of(const Call& call) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    ZoneBook zones(call.house.zones);
    const auto zone = zones.zone(zone_of_reader(call));
    const auto offset = zone ? (*zone)->offset_at(now) : std::chrono::seconds(0);
    return std::chrono::floor<std::chrono::days>(now + offset);
}

namespace {

/// "UTC+1", "UTC-3:30".
[[nodiscard]] std::string offset_text(std::chrono::seconds offset) {
    const auto minutes = std::chrono::abs(std::chrono::floor<std::chrono::minutes>(offset)).count();
    const std::string rest = minutes % 60 == 0 ? "" : fmt::format(":{:02}", minutes % 60);
    return fmt::format("UTC{}{}{}", offset < std::chrono::seconds(0) ? "-" : "+", minutes / 60,
                       rest);
}

void add_offsets(Times& times, const Occurrence& occurrence, const calendar::Zone& shown) {
    const auto before = shown.offset_at(occurrence.begin);
    const auto after = shown.offset_at(occurrence.end);
    if (before != after) {
        times.offset = offset_text(before);
        times.offset_end = offset_text(after);
    }
}

} // namespace

Result<Times> times_of(const Occurrence& occurrence, ZoneBook& zones,
                       std::string_view reader_zone) {
    TRY(const calendar::Zone* const there, zones.zone(occurrence.zone));
    Times times{.utc = format_instant(occurrence.begin),
                .utc_end = format_instant(occurrence.end),
                .there = wall_text(there->to_local(occurrence.begin)),
                .there_end = wall_text(there->to_local(occurrence.end)),
                .there_zone = city_of(occurrence.zone)};
    if (!reader_zone.empty()) {
        TRY(const calendar::Zone* const own, zones.zone(reader_zone));
        times.own = wall_text(own->to_local(occurrence.begin));
        times.own_end = wall_text(own->to_local(occurrence.end));
        times.own_zone = city_of(reader_zone);
        times.same = times.own == times.there && times.own_end == times.there_end;
        add_offsets(times, occurrence, *own);
    } else {
        add_offsets(times, occurrence, *there);
    }
    return times;
}

std::string wall_text(Wall wall) {
    const std::string text =
        format_instant(Instant(wall.time_since_epoch())); // written as if it were UTC
    constexpr std::size_t to_the_minute = std::string_view("2027-01-14T17:00").size();
    return text.substr(0, to_the_minute);
}

std::string city_of(std::string_view zone) {
    std::string city(zone.substr(zone.rfind('/') + 1));
    std::ranges::replace(city, '_', ' ');
    return city;
}

} // namespace allot::gatherings
