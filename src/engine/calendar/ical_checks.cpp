#include "engine/calendar/ical_checks.hpp"

#include "base/text.hpp"
#include "engine/calendar/zone_table.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;

/// What may stand in what (RFC 5545, section 3.6, and RFC 7953, 9073).
bool may_hold(std::string_view outer, std::string_view inner) {
    static const std::set<std::pair<std::string_view, std::string_view>> allowed = {
        {"VCALENDAR", "VEVENT"},       {"VCALENDAR", "VTODO"},     {"VCALENDAR", "VJOURNAL"},
        {"VCALENDAR", "VFREEBUSY"},    {"VCALENDAR", "VTIMEZONE"}, {"VCALENDAR", "VAVAILABILITY"},
        {"VEVENT", "VALARM"},          {"VTODO", "VALARM"},        {"VTIMEZONE", "STANDARD"},
        {"VTIMEZONE", "DAYLIGHT"},     {"VEVENT", "PARTICIPANT"},  {"VEVENT", "VLOCATION"},
        {"VEVENT", "VRESOURCE"},       {"VTODO", "PARTICIPANT"},   {"VJOURNAL", "PARTICIPANT"},
        {"VAVAILABILITY", "AVAILABLE"}};
    const bool known =
        std::ranges::any_of(allowed, [&](const auto& pair) { return pair.first == outer; });
    return !known || inner.starts_with("X-") || allowed.contains({outer, inner});
}

void check_nesting(const Component& outer, Findings& findings) {
    for (const Component& inner : outer.components) {
        if (!may_hold(outer.name, inner.name)) {
            findings.add({.line = inner.line,
                          .what = fmt::format("{} stands in {}", text::shown(inner.name),
                                              text::shown(outer.name)),
                          .clients = "most pass it over (so do we), some refuse the file",
                          .mend = inner.name == "VEVENT" ? "move it to where the other events are"
                                                         : "remove it"});
        }
        check_nesting(inner, findings);
    }
}

/// How many bytes of `s` are its first character in UTF-8 (RFC 3629, section 4); 0 for none.
std::size_t first_character(std::string_view s) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned lead = byte(0);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    if (size > s.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const unsigned second = size > 2 ? byte(1) : 0x90;
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    return overlong || beyond ? 0 : size;
}

bool is_utf8(std::string_view s) {
    while (!s.empty()) {
        const auto size = first_character(s);
        if (size == 0) {
            return false;
        }
        s.remove_prefix(size);
    }
    return true;
}

/// The first property whose value is no UTF-8; null where all are.
const Property* wrongly_encoded(const Component& component) {
    const auto found = std::ranges::find_if_not(component.properties, is_utf8, &Property::value);
    if (found != component.properties.end()) {
        return &*found;
    }
    for (const Component& inner : component.components) {
        if (const Property* const property = wrongly_encoded(inner)) {
            return property;
        }
    }
    return nullptr;
}

void check_encoding(const Component& calendar, Findings& findings) {
    if (const Property* const property = wrongly_encoded(calendar)) {
        findings.add({.line = property->line,
                      .what = fmt::format("{} is not written in UTF-8", property->name),
                      .clients = "they show other letters, or refuse the file",
                      .mend = "save the file as UTF-8"});
    }
}

void check_version(const Component& calendar, Findings& findings) {
    const Property* const version = calendar.find("VERSION");
    if (version == nullptr || text::trim(version->value) != "2.0") {
        findings.add({.line = version == nullptr ? calendar.line : version->line,
                      .what = version == nullptr ? "the calendar has no VERSION"
                                                 : fmt::format("VERSION:{} is not 2.0",
                                                               text::shown(version->value)),
                      .clients = "strict ones refuse the file",
                      .mend = "write VERSION:2.0"});
    }
    if (calendar.find("PRODID") == nullptr) {
        findings.add({.line = calendar.line,
                      .what = "the calendar has no PRODID",
                      .clients = "strict ones refuse the file",
                      .mend = "write which program made it, such as PRODID:-//our group//EN"});
    }
}

void check_method(const Component& calendar, Findings& findings) {
    const Property* const method = calendar.find("METHOD");
    if (method == nullptr || text::trim(method->value) == "PUBLISH") {
        return;
    }
    const bool cancels = text::trim(method->value) == "CANCEL";
    findings.add({.line = method->line,
                  .what = fmt::format("METHOD:{} makes the file a message to one person",
                                      text::shown(method->value)),
                  .clients = cancels ? "they take its events as cancelled (so do we)"
                                     : "they show an invitation to answer in place of a calendar",
                  .mend = "write METHOD:PUBLISH or leave it out, if it is a calendar for all"});
}

/// A time that the series should give, and what it means if it does not.
struct Expected {
    local_seconds at;
    Finding finding;
};

std::string written(const Event& event, local_seconds t) {
    return format_basic({.time = t, .form = event.series.start.form});
}

void expect_start(const Event& event, std::vector<Expected>& all, std::size_t line) {
    if (event.series.rule) {
        all.push_back({.at = event.series.start.time,
                       .finding = {.line = line,
                                   .what = "the rule does not give DTSTART itself",
                                   .clients = "some show a first meeting then, others none (so do "
                                              "we); with COUNT they disagree about the last one",
                                   .mend = "begin with the first meeting that the rule gives"}});
    }
}

void expect_exclusions(const Event& event, std::vector<Expected>& all, std::size_t line) {
    for (const local_seconds t : event.series.excluded) {
        all.push_back(
            {.at = t,
             .finding = {.line = line,
                         .what = fmt::format("EXDATE {} takes away no meeting", written(event, t)),
                         .clients = "nothing: the meeting that was meant is still shown",
                         .mend = "write the start of the meeting, as the rule gives it"}});
    }
}

void expect_changed(const Event& event, std::vector<Expected>& all) {
    for (std::size_t i = 0; i < event.texts.size(); ++i) {
        const Override& change = event.series.overrides[i];
        all.push_back(
            {.at = change.original,
             .finding = {.line = event.texts[i].line,
                         .what = fmt::format("RECURRENCE-ID {} is no meeting of its series",
                                             written(event, change.original)),
                         .clients = "some show it as one more meeting (so do we), others leave it "
                                    "out",
                         .mend = "write the start that the rule gives, before it was moved"}});
    }
}

void note_too_complex(const Property& rule, Findings& findings) {
    findings.add({.line = rule.line,
                  .what = "the rule is too complex to be followed",
                  .clients = "some hang, others give up and show nothing (so do we)",
                  .mend = "write it with DAILY, WEEKLY, MONTHLY or YEARLY"});
}

void check_starts(const Event& event, const Entry& master, Findings& findings) {
    std::vector<Expected> all;
    const Property* const exclusions = master.component->find("EXDATE");
    expect_start(event, all, master.component->find("DTSTART")->line);
    expect_exclusions(event, all, exclusions == nullptr ? 0 : exclusions->line);
    expect_changed(event, all);
    std::ranges::sort(all, {}, [](const Expected& expected) {
        return std::pair(expected.at, expected.finding.line);
    });
    Starts starts(event);
    for (Expected& expected : all) {
        const auto holds = starts.holds(expected.at);
        if (!holds) {
            note_too_complex(*master.component->find("RRULE"), findings);
            return;
        }
        if (!*holds) {
            findings.add(std::move(expected.finding));
        }
    }
}

/// Section 3.3.10: UNTIL is a date if DTSTART is one, local if that floats, else in UTC.
void check_until(const Event& event, const Entry& master, Findings& findings) {
    const Series& series = event.series;
    if (!series.rule || !series.rule->until) {
        return;
    }
    const bool floats = series.start.form == TimeForm::local && master.start->tzid.empty();
    const auto wanted = series.start.form == TimeForm::date ? TimeForm::date
                        : floats                            ? TimeForm::local
                                                            : TimeForm::utc;
    if (series.rule->until->form == wanted) {
        return;
    }
    const bool whole_day = series.rule->until->form == TimeForm::date;
    findings.add(
        {.line = master.component->find("RRULE")->line,
         .what = fmt::format("UNTIL={} is of another type than DTSTART asks for",
                             format_basic(*series.rule->until)),
         .clients = whole_day ? "some end with that day (so do we), others before it, or refuse it"
                              : "some read it on the clock of DTSTART, others in UTC: the last "
                                "meeting may be missing; strict ones refuse the event",
         .mend = wanted == TimeForm::date    ? "write a date, as DTSTART"
                 : wanted == TimeForm::local ? "write a time without Z, as DTSTART"
                                             : "write the last start in UTC, with Z"});
}

void check_clock(const Event& event, const Entry& master, Findings& findings) {
    const Series& series = event.series;
    const Property& start = *master.component->find("DTSTART");
    if (series.start.form == TimeForm::local && master.start->tzid.empty()) {
        findings.add({.line = start.line,
                      .what = fmt::format("{} has a time without a zone", master.shown()),
                      .clients =
                          "each shows it at that hour of its own zone: people elsewhere come "
                          "at another moment",
                      .mend = fmt::format("write DTSTART;TZID= and the zone that it means")});
    }
    if (series.start.form != TimeForm::utc || !series.rule || series.rule->count == 1) {
        return;
    }
    const char* const often = series.rule->frequency == Frequency::daily     ? "daily"
                              : series.rule->frequency == Frequency::weekly  ? "weekly"
                              : series.rule->frequency == Frequency::monthly ? "monthly"
                                                                             : nullptr;
    if (often != nullptr) {
        findings.add(
            {.line = start.line,
             .what = fmt::format("{} meets {} at an hour of UTC", master.shown(), often),
             .clients = "it moves by an hour for its people when their clocks change",
             .mend =
                 "allotment calendar reanchor FILE --zone TZ writes it at an hour of their zone"});
    }
}

} // namespace

void check_calendar(const Component& calendar, Findings& findings) {
    check_version(calendar, findings);
    check_method(calendar, findings);
    check_encoding(calendar, findings);
    check_nesting(calendar, findings);
    if (calendar.components.empty()) {
        findings.add({.line = calendar.line,
                      .what = "the calendar holds nothing",
                      .clients = "some show nothing, strict ones refuse the file",
                      .mend = "add a VEVENT"});
    }
}

void check_series(const Event& event, const Entry& master, Findings& findings) {
    check_clock(event, master, findings);
    check_until(event, master, findings);
    check_starts(event, master, findings);
}

Starts::Starts(const Event& event)
    : has_rule_(event.series.rule.has_value()), extra_(event.series.extra) {
    const Series& series = event.series;
    std::ranges::sort(extra_);
    if (!series.rule) {
        extra_.insert(std::ranges::lower_bound(extra_, series.start.time), series.start.time);
        return;
    }
    const auto& until = series.rule->until;
    const bool in_zone =
        until && until->form == TimeForm::utc && event.zone && series.start.form != TimeForm::utc;
    const auto last =
        in_zone ? std::optional(last_start(Instant(until->time.time_since_epoch()), *event.zone))
                : std::nullopt;
    if (auto made = Recurrence::make(*series.rule, series.start, last)) {
        recurrence_ = *std::move(made);
    }
}

std::optional<bool> Starts::holds(local_seconds t) {
    if (std::ranges::binary_search(extra_, t)) {
        return true;
    }
    if (!has_rule_ || !recurrence_) {
        return has_rule_ ? std::nullopt : std::optional(false);
    }
    recurrence_->seek(t);
    const auto next = recurrence_->next();
    if (!next) {
        recurrence_.reset();
        return std::nullopt;
    }
    return *next == t;
}

} // namespace allot::calendar
