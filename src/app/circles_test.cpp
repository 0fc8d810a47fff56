/// What people do in circles, through the whole site.
#include "app/test_house.hpp"

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;
using test::header_of;

namespace {

const test::Fields json = {{"accept", "application/json"}};

const test::Fields plants = {{"name", "Plants at night"},
                             {"kind", "lab"},
                             {"issue", "What do plants do when nobody looks?"},
                             {"way_quarter", "Look at one plot."}};
constexpr std::string_view page = "/c/lab/circles/plants-at-night";

[[nodiscard]] std::string at(std::string_view rest) {
    return std::string(page) + std::string(rest);
}

[[nodiscard]] bool says(const http::HttpResponse& answer, std::string_view words) {
    // The style of each page holds words, too.
    return answer.text.find(words, answer.text.find("<main")) != std::string::npos;
}

/// The text between two others.
[[nodiscard]] std::string between(std::string_view text, std::string_view before,
                                  std::string_view after) {
    const std::size_t begin = text.find(before);
    REQUIRE(begin != std::string_view::npos);
    const std::size_t from = begin + before.size();
    return std::string(text.substr(from, text.find(after, from) - from));
}

/// A collective in which Mia, a member, keeps a circle.
struct Lab {
    explicit Lab(test::EngineKind engine)
        : house(engine), ada(house.begin("lab", "ada@example.org")),
          mia(house.person("lab", "mia@example.org", auth::Role::member)) {
        REQUIRE(mia.send("/c/lab/circles/new", "/c/lab/circles", plants).status == 303);
    }
    /// Somebody who is signed in, and no person of the collective.
    [[nodiscard]] Browser newcomer(std::string_view mail) {
        Browser browser(house);
        browser.send("/sign-in", "/sign-in", {{"mail", std::string(mail)}, {"next", "/"}});
        const std::string link = house.link_mailed_to(mail);
        REQUIRE(browser.send(link, link, {}).status == 303);
        return browser;
    }
    [[nodiscard]] std::string link() {
        const auto made = mia.send(page, at("/invitation"), {});
        REQUIRE(made.status == 200);
        return "/c/lab/join/" + between(made.text, "/c/lab/join/", "\"");
    }
    [[nodiscard]] std::string answer_address() {
        return at("/requests/" + between(mia.get(page).text, "/requests/", "\""));
    }

    test::House house;
    Browser ada;
    Browser mia;
};

} // namespace

TEST_CASE("a member opens a circle without asking; a draft is for those who belong to it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser reader(lab.house);
        CHECK(says(reader.get(page), "Look at one plot."));
        CHECK(says(reader.get("/c/lab"), "What do plants do when nobody looks?"));
        test::Fields draft = plants;
        draft[0].second = "Old maps";
        draft[3].second = "";
        CHECK(lab.mia.send("/c/lab/circles/new", "/c/lab/circles", draft).status == 303);
        CHECK(reader.get("/c/lab/circles/old-maps").status == 404);
        CHECK(!says(reader.get("/c/lab/circles"), "Old maps"));
        CHECK(says(lab.mia.get("/c/lab/circles"), "Old maps"));
        CHECK(says(lab.mia.get("/c/lab/circles/old-maps"), "This is a draft"));
    }
}

TEST_CASE("names are for members, and what concerns hosts is for hosts") {
    Lab lab(test::EngineKind::sqlite);
    Browser reader(lab.house);
    Browser gus = lab.house.person("lab", "gus@example.org", auth::Role::guest);
    Browser kim = lab.house.person("lab", "kim@example.org", auth::Role::member);
    CHECK(says(lab.mia.get(page), "At risk"));
    CHECK(says(kim.get(page), "mia@example.org"));
    for (Browser* const one : {&reader, &gus}) {
        CHECK(!says(one->get(page), "mia@example.org"));
        CHECK(one->get(page, json).text.find("mia@example.org") == std::string::npos);
    }
    for (Browser* const one : {&reader, &gus, &kim}) {
        CHECK(!says(one->get(page), "At risk"));
        CHECK(one->get(page, json).text.find(R"("keeping":null)") != std::string::npos);
        CHECK(one->get(at("/settings")).status != 200);
    }
}

TEST_CASE("somebody new asks with her name and becomes a member where she is welcome") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser noor = lab.newcomer("noor@example.org");
        CHECK(noor.send(page, at("/request"), {{"words", "I like leaves."}}).status == 422);
        const test::Fields asks = {
            {"words", "I like leaves."}, {"name", "Noor"}, {"zone", "Africa/Nairobi"}};
        CHECK(noor.send(page, at("/request"), asks).status == 303);
        CHECK(says(noor.get(page), "You have asked to join"));
        CHECK(noor.get("/c/lab/people").status == 403);
        CHECK(says(lab.mia.get("/c/lab/today"), "Somebody asks to join"));
        const std::string address = lab.answer_address();
        CHECK(noor.send(page, address, {{"answer", "welcome"}}).status == 403);
        CHECK(lab.mia.send(page, address, {{"answer", "welcome"}}).status == 303);
        CHECK(lab.mia.send(page, address, {{"answer", "welcome"}}).status == 404);
        CHECK(noor.get("/c/lab/people").status == 200);
        CHECK(says(noor.get(page), "Leave this circle"));
        CHECK(noor.send(page, at("/leave"), {}).status == 303);
        CHECK(says(noor.get(page), "Ask to join"));
    }
}

TEST_CASE("\"not now\" leaves nothing behind") {
    Lab lab(test::EngineKind::sqlite);
    Browser gus = lab.house.person("lab", "gus@example.org", auth::Role::guest);
    CHECK(gus.send(page, at("/request"), {{"words", "May I?"}}).status == 303);
    CHECK(says(gus.get("/c/lab/known"), "May I?"));
    CHECK(lab.mia.send(page, lab.answer_address(), {{"answer", "not_now"}}).status == 303);
    CHECK(!says(gus.get("/c/lab/known"), "May I?"));
    CHECK(!says(lab.mia.get(page), "May I?"));
    CHECK(gus.get("/c/lab/people").status == 403);
}

TEST_CASE("requests of one person are limited") {
    Lab lab(test::EngineKind::sqlite);
    Browser gus = lab.house.person("lab", "gus@example.org", auth::Role::guest);
    unsigned last = 303;
    for (int k = 0; k < 20 && last == 303; ++k) {
        last = gus.send(page, at("/request"), {{"words", "again"}}).status;
        gus.get(page);
        if (last == 303 && says(lab.mia.get(page), "again")) {
            lab.mia.send(page, lab.answer_address(), {{"answer", "not_now"}});
        }
    }
    CHECK(last == 429);
}

TEST_CASE("a link brings somebody new in, until it is ended") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string link = lab.link();
        Browser reader(lab.house);
        const auto invited = reader.get(link);
        CHECK(says(invited, "A host of this circle invites you"));
        CHECK(says(invited, "/sign-in?next=" + link));
        Browser noor = lab.newcomer("noor@example.org");
        CHECK(noor.send(link, link, {{"name", "Noor"}, {"zone", "Mars/Olympus"}}).status == 422);
        CHECK(noor.send(link, link, {{"name", "Noor"}, {"zone", "Africa/Nairobi"}}).status == 303);
        CHECK(says(lab.mia.get(page), "Noor"));
        CHECK(lab.mia.send(page, at("/invitation"), {{"revoke", "yes"}}).status == 303);
        CHECK(lab.newcomer("dan@example.org").get(link).status == 404);
    }
}

TEST_CASE("the last host hands over or ends the circle, and does not leave") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        CHECK(lab.mia.send(page, at("/leave"), {}).status == 409);
        const std::string link = lab.link();
        Browser kim = lab.house.person("lab", "kim@example.org", auth::Role::member);
        CHECK(kim.send(link, link, {}).status == 303);
        const std::string kims_id =
            between(lab.mia.get(at("/hosts")).text, "<option value=\"", "\"");
        CHECK(lab.mia.send(at("/hosts"), at("/hand-over"), {{"person", kims_id}}).status == 303);
        CHECK(lab.mia.get(at("/settings")).status == 403);
        CHECK(lab.mia.send(page, at("/leave"), {}).status == 303);
        CHECK(kim.send(at("/end"), at("/end"), {}).status == 303);
        CHECK(says(lab.mia.get(page), "This circle has ended"));
        CHECK(kim.send(page, at("/rest"), {{"resting", "yes"}}).status == 409);
        CHECK(kim.send(page, at("/leave"), {}).status == 303);
    }
}

TEST_CASE("a second circle says the same, and nobody is moved") {
    Lab lab(test::EngineKind::sqlite);
    CHECK(says(lab.mia.get(at("/split")), "value=\"Plants at night 2\""));
    CHECK(lab.mia.send(at("/split"), at("/split"), {{"name", "Plants by day"}}).status == 303);
    const auto second = lab.mia.get("/c/lab/circles/plants-by-day");
    CHECK(says(second, "Look at one plot."));
    CHECK(says(lab.mia.get(page), "mia@example.org"));
}

TEST_CASE("hosts are asked after four months, unless they rest") {
    Lab lab(test::EngineKind::sqlite);
    CHECK(!says(lab.mia.get("/c/lab/today"), "still want to host"));
    lab.house.clock.advance(std::chrono::days(60));
    lab.mia.get(page); // keeps her signed in
    lab.house.clock.advance(std::chrono::days(60));
    CHECK(says(lab.mia.get("/c/lab/today"), "still want to host"));
    CHECK(lab.mia.send(page, at("/rest"), {{"resting", "yes"}}).status == 303);
    CHECK(!says(lab.mia.get("/c/lab/today"), "class=\"card\""));
    CHECK(lab.mia.send(page, at("/rest"), {{"resting", ""}}).status == 303);
    CHECK(lab.mia.send(page, at("/still"), {{"back", "today"}}).status == 303);
    CHECK(!says(lab.mia.get("/c/lab/today"), "still want to host"));
}

TEST_CASE("export has the circles, and erasing leaves a circle that stewards find") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        CHECK(
            lab.mia.get("/c/lab/export").text.find(R"("circle":"Plants at night","part":"host")") !=
            std::string::npos);
        CHECK(lab.mia.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
        CHECK(says(lab.ada.get("/c/lab/today"), "This circle has no host"));
        CHECK(!says(lab.ada.get(page), "mia@example.org"));
    }
}

TEST_CASE("erasing drops the mail that told her an answer") {
    Lab lab(test::EngineKind::sqlite);
    Browser gus = lab.house.person("lab", "gus@example.org", auth::Role::guest);
    CHECK(gus.send(page, at("/request"), {{"words", "May I?"}}).status == 303);
    CHECK(lab.mia.send(page, lab.answer_address(), {{"answer", "not_now"}}).status == 303);
    const auto mails_to_gus = [&] {
        const auto found = lab.house.fresh.store->read(
            [](store::Transaction& transaction) -> Result<std::optional<store::Row>> {
                return transaction.row("SELECT COUNT(*) FROM mail WHERE recipient = $1",
                                       {"gus@example.org"});
            });
        return found && *found ? (*found)->integer(0) : -1;
    };
    CHECK(mails_to_gus() == 2); // the link to sign in, and the answer
    CHECK(gus.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
    CHECK(mails_to_gus() == 0);
}

TEST_CASE("a circle of another collective has other hosts") {
    Lab lab(test::EngineKind::sqlite);
    Browser eve = lab.house.begin("garden", "eve@example.org");
    CHECK(eve.send("/c/garden/circles/new", "/c/garden/circles", plants).status == 303);
    CHECK(eve.get("/c/garden/circles/plants-at-night/settings").status == 200);
    CHECK(eve.get(at("/settings")).status == 403);
    CHECK(lab.mia.get("/c/garden/circles/plants-at-night/settings").status == 403);
    const std::string link = lab.link();
    const std::string elsewhere = "/c/garden" + link.substr(6);
    CHECK(eve.get(elsewhere).status == 404);
}

TEST_CASE("Today ends, and shows at most three cards") {
    Lab lab(test::EngineKind::sqlite);
    for (const char* const name : {"One", "Two", "Three"}) {
        test::Fields another = plants;
        another[0].second = name;
        CHECK(lab.mia.send("/c/lab/circles/new", "/c/lab/circles", another).status == 303);
    }
    const std::string today = lab.mia.get("/c/lab/today").text;
    std::size_t cards = 0;
    for (std::size_t k = today.find("class=\"card\""); k != std::string::npos;
         k = today.find("class=\"card\"", k + 1)) {
        ++cards;
    }
    CHECK(cards == 3);
    CHECK(today.find("That is all.") != std::string::npos);
}

TEST_CASE("a form that took the right to itself away may be sent twice") {
    Lab lab(test::EngineKind::sqlite);
    CHECK(lab.ada.get(lab.link()).status == 200);
    const std::string join = lab.link();
    CHECK(lab.ada.send(join, join, {}).status == 303);
    const std::string hosts = lab.mia.get(at("/hosts")).text;
    const std::string ada = between(hosts, "<option value=\"", "\"");
    const test::Fields form = {{"form_key", test::form_key_in(hosts)}, {"person", ada}};
    const auto first = lab.mia.post(at("/hand-over"), form);
    const auto again = lab.mia.post(at("/hand-over"), form);
    CHECK(first.status == 303);
    CHECK(again.status == 303);
    CHECK(header_of(again, "location") == header_of(first, "location"));
    CHECK(lab.mia.send(page, at("/hand-over"), {{"person", ada}}).status == 403);
}

TEST_CASE("whoever loses a part while her form is under way changes nothing with it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        // The store loses her part at the moment at which her command begins to write.
        const auto collective = lab.house.fresh.store->read([&](store::Transaction& transaction) {
            return lab.house.directory.collective_named(transaction, "lab");
        });
        REQUIRE(collective);
        auto& directory = lab.house.directory;
        struct Losing final : auth::Directory {
            explicit Losing(const auth::Directory& real) : real_(&real) {}
            Result<std::vector<auth::Collective>>
            collectives(store::Transaction& transaction) const override {
                return real_->collectives(transaction);
            }
            Result<std::optional<auth::Collective>>
            collective_named(store::Transaction& transaction,
                             std::string_view slug) const override {
                return real_->collective_named(transaction, slug);
            }
            Result<std::optional<auth::Member>>
            member_with_mail(store::Transaction& transaction, const auth::CollectiveId& collective,
                             std::string_view mail) const override {
                return real_->member_with_mail(transaction, collective, mail);
            }
            Result<auth::Role> role_in_circle(store::Transaction& transaction,
                                              const auth::CollectiveId& collective,
                                              std::string_view circle,
                                              const auth::PersonId& person) const override {
                if (asked++ == left) {
                    return auth::Role::anyone;
                }
                return real_->role_in_circle(transaction, collective, circle, person);
            }
            Result<auth::Role> role_in_series(store::Transaction& transaction,
                                              const auth::CollectiveId& collective,
                                              std::string_view series,
                                              const auth::PersonId& person) const override {
                return real_->role_in_series(transaction, collective, series, person);
            }
            const auth::Directory* real_;
            mutable int asked = 0;
            int left = 1; ///< how often she is still a host
        };
        const Losing losing(directory);
        const pages::House parts{.store = *lab.house.fresh.store,
                                 .directory = losing,
                                 .zones = lab.house.zones,
                                 .clock = lab.house.clock,
                                 .entropy = lab.house.entropy,
                                 .origin = "",
                                 .signing_key = "a key of tests"};
        const std::string settings = lab.mia.get(page).text;
        const std::string key = test::form_key_in(settings);
        lab.house.site = *pages::Site::of(parts, app::rooms(), app::assets());
        CHECK(lab.mia.post(at("/end"), {{"form_key", key}}).status == 403);
        CHECK(losing.asked == 2);
        CHECK(!says(lab.ada.get(page), "This circle has ended"));
    }
}

TEST_CASE("the list of ways has circles for everybody and people for members") {
    Lab lab(test::EngineKind::sqlite);
    const auto mine = lab.mia.get("/c/lab/ways", json);
    CHECK(mine.text.find("\"/c/lab/circles/plants-at-night\"") != std::string::npos);
    CHECK(mine.text.find("Ada of lab") != std::string::npos);
    const auto others = Browser(lab.house).get("/c/lab/ways", json);
    CHECK(others.status == 200);
    CHECK(others.text.find("plants-at-night") != std::string::npos);
    CHECK(others.text.find("Ada of lab") == std::string::npos);
}
