#include "collective/gatherings/reply_effects.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement put_presence =
    "INSERT INTO presence (collective_id, series_id, original, who, answer) "
    "VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (collective_id, series_id, original, who) DO UPDATE SET answer = $5";
constexpr Statement drop_presence = "DELETE FROM presence WHERE collective_id = $1 "
                                    "AND series_id = $2 AND original = $3 AND who = $4";
constexpr Statement count_others =
    "SELECT count(*) FROM presence WHERE collective_id = $1 AND series_id = $2 "
    "AND original = $3 AND who <> $4 AND answer = 'plan'";
constexpr Statement insert_addition =
    "INSERT INTO addition (collective_id, id, series_id, original, kind, words, picture_id, "
    "picture_words, person_id, guest_name, answers, state, written_day) "
    "VALUES ($1, $2, $3, $4, 'idea', $5, NULL, '', $6, $7, NULL, $8, $9)";

} // namespace

std::string who_of(const Writer& writer) {
    return writer.person ? writer.person->text() : "m:" + writer.mail_hash;
}

Result<void> note_presence(Transaction& transaction, const CollectiveId& collective,
                           const Series& series, Wall original, const Writer& writer,
                           std::optional<bool> comes) {
    const std::int64_t at = original.time_since_epoch().count();
    const std::string who = who_of(writer);
    if (!comes) {
        TRY_DO(transaction.run(drop_presence, {collective, series.id, at, who}));
        return {};
    }
    if (*comes && series.about.seats) {
        TRY(const auto others, transaction.row(count_others, {collective, series.id, at, who}));
        if (others && others->integer(0) >= *series.about.seats) {
            return {};
        }
    }
    const std::string_view answer = *comes ? "plan" : "not";
    TRY_DO(transaction.run(put_presence, {collective, series.id, at, who, answer}));
    return {};
}

Result<void> note_words(Transaction& transaction, const CollectiveId& collective,
                        const Series& series, Wall original, const Writer& writer,
                        std::string_view words, Moment now, Entropy& entropy) {
    const bool waits = !writer.person && series.about.guests == Guests::looked_at;
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::string_view name = writer.person ? std::string_view() : writer.name;
    const std::string_view state = waits ? "waiting" : "shown";
    TRY_DO(transaction.run(insert_addition, {collective, new_id<AdditionId>(now, entropy),
                                             series.id, original.time_since_epoch().count(), words,
                                             writer.person, name, state, today}));
    return {};
}

} // namespace allot::gatherings
