/// What a server counts about itself, for Prometheus: requests by pattern, never by path; no
/// person, no collective.
#pragma once

#include "platform/http/message.hpp"
#include "platform/store/store.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace allot {

/// One figure that a part of the house tells when it is asked: `name` with its unit, labels as
/// Prometheus writes them (`state="waiting"`).
struct Gauge {
    std::string_view name;
    std::string_view help;
    std::string labels;
    double value = 0;
};

/// Any thread counts; whoever asks gets one moment of each figure.
class Metrics {
  public:
    using Ask = std::function<std::vector<Gauge>()>;

    explicit Metrics(Moment started) : started_(started) {}

    void count_request(const http::HttpRequest& request, const http::HttpResponse& response,
                       std::chrono::microseconds took);
    /// Adds figures of a part of the house, such as letters that wait. Before the server runs.
    void add(Ask ask) { parts_.push_back(std::move(ask)); }

    /// All of it in the text format 0.0.4 of Prometheus. The same counts are the same text.
    [[nodiscard]] std::string text(const store::StoreCounts& store) const;

  private:
    /// Upper bounds of the histogram.
    static constexpr std::array<std::chrono::microseconds, 11> bounds = {
        std::chrono::milliseconds(5),    std::chrono::milliseconds(10),
        std::chrono::milliseconds(25),   std::chrono::milliseconds(50),
        std::chrono::milliseconds(100),  std::chrono::milliseconds(250),
        std::chrono::milliseconds(500),  std::chrono::milliseconds(1000),
        std::chrono::milliseconds(2500), std::chrono::milliseconds(5000),
        std::chrono::milliseconds(10000)};
    /// Pattern, whether it is a POST, hundreds of the status.
    using Kind = std::tuple<std::string_view, bool, unsigned>;

    [[nodiscard]] std::string requests_text() const;
    [[nodiscard]] std::string gauges_text() const;

    Moment started_;
    std::vector<Ask> parts_;
    mutable std::mutex mutex_;
    std::map<Kind, std::int64_t> requests_;
    std::array<std::int64_t, bounds.size() + 1> durations_{}; ///< not yet summed up; the last: more
    std::chrono::microseconds all_durations_{0};
};

/// GET /metrics: for this machine, or for who shows the key as `Authorization: Bearer KEY`; others
/// are told that there is nothing. An empty key: for this machine alone.
[[nodiscard]] http::HttpResponse metrics_answer(const http::HttpRequest& request,
                                                std::string_view key, const Metrics& metrics,
                                                const store::StoreCounts& store);

} // namespace allot
