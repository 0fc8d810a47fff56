#include "platform/auth/signed_link.hpp"

#include "platform/auth/secrets.hpp"

namespace allot::auth {

namespace {

using store::Statement;

constexpr Statement find_key = "SELECT value FROM keeping WHERE name = 'signing_key'";
// Two processes may begin at the same time: the first key stays.
constexpr Statement insert_key = "INSERT INTO keeping (name, value) VALUES ('signing_key', $1) "
                                 "ON CONFLICT (name) DO NOTHING";

/// A purpose has no NUL, so no purpose and payload read like another's.
[[nodiscard]] std::string proof_of(std::string_view key, std::string_view purpose,
                                   std::string_view payload) {
    std::string said(purpose);
    said += '\0';
    said += payload;
    return mac_of(key, said);
}

} // namespace

Result<std::string> signing_key(store::Store& store, Entropy& entropy) {
    return store.write([&](store::Transaction& transaction) -> Result<std::string> {
        TRY_DO(transaction.run(insert_key, {new_secret(entropy)}));
        TRY(const auto row, transaction.row(find_key));
        return row->text(0);
    });
}

std::string signed_text(std::string_view key, std::string_view purpose, std::string_view payload) {
    return base64url_of(payload) + "." + proof_of(key, purpose, payload);
}

std::optional<std::string> payload_of(std::string_view key, std::string_view purpose,
                                      std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    auto payload = text_of_base64url(text.substr(0, dot));
    if (!payload || !same_secret(text.substr(dot + 1), proof_of(key, purpose, *payload))) {
        return std::nullopt;
    }
    return payload;
}

} // namespace allot::auth
