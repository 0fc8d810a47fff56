#include "platform/hooks/poster.hpp"

#include <algorithm>
#include <cstring>
#include <curl/curl.h>
#include <sys/socket.h>

namespace allot::hooks {

namespace {

constexpr std::chrono::seconds patience_at_end{5};

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What happens while a request is on its way.
struct Way {
    std::string_view left; ///< of the body
    bool all_given = false;
    std::size_t may_take = 0; ///< bytes of the answer
    Reach reach = Reach::outside;
    bool is_http = false;
    bool refused_inside = false; ///< some address
    bool opened = false;         ///< a socket to another one
    const std::function<void()>* pulse = nullptr;
    std::stop_token stop;
    std::chrono::steady_clock::time_point asked_to_stop;
};

std::size_t give_body(char* to, std::size_t size, std::size_t count, void* user) {
    Way& way = *static_cast<Way*>(user);
    const std::size_t n = std::min(size * count, way.left.size());
    std::memcpy(to, way.left.data(), n);
    way.left.remove_prefix(n);
    // From now on the other end may have it.
    way.all_given = way.all_given || way.left.empty();
    return n;
}

/// Reads and forgets; too much ends the request.
std::size_t take_answer(const char* /*bytes*/, std::size_t size, std::size_t count, void* user) {
    Way& way = *static_cast<Way*>(user);
    const std::size_t n = size * count;
    if (n > way.may_take) {
        return CURL_WRITEFUNC_ERROR;
    }
    way.may_take -= n;
    return n;
}

/// Asked for each address just before it is connected to: a name that says another address now than
/// it did a moment ago does not help.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* to) {
    Way& way = *static_cast<Way*>(user);
    const bool outside = hooks::is_public(to->family, &to->addr, to->addrlen);
    const bool allowed = outside ? !way.is_http : way.reach == Reach::inside;
    if (!allowed) {
        way.refused_inside = true;
        return CURL_SOCKET_BAD;
    }
    way.opened = true;
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int beat(void* user, curl_off_t /*all_in*/, curl_off_t /*in*/, curl_off_t /*all_out*/,
         curl_off_t /*out*/) {
    Way& way = *static_cast<Way*>(user);
    (*way.pulse)();
    if (!way.stop.stop_requested()) {
        return 0;
    }
    const auto now = std::chrono::steady_clock::now();
    if (way.asked_to_stop == std::chrono::steady_clock::time_point()) {
        way.asked_to_stop = now;
    }
    return now - way.asked_to_stop > patience_at_end ? 1 : 0;
}

[[nodiscard]] Trouble trouble_of(long status) {
    switch (status) {
    case 401:
        return Trouble::unauthorized;
    case 403:
        return Trouble::forbidden;
    case 404:
        return Trouble::missing;
    case 410:
        return Trouble::gone;
    case 408:
    case 425:
    case 429:
        return Trouble::busy;
    default:
        break;
    }
    if (status < 300) {
        return Trouble::none;
    }
    return status < 400 ? Trouble::moved : (status < 500 ? Trouble::refused : Trouble::broken);
}

[[nodiscard]] Trouble trouble_of(CURLcode code, const Way& way) {
    if (way.all_given) {
        return Trouble::unsure;
    }
    if (way.refused_inside && !way.opened) {
        return Trouble::inside;
    }
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return Trouble::silent;
    case CURLE_PEER_FAILED_VERIFICATION:
        return Trouble::untrusted;
    default:
        return Trouble::unreachable;
    }
}

class HttpPoster final : public Poster {
  public:
    HttpPoster(const PosterOptions& options, std::stop_token stop)
        : options_(options), stop_(std::move(stop)) {}

    Posted post(const Request& request, const std::function<void()>& pulse) override {
        // A handle for each: no connection, cookie or name of one hook is there for another.
        const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
        ALLOT_CHECK(easy != nullptr, "libcurl starts");
        Way way{.left = request.body,
                .may_take = options_.most_bytes,
                .reach = options_.reach,
                .is_http = request.url.starts_with("http:"),
                .pulse = &pulse,
                .stop = stop_};
        const auto headers = headers_of(request);
        set_bounds(easy.get());
        set_request(easy.get(), request, headers.get(), way);
        const CURLcode code = curl_easy_perform(easy.get());
        return posted(easy.get(), code, way);
    }

  private:
    template <class T>
    static void set(CURL* easy, CURLoption option, T value) {
        const CURLcode code = curl_easy_setopt(easy, option, value);
        ALLOT_CHECK(code == CURLE_OK, "libcurl knows the option");
    }

    [[nodiscard]] static std::unique_ptr<curl_slist, FreeList> headers_of(const Request& request) {
        // Waiting for "100 Continue" would only cost time.
        curl_slist* all = curl_slist_append(nullptr, "expect:");
        for (const auto& [name, value] : request.headers) {
            all = curl_slist_append(all, (name + ": " + value).c_str());
        }
        all = curl_slist_append(all, "user-agent: allotment");
        return std::unique_ptr<curl_slist, FreeList>(all);
    }

    void set_bounds(CURL* easy) const {
        set(easy, CURLOPT_PROTOCOLS_STR, options_.reach == Reach::inside ? "https,http" : "https");
        set(easy, CURLOPT_FOLLOWLOCATION, 0L);
        set(easy, CURLOPT_PROXY, "");
        set(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
        set(easy, CURLOPT_NOSIGNAL, 1L);
        set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_time.count()));
        set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.whole_time.count()));
        if (!options_.ca_file.empty()) {
            set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
        }
    }

    static void set_request(CURL* easy, const Request& request, curl_slist* headers, Way& way) {
        set(easy, CURLOPT_URL, request.url.c_str());
        set(easy, CURLOPT_POST, 1L);
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        if (request.is_put) {
            set(easy, CURLOPT_CUSTOMREQUEST, "PUT");
        }
        set(easy, CURLOPT_HTTPHEADER, headers);
        set(easy, CURLOPT_READFUNCTION, give_body);
        set(easy, CURLOPT_READDATA, &way);
        set(easy, CURLOPT_WRITEFUNCTION, take_answer);
        set(easy, CURLOPT_WRITEDATA, &way);
        set(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        set(easy, CURLOPT_OPENSOCKETDATA, &way);
        set(easy, CURLOPT_XFERINFOFUNCTION, beat);
        set(easy, CURLOPT_XFERINFODATA, &way);
        set(easy, CURLOPT_NOPROGRESS, 0L);
    }

    [[nodiscard]] static Posted posted(CURL* easy, CURLcode code, const Way& way) {
        long status = 0;
        curl_off_t wait = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait);
        if (status < 200) {
            return {.trouble = trouble_of(code, way)};
        }
        // Also where the rest of the answer is long, slow or lost: its first line says it.
        Posted posted{.trouble = trouble_of(status), .status = static_cast<int>(status)};
        if (wait > 0) {
            posted.retry_after = std::chrono::seconds(wait);
        }
        return posted;
    }

    PosterOptions options_;
    std::stop_token stop_;
};

} // namespace

std::unique_ptr<Poster> http_poster(const PosterOptions& options, std::stop_token stop) {
    return std::make_unique<HttpPoster>(options, std::move(stop));
}

} // namespace allot::hooks
