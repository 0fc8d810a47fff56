/// "Is everything well?", as stewards read it.
#include "app/test_house.hpp"
#include "collective/people/person_store.hpp"
#include "platform/jobs/job_store.hpp"

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

TEST_CASE("the page for stewards says what to do, about their own collective alone") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        Browser ada = house.begin("lab", "ada@example.org");
        Browser eve = house.begin("garden", "eve@example.org");
        Browser mia = house.person("lab", "mia@example.org", Role::member);
        CHECK(mia.get("/c/lab/well").status == 403);

        const std::string page = ada.get("/c/lab/well").text;
        CHECK(page.find("To be done soon") != std::string::npos);
        CHECK(page.find("only one person could restore this collective") != std::string::npos);
        CHECK(page.find("Ask somebody to be the second") != std::string::npos);
        CHECK(page.find("there is none yet") != std::string::npos); // a backup
        CHECK(page.find("no mail server is named") != std::string::npos);
        CHECK(page.find("answers and takes changes") != std::string::npos);
        CHECK(page.find("stewards of lab") != std::string::npos);
        CHECK(page.find("garden") == std::string::npos);
        CHECK(page.find("example.org") == std::string::npos);
    }
}

TEST_CASE("work that was given up stands first, for the collective that it is of") {
    test::House house(test::EngineKind::sqlite);
    Browser ada = house.begin("lab", "ada@example.org");
    Browser eve = house.begin("garden", "eve@example.org");
    REQUIRE(house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
        TRY(const auto lab, people::collective_named(transaction, "lab"));
        const std::string scope = lab.value().id.text();
        TRY_DO(jobs::ask_for(transaction, scope, "j", "k", "", house.clock.now()));
        const jobs::Job job{.scope = scope, .id = "j", .about = "", .first_due = Moment()};
        return jobs::give_up(transaction, job, "", "the hook does not answer", house.clock.now());
    }));
    const std::string page = ada.get("/c/lab/well").text;
    const std::size_t told = page.find("the hook does not answer");
    REQUIRE(told != std::string::npos);
    CHECK(told < page.find("only one person could restore"));
    CHECK(eve.get("/c/garden/well").text.find("the hook") == std::string::npos);
}

TEST_CASE("mail that waits for more than a day is told where a mail server is named") {
    test::House house(test::EngineKind::sqlite);
    house.parts.sends_mail = true;
    auto site = pages::Site::of(house.parts, app::rooms(), app::assets());
    REQUIRE(site);
    house.site = *std::move(site);
    Browser ada = house.begin("lab", "ada@example.org");
    house.person("lab", "mia@example.org",
                 Role::member); // her link is written, and nobody sends it
    CHECK(ada.get("/c/lab/well").text.find("some has waited") == std::string::npos);
    house.clock.advance(std::chrono::hours(25));
    CHECK(ada.get("/c/lab/well").text.find("some has waited") != std::string::npos);
}
