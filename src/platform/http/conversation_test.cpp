#include "platform/http/conversation.hpp"
#include "platform/http/events.hpp"
#include "platform/http/silent_log.hpp"

#include <functional>
#include <string>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;

namespace {

constexpr std::size_t max_head = 1000;
constexpr std::size_t max_body = 100;

/// What a connection over `bytes` writes, as they arrive in pieces of `piece` bytes.
struct Spoken {
    std::string out;
    int handled = 0;
    HttpRequest last;
    Step end = Step::read;
};

[[nodiscard]] HttpResponse echo(const HttpRequest& request) {
    HttpResponse response{.text = request.path() + " " + request.body};
    response.set("content-type", "text/plain");
    return response;
}

Spoken speak(std::string_view bytes, std::size_t piece = 1U << 20U,
             const std::function<HttpResponse(const HttpRequest&)>& handler = echo) {
    SilentLog log;
    auto gate = Gate::of(ServerOptions{});
    REQUIRE(gate);
    Conversation talk(*gate, max_head, "127.0.0.1");
    Spoken spoken;
    for (;;) {
        switch (spoken.end = talk.next()) {
        case Step::read:
            if (bytes.empty()) {
                talk.ended();
            }
            talk.received(bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
            break;
        case Step::limit:
            talk.allow(max_body);
            break;
        case Step::handle:
            ++spoken.handled;
            spoken.last = talk.request();
            talk.answer(make_answer(talk.request(), handler(talk.request()), log));
            break;
        case Step::write: {
            const auto [head, body] = talk.outgoing("now");
            spoken.out.append(head).append(body);
            talk.written();
            break;
        }
        case Step::stream:
        case Step::end:
            return spoken;
        }
    }
}

[[nodiscard]] std::string status_of(std::string_view bytes) {
    return speak(bytes).out.substr(9, 3);
}

[[nodiscard]] std::string get(std::string_view target, std::string_view more = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) +
           "\r\n";
}

[[nodiscard]] std::string post(std::string_view headers, std::string_view body) {
    return "POST /f HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n" +
           std::string(body);
}

[[nodiscard]] std::size_t count(std::string_view text, std::string_view what) {
    std::size_t times = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos;
         at = text.find(what, at + 1)) {
        ++times;
    }
    return times;
}

} // namespace

TEST_CASE("a request is answered however its bytes arrive") {
    const std::string bytes =
        get("/a?q=1", "Cookie: s=t\r\n") + post("Content-Length: 3\r\n", "abc") +
        post("Transfer-Encoding: chunked\r\n", "2\r\nab\r\n1;x=y\r\nc\r\n0\r\nt: u\r\n\r\n");
    const Spoken whole = speak(bytes);
    CHECK(whole.handled == 3);
    CHECK(whole.last.body == "abc");
    CHECK(count(whole.out, "HTTP/1.1 200 OK\r\n") == 3);
    CHECK(count(whole.out, "/f abc") == 2);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 50U}) {
        CHECK(speak(bytes, piece).out == whole.out);
    }
}

TEST_CASE("pipelined requests are answered in their order") {
    const Spoken spoken = speak(get("/1") + get("/2") + "\r\n" + get("/3"));
    const std::size_t first = spoken.out.find("/1 ");
    const std::size_t second = spoken.out.find("/2 ");
    const std::size_t third = spoken.out.find("/3 ");
    CHECK(first < second);
    CHECK(second < third);
    CHECK(third != std::string::npos);
}

TEST_CASE("a request is known by its parts") {
    const HttpRequest request = speak(get("/c/lab/?q=a+b", "X-A: 1\r\nX-Bad: \xFF\r\n")).last;
    CHECK(request.parts == std::vector<std::string>{"c", "lab", ""});
    CHECK(request.query_value("q") == "a b");
    CHECK(request.header("x-a") == "1");
    CHECK(request.header("x-bad").empty());
    CHECK(request.host == "localhost");
    CHECK(request.peer == "127.0.0.1");
    CHECK(request.id.size() == 16);
    CHECK_FALSE(request.secure);
}

TEST_CASE("HEAD is GET without its body") {
    const Spoken spoken = speak("HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(spoken.last.method == Method::get);
    CHECK(spoken.out.find("content-length: 3\r\n") != std::string::npos);
    CHECK(spoken.out.ends_with("\r\n\r\n"));
    CHECK(spoken.out.find("/a ") == std::string::npos);
}

TEST_CASE("a connection is kept as the client wishes and the version allows") {
    CHECK(speak(get("/", "Connection: close\r\n") + get("/")).handled == 1);
    CHECK(speak(get("/", "Connection: close\r\n")).out.find("connection: close\r\n") !=
          std::string::npos);
    CHECK(speak(get("/") + get("/")).handled == 2);
    const std::string old = "GET / HTTP/1.0\r\nHost: localhost\r\n";
    CHECK(speak(old + "\r\n" + old + "\r\n").handled == 1);
    const Spoken kept = speak(old + "Connection: keep-alive\r\n\r\n" + old + "\r\n");
    CHECK(kept.handled == 2);
    CHECK(kept.out.find("connection: keep-alive\r\n") != std::string::npos);
}

TEST_CASE("methods that do not exist here are refused") {
    for (const char* method : {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"}) {
        const Spoken spoken = speak(std::string(method) + " / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK(spoken.out.starts_with("HTTP/1.1 405 "));
        CHECK(spoken.out.find("allow: GET, HEAD, POST\r\n") != std::string::npos);
        CHECK(spoken.handled == 0);
    }
    CHECK(status_of("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "501");
    CHECK(status_of("CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n") == "405");
}

TEST_CASE("a page of somebody else cannot be pointed at this server") {
    CHECK(status_of("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n") == "421");
    CHECK(status_of("GET / HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n") == "421");
    CHECK(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n") == "421");
    CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == "400");
    CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == "400");
    CHECK(status_of("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n") == "400");
    CHECK(status_of("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n") == "400");
}

TEST_CASE("requests whose length is doubtful are refused, and nothing after them is read") {
    for (const std::string headers :
         {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
          "Content-Length: 3\r\nContent-Length: 3\r\n",
          "Content-Length: 3\r\nContent-Length: 4\r\n",
          "Content-Length: 3, 3\r\n",
          "Content-Length: +3\r\n",
          "Content-Length: -3\r\n",
          "Content-Length: 0x3\r\n",
          "Content-Length:\r\n",
          "Content-Length: 99999999999999999999999\r\n",
          "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: chunked, gzip\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding:\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length : 3\r\n",
          "Content-Length: 3\n",
          "X: y\r\n z\x01\r\n",
          "Bad Name: x\r\n",
          ": x\r\n",
          "no colon\r\n"}) {
        CAPTURE(headers);
        const Spoken spoken = speak(post(headers, "abc") + get("/smuggled"));
        CHECK(spoken.out.starts_with("HTTP/1.1 400 "));
        CHECK(count(spoken.out, "HTTP/1.1 ") == 1);
        CHECK(spoken.out.find("connection: close\r\n") != std::string::npos);
        CHECK(spoken.handled == 0);
    }
    CHECK(
        status_of(
            "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        "400");
    CHECK(status_of(get("/", "Content-Length: 3\r\n") + "abc") == "400");
    CHECK(status_of(get("/", "Content-Length: 0\r\n")) == "200");
}

TEST_CASE("broken chunks are refused") {
    for (const std::string body :
         {"x\r\n", "3\r\nabcd\r\n0\r\n\r\n", "-1\r\n", "\r\n", "3 \r\nabc\r\n"}) {
        CAPTURE(body);
        const Spoken spoken = speak(post("Transfer-Encoding: chunked\r\n", body));
        CHECK(spoken.out.starts_with("HTTP/1.1 400 "));
    }
    CHECK(speak(post("Transfer-Encoding: chunked\r\n", "3\nabc\n0\n\n")).handled == 0);
    const std::string endless(2 * max_head, '1');
    CHECK(status_of(post("Transfer-Encoding: chunked\r\n", "1;" + endless)) == "400");
}

TEST_CASE("what is no HTTP is answered and closed") {
    CHECK(status_of("hello\r\n\r\n") == "400");
    CHECK(status_of(std::string_view("\x16\x03\x01\0\0\r\n\r\n", 9)) == "400");
    CHECK(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == "505");
    CHECK(status_of("GET / HTTP/1.2\r\nHost: localhost\r\n\r\n") == "505");
    CHECK(status_of("GET /\r\n\r\n") == "400");
    CHECK(speak("").out.empty());
    CHECK(speak("GET / HTT").out.empty());
    CHECK(speak(post("Content-Length: 5\r\n", "abc")).handled == 0);
}

TEST_CASE("a head has a limit") {
    CHECK(status_of(get("/" + std::string(max_head, 'a'))) == "414");
    CHECK(status_of("GET /" + std::string(2 * max_head, 'a')) == "414");
    CHECK(status_of(get("/", "X: " + std::string(max_head, 'a') + "\r\n")) == "431");
    CHECK(status_of(get("/", "X: " + std::string(max_head - 100, 'a') + "\r\n")) == "200");
    std::string many;
    for (int k = 0; k < 101; ++k) {
        many += "x:1\r\n";
    }
    CHECK(status_of(get("/", many)) == "431");
}

TEST_CASE("a body that is too large is refused before it is read") {
    const std::string large = "Content-Length: " + std::to_string(max_body + 1) + "\r\n";
    const Spoken spoken = speak(post(large, ""));
    CHECK(spoken.out.starts_with("HTTP/1.1 413 "));
    CHECK(speak(post(large + "Expect: 100-continue\r\n", "")).out.starts_with("HTTP/1.1 413 "));
    CHECK(speak(post("Content-Length: 100\r\n", std::string(max_body, 'b'))).handled == 1);
}

TEST_CASE("a chunked body is cut at the limit") {
    const std::string start = post("Transfer-Encoding: chunked\r\n", "");
    std::string chunks;
    for (std::size_t k = 0; k < max_body; ++k) {
        chunks += "1\r\nb\r\n";
    }
    CHECK(speak(start + chunks + "0\r\n\r\n").handled == 1);
    CHECK(status_of(start + chunks + "1\r\nb\r\n") == "413");
    CHECK(status_of(start + "FFFFFFFFFFFFFFFF\r\n") == "413");
}

TEST_CASE("who asks whether to go on is told to") {
    const std::string expecting = post("Content-Length: 3\r\nExpect: 100-Continue\r\n", "");
    const Spoken spoken = speak(expecting + "abc", expecting.size());
    CHECK(spoken.out.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    CHECK(speak(expecting + "abc").out.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(status_of(post("Content-Length: 3\r\nExpect: tea\r\n", "abc")) == "417");
}

TEST_CASE("deadlines of idle connections are silent, others are told") {
    auto gate = Gate::of(ServerOptions{});
    REQUIRE(gate);
    Conversation idle(*gate, max_head, "127.0.0.1");
    CHECK(idle.next() == Step::read);
    CHECK(idle.phase() == Phase::idle);
    idle.late();
    CHECK(idle.next() == Step::end);
    Conversation slow(*gate, max_head, "127.0.0.1");
    slow.received("G");
    CHECK(slow.next() == Step::read);
    CHECK(slow.phase() == Phase::head);
    slow.late();
    CHECK(slow.next() == Step::write);
    CHECK(slow.outgoing("now").head.starts_with("HTTP/1.1 408 "));
    slow.written();
    CHECK(slow.next() == Step::end);
}

TEST_CASE("a server that stops answers what is under way and takes no more") {
    auto gate = Gate::of(ServerOptions{});
    REQUIRE(gate);
    SilentLog log;
    Conversation talk(*gate, max_head, "127.0.0.1");
    talk.received(get("/1") + get("/2"));
    CHECK(talk.next() == Step::handle);
    talk.drain();
    talk.answer(make_answer(talk.request(), echo(talk.request()), log));
    CHECK(talk.next() == Step::write);
    CHECK(talk.outgoing("now").head.find("connection: close\r\n") != std::string_view::npos);
    talk.written();
    CHECK(talk.next() == Step::end);
}

TEST_CASE("a stream of events has no length and ends the connection") {
    const auto stream = [](const HttpRequest&) {
        return HttpResponse{.events = std::make_shared<EventStream>()};
    };
    const Spoken spoken = speak(get("/"), 1000, stream);
    CHECK(spoken.end == Step::stream);
    CHECK(spoken.out.find("content-type: text/event-stream\r\n") != std::string::npos);
    CHECK(spoken.out.find("content-length") == std::string::npos);
    CHECK(spoken.out.find("connection: close\r\n") != std::string::npos);
    const Spoken head = speak("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/"), 1000, echo);
    CHECK(head.handled == 2);
}

TEST_CASE("the date of a header is that of HTTP") {
    using namespace std::chrono;
    CHECK(http_date(sys_days(year(1994) / 11 / 6) + hours(8) + minutes(49) + seconds(37)) ==
          "Sun, 06 Nov 1994 08:49:37 GMT"); // RFC 9110, section 5.6.7
}
