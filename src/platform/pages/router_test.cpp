#include "base/ids.hpp"
#include "platform/pages/router.hpp"

#include <doctest/doctest.h>

using namespace allot;
using http::Method;
using pages::Route;
using pages::Router;

namespace {

constexpr auto action = auth::Action::read_public;

const std::vector<Route> routes = {
    {Method::get, "/", action, {}},
    {Method::get, "/c/{collective}", action, {}},
    {Method::get, "/c/{collective}/circles/new", action, {}},
    {Method::get, "/c/{collective}/circles/{circle}", action, {}},
    {Method::post, "/c/{collective}/circles/{circle}", action, {}},
    {Method::get, "/c/{collective}/people/{person}", action, {}},
    {Method::post, "/sign-in/{key}", action, {}},
    {Method::get, "/g/{signed}", action, {}},
    {Method::get, "/events/{day}", action, {}},
};

std::string_view found(Method method, const std::vector<std::string>& parts) {
    const auto router = Router::of(routes);
    REQUIRE(router);
    const auto match = router->find(method, parts);
    return match.route == nullptr ? (match.other_method ? "other method" : "nothing")
                                  : match.route->pattern;
}

} // namespace

TEST_CASE("an address finds its route, a word before a name") {
    CHECK(found(Method::get, {""}) == "/");
    CHECK(found(Method::get, {"c", "lab"}) == "/c/{collective}");
    CHECK(found(Method::get, {"c", "lab", ""}) == "/c/{collective}");
    CHECK(found(Method::get, {"c", "lab", "circles", "new"}) == "/c/{collective}/circles/new");
    CHECK(found(Method::get, {"c", "lab", "circles", "maps"}) ==
          "/c/{collective}/circles/{circle}");
    CHECK(found(Method::post, {"c", "lab", "circles", "maps"}) ==
          "/c/{collective}/circles/{circle}");
    CHECK(found(Method::post, {"c", "lab"}) == "other method");
    CHECK(found(Method::get, {"c"}) == "nothing");
    CHECK(found(Method::get, {"c", "lab", "circles", "new", "x"}) == "nothing");
}

TEST_CASE("parts have types, and what does not fit is nowhere") {
    const std::string id = "01a3117e-8000-7000-8000-000000000000";
    CHECK(found(Method::get, {"c", "lab", "people", id}) == "/c/{collective}/people/{person}");
    CHECK(found(Method::get, {"c", "lab", "people", "somebody"}) == "nothing");
    CHECK(found(Method::get, {"c", "Lab"}) == "nothing");
    CHECK(found(Method::get, {"c", "a--b"}) == "nothing");
    CHECK(found(Method::post, {"sign-in", "aZ09-_"}) == "/sign-in/{key}");
    CHECK(found(Method::get, {"g", "aZ09.-_"}) == "/g/{signed}");
    for (const char* const bad : {"aZ09", ".", "a.", ".b", "a.b.c", "a.b/"}) {
        CHECK(found(Method::get, {"g", bad}) == "nothing");
    }
    CHECK(found(Method::post, {"sign-in", "a.b"}) == "nothing");
    CHECK(found(Method::get, {"events", "2028-02-29"}) == "/events/{day}");
    for (const char* const bad : {"2027-02-29", "2027-2-1", "20270201", "today", "0"}) {
        CHECK(found(Method::get, {"events", bad}) == "nothing");
    }
    const auto router = Router::of(routes);
    REQUIRE(router);
    const std::vector<std::string> parts = {"c", "lab", "people",
                                            "01A3117E-8000-7000-8000-00000000000A"};
    const auto match = router->find(Method::get, parts);
    CHECK(match.parts.at("collective") == "lab");
    CHECK(match.parts.at("person") == "01a3117e-8000-7000-8000-00000000000a");
}

TEST_CASE("two routes for one address are a mistake") {
    const std::vector<Route> twice = {routes[1], routes[1]};
    CHECK(!Router::of(twice));
}

TEST_CASE("an address comes from a name, and is one") {
    CHECK(pages::slug_of("Plants at night!") == "plants-at-night");
    CHECK(pages::slug_of("  --A  b--") == "a-b");
    CHECK(pages::slug_of("حلقة").empty());
    CHECK(pages::is_slug(pages::slug_of(std::string(39, 'a') + " b")));
}
