#include "platform/hooks/poster.hpp"
#include "platform/hooks/test_receiver.hpp"

#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::hooks;
using test::Receiver;
using test::Reply;

namespace {

const PosterOptions to_here{.reach = Reach::inside,
                            .connect_time = std::chrono::milliseconds(2000),
                            .whole_time = std::chrono::milliseconds(600)};

Posted post(const std::string& url, const PosterOptions& options = to_here,
            const std::string& body = "{}") {
    const auto poster = http_poster(options, {});
    return poster->post(
        {.url = url, .headers = {{"content-type", "application/json"}}, .body = body}, [] {});
}

} // namespace

TEST_CASE("a request arrives whole, as a POST or a PUT, and the status of the answer is told") {
    Receiver receiver;
    const std::string body(200'000, 'x');
    CHECK(post(receiver.url("/in?a=b"), to_here, body).trouble == Trouble::none);
    const auto poster = http_poster(to_here, {});
    receiver.then({.status = 204, .body = ""});
    const Posted put = poster->post(
        {.is_put = true, .url = receiver.url("/there"), .headers = {{"x-mine", "1"}}, .body = "{}"},
        [] {});
    CHECK(put.status == 204);
    const auto received = receiver.received();
    REQUIRE(received.size() == 2);
    CHECK(received[0].line == "POST /in?a=b HTTP/1.1");
    CHECK(received[0].body == body);
    CHECK(received[0].headers.at("content-type") == "application/json");
    CHECK(received[1].line == "PUT /there HTTP/1.1");
    CHECK(received[1].headers.at("x-mine") == "1");
}

TEST_CASE("what each status means") {
    const std::vector<std::pair<int, Trouble>> meanings = {
        {200, Trouble::none},      {204, Trouble::none},    {301, Trouble::moved},
        {302, Trouble::moved},     {400, Trouble::refused}, {401, Trouble::unauthorized},
        {403, Trouble::forbidden}, {404, Trouble::missing}, {410, Trouble::gone},
        {413, Trouble::refused},   {429, Trouble::busy},    {500, Trouble::broken},
        {503, Trouble::broken}};
    Receiver receiver;
    for (const auto& [status, meaning] : meanings) {
        CAPTURE(status);
        receiver.then({.status = status, .headers = "Location: /elsewhere\r\n", .body = ""});
        const Posted posted = post(receiver.url());
        CHECK(posted.status == status);
        CHECK(name_of(posted.trouble) == name_of(meaning));
    }
    CHECK(receiver.received().size() == meanings.size()); // nothing was followed
}

TEST_CASE("how long the other end asks to wait is told") {
    Receiver receiver;
    receiver.then({.status = 429, .headers = "Retry-After: 17\r\n"});
    CHECK(post(receiver.url()).retry_after == std::chrono::seconds(17));
    receiver.then({.status = 503, .headers = "Retry-After: soon\r\n"});
    CHECK(!post(receiver.url()).retry_after);
}

TEST_CASE("before all was handed over it was surely not sent, after that nobody knows") {
    Receiver receiver;
    receiver.then({.how = Reply::How::hang});
    CHECK(post(receiver.url()).trouble == Trouble::unsure);
    receiver.then({.how = Reply::How::break_off});
    CHECK(post(receiver.url()).trouble == Trouble::unsure);
    std::string nobody;
    {
        const Receiver gone;
        nobody = gone.url();
    }
    CHECK(post(nobody).trouble == Trouble::unreachable);
    CHECK(post("https://nowhere.invalid/").trouble == Trouble::unreachable);
}

TEST_CASE("an answer that is too long counts by its first line") {
    Receiver receiver;
    receiver.then({.body = std::string(300'000, 'x')});
    CHECK(post(receiver.url()).trouble == Trouble::none);
    receiver.then({.status = 404, .body = std::string(300'000, 'x')});
    CHECK(post(receiver.url()).trouble == Trouble::missing);
}

TEST_CASE("nothing goes inside of a network, whatever a name says") {
    Receiver receiver;
    PosterOptions outside = to_here;
    outside.reach = Reach::outside;
    const std::string port = std::to_string(receiver.port());
    for (const std::string host :
         {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"}) {
        CAPTURE(host);
        CHECK(post("https://" + host + ":" + port + "/", outside).trouble == Trouble::inside);
        // Over http not at all.
        CHECK(post("http://" + host + ":" + port + "/", outside).trouble != Trouble::none);
    }
    CHECK(receiver.received().empty());
}

TEST_CASE("where the other end speaks no TLS, nothing of the message is sent") {
    Receiver receiver;
    const std::string port = std::to_string(receiver.port());
    const Posted posted = post("https://127.0.0.1:" + port + "/");
    CHECK(posted.status == 0);
    CHECK((posted.trouble == Trouble::unreachable || posted.trouble == Trouble::silent));
    CHECK(receiver.received().empty());
}
