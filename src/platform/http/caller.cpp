#include "platform/http/caller.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace allot::http {

namespace {

constexpr std::size_t v6_bytes = 16;
using V6 = std::array<unsigned char, v6_bytes>;
constexpr std::array<unsigned char, 12> v4_inside{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

[[nodiscard]] std::string written(int family, const void* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

/// Values of all headers of that name, from the last to the first, as a proxy appends them.
[[nodiscard]] std::vector<std::string> listed_backwards(const HttpRequest& request,
                                                        std::string_view name) {
    std::vector<std::string> values;
    for (const auto& [header, value] : request.headers) {
        if (header == name) {
            std::ranges::move(text::split_list(value, ','), std::back_inserter(values));
        }
    }
    std::ranges::reverse(values);
    return values;
}

} // namespace

std::string plain_address(std::string_view address) {
    const std::string text(address);
    if (text.find('\0') != std::string::npos) {
        return {};
    }
    V6 bytes{};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
        return written(AF_INET, bytes.data());
    }
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) {
        return {};
    }
    const bool is_v4 = std::ranges::equal(v4_inside, std::span(bytes).first<v4_inside.size()>());
    return is_v4 ? written(AF_INET, bytes.data() + v4_inside.size())
                 : written(AF_INET6, bytes.data());
}

std::string without_port(std::string_view host) {
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
    if (!has_port) {
        return text::lower_ascii(host);
    }
    const std::string_view port = host.substr(colon + 1);
    const bool is_port = !port.empty() && port.size() <= 5 &&
                         port.find_first_not_of("0123456789") == std::string_view::npos;
    return is_port ? text::lower_ascii(host.substr(0, colon)) : "";
}

std::string client_network(std::string_view plain) {
    const std::string text(plain);
    V6 bytes{};
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) {
        return text;
    }
    std::fill(bytes.begin() + v6_bytes / 2, bytes.end(), static_cast<unsigned char>(0));
    return written(AF_INET6, bytes.data()) + "/64";
}

Result<Gate> Gate::of(const ServerOptions& options) {
    Gate gate;
    for (const std::string& host : options.hosts) {
        gate.hosts_.insert(text::lower_ascii(host));
    }
    const std::string address = plain_address(options.address);
    const bool everywhere = address == "0.0.0.0" || address == "::"; // this machine, too
    if (everywhere || address == "::1" || address.starts_with("127.") ||
        options.address == "localhost") {
        gate.hosts_.insert({"localhost", "127.0.0.1", "[::1]"});
    }
    for (const std::string& proxy : options.proxies) {
        const std::string plain = plain_address(proxy);
        if (plain.empty()) {
            return fail(ErrorKind::invalid,
                        fmt::format("\"{}\" is no address of a proxy, such as 10.0.0.7",
                                    text::shown(proxy)));
        }
        gate.proxies_.insert(plain);
    }
    return gate;
}

bool Gate::answers_to(std::string_view host) const {
    return hosts_.contains(without_port(host));
}

void Gate::believe_proxies(HttpRequest& request) const {
    if (!is_proxy(request.peer)) {
        return;
    }
    // The proxy nearest to us wrote last. Whoever stands before the first address that is no proxy
    // may have written anything.
    for (const std::string& entry : listed_backwards(request, "x-forwarded-for")) {
        const std::string address = plain_address(entry);
        if (address.empty()) {
            break;
        }
        request.peer = address;
        if (!is_proxy(address)) {
            break;
        }
    }
    const auto schemes = listed_backwards(request, "x-forwarded-proto");
    request.secure = !schemes.empty() && text::lower_ascii(schemes.front()) == "https";
}

bool is_from_this_machine(const HttpRequest& request) {
    const std::string_view name = std::string_view(request.host).substr(0, request.host.rfind(':'));
    return (request.peer == "127.0.0.1" || request.peer == "::1") &&
           request.header("x-forwarded-for").empty() && request.header("forwarded").empty() &&
           (name == "localhost" || name == "127.0.0.1" || name == "[::1]");
}

} // namespace allot::http
