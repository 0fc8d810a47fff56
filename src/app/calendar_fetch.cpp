#include "app/calendar_fetch.hpp"

#include "base/text.hpp"
#include "collective/gatherings/series_import.hpp"
#include "platform/hooks/outgoing.hpp"

#include <algorithm>

namespace allot::app {

namespace {

constexpr long most_redirects = 3;

/// What happens while a calendar is on its way.
struct Way {
    std::string body;
    std::string etag;
    bool too_long = false;
    std::stop_token stop;
};

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
    if (line.starts_with("HTTP/")) { // another answer begins, as after a redirect
        static_cast<Way*>(user)->etag.clear();
    }
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
        hooks::Outgoing easy({.reach = options_.reach,
                              .ca_file = options_.ca_file,
                              .connect_time = options_.connect_time,
                              .whole_time = options_.whole_time,
                              .redirects = most_redirects});
        Way way;
        way.stop = stop_;
        easy.add_header("accept: text/calendar, */*;q=0.1");
        if (!etag.empty()) {
            easy.add_header("if-none-match: " + etag);
        }
        easy.set(CURLOPT_WRITEFUNCTION, take_bytes);
        easy.set(CURLOPT_WRITEDATA, &way);
        easy.set(CURLOPT_HEADERFUNCTION, take_header);
        easy.set(CURLOPT_HEADERDATA, &way);
        easy.set(CURLOPT_NOPROGRESS, 0L);
        easy.set(CURLOPT_XFERINFOFUNCTION, look_at_stop);
        easy.set(CURLOPT_XFERINFODATA, &way);
        const CURLcode code = easy.perform(url);
        return fetched(easy, code, way);
    }

  private:
    [[nodiscard]] static gatherings::FetchedCalendar fetched(const hooks::Outgoing& easy,
                                                             CURLcode code, Way& way) {
        const long status = easy.status();
        if (easy.was_out_of_reach()) {
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
