#include "platform/pages/recent_answers.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace allot;
using pages::RecentAnswers;
using namespace std::chrono_literals;

namespace {

constexpr Moment noon = std::chrono::sys_days(std::chrono::year(2027) / 3 / 4) + 12h;

http::HttpRequest request_for(std::vector<std::string> parts) {
    return {.parts = std::move(parts), .host = "lab.example"};
}

std::shared_ptr<const http::Body> body_of(const std::string& text) {
    return std::make_shared<const http::Body>(
        http::Body{.plain = text, .gzip = {}, .brotli = {}, .etag = {}});
}

http::HttpResponse answer_with(std::shared_ptr<const http::Body> body) {
    http::HttpResponse response;
    response.set("cache-control", "no-cache");
    response.shared = std::move(body);
    response.route = "/c/{collective}/calendar.ics";
    return response;
}

} // namespace

TEST_CASE("an answer of a moment ago is given again, whole, and no other") {
    RecentAnswers recent;
    const auto body = body_of("one");
    const auto asked = request_for({"c", "lab", "calendar.ics"});
    CHECK_FALSE(recent.find(asked, {noon, 7}));
    recent.keep(asked, answer_with(body), {noon, 7});
    const auto found = recent.find(asked, {noon + 999ms, 7});
    REQUIRE(found);
    CHECK(found->shared == body);
    CHECK(found->headers == answer_with(body).headers);
    CHECK(found->route == "/c/{collective}/calendar.ics");
    CHECK_FALSE(recent.find(request_for({"c", "other", "calendar.ics"}), {noon, 7}));
}

TEST_CASE("an answer ends with a change, a second, a day, a clock that went back, and its body") {
    RecentAnswers recent;
    auto body = body_of("one");
    const auto asked = request_for({"calendar.ics"});
    recent.keep(asked, answer_with(body), {noon, 7});
    CHECK_FALSE(recent.find(asked, {noon, 8}));
    CHECK_FALSE(recent.find(asked, {noon + 1s, 7}));
    CHECK_FALSE(recent.find(asked, {noon - 1ms, 7}));
    CHECK(recent.find(asked, {noon, 7}));
    body.reset();
    CHECK_FALSE(recent.find(asked, {noon, 7}));

    const auto kept = body_of("two");
    const Moment midnight = noon + 12h;
    recent.keep(asked, answer_with(kept), {midnight - 1ms, 7});
    CHECK_FALSE(recent.find(asked, {midnight, 7}));
}

TEST_CASE("how the server was asked for is part of an answer, and questions are not answered") {
    RecentAnswers recent;
    const auto body = body_of("one");
    auto asked = request_for({"calendar.ics"});
    recent.keep(asked, answer_with(body), {noon, 7});
    asked.secure = true;
    CHECK_FALSE(recent.find(asked, {noon, 7}));
    asked.secure = false;
    asked.host = "other.example";
    CHECK_FALSE(recent.find(asked, {noon, 7}));
    asked.host = "lab.example";
    asked.query = {{"q", "x"}};
    CHECK_FALSE(recent.find(asked, {noon, 7}));
    recent.keep(asked, answer_with(body), {noon, 7});
    CHECK_FALSE(recent.find(asked, {noon, 7}));
}

TEST_CASE("more answers than may be kept are forgotten, and nothing else happens") {
    RecentAnswers recent;
    const auto body = body_of("one");
    for (std::size_t k = 0; k <= RecentAnswers::most; ++k) {
        recent.keep(request_for({std::to_string(k)}), answer_with(body), {noon, 7});
    }
    CHECK_FALSE(recent.find(request_for({"0"}), {noon, 7}));
    CHECK(recent.find(request_for({std::to_string(RecentAnswers::most)}), {noon, 7}));
}
