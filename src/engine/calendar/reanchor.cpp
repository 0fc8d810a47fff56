#include "engine/calendar/reanchor.hpp"

#include "base/text.hpp"
#include "engine/calendar/ical.hpp"
#include "engine/calendar/rule_shift.hpp"
#include "engine/calendar/vtimezone_text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;
using std::chrono::seconds;

/// Lines that take the place of others.
struct Edit {
    std::size_t height = 0; ///< so many lines of the file go
    std::string lines;      ///< with CRLF
};

/// By the first line that goes, or before which they are put.
using Edits = std::multimap<std::size_t, Edit>;

/// `text` with the edits, in its own line ends.
std::string edited(std::string_view text, const Edits& edits) {
    const bool has_cr = text.contains("\r\n");
    std::string out;
    std::size_t skip = 0;
    auto edit = edits.begin();
    for (std::size_t line = 1; !text.empty(); ++line) {
        for (; edit != edits.end() && edit->first == line; ++edit) {
            std::string lines = edit->second.lines;
            std::erase_if(lines, [&](char c) { return c == '\r' && !has_cr; });
            out += lines;
            skip = std::max(skip, edit->second.height);
        }
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        if (skip == 0) {
            out += text.substr(0, end);
        }
        skip -= skip > 0 ? 1 : 0;
        text.remove_prefix(end);
    }
    return out;
}

Instant moment(local_seconds utc) {
    return Instant(utc.time_since_epoch());
}

std::string duration_text(seconds duration) {
    const std::chrono::hh_mm_ss parts(duration);
    return fmt::format("PT{}H{}M{}S", parts.hours().count(), parts.minutes().count(),
                       parts.seconds().count());
}

bool is_anchored_to_utc(const Event& event) {
    return event.series.start.form == TimeForm::utc && event.series.rule &&
           event.series.rule->frequency >= Frequency::daily;
}

/// One VCALENDAR on its way to the zone.
class Anchoring {
  public:
    Anchoring(const Component& calendar, const Zone& zone, const ZoneLookup& lookup, Edits& edits)
        : calendar_(calendar), zone_(zone), edits_(edits), zones_(calendar, lookup, untold_),
          entries_(zones_, untold_) {
        for (const Component& component : calendar.components) {
            by_line_.emplace(component.line, &component);
        }
    }

    /// What is wrong if the series is left as it is.
    Result<void> change(const Event& event) {
        const Series& series = event.series;
        const Instant first = moment(series.start.time);
        by_ = zone_.offset_at(first);
        TRY(Rule rule, shifted_rule(*series.rule, series.start, by_));
        if (rule.until) {
            rule.until = later(*rule.until);
        }
        earliest_ = std::min(earliest_, first);
        const Component& master = *by_line_.at(event.line);
        put_time(*master.find("DTSTART"), series.start.time + by_);
        put_end(master, first + series.duration);
        if (rule != *series.rule) {
            Property written = *master.find("RRULE");
            written.value = format_rule(rule);
            put(written);
        }
        for (const Property& property : master.properties) {
            if (property.name == "RDATE" || property.name == "EXDATE") {
                put_dates(property, series.start.time);
            }
        }
        raise_sequence(master);
        for (std::size_t i = 0; i < event.texts.size(); ++i) {
            if (event.texts[i].line != 0) {
                change_override(*by_line_.at(event.texts[i].line), series, series.overrides[i]);
            }
        }
        return {};
    }

    void add_zone() {
        if (earliest_ == Instant::max() || has_zone()) {
            return;
        }
        const auto event =
            std::ranges::find(calendar_.components, std::string_view("VEVENT"), &Component::name);
        edits_.emplace(event->line, Edit{.lines = format_vtimezone(zone_, earliest_)});
    }

  private:
    [[nodiscard]] bool has_zone() const {
        return std::ranges::any_of(calendar_.components, [&](const Component& component) {
            const Property* const name = component.find("TZID");
            return component.name == "VTIMEZONE" && name != nullptr &&
                   text::trim(name->value) == zone_.name();
        });
    }

    /// UNTIL, so that the same meeting is the last one.
    [[nodiscard]] WallTime later(const WallTime& until) const {
        const seconds whole_day =
            until.form == TimeForm::date ? std::chrono::hours(24) - seconds(1) : seconds(0);
        const Instant last = zone_.to_utc(until.time + whole_day + by_);
        return {.time = local_seconds(last.time_since_epoch()), .form = TimeForm::utc};
    }

    void put(const Property& property) {
        edits_.emplace(property.line,
                       Edit{.height = property.height, .lines = format_property(property)});
    }

    /// The property with the TZID of the zone and these values.
    void put_values(const Property& property, std::string values) {
        Property written = property;
        std::erase_if(written.parameters, [](const Parameter& parameter) {
            return parameter.name == "TZID" || parameter.name == "VALUE";
        });
        written.parameters.push_back({.name = "TZID", .values = {zone_.name()}});
        written.value = std::move(values);
        if (written.value.contains('/')) {
            written.parameters.push_back({.name = "VALUE", .values = {"PERIOD"}});
        }
        put(written);
    }

    void put_time(const Property& property, local_seconds time) {
        put_values(property, format_basic({.time = time}));
    }

    void put_end(const Component& component, Instant end) {
        if (const Property* const property = component.find("DTEND")) {
            put_time(*property, zone_.to_local(end));
        }
    }

    void put_dates(const Property& property, local_seconds start) {
        const EventClock clock{.form = TimeForm::utc,
                               .zone = std::make_shared<const Zone>(Zone::utc())};
        std::vector<std::string> values;
        for (const EventTime& time : entries_.times(property)) {
            const auto original = original_of(clock, start, time);
            const auto& lasts = time.value.duration;
            values.push_back(format_basic({.time = original + by_}) +
                             (lasts ? "/" + duration_text(*lasts) : ""));
        }
        if (!values.empty()) {
            put_values(property, fmt::format("{}", fmt::join(values, ",")));
        }
    }

    /// One that moves a single meeting says when that is, and goes on to say so.
    void change_override(const Component& component, const Series& series, const Override& change) {
        put_time(*component.find("RECURRENCE-ID"), change.original + by_);
        const Property* const start = component.find("DTSTART");
        if (start != nullptr && (change.start == change.original || change.and_future)) {
            put_time(*start, change.start + by_);
            put_end(component,
                    zone_.to_utc(change.start + by_) + change.duration.value_or(series.duration));
        }
        raise_sequence(component);
    }

    void raise_sequence(const Component& component) {
        if (const Property* const property = component.find("SEQUENCE")) {
            Property raised = *property;
            const auto before = text::parse_int(text::trim(property->value)).value_or(0);
            raised.value = std::to_string(std::clamp<std::int64_t>(before, 0, INT32_MAX - 1) + 1);
            put(raised);
        } else {
            const Property& last = component.properties.back();
            edits_.emplace(last.line + last.height, Edit{.lines = "SEQUENCE:1\r\n"});
        }
    }

    const Component& calendar_;
    const Zone& zone_;
    Edits& edits_;
    Findings untold_; ///< `check` tells them
    CalendarZones zones_;
    EntryReader entries_;
    std::map<std::size_t, const Component*> by_line_;
    seconds by_{0};
    Instant earliest_ = Instant::max();
};

} // namespace

Result<Reanchored> reanchor(std::string_view text, const Zone& zone, const ZoneLookup& zones) {
    TRY(const Calendar calendar, read_calendar(text, zones));
    TRY(const ComponentsRead read, read_components(text));
    Reanchored result;
    Edits edits;
    auto event = calendar.events.begin();
    for (auto it = read.components.begin(); it != read.components.end(); ++it) {
        const auto next = std::next(it);
        const auto end_line = next == read.components.end() ? SIZE_MAX : next->line;
        Anchoring anchoring(*it, zone, zones, edits);
        for (; event != calendar.events.end() && event->line < end_line; ++event) {
            if (!is_anchored_to_utc(*event)) {
                continue;
            }
            const auto changed = anchoring.change(*event);
            if (changed) {
                ++result.changed;
            } else {
                result.left.push_back({.line = event->line, .why = changed.error().message});
            }
        }
        anchoring.add_zone();
    }
    result.text = edited(text, edits);
    return result;
}

} // namespace allot::calendar
