#include "platform/http/events.hpp"
#include "platform/http/server.hpp"
#include "platform/http/silent_log.hpp"
#include "platform/http/wire_client.hpp"

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;
using namespace std::chrono_literals;

namespace {

[[nodiscard]] HttpResponse echo(const HttpRequest& request) {
    HttpResponse response{.text = request.path() + " " + request.body, .route = "/*"};
    response.set("content-type", "text/plain; charset=utf-8");
    return response;
}

constexpr std::size_t large = std::size_t{8} << 20U;
[[nodiscard]] std::size_t large_bodies(const HttpRequest&) {
    return large;
}

/// A server in a thread of its own.
class Running {
  public:
    explicit Running(Handler handler = echo, ServerOptions options = {},
                     BodyLimit limit = large_bodies)
        : Running(Handlers{.answer = std::move(handler), .body_limit = std::move(limit)},
                  std::move(options)) {}
    explicit Running(Handlers handlers, ServerOptions options = {}) {
        auto listening = Server::listen(std::move(options), std::move(handlers), log_);
        REQUIRE(listening);
        server_ = *std::move(listening);
        thread_ = std::jthread([this] { server_->run(); });
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { join(); }

    [[nodiscard]] WireClient connect() const { return WireClient(server_->port()); }
    void stop() { server_->stop(); }
    /// What was logged from its beginning to its end.
    std::string join() {
        stop();
        if (thread_.joinable()) {
            thread_.join();
        }
        return log_.written;
    }

  private:
    SilentLog log_;
    std::unique_ptr<Server> server_;
    std::jthread thread_;
};

[[nodiscard]] std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

[[nodiscard]] std::string post(std::string_view headers, std::string_view body = "") {
    return "POST /f HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n" +
           std::string(body);
}

[[nodiscard]] std::string post_of(std::string_view body) {
    return post("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

} // namespace

TEST_CASE("requests are answered one after the other over one connection") {
    const Running server;
    WireClient client = server.connect();
    const Reply first = client.ask(get("/a"));
    CHECK(first.status() == "200");
    CHECK(first.body == "/a ");
    CHECK(first.head.find("\r\ndate: ") != std::string::npos);
    CHECK(first.head.find("\r\nserver: ") == std::string::npos);
    CHECK(client.ask(post_of("b")).body == "/f b");
    client.send(get("/1") + get("/2") + "HEAD /3 HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/4"));
    CHECK(client.receive().body == "/1 ");
    CHECK(client.receive().body == "/2 ");
    CHECK(client.receive(true).says("content-length: 3"));
    CHECK(client.receive().body == "/4 ");
}

TEST_CASE("what needs no waiting is answered while all workers wait") {
    std::latch asked(1);
    std::latch go_on(1);
    const auto waits = [&](const HttpRequest& request) {
        asked.count_down();
        go_on.wait();
        return echo(request);
    };
    const auto knows = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path() == "/throws") {
            throw std::runtime_error("a secret");
        }
        return request.path() == "/known" ? std::optional(echo(request)) : std::nullopt;
    };
    Running server({.answer = waits, .at_once = knows}, {.workers = 1});
    WireClient waiting = server.connect();
    waiting.send(get("/unknown"));
    asked.wait();
    WireClient client = server.connect();
    CHECK(client.ask(get("/known")).body == "/known ");
    CHECK(client.ask(get("/throws")).status() == "500");
    CHECK(client.ask(get("/known")).body == "/known ");
    go_on.count_down();
    CHECK(waiting.receive().body == "/unknown ");
    CHECK(server.join().find("a secret") == std::string::npos);
}

TEST_CASE("large bodies go both ways") {
    const Running server;
    const std::string body(large, 'x');
    WireClient client = server.connect();
    std::jthread sending([&] { client.send(post_of(body)); });
    CHECK(client.receive().body == "/f " + body);
}

TEST_CASE("a client that has ended its side is still answered") {
    const Running server;
    WireClient client = server.connect();
    client.send(get("/a"));
    client.end_sending();
    CHECK(client.receive().body == "/a ");
    CHECK(client.receive_all().empty());
}

TEST_CASE("many clients at once are each answered with their own") {
    const Running server;
    std::vector<std::jthread> clients;
    std::atomic<int> right = 0;
    for (int k = 0; k < 8; ++k) {
        clients.emplace_back([&, k] {
            WireClient client = server.connect();
            for (int n = 0; n < 50; ++n) {
                const std::string own = std::to_string(k) + "-" + std::to_string(n);
                right += client.ask(post_of(own)).body == "/f " + own ? 1 : 0;
            }
        });
    }
    clients.clear();
    CHECK(right == 400);
}

TEST_CASE("500 slow connections do not keep anybody waiting") {
    constexpr std::size_t slow_ones = 500;
    REQUIRE(allow_files(2 * slow_ones + 100));
    const Running server(
        echo, {.max_connections_of_one = slow_ones + 10, .head_time = 10min, .body_time = 10min});
    std::vector<WireClient> slow;
    for (std::size_t k = 0; k < slow_ones; ++k) {
        slow.push_back(server.connect());
        slow.back().send(k % 2 == 0 ? "GET / HTTP/1.1\r\n" : post("Content-Length: 1000\r\n"));
    }
    WireClient ordinary = server.connect();
    for (int round = 0; round < 10; ++round) {
        for (WireClient& one : slow) {
            REQUIRE(one.send("x"));
        }
        for (int k = 0; k < 20; ++k) {
            REQUIRE(ordinary.ask(get("/a")).status() == "200");
        }
        REQUIRE(server.connect().ask(get("/a")).status() == "200");
    }
}

TEST_CASE("a head has one deadline, whatever still arrives") {
    const Running server(echo, {.head_time = 50ms});
    WireClient client = server.connect();
    client.send("GET / HTTP/1.1\r\nX: ");
    for (int k = 0; k < 5000 && !client.has_news(1); ++k) {
        client.send("x");
    }
    CHECK(client.receive().status() == "408");
}

TEST_CASE("a body that does not come has a deadline") {
    const Running server(echo, {.body_time = 50ms});
    WireClient client = server.connect();
    client.send(post("Content-Length: 1000\r\n", "abc"));
    CHECK(client.receive().status() == "408");
    CHECK(client.receive_all().empty());
}

TEST_CASE("an idle connection is closed without a word") {
    const Running server(echo, {.idle_time = 50ms});
    CHECK(server.connect().receive_all().empty());
    WireClient client = server.connect();
    CHECK(client.ask(get("/a")).status() == "200");
    CHECK(client.receive_all().empty());
}

TEST_CASE("a client that does not read is let go") {
    const std::string text(std::size_t{64} << 20U, 'x');
    const Running server(
        [&](const HttpRequest&) { return HttpResponse{.text = text}; },
        {.max_connections = 1, .body_time = 50ms, .slowest_rate = std::size_t{1} << 40U});
    WireClient greedy = server.connect();
    greedy.send(get("/a"));
    CHECK(greedy.has_news(60000));
    // There is room for one: another is answered once the first was let go.
    std::string status;
    for (int k = 0; k < 100000 && status != "200"; ++k) {
        WireClient other = server.connect();
        other.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        status = other.receive(true).status();
    }
    CHECK(status == "200");
}

TEST_CASE("one address has a number of connections, and gets them back") {
    const Running server(echo, {.max_connections_of_one = 2});
    WireClient first = server.connect();
    WireClient second = server.connect();
    CHECK(first.ask(get("/a")).status() == "200");
    CHECK(second.ask(get("/a")).status() == "200");
    CHECK(server.connect().receive().status() == "503");
    first.close();
    std::string status = "503";
    for (int k = 0; k < 100000 && status != "200"; ++k) {
        status = server.connect().ask(get("/a")).status();
    }
    CHECK(status == "200");
}

TEST_CASE("a proxy has as many connections as there are") {
    const Running server(
        echo, {.proxies = {"127.0.0.1"}, .max_connections = 4, .max_connections_of_one = 1});
    std::vector<WireClient> clients;
    for (int k = 0; k < 4; ++k) {
        clients.push_back(server.connect());
        CHECK(clients.back().ask(get("/a")).status() == "200");
    }
    CHECK(server.connect().receive().status() == "503");
}

TEST_CASE("an upload that is too large is refused before it was sent") {
    const Running server(echo, {}, [](const HttpRequest& head) {
        return head.header("cookie").empty() ? std::size_t{10} : large;
    });
    WireClient asking = server.connect();
    asking.send(post("Content-Length: 100\r\nExpect: 100-continue\r\n"));
    CHECK(asking.receive().status() == "413");
    WireClient sending = server.connect();
    std::jthread upload([&] { sending.send(post_of(std::string(std::size_t{4} << 20U, 'x'))); });
    CHECK(sending.receive().status() == "413");
    upload.join();
    WireClient chunked = server.connect();
    CHECK(chunked.ask(post("Transfer-Encoding: chunked\r\n", "b\r\n01234567890\r\n")).status() ==
          "413");
    WireClient known = server.connect();
    known.send(post("Cookie: s=t\r\nContent-Length: 100\r\nExpect: 100-continue\r\n"));
    CHECK(known.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(known.ask(std::string(100, 'b')).status() == "200");
}

TEST_CASE("what a handler throws is a 500 and its type in the log") {
    Running server([](const HttpRequest& request) -> HttpResponse {
        if (request.parts.front() == "odd") {
            throw 7;
        }
        throw std::runtime_error("bound value 4711");
    });
    WireClient client = server.connect();
    CHECK(client.ask(get("/a")).status() == "500");
    CHECK(client.ask(get("/odd")).status() == "500");
    const std::string log = server.join();
    CHECK(log.find(R"("type":"std::runtime_error")") != std::string::npos);
    CHECK(log.find(R"("type":"int")") != std::string::npos);
    CHECK(log.find("4711") == std::string::npos);
}

TEST_CASE("nothing may be sent where the limit cannot be asked") {
    const Running server(echo, {},
                         [](const HttpRequest&) -> std::size_t { throw std::runtime_error("x"); });
    WireClient client = server.connect();
    CHECK(client.ask(post_of("b")).status() == "413");
}

TEST_CASE("the log tells of each request, and not what was asked or by whom") {
    Running server;
    WireClient client = server.connect();
    client.ask("GET /private/path?q=query HTTP/1.1\r\nHost: localhost\r\nCookie: s=cookie\r\n\r\n");
    client.ask("GET /private/.. HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string log = server.join();
    CHECK(log.find(R"("method":"GET","route":"/*","status":200,"ms":)") != std::string::npos);
    CHECK(log.find(R"("status":400)") != std::string::npos);
    for (const char* word : {"private", "query", "cookie", "127.0.0.1"}) {
        CHECK(log.find(word) == std::string::npos);
    }
}

TEST_CASE("a request under way is answered when the server stops") {
    std::latch entered(1);
    std::latch release(1);
    Running server([&](const HttpRequest& request) {
        entered.count_down();
        release.wait();
        return echo(request);
    });
    WireClient busy = server.connect();
    WireClient idle = server.connect();
    busy.send(get("/a"));
    entered.wait();
    server.stop();
    server.stop();
    CHECK(idle.receive_all().empty()); // closed at once
    release.count_down();
    const Reply reply = busy.receive();
    CHECK(reply.body == "/a ");
    CHECK(reply.says("connection: close"));
    CHECK(server.join().find(R"("event":"stopped","cut_off":0)") != std::string::npos);
    CHECK_THROWS(server.connect());
}

TEST_CASE("a server that stops does not wait for ever") {
    Running server(echo, {.drain_time = 20ms});
    WireClient client = server.connect();
    client.send(post("Content-Length: 1000\r\n", "abc"));
    CHECK(server.connect().ask(get("/a")).status() ==
          "200"); // the first has been read before this one
    CHECK(server.join().find(R"("event":"stopped")") != std::string::npos);
    CHECK(client.receive_all().empty());
}

TEST_CASE("events arrive as they are sent, until the stream is closed") {
    const auto stream = std::make_shared<EventStream>();
    const Running server([&](const HttpRequest&) { return HttpResponse{.events = stream}; });
    WireClient client = server.connect();
    const Reply reply = client.ask(get("/events"));
    CHECK(reply.says("content-type: text/event-stream"));
    for (int k = 0; k < 100; ++k) {
        CHECK(stream->send("hand", std::to_string(k)));
        CHECK(client.receive_until("\n\n") == "event: hand\ndata: " + std::to_string(k) + "\n\n");
    }
    stream->send("", "last");
    stream->close();
    CHECK(client.receive_all() == "data: last\n\n");
}

TEST_CASE("a stream of events says that it is alive") {
    const auto stream = std::make_shared<EventStream>();
    const Running server([&](const HttpRequest&) { return HttpResponse{.events = stream}; },
                         {.event_pause = 10ms});
    WireClient client = server.connect();
    client.ask(get("/events"));
    CHECK(client.receive_until("\n\n") == ":\n\n");
    CHECK(client.receive_until("\n\n") == ":\n\n");
}

TEST_CASE("a reader of events that goes away closes the stream") {
    const auto stream = std::make_shared<EventStream>();
    std::latch gone(1);
    stream->when_closed([&] { gone.count_down(); });
    const Running server([&](const HttpRequest&) { return HttpResponse{.events = stream}; });
    WireClient client = server.connect();
    client.ask(get("/events"));
    client.close();
    gone.wait();
    CHECK_FALSE(stream->send("", "x"));
}

TEST_CASE("streams of events end when the server stops") {
    const auto stream = std::make_shared<EventStream>();
    Running server([&](const HttpRequest&) { return HttpResponse{.events = stream}; });
    WireClient client = server.connect();
    client.ask(get("/events"));
    CHECK(server.join().find(R"("cut_off":0)") != std::string::npos);
    CHECK(stream->closed());
    CHECK(client.receive_all().empty());
}

TEST_CASE("a stream outlives its server") {
    const auto stream = std::make_shared<EventStream>();
    {
        const Running server([&](const HttpRequest&) { return HttpResponse{.events = stream}; },
                             {.drain_time = 0ms});
        WireClient client = server.connect();
        client.ask(get("/events"));
    }
    CHECK_FALSE(stream->send("", "x"));
}

TEST_CASE("a port that is taken and an address of elsewhere are told") {
    SilentLog log;
    const auto first = Server::listen({}, {echo, large_bodies}, log);
    REQUIRE(first);
    const auto second = Server::listen({.port = (*first)->port()}, {echo, large_bodies}, log);
    REQUIRE_FALSE(second);
    CHECK(second.error().message.find("is taken") != std::string::npos);
    CHECK_FALSE(Server::listen({.address = "192.0.2.1"}, {echo, large_bodies}, log));
    CHECK_FALSE(Server::listen({.address = "nowhere"}, {echo, large_bodies}, log));
    CHECK_FALSE(Server::listen({.proxies = {"x"}}, {echo, large_bodies}, log));
}

TEST_CASE("a server that was stopped before it ran returns at once") {
    SilentLog log;
    const auto server = Server::listen({}, {echo, large_bodies}, log);
    REQUIRE(server);
    (*server)->stop();
    (*server)->run();
}
