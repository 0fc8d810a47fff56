#include "collective/gatherings/series_store.hpp"

#include "platform/pages/free_slug.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace allot::gatherings {

namespace {

using store::Row;
using store::Statement;

#define ABOUT_COLUMNS                                                                              \
    "title, about, audience, agenda, lighter, place, link, link_for, access, seats, turns, "       \
    "guests, calendar_mail"
#define SERIES_COLUMNS "id, slug, circle_id, state, renew_day, began_day, " ABOUT_COLUMNS
#define RHYTHM_COLUMNS                                                                             \
    "number, uid, zone, start_wall, minutes, rule, sequence, changed_day, change_of_day"
#define GATHERING_COLUMNS                                                                          \
    "original, moved_wall, moved_minutes, cancelled, why, title, agenda, lighter, paper_title, "   \
    "paper_link, notes, learned, decided, first_plot, recording_link, recording_until, "           \
    "recording_refused, held, closed_to_guests"

constexpr Statement insert_series =
    "INSERT INTO series (collective_id, " SERIES_COLUMNS ") VALUES ($1, $2, $3, $4, 'running', $5, "
    "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
constexpr Statement find_slug = "SELECT id FROM series WHERE collective_id = $1 AND slug = $2";
constexpr Statement find_named =
    "SELECT " SERIES_COLUMNS " FROM series WHERE collective_id = $1 AND slug = $2";
constexpr Statement find_id =
    "SELECT " SERIES_COLUMNS " FROM series WHERE collective_id = $1 AND id = $2";
constexpr Statement list_series =
    "SELECT " SERIES_COLUMNS " FROM series WHERE collective_id = $1 ORDER BY title, id";
constexpr Statement update_about =
    "UPDATE series SET title = $3, about = $4, audience = $5, agenda = $6, lighter = $7, "
    "place = $8, link = $9, link_for = $10, access = $11, seats = $12, turns = $13, guests = $14, "
    "calendar_mail = $15 WHERE collective_id = $1 AND id = $2";
constexpr Statement set_ended =
    "UPDATE series SET state = 'ended', renew_day = CASE WHEN renew_day < $3 THEN renew_day "
    "ELSE $3 END WHERE collective_id = $1 AND id = $2";
constexpr Statement set_renewed =
    "UPDATE series SET state = 'running', renew_day = $3 WHERE collective_id = $1 AND id = $2";

constexpr Statement insert_rhythm = "INSERT INTO rhythm (collective_id, series_id, " RHYTHM_COLUMNS
                                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
constexpr Statement update_rhythm =
    "UPDATE rhythm SET zone = $4, start_wall = $5, minutes = $6, rule = $7, sequence = $8, "
    "changed_day = $9, change_of_day = $10 "
    "WHERE collective_id = $1 AND series_id = $2 AND number = $3";
constexpr Statement list_rhythms =
    "SELECT " RHYTHM_COLUMNS " FROM rhythm WHERE collective_id = $1 AND series_id = $2 "
    "ORDER BY number";
constexpr Statement list_all_rhythms =
    "SELECT " RHYTHM_COLUMNS ", series_id FROM rhythm WHERE collective_id = $1 "
    "ORDER BY series_id, number";

constexpr Statement set_gathering =
    "INSERT INTO gathering (collective_id, series_id, " GATHERING_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21) ON CONFLICT (collective_id, series_id, original) DO UPDATE SET moved_wall = "
    "$4, "
    "moved_minutes = $5, cancelled = $6, why = $7, title = $8, agenda = $9, lighter = $10, "
    "paper_title = $11, paper_link = $12, notes = $13, learned = $14, decided = $15, "
    "first_plot = $16, recording_link = $17, recording_until = $18, recording_refused = $19, "
    "held = $20, closed_to_guests = $21";
constexpr Statement find_gathering =
    "SELECT " GATHERING_COLUMNS " FROM gathering "
    "WHERE collective_id = $1 AND series_id = $2 AND original = $3";
constexpr Statement list_gatherings =
    "SELECT " GATHERING_COLUMNS " FROM gathering WHERE collective_id = $1 AND series_id = $2 "
    "ORDER BY original";
constexpr Statement list_all_gatherings =
    "SELECT " GATHERING_COLUMNS ", series_id FROM gathering WHERE collective_id = $1 "
    "ORDER BY series_id, original";
constexpr std::size_t after_rhythm = 9;
constexpr std::size_t after_gathering = 19;

constexpr Statement list_hosts =
    "SELECT h.person_id, p.name, p.resting FROM series_host h "
    "JOIN person p ON p.collective_id = h.collective_id AND p.id = h.person_id "
    "WHERE h.collective_id = $1 AND h.series_id = $2 ORDER BY p.name, h.person_id";
constexpr Statement list_hosted =
    "SELECT series_id FROM series_host WHERE collective_id = $1 AND person_id = $2 "
    "ORDER BY series_id";
constexpr Statement insert_host = "INSERT INTO series_host (collective_id, series_id, person_id) "
                                  "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
constexpr Statement delete_host = "DELETE FROM series_host WHERE collective_id = $1 "
                                  "AND series_id = $2 AND person_id = $3";
constexpr Statement find_role =
    "SELECT CASE WHEN h.person_id IS NOT NULL OR c.part = 'host' THEN 'host' "
    "WHEN c.part IS NOT NULL THEN 'member' ELSE 'anyone' END FROM series s "
    "LEFT JOIN series_host h ON h.collective_id = s.collective_id AND h.series_id = s.id "
    "AND h.person_id = $3 "
    "LEFT JOIN circle_part c ON c.collective_id = s.collective_id AND c.circle_id = s.circle_id "
    "AND c.person_id = $3 WHERE s.collective_id = $1 AND s.slug = $2";

constexpr Statement add_change =
    "INSERT INTO gathering_change (collective_id, number) VALUES ($1, 1) "
    "ON CONFLICT (collective_id) DO UPDATE SET number = gathering_change.number + 1";
constexpr Statement find_changes = "SELECT number FROM gathering_change WHERE collective_id = $1";

[[nodiscard]] About about_from(const Row& row, std::size_t at) {
    return {.title = row.text(at),
            .about = row.text(at + 1),
            .audience = audience_named(row.text(at + 2)),
            .agenda = row.text(at + 3),
            .lighter = lighter_named(row.text(at + 4)),
            .place = row.text(at + 5),
            .link = row.text(at + 6),
            .link_for = link_for_named(row.text(at + 7)),
            .access = row.text(at + 8),
            .seats = row.maybe_integer(at + 9),
            .turns = turns_in(row.text(at + 10)),
            .guests = guests_named(row.text(at + 11)),
            .calendar_mail = row.text(at + 12)};
}

[[nodiscard]] Series series_from(const Row& row) {
    const auto circle = row.maybe_text(2);
    return {.id = row.id<SeriesId>(0),
            .slug = row.text(1),
            .circle = circle ? std::optional(CircleId(*circle)) : std::nullopt,
            .about = about_from(row, 6),
            .state = state_named(row.text(3)),
            .renew = row.day(4),
            .began = row.day(5)};
}

[[nodiscard]] Rhythm rhythm_from(const Row& row) {
    return {.number = row.integer(0),
            .uid = row.text(1),
            .zone = row.text(2),
            .start = wall_of(row.integer(3)),
            .minutes = row.integer(4),
            .rule = row.text(5),
            .revision = {.day = row.day(7),
                         .change_of_day = static_cast<unsigned>(row.integer(8)),
                         .sequence = static_cast<unsigned>(row.integer(6))}};
}

[[nodiscard]] Gathering gathering_from(const Row& row) {
    const auto moved = row.maybe_integer(1);
    const auto plot = row.maybe_text(13);
    return {.original = wall_of(row.integer(0)),
            .moved = moved ? std::optional(wall_of(*moved)) : std::nullopt,
            .minutes = row.maybe_integer(2),
            .cancelled = row.truth(3),
            .why = row.text(4),
            .title = row.text(5),
            .agenda = row.text(6),
            .lighter = row.truth(7),
            .paper_title = row.text(8),
            .paper_link = row.text(9),
            .notes = row.text(10),
            .learned = row.text(11),
            .decided = row.text(12),
            .first_plot = plot ? std::optional(AdditionId(*plot)) : std::nullopt,
            .recording_link = row.text(14),
            .recording_until = row.is_null(15) ? std::nullopt : std::optional(row.day(15)),
            .recording_refused = row.truth(16),
            .held = row.text(17),
            .closed_to_guests = row.truth(18)};
}

/// A name for addresses that no other series of the collective has.
[[nodiscard]] Result<std::string>
free_slug(Transaction& transaction, const CollectiveId& collective, std::string_view title) {
    static constexpr std::array<std::string_view, 2> pages_there = {"new", "dates"};
    return pages::free_slug(title, "series", pages_there, "gatherings.no_slug",
                            [&](const std::string& slug) -> Result<bool> {
                                TRY(const auto taken,
                                    transaction.row(find_slug, {collective, slug}));
                                return taken.has_value();
                            });
}

template <class Part, class From>
[[nodiscard]] std::map<std::string, std::vector<Part>, std::less<>>
by_series(const store::Rows& rows, std::size_t id_column, From from) {
    std::map<std::string, std::vector<Part>, std::less<>> parts;
    for (const Row& row : rows) {
        parts[row.text(id_column)].push_back(from(row));
    }
    return parts;
}

} // namespace

Result<Series> add_series(Transaction& transaction, const CollectiveId& collective,
                          const std::optional<CircleId>& circle, const About& about,
                          const Rhythm& rhythm, Moment now, Entropy& entropy) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY(std::string slug, free_slug(transaction, collective, about.title));
    const Series series{.id = new_id<SeriesId>(now, entropy),
                        .slug = std::move(slug),
                        .circle = circle,
                        .about = about,
                        .renew = today + renewed_for,
                        .began = today};
    TRY_DO(transaction.run(insert_series,
                           {collective, series.id, series.slug, circle, series.renew, series.began,
                            about.title, about.about, name_of(about.audience), about.agenda,
                            name_of(about.lighter), about.place, about.link,
                            name_of(about.link_for), about.access, about.seats,
                            turns_text(about.turns), name_of(about.guests), about.calendar_mail}));
    Rhythm first = rhythm;
    first.number = 0;
    first.uid = new_uuid(now, entropy);
    first.revision = {.day = today};
    TRY_DO(add_rhythm(transaction, collective, series.id, first));
    TRY_DO(note_change(transaction, collective));
    return series;
}

Result<Series> open_series(Transaction& transaction, const CollectiveId& collective,
                           const std::optional<CircleId>& circle, const About& about,
                           const Rhythm& rhythm, const PersonId& host, Moment now,
                           Entropy& entropy) {
    TRY(Series series, add_series(transaction, collective, circle, about, rhythm, now, entropy));
    TRY_DO(add_host(transaction, collective, series.id, host));
    return series;
}

Result<std::optional<Series>> series_named(Transaction& transaction, const CollectiveId& collective,
                                           std::string_view slug) {
    TRY(const auto row, transaction.row(find_named, {collective, slug}));
    return row ? std::optional(series_from(*row)) : std::nullopt;
}

Result<std::optional<Series>> find_series(Transaction& transaction, const CollectiveId& collective,
                                          const SeriesId& series) {
    TRY(const auto row, transaction.row(find_id, {collective, series}));
    return row ? std::optional(series_from(*row)) : std::nullopt;
}

Result<Plan> plan_of(Transaction& transaction, const CollectiveId& collective,
                     const Series& series) {
    Plan plan{.series = series};
    TRY(const auto rhythms, transaction.rows(list_rhythms, {collective, series.id}));
    std::ranges::transform(rhythms, std::back_inserter(plan.rhythms), rhythm_from);
    TRY(const auto gatherings, transaction.rows(list_gatherings, {collective, series.id}));
    std::ranges::transform(gatherings, std::back_inserter(plan.gatherings), gathering_from);
    return plan;
}

Result<std::vector<Plan>> all_plans(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_series, {collective}));
    TRY(const auto rhythm_rows, transaction.rows(list_all_rhythms, {collective}));
    TRY(const auto gathering_rows, transaction.rows(list_all_gatherings, {collective}));
    auto rhythms = by_series<Rhythm>(rhythm_rows, after_rhythm, rhythm_from);
    auto gatherings = by_series<Gathering>(gathering_rows, after_gathering, gathering_from);
    std::vector<Plan> plans;
    plans.reserve(rows.size());
    for (const Row& row : rows) {
        Plan plan{.series = series_from(row)};
        const std::string& id = plan.series.id.text();
        plan.rhythms = std::move(rhythms[id]);
        plan.gatherings = std::move(gatherings[id]);
        plans.push_back(std::move(plan));
    }
    return plans;
}

Result<void> save_about(Transaction& transaction, const CollectiveId& collective,
                        const SeriesId& series, const About& about) {
    TRY_DO(transaction.run(update_about,
                           {collective, series, about.title, about.about, name_of(about.audience),
                            about.agenda, name_of(about.lighter), about.place, about.link,
                            name_of(about.link_for), about.access, about.seats,
                            turns_text(about.turns), name_of(about.guests), about.calendar_mail}));
    return note_change(transaction, collective);
}

Result<void> end_series(Transaction& transaction, const CollectiveId& collective,
                        const SeriesId& series, std::chrono::sys_days today) {
    TRY_DO(transaction.run(set_ended, {collective, series, today}));
    return note_change(transaction, collective);
}

Result<void> renew_series(Transaction& transaction, const CollectiveId& collective,
                          const SeriesId& series, std::chrono::sys_days until) {
    TRY_DO(transaction.run(set_renewed, {collective, series, until}));
    return note_change(transaction, collective);
}

Result<void> add_rhythm(Transaction& transaction, const CollectiveId& collective,
                        const SeriesId& series, const Rhythm& rhythm) {
    const calendar::Revision& revision = rhythm.revision;
    TRY_DO(transaction.run(insert_rhythm, {collective, series, rhythm.number, rhythm.uid,
                                           rhythm.zone, count_of(rhythm.start), rhythm.minutes,
                                           rhythm.rule, std::int64_t{revision.sequence},
                                           revision.day, std::int64_t{revision.change_of_day}}));
    return note_change(transaction, collective);
}

Result<void> save_rhythm(Transaction& transaction, const CollectiveId& collective,
                         const SeriesId& series, const Rhythm& rhythm) {
    const calendar::Revision& revision = rhythm.revision;
    TRY(const auto changed,
        transaction.run(update_rhythm,
                        {collective, series, rhythm.number, rhythm.zone, count_of(rhythm.start),
                         rhythm.minutes, rhythm.rule, std::int64_t{revision.sequence}, revision.day,
                         std::int64_t{revision.change_of_day}}));
    if (changed == 0) {
        return fail(ErrorKind::missing, "gatherings.none_here");
    }
    return note_change(transaction, collective);
}

Result<void> save_gathering(Transaction& transaction, const CollectiveId& collective,
                            const SeriesId& series, const Gathering& one) {
    const auto moved = one.moved ? std::optional(count_of(*one.moved)) : std::nullopt;
    TRY_DO(transaction.run(set_gathering, {collective,
                                           series,
                                           count_of(one.original),
                                           moved,
                                           one.minutes,
                                           one.cancelled,
                                           one.why,
                                           one.title,
                                           one.agenda,
                                           one.lighter,
                                           one.paper_title,
                                           one.paper_link,
                                           one.notes,
                                           one.learned,
                                           one.decided,
                                           one.first_plot,
                                           one.recording_link,
                                           one.recording_until,
                                           one.recording_refused,
                                           one.held,
                                           one.closed_to_guests}));
    return note_change(transaction, collective);
}

Result<Gathering> gathering_at(Transaction& transaction, const CollectiveId& collective,
                               const SeriesId& series, Wall original) {
    TRY(const auto row, transaction.row(find_gathering, {collective, series, count_of(original)}));
    return row ? gathering_from(*row) : Gathering{.original = original};
}

Result<std::vector<Host>> hosts_of(Transaction& transaction, const CollectiveId& collective,
                                   const SeriesId& series) {
    TRY(const auto rows, transaction.rows(list_hosts, {collective, series}));
    std::vector<Host> hosts;
    for (const Row& row : rows) {
        hosts.push_back({row.id<PersonId>(0), row.text(1), row.truth(2)});
    }
    return hosts;
}

Result<std::vector<SeriesId>> hosted_by(Transaction& transaction, const CollectiveId& collective,
                                        const PersonId& person) {
    TRY(const auto rows, transaction.rows(list_hosted, {collective, person}));
    std::vector<SeriesId> hosted;
    for (const Row& row : rows) {
        hosted.push_back(row.id<SeriesId>(0));
    }
    return hosted;
}

bool at_risk(std::span<const Host> hosts) {
    return std::ranges::count(hosts, false, &Host::rests) < 2;
}

Result<void> add_host(Transaction& transaction, const CollectiveId& collective,
                      const SeriesId& series, const PersonId& person) {
    TRY_DO(transaction.run(insert_host, {collective, series, person}));
    return {};
}

Result<void> drop_host(Transaction& transaction, const CollectiveId& collective,
                       const SeriesId& series, const PersonId& person) {
    TRY(const auto hosts, hosts_of(transaction, collective, series));
    if (std::ranges::find(hosts, person, &Host::person) == hosts.end()) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    if (hosts.size() == 1) {
        return fail(ErrorKind::conflict, "gatherings.last_host");
    }
    TRY_DO(transaction.run(delete_host, {collective, series, person}));
    return {};
}

Result<auth::Role> role_in_series(Transaction& transaction, const CollectiveId& collective,
                                  std::string_view slug, const PersonId& person) {
    TRY(const auto row, transaction.row(find_role, {collective, slug, person}));
    return row ? auth::role_named(row->text(0)) : auth::Role::anyone;
}

Result<void> note_change(Transaction& transaction, const CollectiveId& collective) {
    TRY_DO(transaction.run(add_change, {collective}));
    return {};
}

Result<std::int64_t> changes_of(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto row, transaction.row(find_changes, {collective}));
    return row ? row->integer(0) : 0;
}

} // namespace allot::gatherings
