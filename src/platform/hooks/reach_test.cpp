#include "platform/hooks/reach.hpp"

#include <arpa/inet.h>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::hooks;

namespace {

V4 v4(const std::string& text) {
    V4 address{};
    REQUIRE_MESSAGE(inet_pton(AF_INET, text.c_str(), address.data()) == 1, text);
    return address;
}

V6 v6(const std::string& text) {
    V6 address{};
    REQUIRE_MESSAGE(inet_pton(AF_INET6, text.c_str(), address.data()) == 1, text);
    return address;
}

/// The last address before a range, and the first behind it.
V4 step(V4 address, int by) {
    const std::uint32_t whole = (std::uint32_t{address[0]} << 24U) |
                                (std::uint32_t{address[1]} << 16U) |
                                (std::uint32_t{address[2]} << 8U) | std::uint32_t{address[3]};
    const std::uint32_t moved = whole + static_cast<std::uint32_t>(by);
    return {static_cast<std::uint8_t>(moved >> 24U), static_cast<std::uint8_t>(moved >> 16U),
            static_cast<std::uint8_t>(moved >> 8U), static_cast<std::uint8_t>(moved)};
}

struct Block {
    std::string first;
    std::string last;
};

/// As RFC 6890 and the registries list them, from first to last.
const std::vector<Block> inside_v4 = {
    {"0.0.0.0", "0.255.255.255"},       {"10.0.0.0", "10.255.255.255"},
    {"100.64.0.0", "100.127.255.255"},  {"127.0.0.0", "127.255.255.255"},
    {"169.254.0.0", "169.254.255.255"}, {"172.16.0.0", "172.31.255.255"},
    {"192.168.0.0", "192.168.255.255"}, {"198.18.0.0", "198.19.255.255"},
    {"224.0.0.0", "255.255.255.255"}};

std::string words_of(const Result<Url>& read) {
    return read ? "fine" : read.error().message;
}

} // namespace

TEST_CASE("each private block of IPv4 is inside from its first address to its last") {
    for (const Block& block : inside_v4) {
        CAPTURE(block.first);
        CHECK(!is_public(v4(block.first)));
        CHECK(!is_public(v4(block.last)));
        if (block.first != "0.0.0.0") {
            CHECK(is_public(step(v4(block.first), -1)));
        }
        if (block.last != "255.255.255.255") {
            CHECK(is_public(step(v4(block.last), 1)));
        }
    }
    for (const char* const known : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255"}) {
        CHECK(is_public(v4(known)));
    }
}

TEST_CASE("whatever lies in a block is inside, and an address of IPv6 that wraps it is, too") {
    CHECK(rc::check([](const V4& address) {
        const bool outside = is_public(address);
        V6 nat64 = v6("64:ff9b::");
        V6 mapped = v6("::ffff:0:0");
        V6 six_to_four = v6("2002::");
        std::copy(address.begin(), address.end(), nat64.begin() + 12);
        std::copy(address.begin(), address.end(), mapped.begin() + 12);
        std::copy(address.begin(), address.end(), six_to_four.begin() + 2);
        RC_ASSERT(is_public(nat64) == outside);
        RC_ASSERT(!is_public(mapped));
        RC_ASSERT(!is_public(six_to_four));
    }));
}

TEST_CASE("only what is given out is public in IPv6, whatever follows its first bits") {
    CHECK(rc::check([](V6 address) {
        if ((address[0] >> 5U) != 1) {
            address[1] |= 1; // not the prefix of NAT64, which begins with zeros
            RC_ASSERT(!is_public(address));
        }
    }));
    for (const char* const inside :
         {"::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001::1",
          "2001:db8::1", "2002:0a00:0001::1", "64:ff9b:1::1", "64:ff9b::10.0.0.1", "3fff::1",
          "::ffff:8.8.8.8", "::8.8.8.8", "100::1"}) {
        CAPTURE(inside);
        CHECK(!is_public(v6(inside)));
    }
    for (const char* const outside : {"2606:4700:4700::1111", "2a01:4f8::1", "64:ff9b::8.8.8.8"}) {
        CAPTURE(outside);
        CHECK(is_public(v6(outside)));
    }
}

TEST_CASE("an address of a hook is whole, of the web, and leads outside") {
    CHECK(words_of(read_address("https://discord.com/api/webhooks/1/abc", Reach::outside)) ==
          "fine");
    CHECK(words_of(read_address("https://lab.example:8443/a?b=c", Reach::outside)) == "fine");
    for (const char* const none :
         {"", "discord.com/api", "ftp://lab.example/", "https://", "https://lab example/",
          "https://lab.example/\n", "javascript://x", "file:///etc/passwd",
          "https://a\x01.example/"}) {
        CAPTURE(none);
        CHECK(words_of(read_address(none, Reach::inside)) == "hooks.no_address");
    }
    CHECK(words_of(read_address("http://lab.example/", Reach::outside)) == "hooks.no_https");
    CHECK(words_of(read_address("http://10.0.0.7/", Reach::inside)) == "fine");
    CHECK(words_of(read_address("https://me:word@lab.example/", Reach::outside)) ==
          "hooks.no_login");
    // However a number is written.
    for (const char* const inside :
         {"https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/",
          "https://0177.0.0.1/", "https://10.0.0.1:8080/x", "https://[::1]/", "https://[fd00::1]/",
          "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest"}) {
        CAPTURE(inside);
        CHECK(words_of(read_address(inside, Reach::outside)) == "hooks.inside");
        CHECK(words_of(read_address(inside, Reach::inside)) == "fine");
    }
}
