#include "engine/calendar/plain_series.hpp"

#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/zone_table.hpp"

#include <algorithm>
#include <utility>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::seconds;

/// How much of a rule is listed that cannot be shifted.
constexpr days listed_days(5 * 366);

bool is_among(std::span<const local_seconds> times, local_seconds t) {
    return std::ranges::find(times, t) != times.end();
}

void sort_unique(std::vector<local_seconds>& times) {
    std::ranges::sort(times);
    times.erase(std::ranges::unique(times).begin(), times.end());
}

/// The last start that UNTIL allows, as it stands on the clock of the series.
std::optional<WallTime> until_on_the_wall(const Series& series, const Zone& zone) {
    if (!series.rule || !series.rule->until) {
        return std::nullopt;
    }
    const WallTime& until = *series.rule->until;
    const auto form = series.start.form;
    auto last = until.time;
    if (until.form == TimeForm::utc && form != TimeForm::utc) {
        last = last_start(Instant(last.time_since_epoch()), zone);
    }
    if (form == TimeForm::date) {
        return WallTime{.time = floor<days>(last), .form = form};
    }
    const bool whole_day = until.form == TimeForm::date;
    return WallTime{.time = last + (whole_day ? days(1) - seconds(1) : seconds(0)), .form = form};
}

/// The UNTIL that ends a rule before one of its starts. Said on the wall from the beginning: in an
/// hour that a clock skips, UTC does not tell which starts come before which.
WallTime last_before(local_seconds start, TimeForm form) {
    return form == TimeForm::date ? WallTime{.time = floor<days>(start) - days(1), .form = form}
                                  : WallTime{.time = start - seconds(1), .form = form};
}

/// The starts of a rule alone.
class RuleStarts {
  public:
    /// None, where `series` has no rule.
    static Result<RuleStarts> make(const Series& series) {
        RuleStarts starts;
        if (series.rule) {
            TRY(starts.recurrence_, Recurrence::make(*series.rule, series.start));
        }
        return starts;
    }

    Result<std::optional<local_seconds>> first_from(local_seconds t) {
        if (!recurrence_) {
            return std::nullopt;
        }
        recurrence_->seek(t);
        return recurrence_->next();
    }
    Result<bool> has(local_seconds t) {
        TRY(const auto first, first_from(t));
        return first == t;
    }
    Result<std::vector<local_seconds>> between(local_seconds from, local_seconds to) {
        std::vector<local_seconds> out;
        TRY(auto next, first_from(from));
        while (next && *next < to) {
            out.push_back(*next);
            TRY(next, recurrence_->next());
        }
        return out;
    }

  private:
    std::optional<Recurrence> recurrence_;
};

/// What one part is about: the originals from `begin` to before `end`, changed as `change` says.
struct Part {
    local_seconds begin = local_seconds::min(), end = local_seconds::max();
    const Override* change = nullptr;

    [[nodiscard]] bool holds(local_seconds t) const { return begin <= t && t < end; }
    [[nodiscard]] seconds shift() const {
        return change == nullptr ? seconds(0) : change->start - change->original;
    }
};

std::vector<Part> parts_of(const Series& series) {
    std::vector<Part> parts{{}};
    for (const Override& change : series.overrides) {
        if (change.and_future) {
            parts.push_back({.begin = change.original, .change = &change});
        }
    }
    std::ranges::sort(parts, {}, &Part::begin);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        parts[i - 1].end = parts[i].begin;
    }
    return parts;
}

/// The start, and the rule from `original`, one of its starts, on.
Result<Series> rule_from(Series series, const Zone& zone, local_seconds original) {
    if (original == series.start.time) {
        return series;
    }
    TRY(Split cut, split(series, zone, original));
    return std::move(cut.from);
}

/// As far as it comes before `original`, one of its starts after the first, if there is one.
Result<Series> rule_until(Series series, const Zone& zone, std::optional<local_seconds> original) {
    if (!original) {
        return series;
    }
    TRY(Split cut, split(series, zone, *original));
    return std::move(cut.before);
}

/// The rule between two originals, with the start that fits it; without a rule where it gives none
/// there. UNTIL is on the wall.
Result<Series> rule_between(const Series& series, const Zone& zone, const Part& part) {
    TRY(RuleStarts starts, RuleStarts::make(series));
    TRY(const auto first, starts.first_from(local_seconds::min()));
    TRY(const auto begin, starts.first_from(part.begin));
    TRY(const auto end, starts.first_from(part.end));
    if (!begin || begin == end) {
        return Series{.start = series.start};
    }
    const WallTime start{.time = *first, .form = series.start.form};
    TRY(Series later, rule_from({.start = start, .rule = series.rule}, zone, *begin));
    TRY(Series both, rule_until(std::move(later), zone, end));
    both.rule->until =
        end && both.rule->until ? last_before(*end, start.form) : until_on_the_wall(both, zone);
    return both;
}

/// Whether `rule` gives the same days later by whole days, its weekdays turned with them.
bool turns_with_its_days(const Rule& rule) {
    const bool numbered =
        std::ranges::any_of(rule.weekdays, [](const NthWeekday& d) { return d.nth != 0; });
    return (rule.frequency == Frequency::daily || rule.frequency == Frequency::weekly) &&
           rule.months.empty() && rule.month_days.empty() && rule.year_days.empty() &&
           rule.weeks.empty() && !numbered;
}

/// The rule whose starts are those of `series` later by `shift`, if there is one.
std::optional<Rule> shifted_rule(const Series& series, seconds shift) {
    Rule rule = *series.rule;
    const days moved = floor<days>(series.start.time + shift) - floor<days>(series.start.time);
    const bool by_time = !rule.seconds.empty() || !rule.minutes.empty() || !rule.hours.empty() ||
                         rule.frequency < Frequency::daily;
    if ((by_time && shift != moved) || (moved != days(0) && !turns_with_its_days(rule))) {
        return std::nullopt;
    }
    for (NthWeekday& weekday : rule.weekdays) {
        weekday.day += moved;
    }
    if (rule.frequency == Frequency::weekly && (rule.interval > 1 || !rule.positions.empty())) {
        rule.week_start += moved;
    }
    if (rule.until) {
        rule.until->time += shift;
    }
    return rule;
}

/// What takes place in a part: by the rule of `series`, with EXDATE and overrides about it, and one
/// by one. All originals are those of the whole.
struct Settled {
    Series series;
    std::vector<Override> alone;
};

/// `out` has its start, its rule, RDATE and EXDATE; `overrides` are about one instance each.
Result<Settled> settle(Series out, const std::vector<Override>& overrides, seconds shift) {
    TRY(RuleStarts starts, RuleStarts::make(out));
    Settled settled;
    const auto is_changed = [&](local_seconds t) {
        return std::ranges::find(overrides, t, &Override::original) != overrides.end();
    };
    for (const local_seconds t : out.extra) {
        TRY(const bool given, starts.has(t));
        if (!given && !is_changed(t) && !is_among(out.excluded, t)) {
            settled.alone.push_back({.original = t, .start = t + shift, .duration = out.duration});
        }
    }
    std::vector<local_seconds> excluded;
    for (const local_seconds t : out.excluded) {
        TRY(const bool given, starts.has(t));
        if (given && !is_changed(t)) {
            excluded.push_back(t);
        }
    }
    for (const Override& change : overrides) {
        TRY(const bool given, starts.has(change.original));
        if (change.cancelled && given) {
            excluded.push_back(change.original);
        } else if (!change.cancelled) {
            (given ? out.overrides : settled.alone).push_back(change);
        }
    }
    sort_unique(excluded);
    out.extra.clear();
    out.excluded = std::move(excluded);
    settled.series = std::move(out);
    return settled;
}

/// Writes down what the rule gives for some years, one by one.
Result<void> list_rule(Settled& settled, seconds shift) {
    Series& series = settled.series;
    TRY(RuleStarts starts, RuleStarts::make(series));
    TRY(const auto listed, starts.between(series.start.time, series.start.time + listed_days));
    for (const local_seconds t : listed) {
        const auto change = std::ranges::find(series.overrides, t, &Override::original);
        if (change != series.overrides.end()) {
            settled.alone.push_back(*change);
        } else if (!is_among(series.excluded, t)) {
            settled.alone.push_back(
                {.original = t, .start = t + shift, .duration = series.duration});
        }
    }
    series.rule.reset();
    return {};
}

/// Moves what the rule gives; it is listed where the rule cannot be moved.
Result<void> shift_rule(Settled& settled, seconds shift) {
    Series& series = settled.series;
    if (!series.rule || shift == seconds(0)) {
        return {};
    }
    auto rule = shifted_rule(series, shift);
    if (!rule) {
        return list_rule(settled, shift);
    }
    series.rule = std::move(rule);
    series.start.time += shift;
    for (local_seconds& t : series.excluded) {
        t += shift;
    }
    for (Override& change : series.overrides) {
        change.original += shift;
    }
    return {};
}

/// The overrides of a part that are about one instance each, by original.
std::vector<Override> single_overrides(const Series& series, const Part& part) {
    std::vector<Override> out;
    for (Override change : series.overrides) {
        if (!change.and_future && part.holds(change.original)) {
            change.duration = change.duration.value_or(series.duration);
            out.push_back(change);
        }
    }
    std::ranges::sort(out, {}, &Override::original);
    return out;
}

/// Rule, RDATE and EXDATE of a part; nothing of a part that is cancelled.
Result<Series> given_by(const Series& series, const Zone& zone, const Part& part) {
    const seconds duration =
        part.change == nullptr ? series.duration : part.change->duration.value_or(series.duration);
    if (part.change != nullptr && part.change->cancelled) {
        return Series{.start = series.start, .duration = duration};
    }
    TRY(Series out, rule_between(series, zone, part));
    out.duration = duration;
    const auto holds = [&](local_seconds t) { return part.holds(t); };
    std::ranges::copy_if(series.extra, std::back_inserter(out.extra), holds);
    std::ranges::copy_if(series.excluded, std::back_inserter(out.excluded), holds);
    if (!series.rule && holds(series.start.time)) {
        out.extra.push_back(series.start.time);
    }
    sort_unique(out.extra);
    return out;
}

/// Gives each instance of `keep` an override, if it takes place and has none.
Result<void> add_kept(const Series& out, const Part& part, std::span<const local_seconds> keep,
                      std::vector<Override>& overrides) {
    TRY(RuleStarts starts, RuleStarts::make(out));
    for (const local_seconds t : keep) {
        TRY(const bool by_rule, starts.has(t));
        const bool given = by_rule || is_among(out.extra, t);
        const bool changed =
            std::ranges::find(overrides, t, &Override::original) != overrides.end();
        if (given && !changed && !is_among(out.excluded, t)) {
            overrides.push_back(
                {.original = t, .start = t + part.shift(), .duration = out.duration});
        }
    }
    std::ranges::sort(overrides, {}, &Override::original);
    return {};
}

/// Overrides that change nothing are left out, and durations that are those of the part.
void drop_idle(Series& out, std::span<const local_seconds> keep, seconds shift) {
    std::erase_if(out.overrides, [&](Override& change) {
        if (change.duration == out.duration) {
            change.duration.reset();
        }
        return !change.duration && change.start == change.original &&
               !is_among(keep, change.original - shift);
    });
}

/// Appends what takes place in `part`.
Result<void> add_part(std::vector<PlainSeries>& plain, const Series& series, const Zone& zone,
                      const Part& part, std::span<const local_seconds> keep) {
    TRY(Series given, given_by(series, zone, part));
    auto overrides = single_overrides(series, part);
    TRY_DO(add_kept(given, part, keep, overrides));
    TRY(Settled settled, settle(std::move(given), overrides, part.shift()));
    TRY_DO(shift_rule(settled, part.shift()));
    using enum PlainSeries::Kind;
    if (settled.series.rule) {
        drop_idle(settled.series, keep, part.shift());
        plain.push_back({.kind = part.change == nullptr ? first : from,
                         .original = part.begin,
                         .shift = part.shift(),
                         .series = std::move(settled.series)});
    }
    std::ranges::sort(settled.alone, {}, &Override::original);
    for (const Override& one : settled.alone) {
        const bool is_start = !series.rule && one.original == series.start.time;
        plain.push_back({.kind = is_start ? first : alone,
                         .original = one.original,
                         .shift = one.start - one.original,
                         .series = {.start = {.time = one.start, .form = series.start.form},
                                    .duration = *one.duration}});
    }
    return {};
}

} // namespace

Result<std::vector<PlainSeries>> plain_series(const Series& series, const Zone& zone,
                                              std::span<const local_seconds> keep) {
    Series whole = series;
    if (const auto until = until_on_the_wall(series, zone)) {
        whole.rule->until = until;
    }
    std::vector<PlainSeries> out;
    for (const Part& part : parts_of(whole)) {
        TRY_DO(add_part(out, whole, zone, part, keep));
    }
    return out;
}

} // namespace allot::calendar
