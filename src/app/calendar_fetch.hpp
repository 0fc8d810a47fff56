/// Calendars of others, by HTTP: what a series follows.
#pragma once

#include "collective/gatherings/follow.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>

namespace allot::app {

/// Whether an address (4 bytes of IPv4, or 16 of IPv6) is one of the public internet: whoever may
/// follow a calendar is not whoever keeps this machine, and must not be able to look behind its
/// firewall. Private networks, this machine, one link, carriers, groups, documentation and what is
/// kept for the future are none (RFC 6890 and its registries), nor what holds or wraps such an IPv4
/// address.
[[nodiscard]] bool is_public_address(std::span<const std::uint8_t> address);

struct FetchOptions {
    bool also_private = false; ///< for tests: addresses of this machine, over http too
    std::chrono::milliseconds connect_time{8'000};
    std::chrono::milliseconds whole_time{12'000}; ///< shorter than `jobs::lease_time`
};

/// By libcurl. At most three redirects, each to https; the address that is really connected to has
/// to be public, whatever its name said before. What is longer than
/// `gatherings::most_import_bytes` is not read to its end. Ends early once `stop` is asked for.
[[nodiscard]] std::unique_ptr<gatherings::CalendarFetcher>
calendar_fetcher(const FetchOptions& options, std::stop_token stop);

} // namespace allot::app
