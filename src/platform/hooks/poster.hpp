/// Takes requests to hooks, by HTTP.
#pragma once

#include "platform/hooks/bodies.hpp"
#include "platform/hooks/reach.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace allot::hooks {

/// How a try went.
struct Posted {
    /// `none`: it was taken. `unsure`: nobody knows.
    Trouble trouble = Trouble::none;
    int status = 0;                                  ///< of HTTP; 0: there was no answer
    std::optional<std::chrono::seconds> retry_after; ///< as the other end asks for, not bounded
};

/// For one thread.
class Poster {
  public:
    Poster() = default;
    Poster(const Poster&) = delete;
    Poster& operator=(const Poster&) = delete;
    virtual ~Poster() = default;
    /// `pulse` is called about once a second while it takes.
    [[nodiscard]] virtual Posted post(const Request& request,
                                      const std::function<void()>& pulse) = 0;
};

struct PosterOptions {
    Reach reach = Reach::outside;
    std::string ca_file; ///< certificates to trust; empty: those of this machine
    std::chrono::milliseconds connect_time{8'000};
    std::chrono::milliseconds whole_time{15'000};
    std::size_t most_bytes = 65'536; ///< of an answer; of what is longer the status counts
};

/// By libcurl. No redirect is followed and no proxy asked; the address that is really connected to
/// must lie within `reach`, whatever its name said before. Once `stop` is asked for, a request that
/// takes longer than five seconds is given up.
[[nodiscard]] std::unique_ptr<Poster> http_poster(const PosterOptions& options,
                                                  std::stop_token stop);

} // namespace allot::hooks
