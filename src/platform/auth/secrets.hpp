/// Random names that prove something, and how they are kept: never as they are.
#pragma once

#include "base/world.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace allot::auth {

/// RFC 4648, section 5, without padding.
[[nodiscard]] std::string base64url(std::span<const std::uint8_t> bytes);

/// 256 random bits as base64url: 43 characters.
[[nodiscard]] std::string new_secret(Entropy& entropy);

/// What is stored of a secret: BLAKE2b-256 as base64url. Secrets are random, so no salt is needed.
[[nodiscard]] std::string hash_of(std::string_view secret);

/// Proof that whoever holds `key` said `text`: keyed BLAKE2b-256 as base64url.
[[nodiscard]] std::string mac_of(std::string_view key, std::string_view text);

/// Compares without telling by its time where texts differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

/// A key for one form of one browser: random, and proof that this browser was given it. It is
/// what a command is named by, so that it happens once; and nobody else's page can make one.
[[nodiscard]] std::string new_form_key(std::string_view browser_secret, Entropy& entropy);
[[nodiscard]] bool is_form_key(std::string_view form_key, std::string_view browser_secret);

} // namespace allot::auth
