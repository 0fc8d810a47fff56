#include "platform/auth/audit.hpp"

#include "platform/auth/secrets.hpp"

namespace allot::auth {

namespace {

using store::Statement;

constexpr Statement find_key =
    "SELECT key_text FROM audit_key WHERE collective_id = $1 AND person_id = $2";
constexpr Statement insert_key =
    "INSERT INTO audit_key (collective_id, person_id, key_text) VALUES ($1, $2, $3)";
constexpr Statement drop_key = "DELETE FROM audit_key WHERE collective_id = $1 AND person_id = $2";
constexpr Statement insert_line =
    "INSERT INTO audit (collective_id, id, day, who, what) VALUES ($1, $2, $3, $4, $5)";

[[nodiscard]] Result<std::string> pseudonym_of(store::Transaction& transaction,
                                               const CollectiveId& collective, const PersonId& who,
                                               Entropy& entropy) {
    TRY(const auto row, transaction.row(find_key, {collective, who}));
    const std::string key = row ? row->text(0) : new_secret(entropy);
    if (!row) {
        TRY_DO(transaction.run(insert_key, {collective, who, key}));
    }
    return mac_of(key, "audit");
}

} // namespace

Result<void> note_audit(store::Transaction& transaction, const CollectiveId& collective,
                        const PersonId& who, std::string_view what, Moment now, Entropy& entropy) {
    TRY(const std::string pseudonym, pseudonym_of(transaction, collective, who, entropy));
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY_DO(
        transaction.run(insert_line, {collective, new_uuid(now, entropy), today, pseudonym, what}));
    return {};
}

Result<void> forget_pseudonym(store::Transaction& transaction, const CollectiveId& collective,
                              const PersonId& who) {
    TRY_DO(transaction.run(drop_key, {collective, who}));
    return {};
}

} // namespace allot::auth
