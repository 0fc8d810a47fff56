/// Who asks, and whom they meant to ask: addresses, proxies, and the names of this server.
#pragma once

#include "base/result.hpp"
#include "platform/http/message.hpp"
#include "platform/http/server.hpp"

#include <set>
#include <string>
#include <string_view>

namespace allot::http {

/// The one way in which an address is written, an IPv4 address inside IPv6 as IPv4; "" for what is
/// none.
[[nodiscard]] std::string plain_address(std::string_view address);

/// What counts as one client: an IPv4 address, or the first 64 bits of one of IPv6, of which every
/// customer has as many as they like.
[[nodiscard]] std::string client_network(std::string_view plain);

/// Whether the machine itself asks, and no proxy in between that would make everybody look like it.
[[nodiscard]] bool is_from_this_machine(const HttpRequest& request);

/// "lab.example" of "Lab.Example:8080", "[::1]" of "[::1]"; "" where what follows the colon is no
/// port.
[[nodiscard]] std::string without_port(std::string_view host);

/// Whom a server answers and whom it believes, from its options.
class Gate {
  public:
    /// Errors: a proxy that is no address.
    [[nodiscard]] static Result<Gate> of(const ServerOptions& options);

    /// Whether `host`, with or without a port, is a name of this server.
    [[nodiscard]] bool answers_to(std::string_view host) const;
    [[nodiscard]] bool is_proxy(const std::string& plain) const { return proxies_.contains(plain); }

    /// Sets `peer` and `secure` to what a trusted proxy says, where `peer` is one.
    void believe_proxies(HttpRequest& request) const;

  private:
    std::set<std::string> hosts_; ///< lower case
    std::set<std::string> proxies_;
};

} // namespace allot::http
