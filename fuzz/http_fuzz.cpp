/// Any bytes over a connection, in pieces of any size: each request that reaches the handler keeps
/// the promises of message.hpp, each answer is one of HTTP, and how the bytes were cut changes
/// nothing.
#include "base/text.hpp"
#include "fuzz/bytes.hpp"
#include "platform/http/conversation.hpp"
#include "platform/http/events.hpp"
#include "platform/http/target.hpp"
#include "platform/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace allot;
using namespace allot::http;

namespace {

constexpr std::size_t max_head = 2000;
constexpr std::size_t max_body = 500;

class Epoch : public Clock {
  public:
    [[nodiscard]] Moment now() const override { return {}; }
};

void check_request(const HttpRequest& request) {
    ALLOT_CHECK(!request.parts.empty(), "a path has a part");
    for (const std::string& part : request.parts) {
        ALLOT_CHECK(is_utf8(part) && !has_control(part), "a part is text");
        ALLOT_CHECK(part != "." && part != ".." && part.find_first_of("/\\") == std::string::npos,
                    "a part leads nowhere else");
        ALLOT_CHECK(!part.empty() || &part == &request.parts.back(), "only the last part is empty");
    }
    const auto again = read_target(request.path());
    ALLOT_CHECK(again && again->parts == request.parts, "a path survives writing and reading");
    for (const auto& [name, value] : request.query) {
        ALLOT_CHECK(is_utf8(name) && is_utf8(value), "a query is text");
        ALLOT_CHECK((name + value).find('\0') == std::string::npos, "a query holds no NUL");
    }
    for (const auto& [name, value] : request.headers) {
        ALLOT_CHECK(is_utf8(value) && value.find_first_of("\r\n") == std::string::npos, "a line");
        ALLOT_CHECK(std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; }),
                    "lower case");
    }
    ALLOT_CHECK(request.body.size() <= max_body, "a body within its limit");
    const std::string_view host = request.host;
    ALLOT_CHECK(text::lower_ascii(host).starts_with("localhost") || host.starts_with("127.0.0.1") ||
                    host.starts_with("[::1]"),
                "a name of this server");
    static_cast<void>(request.cookie("s"));
    static_cast<void>(accepted_languages(request.header("accept-language")));
}

/// Echoes what it got, also where it must not work.
HttpResponse handle(const HttpRequest& request) {
    check_request(request);
    HttpResponse response{.text = request.body};
    for (int k = 0; k < 40 && request.query_value("long"); ++k) {
        response.text += "long text that is worth compressing, " + request.path();
    }
    response.set("location", request.path());
    response.set("content-type", std::string(request.header("accept")));
    response.set("cache-control", std::string(request.header("cache-control")));
    response.set("x-decoded", std::string(request.query_value("header").value_or("")));
    if (request.query_value("events")) {
        response.events = std::make_shared<EventStream>();
    }
    return response;
}

void check_head(std::string_view head) {
    ALLOT_CHECK(head.starts_with("HTTP/1.1 ") && head.ends_with("\r\n\r\n"), "a head of HTTP");
    ALLOT_CHECK(head.find("\r\n\r\n") == head.size() - 4, "one empty line, at its end");
    for (std::size_t k = 0; k < head.size(); ++k) {
        ALLOT_CHECK(head[k] != '\0', "no NUL");
        ALLOT_CHECK(head[k] != '\n' || head[k - 1] == '\r', "line ends are whole");
        ALLOT_CHECK(head[k] != '\r' || head[k + 1] == '\n', "line ends are whole");
    }
}

std::string speak(std::string_view bytes, std::size_t piece) {
    static const Gate gate = *Gate::of(ServerOptions{.proxies = {"127.0.0.1"}});
    static const Epoch clock;
    Log log(clock, [](std::string_view line) {
        ALLOT_CHECK(is_utf8(line) && line.find('\n') == line.size() - 1, "a line of the log");
    });
    Conversation talk(gate, max_head, "127.0.0.1");
    std::string out;
    for (std::size_t steps = 0;; ++steps) {
        ALLOT_CHECK(steps < 10'000, "it comes to an end");
        switch (talk.next()) {
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
            talk.answer(make_answer(talk.request(), handle(talk.request()), log));
            break;
        case Step::write: {
            const auto [head, body] = talk.outgoing("now");
            check_head(head);
            out.append(head).append(body);
            talk.written();
            break;
        }
        case Step::stream:
        case Step::end:
            return out;
        }
    }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Bytes bytes({data, size});
    const auto piece = std::size_t{1} + bytes.next();
    const std::string text(bytes.rest().begin(), bytes.rest().end());
    const std::string whole = speak(text, text.size() + 1);
    const std::string cut = speak(text, piece);
    // Who waits for a word to go on is told so only where the body has not come with the head.
    ALLOT_CHECK(whole == cut || cut.find("HTTP/1.1 100 ") != std::string::npos,
                "how bytes are cut changes nothing");
    return 0;
}
