#include "collective/gatherings/news.hpp"

#include "collective/gatherings/atom.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/teller.hpp"
#include "collective/gatherings/zone_book.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using pages::Call;
using pages::Catalogue;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

constexpr days announced_before{14};
constexpr days notes_stay{92};

/// What all entries of one feed need.
struct Writer {
    const Call& call;
    const Catalogue& words;
    ZoneBook& zones;
    sys_days today;
};

[[nodiscard]] std::string id_of(const Plan& plan, const Occurrence& one, std::string_view kind) {
    return urn_of(fmt::format("{} {} {}", plan.series.id.text(), name_of_when(one.original), kind));
}

/// "Thursday 14 January at 17:00, London".
[[nodiscard]] Result<std::string> when_of(const Writer& writer, const Occurrence& one) {
    TRY(const Times times, times_of(one, writer.zones, {}));
    return fmt::format("{} ({})", say_wall(writer.words, times.there), times.there_zone);
}

[[nodiscard]] bool differs(const Gathering* one) {
    return one != nullptr && (one->moved || one->minutes || one->cancelled || one->lighter ||
                              !one->title.empty() || !one->agenda.empty());
}

/// Where something was changed about it, it is news again.
[[nodiscard]] sys_days announced_on(const Plan& plan, const Occurrence& one, sys_days today) {
    const sys_days first = std::max(floor<days>(one.begin) - announced_before, plan.series.began);
    const sys_days changed = plan.rhythms[one.rhythm].revision.day;
    return std::min(differs(one.gathering) ? std::max(first, changed) : first, today);
}

void add_line(NewsEntry& entry, const std::string& line) {
    if (!line.empty()) {
        entry.lines.push_back(line);
    }
}

[[nodiscard]] Result<NewsEntry> announcement(const Writer& writer, const Plan& plan,
                                             const Occurrence& one) {
    const Series& series = plan.series;
    TRY(const std::string when, when_of(writer, one));
    NewsEntry entry{.id = id_of(plan, one, "next"),
                    .title = title_of(series, one.gathering) + ": " + when,
                    .page = writer.call.address(path_of(writer.call, series, one.original)),
                    .changed = announced_on(plan, one, writer.today)};
    if (one.cancelled) {
        entry.lines.push_back(writer.words.say("gatherings.is_cancelled"));
    } else if (one.start != one.original) {
        entry.lines.push_back(writer.words.say("gatherings.was_moved"));
    }
    if (one.gathering != nullptr) {
        add_line(entry, one.gathering->why);
        add_line(entry, one.gathering->paper_title);
    }
    add_line(entry, series.about.about);
    add_line(entry, agenda_of(series, one.gathering));
    return entry;
}

[[nodiscard]] bool has_notes(const Gathering* one) {
    return one != nullptr && !(one->learned.empty() && one->decided.empty() && one->notes.empty());
}

[[nodiscard]] Result<NewsEntry> notes(const Writer& writer, const Plan& plan,
                                      const Occurrence& one) {
    const Gathering& gathering = *one.gathering;
    TRY(const std::string when, when_of(writer, one));
    const std::string title = title_of(plan.series, one.gathering);
    NewsEntry entry{.id = id_of(plan, one, "notes"),
                    .title = writer.words.say("feeds.notes_of", {{"name", std::string_view(title)},
                                                                 {"when", std::string_view(when)}}),
                    .page = writer.call.address(path_of(writer.call, plan.series, one.original)),
                    .changed = std::min(floor<days>(one.end), writer.today)};
    add_line(entry, gathering.learned);
    add_line(entry, gathering.decided);
    add_line(entry, gathering.notes);
    return entry;
}

[[nodiscard]] Result<void> add_news(News& news, const Writer& writer, const Plan& plan) {
    const Instant today = writer.today;
    TRY(const auto all,
        occurrences(plan, writer.zones, today - notes_stay, today + announced_before));
    for (const Occurrence& one : all) {
        if (has_notes(one.gathering) && one.begin < today + days(1)) {
            TRY(NewsEntry entry, notes(writer, plan, one));
            news.entries.push_back(std::move(entry));
        }
        if (one.begin >= today && one.begin < Instant(plan.series.renew)) {
            TRY(NewsEntry entry, announcement(writer, plan, one));
            news.entries.push_back(std::move(entry));
        }
    }
    return {};
}

} // namespace

Result<std::string> news_text(const Call& call, const Catalogue& words,
                              std::span<const Plan> plans) {
    ZoneBook zones(call.house.zones);
    const Writer writer{
        .call = call, .words = words, .zones = zones, .today = floor<days>(call.now())};
    const auth::Collective& collective = call.collective();
    News news{.id = urn_of(collective.id.text() + " news"),
              .title = collective.name,
              .author = collective.name,
              .page = call.address(call.path("/events")),
              .self = call.address(call.path("/events.atom")),
              .changed = writer.today};
    for (const Plan& plan : plans) {
        news.changed = std::min(news.changed, plan.series.began);
        TRY_DO(add_news(news, writer, plan));
    }
    return write_atom(news);
}

} // namespace allot::gatherings
