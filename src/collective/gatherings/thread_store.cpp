#include "collective/gatherings/thread_store.hpp"

#include "platform/auth/secrets.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using store::Row;
using store::Statement;

#define ADDITION_COLUMNS                                                                           \
    "a.id, a.number, a.kind, a.words, a.picture_id, i.kind, i.width, i.height, a.picture_words, "  \
    "a.person_id, p.name, a.guest_name, a.guest_hash, a.answers, a.state, a.written_day"
#define ADDITION_TABLES                                                                            \
    "addition a LEFT JOIN picture i ON i.collective_id = a.collective_id AND i.id = a.picture_id " \
    "LEFT JOIN person p ON p.collective_id = a.collective_id AND p.id = a.person_id "

constexpr Statement list_additions =
    "SELECT " ADDITION_COLUMNS " FROM " ADDITION_TABLES
    "WHERE a.collective_id = $1 AND a.series_id = $2 AND a.original = $3 ORDER BY a.number, a.id";
constexpr Statement find_one =
    "SELECT " ADDITION_COLUMNS " FROM " ADDITION_TABLES
    "WHERE a.collective_id = $1 AND a.series_id = $2 AND a.original = $3 AND a.id = $4";
constexpr Statement find_with_picture =
    "SELECT " ADDITION_COLUMNS " FROM " ADDITION_TABLES
    "WHERE a.collective_id = $1 AND a.series_id = $2 AND a.original = $3 AND a.picture_id = $4";
constexpr Statement measure_thread =
    "SELECT COALESCE(MAX(number), 0), COUNT(*), "
    "COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) FROM addition "
    "WHERE collective_id = $1 AND series_id = $2 AND original = $3";
constexpr Statement insert_addition =
    "INSERT INTO addition (collective_id, id, series_id, original, number, kind, words, "
    "picture_id, picture_words, person_id, guest_name, guest_hash, answers, state, written_day) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
constexpr Statement update_addition =
    "UPDATE addition SET words = $5, picture_words = $6, state = $7 "
    "WHERE collective_id = $1 AND series_id = $2 AND original = $3 AND id = $4";
constexpr Statement update_state =
    "UPDATE addition SET state = $5 "
    "WHERE collective_id = $1 AND series_id = $2 AND original = $3 AND id = $4";
/// Answers to what not everybody saw were not seen by everybody either.
constexpr Statement hide_answers =
    "UPDATE addition SET state = 'hidden' WHERE collective_id = $1 AND answers = $2 "
    "AND state = 'shown' AND EXISTS (SELECT 1 FROM addition q WHERE q.collective_id = $1 "
    "AND q.id = $2 AND q.state <> 'shown')";
constexpr Statement free_answers =
    "UPDATE addition SET answers = NULL WHERE collective_id = $1 AND answers = $2";
constexpr Statement drop_first_plot =
    "UPDATE gathering SET first_plot = NULL WHERE collective_id = $1 AND first_plot = $2";
constexpr Statement find_picture_of =
    "SELECT picture_id FROM addition WHERE collective_id = $1 AND id = $2";
constexpr Statement delete_addition = "DELETE FROM addition WHERE collective_id = $1 AND id = $2";
constexpr Statement list_by = "SELECT id, words, written_day FROM addition "
                              "WHERE collective_id = $1 AND person_id = $2 "
                              "ORDER BY written_day, id";

constexpr Statement insert_picture =
    "INSERT INTO picture (collective_id, id, kind, width, height) VALUES ($1, $2, $3, $4, $5)";
constexpr Statement insert_part = "INSERT INTO picture_part (collective_id, picture_id, number, "
                                  "bytes) VALUES ($1, $2, $3, $4)";
constexpr Statement list_parts = "SELECT bytes FROM picture_part "
                                 "WHERE collective_id = $1 AND picture_id = $2 ORDER BY number";
constexpr Statement delete_parts =
    "DELETE FROM picture_part WHERE collective_id = $1 AND picture_id = $2";
constexpr Statement delete_picture = "DELETE FROM picture WHERE collective_id = $1 AND id = $2";

/// Of a picture, in one row: a whole number of base64's groups.
constexpr std::size_t part_bytes = 12'000;

[[nodiscard]] std::optional<Frame> frame_from(const Row& row) {
    if (row.is_null(4)) {
        return std::nullopt;
    }
    return Frame{.id = row.id<PictureId>(4),
                 .kind = picture_kind_named(row.text(5)),
                 .width = row.integer(6),
                 .height = row.integer(7)};
}

[[nodiscard]] Addition addition_from(const Row& row) {
    const auto person = row.maybe_text(9);
    const auto answers = row.maybe_text(13);
    return {.id = row.id<AdditionId>(0),
            .number = row.integer(1),
            .kind = addition_kind_named(row.text(2)),
            .words = row.text(3),
            .frame = frame_from(row),
            .picture_words = row.text(8),
            .person = person ? std::optional(PersonId(*person)) : std::nullopt,
            .person_name = row.maybe_text(10).value_or(""),
            .guest_name = row.text(11),
            .guest_hash = row.text(12),
            .answers = answers ? std::optional(AdditionId(*answers)) : std::nullopt,
            .state = addition_state_named(row.text(14)),
            .written = row.day(15)};
}

[[nodiscard]] std::optional<Addition> maybe_addition(const std::optional<Row>& row) {
    return row ? std::optional(addition_from(*row)) : std::nullopt;
}

[[nodiscard]] Result<PictureId> keep_picture(Transaction& transaction,
                                             const CollectiveId& collective, const Picture& picture,
                                             Moment now, Entropy& entropy) {
    const auto id = new_id<PictureId>(now, entropy);
    TRY_DO(transaction.run(insert_picture,
                           {collective, id, name_of(picture.kind), picture.width, picture.height}));
    std::int64_t number = 0;
    for (std::size_t at = 0; at < picture.bytes.size(); at += part_bytes) {
        const std::string_view part = std::string_view(picture.bytes).substr(at, part_bytes);
        TRY_DO(transaction.run(insert_part, {collective, id, number++, auth::base64url_of(part)}));
    }
    return id;
}

/// What is answered, and the number of a new one.
struct Beginning {
    std::int64_t number = 1;
    std::optional<AdditionId> answers;
};

[[nodiscard]] Result<Beginning> begin_addition(Transaction& transaction, const GatheringKey& key,
                                               const NewAddition& addition) {
    TRY(const auto measured,
        transaction.row(measure_thread, {key.collective, key.series, count_of(key.original)}));
    const bool waits = addition.state == AdditionState::waiting;
    if (measured->integer(1) >= most_additions || (waits && measured->integer(2) >= most_waiting)) {
        return fail(ErrorKind::too_many, "thread.full");
    }
    Beginning begun{.number = measured->integer(0) + 1, .answers = addition.answers};
    if (addition.answers) {
        TRY(const auto to, find_addition(transaction, key, *addition.answers));
        if (!to) {
            return fail(ErrorKind::missing, "thread.none_here");
        }
        begun.answers = to->answers ? to->answers : addition.answers;
    }
    return begun;
}

} // namespace

Result<std::vector<Addition>> additions_of(Transaction& transaction, const GatheringKey& key) {
    TRY(const auto rows,
        transaction.rows(list_additions, {key.collective, key.series, count_of(key.original)}));
    std::vector<Addition> all;
    std::ranges::transform(rows, std::back_inserter(all), addition_from);
    return all;
}

Result<std::optional<Addition>> find_addition(Transaction& transaction, const GatheringKey& key,
                                              const AdditionId& id) {
    TRY(const auto row,
        transaction.row(find_one, {key.collective, key.series, count_of(key.original), id}));
    return maybe_addition(row);
}

Result<AdditionId> add_addition(Transaction& transaction, const GatheringKey& key,
                                const NewAddition& addition, Moment now, Entropy& entropy) {
    TRY(const Beginning begun, begin_addition(transaction, key, addition));
    std::optional<PictureId> picture;
    if (addition.picture != nullptr) {
        TRY(picture, keep_picture(transaction, key.collective, *addition.picture, now, entropy));
    }
    const auto id = new_id<AdditionId>(now, entropy);
    const std::string hash = addition.guest_key.empty()
                                 ? std::string()
                                 : guest_hash_of(addition.guest_key, key.collective, id);
    TRY_DO(transaction.run(insert_addition,
                           {key.collective, id, key.series, count_of(key.original), begun.number,
                            name_of(addition.kind), addition.words, picture, addition.picture_words,
                            addition.person, addition.guest_name, hash, begun.answers,
                            name_of(addition.state), std::chrono::floor<std::chrono::days>(now)}));
    return id;
}

Result<void> rewrite_addition(Transaction& transaction, const GatheringKey& key,
                              const AdditionId& id, std::string_view words,
                              std::string_view picture_words, AdditionState state) {
    TRY_DO(transaction.run(update_addition, {key.collective, key.series, count_of(key.original), id,
                                             words, picture_words, name_of(state)}));
    return {};
}

Result<void> set_addition_state(Transaction& transaction, const GatheringKey& key,
                                const AdditionId& id, AdditionState state) {
    TRY_DO(transaction.run(
        update_state, {key.collective, key.series, count_of(key.original), id, name_of(state)}));
    return {};
}

Result<void> drop_addition(Transaction& transaction, const CollectiveId& collective,
                           const AdditionId& id) {
    TRY(const auto row, transaction.row(find_picture_of, {collective, id}));
    TRY_DO(transaction.run(hide_answers, {collective, id}));
    TRY_DO(transaction.run(free_answers, {collective, id}));
    TRY_DO(transaction.run(drop_first_plot, {collective, id}));
    TRY_DO(transaction.run(delete_addition, {collective, id}));
    if (row && !row->is_null(0)) {
        const auto picture = row->id<PictureId>(0);
        TRY_DO(transaction.run(delete_parts, {collective, picture}));
        TRY_DO(transaction.run(delete_picture, {collective, picture}));
    }
    return {};
}

Result<std::optional<Addition>>
addition_with_picture(Transaction& transaction, const GatheringKey& key, const PictureId& picture) {
    TRY(const auto row, transaction.row(find_with_picture, {key.collective, key.series,
                                                            count_of(key.original), picture}));
    return maybe_addition(row);
}

Result<std::string> picture_bytes(Transaction& transaction, const CollectiveId& collective,
                                  const PictureId& picture) {
    TRY(const auto rows, transaction.rows(list_parts, {collective, picture}));
    std::string bytes;
    for (const Row& row : rows) {
        bytes += auth::text_of_base64url(row.text(0)).value_or("");
    }
    return bytes;
}

Result<std::vector<OwnAddition>>
additions_by(Transaction& transaction, const CollectiveId& collective, const PersonId& person) {
    TRY(const auto rows, transaction.rows(list_by, {collective, person}));
    std::vector<OwnAddition> all;
    std::ranges::transform(rows, std::back_inserter(all), [](const Row& row) {
        return OwnAddition{row.id<AdditionId>(0), row.text(1), row.day(2)};
    });
    return all;
}

} // namespace allot::gatherings
