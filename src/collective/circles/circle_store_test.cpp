#include "base/test_world.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/circles/circles.hpp"
#include "collective/people/people.hpp"
#include "collective/people/person_store.hpp"
#include "platform/ground/ground.hpp"
#include "platform/store/test_stores.hpp"

#include <functional>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::circles;

namespace {

[[nodiscard]] std::vector<store::Migration> migrations() {
    std::vector<store::Migration> all;
    for (const pages::Room& room : {ground::room(), people::room(), circles::room()}) {
        all.insert(all.end(), room.migrations.begin(), room.migrations.end());
    }
    return all;
}

[[nodiscard]] About about(std::string name) {
    About about;
    about.name = std::move(name);
    about.kind = Kind::lab;
    about.issue = "What do plants do at night?";
    about.ways[0] = "Look at one plot.";
    about.charter[4] = "Write to the other host.";
    about.split_size = 7;
    return about;
}

/// A collective with three people and a circle that Ada keeps.
struct Garden {
    Transaction& transaction;
    test::SeededEntropy& entropy;
    CollectiveId id;
    PersonId ada;
    PersonId bo;
    PersonId cy;
    Circle circle;

    [[nodiscard]] Result<PersonId> person(std::string_view name) {
        const people::Profile profile{.name = std::string(name), .zone = "Africa/Nairobi"};
        return people::add_person(transaction, id, std::string(name) + "@example.org", profile,
                                  auth::Role::member, test::some_noon, entropy);
    }
    [[nodiscard]] Result<void> plant(std::string_view slug) {
        TRY(id, people::begin_collective(
                    transaction,
                    {.slug = std::string(slug), .name = "Garden", .about = "", .zone = "UTC"},
                    test::some_noon, entropy));
        TRY(ada, person("Ada"));
        TRY(bo, person("Bo"));
        TRY(cy, person("Cy"));
        TRY(circle,
            open_circle(transaction, id, about("Plants at night"), ada, test::some_noon, entropy));
        return {};
    }
    [[nodiscard]] Result<void> add(const PersonId& person, PartName part = PartName::member) {
        return give_part(transaction, id, circle.id, person, part, test::some_noon);
    }
    [[nodiscard]] Result<std::vector<Part>> parts() {
        TRY(const auto people, people_of(transaction, id, circle.id));
        return parts_in(people);
    }
};

using Story = std::function<Result<void>(Garden&)>;

/// Tells it on a fresh database of each engine that there is here.
void with_each_store(const Story& story) {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const auto all = migrations();
        const test::FreshStore fresh(engine, all);
        const auto told = fresh.store->write([&](Transaction& transaction) -> Result<void> {
            test::SeededEntropy entropy;
            Garden garden{.transaction = transaction, .entropy = entropy};
            TRY_DO(garden.plant("garden"));
            return story(garden);
        });
        CHECK_MESSAGE(told, (told ? std::string() : told.error().message));
    }
}

} // namespace

TEST_CASE("a circle is read back as it was opened, with its first host") {
    with_each_store([](Garden& garden) -> Result<void> {
        TRY(const auto found, circle_named(garden.transaction, garden.id, "plants-at-night"));
        REQUIRE(found);
        CHECK(found->about == about("Plants at night"));
        CHECK(found->state == State::open);
        TRY(const auto parts, garden.parts());
        CHECK(parts.size() == 1);
        CHECK(is_host(parts, garden.ada));
        return {};
    });
}

TEST_CASE("addresses of circles are free, readable, and never the form's own") {
    with_each_store([](Garden& garden) -> Result<void> {
        const auto open = [&](const char* name) {
            return open_circle(garden.transaction, garden.id, about(name), garden.ada,
                               test::some_noon, garden.entropy);
        };
        TRY(const Circle same, open("Plants, at night!"));
        CHECK(same.slug == "plants-at-night-2");
        TRY(const Circle form, open("New"));
        CHECK(form.slug == "new-2");
        TRY(const Circle arabic, open("حلقة"));
        CHECK(arabic.slug == "circle");
        TRY(const Circle longest,
            open("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbb"));
        CHECK(pages::is_slug(longest.slug));
        return {};
    });
}

TEST_CASE("what hosts write is kept") {
    with_each_store([](Garden& garden) -> Result<void> {
        About changed = about("Plants at noon");
        changed.joining = Joining::link;
        changed.split_size = std::nullopt;
        TRY_DO(save_about(garden.transaction, garden.id, garden.circle.id, changed));
        TRY(const auto found, circle_named(garden.transaction, garden.id, garden.circle.slug));
        REQUIRE(found);
        CHECK(found->about == changed);
        return {};
    });
}

TEST_CASE("hosts stand first, and rest is that of the circle or altogether") {
    with_each_store([](Garden& garden) -> Result<void> {
        Transaction& transaction = garden.transaction;
        TRY_DO(garden.add(garden.bo));
        TRY_DO(garden.add(garden.cy, PartName::host));
        TRY_DO(save_rest(transaction, garden.id, garden.circle.id, garden.bo, true));
        TRY_DO(people::save_rest(transaction, garden.id, garden.cy, true));
        TRY(const auto people, people_of(transaction, garden.id, garden.circle.id));
        REQUIRE(people.size() == 3);
        CHECK(people[0].name == "Ada");
        CHECK(people[1].name == "Cy");
        CHECK(people[1].part.away);
        CHECK(people[2].part.resting);
        CHECK(at_risk(parts_in(people)));
        return {};
    });
}

TEST_CASE("a part is what it was made last, and can be left once") {
    with_each_store([](Garden& garden) -> Result<void> {
        TRY_DO(garden.add(garden.bo, PartName::host));
        TRY_DO(garden.add(garden.ada, PartName::member));
        TRY(const auto parts, garden.parts());
        CHECK(is_host(parts, garden.bo));
        CHECK(!is_host(parts, garden.ada));
        TRY(const auto name,
            part_name_of(garden.transaction, garden.id, "plants-at-night", garden.ada));
        CHECK(name == PartName::member);
        TRY_DO(drop_part(garden.transaction, garden.id, garden.circle.id, garden.ada));
        TRY(const auto gone,
            part_name_of(garden.transaction, garden.id, "plants-at-night", garden.ada));
        CHECK(!gone);
        CHECK(!drop_part(garden.transaction, garden.id, garden.circle.id, garden.ada));
        return {};
    });
}

TEST_CASE("asked twice, one request waits, with the newer words; joining answers it") {
    with_each_store([](Garden& garden) -> Result<void> {
        for (const char* const words : {"first", "second"}) {
            TRY_DO(ask_to_join(garden.transaction, garden.id, garden.circle.id, garden.bo, words,
                               test::some_noon, garden.entropy));
        }
        TRY(const auto waiting, requests_to(garden.transaction, garden.id, garden.circle.id));
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0].words == "second");
        CHECK(waiting[0].name == "Bo");
        TRY_DO(garden.add(garden.bo));
        TRY(const auto left, requests_of(garden.transaction, garden.id, garden.bo));
        CHECK(left.empty());
        CHECK(!drop_request(garden.transaction, garden.id, waiting[0].id));
        return {};
    });
}

TEST_CASE("a link works until another is made, it is revoked, or its days are over") {
    with_each_store([](Garden& garden) -> Result<void> {
        const auto leads_on = [&](const std::string& secret, Moment at) -> Result<bool> {
            TRY(const auto circle, invited_to(garden.transaction, garden.id, secret, at));
            return circle.has_value();
        };
        const auto make = [&] {
            return new_invitation(garden.transaction, garden.id, garden.circle.id, test::some_noon,
                                  garden.entropy);
        };
        TRY(const std::string first, make());
        CHECK(leads_on(first, test::some_noon) == true);
        CHECK(leads_on(first, test::some_noon + invitation_time) == false);
        TRY(const std::string second, make());
        CHECK(leads_on(first, test::some_noon) == false);
        CHECK(leads_on(second, test::some_noon) == true);
        TRY_DO(revoke_invitation(garden.transaction, garden.id, garden.circle.id));
        CHECK(leads_on(second, test::some_noon) == false);
        return {};
    });
}

TEST_CASE("what has ended keeps its page and its people, not its link or who asked") {
    with_each_store([](Garden& garden) -> Result<void> {
        Transaction& transaction = garden.transaction;
        const CircleId& circle = garden.circle.id;
        TRY_DO(ask_to_join(transaction, garden.id, circle, garden.bo, "me", test::some_noon,
                           garden.entropy));
        TRY(const std::string secret,
            new_invitation(transaction, garden.id, circle, test::some_noon, garden.entropy));
        TRY_DO(end_circle(transaction, garden.id, circle));
        TRY(const auto found, circle_named(transaction, garden.id, garden.circle.slug));
        REQUIRE(found);
        CHECK(found->state == State::ended);
        TRY(const auto parts, garden.parts());
        CHECK(parts.size() == 1);
        TRY(const auto waiting, requests_to(transaction, garden.id, circle));
        CHECK(waiting.empty());
        TRY(const auto invited, invited_to(transaction, garden.id, secret, test::some_noon));
        CHECK(!invited);
        return {};
    });
}

TEST_CASE("erasing a person takes her parts and what she asked, and stewards find the circle") {
    with_each_store([](Garden& garden) -> Result<void> {
        Transaction& transaction = garden.transaction;
        TRY(const Circle other, open_circle(transaction, garden.id, about("Old maps"), garden.bo,
                                            test::some_noon, garden.entropy));
        TRY_DO(ask_to_join(transaction, garden.id, other.id, garden.ada, "me", test::some_noon,
                           garden.entropy));
        TRY_DO(erase_person(transaction, garden.id, garden.ada));
        TRY(const auto own, parts_of(transaction, garden.id, garden.ada));
        CHECK(own.empty());
        TRY(const auto asked, requests_of(transaction, garden.id, garden.ada));
        CHECK(asked.empty());
        TRY(const auto alone, without_host(transaction, garden.id));
        REQUIRE(alone.size() == 1);
        CHECK(alone[0].id == garden.circle.id);
        return {};
    });
}

TEST_CASE("another collective finds nothing, neither by address nor by link nor by id") {
    with_each_store([](Garden& garden) -> Result<void> {
        Garden other{.transaction = garden.transaction, .entropy = garden.entropy};
        TRY_DO(other.plant("elsewhere"));
        Transaction& transaction = garden.transaction;
        TRY(const Circle only, open_circle(transaction, garden.id, about("Only here"), garden.ada,
                                           test::some_noon, garden.entropy));
        TRY(const auto named, circle_named(transaction, other.id, only.slug));
        CHECK(!named);
        TRY(const auto people, people_of(transaction, other.id, only.id));
        CHECK(people.empty());
        TRY(const std::string secret,
            new_invitation(transaction, garden.id, only.id, test::some_noon, garden.entropy));
        TRY(const auto invited, invited_to(transaction, other.id, secret, test::some_noon));
        CHECK(!invited);
        CHECK(!end_circle(transaction, other.id, only.id));
        return {};
    });
}
