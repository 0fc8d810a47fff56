#include "platform/mail/outbox.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/jobs/job_store.hpp"

#include <algorithm>
#include <array>

namespace allot::mail {

namespace {

using store::Row;
using store::Statement;
using store::Transaction;

constexpr Statement insert_mail =
    "INSERT INTO mail (collective_id, id, kind, recipient, subject, body, written_at, good_until, "
    "state, message_id, topic, answer_tag, calendar_method, calendar) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', '', $9, $10, $11, $12)";

#define MAIL_COLUMNS                                                                               \
    "id, kind, recipient, subject, body, state, message_id, written_at, good_until, ended_day, "   \
    "topic, answer_tag, calendar_method, calendar"

constexpr std::size_t after_mail = 14;

constexpr Statement find_by_id =
    "SELECT " MAIL_COLUMNS " FROM mail WHERE collective_id = $1 AND id = $2";
// Across collectives: a report of another mail server knows the Message-ID alone.
constexpr Statement find_by_message =
    "SELECT " MAIL_COLUMNS ", collective_id FROM mail WHERE message_id = $1";
constexpr Statement list_mail = "SELECT " MAIL_COLUMNS " FROM mail WHERE collective_id = $1 "
                                "ORDER BY written_at DESC, id LIMIT 100";
constexpr Statement list_mail_to =
    "SELECT " MAIL_COLUMNS " FROM mail WHERE collective_id = $1 AND recipient = $2 "
    "ORDER BY written_at DESC, id LIMIT 100";
constexpr Statement find_oldest_waiting =
    "SELECT written_at FROM mail WHERE collective_id = $1 AND state IN ('waiting', 'sending') "
    "ORDER BY written_at LIMIT 1";
constexpr Statement set_sending =
    "UPDATE mail SET state = 'sending', "
    "message_id = CASE WHEN message_id = '' THEN $3 ELSE message_id END "
    "WHERE collective_id = $1 AND id = $2";
constexpr Statement set_waiting =
    "UPDATE mail SET state = 'waiting' WHERE collective_id = $1 AND id = $2";
constexpr Statement set_ended =
    "UPDATE mail SET state = $3, subject = '', body = '', "
    "calendar = '', ended_day = $4 WHERE collective_id = $1 AND id = $2";

constexpr Statement delete_mail = "DELETE FROM mail WHERE collective_id = $1 AND recipient = $2";
constexpr Statement delete_wish =
    "DELETE FROM mail_wish WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement delete_ends =
    "DELETE FROM mail_end WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement delete_refusal =
    "DELETE FROM mail_refusal WHERE collective_id = $1 AND mail = $2";

// What is old is dropped in all collectives at once.
constexpr Statement end_links = "UPDATE mail SET state = 'over', subject = '', body = '', "
                                "ended_day = $2 "
                                "WHERE kind = 'sign_in' AND state = 'waiting' AND written_at < $1";
constexpr Statement forget_ended = "UPDATE mail SET recipient = '', message_id = '' "
                                   "WHERE ended_day < $1 AND recipient <> ''";
constexpr Statement drop_unsent = "DELETE FROM mail WHERE written_at < $1";

constexpr std::chrono::days urgent_lead{1};
constexpr std::chrono::days bounce_time{7};
constexpr std::chrono::days longest_time{31};

constexpr std::array<std::string_view, 7> state_names = {"waiting", "sending",   "sent", "unsure",
                                                         "refused", "held_back", "over"};

[[nodiscard]] State state_named(std::string_view name) {
    const auto* const found = std::ranges::find(state_names, name);
    ALLOT_CHECK(found != state_names.end(), "a state of mail that nobody writes");
    return static_cast<State>(found - state_names.begin());
}

[[nodiscard]] std::optional<Kept> kept_from(const Row& row) {
    const auto kind = kind_named(row.text(1));
    if (!kind) {
        return std::nullopt;
    }
    Kept kept{.id = row.text(0),
              .mail = {.kind = *kind,
                       .recipient = row.text(2),
                       .subject = row.text(3),
                       .body = row.text(4)},
              .state = state_named(row.text(5)),
              .message_id = row.text(6),
              .written = row.moment(7),
              .ended = std::nullopt};
    if (!row.is_null(8)) {
        kept.mail.good_until = row.moment(8);
    }
    if (!row.is_null(9)) {
        kept.ended = row.day(9);
    }
    kept.mail.topic = row.text(10);
    kept.mail.answer_tag = row.text(11);
    if (!row.text(13).empty()) {
        kept.mail.calendar = CalendarPart{.method = row.text(12), .text = row.text(13)};
    }
    return kept;
}

[[nodiscard]] Result<std::vector<Kept>> all_from(Result<store::Rows> found) {
    TRY(const auto rows, std::move(found));
    std::vector<Kept> all;
    for (const Row& row : rows) {
        if (auto kept = kept_from(row)) {
            all.push_back(*std::move(kept));
        }
    }
    return all;
}

} // namespace

std::string_view name_of(State state) {
    return state_names[static_cast<std::size_t>(state)];
}

Result<void> write_mail(Transaction& transaction, std::string_view scope, const Mail& mail,
                        Moment now, Entropy& entropy) {
    const std::string id = new_uuid(now, entropy);
    const CalendarPart calendar = mail.calendar.value_or(CalendarPart());
    TRY_DO(transaction.run(insert_mail, {scope, id, rule_of(mail.kind).name, mail.recipient,
                                         mail.subject, mail.body, now, mail.good_until, mail.topic,
                                         mail.answer_tag, calendar.method, calendar.text}));
    // The longest due goes first: somebody waits for these, also where many others are due.
    const Moment due = rule_of(mail.kind).at_night ? now - urgent_lead : now;
    return jobs::ask_for(transaction, scope, id, job_kind, id, due);
}

Result<void> drop_mail_to(Transaction& transaction, std::string_view scope,
                          std::string_view recipient) {
    TRY_DO(transaction.run(delete_mail, {scope, recipient}));
    TRY_DO(transaction.run(delete_wish, {scope, auth::hash_of(recipient)}));
    TRY_DO(transaction.run(delete_ends, {scope, auth::hash_of(recipient)}));
    TRY_DO(transaction.run(delete_refusal, {scope, recipient}));
    return {};
}

Result<std::optional<Kept>> find_mail(Transaction& transaction, std::string_view scope,
                                      std::string_view id) {
    TRY(const auto row, transaction.row(find_by_id, {scope, id}));
    return row ? kept_from(*row) : std::nullopt;
}

Result<std::optional<Sent>> mail_with_message_id(Transaction& transaction,
                                                 std::string_view message_id) {
    if (message_id.empty()) {
        return std::nullopt;
    }
    TRY(const auto row, transaction.row(find_by_message, {message_id}));
    auto kept = row ? kept_from(*row) : std::nullopt;
    if (!kept) {
        return std::nullopt;
    }
    return Sent{.scope = row->text(after_mail), .kept = *std::move(kept)};
}

Result<std::vector<Kept>> mail_to(Transaction& transaction, std::string_view scope,
                                  std::string_view recipient) {
    return all_from(transaction.rows(list_mail_to, {scope, recipient}));
}

Result<std::vector<Kept>> recent_mail(Transaction& transaction, std::string_view scope) {
    return all_from(transaction.rows(list_mail, {scope}));
}

Result<std::optional<Moment>> oldest_waiting(store::Transaction& transaction,
                                             std::string_view scope) {
    TRY(const auto row, transaction.row(find_oldest_waiting, {scope}));
    return row ? std::optional(row->moment(0)) : std::nullopt;
}

Result<void> mark_sending(Transaction& transaction, std::string_view scope, std::string_view id,
                          std::string_view message_id) {
    TRY_DO(transaction.run(set_sending, {scope, id, message_id}));
    return {};
}

Result<void> mark_waiting(Transaction& transaction, std::string_view scope, std::string_view id) {
    TRY_DO(transaction.run(set_waiting, {scope, id}));
    return {};
}

Result<void> mark_ended(Transaction& transaction, std::string_view scope, std::string_view id,
                        State state, Moment now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY_DO(transaction.run(set_ended, {scope, id, name_of(state), today}));
    return {};
}

Result<void> drop_old_mail(Transaction& transaction, Moment now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY_DO(transaction.run(end_links, {now - rule_of(Kind::sign_in).lasts, today}));
    TRY_DO(transaction.run(forget_ended, {today - bounce_time}));
    TRY_DO(transaction.run(drop_unsent, {now - longest_time}));
    return {};
}

} // namespace allot::mail
