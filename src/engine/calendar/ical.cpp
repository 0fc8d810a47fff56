#include "engine/calendar/ical.hpp"

#include "base/text.hpp"
#include "engine/calendar/ical_checks.hpp"
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/zone_table.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;
using std::chrono::seconds;

/// An event while it is put together.
struct Draft {
    Event event;
    EventClock clock;
    const Entry* master = nullptr;
    /// Of `event.series.overrides`: the index by kind and original, and the SEQUENCE of each.
    std::map<std::pair<bool, local_seconds>, std::size_t> index;
    std::vector<std::int64_t> sequences;
    std::optional<Starts> starts; ///< once somebody asked

    [[nodiscard]] bool meets_at(local_seconds original) {
        if (!starts) {
            starts.emplace(event);
        }
        return starts->holds(original).value_or(false);
    }
};

/// Of events that share a UID, so many are asked whether a change belongs to them.
constexpr std::size_t most_asked = 20;

bool is_change(const Entry& entry) {
    return entry.component->find("RECURRENCE-ID") != nullptr;
}

/// All about one UID, in the order of the file.
struct Group {
    std::vector<const Entry*> masters, changes;
};

class Reader {
  public:
    Reader(const Component& calendar, const ZoneLookup& lookup, Findings& findings)
        : calendar_(calendar), findings_(findings), zones_(calendar, lookup, findings),
          entries_(zones_, findings) {}

    void read_into(std::vector<Event>& events) {
        check_calendar(calendar_, findings_);
        std::vector<Entry> all;
        for (const Component& component : calendar_.components) {
            if (component.name == "VEVENT") {
                all.push_back(entries_.read(component));
            }
        }
        const Property* const method = calendar_.find("METHOD");
        const bool cancels = method != nullptr && text::trim(method->value) == "CANCEL";
        for (const Group& group : groups_of(all)) {
            for (Draft& draft : drafts_of(group)) {
                draft.event.status = cancels ? EventStatus::cancelled : draft.event.status;
                events.push_back(std::move(draft.event));
            }
        }
        zones_.compare_given();
    }

  private:
    static std::vector<Group> groups_of(const std::vector<Entry>& all);
    std::vector<Draft> drafts_of(const Group& group);
    std::vector<const Entry*> latest_of(const std::vector<const Entry*>& masters);
    std::vector<Draft> alone(const std::vector<const Entry*>& changes);

    Draft draft_of(const Entry& master);
    void read_rule(Draft& draft);
    void read_dates(Draft& draft);
    void add_change(std::vector<Draft>& drafts, const Entry& change);
    void put(Draft& draft, const Override& change, OverrideText text, std::int64_t sequence);
    void check_form(const Draft& draft, const Property& property, const EventTime& time);
    void note_use(const Draft& draft);

    const Component& calendar_;
    Findings& findings_;
    CalendarZones zones_;
    EntryReader entries_;
};

std::vector<Group> Reader::groups_of(const std::vector<Entry>& all) {
    std::vector<Group> groups;
    std::map<std::string_view, std::size_t> by_uid;
    for (const Entry& entry : all) {
        std::size_t at = groups.size();
        if (!entry.uid.empty()) {
            at = by_uid.try_emplace(entry.uid, groups.size()).first->second;
        }
        if (at == groups.size()) {
            groups.emplace_back();
        }
        (is_change(entry) ? groups[at].changes : groups[at].masters).push_back(&entry);
    }
    return groups;
}

std::vector<Draft> Reader::drafts_of(const Group& group) {
    std::vector<Draft> drafts;
    for (const Entry* const master : latest_of(group.masters)) {
        drafts.push_back(draft_of(*master));
    }
    if (drafts.empty()) {
        return alone(group.changes);
    }
    for (const Entry* const change : group.changes) {
        add_change(drafts, *change);
    }
    for (const Draft& draft : drafts) {
        check_series(draft.event, *draft.master, findings_);
        note_use(draft);
    }
    return drafts;
}

/// Those with a start, of the highest SEQUENCE.
std::vector<const Entry*> Reader::latest_of(const std::vector<const Entry*>& masters) {
    std::vector<const Entry*> latest;
    std::int64_t sequence = 0;
    for (const Entry* const master : masters) {
        sequence = std::max(sequence, master->sequence);
    }
    for (const Entry* const master : masters) {
        const std::size_t line = master->component->line;
        if (!master->start) {
            findings_.add({.line = line,
                           .what = fmt::format("{} has no DTSTART", master->shown()),
                           .clients = "they leave it out (so do we)",
                           .mend = "add when it begins"});
        } else if (master->sequence < sequence) {
            findings_.add({.line = line,
                           .what = fmt::format("{} is an older version: its UID stands in the file "
                                               "again with SEQUENCE:{}",
                                               master->shown(), sequence),
                           .clients = "they show the later one (so do we), or the last in the file",
                           .mend = "remove the older one"});
        } else {
            latest.push_back(master);
        }
    }
    for (std::size_t i = 1; i < latest.size(); ++i) {
        findings_.add({.line = latest[i]->component->line,
                       .what = fmt::format("{} has the UID of the event in line {}",
                                           latest[i]->shown(), latest[0]->component->line),
                       .clients = "they keep one of them, the first or the last (we show all)",
                       .mend = "give each event a UID of its own"});
    }
    return latest;
}

/// Changes whose series is not in the file.
std::vector<Draft> Reader::alone(const std::vector<const Entry*>& changes) {
    std::vector<Draft> drafts;
    for (const Entry* const change : changes) {
        findings_.add({.line = change->component->line,
                       .what = fmt::format("{} changes a meeting of a series that is not in the "
                                           "file",
                                           change->shown()),
                       .clients = "some show it by itself (so do we), others leave it out",
                       .mend = "add the event with this UID that has the RRULE"});
        if (change->start) {
            drafts.push_back(draft_of(*change));
            note_use(drafts.back());
        }
    }
    return drafts;
}

Draft Reader::draft_of(const Entry& master) {
    Draft draft{.event = {}, .clock = clock_of(*master.start), .master = &master};
    const bool is_date = draft.clock.form == TimeForm::date;
    const bool cancelled = master.status == EventStatus::cancelled;
    draft.event.uid = master.uid;
    draft.event.title = master.title.value_or("");
    draft.event.status =
        cancelled ? EventStatus::cancelled : master.status.value_or(EventStatus::confirmed);
    draft.event.sequence = master.sequence;
    draft.event.zone = draft.clock.zone;
    draft.event.line = master.component->line;
    draft.event.series.start = master.start->value.when;
    draft.event.series.duration =
        master.duration.value_or(is_date ? seconds(std::chrono::days(1)) : seconds(0));
    if (!is_change(master)) {
        read_rule(draft);
        read_dates(draft);
    }
    return draft;
}

void Reader::read_rule(Draft& draft) {
    const Property* const property = draft.master->component->find("RRULE");
    if (property == nullptr) {
        return;
    }
    auto mended = parse_rule_as_clients(text::trim(property->value));
    if (mended) {
        const auto makes = Recurrence::make(mended->rule, draft.event.series.start);
        if (!makes) {
            mended = std::unexpected(makes.error());
        }
    }
    if (!mended) {
        findings_.add({.line = property->line,
                       .what = "RRULE: " + mended.error().message,
                       .clients = "some show the first meeting only (so do we), others refuse the "
                                  "event or guess the rule",
                       .mend = "write the rule anew; allotment dates --rule tells what it means"});
        return;
    }
    if (!mended->mends.empty()) {
        findings_.add({.line = property->line,
                       .what = fmt::format("RRULE has {}", text::join_words(mended->mends)),
                       .clients = "most pass it over (so do we), strict ones refuse the event",
                       .mend = fmt::format("write RRULE:{}", format_rule(mended->rule))});
    }
    draft.event.series.rule = std::move(mended->rule);
}

void Reader::check_form(const Draft& draft, const Property& property, const EventTime& time) {
    if (time.value.when.form == TimeForm::date && draft.clock.form != TimeForm::date) {
        findings_.add({.line = property.line,
                       .what = fmt::format("{} is a date, but DTSTART is a time", property.name),
                       .clients = "some take the meeting of that day (so do we), others none",
                       .mend = "write the time too, as DTSTART does"});
    }
}

void Reader::read_dates(Draft& draft) {
    Series& series = draft.event.series;
    for (const Property& property : draft.master->component->properties) {
        if (property.name != "RDATE" && property.name != "EXDATE") {
            continue;
        }
        auto& to = property.name == "RDATE" ? series.extra : series.excluded;
        for (const EventTime& time : entries_.times(property)) {
            check_form(draft, property, time);
            to.push_back(original_of(draft.clock, draft.event.series.start.time, time));
            if (property.name == "RDATE" && time.value.duration) {
                put(draft,
                    {.original = to.back(), .start = to.back(), .duration = time.value.duration},
                    {}, 0);
            }
        }
    }
}

/// Adds an override, or replaces one that is older.
void Reader::put(Draft& draft, const Override& change, OverrideText text, std::int64_t sequence) {
    auto& overrides = draft.event.series.overrides;
    const auto [found, is_new] =
        draft.index.try_emplace(std::pair(change.and_future, change.original), overrides.size());
    if (is_new) {
        overrides.push_back(change);
        draft.event.texts.push_back(std::move(text));
        draft.sequences.push_back(sequence);
        return;
    }
    const std::size_t at = found->second;
    const std::size_t line = draft.event.texts[at].line;
    if (line != 0 && text.line != 0) {
        findings_.add({.line = text.line,
                       .what = fmt::format("line {} changes the same meeting", line),
                       .clients =
                           "they take one of the two, mostly that of the higher SEQUENCE, or "
                           "the later one (so do we)",
                       .mend = "keep one"});
    }
    if (line == 0 || (text.line != 0 && sequence >= draft.sequences[at])) {
        overrides[at] = change;
        draft.event.texts[at] = std::move(text);
        draft.sequences[at] = sequence;
    }
}

void Reader::add_change(std::vector<Draft>& drafts, const Entry& change) {
    const std::size_t line = change.component->line;
    if (!change.recurrence_id) {
        return; // its value is no time, which was told
    }
    const Property& property = *change.component->find("RECURRENCE-ID");
    const auto original_in = [&](const Draft& draft) {
        return original_of(draft.clock, draft.event.series.start.time, *change.recurrence_id);
    };
    Draft* draft = &drafts.front();
    for (std::size_t i = 0; drafts.size() > 1 && i < std::min(drafts.size(), most_asked); ++i) {
        if (drafts[i].meets_at(original_in(drafts[i]))) {
            draft = &drafts[i];
            break;
        }
    }
    const local_seconds original = original_in(*draft);
    check_form(*draft, property, *change.recurrence_id);
    const bool cancelled = change.status == EventStatus::cancelled;
    if (!change.start && !cancelled) {
        findings_.add({.line = line,
                       .what = fmt::format("the change of {} has no DTSTART", change.shown()),
                       .clients = "some leave the meeting where it was (so do we), others drop it",
                       .mend = "add when it begins"});
    }
    if (change.start && !change.start->tzid.empty()) {
        const Instant begins(change.start->value.when.time.time_since_epoch());
        zones_.note_use(change.start->tzid, begins, begins + std::chrono::days(1));
    }
    put(*draft,
        {.original = original,
         .start = change.start ? draft->clock.shows(*change.start) : original,
         .duration = change.duration,
         .cancelled = cancelled,
         .and_future = change.and_future},
        {.title = change.title, .line = line}, change.sequence);
}

/// Until UNTIL, or five years on where the rule has no such end.
void Reader::note_use(const Draft& draft) {
    const std::string& tzid = draft.master->start->tzid;
    const Series& series = draft.event.series;
    const auto moment = [](local_seconds t) { return Instant(t.time_since_epoch()); };
    Instant to = moment(series.start.time) + std::chrono::days(1);
    if (series.rule) {
        to = series.rule->until ? moment(series.rule->until->time) : to + std::chrono::years(5);
    }
    for (const local_seconds extra : series.extra) {
        to = std::max(to, moment(extra));
    }
    if (series.start.form == TimeForm::local && !tzid.empty() && draft.clock.zone) {
        zones_.note_use(tzid, draft.clock.zone->to_utc(series.start.time), to);
    }
}

} // namespace

Result<Calendar> read_calendar(std::string_view text, const ZoneLookup& zones) {
    TRY(ComponentsRead read, read_components(text));
    Calendar calendar{.events = {}, .findings = std::move(read.findings)};
    bool found = false;
    for (const Component& component : read.components) {
        if (component.name == "VCALENDAR") {
            found = true;
            Reader(component, zones, calendar.findings).read_into(calendar.events);
        } else {
            calendar.findings.add(
                {.line = component.line,
                 .what = fmt::format("{} stands outside VCALENDAR", text::shown(component.name)),
                 .clients = "they pass it over (so do we), or refuse the file",
                 .mend = "move it between BEGIN:VCALENDAR and END:VCALENDAR"});
        }
    }
    if (!found && (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))) {
        return fail(ErrorKind::invalid,
                    "found text in UTF-16, expected text in UTF-8: save it as UTF-8");
    }
    if (!found) {
        return fail(ErrorKind::invalid, "this is no iCalendar file: it has no BEGIN:VCALENDAR");
    }
    std::ranges::sort(calendar.events, {}, &Event::line);
    calendar.findings.sort();
    return calendar;
}

} // namespace allot::calendar
