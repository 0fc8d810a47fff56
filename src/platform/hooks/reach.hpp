/// Where messages may go: not into networks that only this server can reach. Whoever may add a hook
/// is not whoever keeps the machine, and must not be able to knock on doors behind its firewall.
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace allot::hooks {

/// How far messages may go.
enum class Reach : std::uint8_t {
    outside, ///< public addresses, over https alone
    inside,  ///< private ones too, these also over http: a network that belongs to the collective
};

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

/// Whether an address is one of the public internet: none that is kept for private networks, one
/// machine, one link, carriers, groups, documentation, or the future (RFC 6890 and its registries);
/// nor one that holds or wraps an IPv4 address that is none: mapped, NAT64, 6to4, Teredo.
[[nodiscard]] bool is_public(const V4& address);
[[nodiscard]] bool is_public(const V6& address);
/// The same of what a socket is to be connected to: `bytes` of a sockaddr_in or sockaddr_in6 behind
/// `address`. False for any other family.
[[nodiscard]] bool is_public(int family, const sockaddr* address, std::size_t bytes);

/// An address of the web in its parts, as libcurl reads it.
struct Url {
    std::string whole; ///< without a slash at the end of an empty path
    std::string scheme;
    std::string host;
};

/// Reads the address of a hook. Errors, each with a key of the catalogue as its message: no address
/// (`hooks.no_address`), http where only https may be (`hooks.no_https`), a name or a password in
/// it (`hooks.no_login`), a number that is no public address (`hooks.inside`).
[[nodiscard]] Result<Url> read_address(std::string_view text, Reach reach);

} // namespace allot::hooks
