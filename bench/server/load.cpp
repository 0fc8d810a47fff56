/// load PORT RATE SECONDS READS [WRITES SHARE [CONNECTIONS]]
/// Sends the requests of the files READS and WRITES to 127.0.0.1 and prints one JSON object: how
/// many were answered, by which status, and how long they took.
///
/// RATE is how many a second. They are due at random moments with that mean, as people come,
/// whether or not earlier ones were answered; each is timed from when it was due. So a server that
/// stands still is charged with all who waited (no coordinated omission). RATE 0 is the closed
/// loop: each of CONNECTIONS (16) asks again as soon as it has its answer.
///
/// A file has requests one after the other, each as a line with its length in bytes and then
/// itself. Reads are taken in turn, again from the beginning; a write is sent once, and where all
/// were sent the run ends. SHARE is how many of all requests are writes, from 0 to 1.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <random>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

constexpr std::size_t most_connections = 64;    ///< more than that wait here, and are timed
constexpr int closed_connections = 16;          ///< as many as wrk is given
constexpr std::chrono::seconds last_answers{5}; ///< for those that are under way at the end

[[noreturn]] void give_up(const std::string& why) {
    fmt::print(stderr, "load: {}\n", why);
    std::exit(1);
}

[[nodiscard]] std::vector<std::string> requests_in(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) {
        std::string request(std::stoul(line), '\0');
        file.read(request.data(), static_cast<std::streamsize>(request.size()));
        all.push_back(std::move(request));
    }
    if (all.empty()) {
        give_up(fmt::format("{} has no requests", path));
    }
    return all;
}

/// What is asked next.
class Requests {
  public:
    Requests(std::vector<std::string> reads, std::vector<std::string> writes, double share)
        : reads_(std::move(reads)), writes_(std::move(writes)), share_(share) {}

    /// None: all writes were sent.
    [[nodiscard]] const std::string* next(std::mt19937_64& chance) {
        if (std::bernoulli_distribution(share_)(chance)) {
            return next_write_ == writes_.size() ? nullptr : &writes_[next_write_++];
        }
        const std::string& read = reads_[next_read_];
        next_read_ = (next_read_ + 1) % reads_.size();
        return &read;
    }

  private:
    std::vector<std::string> reads_;
    std::vector<std::string> writes_;
    double share_;
    std::size_t next_read_ = 0;
    std::size_t next_write_ = 0;
};

/// One connection, which is kept; at most one request at a time.
class Connection {
  public:
    explicit Connection(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const void* const address = &to;
        if (::connect(socket_, static_cast<const sockaddr*>(address), sizeof to) != 0) {
            give_up(fmt::format("nobody answers at port {}", port));
        }
        const int yes = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    Connection(Connection&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), busy_(other.busy_), due_(other.due_),
          in_(std::move(other.in_)) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection& operator=(Connection&&) = delete;
    ~Connection() {
        if (socket_ >= 0) {
            ::close(socket_);
        }
    }

    void ask(std::string_view request, TimePoint due) {
        busy_ = true;
        due_ = due;
        in_.clear();
        while (!request.empty()) {
            const auto sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                give_up("the server has closed a connection before a request");
            }
            request.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// Takes what has come. The status, once the answer is whole.
    [[nodiscard]] std::optional<int> take() {
        std::array<char, 65536> some{};
        const auto count = ::recv(socket_, some.data(), some.size(), MSG_DONTWAIT);
        if (count == 0) {
            give_up("the server has closed a connection that waited for an answer");
        }
        if (count > 0) {
            in_.append(some.data(), static_cast<std::size_t>(count));
        }
        const auto status = whole_status();
        busy_ = !status;
        return status;
    }

    [[nodiscard]] int socket() const { return socket_; }
    [[nodiscard]] bool busy() const { return busy_; }
    [[nodiscard]] TimePoint due() const { return due_; }

  private:
    /// Answers here have a length, or no body because of their status.
    [[nodiscard]] std::optional<int> whole_status() const {
        constexpr std::string_view end_of_head = "\r\n\r\n";
        const std::size_t head = in_.find(end_of_head);
        if (head == std::string::npos) {
            return std::nullopt;
        }
        const int status = std::atoi(in_.c_str() + std::string_view("HTTP/1.1 ").size());
        const std::size_t body = status == 204 || status == 304 ? 0 : length_in(head);
        return in_.size() >= head + end_of_head.size() + body ? std::optional(status)
                                                              : std::nullopt;
    }

    [[nodiscard]] std::size_t length_in(std::size_t head) const {
        constexpr std::string_view name = "ontent-length: ";
        std::size_t at = in_.find(name);
        if (at == std::string::npos || at > head) {
            at = in_.find("ontent-Length: "); // as nginx writes it
        }
        if (at == std::string::npos || at > head) {
            give_up("an answer without content-length");
        }
        return std::strtoul(in_.c_str() + at + name.size(), nullptr, 10);
    }

    int socket_;
    bool busy_ = false;
    TimePoint due_;
    std::string in_;
};

class Load {
  public:
    /// `closed`: how many connections where the rate is 0.
    Load(std::uint16_t port, double rate, std::chrono::duration<double> lasts, Requests requests,
         std::size_t closed)
        : rate_(rate), lasts_(lasts), requests_(std::move(requests)) {
        const std::size_t count = rate > 0 ? most_connections : closed;
        connections_.reserve(count);
        for (std::size_t k = 0; k < count; ++k) {
            connections_.emplace_back(port);
        }
    }

    void run() {
        began_ = Clock::now();
        const auto end = began_ + std::chrono::duration_cast<Clock::duration>(lasts_);
        TimePoint due = began_;
        bool open = true;
        while (open || !waiting_.empty() || busy() != 0) {
            const TimePoint now = Clock::now();
            open = open && !over_ && now < end;
            if (now > end + last_answers) {
                give_up("answers do not come");
            }
            while (open && rate_ > 0 && due <= now) {
                waiting_.push_back(due);
                due += gap();
            }
            send_waiting(open, now);
            wait(open && rate_ > 0 ? due : now + std::chrono::milliseconds(100));
            ended_ = Clock::now();
        }
    }

    void print() {
        std::ranges::sort(took_ms_);
        const auto at = [&](double share) {
            const auto last = static_cast<double>(took_ms_.size()) - 1;
            return took_ms_.empty() ? 0 : took_ms_[static_cast<std::size_t>(share * last)];
        };
        std::string statuses;
        for (const auto& [status, count] : statuses_) {
            statuses += fmt::format("{}\"{}\": {}", statuses.empty() ? "" : ", ", status, count);
        }
        fmt::print(
            "{{\"answers\": {}, \"seconds\": {:.4f}, \"p50_ms\": {:.3f}, \"p99_ms\": {:.3f}, "
            "\"max_ms\": {:.3f}, \"status\": {{{}}}}}\n",
            took_ms_.size(), std::chrono::duration<double>(ended_ - began_).count(), at(0.5),
            at(0.99), at(1), statuses);
    }

  private:
    [[nodiscard]] Clock::duration gap() {
        const std::chrono::duration<double> next{std::exponential_distribution(rate_)(chance_)};
        return std::chrono::duration_cast<Clock::duration>(next);
    }

    [[nodiscard]] std::size_t busy() const {
        return static_cast<std::size_t>(std::ranges::count_if(connections_, &Connection::busy));
    }

    /// Whoever is due first gets the first connection that is free.
    void send_waiting(bool open, TimePoint now) {
        for (Connection& connection : connections_) {
            const bool closed_loop = rate_ <= 0 && open && !over_;
            if (connection.busy() || (waiting_.empty() && !closed_loop)) {
                continue;
            }
            const std::string* const request = requests_.next(chance_);
            if (request == nullptr) {
                over_ = true;
                waiting_.clear();
                return;
            }
            connection.ask(*request, closed_loop ? now : waiting_.front());
            if (!closed_loop) {
                waiting_.pop_front();
            }
        }
    }

    /// Until something comes, or `until`.
    void wait(TimePoint until) {
        std::vector<pollfd> asked;
        std::vector<Connection*> whose;
        for (Connection& connection : connections_) {
            if (connection.busy()) {
                asked.push_back({connection.socket(), POLLIN, 0});
                whose.push_back(&connection);
            }
        }
        const auto left = std::max(until - Clock::now(), Clock::duration::zero());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec most{seconds.count(), (left - seconds).count()};
        if (::ppoll(asked.data(), asked.size(), &most, nullptr) <= 0) {
            return;
        }
        for (std::size_t k = 0; k < asked.size(); ++k) {
            if (asked[k].revents == 0) {
                continue;
            }
            if (const auto status = whose[k]->take()) {
                const std::chrono::duration<double, std::milli> took =
                    Clock::now() - whose[k]->due();
                took_ms_.push_back(took.count());
                ++statuses_[*status];
            }
        }
    }

    double rate_;
    std::chrono::duration<double> lasts_;
    Requests requests_;
    std::vector<Connection> connections_;
    std::deque<TimePoint> waiting_; ///< due, and no connection was free
    bool over_ = false;             ///< there is nothing more to send
    std::mt19937_64 chance_{20260101};
    TimePoint began_;
    TimePoint ended_;
    std::vector<double> took_ms_;
    std::map<int, std::size_t> statuses_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 5 && argc != 7 && argc != 8) {
        fmt::print(stderr, "load PORT RATE SECONDS READS [WRITES SHARE [CONNECTIONS]]\n");
        return 2;
    }
    const bool writes = argc >= 7;
    const int closed = argc == 8 ? std::atoi(argv[7]) : closed_connections;
    Requests requests(requests_in(argv[4]),
                      writes ? requests_in(argv[5]) : std::vector<std::string>(),
                      writes ? std::atof(argv[6]) : 0);
    Load load(static_cast<std::uint16_t>(std::atoi(argv[1])), std::atof(argv[2]),
              std::chrono::duration<double>(std::atof(argv[3])), std::move(requests),
              static_cast<std::size_t>(closed));
    load.run();
    load.print();
    return 0;
}
