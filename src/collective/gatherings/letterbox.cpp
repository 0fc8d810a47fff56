#include "collective/gatherings/letterbox.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using store::Row;
using store::Statement;

#define LETTER_COLUMNS "id, circle_id, name, mail, words, answer, state, written_day"

constexpr Statement insert_letter =
    "INSERT INTO letter_to_hosts (collective_id, " LETTER_COLUMNS ", closed_day) "
    "VALUES ($1, $2, $3, $4, $5, $6, '', 'open', $7, NULL)";
constexpr Statement count_open = "SELECT count(*) FROM letter_to_hosts WHERE collective_id = $1 "
                                 "AND circle_id = $2 AND state = 'open'";
constexpr Statement list_to = "SELECT " LETTER_COLUMNS " FROM letter_to_hosts "
                              "WHERE collective_id = $1 AND circle_id = $2 "
                              "ORDER BY state DESC, written_day DESC, id LIMIT 200";
constexpr Statement find_one = "SELECT " LETTER_COLUMNS " FROM letter_to_hosts "
                               "WHERE collective_id = $1 AND circle_id = $2 AND id = $3";
constexpr Statement find_from = "SELECT " LETTER_COLUMNS " FROM letter_to_hosts "
                                "WHERE collective_id = $1 AND id = $2 AND mail = $3";
constexpr Statement list_from = "SELECT " LETTER_COLUMNS " FROM letter_to_hosts "
                                "WHERE collective_id = $1 AND mail = $2 ORDER BY written_day, id";
constexpr Statement set_closed =
    "UPDATE letter_to_hosts SET state = 'closed', answer = $3, closed_day = $4 "
    "WHERE collective_id = $1 AND id = $2 AND state = 'open'";
constexpr Statement delete_from =
    "DELETE FROM letter_to_hosts WHERE collective_id = $1 AND mail = $2";
constexpr Statement delete_old =
    "DELETE FROM letter_to_hosts WHERE collective_id = $1 AND closed_day < $2";

[[nodiscard]] Letter letter_from(const Row& row) {
    return {.id = row.id<LetterId>(0),
            .circle = row.id<CircleId>(1),
            .name = row.text(2),
            .mail = row.text(3),
            .words = row.text(4),
            .answer = row.text(5),
            .open = row.text(6) == "open",
            .written = row.day(7)};
}

[[nodiscard]] std::vector<Letter> letters_in(const store::Rows& rows) {
    std::vector<Letter> all;
    std::ranges::transform(rows, std::back_inserter(all), letter_from);
    return all;
}

[[nodiscard]] Result<std::int64_t>
open_letters(Transaction& transaction, const CollectiveId& collective, const CircleId& circle) {
    TRY(const auto row, transaction.row(count_open, {collective, circle}));
    return row ? row->integer(0) : 0;
}

} // namespace

Result<LetterId> write_letter(Transaction& transaction, const CollectiveId& collective,
                              const Letter& letter, Moment now, Entropy& entropy) {
    TRY(const std::int64_t waiting, open_letters(transaction, collective, letter.circle));
    if (waiting >= most_letters) {
        return fail(ErrorKind::too_many, "letterbox.full");
    }
    const auto id = new_id<LetterId>(now, entropy);
    TRY_DO(
        transaction.run(insert_letter, {collective, id, letter.circle, letter.name, letter.mail,
                                        letter.words, std::chrono::floor<std::chrono::days>(now)}));
    return id;
}

Result<bool> continue_letter(Transaction& transaction, const CollectiveId& collective,
                             const LetterId& letter, std::string_view mail, std::string_view words,
                             Moment now, Entropy& entropy) {
    TRY(const auto row, transaction.row(find_from, {collective, letter, mail}));
    if (!row) {
        return false;
    }
    Letter more = letter_from(*row);
    more.words = words;
    TRY_DO(write_letter(transaction, collective, more, now, entropy));
    return true;
}

Result<std::vector<Letter>> letters_to(Transaction& transaction, const CollectiveId& collective,
                                       const CircleId& circle) {
    TRY(const auto rows, transaction.rows(list_to, {collective, circle}));
    return letters_in(rows);
}

Result<bool> has_open_letters(Transaction& transaction, const CollectiveId& collective,
                              const CircleId& circle) {
    TRY(const std::int64_t waiting, open_letters(transaction, collective, circle));
    return waiting > 0;
}

Result<std::optional<Letter>> find_letter(Transaction& transaction, const CollectiveId& collective,
                                          const CircleId& circle, const LetterId& letter) {
    TRY(const auto row, transaction.row(find_one, {collective, circle, letter}));
    return row ? std::optional(letter_from(*row)) : std::nullopt;
}

Result<void> close_letter(Transaction& transaction, const CollectiveId& collective,
                          const LetterId& letter, std::string_view answer,
                          std::chrono::sys_days today) {
    TRY(const auto closed, transaction.run(set_closed, {collective, letter, answer, today}));
    if (closed == 0) {
        return fail(ErrorKind::conflict, "letterbox.answered_already");
    }
    return {};
}

Result<std::vector<Letter>> letters_from(Transaction& transaction, const CollectiveId& collective,
                                         std::string_view mail) {
    TRY(const auto rows, transaction.rows(list_from, {collective, mail}));
    return letters_in(rows);
}

Result<void> forget_letters_from(Transaction& transaction, const CollectiveId& collective,
                                 std::string_view mail) {
    TRY_DO(transaction.run(delete_from, {collective, mail}));
    return {};
}

Result<void> drop_old_letters(Transaction& transaction, const CollectiveId& collective,
                              std::chrono::sys_days today) {
    TRY_DO(transaction.run(delete_old, {collective, today - letters_kept}));
    return {};
}

} // namespace allot::gatherings
