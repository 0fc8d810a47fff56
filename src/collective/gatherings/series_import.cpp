#include "collective/gatherings/series_import.hpp"

#include "engine/calendar/plain_series.hpp"
#include "engine/calendar/reanchor.hpp"
#include "platform/pages/clean_text.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

namespace allot::gatherings {

namespace {

using calendar::Component;
using calendar::Event;
using calendar::Frequency;
using calendar::PlainSeries;
using calendar::TimeForm;
using calendar::Zone;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

// -- What the file says beside times -------------------------------------------------------------

/// Each VEVENT of the file by its line, and the newest day on which something was written.
struct Words {
    std::vector<const Component*> events;
    std::optional<sys_days> written;
};

[[nodiscard]] std::optional<sys_days> day_in(const Component& event, std::string_view property) {
    const auto* const found = event.find(property);
    const auto when = found == nullptr ? Result<calendar::WallTime>(fail(ErrorKind::missing, ""))
                                       : calendar::parse_wall_time(found->value);
    return when ? std::optional(sys_days(floor<days>(when->time).time_since_epoch()))
                : std::nullopt;
}

[[nodiscard]] Words words_in(const std::vector<Component>& components) {
    Words words;
    for (const Component& calendar : components) {
        for (const Component& event : calendar.components) {
            if (event.name != "VEVENT") {
                continue;
            }
            words.events.push_back(&event);
            for (const char* const property : {"DTSTAMP", "LAST-MODIFIED", "CREATED"}) {
                const auto day = day_in(event, property);
                words.written = day ? std::max(words.written.value_or(*day), *day) : words.written;
            }
        }
    }
    return words;
}

[[nodiscard]] std::string text_in(const Component* event, std::string_view property) {
    const auto* const found = event == nullptr ? nullptr : event->find(property);
    return found == nullptr ? std::string() : calendar::unescape_text(found->value);
}

/// At most so many bytes, not inside of a character.
[[nodiscard]] std::string cut(std::string text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    text.resize(end);
    return text;
}

/// Cleaned as what is typed into forms.
[[nodiscard]] std::string line_of(std::string_view text, std::size_t most) {
    return cut(pages::in_one_line(text), most);
}
[[nodiscard]] std::string prose_of(std::string_view text, std::size_t most) {
    return cut(pages::in_lines(text), most);
}

// -- Times ---------------------------------------------------------------------------------------

/// Reads one meeting into a series; what it cannot keep it tells.
class Importing {
  public:
    Importing(const Event& event, const pages::Zones& zones, const Zone& chosen,
              const ImportOptions& options)
        : event_(event), zones_(zones), chosen_(chosen), options_(options) {}

    [[nodiscard]] ImportedSeries read(const Component* words) {
        found_ = {.uid = event_.uid,
                  .title = line_of(event_.title, longest_title),
                  .about = prose_of(text_in(words, "DESCRIPTION"), longest_words),
                  .where = where_in(words),
                  .line = event_.line};
        set_clock();
        if (event_.status == calendar::EventStatus::cancelled) {
            tell("import.all_cancelled");
        } else if (const auto kept = keep_times(); !kept) {
            found_.rhythms.clear();
            tell("import.too_complex", {{"what", kept.error().message}});
        }
        return std::move(found_);
    }

  private:
    void tell(std::string_view words, std::vector<std::pair<std::string, std::string>> given = {}) {
        const auto same = [&](const ImportRemark& one) { return one.words == words; };
        if (std::ranges::none_of(found_.told, same)) {
            found_.told.push_back({words, std::move(given)});
        }
    }

    [[nodiscard]] static std::string where_in(const Component* words) {
        for (const char* const property : {"LOCATION", "URL"}) {
            std::string where = line_of(text_in(words, property), longest_link);
            if (!where.empty()) {
                return where;
            }
        }
        return {};
    }

    /// The clock on which the series is kept. A zone that only the file knows, or none, becomes the
    /// chosen one with the same hours on the wall.
    void set_clock() {
        const Zone* const given = event_.zone.get();
        const bool utc = event_.series.start.form == TimeForm::utc;
        found_.was_utc = utc;
        if (utc && options_.keep_utc) {
            zone_ = Zone::utc();
        } else if (utc) {
            zone_ = chosen_;
        } else if (given != nullptr && zones_.bytes(given->name())) {
            zone_ = *given;
        } else {
            zone_ = chosen_;
            if (event_.series.start.form == TimeForm::date) {
                tell("import.whole_day");
            } else {
                tell(given == nullptr ? "import.no_clock" : "import.own_clock",
                     {{"zone", chosen_.name()}});
            }
        }
    }

    /// Where a meeting of UTC has no rule, its times are moved onto the chosen clock here; one with
    /// a rule was anchored in the file before, or could not be, and stays in UTC.
    [[nodiscard]] calendar::Series on_the_wall() {
        calendar::Series series = event_.series;
        if (series.start.form == TimeForm::utc && !options_.keep_utc) {
            if (series.rule) {
                zone_ = Zone::utc();
                tell("import.stays_utc");
            } else {
                const auto wall = [&](std::chrono::local_seconds utc) {
                    return chosen_.to_local(Instant(utc.time_since_epoch()));
                };
                series.start.time = wall(series.start.time);
                std::ranges::transform(series.extra, series.extra.begin(), wall);
                std::ranges::transform(series.excluded, series.excluded.begin(), wall);
                for (calendar::Override& one : series.overrides) {
                    one.original = wall(one.original);
                    one.start = wall(one.start);
                }
            }
        }
        series.start.form = TimeForm::local;
        return series;
    }

    [[nodiscard]] Result<void> keep_times() {
        calendar::Series series = on_the_wall();
        if (series.rule && series.rule->frequency < Frequency::daily) {
            return fail(ErrorKind::invalid, "it meets more often than once a day");
        }
        TRY(const bool goes_on, cut_to_now(series));
        if (!goes_on) {
            tell("import.over");
            return {};
        }
        TRY(const auto parts, calendar::plain_series(series, zone_));
        for (const PlainSeries& part : parts) {
            add_part(part);
        }
        if (found_.rhythms.empty() && !found_.gatherings.empty()) {
            begin_with_first_gathering();
        }
        tidy();
        return check();
    }

    /// Leaves what is over behind; false where nothing is left.
    [[nodiscard]] Result<bool> cut_to_now(calendar::Series& series) {
        TRY(auto next, calendar::next_after(series, zone_, options_.now));
        if (!next) {
            TRY(found_.ended, last_day(series));
        }
        if (options_.whole) {
            return true;
        }
        if (!next && series.rule) { // begun again: as it was, without its end
            series.rule->until.reset();
            series.rule->count.reset();
            series.extra.clear();
            series.excluded.clear();
            series.overrides.clear();
            TRY(next, calendar::next_after(series, zone_, options_.now));
        }
        if (!next) {
            return false;
        }
        if (next->original > series.start.time) {
            if (auto split = calendar::split(series, zone_, next->original)) {
                series = std::move(split->from);
            }
        }
        return true;
    }

    [[nodiscard]] Result<std::optional<sys_days>> last_day(const calendar::Series& series) const {
        constexpr days looks_back(20 * 366);
        TRY(const auto past, calendar::instances(series, zone_, options_.now - looks_back,
                                                 options_.now + seconds(1)));
        if (past.empty()) {
            return std::nullopt;
        }
        return std::optional(sys_days(floor<days>(past.back().start).time_since_epoch()));
    }

    [[nodiscard]] std::int64_t minutes_of(seconds duration) {
        const std::int64_t whole = std::chrono::ceil<minutes>(duration).count();
        if (whole == 0) {
            tell("import.no_end");
            return 60;
        }
        if (whole < shortest_minutes || whole > longest_minutes) {
            tell("import.long", {{"least", std::to_string(shortest_minutes)},
                                 {"most", std::to_string(longest_minutes / 60)}});
        }
        return std::clamp(whole, shortest_minutes, longest_minutes);
    }

    void add_part(const PlainSeries& part) {
        const calendar::Series& series = part.series;
        const std::int64_t lasts = minutes_of(series.duration);
        if (part.kind == PlainSeries::Kind::alone) {
            found_.gatherings.push_back({.original = series.start.time,
                                         .moved = series.start.time,
                                         .minutes = lasts,
                                         .title = title_at(part.original)});
            return;
        }
        found_.rhythms.push_back({.number = static_cast<std::int64_t>(found_.rhythms.size()),
                                  .zone = zone_.name(),
                                  .start = series.start.time,
                                  .minutes = lasts,
                                  .rule = series.rule ? calendar::format_rule(with_its_day(
                                                            *series.rule, series.start.time))
                                                      : std::string()});
        for (const Wall excluded : series.excluded) {
            found_.gatherings.push_back({.original = excluded, .cancelled = true});
        }
        for (const calendar::Override& one : series.overrides) {
            Gathering gathering{.original = one.original,
                                .cancelled = one.cancelled,
                                .title = title_at(one.original - part.shift)};
            if (one.start != one.original) {
                gathering.moved = one.start;
            }
            if (one.duration && *one.duration != series.duration) {
                gathering.minutes = minutes_of(*one.duration);
            }
            found_.gatherings.push_back(gathering);
        }
    }

    /// What the calendar calls one meeting of the series; empty where it has no other name.
    [[nodiscard]] std::string title_at(Wall original) const {
        for (std::size_t k = 0; k < event_.texts.size(); ++k) {
            if (event_.series.overrides[k].original == original && event_.texts[k].title) {
                const std::string title = line_of(*event_.texts[k].title, longest_title);
                return title == found_.title ? std::string() : title;
            }
        }
        return {};
    }

    /// A series whose every date stands for itself begins with the first of them.
    void begin_with_first_gathering() {
        std::ranges::sort(found_.gatherings, {}, &Gathering::original);
        const Gathering first = found_.gatherings.front();
        found_.gatherings.erase(found_.gatherings.begin());
        found_.rhythms.push_back(
            {.zone = zone_.name(), .start = first.original, .minutes = first.minutes.value_or(60)});
    }

    /// By original, each once, none before the series begins, and not too many.
    void tidy() {
        auto& all = found_.gatherings;
        std::map<Wall, Gathering> first_of_each;
        for (const Gathering& one : all) {
            first_of_each.try_emplace(one.original, one);
        }
        all.clear();
        for (auto& [original, one] : first_of_each) {
            all.push_back(std::move(one));
        }
        const Wall begin = found_.rhythms.empty() ? Wall::max() : found_.rhythms.front().start;
        if (std::erase_if(all, [&](const Gathering& one) { return one.original < begin; }) > 0) {
            tell("import.dates_before");
        }
        if (all.size() > most_changes) {
            all.resize(most_changes);
            tell("import.many_changes", {{"most", std::to_string(most_changes)}});
        }
    }

    /// Whether what was made can be followed here.
    [[nodiscard]] Result<void> check() const {
        for (const Rhythm& rhythm : found_.rhythms) {
            calendar::Series series{.start = {.time = rhythm.start}};
            if (!rhythm.rule.empty()) {
                TRY(series.rule, calendar::parse_rule(rhythm.rule));
            }
            TRY_DO(calendar::next_after(series, zone_, options_.now));
        }
        return {};
    }

    const Event& event_;
    const pages::Zones& zones_;
    const Zone& chosen_;
    const ImportOptions& options_;
    Zone zone_ = Zone::utc();
    ImportedSeries found_;
};

[[nodiscard]] Result<Zone> chosen_zone(const pages::Zones& zones, const std::string& name) {
    TRY(const std::string bytes, zones.bytes(name));
    return Zone::parse(bytes, name);
}

} // namespace

calendar::Rule with_its_day(calendar::Rule rule, Wall start) {
    const auto day = std::chrono::floor<days>(start);
    if (rule.frequency == Frequency::weekly && rule.weekdays.empty()) {
        rule.weekdays.push_back({.day = std::chrono::weekday(day)});
    }
    if (rule.frequency == Frequency::monthly && rule.weekdays.empty() && rule.month_days.empty()) {
        const std::chrono::year_month_day date(day);
        rule.month_days.push_back(static_cast<int>(static_cast<unsigned>(date.day())));
    }
    return rule;
}

calendar::ZoneLookup zone_lookup(const pages::Zones& zones) {
    return [&zones](std::string_view name) -> std::optional<Zone> {
        const auto read = [&](const std::string& iana) -> std::optional<Zone> {
            auto zone = chosen_zone(zones, iana);
            return zone ? std::optional(*std::move(zone)) : std::nullopt;
        };
        if (auto zone = read(std::string(name))) {
            return zone;
        }
        UErrorCode status = U_ZERO_ERROR;
        icu::UnicodeString id;
        const auto windows = icu::UnicodeString::fromUTF8(
            icu::StringPiece(name.data(), static_cast<std::int32_t>(std::min<std::size_t>(
                                              name.size(), calendar::max_zone_name_bytes))));
        icu::TimeZone::getIDForWindowsID(windows, nullptr, id, status);
        if (U_FAILURE(status) != 0 || id.isEmpty()) {
            return std::nullopt;
        }
        std::string iana;
        id.toUTF8String(iana);
        return read(iana);
    };
}

Result<ReadCalendar> series_in(std::string_view text, const pages::Zones& zones,
                               const ImportOptions& options) {
    const auto lookup = zone_lookup(zones);
    TRY(const Zone chosen, chosen_zone(zones, options.zone));
    std::string anchored(text);
    if (!options.keep_utc) {
        TRY(auto done, calendar::reanchor(text, chosen, lookup));
        anchored = std::move(done.text);
    }
    // What is wrong is told about the file as it came.
    TRY(auto as_it_came, calendar::read_calendar(text, lookup));
    TRY(const auto read, calendar::read_calendar(anchored, lookup));
    TRY(const auto components, calendar::read_components(anchored));
    const Words words = words_in(components.components);
    ReadCalendar found{.findings = std::move(as_it_came.findings), .written = words.written};
    for (const Event& event : read.events) {
        if (found.series.size() == most_imported) {
            break;
        }
        const auto its = std::ranges::find(words.events, event.line, &Component::line);
        Importing importing(event, zones, chosen, options);
        ImportedSeries series = importing.read(its == words.events.end() ? nullptr : *its);
        if (found.series.size() < as_it_came.events.size()) {
            const Event& before = as_it_came.events[found.series.size()];
            series.was_utc = before.series.start.form == TimeForm::utc;
        }
        found.series.push_back(std::move(series));
    }
    return found;
}

} // namespace allot::gatherings
