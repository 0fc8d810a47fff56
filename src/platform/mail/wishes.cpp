#include "platform/mail/wishes.hpp"

#include "platform/mail/outbox.hpp"

#include <algorithm>

namespace allot::mail {

namespace {

using store::Statement;
using store::Transaction;

constexpr Statement find_wish =
    "SELECT digest, reminders FROM mail_wish WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement put_wish =
    "INSERT INTO mail_wish (collective_id, mail_hash, digest, reminders) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (collective_id, mail_hash) DO UPDATE SET digest = $3, reminders = $4";

constexpr Statement put_end =
    "INSERT INTO mail_end (collective_id, mail_hash, topic) VALUES ($1, $2, $3) "
    "ON CONFLICT (collective_id, mail_hash, topic) DO NOTHING";
constexpr Statement drop_end =
    "DELETE FROM mail_end WHERE collective_id = $1 AND mail_hash = $2 AND topic = $3";
constexpr Statement find_end =
    "SELECT 1 FROM mail_end WHERE collective_id = $1 AND mail_hash = $2 AND topic = $3";

constexpr Statement find_refusal =
    "SELECT times, last_day FROM mail_refusal WHERE collective_id = $1 AND mail = $2";
constexpr Statement put_refusal =
    "INSERT INTO mail_refusal (collective_id, mail, times, last_day, paused_day) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (collective_id, mail) "
    "DO UPDATE SET times = $3, last_day = $4, paused_day = $5";
constexpr Statement find_paused = "SELECT mail FROM mail_refusal WHERE collective_id = $1 "
                                  "AND mail = $2 AND paused_day IS NOT NULL";
constexpr Statement drop_refusal =
    "DELETE FROM mail_refusal WHERE collective_id = $1 AND mail = $2";
constexpr Statement list_paused = "SELECT mail FROM mail_refusal WHERE collective_id = $1 "
                                  "AND paused_day IS NOT NULL ORDER BY mail";

constexpr std::chrono::days refusal_time{31};

} // namespace

bool Wishes::wants(const KindRule& rule) const {
    if (!rule.can_end) {
        return true;
    }
    return rule.stream == Stream::digest ? digest == "weekly" : reminders;
}

Result<Wishes> wishes_of(Transaction& transaction, std::string_view scope,
                         std::string_view mail_hash) {
    TRY(const auto row, transaction.row(find_wish, {scope, mail_hash}));
    return row ? Wishes{.digest = row->text(0), .reminders = row->truth(1)} : Wishes{};
}

Result<void> save_wishes(Transaction& transaction, std::string_view scope,
                         std::string_view mail_hash, const Wishes& wishes) {
    TRY_DO(transaction.run(put_wish, {scope, mail_hash, wishes.digest, wishes.reminders}));
    return {};
}

Result<void> end_stream(Transaction& transaction, std::string_view scope,
                        std::string_view mail_hash, Stream stream) {
    TRY(Wishes wishes, wishes_of(transaction, scope, mail_hash));
    if (stream == Stream::digest) {
        wishes.digest = "none";
    } else if (stream == Stream::appointment) {
        wishes.reminders = false;
    }
    return save_wishes(transaction, scope, mail_hash, wishes);
}

Result<void> end_topic(Transaction& transaction, std::string_view scope, std::string_view mail_hash,
                       std::string_view topic) {
    TRY_DO(transaction.run(put_end, {scope, mail_hash, topic}));
    return {};
}

Result<void> resume_topic(Transaction& transaction, std::string_view scope,
                          std::string_view mail_hash, std::string_view topic) {
    TRY_DO(transaction.run(drop_end, {scope, mail_hash, topic}));
    return {};
}

Result<bool> has_ended(Transaction& transaction, std::string_view scope, std::string_view mail_hash,
                       std::string_view topic) {
    TRY(const auto row, transaction.row(find_end, {scope, mail_hash, topic}));
    return row.has_value();
}

Result<void> note_refusal(Transaction& transaction, std::string_view mail, Moment now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY(const auto row, transaction.row(find_refusal, {server_scope, mail}));
    // A link to sign in is tried also where it is paused: refused again, that stays so.
    const bool counts =
        row && (row->integer(0) >= refusals_to_pause || row->day(1) >= today - refusal_time);
    const std::int64_t times = (counts ? row->integer(0) : 0) + 1;
    const auto paused = times >= refusals_to_pause ? std::optional(today) : std::nullopt;
    TRY_DO(transaction.run(put_refusal, {server_scope, mail, times, today, paused}));
    return {};
}

Result<bool> is_paused(Transaction& transaction, std::string_view mail) {
    TRY(const auto row, transaction.row(find_paused, {server_scope, mail}));
    return row.has_value();
}

Result<void> forget_refusals(Transaction& transaction, std::string_view mail) {
    TRY_DO(transaction.run(drop_refusal, {server_scope, mail}));
    return {};
}

Result<std::vector<std::string>> paused_addresses(Transaction& transaction) {
    TRY(const auto rows, transaction.rows(list_paused, {server_scope}));
    std::vector<std::string> all;
    std::ranges::transform(rows, std::back_inserter(all),
                           [](const store::Row& row) { return row.text(0); });
    return all;
}

} // namespace allot::mail
