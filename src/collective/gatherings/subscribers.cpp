#include "collective/gatherings/subscribers.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using store::Row;
using store::Statement;

#define SUBSCRIBER_COLUMNS "mail_hash, mail, language, zone, state, invited"
#define NOT_ENDED                                                                                  \
    " AND NOT EXISTS (SELECT 1 FROM mail_end e WHERE e.collective_id = s.collective_id "           \
    "AND e.mail_hash = s.mail_hash AND e.topic = s.series_id)"

constexpr Statement insert_asked =
    "INSERT INTO subscriber (collective_id, series_id, " SUBSCRIBER_COLUMNS ", since_day) "
    "VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7, $8) "
    "ON CONFLICT (collective_id, series_id, mail_hash) DO UPDATE SET language = $5, zone = $6, "
    "invited = $7, since_day = $8 WHERE subscriber.state = 'asked'";
constexpr Statement put_confirmed =
    "INSERT INTO subscriber (collective_id, series_id, " SUBSCRIBER_COLUMNS ", since_day) "
    "VALUES ($1, $2, $3, $4, $5, $6, 'on', $7, $8) "
    "ON CONFLICT (collective_id, series_id, mail_hash) DO UPDATE SET language = $5, zone = $6, "
    "state = 'on', invited = $7";
constexpr Statement set_confirmed =
    "UPDATE subscriber SET state = 'on', zone = $4, invited = $5 "
    "WHERE collective_id = $1 AND series_id = $2 AND mail_hash = $3";
constexpr Statement find_any = "SELECT " SUBSCRIBER_COLUMNS " FROM subscriber "
                               "WHERE collective_id = $1 AND series_id = $2 AND mail_hash = $3";
constexpr Statement find_one =
    "SELECT " SUBSCRIBER_COLUMNS " FROM subscriber s "
    "WHERE s.collective_id = $1 AND s.series_id = $2 AND s.mail_hash = $3" NOT_ENDED;
constexpr Statement list_confirmed =
    "SELECT " SUBSCRIBER_COLUMNS " FROM subscriber s WHERE s.collective_id = $1 "
    "AND s.series_id = $2 AND s.state = 'on'" NOT_ENDED " ORDER BY s.mail_hash";
constexpr Statement list_series_of =
    "SELECT s.series_id FROM subscriber s WHERE s.collective_id = $1 AND s.mail_hash = $2 "
    "AND s.state = 'on'" NOT_ENDED " ORDER BY s.series_id";
constexpr Statement delete_one = "DELETE FROM subscriber WHERE collective_id = $1 "
                                 "AND series_id = $2 AND mail_hash = $3";
constexpr Statement delete_all_of =
    "DELETE FROM subscriber WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement delete_invited_of =
    "DELETE FROM invited WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement delete_invited = "DELETE FROM invited WHERE collective_id = $1 "
                                     "AND series_id = $2 AND mail_hash = $3";

constexpr Statement drop_ended =
    "DELETE FROM subscriber WHERE collective_id = $1 AND EXISTS (SELECT 1 FROM mail_end e "
    "WHERE e.collective_id = subscriber.collective_id AND e.mail_hash = subscriber.mail_hash "
    "AND e.topic = subscriber.series_id)";
constexpr Statement drop_invited_ended =
    "DELETE FROM invited WHERE collective_id = $1 AND EXISTS (SELECT 1 FROM mail_end e "
    "WHERE e.collective_id = invited.collective_id AND e.mail_hash = invited.mail_hash "
    "AND e.topic = invited.series_id)";
constexpr Statement drop_unsaid = "DELETE FROM subscriber WHERE collective_id = $1 "
                                  "AND state = 'asked' AND since_day < $2";
constexpr Statement drop_lapsed =
    "DELETE FROM subscriber WHERE collective_id = $1 AND series_id IN "
    "(SELECT id FROM series WHERE collective_id = $1 AND renew_day < $2)";

constexpr Statement find_told =
    "SELECT sequence, cancelled, whole FROM invited WHERE collective_id = $1 "
    "AND series_id = $2 AND mail_hash = $3 AND number = $4";
constexpr Statement put_told =
    "INSERT INTO invited (collective_id, series_id, mail_hash, number, sequence, cancelled, whole) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (collective_id, series_id, mail_hash, number) "
    "DO UPDATE SET sequence = $5, cancelled = $6, whole = $7";

constexpr Statement find_exchanged =
    "SELECT sequence, answered_sequence, answered_at FROM invited_one WHERE collective_id = $1 "
    "AND series_id = $2 AND mail_hash = $3 AND number = $4 AND original = $5";
constexpr Statement put_exchanged =
    "INSERT INTO invited_one (collective_id, series_id, mail_hash, number, original, sequence, "
    "answered_sequence, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (collective_id, series_id, mail_hash, number, original) "
    "DO UPDATE SET sequence = $6, answered_sequence = $7, answered_at = $8";
constexpr Statement delete_exchanged_of =
    "DELETE FROM invited_one WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement delete_exchanged = "DELETE FROM invited_one WHERE collective_id = $1 "
                                       "AND series_id = $2 AND mail_hash = $3";
constexpr Statement drop_exchanged_ended =
    "DELETE FROM invited_one WHERE collective_id = $1 AND EXISTS (SELECT 1 FROM mail_end e "
    "WHERE e.collective_id = invited_one.collective_id AND e.mail_hash = invited_one.mail_hash "
    "AND e.topic = invited_one.series_id)";
constexpr Statement drop_exchanged_before =
    "DELETE FROM invited_one WHERE collective_id = $1 AND original < $2";

/// So long after a gathering was to begin it is known what a calendar answered.
constexpr std::chrono::days exchanged_kept{7};

[[nodiscard]] Subscriber subscriber_from(const Row& row) {
    return {.hash = row.text(0),
            .mail = row.text(1),
            .language = row.text(2),
            .zone = row.text(3),
            .confirmed = row.text(4) == "on",
            .invited = row.truth(5)};
}

} // namespace

Result<void> ask_subscriber(Transaction& transaction, const CollectiveId& collective,
                            const SeriesId& series, const Subscriber& who,
                            std::chrono::sys_days today) {
    TRY_DO(transaction.run(insert_asked, {collective, series, who.hash, who.mail, who.language,
                                          who.zone, who.invited, today}));
    return {};
}

Result<Subscriber> confirm_subscriber(Transaction& transaction, const CollectiveId& collective,
                                      const SeriesId& series, std::string_view hash,
                                      const Wish& wish) {
    TRY(auto asked, asked_subscriber(transaction, collective, series, hash));
    if (!asked) {
        return fail(ErrorKind::missing, "subscribe.over");
    }
    TRY_DO(transaction.run(set_confirmed, {collective, series, hash, wish.zone, wish.invited}));
    Subscriber who = *std::move(asked);
    who.confirmed = true;
    who.zone = wish.zone;
    who.invited = wish.invited;
    return who;
}

Result<std::optional<Subscriber>> asked_subscriber(Transaction& transaction,
                                                   const CollectiveId& collective,
                                                   const SeriesId& series, std::string_view hash) {
    TRY(const auto row, transaction.row(find_any, {collective, series, hash}));
    return row ? std::optional(subscriber_from(*row)) : std::nullopt;
}

Result<void> put_subscriber(Transaction& transaction, const CollectiveId& collective,
                            const SeriesId& series, const Subscriber& who,
                            std::chrono::sys_days today) {
    TRY_DO(transaction.run(put_confirmed, {collective, series, who.hash, who.mail, who.language,
                                           who.zone, who.invited, today}));
    return {};
}

Result<void> drop_subscriber(Transaction& transaction, const CollectiveId& collective,
                             const SeriesId& series, std::string_view hash) {
    TRY_DO(transaction.run(delete_one, {collective, series, hash}));
    TRY_DO(transaction.run(delete_invited, {collective, series, hash}));
    TRY_DO(transaction.run(delete_exchanged, {collective, series, hash}));
    return {};
}

Result<std::optional<Subscriber>> subscriber_of(Transaction& transaction,
                                                const CollectiveId& collective,
                                                const SeriesId& series, std::string_view hash) {
    TRY(const auto row, transaction.row(find_one, {collective, series, hash}));
    return row ? std::optional(subscriber_from(*row)) : std::nullopt;
}

Result<std::vector<Subscriber>>
subscribers_of(Transaction& transaction, const CollectiveId& collective, const SeriesId& series) {
    TRY(const auto rows, transaction.rows(list_confirmed, {collective, series}));
    std::vector<Subscriber> all;
    std::ranges::transform(rows, std::back_inserter(all), subscriber_from);
    return all;
}

Result<std::vector<SeriesId>> subscribed_by(Transaction& transaction,
                                            const CollectiveId& collective, std::string_view hash) {
    TRY(const auto rows, transaction.rows(list_series_of, {collective, hash}));
    std::vector<SeriesId> all;
    std::ranges::transform(rows, std::back_inserter(all),
                           [](const Row& row) { return row.id<SeriesId>(0); });
    return all;
}

Result<void> forget_subscriber(Transaction& transaction, const CollectiveId& collective,
                               std::string_view hash) {
    TRY_DO(transaction.run(delete_all_of, {collective, hash}));
    TRY_DO(transaction.run(delete_invited_of, {collective, hash}));
    TRY_DO(transaction.run(delete_exchanged_of, {collective, hash}));
    return {};
}

Result<void> tidy_subscribers(Transaction& transaction, const CollectiveId& collective,
                              std::chrono::sys_days today) {
    TRY_DO(transaction.run(drop_invited_ended, {collective}));
    TRY_DO(transaction.run(drop_exchanged_ended, {collective}));
    const Wall before{(today - exchanged_kept).time_since_epoch()};
    TRY_DO(transaction.run(drop_exchanged_before, {collective, count_of(before)}));
    TRY_DO(transaction.run(drop_ended, {collective}));
    TRY_DO(transaction.run(drop_unsaid, {collective, today - asked_for}));
    TRY_DO(transaction.run(drop_lapsed, {collective, today - list_kept}));
    return {};
}

Result<std::optional<Invited>> find_invited(Transaction& transaction,
                                            const CollectiveId& collective, const SeriesId& series,
                                            std::string_view hash, std::int64_t rhythm) {
    TRY(const auto row, transaction.row(find_told, {collective, series, hash, rhythm}));
    return row ? std::optional(Invited{.sequence = row->integer(0),
                                       .cancelled = row->truth(1),
                                       .whole = row->integer(2)})
               : std::nullopt;
}

Result<void> save_invited(Transaction& transaction, const CollectiveId& collective,
                          const SeriesId& series, std::string_view hash, std::int64_t rhythm,
                          const Invited& invited) {
    TRY_DO(transaction.run(put_told, {collective, series, hash, rhythm, invited.sequence,
                                      invited.cancelled, invited.whole}));
    return {};
}

Result<Exchanged> exchanged_about(Transaction& transaction, const CollectiveId& collective,
                                  const SeriesId& series, const InvitedOne& one) {
    TRY(const auto row, transaction.row(find_exchanged, {collective, series, one.hash, one.rhythm,
                                                         count_of(one.original)}));
    return row ? Exchanged{.sequence = row->integer(0),
                           .answered_sequence = row->integer(1),
                           .answered = std::chrono::floor<std::chrono::seconds>(row->moment(2))}
               : Exchanged{};
}

Result<void> save_exchanged(Transaction& transaction, const CollectiveId& collective,
                            const SeriesId& series, const InvitedOne& one,
                            const Exchanged& exchanged) {
    TRY_DO(
        transaction.run(put_exchanged, {collective, series, one.hash, one.rhythm,
                                        count_of(one.original), exchanged.sequence,
                                        exchanged.answered_sequence, Moment(exchanged.answered)}));
    return {};
}

Result<void> answered_on_page(Transaction& transaction, const CollectiveId& collective,
                              const SeriesId& series, const InvitedOne& one, Instant now) {
    TRY(const auto told, find_invited(transaction, collective, series, one.hash, one.rhythm));
    if (!told) { // no calendar has anything to answer to
        return {};
    }
    TRY(Exchanged exchanged, exchanged_about(transaction, collective, series, one));
    exchanged.answered_sequence =
        std::max({exchanged.answered_sequence, exchanged.sequence, told->whole});
    exchanged.answered = now;
    return save_exchanged(transaction, collective, series, one, exchanged);
}

} // namespace allot::gatherings
