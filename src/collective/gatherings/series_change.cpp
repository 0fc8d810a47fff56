#include "collective/gatherings/series_change.hpp"

#include "collective/gatherings/given_names.hpp"
#include "engine/calendar/rule.hpp"

#include <algorithm>
#include <array>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using store::Statement;

/// How many gatherings ahead are looked through for what was written about them.
constexpr std::size_t most_ahead = 1000;

constexpr Statement delete_rhythms =
    "DELETE FROM rhythm WHERE collective_id = $1 AND series_id = $2 AND number >= $3";
constexpr Statement list_written =
    "SELECT original FROM gathering WHERE collective_id = $1 AND series_id = $2 AND original >= $3 "
    "UNION SELECT original FROM addition WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3 "
    "UNION SELECT original FROM presence WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3 "
    "UNION SELECT original FROM turn WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3 "
    "UNION SELECT original FROM gathering_step WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3 "
    "UNION SELECT original FROM gathering_told WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3 "
    "UNION SELECT original FROM answer_tag WHERE collective_id = $1 AND about = $2 "
    "AND original >= $3 "
    "UNION SELECT became FROM gathering_renamed WHERE collective_id = $1 AND series_id = $2 "
    "AND became >= $3 ORDER BY original";
constexpr Statement end_moves =
    "UPDATE gathering SET moved_wall = NULL, moved_minutes = NULL, cancelled = 0, why = '' "
    "WHERE collective_id = $1 AND series_id = $2 AND original >= $3";
/// Swaps were agreed for dates that are no more.
constexpr Statement drop_swaps = "DELETE FROM turn_swap WHERE collective_id = $1 "
                                 "AND series_id = $2 AND (original >= $3 OR other_original >= $3)";
/// A table whose rows name gatherings. All from a name on are moved far behind the year 9999, so
/// that names can change places; then each gets its new one, and what is left has none.
struct OfGatherings {
    Statement put_aside, rename, drop;
};
constexpr std::array of_gatherings = {
    OfGatherings{"UPDATE gathering SET original = original + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3",
                 "UPDATE gathering SET original = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original = $3",
                 "DELETE FROM gathering "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3"},
    OfGatherings{"UPDATE addition SET original = original + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3",
                 "UPDATE addition SET original = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original = $3",
                 "DELETE FROM addition "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3"},
    OfGatherings{"UPDATE presence SET original = original + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3",
                 "UPDATE presence SET original = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original = $3",
                 "DELETE FROM presence "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3"},
    OfGatherings{"UPDATE turn SET original = original + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3",
                 "UPDATE turn SET original = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original = $3",
                 "DELETE FROM turn "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3"},
    OfGatherings{"UPDATE gathering_step SET original = original + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3",
                 "UPDATE gathering_step SET original = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original = $3",
                 "DELETE FROM gathering_step "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3"},
    OfGatherings{"UPDATE gathering_told SET original = original + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3",
                 "UPDATE gathering_told SET original = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND original = $3",
                 "DELETE FROM gathering_told "
                 "WHERE collective_id = $1 AND series_id = $2 AND original >= $3"},
    // Answers to mails from before. Tags of invitations and of letters name none: 0.
    OfGatherings{"UPDATE answer_tag SET original = original + $4 "
                 "WHERE collective_id = $1 AND about = $2 AND original >= $3",
                 "UPDATE answer_tag SET original = $4 "
                 "WHERE collective_id = $1 AND about = $2 AND original = $3",
                 "DELETE FROM answer_tag "
                 "WHERE collective_id = $1 AND about = $2 AND original >= $3"},
    // Where names from before earlier changes lead.
    OfGatherings{"UPDATE gathering_renamed SET became = became + $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND became >= $3",
                 "UPDATE gathering_renamed SET became = $4 "
                 "WHERE collective_id = $1 AND series_id = $2 AND became = $3",
                 "UPDATE gathering_renamed SET became = NULL "
                 "WHERE collective_id = $1 AND series_id = $2 AND became >= $3"}};
/// A guest's plan is kept under a hash of the gathering's name, and only her browser has the key to
/// make another one. Nor could she be told of the new time: who is told by mail keeps her plan, a
/// guest is asked again, and holds no seat meanwhile for an hour of which she has not heard.
constexpr Statement drop_plans_of_guests =
    "DELETE FROM presence WHERE collective_id = $1 AND series_id = $2 AND original >= $3 "
    "AND substr(who, 1, 2) <> 'm:' AND NOT EXISTS (SELECT 1 FROM person p "
    "WHERE p.collective_id = $1 AND p.id = presence.who)";
/// What somebody wrote, as opposed to what only belongs to a date.
constexpr Statement count_words =
    "SELECT (SELECT COUNT(*) FROM addition WHERE collective_id = $1 AND series_id = $2 "
    "AND original >= $3) + (SELECT COUNT(*) FROM gathering WHERE collective_id = $1 "
    "AND series_id = $2 AND original >= $3 AND (title <> '' OR agenda <> '' OR paper_title <> '' "
    "OR notes <> '' OR learned <> '' OR decided <> '' OR recording_link <> ''))";

/// The names of the gatherings from `first` on, by rhythms as they are: in the order of names.
[[nodiscard]] Result<std::vector<Wall>> names_from(const Plan& plan, ZoneBook& zones, Wall first,
                                                   std::size_t most) {
    std::vector<Wall> names;
    for (std::size_t rhythm = 0; rhythm < plan.rhythms.size() && names.size() < most; ++rhythm) {
        const Rhythm& when = plan.rhythms[rhythm];
        const Plan alone{.series = plan.series, .rhythms = {when}};
        TRY(const calendar::Zone* const zone, zones.zone(when.zone));
        const Instant from = zone->to_utc(std::max(first, when.start));
        const Instant to = rhythm + 1 < plan.rhythms.size()
                               ? zone->to_utc(plan.rhythms[rhythm + 1].start)
                               : from + days(366) * 10;
        TRY(const auto some, occurrences(alone, zones, from, to));
        for (const Occurrence& one : some) {
            if (one.original >= first && names.size() < most) {
                names.push_back(one.original);
            }
        }
    }
    return names;
}

/// Gives rows their new names; what has none goes, unless somebody wrote it. Errors: `conflict`.
[[nodiscard]] Result<void> rename_all(Transaction& transaction, const CollectiveId& collective,
                                      const SeriesId& series, Wall first,
                                      const std::vector<std::pair<Wall, Wall>>& names) {
    constexpr std::int64_t aside = 1'000'000'000'000;
    TRY_DO(transaction.run(drop_plans_of_guests, {collective, series, count_of(first)}));
    for (const OfGatherings& table : of_gatherings) {
        TRY_DO(transaction.run(table.put_aside, {collective, series, count_of(first), aside}));
        for (const auto& [from, to] : names) {
            TRY_DO(transaction.run(table.rename,
                                   {collective, series, count_of(from) + aside, count_of(to)}));
        }
    }
    TRY(const auto left, transaction.row(count_words, {collective, series, aside}));
    if (left->integer(0) > 0) {
        return fail(ErrorKind::conflict, "gatherings.words_left");
    }
    for (const OfGatherings& table : of_gatherings) {
        TRY_DO(transaction.run(table.drop, {collective, series, aside}));
    }
    return {};
}

/// What was written about gatherings of `before` from `first` on goes to those of `after` that take
/// their place; so do names that may have been given out: of all that it showed, or wrote about.
[[nodiscard]] Result<void> carry_over(Transaction& transaction, const CollectiveId& collective,
                                      const Plan& before, const Plan& after, Wall first,
                                      ZoneBook& zones) {
    const SeriesId& series = before.series.id;
    TRY(const auto rows, transaction.rows(list_written, {collective, series, count_of(first)}));
    TRY(const auto old_names, names_from(before, zones, first, most_ahead));
    TRY(const auto new_names, names_from(after, zones, after.rhythms.back().start, most_ahead));
    const Wall shown_until =
        std::max(Wall(before.series.renew.time_since_epoch()), first + renewed_for) + days(1);
    std::vector<std::pair<Wall, Wall>> written;
    std::vector<Renamed> given;
    for (std::size_t place = 0; place < old_names.size(); ++place) {
        const Wall name = old_names[place];
        const bool is_written = std::ranges::binary_search(
            rows, count_of(name), {}, [](const store::Row& row) { return row.integer(0); });
        const auto next =
            place < new_names.size() ? std::optional(new_names[place]) : std::optional<Wall>();
        if (is_written && next) {
            written.emplace_back(name, *next);
        }
        if (is_written || name < shown_until) {
            given.push_back({name, next});
        }
    }
    TRY_DO(rename_all(transaction, collective, series, first, written));
    return note_renamed(transaction, collective, series, given);
}

/// Names are of one series, whatever its rhythms: the new ones come after all that stay.
[[nodiscard]] Result<void> must_begin_later(const At& at, const Rhythm& next, ZoneBook& zones,
                                            Instant now) {
    constexpr days clocks_differ{2};
    const Wall first = at.occurrence.original;
    const bool is_all = at.occurrence.rhythm == 0 && first == at.plan.rhythms.front().start;
    TRY(const calendar::Zone* const zone, zones.zone(next.zone));
    // Neither before what stays, nor in a past that never was.
    if ((!is_all && next.start < first - clocks_differ) ||
        zone->to_utc(next.start) < now - clocks_differ) {
        return fail(ErrorKind::conflict, "gatherings.begins_too_early");
    }
    TRY(const auto names, names_from(at.plan, zones, first - days(8), most_ahead));
    const auto kept = std::ranges::lower_bound(names, first);
    if (kept != names.begin() && next.start <= *(kept - 1)) {
        return fail(ErrorKind::conflict, "gatherings.begins_too_early");
    }
    return {};
}

[[nodiscard]] Result<void> save_changed(Transaction& transaction, const CollectiveId& collective,
                                        const At& at, const Gathering& gathering,
                                        std::chrono::sys_days today) {
    const SeriesId& series = at.plan.series.id;
    Rhythm rhythm = at.plan.rhythms[at.occurrence.rhythm];
    rhythm.revision = next_revision(rhythm.revision, today, true);
    TRY_DO(save_rhythm(transaction, collective, series, rhythm));
    return save_gathering(transaction, collective, series, gathering);
}

} // namespace

calendar::Revision next_revision(const calendar::Revision& before, std::chrono::sys_days today,
                                 bool of_time) {
    calendar::Revision next = before;
    if (today > before.day) {
        next.day = today;
        next.change_of_day = 1;
    } else {
        ++next.change_of_day;
    }
    if (of_time) {
        ++next.sequence;
    }
    return next;
}

Result<void> change_about(Transaction& transaction, const CollectiveId& collective,
                          const Series& series, const About& about, std::chrono::sys_days today) {
    if (about == series.about) {
        return {};
    }
    const bool of_place = about.place != series.about.place || about.link != series.about.link;
    TRY(const Plan plan, plan_of(transaction, collective, series));
    for (Rhythm rhythm : plan.rhythms) {
        rhythm.revision = next_revision(rhythm.revision, today, of_place);
        TRY_DO(save_rhythm(transaction, collective, series.id, rhythm));
    }
    return save_about(transaction, collective, series.id, about);
}

Result<void> save_words(Transaction& transaction, const CollectiveId& collective, const Plan& plan,
                        const Gathering& gathering, std::chrono::sys_days today) {
    const SeriesId& series = plan.series.id;
    for (std::size_t k = 0; k < plan.rhythms.size(); ++k) {
        if (is_of_rhythm(plan, k, gathering.original)) {
            Rhythm rhythm = plan.rhythms[k];
            rhythm.revision = next_revision(rhythm.revision, today, false);
            TRY_DO(save_rhythm(transaction, collective, series, rhythm));
        }
    }
    return save_gathering(transaction, collective, series, gathering);
}

Result<void> must_fit(const At& at, Wall start, ZoneBook& zones, Instant now) {
    const Occurrence& moved = at.occurrence;
    if (start == moved.start && !moved.cancelled) { // another length, or other words
        return {};
    }
    TRY(const calendar::Zone* const zone, zones.zone(moved.zone));
    const Instant begin = zone->to_utc(start);
    if (begin <= now && start != moved.start) {
        return fail(ErrorKind::invalid, "gatherings.moved_to_past");
    }
    if (begin >= at.plan.series.renew && start != moved.start) {
        return fail(ErrorKind::invalid, "gatherings.moved_behind_end");
    }
    TRY(const auto then, occurrences(at.plan, zones, begin, begin + std::chrono::seconds(1)));
    const bool is_taken = std::ranges::any_of(then, [&](const Occurrence& one) {
        return one.original != moved.original && !one.cancelled;
    });
    return is_taken ? fail(ErrorKind::invalid, "gatherings.moved_onto_another") : Result<void>();
}

Result<void> move_gathering(Transaction& transaction, const CollectiveId& collective, const At& at,
                            const Move& move, std::chrono::sys_days today) {
    TRY(Gathering gathering,
        gathering_at(transaction, collective, at.plan.series.id, at.occurrence.original));
    gathering.moved = move.start == at.occurrence.original ? std::nullopt : move.start;
    gathering.minutes = move.minutes;
    gathering.cancelled = false;
    gathering.why = move.why;
    return save_changed(transaction, collective, at, gathering, today);
}

Result<void> cancel_gathering(Transaction& transaction, const CollectiveId& collective,
                              const At& at, bool cancelled, const std::string& why,
                              std::chrono::sys_days today) {
    TRY(Gathering gathering,
        gathering_at(transaction, collective, at.plan.series.id, at.occurrence.original));
    gathering.cancelled = cancelled;
    gathering.why = why;
    return save_changed(transaction, collective, at, gathering, today);
}

Result<void> change_rhythm(Transaction& transaction, const CollectiveId& collective, const At& at,
                           const Rhythm& rhythm, ZoneBook& zones, Moment now, Entropy& entropy) {
    const auto today = std::chrono::floor<days>(now);
    const SeriesId& series = at.plan.series.id;
    const Wall first = at.occurrence.original;
    const Instant moment = std::chrono::floor<std::chrono::seconds>(now);
    if (at.occurrence.end <= moment) { // history is not changed
        return fail(ErrorKind::conflict, "gatherings.is_past");
    }
    Plan after{.series = at.plan.series};
    after.rhythms.assign(at.plan.rhythms.begin(),
                         at.plan.rhythms.begin() +
                             static_cast<std::ptrdiff_t>(at.occurrence.rhythm) + 1);
    Rhythm& last = after.rhythms.back();
    Rhythm next = rhythm;
    next.number = last.number;
    next.uid = last.uid;
    next.revision = next_revision(last.revision, today, true);
    if (first != last.start) { // else nothing of it has been: it becomes the new one
        TRY(const calendar::Zone* const zone, zones.zone(last.zone));
        TRY(const auto whole, calendar_series(at.plan, at.occurrence.rhythm));
        TRY(const auto parts, calendar::split(whole, *zone, first));
        last.rule = parts.before.rule ? calendar::format_rule(*parts.before.rule) : std::string();
        last.revision = next.revision;
        next.number = last.number + 1;
        next.uid = new_uuid(now, entropy);
        next.revision = {.day = today};
    }
    TRY_DO(must_begin_later(at, next, zones, moment));
    TRY_DO(transaction.run(delete_rhythms, {collective, series, last.number}));
    TRY_DO(transaction.run(end_moves, {collective, series, count_of(first)}));
    TRY_DO(transaction.run(drop_swaps, {collective, series, count_of(first)}));
    if (next.number == last.number) {
        last = next;
    } else {
        TRY_DO(add_rhythm(transaction, collective, series, last));
        after.rhythms.push_back(next);
    }
    TRY_DO(add_rhythm(transaction, collective, series, next));
    return carry_over(transaction, collective, at.plan, after, first, zones);
}

} // namespace allot::gatherings
