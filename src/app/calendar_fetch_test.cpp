/// Calendars that series follow, fetched by HTTP from a server that is really there.
#include "app/calendar_fetch.hpp"
#include "app/test_house.hpp"
#include "collective/gatherings/series_import.hpp"
#include "platform/hooks/test_receiver.hpp"

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;
using test::Receiver;
using test::Reply;

namespace {

app::FetchOptions to_here() {
    return {.reach = hooks::Reach::inside,
            .ca_file = {},
            .connect_time = std::chrono::milliseconds(2000),
            .whole_time = std::chrono::milliseconds(600)};
}

gatherings::FetchedCalendar fetch(const std::string& url, const std::string& etag = {}) {
    return app::calendar_fetcher(to_here(), {})->fetch(url, etag);
}

std::string calendar_of_fridays() {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:a@x\r\n"
           "DTSTAMP:20270101T000000Z\r\nSUMMARY:Elsewhere\r\n"
           "DTSTART;TZID=Europe/London:20270101T090000\r\nDURATION:PT1H\r\n"
           "RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

} // namespace

TEST_CASE("a calendar comes with its etag, and is not sent again while it is the same") {
    Receiver receiver;
    receiver.then({.headers = "ETag: \"1\"\r\n", .body = calendar_of_fridays()});
    const auto came = fetch(receiver.url("/a.ics"));
    CHECK(came.trouble.empty());
    CHECK(came.text == calendar_of_fridays());
    CHECK(came.etag == "\"1\"");
    receiver.then({.status = 304, .body = ""});
    const auto again = fetch(receiver.url("/a.ics"), came.etag);
    CHECK(again.same);
    CHECK(again.trouble.empty());
    const auto received = receiver.received();
    REQUIRE(received.size() == 2);
    CHECK(received[0].headers.at("accept").starts_with("text/calendar"));
    CHECK(!received[0].headers.contains("if-none-match"));
    CHECK(received[1].headers.at("if-none-match") == "\"1\"");
}

TEST_CASE("a redirect is followed three times and no further, and its etag is not the calendar's") {
    Receiver receiver;
    const Reply onward{.status = 302,
                       .headers = "Location: /there\r\nETag: \"of the redirect\"\r\n",
                       .body = "moved"};
    receiver.then(onward);
    receiver.then({.body = calendar_of_fridays()});
    const auto came = fetch(receiver.url("/here"));
    CHECK(came.text == calendar_of_fridays());
    CHECK(came.etag.empty());
    for (int k = 0; k < 5; ++k) {
        receiver.then(onward);
    }
    CHECK(fetch(receiver.url("/round")).trouble == "follow.no_answer");
    CHECK(receiver.received().size() == 6); // two, and one with three redirects
}

TEST_CASE("what is too large, too slow, gone or broken is said, and nothing of it is taken") {
    Receiver receiver;
    receiver.then({.body = std::string(gatherings::most_import_bytes + 1, 'x')});
    const auto large = fetch(receiver.url());
    CHECK(large.trouble == "follow.no_calendar");
    CHECK(large.text.empty());
    receiver.then({.how = Reply::How::hang});
    CHECK(fetch(receiver.url()).trouble == "follow.no_answer");
    receiver.then({.how = Reply::How::break_off});
    CHECK(fetch(receiver.url()).trouble == "follow.no_answer");
    for (const int status : {404, 410}) {
        receiver.then({.status = status});
        CHECK(fetch(receiver.url()).trouble == "follow.gone");
    }
    receiver.then({.status = 500});
    CHECK(fetch(receiver.url()).trouble == "follow.no_answer");
}

TEST_CASE(
    "a private address is asked only where that is allowed, and a public one never over http") {
    Receiver receiver;
    const auto outside = app::calendar_fetcher({}, {});
    const std::string secure = "https" + receiver.url().substr(std::string_view("http").size());
    CHECK(outside->fetch(secure, "").trouble == "follow.private_address");
    CHECK(outside->fetch(receiver.url(), "").trouble == "follow.no_answer"); // no https
    CHECK(receiver.received().empty());
    // 192.0.2.0/24 and its like are no public addresses; this one is, and is not connected to.
    CHECK(fetch("http://8.8.8.8/a.ics").trouble == "follow.private_address");
    receiver.then({.status = 302, .headers = "Location: http://8.8.8.8/a.ics\r\n", .body = ""});
    CHECK(fetch(receiver.url()).trouble == "follow.no_answer");
}

TEST_CASE("a series follows what a server says, and tells its hosts what is wrong with it") {
    const std::string page = "/c/lab/series/reading-group";
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        const std::string start = "/c/lab/start";
        REQUIRE(ada.send(start, start, {{"starter", "reading_group"}}).status == 303);
        REQUIRE(ada.send(page + "/follow", page + "/follow", {{"url", "https://x.example/a.ics"}})
                    .status == 303);
        Receiver receiver;
        REQUIRE(house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY_DO(
                transaction.run("UPDATE followed_calendar SET url = $1", {receiver.url("/a.ics")}));
            return {};
        }));
        const auto fetcher = app::calendar_fetcher(to_here(), {});
        const auto look = [&](const Reply& reply) {
            receiver.then(reply);
            REQUIRE(
                gatherings::look_at_followed(house.parts, *fetcher, [] { return Result<void>(); }));
        };
        const auto says = [&](const std::string& address, std::string_view words) {
            return ada.get(address).text.find(words) != std::string::npos;
        };
        look({.headers = "Content-Type: text/html\r\n", .body = "<!doctype html><p>Sign in"});
        CHECK(says(page + "/follow", "is no calendar"));
        look({.headers = "ETag: \"1\"\r\n", .body = calendar_of_fridays()});
        CHECK(says(page, "every Friday at 09:00"));
        CHECK_FALSE(says(page + "/follow", "could not be taken"));
        look({.status = 304, .body = ""});
        CHECK(receiver.received().back().headers.at("if-none-match") == "\"1\"");
        look({.status = 503});
        CHECK(says(page + "/follow", "does not answer"));
        look({.status = 200, .body = calendar_of_fridays()});
        CHECK(!receiver.received().back().headers.contains("if-none-match"));
        CHECK_FALSE(says(page + "/follow", "does not answer"));

        // Nothing is ahead: the series rests, and goes on by itself.
        std::string over = calendar_of_fridays();
        over.replace(over.find("FREQ=WEEKLY"), 11, "FREQ=WEEKLY;COUNT=2");
        look({.body = over});
        CHECK(says(page + "/follow", "Nothing is ahead"));
        look({.status = 503});
        CHECK(says(page + "/follow", "Nothing is ahead"));
        look({.body = calendar_of_fridays()});
        CHECK(ada.get(page + "/20270122T090000/prepare").status == 200);
    }
}
