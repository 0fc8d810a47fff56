#include "platform/metrics.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/http/caller.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot {

namespace {

[[nodiscard]] std::string head_of(std::string_view name, std::string_view type,
                                  std::string_view help) {
    return fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

[[nodiscard]] std::string counter(std::string_view name, std::string_view help,
                                  std::int64_t value) {
    return head_of(name, "counter", help) + fmt::format("{} {}\n", name, value);
}

[[nodiscard]] double seconds_of(std::chrono::microseconds time) {
    return std::chrono::duration<double>(time).count();
}

} // namespace

void Metrics::count_request(const http::HttpRequest& request, const http::HttpResponse& response,
                            std::chrono::microseconds took) {
    const auto* const bound = std::ranges::lower_bound(bounds, took);
    const std::string_view route = response.route.empty() ? "none" : response.route;
    const std::lock_guard lock(mutex_);
    ++requests_[{route, request.method == http::Method::post, response.status / 100}];
    ++durations_.at(static_cast<std::size_t>(bound - bounds.begin()));
    all_durations_ += took;
}

std::string Metrics::requests_text() const {
    constexpr std::string_view requests = "allotment_requests_total";
    constexpr std::string_view durations = "allotment_request_seconds";
    std::string text = head_of(requests, "counter", "Requests that were answered by the site");
    const std::lock_guard lock(mutex_);
    for (const auto& [kind, times] : requests_) {
        const auto& [route, is_post, hundreds] = kind;
        text += fmt::format("{}{{route=\"{}\",method=\"{}\",status=\"{}xx\"}} {}\n", requests,
                            route, is_post ? "POST" : "GET", hundreds, times);
    }
    text += head_of(durations, "histogram", "How long the site took to answer");
    std::int64_t until = 0;
    for (std::size_t k = 0; k < bounds.size(); ++k) {
        until += durations_.at(k);
        text +=
            fmt::format("{}_bucket{{le=\"{}\"}} {}\n", durations, seconds_of(bounds.at(k)), until);
    }
    until += durations_.back();
    text += fmt::format("{}_bucket{{le=\"+Inf\"}} {}\n", durations, until);
    text += fmt::format("{}_sum {}\n", durations, seconds_of(all_durations_));
    return text + fmt::format("{}_count {}\n", durations, until);
}

std::string Metrics::gauges_text() const {
    std::string text;
    std::string_view last;
    for (const Ask& ask : parts_) {
        for (const Gauge& gauge : ask()) {
            if (gauge.name != last) {
                text += head_of(gauge.name, "gauge", gauge.help);
                last = gauge.name;
            }
            text += gauge.labels.empty()
                        ? fmt::format("{} {}\n", gauge.name, gauge.value)
                        : fmt::format("{}{{{}}} {}\n", gauge.name, gauge.labels, gauge.value);
        }
    }
    return text;
}

std::string Metrics::text(const store::StoreCounts& store) const {
    constexpr std::string_view started = "allotment_started_seconds";
    std::string text = head_of(started, "gauge", "When this process began, in seconds since 1970");
    text +=
        fmt::format("{} {}\n", started,
                    std::chrono::floor<std::chrono::seconds>(started_).time_since_epoch().count());
    text += requests_text();
    text += counter("allotment_store_reads_total", "Transactions that read", store.reads);
    text +=
        counter("allotment_store_writes_total", "Transactions that change something", store.writes);
    text += counter("allotment_store_write_retries_total",
                    "Tries after the first, where another change came between", store.writes_again);
    text += counter("allotment_store_writes_given_up_total",
                    "Changes that the database did not take", store.writes_given_up);
    return text + gauges_text();
}

http::HttpResponse metrics_answer(const http::HttpRequest& request, std::string_view key,
                                  const Metrics& metrics, const store::StoreCounts& store) {
    constexpr std::string_view bearer = "Bearer ";
    const std::string_view shown = request.header("authorization");
    const bool has_key = !key.empty() && shown.starts_with(bearer) &&
                         auth::same_secret(shown.substr(bearer.size()), key);
    http::HttpResponse response;
    response.route = "/metrics";
    if (!has_key && !http::is_from_this_machine(request)) {
        response.status = 404;
        return response;
    }
    response.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
    response.set("cache-control", "no-store");
    response.text = metrics.text(store);
    return response;
}

} // namespace allot
