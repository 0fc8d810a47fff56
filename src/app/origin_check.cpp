#include "app/origin_check.hpp"

#include <cstring>
#include <ctime>
#include <curl/curl.h>
#include <memory>

#include <fmt/format.h>

namespace allot::app {

namespace {

struct EndCurl {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

constexpr long most_seconds = 10;
constexpr std::size_t most_bytes = 4096;

/// What one request came to.
struct Fetched {
    CURLcode code = CURLE_OK;
    long status = 0;
    std::string body;
    std::string expires; ///< of the certificate, as OpenSSL writes it
};

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<std::string*>(to);
    if (body.size() + size * count > most_bytes) {
        return 0;
    }
    body.append(bytes, size * count);
    return size * count;
}

[[nodiscard]] std::string expiry_in(CURL* handle) {
    curl_certinfo* found = nullptr;
    if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &found) != CURLE_OK || found == nullptr ||
        found->num_of_certs < 1) {
        return "";
    }
    constexpr std::string_view name = "Expire date:";
    for (const curl_slist* line = found->certinfo[0]; line != nullptr; line = line->next) {
        if (const std::string_view text(line->data); text.starts_with(name)) {
            return std::string(text.substr(name.size()));
        }
    }
    return "";
}

[[nodiscard]] Fetched fetch(const std::string& address, const std::string& ca_file) {
    Fetched fetched;
    const std::unique_ptr<CURL, EndCurl> handle(curl_easy_init());
    ALLOT_CHECK(handle != nullptr, "libcurl starts");
    curl_easy_setopt(handle.get(), CURLOPT_URL, address.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, most_seconds);
    curl_easy_setopt(handle.get(), CURLOPT_CERTINFO, 1L);
    if (!ca_file.empty()) {
        curl_easy_setopt(handle.get(), CURLOPT_CAINFO, ca_file.c_str());
    }
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &fetched.body);
    fetched.code = curl_easy_perform(handle.get());
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &fetched.status);
    fetched.expires = expiry_in(handle.get());
    return fetched;
}

[[nodiscard]] Finding about_answer(const std::string& origin, const Fetched& fetched) {
    if (fetched.code == CURLE_PEER_FAILED_VERIFICATION) {
        return {Verdict::wrong, "https", fmt::format("browsers do not trust {}", origin),
                "Get a certificate for that name; Caddy does so by itself (docs/server.md)."};
    }
    if (fetched.code != CURLE_OK) {
        return {Verdict::wrong, "proxy",
                fmt::format("{} does not answer: {}", origin, curl_easy_strerror(fetched.code)),
                "Look at the name (DNS), the firewall and the proxy in front of the server."};
    }
    if (fetched.status == 421) {
        return {Verdict::wrong, "proxy", "the server does not know itself by that name",
                fmt::format("Start it with --origin {}", origin)};
    }
    if (fetched.status == 502 || fetched.status == 503 || fetched.status == 504) {
        return {
            Verdict::wrong, "proxy",
            fmt::format("it answers {}: it does not reach the server behind it", fetched.status),
            "Start the server, and compare its --listen with the proxy's target."};
    }
    if (fetched.status != 200 || fetched.body != "alive\n") {
        return {Verdict::wrong, "proxy",
                fmt::format("{} is answered by something else, with {}", origin, fetched.status),
                "Let the proxy pass all paths on to the server (docs/server.md)."};
    }
    return {Verdict::ok, "proxy", fmt::format("{} reaches the server", origin), ""};
}

[[nodiscard]] std::optional<Finding> about_certificate(const Fetched& fetched, Moment now) {
    constexpr std::chrono::days soon(14);
    const std::time_t at = curl_getdate(fetched.expires.c_str(), nullptr);
    if (fetched.expires.empty() || at <= 0) {
        return std::nullopt;
    }
    const auto left = std::chrono::floor<std::chrono::days>(Moment(std::chrono::seconds(at)) - now);
    const std::string found = fmt::format("the certificate is good for {} more days", left.count());
    if (left < soon) {
        return Finding{Verdict::look, "https", found,
                       "Renew it, and look why that did not happen by itself."};
    }
    return Finding{Verdict::ok, "https", found, ""};
}

} // namespace

std::vector<Finding> look_at_origin(const std::string& origin, const std::string& ca_file,
                                    Moment now) {
    std::vector<Finding> findings;
    const bool is_local = origin.starts_with("http://localhost") ||
                          origin.starts_with("http://127.0.0.1") ||
                          origin.starts_with("http://[::1]");
    if (!origin.starts_with("https://") && !is_local) {
        findings.push_back({Verdict::wrong, "https",
                            fmt::format("{} is not https: browsers will not sign in", origin),
                            "Put a proxy with a certificate in front (docs/server.md)."});
    }
    const Fetched fetched = fetch(origin + "/healthz", ca_file);
    findings.push_back(about_answer(origin, fetched));
    if (const auto certificate = about_certificate(fetched, now)) {
        findings.push_back(*certificate);
    }
    return findings;
}

} // namespace allot::app
