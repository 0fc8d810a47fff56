/// Calendars and news to subscribe to, through their addresses.
#include "app/test_house.hpp"
#include "collective/gatherings/series_store.hpp"
#include "collective/people/person_store.hpp"
#include "platform/http/answer.hpp"

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

constexpr const char* all_calendar = "/c/lab/calendar.ics";
constexpr const char* club = "/c/lab/series/journal-club";

struct Lab {
    explicit Lab(test::EngineKind engine)
        : house(engine), ada(house.begin("lab", "ada@example.org")), nobody(house) {
        begin("Journal club", "every Thursday at 17:00 London time", "public");
        begin("Lab meeting", "every Monday at 10:00 London time", "members");
    }

    void begin(std::string_view title, std::string_view rhythm, std::string_view audience) {
        const auto begun = ada.send("/c/lab/series/new", "/c/lab/series",
                                    {{"title", std::string(title)},
                                     {"rhythm", std::string(rhythm)},
                                     {"minutes", "60"},
                                     {"where", "https://meet.example/lab"},
                                     {"audience", std::string(audience)}});
        REQUIRE(begun.status == 303);
    }

    /// What stands in the first field for an address of the page that makes a link of her own.
    std::string own_calendar(Browser& browser) {
        const auto page = browser.send("/c/lab/settings", "/c/lab/settings/calendar-link", {});
        constexpr std::string_view before = "value=\"http://localhost:8080";
        const std::size_t at = page.text.find(before);
        REQUIRE(at != std::string::npos);
        const std::size_t begin = at + before.size();
        return page.text.substr(begin, page.text.find('"', begin) - begin);
    }

    test::House house;
    Browser ada;
    Browser nobody;
};

/// What a feed holds.
std::string text_of(const http::HttpResponse& answer) {
    return answer.shared ? answer.shared->plain : answer.text;
}

bool says(const http::HttpResponse& answer, std::string_view words) {
    return text_of(answer).find(words) != std::string::npos;
}

} // namespace

TEST_CASE("anyone subscribes to what is public, and to nothing else") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto feed = lab.nobody.get(all_calendar);
        REQUIRE(feed.status == 200);
        CHECK(test::header_of(feed, "content-type") == "text/calendar; charset=utf-8");
        CHECK(test::header_of(feed, "cache-control") == "no-cache");
        CHECK(test::header_of(feed, "vary") == "accept-encoding");
        CHECK(says(feed, "SUMMARY:Journal club"));
        CHECK(says(feed, "URL:http://localhost:8080/c/lab/series/journal-club"));
        CHECK_FALSE(says(feed, "Lab meeting"));
        CHECK_FALSE(says(feed, "ada"));
        // Who asks makes no difference: caches on the way may keep it.
        CHECK(text_of(lab.ada.get(all_calendar)) == text_of(feed));

        const auto series = lab.nobody.get(std::string(club) + "/calendar.ics");
        REQUIRE(series.status == 200);
        CHECK(says(series, "SUMMARY:Journal club"));
        CHECK(lab.nobody.get("/c/lab/series/lab-meeting/calendar.ics").status == 404);
        const auto file = lab.ada.get("/c/lab/series/lab-meeting/calendar.ics");
        CHECK(says(file, "SUMMARY:Lab meeting"));
        CHECK(test::header_of(file, "cache-control") == "no-store");
    }
}

TEST_CASE("a feed is made again where something changed, and is the same bytes where not") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto first = lab.nobody.get(all_calendar);
        const auto again = lab.nobody.get(all_calendar);
        CHECK(first.shared == again.shared); // made once
        lab.house.clock.advance(std::chrono::hours(48));
        const auto later = lab.nobody.get(all_calendar);
        CHECK(later.shared != first.shared);
        CHECK(text_of(later) == text_of(first));
        CHECK(later.shared->etag == first.shared->etag);
        lab.begin("Walk", "every Friday at 15:00 London time", "public");
        CHECK(says(lab.nobody.get(all_calendar), "SUMMARY:Walk"));
    }
}

TEST_CASE("a calendar is known without the database for a second, and until something changes") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto reads = [&] { return lab.house.fresh.store->counts().reads; };
        const auto first = lab.nobody.get(all_calendar);
        const auto before = reads();
        const auto again = lab.ada.get(all_calendar);
        CHECK(again.headers == first.headers);
        CHECK(again.shared == first.shared);
        CHECK(again.route == first.route);
        CHECK(reads() == before);

        const auto other =
            store::Store::open({.url = lab.house.fresh.database.url()}, app::migrations());
        REQUIRE(other); // another process
        REQUIRE((*other)->write([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto collective, people::collective_named(transaction, "lab"));
            TRY(const auto found,
                gatherings::series_named(transaction, collective->id, "journal-club"));
            const gatherings::Series& series = found.value();
            gatherings::About about = series.about;
            about.title = "Club of journals";
            return gatherings::save_about(transaction, collective->id, series.id, about);
        }));
        lab.house.clock.advance(std::chrono::seconds(1));
        CHECK(says(lab.nobody.get(all_calendar), "SUMMARY:Club of journals"));

        lab.begin("Walk", "every Friday at 15:00 London time", "public");
        CHECK(says(lab.nobody.get(all_calendar), "SUMMARY:Walk"));
    }
}

TEST_CASE("what not everybody gets is never known without asking who asks") {
    Lab lab(test::EngineKind::sqlite);
    const std::string mine = lab.own_calendar(lab.ada);
    const auto reads = [&] { return lab.house.fresh.store->counts().reads; };
    for (const std::string& address : {mine, std::string("/c/lab/series/lab-meeting/calendar.ics"),
                                       std::string("/c/lab/events")}) {
        CAPTURE(address);
        CHECK(lab.ada.get(address).status == 200);
        const auto before = reads();
        CHECK(lab.ada.get(address).status == 200);
        CHECK(reads() > before);
    }
    CHECK(lab.nobody.get("/c/lab/series/lab-meeting/calendar.ics").status == 404);
}

TEST_CASE("the calendar of a draft is for those who belong to it, also right after they asked") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(lab.ada
                .send("/c/lab/circles/new", "/c/lab/circles",
                      {{"name", "Moths"}, {"kind", "lab"}, {"issue", "Light"}})
                .status == 303);
    const std::string draft = "/c/lab/circles/moths/calendar.ics";
    const auto hers = lab.ada.get(draft);
    REQUIRE(hers.status == 200);
    CHECK(test::header_of(hers, "cache-control") == "private, no-cache");
    CHECK(lab.nobody.get(draft).status == 404);
}

TEST_CASE("a secret address shows what its owner may see, until she makes another") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        const std::string address = lab.own_calendar(mia);
        const auto feed = lab.nobody.get(address);
        REQUIRE(feed.status == 200);
        CHECK(says(feed, "SUMMARY:Journal club"));
        CHECK(says(feed, "SUMMARY:Lab meeting"));
        CHECK(test::header_of(feed, "cache-control") == "private, no-cache");
        CHECK_FALSE(says(feed, "mia"));
        CHECK_FALSE(says(feed, address));

        const std::string newer = lab.own_calendar(mia);
        CHECK(lab.nobody.get(address).status == 404);
        CHECK(lab.nobody.get(newer).status == 200);
    }
}

TEST_CASE("a secret address follows its owner's part, also where no gathering changed") {
    Lab lab(test::EngineKind::sqlite);
    Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
    const std::string address = lab.own_calendar(mia);
    CHECK(says(lab.nobody.get(address), "Lab meeting"));
    const auto made_guest =
        lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto collective, people::collective_named(transaction, "lab"));
            TRY(const auto person,
                people::person_with_mail(transaction, collective->id, "mia@example.org"));
            return people::save_role(transaction, collective->id, person->id, Role::guest,
                                     lab.house.clock.now());
        });
    REQUIRE(made_guest);
    CHECK_FALSE(says(lab.nobody.get(address), "Lab meeting"));
}

TEST_CASE("news announce what comes, and are the same for everybody") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto news = lab.nobody.get("/c/lab/events.atom");
        REQUIRE(news.status == 200);
        CHECK(test::header_of(news, "content-type") == "application/atom+xml; charset=utf-8");
        CHECK(says(news, "Journal club: Thursday"));
        CHECK_FALSE(says(news, "Lab meeting"));
        CHECK(text_of(lab.ada.get("/c/lab/events.atom")) == text_of(news));
    }
}

TEST_CASE("what was written after a gathering is news, and names nobody") {
    Lab lab(test::EngineKind::sqlite);
    using gatherings::Gathering;
    const auto written =
        lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto collective, people::collective_named(transaction, "lab"));
            TRY(const auto series,
                gatherings::series_named(transaction, collective->id, "journal-club"));
            TRY(const auto plan, gatherings::plan_of(transaction, collective->id, *series));
            Gathering one;
            one.original = plan.rhythms.front().start;
            one.learned = "Roots & leaves listen.";
            return gatherings::save_gathering(transaction, collective->id, series->id, one);
        });
    REQUIRE(written);
    lab.house.clock.advance(std::chrono::hours(24));
    const auto news = lab.nobody.get("/c/lab/events.atom");
    CHECK(says(news, "what was written"));
    CHECK(says(news, "Roots &amp;amp; leaves listen."));
    CHECK_FALSE(says(news, "Ada"));
}

TEST_CASE("pages lead to what one can subscribe to") {
    Lab lab(test::EngineKind::sqlite);
    const auto events = lab.nobody.get("/c/lab/events");
    CHECK(says(events, "webcal://localhost:8080/c/lab/calendar.ics"));
    CHECK(says(events, "<link rel=\"alternate\" type=\"text/calendar\""));
    CHECK(says(events, "<link rel=\"alternate\" type=\"application/atom+xml\""));
    CHECK(says(lab.nobody.get(club), "webcal://localhost:8080/c/lab/series/journal-club/"));
    const auto for_members = lab.ada.get("/c/lab/series/lab-meeting");
    CHECK_FALSE(says(for_members, "webcal://"));
    CHECK_FALSE(says(for_members, "rel=\"alternate\""));
}

TEST_CASE("a series that has ended ends in calendars") {
    Lab lab(test::EngineKind::sqlite);
    const auto before = lab.nobody.get(all_calendar);
    lab.house.clock.advance(std::chrono::hours(24 * 20));
    REQUIRE(lab.ada.send(club, std::string(club) + "/end", {}).status == 303);
    const auto after = lab.nobody.get(all_calendar);
    CHECK(text_of(after) != text_of(before));
    CHECK(says(after, "SEQUENCE:1"));
    CHECK(says(after, "UNTIL=2027020"));
}
