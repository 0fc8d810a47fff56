#include "base/test_world.hpp"
#include "platform/hooks/bodies.hpp"
#include "platform/hooks/signature.hpp"
#include "platform/http/target.hpp"
#include "platform/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sodium/utils.h>

using namespace allot;
using namespace allot::hooks;

namespace {

namespace json = boost::json;

Named news(std::string title, std::string text) {
    return {.id = "01a3117e-8000-7000-8000-000000000001",
            .message = {.key = "k",
                        .circle = std::nullopt,
                        .is_public = true,
                        .title = std::move(title),
                        .text = std::move(text),
                        .links = {{"Save your place", "https://lab.example/c/lab/g/1"}},
                        .good_until = std::nullopt},
            .written = test::some_noon};
}

About about(Kind kind) {
    return {.kind = kind,
            .name = "Chat",
            .address = "https://chat.example/hook/",
            .place = "!room:chat.example",
            .topic = "news & more",
            .bot = "bot@chat.example",
            .key = "key-of-the-bot",
            .circle = std::nullopt};
}

std::string header(const Request& request, std::string_view name) {
    const auto found = std::ranges::find(
        request.headers, name, [](const auto& header) { return std::string_view(header.first); });
    return found == request.headers.end() ? "" : found->second;
}

std::string text_in(const json::value& value) {
    return {value.as_string().begin(), value.as_string().end()};
}

/// Any text that a person might write, with many of the signs that mean something somewhere.
rc::Gen<std::string> any_text() {
    static const std::vector<std::string> parts = {
        "*", "_",   "~", "`", "|",         ">",        "<",          "&",    "@",  "#",
        "[", "]",   "(", ")", "\\",        "\n",       "ü",          "日",   "🌱", "\"",
        "!", "a b", "-", "x", "@everyone", "@**all**", "<!channel>", "&amp;"};
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts)),
                        [](const std::vector<std::string>& some) {
                            std::string all;
                            for (const std::string& one : some) {
                                all += one;
                            }
                            return all;
                        });
}

std::string without_backslashes(std::string_view escaped) {
    std::string plain;
    for (std::size_t k = 0; k < escaped.size(); ++k) {
        k += escaped[k] == '\\' && k + 1 < escaped.size() ? 1U : 0U;
        plain += escaped[k];
    }
    return plain;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

struct EndPipe {
    void operator()(FILE* pipe) const { ::pclose(pipe); }
};

/// Of the same bytes by a program that shares no code with ours.
std::string openssl_mac(const std::string& hex_key, const std::string& bytes) {
    std::string quoted = "'" + replaced(bytes, "'", "'\\''") + "'";
    const std::string command = "printf %s " + quoted +
                                " | openssl dgst -sha256 -mac HMAC -macopt hexkey:" + hex_key +
                                " -binary | openssl base64 -A";
    const std::unique_ptr<FILE, EndPipe> pipe(::popen(command.c_str(), "r"));
    REQUIRE(pipe != nullptr);
    std::array<char, 200> some{};
    const std::size_t n = std::fread(some.data(), 1, some.size(), pipe.get());
    return {some.data(), n};
}

} // namespace

TEST_CASE("to Discord: plain words, a link without preview, and nobody is called") {
    const Request request =
        request_for(about(Kind::discord), news("*Moths* & you", "Now\n@everyone"), {});
    CHECK(!request.is_put);
    CHECK(request.url == "https://chat.example/hook/?wait=true");
    CHECK(header(request, "content-type") == "application/json");
    const auto body = json::parse(request.body);
    CHECK(text_in(body.at("content")) == "**\\*Moths\\* & you**\nNow\n@everyone\n"
                                         "Save your place: <https://lab.example/c/lab/g/1>");
    CHECK(body.at("allowed_mentions").at("parse").as_array().empty());
}

TEST_CASE("an address that has a query keeps it") {
    About with_thread = about(Kind::discord);
    with_thread.address = "https://chat.example/hook?thread_id=7";
    CHECK(request_for(with_thread, news("a", "b"), {}).url ==
          "https://chat.example/hook?thread_id=7&wait=true");
}

TEST_CASE("what is sent to Discord is never longer than it takes, and ends with the links") {
    CHECK(rc::check([] {
        const std::string title = cut(*any_text(), longest_title);
        std::string text = *any_text();
        for (int k = 0; k < 6; ++k) {
            text += text;
        }
        text = cut(text, longest_text);
        const auto request = request_for(about(Kind::discord), news(title, text), {});
        const std::string content = text_in(json::parse(request.body).at("content"));
        const auto characters = std::ranges::count_if(
            content, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
        RC_ASSERT(characters <= 2000);
        RC_ASSERT(is_utf8(content));
        RC_ASSERT(content.ends_with("<https://lab.example/c/lab/g/1>"));
    }));
}

TEST_CASE("Discord shows a text as it was written: each of its signs has a backslash") {
    CHECK(rc::check([] {
        const std::string plain = *any_text();
        RC_ASSERT(without_backslashes(discord_text(plain)) == plain);
    }));
}

TEST_CASE("Slack shows a text as it was written, and it opens no bracket") {
    CHECK(rc::check([] {
        const std::string plain = *any_text();
        const std::string written = slack_text(plain);
        RC_ASSERT(written.find('<') == std::string::npos);
        RC_ASSERT(replaced(replaced(replaced(written, "&lt;", "<"), "&gt;", ">"), "&amp;", "&") ==
                  plain);
    }));
    const auto body =
        json::parse(request_for(about(Kind::slack), news("Moths", "<!channel> & co"), {}).body);
    CHECK(text_in(body.at("text")) == "*Moths*\n&lt;!channel&gt; &amp; co\n"
                                      "<https://lab.example/c/lab/g/1|Save your place>");
}

TEST_CASE("to Zulip: the bot signs in, the stream and the topic are named, nobody is called") {
    const Request request = request_for(about(Kind::zulip), news("Moths", "@**all** come"), {});
    CHECK(request.url == "https://chat.example/hook/api/v1/messages");
    CHECK(header(request, "authorization") == "Basic " + base64("bot@chat.example:key-of-the-bot"));
    std::map<std::string, std::string> fields;
    const auto sent = http::read_urlencoded(request.body).value();
    for (const auto& [name, value] : sent) {
        fields[name] = value;
    }
    CHECK(fields.at("type") == "stream");
    CHECK(fields.at("to") == "!room:chat.example");
    CHECK(fields.at("topic") == "news & more");
    CHECK(fields.at("content") == "**Moths**\n\n@\u200b**all** come\n\nSave your place: "
                                  "https://lab.example/c/lab/g/1");
    CHECK(rc::check([] {
        const std::string written = zulip_text(*any_text());
        RC_ASSERT(written.find("@*") == std::string::npos);
        RC_ASSERT(written.find("@_") == std::string::npos);
        RC_ASSERT(written.find("#*") == std::string::npos);
    }));
}

TEST_CASE("to Matrix: the same PUT each time, a notice that calls nobody") {
    const Named named = news("Moths", "By lamplight");
    const Request request = request_for(about(Kind::matrix), named, test::some_noon);
    CHECK(request.is_put);
    CHECK(request.url == "https://chat.example/hook/_matrix/client/v3/rooms/"
                         "%21room%3Achat.example/send/m.room.message/" +
                             named.id);
    CHECK(header(request, "authorization") == "Bearer key-of-the-bot");
    const auto body = json::parse(request.body);
    CHECK(text_in(body.at("msgtype")) == "m.notice");
    CHECK(text_in(body.at("body")) ==
          "Moths\n\nBy lamplight\nSave your place: https://lab.example/c/lab/g/1");
    CHECK(body.at("m.mentions").as_object().empty());
    const Request later =
        request_for(about(Kind::matrix), named, test::some_noon + std::chrono::hours(1));
    CHECK(later.url == request.url);
    CHECK(later.body == request.body);
}

TEST_CASE("to a program: the documented JSON, under an id that stays") {
    About own = about(Kind::json);
    const Named named = news("Moths", "By \"lamp\"\nlight");
    const Request request = request_for(own, named, test::some_noon + std::chrono::hours(1));
    CHECK(request.url == own.address);
    CHECK(header(request, "webhook-id") == named.id);
    CHECK(header(request, "webhook-timestamp") == "1799931600");
    const auto body = json::parse(request.body);
    CHECK(text_in(body.at("type")) == "announcement");
    CHECK(text_in(body.at("timestamp")) == "2027-01-14T12:00:00Z");
    const auto& data = body.at("data");
    CHECK(text_in(data.at("text")) == "By \"lamp\"\nlight");
    CHECK(text_in(data.at("links").at(0).at("label")) == "Save your place");
    CHECK(data.at("circle").is_null());
    CHECK(data.at("public").as_bool());
    CHECK(request_for(own, named, test::some_noon).body == request.body);
}

TEST_CASE("the signature of a message is the one that another program computes") {
    test::SeededEntropy entropy;
    for (int k = 0; k < 20; ++k) {
        About own = about(Kind::json);
        own.key = new_signing_key(entropy);
        CHECK(own.key.starts_with("whsec_"));
        const Named named = news("It's " + std::to_string(k), "100 % \\ \"moths\" ü");
        const Request request = request_for(own, named, test::some_noon);
        std::array<unsigned char, 32> key{};
        std::size_t size = 0;
        const std::string_view encoded = std::string_view(own.key).substr(6);
        REQUIRE(sodium_base642bin(key.data(), key.size(), encoded.data(), encoded.size(), nullptr,
                                  &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0);
        REQUIRE(size == key.size());
        std::array<char, 65> hex{};
        sodium_bin2hex(hex.data(), hex.size(), key.data(), key.size());
        const std::string said = header(request, "webhook-id") + "." +
                                 header(request, "webhook-timestamp") + "." + request.body;
        CHECK(header(request, "webhook-signature") == "v1," + openssl_mac(hex.data(), said));
    }
}

TEST_CASE("a signature is that of the example in the specification") {
    CHECK(signature_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                       "1614265330", R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a text that is cut has whole characters and says so") {
    CHECK(cut("日本語", 3) == "日本語");
    CHECK(cut("日本語です", 3) == "日本…");
    CHECK(plain_url("https://x.example/a b|<c>\"") == "https://x.example/a%20b%7C%3Cc%3E%22");
    CHECK(end_of("https://discord.com/api/webhooks/1/abcd") == "abcd");
    CHECK(end_of("short").empty());
}
