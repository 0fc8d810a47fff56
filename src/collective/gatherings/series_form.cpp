#include "collective/gatherings/series_form.hpp"

#include "base/text.hpp"
#include "collective/gatherings/starter.hpp"
#include "collective/people/shared_zones.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using pages::Call;
using pages::FormReader;
using pages::Need;

constexpr std::size_t longest_rhythm = 200;
constexpr std::size_t previewed = 6;
constexpr std::chrono::days previewed_days{800}; ///< enough for six of a quarterly series
constexpr std::size_t most_clocks = 8;
constexpr std::chrono::days clock_days{366}; ///< every change of a year, whenever it begins
constexpr std::int64_t usual_minutes = 60;

[[nodiscard]] std::optional<HeardRhythm> read_rhythm(FormReader& form, const Call& call,
                                                     const TypedSeries& typed, std::int64_t minutes,
                                                     ZoneBook& zones) {
    if (typed.rhythm.empty()) {
        return std::nullopt;
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    const std::string zone = zone_of_reader(call);
    auto heard = hear_rhythm({.words = typed.rhythm,
                              .zone = zone.empty() ? call.collective().zone : zone,
                              .minutes = minutes},
                             call.house.zones.names(), zones, now);
    if (!heard) {
        form.note("rhythm", "gatherings.rhythm_wrong", {{"what", heard.error().message}});
        return std::nullopt;
    }
    return *std::move(heard);
}

/// The reader's zone, where it is known, and after it those that members share, by city.
[[nodiscard]] Result<std::vector<std::string>> zones_to_watch(const Call& call) {
    TRY(auto zones, call.house.store.read([&](Transaction& transaction) {
        return people::shared_zones(transaction, call.collective().id);
    }));
    call.words->sort_by_name(zones, city_of);
    const std::string own = zone_of_reader(call);
    std::erase(zones, own);
    if (!own.empty()) {
        zones.insert(zones.begin(), own);
    }
    return zones;
}

/// A zone that this machine does not know says nothing; nor does one whose hour stays.
[[nodiscard]] Result<void> add_clocks(Preview& preview, const Call& call, const Plan& plan,
                                      ZoneBook& zones, Instant from) {
    TRY(const auto watched, zones_to_watch(call));
    for (const std::string& zone : watched) {
        if (!zones.zone(zone)) {
            continue;
        }
        TRY(const auto changes, hour_changes(plan, zones, zone, from, from + clock_days));
        if (changes.size() < 2) {
            continue;
        }
        if (preview.clocks.size() == most_clocks) {
            preview.more_clocks = true;
            break;
        }
        ClockLine line{.city = city_of(zone), .begins = wall_text(changes.front().from)};
        for (const HourChange& change : std::span(changes).subspan(1)) {
            line.changes.push_back({wall_text(change.from)});
        }
        preview.clocks.push_back(std::move(line));
    }
    preview.stays = preview.clocks.empty();
    return {};
}

} // namespace

std::vector<Option> options_of(std::span<const std::string_view> names, std::string_view chosen) {
    std::vector<Option> options;
    for (const std::string_view name : names) {
        options.push_back({.value = std::string(name), .words = "", .chosen = name == chosen});
    }
    return options;
}

void set_where(About& about, const std::string& where) {
    const bool link = is_link(where);
    about.link = link ? where : std::string();
    about.place = link ? std::string() : where;
}

std::string where_of(const About& about) {
    return about.link.empty() ? about.place : about.link;
}

std::int64_t read_minutes(FormReader& form, const std::string& typed) {
    const auto minutes = typed.empty() ? std::optional(usual_minutes) : text::parse_int(typed);
    if (!minutes || *minutes < shortest_minutes || *minutes > longest_minutes) {
        form.note("minutes", "gatherings.no_minutes",
                  {{"least", std::to_string(shortest_minutes)},
                   {"most", std::to_string(longest_minutes)}});
        return usual_minutes;
    }
    return *minutes;
}

ReadSeries read_series(FormReader& form, const Call& call, ZoneBook& zones) {
    ReadSeries read;
    TypedSeries& typed = read.typed;
    typed.title = form.line("title", longest_title, Need::required);
    typed.rhythm = form.line("rhythm", longest_rhythm, Need::required);
    typed.minutes = form.line("minutes", 10);
    typed.where = form.line("where", longest_link);
    typed.audience = form.choice("audience", audience_names);
    typed.circle = form.line("circle", longest_line);
    if (typed.audience == name_of(Audience::circle) && typed.circle.empty()) {
        form.note("audience", "gatherings.which_circle");
    }
    typed.starter = form.line("starter", longest_line);
    if (const Starter* const starter = starter_named(typed.starter)) {
        read.about = about_of(*starter, *call.words);
    }
    read.about.title = typed.title;
    read.about.audience = audience_named(typed.audience);
    set_where(read.about, typed.where);
    read.rhythm = read_rhythm(form, call, typed, read_minutes(form, typed.minutes), zones);
    return read;
}

Result<Preview> preview_of(const Call& call, const HeardRhythm& heard, ZoneBook& zones) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    Plan plan;
    plan.rhythms.push_back(heard.rhythm);
    TRY(const calendar::Zone* const zone, zones.zone(heard.rhythm.zone));
    const Instant first = std::max(now, zone->to_utc(heard.rhythm.start));
    TRY(const auto all, occurrences(plan, zones, now, first + previewed_days));
    Preview preview{.said = say_rhythm(heard.rhythm, call.house.zones.names()),
                    .notes = heard.notes,
                    .remarks = heard.remarks};
    for (const Occurrence& one : all) {
        if (preview.dates.size() == previewed) {
            break;
        }
        TRY(Times times, times_of(one, zones, zone_of_reader(call)));
        preview.dates.push_back({std::move(times)});
    }
    if (all.size() > 1) {
        TRY_DO(add_clocks(preview, call, plan, zones, first));
    }
    return preview;
}

} // namespace allot::gatherings
