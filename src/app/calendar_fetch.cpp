#include "app/calendar_fetch.hpp"

#include "base/text.hpp"
#include "collective/gatherings/series_import.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <sys/socket.h>

namespace allot::app {

namespace {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What happens while a calendar is on its way.
struct Way {
    std::string body;
    std::string etag;
    hooks::Reach reach = hooks::Reach::outside;
    bool refused = false; ///< an address
    bool opened = false;  ///< a socket to another one
    bool too_long = false;
    std::stop_token stop;
};

/// Asked for each address just before it is connected to, also after a redirect.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* to) {
    Way& way = *static_cast<Way*>(user);
    if (!hooks::is_public(to->family, &to->addr, to->addrlen) &&
        way.reach == hooks::Reach::outside) {
        way.refused = true;
        return CURL_SOCKET_BAD;
    }
    way.opened = true;
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t take_bytes(const char* bytes, std::size_t size, std::size_t count, void* user) {
    Way& way = *static_cast<Way*>(user);
    const std::size_t n = size * count;
    if (way.body.size() + n > gatherings::most_import_bytes) {
        way.too_long = true;
        return CURL_WRITEFUNC_ERROR;
    }
    way.body.append(bytes, n);
    return n;
}

std::size_t take_header(const char* bytes, std::size_t size, std::size_t count, void* user) {
    constexpr std::size_t longest_etag = 200;
    const std::string_view line(bytes, size * count);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && text::lower_ascii(line.substr(0, colon)) == "etag") {
        const std::string_view etag = text::trim(line.substr(colon + 1));
        const bool good = etag.size() <= longest_etag &&
                          std::ranges::all_of(etag, [](char c) { return c > ' ' && c < '\x7f'; });
        static_cast<Way*>(user)->etag = good ? std::string(etag) : std::string();
    }
    return line.size();
}

int look_at_stop(void* user, curl_off_t /*all_in*/, curl_off_t /*in*/, curl_off_t /*all_out*/,
                 curl_off_t /*out*/) {
    return static_cast<Way*>(user)->stop.stop_requested() ? 1 : 0;
}

class HttpFetcher final : public gatherings::CalendarFetcher {
  public:
    HttpFetcher(const FetchOptions& options, std::stop_token stop)
        : options_(options), stop_(std::move(stop)) {}

    gatherings::FetchedCalendar fetch(const std::string& url, const std::string& etag) override {
        // A handle for each: no connection, cookie or name of one is there for another.
        const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
        ALLOT_CHECK(easy != nullptr, "libcurl starts");
        Way way{.reach = options_.reach, .stop = stop_};
        const auto headers = headers_of(etag);
        set_bounds(easy.get());
        set(easy.get(), CURLOPT_URL, url.c_str());
        set(easy.get(), CURLOPT_HTTPHEADER, headers.get());
        set_way(easy.get(), way);
        const CURLcode code = curl_easy_perform(easy.get());
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        return fetched(code, status, way);
    }

  private:
    template <class T>
    static void set(CURL* easy, CURLoption option, T value) {
        const CURLcode code = curl_easy_setopt(easy, option, value);
        ALLOT_CHECK(code == CURLE_OK, "libcurl knows the option");
    }

    [[nodiscard]] static std::unique_ptr<curl_slist, FreeList> headers_of(const std::string& etag) {
        curl_slist* all = curl_slist_append(nullptr, "accept: text/calendar, */*;q=0.1");
        all = curl_slist_append(all, "user-agent: allotment");
        if (!etag.empty()) {
            all = curl_slist_append(all, ("if-none-match: " + etag).c_str());
        }
        return std::unique_ptr<curl_slist, FreeList>(all);
    }

    void set_bounds(CURL* easy) const {
        const char* const protocols =
            options_.reach == hooks::Reach::inside ? "https,http" : "https";
        set(easy, CURLOPT_PROTOCOLS_STR, protocols);
        set(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
        set(easy, CURLOPT_FOLLOWLOCATION, 1L);
        set(easy, CURLOPT_MAXREDIRS, 3L);
        set(easy, CURLOPT_PROXY, "");
        set(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
        set(easy, CURLOPT_NOSIGNAL, 1L);
        set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_time.count()));
        set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.whole_time.count()));
        if (!options_.ca_file.empty()) {
            set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
        }
    }

    static void set_way(CURL* easy, Way& way) {
        set(easy, CURLOPT_WRITEFUNCTION, take_bytes);
        set(easy, CURLOPT_WRITEDATA, &way);
        set(easy, CURLOPT_HEADERFUNCTION, take_header);
        set(easy, CURLOPT_HEADERDATA, &way);
        set(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        set(easy, CURLOPT_OPENSOCKETDATA, &way);
        set(easy, CURLOPT_NOPROGRESS, 0L);
        set(easy, CURLOPT_XFERINFOFUNCTION, look_at_stop);
        set(easy, CURLOPT_XFERINFODATA, &way);
    }

    [[nodiscard]] static gatherings::FetchedCalendar fetched(CURLcode code, long status, Way& way) {
        if (way.refused && !way.opened) {
            return {.trouble = "follow.private_address"};
        }
        if (way.too_long) {
            return {.trouble = "follow.no_calendar"};
        }
        if (code == CURLE_OK && status == 304) {
            return {.same = true};
        }
        if (code == CURLE_OK && status == 200) {
            return {.text = std::move(way.body), .etag = std::move(way.etag)};
        }
        const bool gone = code == CURLE_OK && (status == 404 || status == 410);
        return {.trouble = gone ? "follow.gone" : "follow.no_answer"};
    }

    FetchOptions options_;
    std::stop_token stop_;
};

} // namespace

std::unique_ptr<gatherings::CalendarFetcher> calendar_fetcher(const FetchOptions& options,
                                                              std::stop_token stop) {
    return std::make_unique<HttpFetcher>(options, std::move(stop));
}

} // namespace allot::app
