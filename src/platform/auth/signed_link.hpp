/// Texts that only this server can have made: links for people without an account.
#pragma once

#include "base/world.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace allot::auth {

/// What this server signs with: random, made when it is first asked for, the same in every process
/// on one database. Whoever restores a backup keeps it, so that links in old mails still work.
[[nodiscard]] Result<std::string> signing_key(store::Store& store, Entropy& entropy);

/// `payload` and the proof that the holder of `key` made it for `purpose`, as text for a path or a
/// cookie. Anybody can read the payload; nobody can change it, or use it for another purpose.
[[nodiscard]] std::string signed_text(std::string_view key, std::string_view purpose,
                                      std::string_view payload);

/// The payload; nothing where the text was made by somebody else or for another purpose.
[[nodiscard]] std::optional<std::string> payload_of(std::string_view key, std::string_view purpose,
                                                    std::string_view text);

} // namespace allot::auth
