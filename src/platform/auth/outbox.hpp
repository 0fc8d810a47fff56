/// Mail that is to be sent, written in the same transaction as what it tells of.
#pragma once

#include "platform/store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::auth {

/// The scope of mail that belongs to no collective, such as a link to sign in.
inline constexpr std::string_view server_scope = "-";

struct Mail {
    std::string kind; ///< "sign_in"
    std::string recipient;
    std::string subject;
    std::string body; ///< plain text
};

[[nodiscard]] Result<void> write_mail(store::Transaction& transaction, std::string_view scope,
                                      const Mail& mail, Moment now, Entropy& entropy);

/// Drops what was written to that address, sent or not, as when a person is erased.
[[nodiscard]] Result<void> drop_mail_to(store::Transaction& transaction, std::string_view scope,
                                        std::string_view recipient);

/// The newest first, at most 100.
[[nodiscard]] Result<std::vector<Mail>> recent_mail(store::Transaction& transaction,
                                                    std::string_view scope);

} // namespace allot::auth
