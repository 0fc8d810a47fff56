#include "collective/gatherings/follow.hpp"

#include "collective/gatherings/feed_plan.hpp"
#include "collective/gatherings/series_import.hpp"
#include "engine/calendar/rule.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::seconds;
using store::Statement;

/// How far ahead two rhythms are compared.
constexpr days compared_days{800};
/// The trouble of a calendar without dates ahead. While it is kept, the series may begin again by
/// itself: nobody has ended it.
constexpr std::string_view nothing_ahead = "follow.nothing_ahead";

#define FOLLOW_COLUMNS "url, uid, bytes_hash, etag, trouble, looked_day"
constexpr Statement find_followed = "SELECT " FOLLOW_COLUMNS " FROM followed_calendar "
                                    "WHERE collective_id = $1 AND series_id = $2";
constexpr Statement list_followed = "SELECT " FOLLOW_COLUMNS ", series_id FROM followed_calendar "
                                    "WHERE collective_id = $1 ORDER BY series_id";
constexpr Statement set_followed =
    "INSERT INTO followed_calendar (collective_id, series_id, " FOLLOW_COLUMNS ") "
    "VALUES ($1, $2, $3, $4, '', '', '', $5) ON CONFLICT (collective_id, series_id) "
    "DO UPDATE SET url = $3, uid = $4, bytes_hash = '', etag = '', trouble = '', looked_day = $5";
constexpr Statement delete_followed =
    "DELETE FROM followed_calendar WHERE collective_id = $1 AND series_id = $2";
constexpr Statement note_looked =
    "UPDATE followed_calendar SET bytes_hash = $4, etag = $5, trouble = $6, looked_day = $7 "
    "WHERE collective_id = $1 AND series_id = $2 AND url = $3";

[[nodiscard]] Followed followed_from(const store::Row& row) {
    return {.url = row.text(0),
            .which = row.text(1),
            .bytes_hash = row.text(2),
            .etag = row.text(3),
            .trouble = row.text(4),
            .looked = row.day(5)};
}

// -- Which meeting -------------------------------------------------------------------------------

struct Chosen {
    const ImportedSeries* series = nullptr;
    std::string_view trouble;
};

[[nodiscard]] Chosen choose(const std::vector<ImportedSeries>& all, std::string_view which) {
    if (which.empty() && all.size() > 1) {
        return {.trouble = "follow.several"};
    }
    const auto found = std::ranges::find_if(all, [&](const ImportedSeries& one) {
        return which.empty() || one.uid == which || one.title == which;
    });
    if (found == all.end()) {
        return {.trouble = "follow.not_in_it"};
    }
    if (found->rhythms.empty()) {
        return {.trouble = "follow.cannot_keep"};
    }
    return {.series = &*found};
}

// -- Times ---------------------------------------------------------------------------------------

struct Slot {
    Instant begin, end;
    Wall original;

    friend bool operator==(const Slot&, const Slot&) = default;
};

/// When rhythms meet, as if nothing about single gatherings had been changed.
[[nodiscard]] Result<std::vector<Slot>> slots_of(const std::vector<Rhythm>& rhythms,
                                                 ZoneBook& zones, Instant from) {
    const Plan plan{.rhythms = rhythms};
    TRY(const auto all, occurrences(plan, zones, from, from + compared_days));
    std::vector<Slot> slots;
    for (const Occurrence& one : all) {
        slots.push_back({one.begin, one.end, one.original});
    }
    return slots;
}

/// A rhythm from one of its times on; of "ten times" those that are left.
[[nodiscard]] Result<Rhythm> from_time_on(const Rhythm& rhythm, Wall first, ZoneBook& zones) {
    if (first == rhythm.start) {
        return rhythm;
    }
    const Plan plan{.rhythms = {rhythm}};
    TRY(const calendar::Zone* const zone, zones.zone(rhythm.zone));
    TRY(const auto whole, calendar_series(plan, 0));
    TRY(const auto parts, calendar::split(whole, *zone, first));
    Rhythm rest = rhythm;
    rest.start = first;
    rest.rule = parts.from.rule ? calendar::format_rule(*parts.from.rule) : std::string();
    return rest;
}

/// The parts of a calendar that are still to come, the first of them from its next time on.
[[nodiscard]] Result<std::vector<Rhythm>> still_ahead(const std::vector<Rhythm>& rhythms,
                                                      ZoneBook& zones, Instant now) {
    std::vector<Rhythm> ahead;
    for (const Rhythm& rhythm : rhythms) {
        TRY(const auto slots, slots_of({rhythm}, zones, now));
        if (!slots.empty()) {
            TRY(Rhythm rest, from_time_on(rhythm, slots.front().original, zones));
            ahead.push_back(std::move(rest));
        }
    }
    return ahead;
}

/// One series on its way to what a calendar says.
class Following {
  public:
    Following(Transaction& transaction, const pages::House& house, const CollectiveId& collective,
              const Series& series)
        : transaction_(transaction), house_(house), collective_(collective), series_(series),
          zones_(house.zones), now_(std::chrono::floor<seconds>(house.clock.now())) {}

    /// Returns the trouble, as a key of the catalogue.
    [[nodiscard]] Result<std::string_view> become(const ImportedSeries& wanted) {
        TRY_DO(read());
        TRY(const auto there, slots_of(wanted.rhythms, zones_, now_));
        TRY(const auto here, slots_of(plan_.rhythms, zones_, now_));
        if (there.empty() && !here.empty()) {
            TRY_DO(rest());
            return nothing_ahead;
        }
        if (there != here) {
            TRY(const auto ahead, still_ahead(wanted.rhythms, zones_, now_));
            for (const Rhythm& rhythm : ahead) {
                TRY_DO(meet_by(rhythm));
                TRY_DO(read());
            }
        }
        if (!there.empty() && is_over(series_, today())) {
            TRY_DO(renew_series(transaction_, collective_, series_.id, today() + renewed_for));
        }
        const Plan before = plan_;
        TRY_DO(set_single_ones(wanted.gatherings));
        TRY_DO(revise_series(transaction_, collective_, before, zones_, today()));
        return "";
    }

  private:
    [[nodiscard]] Result<void> read() {
        TRY(plan_, plan_of(transaction_, collective_, series_));
        return {};
    }

    /// The first gathering that begins then or later.
    [[nodiscard]] Result<std::optional<At>> first_from(Instant from) {
        TRY(const auto all, occurrences(plan_, zones_, from, from + compared_days));
        if (all.empty()) {
            return std::nullopt;
        }
        At at;
        at.plan = plan_;
        TRY(const auto occurrence, occurrence_of(at.plan, zones_, all.front().original));
        if (!occurrence) {
            return std::nullopt;
        }
        at.occurrence = *occurrence;
        return at;
    }

    [[nodiscard]] Result<void> meet_by(const Rhythm& rhythm) {
        TRY(const calendar::Zone* const zone, zones_.zone(rhythm.zone));
        // The first part of the calendar takes the place of all that is ahead.
        const Instant from = changed_ ? zone->to_utc(rhythm.start) : now_;
        changed_ = true;
        TRY(const auto at, first_from(from));
        if (at) {
            return change_rhythm(transaction_, collective_, *at, rhythm, zones_, house_.clock.now(),
                                 house_.entropy);
        }
        Rhythm next = rhythm;
        next.number = plan_.rhythms.back().number + 1;
        next.uid = new_uuid(house_.clock.now(), house_.entropy);
        next.revision = {.day = today()};
        return add_rhythm(transaction_, collective_, series_.id, next);
    }

    /// It lapses, and goes on once the calendar has something ahead again, or a host renews it.
    [[nodiscard]] Result<void> rest() {
        if (is_over(series_, today())) {
            return {};
        }
        const Plan before = plan_;
        TRY_DO(renew_series(transaction_, collective_, series_.id, today()));
        return revise_series(transaction_, collective_, before, zones_, today());
    }

    [[nodiscard]] std::chrono::sys_days today() const {
        return std::chrono::floor<days>(house_.clock.now());
    }

    /// Moves and cancellations ahead become those of the calendar; words about them stay.
    [[nodiscard]] Result<void> set_single_ones(const std::vector<Gathering>& wanted) {
        TRY(const calendar::Zone* const zone, zones_.zone(plan_.rhythms.back().zone));
        const Wall from = zone->to_local(now_);
        // Ahead is what stands ahead, or would: a meeting may have been moved past today.
        const auto is_ahead = [&](const Gathering& one) {
            return std::max(one.original, one.moved.value_or(one.original)) >= from;
        };
        for (const Gathering& one : plan_.gatherings) {
            const auto found = std::ranges::find(wanted, one.original, &Gathering::original);
            if (is_ahead(one) && found == wanted.end()) {
                TRY_DO(set_one({.original = one.original}));
            }
        }
        for (const Gathering& one : wanted) {
            const auto kept =
                std::ranges::find(plan_.gatherings, one.original, &Gathering::original);
            if (is_ahead(one) || (kept != plan_.gatherings.end() && is_ahead(*kept))) {
                TRY_DO(set_one(one));
            }
        }
        return {};
    }

    [[nodiscard]] Result<void> set_one(const Gathering& wanted) {
        TRY(Gathering kept, gathering_at(transaction_, collective_, series_.id, wanted.original));
        const Gathering before = kept;
        kept.moved = wanted.moved;
        kept.minutes = wanted.minutes;
        kept.cancelled = wanted.cancelled;
        if (!wanted.title.empty()) {
            kept.title = wanted.title;
        }
        return kept == before ? Result<void>()
                              : save_gathering(transaction_, collective_, series_.id, kept);
    }

    Transaction& transaction_;
    const pages::House& house_;
    const CollectiveId& collective_;
    const Series& series_;
    ZoneBook zones_;
    Instant now_;
    Plan plan_;
    bool changed_ = false;
};

// -- Looking -------------------------------------------------------------------------------------

struct Due {
    auth::Collective collective;
    SeriesId series;
    Followed followed;
};

/// Lapsed since its calendar has nothing ahead.
[[nodiscard]] bool rests(const Series& series, const Followed& followed) {
    return series.state == State::running && followed.trouble == nothing_ahead;
}

[[nodiscard]] Result<std::vector<Due>> all_due(Transaction& transaction,
                                               const pages::House& house) {
    const auto today = std::chrono::floor<days>(house.clock.now());
    TRY(const auto collectives, house.directory.collectives(transaction));
    std::vector<Due> due;
    for (const auth::Collective& collective : collectives) {
        TRY(const auto rows, transaction.rows(list_followed, {collective.id}));
        for (const store::Row& row : rows) {
            const auto id = row.id<SeriesId>(6);
            TRY(const auto series, find_series(transaction, collective.id, id));
            const Followed followed = followed_from(row);
            const bool goes_on = series && (!is_over(*series, today) || rests(*series, followed));
            if (goes_on && !followed.url.empty()) {
                due.push_back({collective, id, followed});
            }
        }
    }
    return due;
}

/// What came is taken in one step with what is remembered of it.
[[nodiscard]] Result<void> keep(Transaction& transaction, const pages::House& house, const Due& due,
                                const FetchedCalendar& came) {
    const CollectiveId& collective = due.collective.id;
    const std::string hash = auth::hash_of(came.text);
    const bool is_new = !came.same && came.trouble.empty() && hash != due.followed.bytes_hash;
    std::string_view trouble = came.trouble;
    if (is_new) {
        TRY(const auto series, find_series(transaction, collective, due.series));
        TRY(const auto still, followed_by(transaction, collective, due.series));
        if (!series || !still || still->url != due.followed.url ||
            still->which != due.followed.which) {
            return {};
        }
        TRY(trouble, take_calendar(transaction, house, due.collective, *series, came.text,
                                   due.followed.which));
    } else if (trouble.empty() || due.followed.trouble == nothing_ahead) {
        trouble = due.followed.trouble; // of the same calendar it is the same
    }
    const auto today = std::chrono::floor<days>(house.clock.now());
    // After a look that failed the next answer counts as new, so that its trouble ends with it.
    const bool failed = !came.trouble.empty();
    const std::string& kept_hash = is_new ? hash : due.followed.bytes_hash;
    const std::string& kept_etag = is_new ? came.etag : due.followed.etag;
    TRY_DO(transaction.run(note_looked,
                           {collective, due.series, due.followed.url, failed ? "" : kept_hash,
                            failed ? "" : kept_etag, trouble, today}));
    return {};
}

[[nodiscard]] Result<void> note_trouble(const pages::House& house, const Due& due,
                                        std::string_view trouble) {
    return house.store.write([&](Transaction& transaction) -> Result<void> {
        TRY_DO(
            transaction.run(note_looked, {due.collective.id, due.series, due.followed.url, "", "",
                                          trouble, std::chrono::floor<days>(house.clock.now())}));
        return {};
    });
}

} // namespace

Result<std::optional<Followed>>
followed_by(Transaction& transaction, const CollectiveId& collective, const SeriesId& series) {
    TRY(const auto row, transaction.row(find_followed, {collective, series}));
    return row ? std::optional(followed_from(*row)) : std::nullopt;
}

Result<void> follow(Transaction& transaction, const CollectiveId& collective,
                    const SeriesId& series, std::string_view url, std::string_view which,
                    std::chrono::sys_days today) {
    TRY_DO(transaction.run(set_followed, {collective, series, url, which, today}));
    return {};
}

Result<void> unfollow(Transaction& transaction, const CollectiveId& collective,
                      const SeriesId& series) {
    TRY_DO(transaction.run(delete_followed, {collective, series}));
    return {};
}

Result<void> must_have_own_times(Transaction& transaction, const CollectiveId& collective,
                                 const SeriesId& series) {
    TRY(const auto followed, followed_by(transaction, collective, series));
    return followed ? fail(ErrorKind::conflict, "follow.times_elsewhere") : Result<void>();
}

Result<std::string_view> take_calendar(Transaction& transaction, const pages::House& house,
                                       const auth::Collective& collective, const Series& series,
                                       std::string_view text, std::string_view which) {
    if (text.size() > most_import_bytes || !is_utf8(text)) {
        return "follow.no_calendar";
    }
    const ImportOptions options{.zone = collective.zone,
                                .keep_utc = true,
                                .whole = true,
                                .now = std::chrono::floor<seconds>(house.clock.now())};
    const auto read = series_in(text, house.zones, options);
    if (!read) {
        return "follow.no_calendar";
    }
    const Chosen chosen = choose(read->series, which);
    if (chosen.series == nullptr) {
        return chosen.trouble;
    }
    return Following(transaction, house, collective.id, series).become(*chosen.series);
}

Result<void> look_at_followed(const pages::House& house, CalendarFetcher& fetcher,
                              const std::function<Result<void>()>& pulse) {
    TRY(const auto due,
        house.store.read([&](Transaction& transaction) { return all_due(transaction, house); }));
    for (const Due& one : due) {
        TRY_DO(pulse());
        const FetchedCalendar came = fetcher.fetch(one.followed.url, one.followed.etag);
        const auto kept = house.store.write(
            [&](Transaction& transaction) { return keep(transaction, house, one, came); });
        if (!kept && kept.error().kind == ErrorKind::unavailable) {
            return kept;
        }
        if (!kept) { // nothing of it was taken
            TRY_DO(note_trouble(house, one, "follow.cannot_keep"));
        }
    }
    return {};
}

} // namespace allot::gatherings
