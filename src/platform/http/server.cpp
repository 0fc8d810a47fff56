// The sockets. What is said over them is decided in conversation.cpp.
#include "platform/http/server.hpp"

#include "base/limits.hpp"
#include "base/result.hpp"
#include "platform/http/answer.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/conversation.hpp"
#include "platform/http/events.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cxxabi.h>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/core/demangle.hpp>
#include <fmt/format.h>
#include <sodium/core.h>

namespace allot::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using SteadyClock = asio::steady_timer::clock_type;
using TimePoint = SteadyClock::time_point;

constexpr auto with_error = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 4096;
constexpr std::size_t write_bytes = 65536;
constexpr int send_buffer_bytes = 131072;
/// After the last answer, what the client still sends is taken and dropped for a while: closing on
/// it would reset the connection, and the answer might never be seen.
constexpr std::chrono::seconds linger_time{2};
constexpr std::size_t linger_bytes = std::size_t{1} << 20U;
/// Where the system has no more sockets, accepting is tried again after a while.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n"
    "content-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\n\r\nToo many connections\n";

/// Of the exception that is being handled. Never what() it says: that may hold values.
[[nodiscard]] std::string current_exception_type() {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return type == nullptr ? "unknown" : boost::core::demangle(type->name());
}

class Connection;

/// Everything but the handlers runs on the thread that calls `run`, so nothing here is locked.
class AsioServer final : public Server {
  public:
    AsioServer(ServerOptions options, Gate gate, Handlers handlers, Log& log)
        : options_(std::move(options)), gate_(std::move(gate)), handlers_(std::move(handlers)),
          log_(log), workers_(std::max(options_.workers, 1U)) {}
    ~AsioServer() override;

    [[nodiscard]] Result<std::unique_ptr<Server>> static opened(std::unique_ptr<AsioServer> server);

    [[nodiscard]] std::uint16_t port() const override { return port_; }
    void run() override;
    void stop() override;

  private:
    friend class Connection;

    asio::awaitable<void> accept_all();
    void take(tcp::socket socket);
    void turn_away(tcp::socket socket);
    void serve(const std::shared_ptr<Connection>& connection);
    void begin_drain();
    void end_if_empty();
    void left(Connection& connection);
    [[nodiscard]] std::string_view date();
    [[nodiscard]] std::optional<Answer> answer_at_once(const HttpRequest& request);
    [[nodiscard]] Answer answer_of(const HttpRequest& request);
    [[nodiscard]] Answer answer_to_throw(const HttpRequest& request);
    [[nodiscard]] std::size_t limit_of(const HttpRequest& request);

    /// Runs `work` on a worker and goes on here.
    template <class Work>
    asio::awaitable<void> on_worker(Work work);

    ServerOptions options_;
    Gate gate_;
    Handlers handlers_;
    Log& log_;
    std::uint16_t port_ = 0;
    std::string date_;
    std::chrono::sys_seconds date_of_;
    std::set<Connection*> open_;
    std::unordered_map<std::string, std::size_t> of_network_;
    TimePoint told_turned_away_;
    bool draining_ = false;
    std::atomic<bool> abandoned_ = false; ///< handlers that have not begun need not

    asio::io_context io_{1};
    asio::thread_pool workers_;
    tcp::acceptor acceptor_{io_};
    asio::steady_timer pause_{io_};
    asio::steady_timer drain_timer_{io_};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
};

/// One client. Lives in its coroutine.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(AsioServer& server, tcp::socket socket, const std::string& peer)
        : server_(server), socket_(std::move(socket)), deadline_(server.io_), wake_(server.io_),
          talk_(server.gate_, server.options_.max_head_bytes, peer),
          network_(client_network(peer)) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    asio::awaitable<void> serve();
    void drain();
    void cut_off();
    [[nodiscard]] const std::string& network() const { return network_; }

  private:
    asio::awaitable<void> read();
    asio::awaitable<void> ask_limit();
    asio::awaitable<void> ask_handler();
    asio::awaitable<void> write();
    asio::awaitable<bool> write_all(std::string_view head, std::string_view body);
    asio::awaitable<void> stream();
    asio::awaitable<void> linger();
    void watch_reader(const std::shared_ptr<EventStream>& events);
    void log_answer();

    void due(TimePoint at);
    void arm();
    void set_phase_deadline();

    AsioServer& server_;
    tcp::socket socket_;
    asio::steady_timer deadline_;
    asio::steady_timer wake_; ///< of `stream`, cancelled when there is something to do
    Conversation talk_;
    std::string network_;
    std::array<char, read_bytes> in_{};

    TimePoint due_ = TimePoint::max();
    bool armed_ = false;
    bool late_ = false;
    Phase timed_phase_ = Phase::idle;
    bool timing_ = false; ///< whether `due_` is that of `timed_phase_`
    TimePoint phase_began_;
    std::size_t phase_bytes_ = 0;
    bool may_cancel_ = false; ///< waits for a client that owes nothing
    TimePoint asked_at_;
    std::int64_t handled_ms_ = 0;
    std::size_t written_bytes_ = 0;
};

// ---- deadlines
// -------------------------------------------------------------------------------------

/// One timer that is rarely set: where the deadline only moves away, it is looked at when it fires.
void Connection::due(TimePoint at) {
    due_ = at;
    late_ = false;
    if (at != TimePoint::max() && (!armed_ || deadline_.expiry() > at)) {
        arm();
    }
}

void Connection::arm() {
    armed_ = true;
    deadline_.expires_at(due_);
    deadline_.async_wait([weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        if (error || !self) {
            return;
        }
        self->armed_ = false;
        if (self->due_ == TimePoint::max()) {
            return;
        }
        if (SteadyClock::now() < self->due_) {
            self->arm();
            return;
        }
        self->late_ = true;
        error_code ignored;
        self->socket_.cancel(ignored);
        self->wake_.cancel();
    });
}

/// Each phase is timed from its beginning, however often it reads; what arrives buys time for a
/// body only.
void Connection::set_phase_deadline() {
    const ServerOptions& options = server_.options_;
    const TimePoint now = SteadyClock::now();
    if (!timing_ || timed_phase_ != talk_.phase()) {
        timing_ = true;
        timed_phase_ = talk_.phase();
        phase_began_ = now;
        phase_bytes_ = 0;
    }
    switch (timed_phase_) {
    case Phase::idle:
        return due(phase_began_ + options.idle_time);
    case Phase::head:
        return due(phase_began_ + options.head_time);
    case Phase::body:
        return due(phase_began_ + options.body_time +
                   std::chrono::seconds(phase_bytes_ / options.slowest_rate));
    }
}

// ---- one connection
// --------------------------------------------------------------------------------

asio::awaitable<void> Connection::serve() {
    for (;;) {
        switch (talk_.next()) {
        case Step::read:
            co_await read();
            break;
        case Step::limit:
            co_await ask_limit();
            break;
        case Step::handle:
            co_await ask_handler();
            break;
        case Step::write:
            co_await write();
            break;
        case Step::stream:
            co_await stream();
            co_return;
        case Step::end:
            if (talk_.lingers()) {
                co_await linger();
            }
            co_return;
        }
    }
}

asio::awaitable<void> Connection::read() {
    set_phase_deadline();
    may_cancel_ = talk_.phase() == Phase::idle;
    const auto [error, count] = co_await socket_.async_read_some(asio::buffer(in_), with_error);
    may_cancel_ = false;
    phase_bytes_ += count;
    if (late_) {
        talk_.late();
    } else if (error) {
        talk_.ended();
    }
    talk_.received(std::string_view(in_.data(), count));
}

asio::awaitable<void> Connection::ask_limit() {
    due(TimePoint::max());
    std::size_t limit = 0;
    co_await server_.on_worker([&] { limit = server_.limit_of(talk_.request()); });
    talk_.allow(limit);
}

asio::awaitable<void> Connection::ask_handler() {
    due(TimePoint::max());
    asked_at_ = SteadyClock::now();
    auto answer = server_.answer_at_once(talk_.request());
    if (!answer) {
        co_await server_.on_worker([&] { answer = server_.answer_of(talk_.request()); });
    }
    handled_ms_ =
        std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - asked_at_)
            .count();
    talk_.answer(*std::move(answer));
}

asio::awaitable<void> Connection::write() {
    const auto [head, body] = talk_.outgoing(server_.date());
    const bool done = co_await write_all(head, body);
    if (talk_.is_answer()) {
        log_answer();
        timing_ = false;
    }
    if (done) {
        talk_.written();
    } else {
        talk_.abandon();
    }
}

/// False: the client has gone, or does not read.
asio::awaitable<bool> Connection::write_all(std::string_view head, std::string_view body) {
    const ServerOptions& options = server_.options_;
    const TimePoint began = SteadyClock::now();
    written_bytes_ = 0;
    while (!head.empty() || !body.empty()) {
        due(began + options.body_time +
            std::chrono::seconds(written_bytes_ / options.slowest_rate));
        const std::array buffers{
            asio::const_buffer(head.data(), head.size()),
            asio::const_buffer(body.data(), std::min(body.size(), write_bytes))};
        auto [error, count] = co_await socket_.async_write_some(buffers, with_error);
        written_bytes_ += count;
        if (error) {
            co_return false;
        }
        const std::size_t of_head = std::min(count, head.size());
        head.remove_prefix(of_head);
        body.remove_prefix(count - of_head);
    }
    co_return true;
}

void Connection::log_answer() {
    server_.log_.write(LogLevel::info, "request",
                       {{"id", talk_.request().id},
                        {"method", talk_.method()},
                        {"route", talk_.route()},
                        {"status", std::int64_t{talk_.status()}},
                        {"ms", std::exchange(handled_ms_, 0)},
                        {"bytes", static_cast<std::int64_t>(written_bytes_)},
                        {"why", talk_.why()}});
}

/// Somebody who reads events sends nothing: whatever comes is the end.
void Connection::watch_reader(const std::shared_ptr<EventStream>& events) {
    socket_.async_wait(tcp::socket::wait_read, [events](error_code) { events->close(); });
}

/// Ends a stream also where its connection is cut off with the whole server: whoever still sends
/// must not be led to a server that is gone.
struct StreamEnd {
    std::shared_ptr<EventStream> events;

    explicit StreamEnd(std::shared_ptr<EventStream> of) : events(std::move(of)) {}
    StreamEnd(const StreamEnd&) = delete;
    StreamEnd& operator=(const StreamEnd&) = delete;
    ~StreamEnd() {
        events->when_changed(nullptr);
        events->close();
    }
};

asio::awaitable<void> Connection::stream() {
    const std::shared_ptr<EventStream> events = talk_.events();
    const StreamEnd end(events);
    events->when_changed([weak = weak_from_this(), executor = server_.io_.get_executor()] {
        asio::post(executor, [weak] {
            if (const auto self = weak.lock()) {
                self->wake_.cancel();
            }
        });
    });
    watch_reader(events);
    for (bool open = true; open;) {
        // Asked before what was sent is taken: what was sent before the end goes out.
        open = !events->closed();
        std::string text = events->take();
        if (text.empty() && open) {
            due(TimePoint::max());
            wake_.expires_after(server_.options_.event_pause);
            const auto [error] = co_await wake_.async_wait(with_error);
            text = error ? "" : ":\n\n"; // a comment
        }
        open = co_await write_all(text, {}) && open;
    }
    error_code ignored;
    socket_.cancel(ignored);
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> Connection::linger() {
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    due(SteadyClock::now() + linger_time);
    may_cancel_ = true;
    for (std::size_t dropped = 0; !error && dropped < linger_bytes && !server_.draining_;) {
        auto [read_error, count] = co_await socket_.async_read_some(asio::buffer(in_), with_error);
        error = read_error;
        dropped += count;
    }
}

void Connection::drain() {
    talk_.drain();
    if (talk_.events()) {
        talk_.events()->close();
    }
    if (may_cancel_) {
        error_code ignored;
        socket_.cancel(ignored);
    }
}

void Connection::cut_off() {
    error_code ignored;
    socket_.close(ignored);
}

// ---- the server
// ------------------------------------------------------------------------------------

AsioServer::~AsioServer() {
    abandoned_ = true;
    workers_.join();
}

template <class Work>
asio::awaitable<void> AsioServer::on_worker(Work work) {
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        [&](auto done) {
            asio::post(workers_, [this, &work, done = std::move(done)]() mutable {
                work();
                asio::post(io_, std::move(done));
            });
        },
        asio::use_awaitable);
}

/// Never throws.
Answer AsioServer::answer_of(const HttpRequest& request) {
    if (abandoned_) {
        return make_refusal(request, 503, "The server is stopping");
    }
    try {
        return make_answer(request, handlers_.answer(request), log_);
    } catch (...) {
        return answer_to_throw(request);
    }
}

/// Never throws.
std::optional<Answer> AsioServer::answer_at_once(const HttpRequest& request) {
    try {
        auto response = handlers_.at_once ? handlers_.at_once(request) : std::nullopt;
        return response ? std::optional(make_answer(request, *std::move(response), log_))
                        : std::nullopt;
    } catch (...) {
        return answer_to_throw(request);
    }
}

/// To what was thrown and is being caught.
Answer AsioServer::answer_to_throw(const HttpRequest& request) {
    log_.write(LogLevel::error, "handler_threw",
               {{"id", request.id}, {"type", current_exception_type()}});
    return make_refusal(request, 500, "Something went wrong on our side");
}

/// Never throws; nothing may be sent where it could not be asked.
std::size_t AsioServer::limit_of(const HttpRequest& request) {
    try {
        return handlers_.body_limit ? handlers_.body_limit(request) : limits::max_body_bytes;
    } catch (...) {
        log_.write(LogLevel::error, "body_limit_threw",
                   {{"id", request.id}, {"type", current_exception_type()}});
    }
    return 0;
}

std::string_view AsioServer::date() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (now != date_of_) {
        date_of_ = now;
        date_ = http_date(now);
    }
    return date_;
}

void AsioServer::left(Connection& connection) {
    open_.erase(&connection);
    const auto found = of_network_.find(connection.network());
    if (--found->second == 0) {
        of_network_.erase(found);
    }
    end_if_empty();
}

asio::awaitable<void> AsioServer::accept_all() {
    while (acceptor_.is_open()) {
        auto [error, socket] = co_await acceptor_.async_accept(with_error);
        if (!error) {
            take(std::move(socket));
        } else if (error != asio::error::operation_aborted) {
            log_.write(LogLevel::warning, "accept", {{"error", error.message()}});
            pause_.expires_after(accept_pause);
            co_await pause_.async_wait(with_error);
        }
    }
}

void AsioServer::take(tcp::socket socket) {
    error_code ignored;
    const auto endpoint = socket.remote_endpoint(ignored);
    const std::string peer = plain_address(endpoint.address().to_string());
    const auto of_one = of_network_.find(client_network(peer));
    if (open_.size() >= options_.max_connections ||
        (of_one != of_network_.end() && of_one->second >= options_.max_connections_of_one &&
         !gate_.is_proxy(peer))) {
        turn_away(std::move(socket));
        return;
    }
    socket.set_option(tcp::no_delay(true), ignored);
    // What the system holds for a client counts as written: little, so that one that does not read
    // cannot hold a connection for long.
    socket.set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
    serve(std::make_shared<Connection>(*this, std::move(socket), peer));
}

/// Whoever opens thousands of connections does not write thousands of lines of the log.
void AsioServer::turn_away(tcp::socket socket) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    static_cast<void>(socket.write_some(asio::buffer(too_many), ignored));
    const TimePoint now = SteadyClock::now();
    if (now - told_turned_away_ > std::chrono::seconds(1)) {
        told_turned_away_ = now;
        log_.write(LogLevel::warning, "too_many_connections",
                   {{"open", static_cast<std::int64_t>(open_.size())}});
    }
}

void AsioServer::serve(const std::shared_ptr<Connection>& connection) {
    open_.insert(connection.get());
    ++of_network_[connection->network()];
    const auto ended = [this, connection](const std::exception_ptr& thrown) {
        left(*connection);
        try {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        } catch (...) {
            log_.write(LogLevel::error, "connection_threw", {{"type", current_exception_type()}});
        }
    };
    asio::co_spawn(io_, connection->serve(), ended);
}

void AsioServer::run() {
    asio::co_spawn(io_, accept_all(), [](const std::exception_ptr&) {});
    io_.run();
    for (Connection* connection : open_) {
        connection->cut_off();
    }
    abandoned_ = true;
    workers_.join();
    log_.write(LogLevel::info, "stopped", {{"cut_off", static_cast<std::int64_t>(open_.size())}});
}

void AsioServer::stop() {
    asio::post(io_, [this] { begin_drain(); });
}

void AsioServer::begin_drain() {
    if (std::exchange(draining_, true)) {
        return;
    }
    log_.write(LogLevel::info, "stopping", {{"open", static_cast<std::int64_t>(open_.size())}});
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (Connection* connection : open_) {
        connection->drain();
    }
    drain_timer_.expires_after(options_.drain_time);
    drain_timer_.async_wait([this](error_code error) {
        if (!error) {
            io_.stop();
        }
    });
    end_if_empty();
}

void AsioServer::end_if_empty() {
    if (draining_ && open_.empty()) {
        drain_timer_.cancel();
        work_.reset();
    }
}

[[nodiscard]] std::string why_not(const ServerOptions& options, const error_code& error) {
    const std::string at = fmt::format("{}:{}", options.address, options.port);
    if (error == asio::error::address_in_use) {
        return fmt::format(
            "port {} is taken: stop what listens there, or choose another port; with "
            "port 0 the system finds one",
            options.port);
    }
    if (error == asio::error::access_denied) {
        return fmt::format("{} is not allowed: ports below 1024 are for root; choose a higher one "
                           "and put a proxy in front",
                           at);
    }
    return fmt::format("cannot listen at {}: {}", at, error.message());
}

Result<std::unique_ptr<Server>> AsioServer::opened(std::unique_ptr<AsioServer> server) {
    const ServerOptions& options = server->options_;
    const std::string plain = options.address == "localhost" ? "127.0.0.1" : options.address;
    error_code error;
    const auto address = asio::ip::make_address(plain, error);
    if (error) {
        return fail(ErrorKind::invalid,
                    fmt::format("\"{}\" is no address of this machine, such as 127.0.0.1 or ::",
                                options.address));
    }
    tcp::acceptor& acceptor = server->acceptor_;
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return fail(ErrorKind::io, why_not(options, error));
    }
    server->port_ = acceptor.local_endpoint().port();
    return server;
}

} // namespace

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, Handlers handlers, Log& log) {
    ALLOT_CHECK(sodium_init() >= 0, "libsodium finds randomness");
    TRY(Gate gate, Gate::of(options));
    return AsioServer::opened(std::make_unique<AsioServer>(std::move(options), std::move(gate),
                                                           std::move(handlers), log));
}

} // namespace allot::http
