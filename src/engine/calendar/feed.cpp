#include "engine/calendar/feed.hpp"

#include "engine/calendar/ical_lines.hpp"
#include "engine/calendar/ical_text.hpp"
#include "engine/calendar/plain_series.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/vtimezone_text.hpp"
#include "engine/calendar/wall_time.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::seconds;

/// A day has so many seconds to count changes with.
constexpr unsigned last_change_of_day = 86'399;

/// What an event says of time, apart from the order in lists.
auto time_and_place(const FeedEvent& event) {
    Series series = event.series;
    for (auto* const times : {&series.extra, &series.excluded}) {
        std::ranges::sort(*times);
        times->erase(std::ranges::unique(*times).begin(), times->end());
    }
    std::ranges::sort(series.overrides, {},
                      [](const Override& o) { return std::pair(o.original, o.and_future); });
    std::map<local_seconds, std::string> places;
    for (const InstanceWords& one : event.instance_words) {
        if (one.words.location != event.words.location) {
            places.emplace(one.original, one.words.location);
        }
    }
    return std::tuple(std::move(series), event.zone == nullptr ? "" : event.zone->name(),
                      event.cancelled, event.words.location, std::move(places));
}

/// What it says otherwise.
auto all_words(const FeedEvent& event) {
    std::map<local_seconds, EventWords> of_instances;
    for (const InstanceWords& one : event.instance_words) {
        if (one.words != event.words) {
            of_instances.emplace(one.original, one.words);
        }
    }
    return std::pair(event.words, std::move(of_instances));
}

/// Section 3.3.6. `span` > 0.
std::string format_duration(seconds span) {
    const auto whole = floor<days>(span);
    const std::chrono::hh_mm_ss time(span - whole);
    const auto hours = time.hours().count(), minutes = time.minutes().count(),
               rest = time.seconds().count();
    std::string out = whole == days(0) ? "P" : fmt::format("P{}D", whole.count());
    out += span == whole ? "" : "T";
    out += hours == 0 ? "" : fmt::format("{}H", hours);
    out += minutes == 0 && (hours == 0 || rest == 0) ? "" : fmt::format("{}M", minutes);
    return out + (rest == 0 ? "" : fmt::format("{}S", rest));
}

bool shows_once(const Zone& zone, local_seconds t) {
    const Instant moment = zone.to_utc(t);
    const Period period = zone.period_at(moment);
    if (period.until == Instant::max()) {
        return true;
    }
    const Instant again(t.time_since_epoch() - zone.offset_at(period.until));
    return zone.to_local(moment) == t && again < period.until;
}

/// The clock on which an event tells its times.
struct Clock {
    const Zone* zone = nullptr; ///< nullptr: UTC, floating or dates
    TimeForm form = TimeForm::local;

    explicit Clock(const FeedEvent& event) : form(event.series.start.form) {
        const bool has_zone = form == TimeForm::local && event.zone != nullptr;
        // TZID is not for UTC (section 3.2.19).
        const bool is_utc =
            has_zone && (event.zone->name() == "UTC" || event.zone->name() == "Etc/UTC");
        form = is_utc ? TimeForm::utc : form;
        zone = has_zone && !is_utc ? event.zone : nullptr;
    }

    [[nodiscard]] Instant moment(local_seconds t) const {
        return zone == nullptr ? Instant(t.time_since_epoch()) : zone->to_utc(t);
    }

    /// `NAME;TZID=Europe/London:20260105T170000`, and so on.
    [[nodiscard]] std::string line(std::string_view name, local_seconds t) const {
        const auto text = format_basic({.time = t, .form = form});
        if (form == TimeForm::date) {
            return fmt::format("{};VALUE=DATE:{}", name, text);
        }
        return zone == nullptr ? fmt::format("{}:{}", name, text)
                               : fmt::format("{};TZID={}:{}", name, zone->name(), text);
    }

    /// DTSTART of what does not come again. Clients disagree on a time that the clock shows twice
    /// or jumps over; there it is in UTC.
    [[nodiscard]] std::string start_line(local_seconds t) const {
        if (zone == nullptr || shows_once(*zone, t)) {
            return line("DTSTART", t);
        }
        const auto utc = local_seconds(zone->to_utc(t).time_since_epoch());
        return "DTSTART:" + format_basic({.time = utc, .form = TimeForm::utc});
    }

    /// UNTIL is in UTC where there is a zone (section 3.3.10).
    [[nodiscard]] std::string rule_line(Rule rule) const {
        if (rule.until && zone != nullptr && rule.until->form != TimeForm::utc) {
            const auto last = zone->to_utc(rule.until->time).time_since_epoch();
            rule.until = {.time = local_seconds(last), .form = TimeForm::utc};
        } else if (rule.until && zone == nullptr) {
            rule.until->form = form;
        }
        return "RRULE:" + format_rule(rule);
    }

    /// DTEND, or DURATION where the clock shows start or end twice; nothing where there is none to
    /// tell (a DATE lasts a day without it).
    [[nodiscard]] std::string end_line(local_seconds start, seconds duration) const {
        if (form == TimeForm::date) {
            const days whole = ceil<days>(duration);
            return whole <= days(1) ? "" : line("DTEND", start + whole);
        }
        if (duration <= seconds(0)) {
            return "";
        }
        const Instant end = moment(start) + duration;
        const local_seconds shown =
            zone == nullptr ? local_seconds(end.time_since_epoch()) : zone->to_local(end);
        const bool is_plain =
            zone == nullptr || (shows_once(*zone, start) && shows_once(*zone, shown));
        return is_plain ? line("DTEND", shown) : "DURATION:" + format_duration(duration);
    }
};

/// The parts of an event in the order of their cuts.
std::vector<PlainSeries> parts_of(const FeedEvent& event) {
    std::vector<local_seconds> with_words;
    for (const InstanceWords& one : event.instance_words) {
        if (one.words != event.words) {
            with_words.push_back(one.original);
        }
    }
    const Clock clock(event);
    auto parts =
        plain_series(event.series, clock.zone == nullptr ? Zone::utc() : *clock.zone, with_words);
    if (parts) {
        return *std::move(parts);
    }
    PlainSeries as_it_is{.series = event.series};
    for (const Override& change : event.series.overrides) {
        if (change.cancelled && !change.and_future) {
            as_it_is.series.excluded.push_back(change.original);
        }
    }
    std::erase_if(as_it_is.series.overrides,
                  [](const Override& change) { return change.and_future || change.cancelled; });
    return {std::move(as_it_is)};
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
    if (!text.empty()) {
        append_line(out, fmt::format("{}:{}", name, escape_text(text)));
    }
}

void append_words(std::string& out, const EventWords& words) {
    append_text(out, "SUMMARY", words.title);
    append_text(out, "DESCRIPTION", words.description);
    append_text(out, "LOCATION", words.location);
    std::string url = words.url;
    std::erase_if(url, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
    if (!url.empty()) {
        append_line(out, "URL:" + url);
    }
}

/// `a-on-20260105T170000@b` of `a@b`. The digits are on the clock of the series, whichever it is.
std::string derived_uid(std::string_view uid, std::string_view word, local_seconds original,
                        TimeForm form) {
    const auto shown = form == TimeForm::date ? TimeForm::date : TimeForm::local;
    const auto at = std::min(uid.rfind('@'), uid.size());
    return fmt::format("{}-{}-{}{}", uid.substr(0, at), word,
                       format_basic({.time = original, .form = shown}), uid.substr(at));
}

/// One event in parts, as text.
class EventText {
  public:
    /// `people`: lines about whom it invites.
    explicit EventText(const FeedEvent& event, std::string people = {})
        : event_(event), clock_(event), people_(std::move(people)) {}

    [[nodiscard]] std::string of(const PlainSeries& part) const {
        std::string out;
        const Series& series = part.series;
        begin(out, part);
        if (series.rule) {
            append_line(out, clock_.line("DTSTART", series.start.time));
            append_end(out, series.start.time, series.duration);
            append_line(out, clock_.rule_line(*series.rule));
        } else {
            append_once(out, series.start.time, series.duration);
        }
        for (const local_seconds t : series.excluded) {
            append_line(out, clock_.line("EXDATE", t));
        }
        const bool alone = part.kind == PlainSeries::Kind::alone;
        end(out, alone ? words_of(part.original) : event_.words);
        for (const Override& change : series.overrides) {
            begin(out, part);
            append_line(out, clock_.line("RECURRENCE-ID", change.original));
            append_once(out, change.start, change.duration.value_or(series.duration));
            end(out, words_of(change.original - part.shift));
        }
        return out;
    }

    /// One instance of the series, whether anything about it differs or not.
    [[nodiscard]] std::string of_instance(local_seconds original) const {
        const auto& changes = event_.series.overrides;
        const auto found = std::ranges::find_if(changes, [&](const Override& change) {
            return change.original == original && !change.and_future;
        });
        std::string out;
        begin(out, {.original = original, .series = event_.series});
        append_line(out, clock_.line("RECURRENCE-ID", original));
        append_once(out, found == changes.end() ? original : found->start,
                    found == changes.end() ? event_.series.duration
                                           : found->duration.value_or(event_.series.duration));
        end(out, words_of(original));
        return out;
    }

  private:
    void begin(std::string& out, const PlainSeries& part) const {
        const Revision& revision = event_.revision;
        const seconds change(std::min(revision.change_of_day, last_change_of_day));
        const auto changed =
            format_basic({.time = local_seconds(revision.day.time_since_epoch() + change),
                          .form = TimeForm::utc});
        out += "BEGIN:VEVENT\r\n";
        append_text(out, "UID", uid_of(part));
        append_line(out, "DTSTAMP:" + changed);
        append_line(out, "LAST-MODIFIED:" + changed);
        append_line(out, fmt::format("SEQUENCE:{}", revision.sequence));
        out += people_;
    }

    [[nodiscard]] std::string uid_of(const PlainSeries& part) const {
        const auto form = event_.series.start.form;
        switch (part.kind) {
        case PlainSeries::Kind::first:
            return event_.uid;
        case PlainSeries::Kind::from:
            return split_uid(event_.uid, part.original, form);
        case PlainSeries::Kind::alone:
            return derived_uid(event_.uid, "on", part.original, form);
        }
        return {};
    }

    void append_once(std::string& out, local_seconds start, seconds duration) const {
        append_line(out, clock_.start_line(start));
        append_end(out, start, duration);
    }

    void append_end(std::string& out, local_seconds start, seconds duration) const {
        if (const auto line = clock_.end_line(start, duration); !line.empty()) {
            append_line(out, line);
        }
    }

    void end(std::string& out, const EventWords& words) const {
        append_words(out, words);
        append_line(out, event_.cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
        out += "END:VEVENT\r\n";
    }

    [[nodiscard]] const EventWords& words_of(local_seconds original) const {
        const auto found =
            std::ranges::find(event_.instance_words, original, &InstanceWords::original);
        return found == event_.instance_words.end() ? event_.words : found->words;
    }

    const FeedEvent& event_;
    Clock clock_;
    std::string people_;
};

/// The zones of a feed, by name, and since when each is used.
class Zones {
  public:
    void add(const FeedEvent& event, const PlainSeries& part) {
        const Clock clock(event);
        if (clock.zone == nullptr) {
            return;
        }
        local_seconds first = part.series.start.time;
        for (const Override& change : part.series.overrides) {
            first = std::min({first, change.original, change.start});
        }
        const Instant begin = clock.moment(first);
        const auto [at, is_new] = used_.try_emplace(clock.zone->name(), clock.zone, begin);
        at->second.second = std::min(at->second.second, begin);
    }

    /// `changed`: the last change in the feed.
    void append(std::string& out, Instant changed) const {
        for (const auto& [name, use] : used_) {
            const auto& [zone, from] = use;
            out += format_vtimezone(*zone, from, std::max(from, changed) + days(5 * 366));
        }
    }

  private:
    std::map<std::string, std::pair<const Zone*, Instant>> used_;
};

void append_head(std::string& out, const Feed& feed) {
    const auto refresh = format_duration(feed.refresh);
    out += "BEGIN:VCALENDAR\r\n"
           "VERSION:2.0\r\n"
           "PRODID:-//Allotment//Calendar//EN\r\n"
           "CALSCALE:GREGORIAN\r\n";
    append_text(out, "NAME", feed.name);
    append_text(out, "X-WR-CALNAME", feed.name);
    append_line(out, "REFRESH-INTERVAL;VALUE=DURATION:" + refresh);
    append_line(out, "X-PUBLISHED-TTL:" + refresh);
}

[[nodiscard]] std::string people_lines(const Invitation& invitation) {
    Property organizer{.name = "ORGANIZER", .value = "mailto:" + invitation.organizer.address};
    if (!invitation.organizer.name.empty()) {
        organizer.parameters = {{.name = "CN", .values = {invitation.organizer.name}}};
    }
    const auto& who = invitation.attendee;
    const Property attendee{
        .name = "ATTENDEE",
        .parameters = {{.name = "CUTYPE", .values = {"INDIVIDUAL"}},
                       {.name = "ROLE", .values = {"REQ-PARTICIPANT"}},
                       {.name = "PARTSTAT", .values = {"NEEDS-ACTION"}},
                       {.name = "RSVP", .values = {invitation.asks ? "TRUE" : "FALSE"}},
                       {.name = "CN", .values = {who.name.empty() ? who.address : who.name}}},
        .value = "mailto:" + who.address};
    return format_property(organizer) + format_property(attendee);
}

} // namespace

Revision revise(const FeedEvent& before, const FeedEvent& after, std::chrono::sys_days today) {
    const bool moved = time_and_place(before) != time_and_place(after);
    Revision revision = before.revision;
    if (!moved && all_words(before) == all_words(after)) {
        return revision;
    }
    if (today > revision.day) {
        revision.day = today;
        revision.change_of_day = 1;
    } else {
        ++revision.change_of_day;
    }
    revision.sequence += moved ? 1 : 0;
    return revision;
}

bool is_dropped(const FeedEvent& event, std::chrono::sys_days today) {
    return event.cancelled && today - event.revision.day > cancelled_stays;
}

std::string split_uid(std::string_view uid, local_seconds original, TimeForm form) {
    return derived_uid(uid, "from", original, form);
}

std::string write_feed(const Feed& feed) {
    ALLOT_CHECK(feed.refresh > std::chrono::minutes(0), "who subscribes asks again some time");
    Zones zones;
    Instant changed = Instant::min();
    std::vector<std::pair<std::string_view, std::string>> events;
    for (const FeedEvent& event : feed.events) {
        std::string& text = events.emplace_back(event.uid, "").second;
        for (const PlainSeries& part : parts_of(event)) {
            text += EventText(event).of(part);
            zones.add(event, part);
        }
        changed = std::max(changed, Instant(event.revision.day));
    }
    std::ranges::sort(events);
    std::string out;
    append_head(out, feed);
    zones.append(out, changed);
    for (const auto& [uid, text] : events) {
        out += text;
    }
    out += "END:VCALENDAR\r\n";
    return out;
}

std::string write_invitation(const Invitation& invitation) {
    FeedEvent event = invitation.event;
    event.cancelled = event.cancelled || invitation.method == Method::cancel;
    const EventText text(event, people_lines(invitation));
    Zones zones;
    std::string events;
    for (const PlainSeries& part : parts_of(event)) {
        zones.add(event, part);
        events += invitation.only ? "" : text.of(part);
    }
    if (invitation.only) {
        zones.add(event, {.series = {.start = {.time = *invitation.only}}});
        events = text.of_instance(*invitation.only);
    }
    std::string out = "BEGIN:VCALENDAR\r\n"
                      "VERSION:2.0\r\n"
                      "PRODID:-//Allotment//Calendar//EN\r\n"
                      "CALSCALE:GREGORIAN\r\n";
    append_line(out, fmt::format("METHOD:{}", name_of(invitation.method)));
    zones.append(out, Instant(event.revision.day));
    return out + events + "END:VCALENDAR\r\n";
}

std::string_view name_of(Method method) {
    return method == Method::request ? "REQUEST" : "CANCEL";
}

} // namespace allot::calendar
