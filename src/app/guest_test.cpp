/// Guests: whom a link lets into one place, and nowhere else.
#include "app/test_house.hpp"
#include "platform/auth/guest.hpp"

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

constexpr const char* page = "/c/lab/circles/night-walks";
const test::Fields draft = {{"name", "Night walks"}, {"kind", "plain"}, {"issue", "Dark ways"}};

/// A collective with a draft of its steward's.
struct Lab {
    explicit Lab(test::EngineKind engine)
        : house(engine), ada(house.begin("lab", "ada@example.org")) {
        CHECK(ada.send("/c/lab/circles/new", "/c/lab/circles", draft).status == 303);
    }
    /// The path of a link, as the page that makes it shows it.
    std::string link() {
        const std::string made = ada.send(page, std::string(page) + "/guest-link", {}).text;
        const std::size_t at = made.find("/g/");
        REQUIRE(at != std::string::npos);
        return made.substr(at, made.find('"', at) - at);
    }
    test::House house;
    Browser ada;
};

} // namespace

TEST_CASE("a link shows a draft to somebody without an account, until it is over") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser friend_(lab.house);
        CHECK(friend_.get(page).status == 404);
        const auto opened = friend_.get(lab.link());
        CHECK(opened.status == 303);
        CHECK(test::header_of(opened, "location") == page);
        const auto shown = friend_.get(page);
        CHECK(shown.status == 200);
        CHECK(shown.text.find("Dark ways") != std::string::npos);
        CHECK(shown.text.find("Ada of lab") == std::string::npos); // people are for members
        CHECK(test::header_of(shown, "cache-control") == "no-store");
        lab.house.clock.advance(auth::guest_time);
        CHECK(friend_.get(page).status == 404);
    }
}

TEST_CASE("a guest may nothing but read that place") {
    Lab lab(test::EngineKind::sqlite);
    CHECK(lab.ada.send("/c/lab/circles/new", "/c/lab/circles", draft).status ==
          303); // a second one
    Browser friend_(lab.house);
    friend_.get(lab.link());
    CHECK(friend_.get("/c/lab/circles/night-walks-2").status == 404);
    for (const pages::Route& route : lab.house.site->routes()) {
        CAPTURE(route.pattern);
        std::string address(route.pattern);
        for (const auto& [part, value] :
             {std::pair{"{collective}", "lab"}, {"{circle}", "night-walks"}}) {
            if (const std::size_t at = address.find(part); at != std::string::npos) {
                address.replace(at, std::string_view(part).size(), value);
            }
        }
        const Role least = auth::permission_for(route.action).least;
        if (least == Role::anyone || address.find('{') != std::string::npos) {
            continue;
        }
        const auto said = route.method == http::Method::get
                              ? friend_.get(address, {{"accept", "application/json"}})
                              : friend_.post_json(address, "{}");
        CHECK(said.status == 401);
    }
}

TEST_CASE("a link that was changed, cut off, or made with another key opens nothing") {
    Lab lab(test::EngineKind::sqlite);
    const std::string link = lab.link();
    const auth::GuestPass pass{.place = page,
                               .ends = lab.house.clock.now() + std::chrono::hours(1)};
    for (const std::string& bad :
         {link + "x", link.substr(0, link.size() - 1), std::string("/g/x"),
          "/g/" + auth::pass_text("another key", pass), "/g/" + link.substr(link.find('.') + 1)}) {
        CAPTURE(bad);
        Browser stranger(lab.house);
        CHECK(stranger.get(bad).status == 404);
        CHECK(stranger.cookies.empty());
    }
}

TEST_CASE("a browser keeps the newest passes, one for each place") {
    const Moment now = test::some_noon;
    std::string cookie;
    for (int k = 0; k < 7; ++k) {
        const auth::GuestPass pass{.place = "/c/lab/circles/" + std::to_string(k % 6),
                                   .ends = now + std::chrono::hours(1)};
        cookie = auth::cookie_with("key", cookie, pass, now);
    }
    std::vector<std::string> places;
    for (const auth::GuestPass& pass : auth::read_passes("key", cookie, now)) {
        places.push_back(pass.place.substr(pass.place.rfind('/') + 1));
    }
    CHECK(places == std::vector<std::string>{"0", "5", "4", "3"});
    CHECK(auth::read_passes("key", cookie, now + std::chrono::hours(1)).empty());
    const auth::GuestPass pass{.place = "/c/lab/circles/one", .ends = now};
    CHECK(pass.lets_into("/c/lab/circles/one"));
    CHECK(pass.lets_into("/c/lab/circles/one/settings"));
    CHECK(!pass.lets_into("/c/lab/circles/one-more"));
    CHECK(!pass.lets_into("/c/lab/circles"));
}
