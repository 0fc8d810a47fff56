#include "platform/auth/outbox.hpp"

namespace allot::auth {

namespace {

using store::Statement;

constexpr Statement insert_mail =
    "INSERT INTO mail (collective_id, id, kind, recipient, subject, body, written_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr Statement list_mail = "SELECT kind, recipient, subject, body FROM mail "
                                "WHERE collective_id = $1 ORDER BY written_at DESC, id LIMIT 100";
constexpr Statement delete_mail = "DELETE FROM mail WHERE collective_id = $1 AND recipient = $2";

} // namespace

Result<void> write_mail(store::Transaction& transaction, std::string_view scope, const Mail& mail,
                        Moment now, Entropy& entropy) {
    TRY_DO(transaction.run(insert_mail, {scope, new_uuid(now, entropy), mail.kind, mail.recipient,
                                         mail.subject, mail.body, now}));
    return {};
}

Result<void> drop_mail_to(store::Transaction& transaction, std::string_view scope,
                          std::string_view recipient) {
    TRY_DO(transaction.run(delete_mail, {scope, recipient}));
    return {};
}

Result<std::vector<Mail>> recent_mail(store::Transaction& transaction, std::string_view scope) {
    TRY(const auto rows, transaction.rows(list_mail, {scope}));
    std::vector<Mail> mails;
    for (const auto& row : rows) {
        mails.push_back({.kind = row.text(0),
                         .recipient = row.text(1),
                         .subject = row.text(2),
                         .body = row.text(3)});
    }
    return mails;
}

} // namespace allot::auth
