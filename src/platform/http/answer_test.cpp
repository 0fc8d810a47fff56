#include "platform/http/answer.hpp"
#include "platform/http/body.hpp"
#include "platform/http/silent_log.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;

namespace {

const std::string long_text(5000, 'a');

[[nodiscard]] HttpRequest with(std::vector<Field> headers) {
    return {.headers = std::move(headers)};
}

[[nodiscard]] bool says(const Answer& answer, std::string_view line) {
    return answer.head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

[[nodiscard]] HttpResponse page(std::string text) {
    HttpResponse response{.text = std::move(text)};
    response.set("content-type", "text/html; charset=utf-8");
    return response;
}

[[nodiscard]] std::string etag_in(const Answer& answer) {
    const std::size_t begin = answer.head.find("etag: ") + 6;
    return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
}

} // namespace

TEST_CASE("every answer carries the headers that keep a page safe") {
    SilentLog log;
    const Answer answer = make_answer({}, page("x"), log);
    CHECK(answer.head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(says(answer, "x-content-type-options: nosniff"));
    CHECK(says(answer, "referrer-policy: same-origin"));
    CHECK(says(answer, "cross-origin-opener-policy: same-origin"));
    CHECK(says(answer, "cross-origin-resource-policy: same-origin"));
    CHECK(says(answer, "cache-control: no-store"));
    CHECK(answer.head.find("permissions-policy: ") != std::string::npos);
    CHECK(answer.head.find("server: ") == std::string::npos);
    CHECK(says(make_refusal({}, 404, "Nothing is here"), "x-content-type-options: nosniff"));
}

TEST_CASE("what a handler sets stays") {
    SilentLog log;
    HttpResponse response = page("x");
    response.set("Referrer-Policy", "no-referrer");
    const Answer answer = make_answer({}, std::move(response), log);
    CHECK(says(answer, "referrer-policy: no-referrer"));
    CHECK(answer.head.find("same-origin\r\ncross-origin-opener") == std::string::npos);
}

TEST_CASE("headers cannot be injected") {
    for (const Field& field : std::vector<Field>{{"location", "/a\r\nset-cookie: x=1"},
                                                 {"location", "/a\nb"},
                                                 {"x", std::string("a\0b", 3)},
                                                 {"x\r\ny", "1"},
                                                 {"x y", "1"},
                                                 {"", "1"},
                                                 {"content-length", "7"},
                                                 {"Transfer-Encoding", "chunked"},
                                                 {"connection", "close"}}) {
        CAPTURE(field.first);
        SilentLog log;
        HttpResponse response = page("secret");
        response.headers.push_back(field);
        const Answer answer = make_answer({}, std::move(response), log);
        CHECK(answer.status == 500);
        CHECK(answer.head.find("set-cookie") == std::string::npos);
        CHECK(answer.body().find("secret") == std::string_view::npos);
        CHECK(log.written.find("bad_response") != std::string::npos);
        CHECK(log.written.find("set-cookie") == std::string::npos);
    }
}

TEST_CASE("a status that ends nothing is a mistake") {
    SilentLog log;
    CHECK(make_answer({}, {.status = 101}, log).status == 500);
    CHECK(make_answer({}, {.status = 999}, log).status == 500);
}

TEST_CASE("long text is compressed for those who accept it") {
    SilentLog log;
    const HttpRequest request = with({{"accept-encoding", "gzip, br"}});
    const Answer answer = make_answer(request, page(long_text), log);
    CHECK(says(answer, "content-encoding: gzip"));
    CHECK(says(answer, "vary: accept-encoding"));
    CHECK(says(answer, "content-length: " + std::to_string(answer.body().size())));
    CHECK(answer.body().size() < 100);
    CHECK(make_answer({}, page(long_text), log).body() == long_text);
    CHECK(says(make_answer({}, page(long_text), log), "vary: accept-encoding"));
    CHECK(make_answer(request, page("short"), log).body() == "short");
    HttpResponse picture{.text = long_text};
    picture.set("content-type", "image/png");
    CHECK(make_answer(request, std::move(picture), log).body() == long_text);
}

TEST_CASE("text is not compressed where its length could tell a secret") {
    SilentLog log;
    for (const char* site : {"cross-site", "same-site"}) {
        const HttpRequest request = with({{"accept-encoding", "gzip"}, {"sec-fetch-site", site}});
        CHECK(make_answer(request, page(long_text), log).body() == long_text);
    }
    const HttpRequest own = with({{"accept-encoding", "gzip"}, {"sec-fetch-site", "same-origin"}});
    CHECK(make_answer(own, page(long_text), log).body() != long_text);
    HttpResponse secret = page(long_text);
    secret.set("cache-control", "no-store, no-transform");
    CHECK(make_answer(own, std::move(secret), log).body() == long_text);
}

TEST_CASE("who has a text already does not get it again") {
    SilentLog log;
    const auto stored = [&](const HttpRequest& request) {
        HttpResponse response = page(long_text);
        response.set("cache-control", "private, no-cache");
        return make_answer(request, std::move(response), log);
    };
    const Answer plain = stored({});
    const Answer gzip = stored(with({{"accept-encoding", "gzip"}}));
    CHECK(etag_in(plain) == etag_of(long_text));
    CHECK(etag_in(gzip) != etag_in(plain));
    for (const std::string& held : {etag_in(plain), etag_in(gzip), "W/" + etag_in(plain),
                                    "\"other\", " + etag_in(gzip), std::string("*")}) {
        const Answer again = stored(with({{"if-none-match", held}}));
        CHECK(again.status == 304);
        CHECK(again.body().empty());
        CHECK(again.head.find("content-length") == std::string::npos);
        CHECK(again.head.find("content-type: ") == std::string::npos);
        CHECK(says(again, "cache-control: private, no-cache"));
        CHECK(says(again, "vary: accept-encoding"));
    }
    CHECK(etag_in(stored(with({{"if-none-match", etag_in(gzip)}}))) == etag_in(gzip));
    CHECK(stored(with({{"if-none-match", "\"other\""}})).status == 200);
}

TEST_CASE("what must not be stored has no etag") {
    SilentLog log;
    CHECK(make_answer({}, page(long_text), log).head.find("etag") == std::string::npos);
    HttpResponse missing = page("x");
    missing.status = 404;
    missing.set("cache-control", "no-cache");
    CHECK(make_answer(with({{"if-none-match", "*"}}), std::move(missing), log).status == 404);
}

TEST_CASE("a body made ahead travels in the best coding") {
    SilentLog log;
    const auto body = make_body(long_text);
    const auto answer = [&](std::vector<Field> headers) {
        HttpResponse response{.shared = body};
        response.set("content-type", "text/css");
        return make_answer(with(std::move(headers)), std::move(response), log);
    };
    CHECK(answer({}).body() == long_text);
    CHECK(answer({{"accept-encoding", "gzip"}}).body() == body->gzip);
    const Answer brotli = answer({{"accept-encoding", "gzip, br"}});
    CHECK(brotli.body() == body->brotli);
    CHECK(says(brotli, "content-encoding: br"));
    CHECK(says(brotli, "cache-control: no-cache"));
    CHECK(answer({{"if-none-match", etag_in(brotli)}}).status == 304);
    CHECK(answer({{"if-none-match", body->etag}}).status == 304);
}

TEST_CASE("an answer without content says no length") {
    SilentLog log;
    const Answer answer = make_answer({}, {.status = 204, .text = "ignored"}, log);
    CHECK(answer.body().empty());
    CHECK(answer.head.find("content-length") == std::string::npos);
    CHECK(says(make_answer({}, {.status = 303}, log), "content-length: 0"));
}

TEST_CASE("a refusal is a sentence, or problem details for programs") {
    const Answer text = make_refusal({}, 413, "The body is too large");
    CHECK(text.body() == "Content Too Large: The body is too large.\n");
    const Answer json =
        make_refusal(with({{"accept", "application/json"}}), 413, "The body is too large");
    CHECK(says(json, "content-type: application/problem+json"));
    CHECK(
        json.body() ==
        R"({"type":"about:blank","title":"Content Too Large","status":413,"detail":"The body is too large"})");
    CHECK(says(make_refusal({}, 405, "No"), "allow: GET, HEAD, POST"));
}
