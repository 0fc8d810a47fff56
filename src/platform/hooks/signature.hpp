/// Signatures as in the Standard Webhooks specification: whoever gets a message can tell that it is
/// from this server, and when it was sent.
#pragma once

#include "base/world.hpp"

#include <string>
#include <string_view>

namespace allot::hooks {

/// 32 random bytes as "whsec_" and base64, as libraries of that specification read it.
[[nodiscard]] std::string new_signing_key(Entropy& entropy);

/// The value of `webhook-signature`: "v1," and base64 of HMAC-SHA256 over "id.timestamp.body".
/// `key` is as `new_signing_key` writes it; of another text the bytes themselves are the key.
[[nodiscard]] std::string signature_of(std::string_view key, std::string_view id,
                                       std::string_view timestamp, std::string_view body);

/// RFC 4648, section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

} // namespace allot::hooks
