/// Calendars of others, by HTTP: what a series follows.
#pragma once

#include "collective/gatherings/follow.hpp"
#include "platform/hooks/reach.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

namespace allot::app {

struct FetchOptions {
    hooks::Reach reach = hooks::Reach::outside;
    std::string ca_file; ///< certificates to trust; empty: those of this machine
    std::chrono::milliseconds connect_time{8'000};
    std::chrono::milliseconds whole_time{12'000}; ///< shorter than `jobs::lease_time`
};

/// By libcurl. At most three redirects, each to https; the address that is really connected to has
/// to lie within `reach`, whatever its name said before. What is longer than
/// `gatherings::most_import_bytes` is not read to its end. Ends early once `stop` is asked for.
[[nodiscard]] std::unique_ptr<gatherings::CalendarFetcher>
calendar_fetcher(const FetchOptions& options, std::stop_token stop);

} // namespace allot::app
