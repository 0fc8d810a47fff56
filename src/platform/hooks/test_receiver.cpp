#include "platform/hooks/test_receiver.hpp"

#include "base/result.hpp"
#include "base/text.hpp"

#include <array>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::test {

namespace {

constexpr int tick_ms = 20;

[[nodiscard]] bool is_ready(int socket) {
    pollfd asked{.fd = socket, .events = POLLIN, .revents = 0};
    return ::poll(&asked, 1, tick_ms) == 1;
}

/// More of what comes; false where the other end has closed, or nobody waits for it any more.
[[nodiscard]] bool read_more(int socket, std::string& all, const std::stop_token& stop) {
    while (!is_ready(socket)) {
        if (stop.stop_requested()) {
            return false;
        }
    }
    std::array<char, 4096> some{};
    const auto n = ::recv(socket, some.data(), some.size(), 0);
    if (n <= 0) {
        return false;
    }
    all.append(some.data(), static_cast<std::size_t>(n));
    return true;
}

[[nodiscard]] Received parsed(std::string_view head) {
    Received received;
    received.line = head.substr(0, head.find("\r\n"));
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;) {
        const std::size_t end = head.find("\r\n", at + 2);
        const std::string_view line = head.substr(at + 2, end - at - 2);
        if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
            received.headers[text::lower_ascii(line.substr(0, colon))] =
                text::trim(line.substr(colon + 1));
        }
        at = end;
    }
    return received;
}

} // namespace

Receiver::Receiver() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    void* const at = &here;
    const bool listens = ::bind(listener_, static_cast<sockaddr*>(at), size) == 0 &&
                         ::listen(listener_, 8) == 0 &&
                         ::getsockname(listener_, static_cast<sockaddr*>(at), &size) == 0;
    ALLOT_CHECK(listens, "a test can listen on this machine");
    port_ = ntohs(here.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

Receiver::~Receiver() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
}

std::string Receiver::url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

void Receiver::then(const Reply& reply) {
    const std::lock_guard lock(mutex_);
    replies_.push_back(reply);
}

std::vector<Received> Receiver::received() {
    const std::lock_guard lock(mutex_);
    return received_;
}

Reply Receiver::next() {
    const std::lock_guard lock(mutex_);
    if (replies_.empty()) {
        return {};
    }
    const Reply reply = replies_.front();
    replies_.pop_front();
    return reply;
}

void Receiver::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (is_ready(listener_)) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            serve_one(socket, stop);
            ::close(socket);
        }
    }
}

void Receiver::serve_one(int socket, const std::stop_token& stop) {
    const Reply reply = next();
    if (reply.how == Reply::How::turn_away) {
        return;
    }
    std::string all;
    while (all.find("\r\n\r\n") == std::string::npos) {
        if (!read_more(socket, all, stop)) {
            return;
        }
    }
    const std::size_t head = all.find("\r\n\r\n");
    Received received = parsed(std::string_view(all).substr(0, head));
    const auto size =
        static_cast<std::size_t>(text::parse_int(received.headers["content-length"]).value_or(0));
    while (all.size() < head + 4 + size) {
        if (!read_more(socket, all, stop)) {
            return;
        }
    }
    received.body = all.substr(head + 4);
    {
        const std::lock_guard lock(mutex_);
        received_.push_back(std::move(received));
    }
    if (reply.how == Reply::How::hang) {
        std::string rest;
        while (read_more(socket, rest, stop)) {
        }
    }
    if (reply.how == Reply::How::answer) {
        const std::string answer =
            fmt::format("HTTP/1.1 {} Answer\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{}",
                        reply.status, reply.body.size(), reply.headers, reply.body);
        [[maybe_unused]] const auto sent =
            ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
}

} // namespace allot::test
