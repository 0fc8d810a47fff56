#include "collective/gatherings/feed_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace allot::gatherings {

namespace {

using calendar::EventWords;
using calendar::FeedEvent;
using std::chrono::seconds;

/// Lines that say something, each on its own; an empty label says only its words.
class Lines {
  public:
    void add(const std::string& words) {
        if (!words.empty()) {
            text_ += (text_.empty() ? "" : "\n") + words;
        }
    }
    void add(const std::string& label, const std::string& words) {
        if (!words.empty()) {
            add(label.empty() ? words : label + " " + words);
        }
    }
    [[nodiscard]] std::string text() && { return std::move(text_); }

  private:
    std::string text_;
};

[[nodiscard]] bool shows_link(const About& about, const FeedVoice& voice) {
    return !about.link.empty() && (about.link_for == LinkFor::all || voice.to_members);
}

/// "https://lab.example/c/lab/series/journal-club", with the name of a gathering of it.
[[nodiscard]] std::string page_of(const Series& series, const FeedVoice& voice,
                                  std::optional<Wall> original) {
    const std::string page = voice.base + "/series/" + series.slug;
    return original ? page + "/" + name_of_when(*original) : page;
}

/// Of a gathering, or of the series where `one` is null.
[[nodiscard]] EventWords words_of(const Series& series, const Gathering* one,
                                  const FeedVoice& voice) {
    const About& about = series.about;
    const std::string page =
        page_of(series, voice, one == nullptr ? std::nullopt : std::optional(one->original));
    Lines lines;
    if (one != nullptr) {
        lines.add(one->why);
        if (one->lighter) {
            lines.add(voice.lighter_formats[static_cast<std::size_t>(about.lighter)]);
        }
        lines.add(voice.paper, one->paper_title);
    }
    lines.add(about.about);
    lines.add(agenda_of(series, one));
    if (shows_link(about, voice)) {
        lines.add(voice.join, about.link);
    }
    lines.add(voice.access, about.access);
    lines.add(voice.page, page);
    std::string location = about.place;
    if (location.empty() && shows_link(about, voice)) {
        location = about.link;
    }
    return {.title = title_of(series, one),
            .description = std::move(lines).text(),
            .location = std::move(location),
            .url = page};
}

/// Whether a calendar shows it in other words than its series.
[[nodiscard]] bool has_own_words(const Gathering& one) {
    return !one.cancelled &&
           (one.moved || one.minutes || one.lighter || !one.why.empty() || !one.title.empty() ||
            !one.agenda.empty() || !one.paper_title.empty());
}

/// The last moment at which a rule may give a time; an UNTIL that is a date means all of that day.
[[nodiscard]] Instant moment_of(const calendar::WallTime& until, const calendar::Zone& zone) {
    switch (until.form) {
    case calendar::TimeForm::utc:
        return Instant(until.time.time_since_epoch());
    case calendar::TimeForm::date:
        return zone.to_utc(until.time + std::chrono::days(1)) - seconds(1);
    case calendar::TimeForm::local:
        break;
    }
    return zone.to_utc(until.time);
}

/// Leaves what begins before `end`. Returns whether anything is left.
[[nodiscard]] Result<bool> end_before(calendar::Series& series, const calendar::Zone& zone,
                                      Instant end) {
    const Wall last = zone.to_local(end) - seconds(1);
    std::erase_if(series.overrides,
                  [&](const calendar::Override& one) { return one.original > last; });
    if (zone.to_utc(series.start.time) >= end) {
        return false;
    }
    if (!series.rule || (series.rule->until && moment_of(*series.rule->until, zone) < end)) {
        return true;
    }
    if (series.rule->count) {
        const calendar::Series bare{.start = series.start, .rule = series.rule};
        TRY(const auto all, calendar::instances(bare, zone, zone.to_utc(bare.start.time), end));
        if (std::cmp_greater_equal(all.size(), *series.rule->count)) {
            return true;
        }
        series.rule->count.reset();
    }
    series.rule->until = calendar::WallTime{.time = last};
    return true;
}

void add_own_words(FeedEvent& event, const Plan& plan, std::size_t rhythm, Wall last,
                   const FeedVoice& voice) {
    for (const Gathering& one : plan.gatherings) {
        if (has_own_words(one) && one.original <= last &&
            is_of_rhythm(plan, rhythm, one.original)) {
            event.instance_words.push_back(
                {.original = one.original, .words = words_of(plan.series, &one, voice)});
        }
    }
}

/// "Journal club (you present)".
void add_turns(FeedEvent& event, const Plan& plan, std::size_t rhythm, Wall last,
               const FeedVoice& voice) {
    const auto is_cancelled = [&](Wall original) {
        const auto one = std::ranges::find(plan.gatherings, original, &Gathering::original);
        return one != plan.gatherings.end() && one->cancelled;
    };
    for (const OwnTurn& turn : voice.turns) {
        if (turn.series != plan.series.id || turn.original > last ||
            !is_of_rhythm(plan, rhythm, turn.original) || is_cancelled(turn.original)) {
            continue;
        }
        auto found = std::ranges::find(event.instance_words, turn.original,
                                       &calendar::InstanceWords::original);
        if (found == event.instance_words.end()) {
            const Gathering plain{.original = turn.original};
            event.instance_words.push_back(
                {.original = turn.original, .words = words_of(plan.series, &plain, voice)});
            found = std::prev(event.instance_words.end());
        }
        found->words.title += " (" + voice.turn_names[static_cast<std::size_t>(turn.kind)] + ")";
    }
}

} // namespace

Result<FeedEvent> feed_event(const Plan& plan, std::size_t rhythm, ZoneBook& zones,
                             const FeedVoice& voice) {
    const Rhythm& when = plan.rhythms[rhythm];
    TRY(const calendar::Zone* const zone, zones.zone(when.zone));
    FeedEvent event{.uid = when.uid,
                    .words = words_of(plan.series, nullptr, voice),
                    .zone = zone,
                    .revision = when.revision};
    TRY(event.series, calendar_series(plan, rhythm));
    const Instant end = plan.series.renew;
    const Wall last = zone->to_local(end) - seconds(1);
    TRY(const bool meets, end_before(event.series, *zone, end));
    event.cancelled = !meets;
    add_own_words(event, plan, rhythm, last, voice);
    add_turns(event, plan, rhythm, last, voice);
    return event;
}

Result<calendar::Feed> feed_of(std::string name, std::span<const Plan> plans, ZoneBook& zones,
                               const FeedVoice& voice, std::chrono::sys_days today) {
    calendar::Feed feed{.name = std::move(name)};
    for (const Plan& plan : plans) {
        for (std::size_t rhythm = 0; rhythm < plan.rhythms.size(); ++rhythm) {
            TRY(auto event, feed_event(plan, rhythm, zones, voice));
            if (!calendar::is_dropped(event, today)) {
                feed.events.push_back(std::move(event));
            }
        }
    }
    return feed;
}

Result<std::vector<Rhythm>> revised(const Plan& before, const Plan& after, ZoneBook& zones,
                                    std::chrono::sys_days today) {
    // Members see more than others; what differs for them differs.
    const FeedVoice voice{.to_members = true, .lighter_formats = {"quiet", "lightning", "walk"}};
    std::vector<Rhythm> rhythms = after.rhythms;
    for (std::size_t k = 0; k < rhythms.size(); ++k) {
        const auto was = std::ranges::find(before.rhythms, rhythms[k].uid, &Rhythm::uid);
        if (was == before.rhythms.end()) {
            continue;
        }
        TRY(const auto then,
            feed_event(before, static_cast<std::size_t>(was - before.rhythms.begin()), zones,
                       voice));
        TRY(const auto now, feed_event(after, k, zones, voice));
        rhythms[k].revision = calendar::revise(then, now, today);
    }
    return rhythms;
}

Result<void> revise_series(Transaction& transaction, const CollectiveId& collective,
                           const Plan& before, ZoneBook& zones, std::chrono::sys_days today) {
    TRY(const auto series, find_series(transaction, collective, before.series.id));
    if (!series) {
        return fail(ErrorKind::missing, "gatherings.none_here");
    }
    TRY(const Plan after, plan_of(transaction, collective, *series));
    TRY(const auto rhythms, revised(before, after, zones, today));
    for (std::size_t k = 0; k < rhythms.size(); ++k) {
        if (rhythms[k] != after.rhythms[k]) {
            TRY_DO(save_rhythm(transaction, collective, series->id, rhythms[k]));
        }
    }
    return {};
}

} // namespace allot::gatherings
