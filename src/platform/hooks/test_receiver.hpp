/// The other end of hooks, for tests: a server of HTTP on 127.0.0.1 that answers as it is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace allot::test {

/// A request that came.
struct Received {
    std::string line;                           ///< "POST /hook HTTP/1.1"
    std::map<std::string, std::string> headers; ///< by names in lower case
    std::string body;
};

/// What it does with one.
struct Reply {
    enum class How : std::uint8_t {
        answer,
        hang,      ///< reads all of it and says nothing
        break_off, ///< reads all of it and closes
        turn_away, ///< closes before it has read anything
    };
    How how = How::answer;
    int status = 200;
    std::string headers; ///< whole lines: "Retry-After: 7\r\n"
    std::string body = "ok";
};

/// Answers one after the other, in a thread of its own, until it is destroyed.
class Receiver {
  public:
    Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    ~Receiver();

    /// "http://127.0.0.1:PORT" + `path`.
    [[nodiscard]] std::string url(std::string_view path = "/") const;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// The next requests are answered so, in this order; all others with 200.
    void then(const Reply& reply);
    [[nodiscard]] std::vector<Received> received();

  private:
    void serve(const std::stop_token& stop);
    void serve_one(int socket, const std::stop_token& stop);
    [[nodiscard]] Reply next();

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::deque<Reply> replies_;
    std::vector<Received> received_;
    std::jthread thread_;
};

} // namespace allot::test
