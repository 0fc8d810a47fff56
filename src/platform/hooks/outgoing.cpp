#include "platform/hooks/outgoing.hpp"

#include "base/text.hpp"

#include <sys/socket.h>

namespace allot::hooks {

Outgoing::Outgoing(const Bounds& bounds) : easy_(curl_easy_init()), reach_(bounds.reach) {
    ALLOT_CHECK(easy_ != nullptr, "libcurl starts");
    const char* const protocols = bounds.reach == Reach::inside ? "https,http" : "https";
    set(CURLOPT_PROTOCOLS_STR, protocols);
    set(CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    set(CURLOPT_FOLLOWLOCATION, bounds.redirects > 0 ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, bounds.redirects);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(bounds.connect_time.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(bounds.whole_time.count()));
    if (!bounds.ca_file.empty()) {
        set(CURLOPT_CAINFO, bounds.ca_file.c_str());
    }
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    add_header("user-agent: allotment");
}

void Outgoing::add_header(const std::string& line) {
    curl_slist* const all = curl_slist_append(headers_.get(), line.c_str());
    ALLOT_CHECK(all != nullptr, "there is memory for a header");
    if (!headers_) { // later ones are appended to the same list
        headers_.reset(all);
    }
}

CURLcode Outgoing::perform(const std::string& url) {
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_HTTPHEADER, headers_.get());
    return curl_easy_perform(easy_.get());
}

long Outgoing::status() const {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

std::chrono::seconds Outgoing::retry_after() const {
    curl_off_t wait = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &wait);
    return std::chrono::seconds(wait);
}

/// Of the address that is asked now, which after a redirect is another one.
bool Outgoing::is_plain() const {
    const char* url = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
    return url == nullptr || !text::lower_ascii(url).starts_with("https:");
}

/// Asked for each address just before it is connected to: a name that says another address now than
/// it did a moment ago does not help.
curl_socket_t Outgoing::open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* to) {
    Outgoing& request = *static_cast<Outgoing*>(user);
    const bool is_outside = is_public(to->family, &to->addr, to->addrlen);
    const bool allowed = is_outside ? !request.is_plain() : request.reach_ == Reach::inside;
    if (!allowed) {
        request.refused_ = true;
        return CURL_SOCKET_BAD;
    }
    request.opened_ = true;
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

} // namespace allot::hooks
