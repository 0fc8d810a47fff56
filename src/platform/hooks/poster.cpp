#include "platform/hooks/poster.hpp"

#include "platform/hooks/outgoing.hpp"

#include <algorithm>
#include <cstring>

namespace allot::hooks {

namespace {

constexpr std::chrono::seconds patience_at_end{5};

/// What happens while a request is on its way.
struct Way {
    std::string_view left; ///< of the body
    bool all_given = false;
    std::size_t may_take = 0; ///< bytes of the answer
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

[[nodiscard]] Trouble trouble_of(CURLcode code, const Way& way, const Outgoing& easy) {
    if (way.all_given) {
        return Trouble::unsure;
    }
    if (easy.was_out_of_reach()) {
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
        Outgoing easy({.reach = options_.reach,
                       .ca_file = options_.ca_file,
                       .connect_time = options_.connect_time,
                       .whole_time = options_.whole_time});
        Way way{
            .left = request.body, .may_take = options_.most_bytes, .pulse = &pulse, .stop = stop_};
        set_request(easy, request, way);
        const CURLcode code = easy.perform(request.url);
        return posted(easy, code, way);
    }

  private:
    static void set_request(Outgoing& easy, const Request& request, Way& way) {
        // Waiting for "100 Continue" would only cost time.
        easy.add_header("expect:");
        for (const auto& [name, value] : request.headers) {
            easy.add_header(name + ": " + value);
        }
        easy.set(CURLOPT_POST, 1L);
        easy.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        if (request.is_put) {
            easy.set(CURLOPT_CUSTOMREQUEST, "PUT");
        }
        easy.set(CURLOPT_READFUNCTION, give_body);
        easy.set(CURLOPT_READDATA, &way);
        easy.set(CURLOPT_WRITEFUNCTION, take_answer);
        easy.set(CURLOPT_WRITEDATA, &way);
        easy.set(CURLOPT_XFERINFOFUNCTION, beat);
        easy.set(CURLOPT_XFERINFODATA, &way);
        easy.set(CURLOPT_NOPROGRESS, 0L);
    }

    [[nodiscard]] static Posted posted(const Outgoing& easy, CURLcode code, const Way& way) {
        const long status = easy.status();
        if (status < 200) {
            return {.trouble = trouble_of(code, way, easy)};
        }
        // Also where the rest of the answer is long, slow or lost: its first line says it.
        Posted posted{.trouble = trouble_of(status), .status = static_cast<int>(status)};
        if (const auto wait = easy.retry_after(); wait.count() > 0) {
            posted.retry_after = wait;
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
