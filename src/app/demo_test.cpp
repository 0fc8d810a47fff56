/// The demonstration, through the whole site.
#include "app/demo.hpp"
#include "app/test_house.hpp"
#include "collective/gatherings/mail_work.hpp"
#include "collective/gatherings/sweep.hpp"

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;

namespace {

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

/// The first address in a page that has that in it.
std::string link_in(const http::HttpResponse& page, std::string_view part) {
    const std::size_t at = page.text.find(part);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = page.text.rfind('"', at) + 1;
    return page.text.substr(begin, page.text.find('"', begin) - begin);
}

/// Three lines, notes, a question that was answered, and a plot with words for those who cannot see
/// it: all in their places, for anybody.
void check_last_evening(Browser& reader, const std::string& plots) {
    const auto series = reader.get(plots);
    const auto line = series.text.find("A night without the lamp");
    REQUIRE(line != std::string::npos);
    const std::size_t begin = series.text.rfind("=\"", line) + 2;
    const auto page = reader.get(series.text.substr(begin, series.text.find('"', begin) - begin));
    REQUIRE(page.status == 200);
    for (const char* const words :
         {"forty minutes earlier", "Nobody has to prepare anything", "Was its pot warmer",
          "Nobody looked. A thermometer", "Half-finished: one", "alt=\"Two curves of leaf angle"}) {
        CAPTURE(words);
        CHECK(says(page, words));
    }
    const auto picture = reader.get(link_in(page, "/pictures/"));
    CHECK(picture.status == 200);
}

/// The next evening has who does what, somebody who stands by, and words that wait for a host.
void check_next_evening(Browser& host, Browser& nobody) {
    const auto today = host.get("/c/night-garden/today");
    CHECK(says(today, "Next for you"));
    const std::string next = link_in(today, "/c/night-garden/series/one-plot-a-week/20");
    const auto page = host.get(next.substr(0, next.find('#')));
    CHECK(says(page, "Somebody stands by"));
    CHECK(says(page, "how damp the soil is"));
    CHECK(says(page, "You plan to come."));
    CHECK_FALSE(says(nobody.get(next), "how damp the soil is"));
    CHECK(says(nobody.get(next), "Put one pot on a heat mat"));
    CHECK(says(nobody.get(next), "href=\"https://doi.org/10.5555/night-garden.1\""));
}

/// What its hosts are told: how it was since it began, an evening that asks for nothing, seats, and
/// a letter from outside.
void check_for_hosts(Browser& host, const std::string& plots) {
    const auto alive = host.get(plots + "/alive");
    CHECK(says(alive, "6 gatherings were planned, and 6 were held."));
    CHECK(says(alive, "There was no long gap."));
    CHECK(says(host.get(plots), ">lighter<"));
    const std::string swap = "/c/night-garden/series/seed-swap-and-mending";
    CHECK(says(host.get(link_in(host.get(swap), swap + "/20")), "0 of 12 seats"));
    CHECK(says(host.get("/c/night-garden/circles/plants-at-night/letters"),
               "something that I cannot name"));
}

} // namespace

TEST_CASE("the demonstration is alive to look at, and goes in one click") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        REQUIRE(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
        CHECK(app::has_demo(*house.fresh.store) == true);
        const auto path =
            app::demo_sign_in_path(*house.fresh.store, house.clock.now(), house.entropy);
        REQUIRE(path);
        Browser host(house);
        const auto in = host.send(*path, *path, {});
        REQUIRE(in.status == 303);
        CHECK(test::header_of(in, "location") == "/c/night-garden/today");
        CHECK(host.get("/c/night-garden/today").status == 200);
        CHECK(host.get("/c/night-garden/people").text.find("Wiesława") != std::string::npos);
        for (const char* const circle : {"plants-at-night", "soil-and-sound"}) {
            CHECK(host.get("/c/night-garden/circles/" + std::string(circle)).status == 200);
        }
        Browser nobody(house);
        const std::string plots = "/c/night-garden/series/one-plot-a-week";
        const auto series = nobody.get(plots);
        CHECK(series.status == 200);
        CHECK(series.text.find("A night without the lamp") != std::string::npos);
        CHECK(series.text.find("Is it the light, or the warmth?") != std::string::npos);
        check_last_evening(nobody, plots);
        check_next_evening(host, nobody);
        check_for_hosts(host, plots);
        CHECK(nobody.get("/c/night-garden/series/listening-hour").status == 404);
        CHECK(host.get("/c/night-garden/series/listening-hour").status == 200);
        CHECK(host.get("/c/night-garden/series/seed-swap-and-mending").status == 200);
        const auto gone = host.send("/c/night-garden", "/c/night-garden/demo/end", {});
        CHECK(gone.status == 303);
        const std::string next = test::header_of(gone, "location");
        CHECK(next.starts_with("/welcome/"));
        CHECK(Browser(house).get(next).status == 200);
        CHECK(host.get("/c/night-garden").status == 404);
        CHECK(app::has_demo(*house.fresh.store) == false);
        // It can be planted again: nothing of it was left behind.
        CHECK(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
    }
}

TEST_CASE("the demonstration writes no mail by itself") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        REQUIRE(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
        Log log(house.clock, [](std::string_view) {});
        const gatherings::Sweep sweep(house.parts, house.site->catalogues(), "https://lab.example",
                                      log);
        gatherings::MailWork mail_work(house.parts, house.site->catalogues(), "https://lab.example",
                                       log);
        const auto go_on = [] { return Result<void>(); };
        for (int hour = 0; hour < 24; ++hour) {
            CAPTURE(hour);
            REQUIRE(sweep.run(go_on));
            REQUIRE(mail_work.run(go_on));
            house.clock.advance(std::chrono::hours(1));
        }
        const auto written = house.fresh.store->read([](store::Transaction& transaction) {
            return transaction.rows("SELECT kind, subject FROM mail", {});
        });
        REQUIRE(written);
        for (const store::Row& row : *written) {
            const std::string mail = row.text(0) + ": " + row.text(1);
            FAIL_CHECK(mail);
        }
    }
}

TEST_CASE("a collective of real people is not taken away") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        CHECK(ada.send("/c/lab/settings", "/c/lab/demo/end", {}).status == 409);
        CHECK(ada.get("/c/lab/people").status == 200);
    }
}
