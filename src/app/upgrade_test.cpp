/// A database that an earlier program made, opened by this one.
#include "app/demo.hpp"
#include "app/test_house.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/people/person_store.hpp"
#include "platform/http/target.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

using namespace allot;
using store::Transaction;

namespace {

/// What the first program that served brought along.
constexpr std::array<std::string_view, 3> first = {"ground_0001", "people_0001", "circles_0001"};

std::vector<store::Migration> first_migrations() {
    std::vector<store::Migration> some;
    for (const store::Migration& one : app::migrations()) {
        if (std::ranges::find(first, one.name) != first.end()) {
            some.push_back(one);
        }
    }
    return some;
}

/// Names of people and circles, and a letter that was never sent.
std::vector<std::string> what_is_there(store::Store& store) {
    std::vector<std::string> all;
    const auto read = store.read([&](Transaction& transaction) -> Result<void> {
        TRY(const auto collective, people::collective_named(transaction, app::demo_slug));
        TRY(const auto people, people::all_people(transaction, collective->id));
        TRY(const auto circles, circles::all_circles(transaction, collective->id));
        TRY(const auto letter,
            transaction.row("SELECT subject FROM mail WHERE collective_id = '-'"));
        for (const people::Person& one : people) {
            all.push_back(one.profile.name + one.profile.own_words + one.mail);
        }
        for (const circles::Circle& one : circles) {
            all.push_back(one.about.name + one.about.issue);
        }
        all.push_back(letter->text(0));
        return {};
    });
    CHECK(read.has_value());
    return all;
}

} // namespace

TEST_CASE("a database of the first schema is brought up to date, with all that was in it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const test::FreshDatabase database(engine);
        test::SetClock clock(test::some_noon);
        test::SeededEntropy entropy;
        std::vector<std::string> before;
        {
            const auto old = store::Store::open({.url = database.url()}, first_migrations());
            REQUIRE(old);
            // What there was when that schema was: people and circles.
            REQUIRE((*old)->write([&](Transaction& transaction) {
                return app::begin_demo(transaction, clock.now(), entropy);
            }));
            REQUIRE((*old)->write([&](Transaction& transaction) {
                return transaction.run(
                    "INSERT INTO mail (collective_id, id, kind, recipient, subject, body, "
                    "written_at) VALUES ('-', $1, 'sign_in', 'a@example.org', 'A link', 'x', $2)",
                    {new_uuid(clock.now(), entropy), clock.now()});
            }));
            before = what_is_there(**old);
        }
        const auto now = store::Store::open({.url = database.url()}, app::migrations());
        REQUIRE(now);
        CHECK(before.size() > 10);
        CHECK(what_is_there(**now) == before);
        const app::HouseDirectory directory;
        const test::FewZones zones;
        const auto site = pages::Site::of({.store = **now,
                                           .directory = directory,
                                           .zones = zones,
                                           .clock = clock,
                                           .entropy = entropy,
                                           .origin = "",
                                           .signing_key = "a key of tests",
                                           .after_erasure = {}},
                                          app::rooms(), app::assets());
        REQUIRE(site);
        const auto front = (*site)->answer({.method = http::Method::get,
                                            .parts = {"c", std::string(app::demo_slug)},
                                            .host = "localhost:8080"});
        CHECK(front.status == 200);
        CHECK(front.text.find("/circles/plants-at-night") != std::string::npos);
        // A program that knows less refuses what it would not understand.
        CHECK(!store::Store::open({.url = database.url()}, first_migrations()));
    }
}
