#include "platform/hooks/reach.hpp"

#include "platform/utf8.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <curl/curl.h>
#include <memory>
#include <netinet/in.h>
#include <span>

namespace allot::hooks {

namespace {

/// The first `bits` of an address.
template <class Address>
struct Range {
    Address begin;
    int bits = 0;
};

constexpr std::array<Range<V4>, 16> not_public_v4 = {{
    {{0, 0, 0, 0}, 8},       // "this network"
    {{10, 0, 0, 0}, 8},      // private
    {{100, 64, 0, 0}, 10},   // carriers
    {{127, 0, 0, 0}, 8},     // this machine
    {{169, 254, 0, 0}, 16},  // this link; also where clouds tell keys
    {{172, 16, 0, 0}, 12},   // private
    {{192, 0, 0, 0}, 24},    // protocols
    {{192, 0, 2, 0}, 24},    // documentation
    {{192, 31, 196, 0}, 24}, // AS112
    {{192, 52, 193, 0}, 24}, // AMT
    {{192, 88, 99, 0}, 24},  // relays of 6to4
    {{192, 168, 0, 0}, 16},  // private
    {{198, 18, 0, 0}, 15},   // measuring
    {{198, 51, 100, 0}, 24}, // documentation
    {{203, 0, 113, 0}, 24},  // documentation
    {{224, 0, 0, 0}, 3},     // groups, the future, all of this network
}};

/// All that is given to the public internet: 2000::/3, less these.
constexpr std::array<Range<V6>, 5> not_public_v6 = {{
    {{0x20, 0x01, 0x00}, 23},             // protocols, with Teredo, which wraps IPv4
    {{0x20, 0x01, 0x0d, 0xb8}, 32},       // documentation
    {{0x20, 0x02}, 16},                   // 6to4, which wraps IPv4
    {{0x26, 0x20, 0x00, 0x4f, 0x80}, 48}, // AS112
    {{0x3f, 0xff}, 20},                   // documentation
}};
constexpr Range<V6> given_out{{0x20}, 3};
/// 64:ff9b::/96: the last four bytes are an IPv4 address, and a network takes it there.
constexpr Range<V6> nat64{{0x00, 0x64, 0xff, 0x9b}, 96};

template <class Address>
[[nodiscard]] bool lies_in(const Address& address, const Range<Address>& range) {
    int left = range.bits;
    for (std::size_t k = 0; left > 0; ++k, left -= 8) {
        const unsigned mask = left >= 8 ? 0xffU : (0xff00U >> static_cast<unsigned>(left)) & 0xffU;
        if (((address[k] ^ range.begin[k]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

[[nodiscard]] std::string part_of(CURLU* url, CURLUPart part) {
    char* raw = nullptr;
    const bool found = curl_url_get(url, part, &raw, 0) == CURLUE_OK;
    const std::unique_ptr<char, FreeText> text(raw);
    return found && raw != nullptr ? std::string(raw) : std::string();
}

/// A host that is written as a number, and not a public one. Names are looked at when they are
/// resolved, at each try.
[[nodiscard]] bool is_number_inside(std::string host) {
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    V4 v4{};
    V6 v6{};
    if (inet_pton(AF_INET, host.c_str(), v4.data()) == 1) {
        return !is_public(v4);
    }
    return inet_pton(AF_INET6, host.c_str(), v6.data()) == 1 && !is_public(v6);
}

} // namespace

bool is_public(const V4& address) {
    return std::ranges::none_of(not_public_v4,
                                [&](const auto& range) { return lies_in(address, range); });
}

bool is_public(const V6& address) {
    if (lies_in(address, nat64)) {
        return is_public(V4{address[12], address[13], address[14], address[15]});
    }
    return lies_in(address, given_out) &&
           std::ranges::none_of(not_public_v6,
                                [&](const auto& range) { return lies_in(address, range); });
}

bool is_public(int family, const sockaddr* address, std::size_t bytes) {
    if (family == AF_INET && bytes >= sizeof(sockaddr_in)) {
        sockaddr_in in{};
        std::memcpy(&in, address, sizeof in);
        V4 v4{};
        std::memcpy(v4.data(), &in.sin_addr, v4.size());
        return is_public(v4);
    }
    if (family == AF_INET6 && bytes >= sizeof(sockaddr_in6)) {
        sockaddr_in6 in{};
        // It goes on behind what the declaration of sockaddr says.
        std::memcpy(&in, static_cast<const void*>(address), sizeof in);
        V6 v6{};
        std::memcpy(v6.data(), &in.sin6_addr, v6.size());
        return is_public(v6);
    }
    return false;
}

Result<Url> read_address(std::string_view text, Reach reach) {
    const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
    if (!plain || text.find("://") == std::string_view::npos ||
        curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) {
        return fail(ErrorKind::invalid, "hooks.no_address");
    }
    Url read{.whole = "",
             .scheme = part_of(url.get(), CURLUPART_SCHEME),
             .host = part_of(url.get(), CURLUPART_HOST)};
    const bool is_http = read.scheme == "http";
    if ((read.scheme != "https" && !is_http) || read.host.empty()) {
        return fail(ErrorKind::invalid, "hooks.no_address");
    }
    if (is_http && reach == Reach::outside) {
        return fail(ErrorKind::invalid, "hooks.no_https");
    }
    if (!part_of(url.get(), CURLUPART_USER).empty() ||
        !part_of(url.get(), CURLUPART_PASSWORD).empty()) {
        return fail(ErrorKind::invalid, "hooks.no_login");
    }
    if (reach == Reach::outside && is_number_inside(read.host)) {
        return fail(ErrorKind::invalid, "hooks.inside");
    }
    curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
    read.whole = part_of(url.get(), CURLUPART_URL);
    return read;
}

} // namespace allot::hooks
