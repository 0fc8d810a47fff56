#include "base/test_world.hpp"
#include "platform/metrics.hpp"

#include <doctest/doctest.h>

using namespace allot;
using http::HttpRequest;
using http::HttpResponse;

namespace {

HttpRequest from(std::string peer, std::string host) {
    HttpRequest request;
    request.parts = {"metrics"};
    request.peer = std::move(peer);
    request.host = std::move(host);
    return request;
}

} // namespace

TEST_CASE("requests are counted by pattern, method and hundreds of the status") {
    Metrics metrics(test::some_noon);
    HttpRequest get;
    HttpRequest post;
    post.method = http::Method::post;
    HttpResponse found;
    found.route = "/c/{collective}";
    HttpResponse missing;
    missing.status = 404;
    metrics.count_request(get, found, std::chrono::milliseconds(3));
    metrics.count_request(get, found, std::chrono::milliseconds(5));
    metrics.count_request(post, missing, std::chrono::seconds(20));
    const std::string text = metrics.text({.writes = 7, .writes_again = 2});
    for (const char* const line :
         {"allotment_started_seconds 1799928000\n",
          "allotment_requests_total{route=\"/c/{collective}\",method=\"GET\",status=\"2xx\"} 2\n",
          "allotment_requests_total{route=\"none\",method=\"POST\",status=\"4xx\"} 1\n",
          "allotment_request_seconds_bucket{le=\"0.005\"} 2\n",
          "allotment_request_seconds_bucket{le=\"10\"} 2\n",
          "allotment_request_seconds_bucket{le=\"+Inf\"} 3\n",
          "allotment_request_seconds_sum 20.008\n", "allotment_request_seconds_count 3\n",
          "allotment_store_writes_total 7\n", "allotment_store_write_retries_total 2\n"}) {
        CAPTURE(text);
        CAPTURE(line);
        CHECK(text.find(line) != std::string::npos);
    }
}

TEST_CASE("figures of a part of the house stand under one head") {
    Metrics metrics(test::some_noon);
    metrics.add([] {
        return std::vector<Gauge>{{"allotment_mail", "Letters by state", "state=\"waiting\"", 3},
                                  {"allotment_mail", "Letters by state", "state=\"sent\"", 4}};
    });
    CHECK(metrics.text({}).ends_with("# HELP allotment_mail Letters by state\n"
                                     "# TYPE allotment_mail gauge\n"
                                     "allotment_mail{state=\"waiting\"} 3\n"
                                     "allotment_mail{state=\"sent\"} 4\n"));
}

TEST_CASE("figures are for this machine, or for who has the key") {
    const Metrics metrics(test::some_noon);
    const auto status = [&](HttpRequest request, std::string_view key) {
        return metrics_answer(request, key, metrics, {}).status;
    };
    CHECK(status(from("127.0.0.1", "localhost:8080"), "") == 200);
    CHECK(status(from("203.0.113.7", "lab.example"), "") == 404);
    HttpRequest through_proxy = from("127.0.0.1", "localhost:8080");
    through_proxy.headers = {{"x-forwarded-for", "203.0.113.7"}};
    CHECK(status(through_proxy, "") == 404);
    HttpRequest with_key = from("203.0.113.7", "lab.example");
    with_key.headers = {{"authorization", "Bearer abc"}};
    CHECK(status(with_key, "abc") == 200);
    CHECK(status(with_key, "abd") == 404);
    CHECK(status(with_key, "") == 404);
    with_key.headers = {{"authorization", "Bearer "}};
    CHECK(status(with_key, "") == 404);
}
