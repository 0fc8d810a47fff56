/// A client for tests: a socket to 127.0.0.1, and what came over it.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace allot::http {

/// One answer.
struct Reply {
    std::string head;
    std::string body;

    /// "200"; "" where the connection ended without an answer.
    [[nodiscard]] std::string status() const { return head.size() < 12 ? "" : head.substr(9, 3); }
    [[nodiscard]] bool says(std::string_view line) const {
        return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
    }
};

class WireClient {
  public:
    explicit WireClient(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        // Nothing waits so long but for a server that is broken.
        const timeval patience{.tv_sec = 60, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(socket_);
            throw std::runtime_error("cannot connect");
        }
    }
    WireClient(const WireClient&) = delete;
    WireClient& operator=(const WireClient&) = delete;
    WireClient(WireClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), got_(std::move(other.got_)) {}
    WireClient& operator=(WireClient&&) = delete;
    ~WireClient() { close(); }

    void close() {
        if (socket_ >= 0) {
            ::close(std::exchange(socket_, -1));
        }
    }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    /// False: the server has closed.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// Whether something came, or the end, within some milliseconds.
    [[nodiscard]] bool has_news(int milliseconds) const {
        pollfd one{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&one, 1, milliseconds) == 1;
    }
    /// Up to and with `marker`, or to the end.
    std::string receive_until(std::string_view marker) {
        std::size_t at = got_.find(marker);
        while (at == std::string::npos && receive_some()) {
            at = got_.find(marker);
        }
        return take(at == std::string::npos ? got_.size() : at + marker.size());
    }
    std::string receive_all() {
        while (receive_some()) {
        }
        return take(got_.size());
    }
    Reply receive(bool head_only = false) {
        Reply reply{.head = receive_until("\r\n\r\n"), .body = {}};
        const std::size_t length = reply.head.find("content-length: ");
        if (head_only || length == std::string::npos) {
            return reply;
        }
        const std::size_t size = std::stoul(reply.head.substr(length + 16));
        while (got_.size() < size && receive_some()) {
        }
        reply.body = take(std::min(size, got_.size()));
        return reply;
    }
    Reply ask(std::string_view request) {
        send(request);
        return receive();
    }

  private:
    bool receive_some() {
        char bytes[65536];
        const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
        if (count > 0) {
            got_.append(bytes, static_cast<std::size_t>(count));
        }
        return count > 0;
    }
    std::string take(std::size_t size) {
        std::string taken = got_.substr(0, size);
        got_.erase(0, size);
        return taken;
    }

    int socket_;
    std::string got_;
};

/// Each connection of a test is two files of one process.
inline bool allow_files(rlim_t count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(count, limit.rlim_max));
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

} // namespace allot::http
