#include "platform/http/caller.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;

namespace {

[[nodiscard]] Gate gate_of(ServerOptions options) {
    auto gate = Gate::of(options);
    REQUIRE(gate);
    return *std::move(gate);
}

[[nodiscard]] HttpRequest forwarded(const Gate& gate, std::string peer, std::string for_whom) {
    HttpRequest request{
        .headers = {{"x-forwarded-for", std::move(for_whom)}, {"x-forwarded-proto", "https"}},
        .peer = std::move(peer)};
    gate.believe_proxies(request);
    return request;
}

} // namespace

TEST_CASE("an address is written in one way") {
    CHECK(plain_address("127.0.0.1") == "127.0.0.1");
    CHECK(plain_address("::ffff:10.0.0.7") == "10.0.0.7");
    CHECK(plain_address("2001:DB8:0::1") == "2001:db8::1");
    CHECK(plain_address("unknown").empty());
    CHECK(plain_address("").empty());
    CHECK(plain_address("1.2.3.4:80").empty());
    CHECK(plain_address(std::string_view("1.2.3.4\0x", 9)).empty());
}

TEST_CASE("one network of IPv6 counts as one client") {
    CHECK(client_network("2001:db8::1") == client_network("2001:db8::ffff:1"));
    CHECK(client_network("2001:db8::1") != client_network("2001:db8:0:1::1"));
    CHECK(client_network("10.0.0.1") != client_network("10.0.0.2"));
}

TEST_CASE("a server answers to its names only") {
    const Gate local = gate_of({.hosts = {"Bees.example"}});
    CHECK(local.answers_to("localhost"));
    CHECK(local.answers_to("LOCALHOST:8080"));
    CHECK(local.answers_to("127.0.0.1:1"));
    CHECK(local.answers_to("[::1]:8080"));
    CHECK(local.answers_to("[::1]"));
    CHECK(local.answers_to("bees.example"));
    for (const char* host :
         {"evil.example", "", "localhost.evil.example", "localhost:", "localhost:x",
          "localhost:80:80", "evil.example@localhost", "localhost ", "::1", "localhost:123456",
          "localhost.", "bees.example/x"}) {
        CAPTURE(host);
        CHECK_FALSE(local.answers_to(host));
    }
    const Gate open = gate_of({.address = "0.0.0.0", .hosts = {"bees.example"}});
    CHECK(open.answers_to("bees.example:443"));
    CHECK(open.answers_to("localhost:8080")); // everywhere is here, too
}

TEST_CASE("forwarded headers of strangers mean nothing") {
    const Gate gate = gate_of({});
    const HttpRequest request = forwarded(gate, "127.0.0.1", "1.2.3.4");
    CHECK(request.peer == "127.0.0.1");
    CHECK_FALSE(request.secure);
}

TEST_CASE("a trusted proxy says for whom it asks") {
    const Gate gate = gate_of({.proxies = {"127.0.0.1", "10.0.0.7"}});
    CHECK(forwarded(gate, "127.0.0.1", "1.2.3.4").peer == "1.2.3.4");
    CHECK(forwarded(gate, "127.0.0.1", "1.2.3.4").secure);
    CHECK(forwarded(gate, "127.0.0.1", "6.6.6.6, 1.2.3.4").peer == "1.2.3.4");
    CHECK(forwarded(gate, "127.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.7").peer == "1.2.3.4");
    CHECK(forwarded(gate, "127.0.0.1", "6.6.6.6, unknown, 10.0.0.7").peer == "10.0.0.7");
    CHECK(forwarded(gate, "127.0.0.1", "10.0.0.7").peer == "10.0.0.7");
    CHECK(forwarded(gate, "127.0.0.1", "").peer == "127.0.0.1");
    CHECK(forwarded(gate, "5.5.5.5", "1.2.3.4").peer == "5.5.5.5");
}

TEST_CASE("a proxy is named by its address") {
    const auto gate = Gate::of({.proxies = {"proxy.example"}});
    REQUIRE_FALSE(gate);
    CHECK(gate.error().message.starts_with("\"proxy.example\" is no address"));
}
