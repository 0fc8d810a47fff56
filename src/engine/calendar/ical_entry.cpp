#include "engine/calendar/ical_entry.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr seconds one_day = std::chrono::hours(24);

/// Those that section 3.6.1 allows once, of which clients take the first or the last.
constexpr std::array<std::string_view, 10> once = {
    "UID",     "DTSTAMP", "DTSTART",  "DTEND", "DURATION",
    "SUMMARY", "STATUS",  "SEQUENCE", "RRULE", "RECURRENCE-ID"};

std::string upper_ascii(std::string_view s) {
    std::string out(s);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}

/// The moment of a time, where its clock is known.
std::optional<Instant> moment_of(const EventTime& time) {
    if (time.value.when.form == TimeForm::utc) {
        return Instant(time.value.when.time.time_since_epoch());
    }
    return time.zone ? std::optional(time.zone->to_utc(time.value.when.time)) : std::nullopt;
}

const char* form_name(TimeForm form) {
    return form == TimeForm::date ? "a date" : form == TimeForm::utc ? "a time in UTC" : "a time";
}

} // namespace

EventClock clock_of(const EventTime& start) {
    const auto form = start.value.when.form;
    return {.form = form,
            .zone = form == TimeForm::utc ? std::make_shared<const Zone>(Zone::utc()) : start.zone};
}

local_seconds EventClock::shows(const EventTime& time) const {
    const auto moment = zone ? moment_of(time) : std::nullopt;
    const local_seconds shown = moment ? zone->to_local(*moment) : time.value.when.time;
    return form == TimeForm::date ? local_seconds(std::chrono::floor<std::chrono::days>(shown))
                                  : shown;
}

local_seconds original_of(const EventClock& clock, local_seconds start, const EventTime& time) {
    const bool whole_day = time.value.when.form == TimeForm::date && clock.form != TimeForm::date;
    const seconds time_of_day = start - std::chrono::floor<std::chrono::days>(start);
    return clock.shows(time) + (whole_day ? time_of_day : seconds(0));
}

std::string Entry::shown() const {
    if (title && !text::trim(*title).empty()) {
        return fmt::format("\"{}\"", text::shown(*title, 40));
    }
    return uid.empty() ? "an event" : fmt::format("the event {}", text::shown(uid, 40));
}

Entry EntryReader::read(const Component& event) {
    check_properties(event);
    Entry entry{.component = &event};
    read_text(entry);
    entry.start = only_time(event, "DTSTART");
    entry.duration = duration_of(entry);
    read_recurrence_id(entry);
    return entry;
}

void EntryReader::check_properties(const Component& event) {
    std::set<std::string_view> seen;
    for (const Property& property : event.properties) {
        if (!seen.insert(property.name).second &&
            std::ranges::find(once, property.name) != once.end()) {
            findings_.add({.line = property.line,
                           .what = fmt::format("{} stands twice in one event", property.name),
                           .clients = "some take the first (so do we), others the last, or refuse "
                                      "the event",
                           .mend = "keep one"});
        }
    }
    if (!seen.contains("UID")) {
        findings_.add({.line = event.line,
                       .what = "an event has no UID",
                       .clients = "some refuse it; others show it again after each update",
                       .mend = "add a UID that never changes and that no other event has"});
    }
    if (!seen.contains("DTSTAMP")) {
        findings_.add({.line = event.line,
                       .what = "an event has no DTSTAMP",
                       .clients = "strict ones, such as Outlook, refuse it",
                       .mend = "add when it was last changed, such as DTSTAMP:20260105T090000Z"});
    }
    if (const Property* const old = event.find("EXRULE")) {
        findings_.add({.line = old->line,
                       .what = "EXRULE is no longer part of iCalendar",
                       .clients = "most pass it over (so do we) and show what it takes away",
                       .mend = "list the dates in EXDATE"});
    }
}

void EntryReader::read_text(Entry& entry) {
    const auto value = [&](const char* name) -> std::optional<std::string> {
        const Property* const property = entry.component->find(name);
        return property == nullptr ? std::nullopt
                                   : std::optional(std::string(text::trim(property->value)));
    };
    entry.uid = value("UID").value_or("");
    if (const auto title = value("SUMMARY")) {
        entry.title = unescape_text(*title);
    }
    if (const auto status = value("STATUS")) {
        const std::string word = upper_ascii(*status);
        if (word == "CANCELLED" || word == "CONFIRMED" || word == "TENTATIVE") {
            entry.status = word == "CANCELLED"   ? EventStatus::cancelled
                           : word == "TENTATIVE" ? EventStatus::tentative
                                                 : EventStatus::confirmed;
        } else {
            findings_.add({.line = entry.component->find("STATUS")->line,
                           .what = fmt::format("STATUS:{} is none", text::shown(*status)),
                           .clients = "they take the event as confirmed (so do we)",
                           .mend = "write CONFIRMED, TENTATIVE or CANCELLED"});
        }
    }
    if (const auto sequence = value("SEQUENCE")) {
        const auto number = text::parse_int(*sequence);
        entry.sequence = number.value_or(0);
        if (!number || *number < 0) {
            findings_.add({.line = entry.component->find("SEQUENCE")->line,
                           .what = fmt::format("SEQUENCE:{} is no whole number from 0",
                                               text::shown(*sequence)),
                           .clients = "they take it as 0 and may keep an older version",
                           .mend = "count the changes of time and place: 0, 1, 2"});
        }
    }
}

void EntryReader::check_time(const Property& property, const TimeValue& time,
                             const std::string& written) {
    const auto form = time.when.form;
    const bool is_date = form == TimeForm::date;
    if (is_date != (upper_ascii(property.parameter("VALUE").value_or("")) == "DATE")) {
        findings_.add({.line = property.line,
                       .what = fmt::format("{} is {} {} VALUE=DATE", property.name, form_name(form),
                                           is_date ? "without" : "with"),
                       .clients = "most go by the value (so do we); strict ones refuse the event",
                       .mend = is_date ? fmt::format("write {};VALUE=DATE", property.name)
                                       : "leave out VALUE=DATE, or the time"});
    }
    if (form == TimeForm::utc && property.parameter("TZID")) {
        findings_.add({.line = property.line,
                       .what = fmt::format("{} has a TZID and ends with Z", property.name),
                       .clients = "most take it as UTC (so do we), others as a time of that zone",
                       .mend = "leave out the Z, or the TZID"});
    }
    if (written.contains(':') || written.find('-') < 8) {
        findings_.add({.line = property.line,
                       .what = fmt::format("{}:{} has hyphens or colons", property.name,
                                           text::shown(written)),
                       .clients = "most refuse the event",
                       .mend = fmt::format("write {}", format_basic(time.when))});
    }
}

std::vector<EventTime> EntryReader::times(const Property& property) {
    std::vector<EventTime> all;
    const std::string tzid(text::trim(property.parameter("TZID").value_or("")));
    for (const auto& written : text::split_list(property.value, ',')) {
        auto time = parse_time_value(written);
        if (!time) {
            findings_.add({.line = property.line,
                           .what = fmt::format("{}: {}", property.name, time.error().message),
                           .clients = "some pass it over (so do we), others refuse the event",
                           .mend = "write such as 20260105T090000"});
            continue;
        }
        check_time(property, *time, written);
        EventTime& read = all.emplace_back(EventTime{.value = *time, .zone = nullptr, .tzid = ""});
        if (time->when.form == TimeForm::local && !tzid.empty()) {
            read.tzid = tzid;
            read.zone = zones_.find(tzid, property.line);
        }
    }
    return all;
}

std::optional<EventTime> EntryReader::only_time(const Component& event, const char* name) {
    const Property* const property = event.find(name);
    if (property == nullptr) {
        return std::nullopt;
    }
    auto read = times(*property);
    return read.empty() ? std::nullopt : std::optional(std::move(read.front()));
}

void EntryReader::read_recurrence_id(Entry& entry) {
    entry.recurrence_id = only_time(*entry.component, "RECURRENCE-ID");
    if (!entry.recurrence_id) {
        return;
    }
    const Property& property = *entry.component->find("RECURRENCE-ID");
    const auto range = upper_ascii(property.parameter("RANGE").value_or(""));
    entry.and_future = range == "THISANDFUTURE";
    if (entry.and_future) {
        findings_.add({.line = property.line,
                       .what = fmt::format("{} is changed by RANGE=THISANDFUTURE", entry.shown()),
                       .clients =
                           "khal and ical.js change all that follow (so do we), others the one "
                           "meeting only",
                       .mend = "end the series with UNTIL, and begin another one there"});
    } else if (!range.empty()) {
        findings_.add({.line = property.line,
                       .what = fmt::format("RANGE={} is none", text::shown(range)),
                       .clients = "they change the one meeting only (so do we)",
                       .mend = "leave it out"});
    }
}

/// From DTSTART to DTEND, as time that passes where both are moments.
seconds EntryReader::until_end(const Entry& entry, const Property& property, EventTime end) {
    const EventTime& start = *entry.start;
    const bool dates = start.value.when.form == TimeForm::date;
    if (dates != (end.value.when.form == TimeForm::date)) {
        findings_.add(
            {.line = property.line,
             .what = fmt::format("DTEND is {}, but DTSTART is {}", form_name(end.value.when.form),
                                 form_name(start.value.when.form)),
             .clients = "some refuse the event, others guess how long it is",
             .mend = "write both as dates, or both as times"});
    }
    if (end.value.when.form == TimeForm::local && !end.zone && start.zone) {
        end.zone = start.zone;
        findings_.add({.line = property.line,
                       .what = "DTEND has no TZID, but DTSTART has",
                       .clients = "some take it on the clock of DTSTART (so do we), others on that "
                                  "of whoever looks",
                       .mend = fmt::format("write DTEND;TZID={}", text::shown(start.tzid))});
    }
    const auto begins = moment_of(start);
    const auto ends = moment_of(end);
    const auto lasts =
        begins && ends ? *ends - *begins : end.value.when.time - start.value.when.time;
    if (lasts > seconds(0)) {
        return lasts;
    }
    findings_.add({.line = property.line,
                   .what = fmt::format("{} ends before or when it begins", entry.shown()),
                   .clients = "some refuse the event; others show it as a moment, or as a day",
                   .mend = dates ? "DTEND is the day after the last one" : "write a later DTEND"});
    return dates ? one_day : seconds(0);
}

std::optional<seconds> EntryReader::duration_of(const Entry& entry) {
    const Component& event = *entry.component;
    const Property* const written = event.find("DURATION");
    const Property* const end = event.find("DTEND");
    if (written != nullptr && end != nullptr) {
        findings_.add({.line = written->line,
                       .what = "DURATION and DTEND stand in one event",
                       .clients = "some take DTEND (so do we), others DURATION, or refuse it",
                       .mend = "keep one"});
    }
    if (end != nullptr && entry.start) {
        const auto time = only_time(event, "DTEND");
        return time ? std::optional(until_end(entry, *end, *time)) : std::nullopt;
    }
    if (written == nullptr) {
        return std::nullopt;
    }
    const auto lasts = parse_duration(text::trim(written->value));
    if (lasts && *lasts >= seconds(0)) {
        return *lasts;
    }
    findings_.add({.line = written->line,
                   .what = "DURATION: " + (lasts ? "it is negative" : lasts.error().message),
                   .clients = "some refuse the event, others show it as a moment (so do we)",
                   .mend = "write such as DURATION:PT1H"});
    return std::nullopt;
}

} // namespace allot::calendar
