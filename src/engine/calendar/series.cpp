#include "engine/calendar/series.hpp"

#include "base/limits.hpp"
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/zone_table.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::seconds;

/// A zone never shows a moment further than this from the same digits in UTC.
constexpr seconds clock_margin = beyond_any_offset;

/// UNTIL as a moment, where only the zone can say which starts are before it.
std::optional<Instant> until_moment(const Series& series) {
    const bool on_a_wall = series.start.form != TimeForm::utc;
    const auto& until = series.rule->until;
    if (!until || until->form != TimeForm::utc || !on_a_wall) {
        return std::nullopt;
    }
    return Instant(until->time.time_since_epoch());
}

/// The originals of a series from some time on, ascending: rule and RDATE without EXDATE.
class Originals {
  public:
    static Result<Originals> make(const Series& series, const Zone& zone, local_seconds from) {
        Originals originals(series, zone);
        if (series.rule) {
            originals.until_ = until_moment(series);
            const auto last = originals.until_ ? std::optional(last_start(*originals.until_, zone))
                                               : std::nullopt;
            TRY(originals.recurrence_, Recurrence::make(*series.rule, series.start, last));
            originals.recurrence_->seek(from);
            TRY_DO(originals.step());
        }
        const auto extra = std::ranges::lower_bound(originals.extra_, from);
        originals.extra_at_ = static_cast<std::size_t>(extra - originals.extra_.begin());
        return originals;
    }

    /// nullopt after the last one.
    Result<std::optional<local_seconds>> next() {
        while (true) {
            const bool extra_is_left = extra_at_ < extra_.size();
            if (!by_rule_ && !extra_is_left) {
                return std::nullopt;
            }
            const local_seconds t = !by_rule_        ? extra_[extra_at_]
                                    : !extra_is_left ? *by_rule_
                                                     : std::min(*by_rule_, extra_[extra_at_]);
            if (extra_is_left && extra_[extra_at_] == t) {
                ++extra_at_;
            }
            if (by_rule_ == t) {
                TRY_DO(step());
            }
            if (!std::ranges::binary_search(excluded_, t)) {
                return t;
            }
        }
    }

  private:
    Originals(const Series& series, const Zone& zone)
        : zone_(&zone), extra_(series.extra), excluded_(series.excluded) {
        if (!series.rule) {
            extra_.push_back(series.start.time);
        }
        std::ranges::sort(extra_);
        extra_.erase(std::ranges::unique(extra_).begin(), extra_.end());
        std::ranges::sort(excluded_);
    }

    /// To the next start of the rule.
    Result<void> step() {
        do {
            TRY(by_rule_, recurrence_->next());
        } while (by_rule_ && until_ && zone_->to_utc(*by_rule_) > *until_);
        return {};
    }

    const Zone* zone_;
    std::optional<Recurrence> recurrence_;
    std::optional<Instant> until_;
    std::optional<local_seconds> by_rule_;
    std::vector<local_seconds> extra_, excluded_;
    std::size_t extra_at_ = 0;
};

/// A series with its overrides at hand.
class Meetings {
  public:
    Meetings(const Series& series, const Zone& zone) : series_(series), zone_(zone) {
        for (std::size_t i = 0; i < series.overrides.size(); ++i) {
            const Override& change = series.overrides[i];
            (change.and_future ? onwards_ : single_).push_back(i);
            if (change.and_future) {
                earliest_shift_ = std::min(earliest_shift_, change.start - change.original);
                latest_shift_ = std::max(latest_shift_, change.start - change.original);
            }
        }
        const auto by_original = [&](std::size_t i) { return series.overrides[i].original; };
        std::ranges::sort(onwards_, {}, by_original);
        std::ranges::sort(single_, {}, by_original);
    }

    [[nodiscard]] const std::vector<std::size_t>& single() const { return single_; }

    [[nodiscard]] std::optional<std::size_t> about(local_seconds original) const {
        const auto found = std::ranges::lower_bound(
            single_, original, {}, [&](std::size_t i) { return series_.overrides[i].original; });
        const bool is_it = found != single_.end() && series_.overrides[*found].original == original;
        return is_it ? std::optional(*found) : std::nullopt;
    }

    /// The override of THISANDFUTURE that holds at `original`.
    [[nodiscard]] std::optional<std::size_t> onwards_at(local_seconds original) const {
        const auto after = std::ranges::upper_bound(
            onwards_, original, {}, [&](std::size_t i) { return series_.overrides[i].original; });
        return after == onwards_.begin() ? std::nullopt : std::optional(*std::prev(after));
    }

    /// The instance that the override `i` alone is about.
    [[nodiscard]] Instance changed(std::size_t i) const {
        const Override& change = series_.overrides[i];
        return timed({.original = change.original,
                      .start = change.start,
                      .cancelled = change.cancelled,
                      .changed_by = i},
                     change.duration);
    }

    /// The instance that the rule or RDATE gives.
    [[nodiscard]] Instance given(local_seconds original) const {
        const auto onwards = onwards_at(original);
        if (!onwards) {
            return timed({.original = original, .start = original}, std::nullopt);
        }
        const Override& change = series_.overrides[*onwards];
        return timed({.original = original,
                      .start = original + (change.start - change.original),
                      .cancelled = change.cancelled,
                      .changed_by = onwards},
                     change.duration);
    }

    /// Which originals can begin in [from, to).
    [[nodiscard]] local_seconds first_original(Instant from) const {
        return zone_.to_local(from) - latest_shift_ - clock_margin;
    }
    [[nodiscard]] local_seconds last_original(Instant to) const {
        return zone_.to_local(to) - earliest_shift_ + clock_margin;
    }

    /// Are all from `original` on cancelled?
    [[nodiscard]] bool is_over(local_seconds original) const {
        return !onwards_.empty() && series_.overrides[onwards_.back()].cancelled &&
               original >= series_.overrides[onwards_.back()].original;
    }

  private:
    /// Days of a date are days on the wall; other durations are time that passes.
    [[nodiscard]] Instance timed(Instance instance, std::optional<seconds> duration) const {
        const seconds lasts = duration.value_or(series_.duration);
        instance.begin = zone_.to_utc(instance.start);
        instance.end = series_.start.form == TimeForm::date
                           ? std::max(zone_.to_utc(instance.start + lasts), instance.begin)
                           : instance.begin + lasts;
        return instance;
    }

    const Series& series_;
    const Zone& zone_;
    std::vector<std::size_t> onwards_, single_; ///< indices of overrides, by original
    seconds earliest_shift_{0}, latest_shift_{0};
};

auto too_many() {
    return fail(ErrorKind::invalid,
                fmt::format("more instances than limit max_instances = {}: ask for a shorter time",
                            limits::max_instances));
}

} // namespace

Result<std::vector<Instance>> instances(const Series& series, const Zone& zone, Instant from,
                                        Instant to) {
    const Meetings meetings(series, zone);
    std::vector<Instance> found;
    const auto keep = [&](const Instance& instance) {
        if (instance.begin >= from && instance.begin < to) {
            found.push_back(instance);
        }
    };
    for (const std::size_t i : meetings.single()) {
        keep(meetings.changed(i));
    }
    TRY(auto originals, Originals::make(series, zone, meetings.first_original(from)));
    const local_seconds last = meetings.last_original(to);
    while (true) {
        TRY(const auto original, originals.next());
        if (!original || *original > last) {
            break;
        }
        if (!meetings.about(*original)) {
            keep(meetings.given(*original));
        }
        if (found.size() > limits::max_instances) {
            return too_many();
        }
    }
    std::ranges::sort(found, [](const Instance& a, const Instance& b) {
        return std::pair(a.begin, a.original) < std::pair(b.begin, b.original);
    });
    return found;
}

Result<std::optional<Instance>> instance_of(const Series& series, const Zone& zone,
                                            local_seconds original) {
    const Meetings meetings(series, zone);
    if (const auto change = meetings.about(original)) {
        return meetings.changed(*change);
    }
    TRY(auto originals, Originals::make(series, zone, original));
    TRY(const auto first, originals.next());
    return first == original ? std::optional(meetings.given(original)) : std::nullopt;
}

Result<std::optional<Instance>> next_after(const Series& series, const Zone& zone, Instant t) {
    const Meetings meetings(series, zone);
    std::optional<Instance> best;
    const auto offer = [&](const Instance& instance) {
        if (!instance.cancelled && instance.begin > t && (!best || instance.begin < best->begin)) {
            best = instance;
        }
    };
    for (const std::size_t i : meetings.single()) {
        offer(meetings.changed(i));
    }
    TRY(auto originals, Originals::make(series, zone, meetings.first_original(t)));
    while (true) {
        TRY(const auto original, originals.next());
        const bool too_late = best && original && *original > meetings.last_original(best->begin);
        if (!original || too_late || meetings.is_over(*original)) {
            return best;
        }
        if (!meetings.about(*original)) {
            offer(meetings.given(*original));
        }
    }
}

namespace {

/// The starts of the rule before some original: how many, and the last one.
struct Passed {
    std::int64_t count = 0;
    std::optional<local_seconds> last;
};

/// Errors: `original` is no start of the rule.
Result<Passed> starts_before(const Series& series, const Zone& zone, local_seconds original) {
    Series plain{.start = series.start, .duration = series.duration, .rule = series.rule};
    if (!series.rule) {
        plain.extra = series.extra;
    }
    TRY(auto originals, Originals::make(plain, zone, local_seconds::min()));
    Passed passed;
    while (true) {
        TRY(const auto start, originals.next());
        if (start == original) {
            return passed;
        }
        if (!start || *start > original) {
            return fail(ErrorKind::invalid,
                        fmt::format("the series has no start at {}",
                                    format_basic({.time = original, .form = series.start.form})));
        }
        ++passed.count;
        passed.last = start;
    }
}

/// UNTIL that leaves out what begins at `original`, in the form that DTSTART asks for.
WallTime until_before(const Series& series, const Zone& zone, local_seconds original,
                      bool floating) {
    if (series.start.form == TimeForm::date) {
        return {.time = original - days(1), .form = TimeForm::date};
    }
    if (series.start.form == TimeForm::utc || floating) {
        return {.time = original - seconds(1), .form = series.start.form};
    }
    const auto moment = (zone.to_utc(original) - seconds(1)).time_since_epoch();
    return {.time = local_seconds(moment), .form = TimeForm::utc};
}

/// Ends `rule` after the starts that have passed.
void end_before(Rule& rule, const Series& series, const Zone& zone, local_seconds original,
                const Passed& passed) {
    const bool floating = rule.until && rule.until->form == TimeForm::local;
    // Where the clock jumps, two starts may be one moment: no UNTIL in UTC parts them.
    const bool one_moment = passed.last && zone.to_utc(*passed.last) >= zone.to_utc(original);
    rule.count.reset();
    rule.until.reset();
    if (one_moment) {
        rule.count = passed.count;
    } else {
        rule.until = until_before(series, zone, original, floating);
    }
}

} // namespace

Result<Split> split(const Series& series, const Zone& zone, local_seconds original) {
    TRY(const Passed passed, starts_before(series, zone, original));
    if (passed.count == 0) {
        return fail(ErrorKind::invalid, "the series begins there: change all of it instead");
    }
    Split parts{.before = {.start = series.start, .duration = series.duration, .rule = series.rule},
                .from = {.start = {.time = original, .form = series.start.form},
                         .duration = series.duration,
                         .rule = series.rule}};
    if (series.rule) {
        end_before(*parts.before.rule, series, zone, original, passed);
        if (series.rule->count) {
            parts.from.rule->count = *series.rule->count - passed.count;
        }
    }
    const auto part_of = [&](local_seconds t) -> Series& {
        return t < original ? parts.before : parts.from;
    };
    for (const local_seconds t : series.extra) {
        if (t != original) {
            part_of(t).extra.push_back(t);
        }
    }
    for (const local_seconds t : series.excluded) {
        part_of(t).excluded.push_back(t);
    }
    for (const Override& change : series.overrides) {
        part_of(change.original).overrides.push_back(change);
    }
    // What was said of all that follow holds on in the second part.
    if (const auto onwards = Meetings(series, zone).onwards_at(original);
        onwards && series.overrides[*onwards].original < original) {
        Override change = series.overrides[*onwards];
        change.start = original + (change.start - change.original);
        change.original = original;
        parts.from.overrides.push_back(change);
    }
    return parts;
}

namespace {

std::optional<Change> change_of(local_seconds original, const std::optional<Instance>& before,
                                const std::optional<Instance>& after) {
    const bool was = before && !before->cancelled;
    const bool is = after && !after->cancelled;
    using enum Change::Kind;
    const auto kind = was && is ? moved
                      : was     ? (after ? cancelled : removed)
                                : (before ? restored : added);
    const bool same =
        was == is && (!is || (before->begin == after->begin && before->end == after->end));
    if (same) {
        return std::nullopt;
    }
    return Change{.kind = kind, .original = original, .before = before, .after = after};
}

} // namespace

Result<std::vector<Change>> changes(const Version& before, const Version& after, Instant from,
                                    Instant to) {
    std::set<local_seconds> originals;
    for (const Version* version : {&before, &after}) {
        TRY(const auto seen, instances(version->series, version->zone, from, to));
        for (const Instance& instance : seen) {
            originals.insert(instance.original);
        }
    }
    std::vector<Change> all;
    for (const local_seconds original : originals) {
        TRY(const auto was, instance_of(before.series, before.zone, original));
        TRY(const auto is, instance_of(after.series, after.zone, original));
        if (const auto change = change_of(original, was, is)) {
            all.push_back(*change);
        }
    }
    return all;
}

} // namespace allot::calendar
