/// The HTTP server: connections, limits, deadlines, and nothing about what is served.
#pragma once

#include "base/result.hpp"
#include "base/world.hpp"
#include "platform/http/message.hpp"
#include "platform/log.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace allot::http {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0; ///< 0: the system picks one
    /// Names under which browsers may reach this server, without port, lower case ("localhost",
    /// "127.0.0.1", "[::1]" are always allowed while `address` is of this machine). Any other Host
    /// is answered with 421: a page of somebody else cannot be pointed at us (DNS rebinding).
    std::vector<std::string> hosts;
    /// Addresses of proxies in front. Only theirs may say for whom they ask (X-Forwarded-For, the
    /// last address that is no proxy) and how they were asked (X-Forwarded-Proto).
    std::vector<std::string> proxies;
    unsigned workers = 4; ///< threads that run handlers

    std::size_t max_head_bytes = 16384;
    std::size_t max_connections = 2000;
    /// Of one address, unless it is a proxy; an IPv6 network of 64 bits counts as one.
    std::size_t max_connections_of_one = 200;
    std::chrono::milliseconds head_time{10000}; ///< from the first byte of a head to its end
    /// For a body, and for writing an answer; what really travels buys a second for each
    /// `slowest_rate` bytes, so that a slow telephone may send a picture and nobody can dawdle.
    std::chrono::milliseconds body_time{30000};
    std::size_t slowest_rate = 16384;             ///< bytes a second
    std::chrono::milliseconds idle_time{60000};   ///< between requests, and before the first
    std::chrono::milliseconds drain_time{10000};  ///< for requests under way when it stops
    std::chrono::milliseconds event_pause{15000}; ///< a stream of events says that it is alive
};

/// Owns its threads. Made by `listen`, begins to answer in `run`, which returns once it was stopped
/// and every request under way has ended or `drain_time` is over.
class Server {
  public:
    /// Errors: the address is not of this machine, or the port is taken (says which, and what to
    /// do).
    [[nodiscard]] static Result<std::unique_ptr<Server>> listen(ServerOptions options,
                                                                Handlers handlers, Log& log);

    Server() = default;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    virtual ~Server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    virtual void run() = 0;
    virtual void stop() = 0; ///< any thread, also more than once
};

} // namespace allot::http
