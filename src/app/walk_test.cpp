/// Every route as every role, in HTML and in JSON: against the permission table, the catalogues and
/// the rules of the product.
#include "app/test_house.hpp"

#include <algorithm>
#include <array>
#include <regex>

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

/// The pattern with ids that name nothing, so that what is allowed is answered by "missing".
std::string address_of(std::string_view pattern) {
    std::string address(pattern);
    const auto put = [&](std::string_view part, std::string_view value) {
        if (const std::size_t at = address.find(part); at != std::string::npos) {
            address.replace(at, part.size(), value);
        }
    };
    put("{collective}", "lab");
    put("{key}", "AAAAAAAAAAAAAAAAAAAAAA");
    put("{signed}", "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA");
    put("{circle}", "no-such-circle");
    put("{series}", "no-such-series");
    put("{when}", "20270114T170000");
    put("{day}", "2027-01-14");
    put("{turn}", "host");
    put("{key_ics}", "AAAAAAAAAAAAAAAAAAAAAA.ics");
    static const std::regex id(R"(\{[a-z]+\})");
    return std::regex_replace(address, id, "01a3117e-8000-7000-8000-000000000000");
}

/// Signs out, erases or ends something: walked elsewhere, since the walker would be gone.
bool ends_the_walk(std::string_view pattern) {
    return pattern == "/session/end" || pattern == "/c/{collective}/erase";
}

struct Walker {
    Role role;
    Browser browser;
};

std::vector<Walker> one_of_each_role(test::House& house) {
    std::vector<Walker> walkers;
    walkers.push_back({Role::steward, house.begin("lab", "ada@example.org")});
    walkers.push_back({Role::anyone, Browser(house)});
    walkers.push_back({Role::guest, house.person("lab", "gus@example.org", Role::guest)});
    walkers.push_back({Role::member, house.person("lab", "mia@example.org", Role::member)});
    return walkers;
}

bool may_call(const pages::Route& route, const Walker& walker) {
    const auth::Permission& needed = auth::permission_for(route.action);
    const bool signed_in = walker.role != Role::anyone;
    return auth::may(route.action, walker.role) && (signed_in || !needed.signed_in) &&
           !needed.here_only; // browsers of tests come from elsewhere
}

/// Words of a page as a reader sees them, without the style.
std::string visible(std::string_view html) {
    const std::size_t style_end = html.find("</style>");
    return std::string(style_end == std::string_view::npos ? html : html.substr(style_end));
}

} // namespace

TEST_CASE("each route answers whom the table allows, and nobody else") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        for (Walker& walker : one_of_each_role(house)) {
            CAPTURE(auth::name_of(walker.role));
            for (const pages::Route& route : house.site->routes()) {
                if (ends_the_walk(route.pattern)) {
                    continue;
                }
                CAPTURE(route.pattern);
                const std::string address = address_of(route.pattern);
                const bool allowed = may_call(route, walker);
                const auto json =
                    route.method == http::Method::get
                        ? walker.browser.get(address, {{"accept", "application/json"}})
                        : walker.browser.post_json(address, "{}");
                CAPTURE(json.status);
                CAPTURE(json.text);
                if (allowed) {
                    CHECK(json.status != 401);
                    CHECK(json.status != 403);
                } else {
                    CHECK(json.status == (walker.role == Role::anyone ? 401 : 403));
                }
                CHECK(json.status < 500);
            }
        }
    }
}

TEST_CASE("a page and its JSON say the same to the same people") {
    test::House house(test::EngineKind::sqlite);
    for (Walker& walker : one_of_each_role(house)) {
        CAPTURE(auth::name_of(walker.role));
        for (const pages::Route& route : house.site->routes()) {
            if (route.method != http::Method::get) {
                continue;
            }
            CAPTURE(route.pattern);
            const std::string address = address_of(route.pattern);
            const auto html = walker.browser.get(address, {{"accept", "text/html"}});
            const auto json = walker.browser.get(address, {{"accept", "application/json"}});
            const bool to_sign_in = html.status == 303 && json.status == 401;
            const bool onward = html.status == 303 && json.status == 200;
            CHECK((html.status == json.status || to_sign_in || onward));
        }
    }
}

TEST_CASE("every page has its words in each language, a policy, and keeps to the rules") {
    test::House house(test::EngineKind::sqlite);
    // A key that nobody has is shown as it is: it would look like one of these.
    static const std::regex key(R"((^|[\s>"])[a-z_]+\.[a-z_]+[a-z](?=[\s<",.]))");
    static const std::regex forbidden(
        R"(\b(user|token|leaderboard|rank|streak|points|applicant|last seen|last active|online now)\b)",
        std::regex::icase);
    static const std::regex hour(R"(\b\d{1,2}:\d{2}:\d{2}\b)");
    for (Walker& walker : one_of_each_role(house)) {
        for (const std::string language : {"en", "ar", "pl"}) {
            for (const pages::Route& route : house.site->routes()) {
                if (route.method != http::Method::get) {
                    continue;
                }
                CAPTURE(route.pattern);
                CAPTURE(language);
                const auto page =
                    walker.browser.get(address_of(route.pattern) + "?lang=" + language);
                if (!test::header_of(page, "content-type").starts_with("text/html")) {
                    continue;
                }
                const std::string words = visible(page.text);
                CHECK(page.text.find("<html lang=\"" + language + "\"") != std::string::npos);
                CHECK(page.text.find(language == "ar" ? "dir=\"rtl\"" : "dir=\"ltr\"") !=
                      std::string::npos);
                CHECK(words.find("[[") == std::string::npos);
                CHECK(words.find("{{") == std::string::npos);
                std::smatch found;
                const bool has_key = std::regex_search(words, found, key);
                CHECK_MESSAGE(!has_key, (has_key ? found.str() : ""));
                const bool has_word = std::regex_search(words, found, forbidden);
                CHECK_MESSAGE(!has_word, (has_word ? found.str() : ""));
                CHECK(!std::regex_search(words, hour));
                const std::string policy = test::header_of(page, "content-security-policy");
                CHECK(policy.find("default-src 'none'") != std::string::npos);
                CHECK(policy.find("unsafe") == std::string::npos);
            }
        }
    }
}

TEST_CASE("pages that anyone may read set no cookie, pages of one person are not kept by caches") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser reader(house);
    for (const std::string_view page : {"/c/lab", "/help", "/roles"}) {
        const auto answer = reader.get(page);
        CHECK(answer.status == 200);
        CHECK(test::header_of(answer, "set-cookie").empty());
        CHECK(test::header_of(answer, "cache-control") == "no-cache");
        CHECK(test::header_of(ada.get(page), "cache-control") == "no-store");
    }
}

TEST_CASE("what does not exist is 404, what exists for the other method is 405") {
    test::House house(test::EngineKind::sqlite);
    Browser reader(house);
    CHECK(reader.get("/nothing/here").status == 404);
    CHECK(reader.get("/c/no-such-collective").status == 404);
    CHECK(reader.get("/c/Not_a_slug").status == 404);
    const auto other = reader.get("/session/end");
    CHECK(other.status == 405);
    CHECK(test::header_of(other, "allow") == "POST");
    CHECK(reader.get("/assets/nothing.js").status == 404);
    CHECK(reader.get("/healthz").text == "alive\n");
    CHECK(reader.get("/readyz").text == "ready\n");
}
