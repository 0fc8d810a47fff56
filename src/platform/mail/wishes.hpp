/// What somebody wishes to get by mail from a collective, and addresses that do not take mail.
#pragma once

#include "platform/mail/kinds.hpp"
#include "platform/store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::mail {

struct Wishes {
    std::string digest;    ///< "none" or "weekly"; empty: she has not been asked, and gets none
    bool reminders = true; ///< reminders and invitations; changes she is told in any case

    [[nodiscard]] bool wants(const KindRule& rule) const;
};

/// `mail_hash` is `auth::hash_of` of the address.
[[nodiscard]] Result<Wishes> wishes_of(store::Transaction& transaction, std::string_view scope,
                                       std::string_view mail_hash);
[[nodiscard]] Result<void> save_wishes(store::Transaction& transaction, std::string_view scope,
                                       std::string_view mail_hash, const Wishes& wishes);
/// Ends a stream; that of the account has no end.
[[nodiscard]] Result<void> end_stream(store::Transaction& transaction, std::string_view scope,
                                      std::string_view mail_hash, Stream stream);

/// Mail about one thing (`Mail::topic`) is not wanted any more; or again.
[[nodiscard]] Result<void> end_topic(store::Transaction& transaction, std::string_view scope,
                                     std::string_view mail_hash, std::string_view topic);
[[nodiscard]] Result<void> resume_topic(store::Transaction& transaction, std::string_view scope,
                                        std::string_view mail_hash, std::string_view topic);
[[nodiscard]] Result<bool> has_ended(store::Transaction& transaction, std::string_view scope,
                                     std::string_view mail_hash, std::string_view topic);

/// How often an address may be refused before nothing is sent to it, links to sign in apart.
inline constexpr std::int64_t refusals_to_pause = 2;

/// The mail server said for good that this address takes no mail; or a report said so later. What
/// is older than a month is not counted.
[[nodiscard]] Result<void> note_refusal(store::Transaction& transaction, std::string_view mail,
                                        Moment now);
[[nodiscard]] Result<bool> is_paused(store::Transaction& transaction, std::string_view mail);
/// Mail arrives there, as when somebody has used a link that was sent there; or it is to be tried.
[[nodiscard]] Result<void> forget_refusals(store::Transaction& transaction, std::string_view mail);
/// Addresses to which nothing is sent, in the order of their bytes.
[[nodiscard]] Result<std::vector<std::string>> paused_addresses(store::Transaction& transaction);

} // namespace allot::mail
