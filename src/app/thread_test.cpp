/// Threads, presence, and what is written before and after a gathering, through their pages.
#include "app/test_house.hpp"
#include "base/clock.hpp"
#include "collective/gatherings/gatherings_tidy.hpp"
#include "collective/gatherings/thread_views.hpp"
#include "platform/auth/secrets.hpp"

#include <regex>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

namespace json = boost::json;

const test::Fields as_json = {{"accept", "application/json"}};

/// A PNG of 4 by 3 dots which says where it was made.
std::string plot_bytes() {
    return auth::text_of_base64url("iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn_"
                                   "EaAAAAFXRFWHRDb21tZW50AHRha2VuIGF0IGhvbWV2YxoJAAAAE0lEQVR4nGNgS"
                                   "D7BzMAFIkSABAAanwOpljyDVAAAAABJRU5ErkJggg")
        .value_or("");
}

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

/// A collective with a weekly series of its steward's.
struct Club {
    explicit Club(test::EngineKind engine, std::string_view audience = "public")
        : house(engine), ada(house.begin("lab", "ada@example.org")) {
        const auto begun = ada.send("/c/lab/series/new", "/c/lab/series",
                                    {{"title", "Journal club"},
                                     {"rhythm", "every Thursday at 17:00 London time"},
                                     {"audience", std::string(audience)}});
        REQUIRE(begun.status == 303);
        const auto shown = json::parse(ada.get("/c/lab/series/journal-club", as_json).text);
        page = shown.at("next").at(0).at("path").as_string().c_str();
    }

    json::value seen(Browser& browser) const {
        return json::parse(browser.get(page, as_json).text).at("thread");
    }
    http::HttpResponse write(Browser& browser, const std::string& words,
                             const std::string& name = "Gita") const {
        return browser.send(page, page + "/thread",
                            {{"kind", "question"}, {"words", words}, {"name", name}});
    }
    http::HttpResponse draw(Browser& browser, const std::string& words) const {
        return browser.send_file(
            page, page + "/thread",
            {{"kind", "plot"}, {"words", words}, {"picture_words", "Three rows"}, {"name", "Gita"}},
            "picture", plot_bytes());
    }
    http::HttpResponse host(const std::string& to, const test::Fields& fields) {
        return ada.send(page, page + to, fields);
    }

    test::House house;
    Browser ada;
    std::string page;
};

std::string text_at(const json::value& value, std::string_view name) {
    return value.at(name).as_string().c_str();
}

/// The path of the first thing in a thread as that reader sees it.
std::string first_path(const json::value& thread) {
    return text_at(thread.at("additions").at(0), "path");
}

} // namespace

TEST_CASE(
    "what a guest writes waits for a host, is hers at once, and is shown when the host says so") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        Browser gita(club.house);
        Browser nobody(club.house);
        const auto written = club.write(gita, "Why at night?");
        REQUIRE(written.status == 303);
        CHECK(says(gita.get(club.page), "Why at night?"));
        CHECK(says(gita.get(club.page), "waits for a host"));
        CHECK_FALSE(says(nobody.get(club.page), "Why at night?"));
        const std::string one = first_path(club.seen(club.ada));
        CHECK(nobody.get(one).status == 404);

        CHECK(club.host(one.substr(club.page.size()) + "/state", {{"state", "shown"}}).status ==
              303);
        CHECK(says(nobody.get(club.page), "Why at night?"));
        CHECK(says(nobody.get(club.page), "Gita"));
        CHECK(club.host(one.substr(club.page.size()) + "/state", {{"state", "hidden"}}).status ==
              303);
        CHECK_FALSE(says(nobody.get(club.page), "Why at night?"));
        CHECK(club.host(one.substr(club.page.size()) + "/state", {{"state", "shown"}}).status ==
              303);
        CHECK(says(nobody.get(club.page), "Why at night?"));
    }
}

TEST_CASE(
    "a guest changes what she wrote and takes it back, also from another device; others cannot") {
    Club club(test::EngineKind::sqlite);
    Browser gita(club.house);
    Browser eve(club.house);
    REQUIRE(club.write(gita, "Why at nigth?").status == 303);
    const std::string one = first_path(club.seen(gita));
    CHECK(club.host(one.substr(club.page.size()) + "/state", {{"state", "shown"}}).status == 303);

    CHECK(eve.send(one, one, {{"words", "Nonsense"}}).status == 404);
    CHECK(gita.send(one, one, {{"words", "Why at night?"}}).status == 303);
    CHECK_FALSE(says(eve.get(club.page), "Why at night?")); // a host looks again

    const std::string address = text_at(club.seen(gita), "own_address");
    const std::string link = address.substr(address.find("/c/"));
    Browser telephone(club.house);
    CHECK(telephone.get(link).status == 303);
    CHECK(telephone.send(one, one, {{"words", "x"}, {"take_back", "yes"}}).status == 303);
    CHECK(club.seen(gita).at("additions").as_array().empty());
    CHECK(eve.get(link + "x").status == 404);
}

TEST_CASE("a form that a guest sent twice is one addition, which is hers") {
    Club club(test::EngineKind::sqlite);
    Browser gita(club.house);
    const std::string key = test::form_key_in(gita.get(club.page).text);
    const test::Fields fields = {
        {"kind", "idea"}, {"words", "Look up"}, {"name", "Gita"}, {"form_key", key}};
    const auto before = gita.cookies;
    CHECK(gita.post(club.page + "/thread", fields).status == 303);
    gita.cookies = before; // the browser has dropped the first answer
    CHECK(gita.post(club.page + "/thread", fields).status == 303);
    const auto additions = club.seen(gita).at("additions").as_array();
    REQUIRE(additions.size() == 1);
    CHECK(additions.at(0).at("own").as_bool());
}

TEST_CASE("members write at once, are answered, and are named to members only") {
    Club club(test::EngineKind::sqlite);
    Browser mia = club.house.person("lab", "mia@example.org", Role::member);
    Browser nobody(club.house);
    CHECK(club.write(mia, "Who waters them?").status == 303);
    CHECK(says(nobody.get(club.page), "Who waters them?"));
    CHECK_FALSE(says(nobody.get(club.page), "mia@example.org")); // her name in tests
    CHECK(says(club.ada.get(club.page), "mia@example.org"));
    const std::string one = first_path(club.seen(mia));
    const auto id = one.substr(one.rfind('/') + 1);
    CHECK(club.ada
              .send(one, club.page + "/thread",
                    {{"kind", "answer"}, {"answers", id}, {"words", "The rain."}})
              .status == 303);
    const auto thread = club.seen(nobody);
    CHECK(text_at(thread.at("additions").at(0).at("answers").at(0), "words") == "The rain.");
}

TEST_CASE("a plot needs words for those who cannot see it, and loses where it was made") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        Browser gita(club.house);
        Browser nobody(club.house);
        const auto without = gita.send_file(club.page, club.page + "/thread",
                                            {{"kind", "plot"}, {"words", "See"}, {"name", "Gita"}},
                                            "picture", plot_bytes());
        CHECK(without.status == 422);
        const auto no_picture =
            gita.send(club.page, club.page + "/thread", {{"kind", "plot"}, {"name", "Gita"}});
        CHECK(no_picture.status == 422);
        REQUIRE(club.draw(gita, "A first plot").status == 303);

        const auto thread = club.seen(gita);
        const auto& picture = thread.at("additions").at(0).at("picture");
        CHECK(picture.at("width").as_int64() == 4);
        const std::string path = text_at(picture, "path");
        CHECK(nobody.get(path).status == 404);
        const std::string one = first_path(thread);
        CHECK(club.host(one.substr(club.page.size()) + "/state", {{"state", "shown"}}).status ==
              303);
        const auto image = nobody.get(path);
        CHECK(image.status == 200);
        CHECK(test::header_of(image, "content-type") == "image/png");
        CHECK(test::header_of(image, "cache-control") == "public, max-age=31536000, immutable");
        CHECK(says(image, "IDAT"));
        CHECK_FALSE(says(image, "taken at home"));
        const auto page = nobody.get(club.page);
        CHECK(says(page, "alt=\"Three rows\""));
        CHECK(says(page, "width=\"4\" height=\"3\""));
        CHECK(says(page, "loading=\"lazy\""));

        CHECK(gita.send(one, one, {{"take_back", "yes"}}).status == 303);
        CHECK(nobody.get(path).status == 404);
    }
}

TEST_CASE("a picture may be larger than other forms of strangers; other forms may not") {
    Club club(test::EngineKind::sqlite);
    http::HttpRequest head;
    head.method = http::Method::post;
    head.parts = {"c", "lab", "series", "journal-club", "20270114T170000", "thread"};
    CHECK(club.house.site->body_limit(head) > 2'000'000);
    CHECK(club.house.site->body_limit(head) < 2'200'000);
    head.parts.back() = "presence";
    CHECK(club.house.site->body_limit(head) == 65'536);
}

TEST_CASE("a long thread stands on several pages, each thing of it once, and answers with it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        constexpr std::size_t written = 2 * gatherings::additions_shown + 3;
        std::set<std::string> all;
        Browser gita(club.house);
        REQUIRE(club.write(gita, "A guest waits.").status == 303);
        for (std::size_t k = 0; k < written; ++k) {
            all.insert("Question " + std::to_string(k) + ".");
            REQUIRE(club.write(club.ada, "Question " + std::to_string(k) + ".").status == 303);
        }
        Browser nobody(club.house);
        const auto take = [&](const json::value& page) {
            const auto& lines = page.at("additions").as_array();
            CHECK(lines.size() <= gatherings::additions_shown);
            for (const json::value& line : lines) {
                CHECK(all.erase(text_at(line, "words")) == 1); // once
            }
            return text_at(page, "earlier");
        };
        std::string earlier = take(club.seen(nobody));
        CHECK_FALSE(all.contains("Question " + std::to_string(written - 1) + "."));
        CHECK(says(nobody.get(club.page), "href=\"" + earlier + "\""));
        const std::string second = earlier;
        for (std::size_t pages = 1; !earlier.empty(); ++pages) {
            REQUIRE(pages <= 2);
            earlier = take(json::parse(nobody.get(earlier, as_json).text));
        }
        CHECK(all.empty());
        for (Browser* const reader : {&club.ada, &gita}) { // however old: a host has to say
            CHECK(says(reader->get(club.page), "A guest waits."));
        }

        // From there hosts put away what is there, and each thing leads to its own page.
        const auto page = json::parse(club.ada.get(second, as_json).text);
        const std::string one = text_at(page.at("additions").at(0), "path");
        CHECK(nobody.get(one).status == 200);
        CHECK(club.ada.send(second, one + "/state", {{"state", "hidden"}}).status == 303);
        CHECK_FALSE(says(nobody.get(second), text_at(page.at("additions").at(0), "words") + "<"));
        CHECK(nobody.get(club.page + "/earlier/00000000-0000-7000-8000-000000000000").status ==
              404);
    }
}

TEST_CASE("a link of a host lets a guest in to one gathering, to read and to write") {
    Club club(test::EngineKind::sqlite, "members");
    Browser gita(club.house);
    CHECK(gita.get(club.page).status == 404);
    const std::string made = club.host("/guest-link", {}).text;
    const std::size_t at = made.find("/g/");
    REQUIRE(at != std::string::npos);
    CHECK(gita.get(made.substr(at, made.find('"', at) - at)).status == 303);
    CHECK(gita.get(club.page).status == 200);
    CHECK(gita.get("/c/lab/series/journal-club").status == 404);
    CHECK(club.draw(gita, "From outside").status == 303);
    const std::string path = text_at(club.seen(gita).at("additions").at(0).at("picture"), "path");
    CHECK(test::header_of(gita.get(path), "cache-control").starts_with("private"));
    Browser nobody(club.house);
    CHECK(nobody.get(path).status == 404);
    CHECK(nobody.post_json(club.page + "/thread", R"({"kind": "idea", "words": "x", "name": "y"})")
              .status == 404);
}

TEST_CASE("whom a link let into one gathering finds no link that leads her nowhere") {
    for (const char* const audience : {"members", "public"}) {
        CAPTURE(audience);
        Club club(test::EngineKind::sqlite, audience);
        REQUIRE(club.write(club.ada, "Why at night?").status == 303);
        REQUIRE(club.draw(club.ada, "See").status == 303);
        const std::string made = club.host("/guest-link", {}).text;
        const std::size_t at = made.find("/g/");
        REQUIRE(at != std::string::npos);
        Browser gita(club.house);
        REQUIRE(gita.get(made.substr(at, made.find('"', at) - at)).status == 303);
        const auto page = gita.get(club.page);
        REQUIRE(page.status == 200);
        CHECK(says(page, "Journal club"));
        const std::regex link("<a [^>]*href=\"(/c/[^\"#?]*)");
        for (std::sregex_iterator one(page.text.begin(), page.text.end(), link), end; one != end;
             ++one) {
            const std::string to = (*one)[1].str();
            CAPTURE(to);
            CHECK(gita.get(to).status < 400);
        }
    }
}

TEST_CASE("a host closes a thread to guests; members still write") {
    Club club(test::EngineKind::sqlite);
    Browser gita(club.house);
    Browser mia = club.house.person("lab", "mia@example.org", Role::member);
    CHECK(club.host("/guests", {{"closed", "yes"}}).status == 303);
    CHECK(club.seen(gita).at("form").is_null());
    CHECK(club.write(gita, "Too late").status == 409);
    CHECK(club.write(mia, "Still here").status == 303);
    CHECK(club.host("/guests", {}).status == 303);
    CHECK(club.write(gita, "In time").status == 303);
}

TEST_CASE("one address writes only so much in an hour") {
    Club club(test::EngineKind::sqlite);
    Browser gita(club.house);
    unsigned last = 303;
    int written = 0;
    while (last == 303 && written < 100) {
        last = club.write(gita, "Thought " + std::to_string(written)).status;
        written += last == 303 ? 1 : 0;
    }
    CHECK(last == 429);
    CHECK(written == 20);
    club.house.clock.advance(std::chrono::hours(1));
    CHECK(club.write(gita, "Later").status == 303);
}

TEST_CASE("a plan to come is seen by nobody else, and hosts see seats where there are any") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        Browser gita(club.house);
        Browser mia = club.house.person("lab", "mia@example.org", Role::member);
        const std::string to = club.page + "/presence";
        CHECK(gita.send(club.page, to, {{"plan", "plan"}}).status == 303);
        CHECK(mia.send(club.page, to, {{"plan", "plan"}}).status == 303);
        CHECK(mia.send(club.page, to, {{"plan", "not"}}).status == 303);
        CHECK(text_at(club.seen(gita), "planned") == "plan");
        CHECK(text_at(club.seen(mia), "planned") == "not");
        CHECK(text_at(club.seen(club.ada), "planned").empty());
        CHECK(club.seen(club.ada).at("seats").is_null());
        Browser nobody(club.house);
        CHECK(club.seen(nobody) == json::parse(nobody.get(club.page, as_json).text).at("thread"));
        CHECK_FALSE(says(nobody.get(club.page), "mia@"));
        const auto known = mia.get("/c/lab/known");
        CHECK(says(known, "not this time"));
    }
}

TEST_CASE("as many plan to come as there are seats; a seat that is given back is another's") {
    for (const auto engine : test::engines()) {
        for (const int seats : {1, 2, 3}) {
            CAPTURE(test::name_of(engine));
            CAPTURE(seats);
            Club club(engine);
            const std::string settings = "/c/lab/series/journal-club/settings";
            REQUIRE(club.ada
                        .send(settings, settings,
                              {{"title", "Journal club"},
                               {"seats", std::to_string(seats)},
                               {"link_for", "all"},
                               {"lighter", "quiet"},
                               {"guests", "looked_at"},
                               {"audience", "public"}})
                        .status == 303);
            std::vector<Browser> people(5, Browser(club.house));
            const auto plan = [&](Browser& one, const char* what) {
                return one.send(club.page, club.page + "/presence", {{"plan", what}}).status;
            };
            for (int k = 0; k < std::ssize(people); ++k) {
                CAPTURE(k);
                Browser& one = people[static_cast<std::size_t>(k)];
                CHECK(club.seen(one).at("full").as_bool() == (k >= seats));
                CHECK(plan(one, "plan") == (k < seats ? 303 : 409));
                CHECK(plan(people.front(), "plan") == 303); // said twice, one seat
                const auto taken = club.seen(club.ada).at("seats");
                CHECK(taken.at("taken").as_int64() == std::min(k + 1, seats));
                CHECK(taken.at("seats").as_int64() == seats);
                CHECK(club.seen(one).at("seats").is_null()); // for hosts alone
            }
            CHECK(plan(people.back(), "not") == 303); // that needs no seat
            CHECK(plan(people.front(), "not") == 303);
            CHECK(plan(people.back(), "plan") == 303);
            CHECK(plan(people.front(), "plan") == 409);
        }
    }
}

TEST_CASE("plans go a day after a gathering has ended") {
    Club club(test::EngineKind::sqlite);
    Browser mia = club.house.person("lab", "mia@example.org", Role::member);
    CHECK(mia.send(club.page, club.page + "/presence", {{"plan", "plan"}}).status == 303);
    CHECK(gatherings::tidy(club.house.parts).has_value());
    CHECK(says(mia.get("/c/lab/known"), "you plan to come"));
    club.house.clock.advance(std::chrono::days(9));
    CHECK(gatherings::tidy(club.house.parts).has_value());
    CHECK_FALSE(says(mia.get("/c/lab/known"), "you plan to come"));
}

TEST_CASE("a host pastes a paper, and everyone who comes sees it") {
    Club club(test::EngineKind::sqlite);
    Browser mia = club.house.person("lab", "mia@example.org", Role::member);
    const std::string prepare = club.page + "/prepare";
    CHECK(mia.get(prepare).status == 403);
    const auto wrong = club.ada.send(prepare, prepare, {{"paper", "@article{x, title={Y}"}});
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "does not end"));
    CHECK(club.ada
              .send(prepare, prepare,
                    {{"title", "On moths"}, {"paper", "Moths wait, arXiv:2301.12345"}})
              .status == 303);
    Browser nobody(club.house);
    const auto page = nobody.get(club.page);
    CHECK(says(page, "On moths"));
    CHECK(says(page, "href=\"https://arxiv.org/abs/2301.12345\""));
}

TEST_CASE("three lines and a first plot remain, and who was not there reads them") {
    Club club(test::EngineKind::sqlite);
    REQUIRE(club.draw(club.ada, "First").status == 303);
    const std::string one = first_path(club.seen(club.ada));
    club.house.clock.advance(std::chrono::days(8));
    const std::string after = club.page + "/after";
    CHECK(club.ada.send(after, after, {{"learned", "a\nb\nc\nd"}}).status == 422);
    CHECK(club.ada
              .send(after, after,
                    {{"learned", "Moths wait.\nLight hurts.\nNobody knows why."},
                     {"decided", "Look again in May."},
                     {"first_plot", one.substr(one.rfind('/') + 1)},
                     {"held", "yes"}})
              .status == 303);
    Browser nobody(club.house);
    const auto series = nobody.get("/c/lab/series/journal-club");
    CHECK(says(series, "You have not missed everything"));
    CHECK(says(series, "Light hurts."));
    CHECK(says(series, "alt=\"Three rows\""));
    CHECK(says(nobody.get(club.page), "Look again in May."));
    const auto next =
        json::parse(series.text.empty() ? "{}"
                                        : nobody.get("/c/lab/series/journal-club", as_json).text)
            .at("next")
            .at(0);
    const auto page = nobody.get(text_at(next, "path"));
    CHECK(says(page, "Nobody knows why."));
}

TEST_CASE(
    "what has ended is first what came of it: hosts are asked for three lines, nobody else is") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        REQUIRE(club.draw(club.ada, "First").status == 303);
        const std::string one = first_path(club.seen(club.ada));
        const std::string settings = "/c/lab/series/journal-club/settings";
        REQUIRE(club.ada
                    .send(settings, settings,
                          {{"title", "Journal club"},
                           {"where", "https://meet.example/lab"},
                           {"link_for", "all"},
                           {"lighter", "quiet"},
                           {"guests", "looked_at"},
                           {"audience", "public"}})
                    .status == 303);
        Browser nobody(club.house);
        const auto asks = [&](Browser& browser) {
            return says(browser.get(club.page), "id=\"lines\"");
        };
        CHECK_FALSE(asks(club.ada)); // it is still to come
        CHECK_FALSE(says(nobody.get(club.page), "What was planned, and where"));
        club.house.clock.advance(std::chrono::days(8));
        CHECK(asks(club.ada));
        CHECK_FALSE(asks(nobody));
        CHECK(says(nobody.get(club.page), "What was planned, and where"));

        const std::string after = club.page + "/after";
        const auto later = [&] { return json::parse(club.ada.get(after, as_json).text); };
        // What the short form has no field for stays.
        REQUIRE(club.ada.send(after, after, {{"decided", "Look again in May."}, {"held", "yes"}})
                    .status == 303);
        CHECK(asks(club.ada));
        CHECK(club.ada.send(club.page, after, {{"learned", "a\nb\nc\nd"}}).status == 422);
        REQUIRE(
            club.ada
                .send(club.page, after,
                      {{"learned", "Moths wait."}, {"first_plot", one.substr(one.rfind('/') + 1)}})
                .status == 303);
        CHECK(text_at(later(), "decided") == "Look again in May.");
        CHECK(text_at(later(), "learned") == "Moths wait.");
        CHECK_FALSE(asks(club.ada));
        // A page from before takes nothing away, and says what stands there now.
        CHECK(club.ada.send(club.page, after, {{"none_seen", "yes"}, {"held", "no"}}).status ==
              409);
        const auto both =
            club.ada.send(club.page, after, {{"none_seen", "yes"}, {"learned", "It rained."}});
        CHECK(both.status == 409);
        CHECK(says(both, "Moths wait.\nIt rained."));
        CHECK(club.ada.send(club.page, after, {{"none_seen", "yes"}, {"learned", ""}}).status ==
              303);
        CHECK(text_at(later(), "learned") == "Moths wait.");
        const auto page = nobody.get(club.page).text;
        CHECK(page.find("Moths wait.") < page.find("Written thread"));
        CHECK(page.find("alt=\"Three rows\"") < page.find("Written thread"));

        // Without lines one press says that nobody met, and nothing more is asked.
        REQUIRE(club.ada.send(after, after, {{"learned", ""}}).status == 303);
        REQUIRE(asks(club.ada));
        REQUIRE(club.ada.send(club.page, after, {{"learned", ""}, {"held", "no"}}).status == 303);
        CHECK_FALSE(asks(club.ada));
        CHECK(text_at(later(), "decided") == "Look again in May.");
    }
}

TEST_CASE("a recording needs everyone's word, ends on its day, and goes when somebody objects") {
    Club club(test::EngineKind::sqlite);
    const std::string after = club.page + "/after";
    const std::string day = "2026-02-01";
    const std::string link = "https://video.example/1";
    CHECK(
        club.ada.send(after, after, {{"recording_link", link}, {"recording_until", day}}).status ==
        422);
    const auto in_time = json::parse(club.ada.get(after, as_json).text);
    CHECK(text_at(in_time, "recording_link").empty());
    const auto today = std::chrono::floor<std::chrono::days>(club.house.clock.now());
    const test::Fields good = {
        {"recording_link", link},
        {"recording_until", format_date(std::chrono::year_month_day(today + std::chrono::days(9)))},
        {"recording_agreed", "yes"}};
    REQUIRE(club.ada.send(after, after, good).status == 303);
    Browser nobody(club.house);
    CHECK(says(nobody.get(club.page), link));
    CHECK(nobody.send(club.page, club.page + "/recording/objection", {}).status == 303);
    CHECK_FALSE(says(nobody.get(club.page), link));
    CHECK(says(club.ada.get(club.page), "does not agree"));
    CHECK_FALSE(says(nobody.get(club.page), "does not agree"));

    // A page from before the objection does not undo it; one that says it may.
    CHECK(club.ada.send(after, after, good).status == 409);
    test::Fields seen = good;
    seen.emplace_back("refusal_seen", "yes");
    REQUIRE(club.ada.send(after, after, seen).status == 303);
    club.house.clock.advance(std::chrono::days(10));
    CHECK_FALSE(says(nobody.get(club.page), link));
    CHECK(gatherings::tidy(club.house.parts).has_value());
    CHECK(text_at(json::parse(club.ada.get(after, as_json).text), "recording_link").empty());
}

TEST_CASE("what somebody wrote goes with her; answers of others stay") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        Browser mia = club.house.person("lab", "mia@example.org", Role::member);
        REQUIRE(club.draw(mia, "Mine").status == 303);
        const std::string one = first_path(club.seen(mia));
        CHECK(club.ada
                  .send(one, club.page + "/thread",
                        {{"kind", "answer"},
                         {"answers", one.substr(one.rfind('/') + 1)},
                         {"words", "Lovely"}})
                  .status == 303);
        CHECK(says(mia.get("/c/lab/known"), "Mine"));
        CHECK(mia.send("/c/lab/erase", "/c/lab/erase", {{"sure", "yes"}}).status == 303);
        CHECK_FALSE(says(club.ada.get(club.page), "Mine"));
        CHECK(says(club.ada.get(club.page), "Lovely"));
    }
}

TEST_CASE("an answer to what not everybody saw does not become public when that is taken back") {
    for (const auto engine : test::engines()) {
        for (const std::string state : {"waiting", "hidden", "shown"}) {
            CAPTURE(test::name_of(engine));
            CAPTURE(state);
            Club club(engine);
            Browser gita(club.house);
            Browser nobody(club.house);
            REQUIRE(club.write(gita, "Why at night?").status == 303);
            const std::string one = first_path(club.seen(club.ada));
            if (state != "waiting") {
                REQUIRE(
                    club.host(one.substr(club.page.size()) + "/state", {{"state", state}}).status ==
                    303);
            }
            REQUIRE(club.ada
                        .send(one, club.page + "/thread",
                              {{"kind", "answer"},
                               {"answers", one.substr(one.rfind('/') + 1)},
                               {"words", "Between us: moths."}})
                        .status == 303);
            const bool was_public = says(nobody.get(club.page), "Between us");
            CHECK(was_public == (state == "shown"));
            REQUIRE(gita.send(one, one, {{"take_back", "yes"}}).status == 303);
            CHECK(says(nobody.get(club.page), "Between us") == was_public);
            CHECK(says(club.ada.get(club.page), "Between us")); // nothing of hers is lost
            const std::string left = first_path(club.seen(club.ada));
            CHECK(nobody.get(left).status == (was_public ? 200 : 404));
        }
    }
}
