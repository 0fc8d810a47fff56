/// What the server does by itself for turns and gatherings: through mails and the sweep.
#include "app/test_turns.hpp"

#include <cstdlib>
#include <filesystem>
#include <thread>

using namespace allot;
using namespace allot::test::turns;
using test::Browser;

TEST_CASE("nobody confirms: who stands by is asked, then the gathering becomes lighter") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, third, "presenter", "take") == 303);
        REQUIRE(act(lab.kim, third, "presenter", "stand_by") == 303);
        const Moment begins = utc(1, 28, 17);

        lab.sweep_at(begins - days(8));
        CHECK(lab.mails(mia_mail, mail::Kind::turn).empty());
        for (const auto before : {hours(24 * 7), hours(24 * 7 - 1), hours(24 * 6)}) {
            lab.sweep_at(begins - before);
        }
        CHECK(lab.mails(mia_mail, mail::Kind::turn).size() == 1);
        lab.sweep_at(begins - days(3));
        lab.sweep_at(begins - days(3) + minutes(1));
        CHECK(lab.mails(mia_mail, mail::Kind::turn).size() == 2);
        CHECK(lab.mails(kim_mail, mail::Kind::turn).empty());
        lab.sweep_at(begins - hours(48));
        lab.sweep_at(begins - hours(47));
        REQUIRE(lab.mails(kim_mail, mail::Kind::turn).size() == 1);
        CHECK_FALSE(says(lab.mia.get(page_of(third)), "Nothing has to be prepared"));
        lab.sweep_at(begins - hours(24));
        lab.sweep_at(begins - hours(23));
        CHECK(says(lab.mia.get(page_of(third)), "Nothing has to be prepared"));
        CHECK(about(third, lab.mails(mia_mail, mail::Kind::change)) == 1);
        CHECK(about(third, lab.mails(ada_mail, mail::Kind::change)) == 1); // she keeps the series

        // Kim comes in after all, by the link in her mail: it is what was planned again.
        const std::string link = link_in(lab.mails(kim_mail, mail::Kind::turn).front());
        Browser reader(lab.house);
        CHECK(says(reader.get(link), "Will you come in?"));
        CHECK(lab.turn(third_wall, presenter).person == lab.id_of(mia_mail));
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 303);
        CHECK(lab.turn(third_wall, presenter).person == lab.id_of(kim_mail));
        CHECK(says(reader.get(link), "It is yours"));
        CHECK_FALSE(says(lab.mia.get(page_of(third)), "Nothing has to be prepared"));
        CHECK(reader.post(link + "x", {{"answer", "yes"}}).status == 404);
    }
}

TEST_CASE("a host makes a gathering lighter and takes it back; those whom it concerns are told "
          "each time") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.add_chat();
        REQUIRE(act(lab.mia, third, "host", "take") == 303);
        lab.change([&](store::Transaction& transaction) -> Result<void> { // nobody presents here
            TRY(auto series, gatherings::find_series(transaction, lab.collective, lab.series));
            series->about.turns = gatherings::turns_in("host");
            return gatherings::save_about(transaction, lab.collective, lab.series, series->about);
        });
        const Moment begins = utc(1, 28, 17);
        const auto is_lighter = [&] {
            return says(lab.kim.get(page_of(third)), "Nothing has to be prepared");
        };
        const auto say = [&](Browser& who, const char* what) {
            return who.send(page_of(third), page_of(third) + "/lighter", {{"lighter", what}})
                .status;
        };
        const auto told = [&](std::string_view words) {
            const auto all = lab.mails(mia_mail, mail::Kind::change);
            return std::ranges::count_if(all, [&](const mail::Mail& one) {
                return one.body.find(words) != std::string::npos;
            });
        };
        CHECK(say(lab.kim, "yes") == 403);
        CHECK_FALSE(says(lab.kim.get(page_of(third)), "Make it quiet co-working"));
        CHECK(says(lab.ada.get(page_of(third)), "Make it quiet co-working"));
        CHECK(say(lab.ada, "perhaps") == 422);
        CHECK_FALSE(is_lighter());
        const std::int64_t posts = lab.posts();

        CHECK(say(lab.ada, "yes") == 303);
        CHECK(is_lighter());
        CHECK(told("nobody has to prepare anything") == 1);
        CHECK(lab.mails(kim_mail, mail::Kind::change).empty());
        CHECK(lab.posts() == posts + 1);
        CHECK(say(lab.ada, "yes") == 303); // as it is already: nobody is told twice
        CHECK(told("nobody has to prepare anything") == 1);

        CHECK(say(lab.ada, "no") == 303);
        CHECK_FALSE(is_lighter());
        CHECK(told("as planned after all") == 1);
        CHECK(lab.posts() == posts + 2);
        lab.house.clock.advance(minutes(1));
        CHECK(say(lab.ada, "yes") == 303);
        CHECK(lab.posts() == posts + 3);
        CHECK(say(lab.ada, "no") == 303);

        lab.sweep_at(begins - hours(24)); // without a presenter nothing becomes lighter by itself
        CHECK_FALSE(is_lighter());
        lab.house.clock.set(begins + minutes(10));
        const auto before = lab.mails(mia_mail, mail::Kind::change).size();
        CHECK(say(lab.ada, "yes") == 303); // it is on: seen on its page, and mailed to nobody
        CHECK(is_lighter());
        CHECK(lab.mails(mia_mail, mail::Kind::change).size() == before);
        lab.house.clock.set(begins + hours(1));
        CHECK(say(lab.ada, "no") == 409);
    }
}

TEST_CASE("what a host says about a lighter gathering stays, whatever the server would do") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto is_lighter = [&](const char* when) {
            return says(lab.kim.get(page_of(when)), "Nothing has to be prepared");
        };
        const auto say = [&](const char* when, const char* what) {
            return lab.ada.send(page_of(when), page_of(when) + "/lighter", {{"lighter", what}})
                .status;
        };
        const Moment begins = utc(1, 28, 17);
        lab.sweep_at(begins - hours(24));
        CHECK(is_lighter(third));
        CHECK(say(third, "no") == 303);
        lab.sweep_at(begins - hours(23));
        CHECK_FALSE(is_lighter(third));
    }
    for (const auto engine : test::engines()) { // also where she was first, before the last day
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto say = [&](const char* what) {
            return lab.ada.send(page_of(third), page_of(third) + "/lighter", {{"lighter", what}})
                .status;
        };
        const Moment begins = utc(1, 28, 17);
        lab.house.clock.set(begins - hours(30));
        CHECK(say("yes") == 303);
        lab.sweep_at(begins - hours(20));
        CHECK(say("no") == 303);
        lab.sweep_at(begins - hours(19));
        CHECK_FALSE(says(lab.kim.get(page_of(third)), "Nothing has to be prepared"));
    }
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.house.clock.set(utc(1, 26, 17));
        const std::string to = page_of(third) + "/lighter";
        CHECK(lab.ada.send(page_of(third), to, {{"lighter", "yes"}}).status == 303);
        REQUIRE(act(lab.mia, third, "presenter", "take") == 303);
        REQUIRE(lab.turn(third_wall, presenter).confirmed);
        CHECK(says(lab.kim.get(page_of(third)), "Nothing has to be prepared"));
    }
}

TEST_CASE("one press confirms; who has confirmed is asked no more") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, third, "presenter", "take") == 303);
        const Moment begins = utc(1, 28, 17);
        lab.sweep_at(begins - days(7));
        const auto asked = lab.mails(mia_mail, mail::Kind::turn);
        REQUIRE(asked.size() == 1);
        CHECK(asked.front().subject.find("20:00") != std::string::npos); // in Nairobi
        const std::string link = link_in(asked.front());
        Browser reader(lab.house);
        CHECK(says(reader.get(link), "Are you there?"));
        CHECK_FALSE(lab.turn(third_wall, presenter).confirmed);
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 303);
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 303);
        CHECK(lab.turn(third_wall, presenter).confirmed);
        for (const auto before : {hours(72), hours(48), hours(24), hours(1)}) {
            lab.sweep_at(begins - before);
        }
        CHECK(lab.mails(mia_mail, mail::Kind::turn).size() == 1);
        CHECK_FALSE(says(lab.mia.get(page_of(third)), "Nothing has to be prepared"));
    }
}

TEST_CASE("who may no longer see a series has no turn of it, and is asked nothing") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const Moment begins = utc(1, 28, 17);
        REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
        REQUIRE(act(lab.mia, third, "presenter", "take") == 303);
        REQUIRE(act(lab.kim, third, "presenter", "stand_by") == 303);
        lab.sweep_at(begins - days(7)); // the second one has just begun
        const auto asked = lab.mails(mia_mail, mail::Kind::turn);
        REQUIRE(asked.size() == 1);
        const auto kim = lab.id_of(kim_mail);
        const auto mia = lab.id_of(mia_mail);
        lab.change([&](store::Transaction& transaction) -> Result<void> {
            TRY(auto series, gatherings::find_series(transaction, lab.collective, lab.series));
            series->about.audience = gatherings::Audience::members;
            TRY_DO(gatherings::save_about(transaction, lab.collective, lab.series, series->about));
            return people::save_role(transaction, lab.collective, mia, Role::guest,
                                     lab.house.clock.now());
        });
        // Her link says nothing of the series any more, and the turn cannot be taken by it.
        const std::string link = link_in(asked.front());
        Browser reader(lab.house);
        const auto page = reader.get(link);
        CHECK(page.status == 404);
        CHECK_FALSE(says(page, "Journal club"));
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 404);

        lab.sweep_at(begins - days(3));
        CHECK_FALSE(lab.turn(third_wall, presenter).person);
        CHECK(lab.turn(third_wall, presenter).standby == kim);
        CHECK(lab.turn(second_wall, presenter).person == mia); // what was stays
        lab.sweep_at(begins - hours(48));
        CHECK(lab.mails(mia_mail, mail::Kind::turn).size() == 1);
        CHECK(lab.mails(kim_mail, mail::Kind::turn).size() == 1);
    }
}

TEST_CASE("the host is ill: hosts are asked once, and another one runs it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.make_host(kim_mail);
        REQUIRE(act(lab.ada, third, "host", "take") == 303);
        const Moment begins = utc(1, 28, 17);
        lab.sweep_at(begins - hours(24));
        lab.sweep_at(begins - hours(23));
        CHECK(lab.mails(mia_mail, mail::Kind::turn).empty());
        CHECK(lab.mails(ada_mail, mail::Kind::turn).size() == 1);
        REQUIRE(lab.mails(kim_mail, mail::Kind::turn).size() == 1);
        const std::string link = link_in(lab.mails(kim_mail, mail::Kind::turn).front());
        Browser reader(lab.house);
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 303);
        CHECK(lab.turn(third_wall, host).person == lab.id_of(kim_mail));
        CHECK(lab.turn(third_wall, host).confirmed);
        // Ada's own link: it is in other hands, and nothing more is asked of her.
        const std::string late = link_in(lab.mails(ada_mail, mail::Kind::turn).front());
        CHECK(says(reader.get(late), "Nothing more is asked of you"));
        CHECK(reader.post(late, {{"answer", "yes"}}).status == 303);
        CHECK(lab.turn(third_wall, host).person == lab.id_of(kim_mail));

        // From the page, also where somebody had said that she is there.
        const test::Fields running = {{"turn", "host"}, {"act", "run"}, {"person", ""}};
        const std::string to = page_of(third) + "/turns/host";
        CHECK(lab.mia.send(page_of(third), to, running).status == 403);
        CHECK(lab.ada.send(page_of(third), to, running).status == 303);
        CHECK(lab.turn(third_wall, host).person == lab.id_of(ada_mail));
        CHECK_FALSE(lab.mails(kim_mail, mail::Kind::change).empty());
    }
}

TEST_CASE("two processes on one database do each step once") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, third, "presenter", "take") == 303);
        REQUIRE(act(lab.kim, third, "presenter", "stand_by") == 303);
        lab.comes(mia_mail, third_wall);
        const auto other =
            store::Store::open({.url = lab.house.fresh.database.url()}, app::migrations());
        REQUIRE(other.has_value());
        pages::House next_house{.store = **other,
                                .directory = lab.house.directory,
                                .zones = lab.house.zones,
                                .clock = lab.house.clock,
                                .entropy = lab.house.entropy,
                                .origin = "",
                                .signing_key = lab.house.parts.signing_key,
                                .after_erasure = {}};
        const gatherings::Sweep next(next_house, lab.house.site->catalogues(),
                                     "https://lab.example", lab.log);
        jobs::Runner one(*lab.house.fresh.store, lab.house.clock, lab.house.entropy, lab.log,
                         {gatherings::gathering_work(lab.sweep)});
        jobs::Runner two(**other, lab.house.clock, lab.house.entropy, lab.log,
                         {gatherings::gathering_work(next)});
        REQUIRE(one.prepare().has_value());
        REQUIRE(two.prepare().has_value());
        for (const auto before : {hours(24 * 7), hours(72), hours(48), hours(24), hours(23)}) {
            lab.house.clock.set(utc(1, 28, 17) - before);
            std::jthread beside([&] {
                [[maybe_unused]] const auto worked = two.run_due({});
                // As if the first process had stopped for longer than it may hold the work.
                [[maybe_unused]] const auto swept = next.run([] { return Result<void>(); });
            });
            CHECK(one.run_due({}).has_value());
            [[maybe_unused]] const auto swept = lab.sweep.run([] { return Result<void>(); });
            beside.join();
            lab.sweep_at(lab.house.clock.now());
        }
        CHECK(lab.mails(mia_mail, mail::Kind::turn).size() == 2);
        CHECK(lab.mails(kim_mail, mail::Kind::turn).size() == 1);
        CHECK(about(third, lab.mails(mia_mail, mail::Kind::change)) == 1);
        CHECK(lab.mails(mia_mail, mail::Kind::reminder).size() == 1);
    }
}

TEST_CASE("a reminder comes once, at the hour of that day, across a change of the clocks") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine, "every Sunday at 17:00 London time");
        const gatherings::Wall original = wall(3, 28, 17); // summer time begins on that morning
        lab.comes(mia_mail, original);
        const Moment begins = utc(3, 28, 16);
        lab.sweep_at(begins - hours(24) - minutes(1));
        CHECK(lab.mails(mia_mail, mail::Kind::reminder).empty());
        lab.sweep_at(begins - hours(24));
        lab.sweep_at(begins - hours(23));
        const auto reminders = lab.mails(mia_mail, mail::Kind::reminder);
        REQUIRE(reminders.size() == 1);
        CHECK(reminders.front().subject.find("19:00") != std::string::npos); // in Nairobi

        // It is moved by a week: she hears of that, and is not reminded again.
        lab.change_gathering(original, [](auto& one) { one.moved = wall(4, 4, 17); });
        lab.sweep_and_tell(begins - hours(20));
        CHECK(lab.mails(mia_mail, mail::Kind::change).size() == 1);
        for (const auto before : {hours(24), hours(23), hours(2)}) {
            lab.sweep_at(utc(4, 4, 16) - before);
        }
        CHECK(lab.mails(mia_mail, mail::Kind::reminder).size() == 1);
        CHECK(lab.mails(mia_mail, mail::Kind::change).size() == 1);
    }
}

TEST_CASE("who wants no reminders gets none, and hears of changes all the same") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(
        lab.mia.send("/c/lab/settings/mail", "/c/lab/settings/mail", {{"digest", "none"}}).status ==
        303);
    lab.comes(mia_mail, third_wall);
    lab.sweep_at(utc(1, 20, 12));
    lab.change_gathering(third_wall, [](auto& one) { one.cancelled = true; });
    lab.sweep_and_tell(utc(1, 21, 12));
    CHECK(lab.mails(mia_mail, mail::Kind::cancellation).size() == 1);
    lab.comes(mia_mail, second_wall);
    lab.sweep_at(utc(1, 21, 13));
    CHECK(lab.mails(mia_mail, mail::Kind::reminder).empty());
}

TEST_CASE("a change is told once to those concerned; what is undone at once to nobody") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.comes(mia_mail, third_wall);
        Moment now = utc(1, 20, 12);
        lab.sweep_at(now);
        lab.change_gathering(third_wall, [](auto& one) { one.cancelled = true; });
        lab.sweep_at(now + minutes(1));
        lab.change_gathering(third_wall, [](auto& one) { one.cancelled = false; });
        lab.sweep_at(now + minutes(2));
        lab.sweep_at(now + minutes(9));
        CHECK(lab.mails(mia_mail, mail::Kind::cancellation).empty());

        lab.add_chat();
        // The chat hears of the gathering of this day first, and that it became lighter.
        lab.sweep_and_tell(utc(1, 21, 11));
        const std::int64_t before = lab.posts();
        lab.change_gathering(third_wall, [](auto& one) {
            one.moved = wall(1, 29, 18);
            one.why = "the hall is taken";
        });
        now = utc(1, 21, 12);
        lab.sweep_and_tell(now);
        lab.sweep_and_tell(now + hours(1));
        const auto told = lab.mails(mia_mail, mail::Kind::change);
        REQUIRE(told.size() == 1);
        CHECK(told.front().body.find("the hall is taken") != std::string::npos);
        CHECK(lab.posts() == before + 1); // and the chat hears of it, once
        CHECK(told.front().body.find("21:00") != std::string::npos); // 18:00 in London
        CHECK(lab.mails(kim_mail, mail::Kind::change).empty());

        lab.change_gathering(third_wall, [](auto& one) { one.cancelled = true; });
        lab.sweep_and_tell(utc(1, 29, 11)); // seven hours before
        CHECK(lab.mails(mia_mail, mail::Kind::late_cancellation).size() == 1);
        CHECK(lab.mails(mia_mail, mail::Kind::cancellation).empty());
    }
}

TEST_CASE("a chat hears once that a series has begun, and what came of a gathering") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.add_chat();
        const test::Fields fields = {{"title", "Moth nights"},
                                     {"rhythm", "every Friday at 21:00 London time"},
                                     {"minutes", "60"},
                                     {"where", ""},
                                     {"audience", "public"}};
        REQUIRE(lab.ada.send("/c/lab/series/new", "/c/lab/series", fields).status == 303);
        CHECK(lab.posts() == 1);

        lab.house.clock.set(utc(1, 14, 19)); // it has ended an hour ago
        const std::string after = "/c/lab/series/journal-club/20270114T170000/after";
        const auto write = [&](std::string_view learned) {
            const auto done = lab.ada.send(after, after,
                                           {{"learned", std::string(learned)},
                                            {"decided", ""},
                                            {"notes", ""},
                                            {"first_plot", ""},
                                            {"held", "yes"},
                                            {"recording_link", ""},
                                            {"recording_until", ""}});
            return done.status;
        };
        CHECK(write("") == 303);
        CHECK(lab.posts() == 1); // nothing was written yet
        CHECK(write("Leaves close by the clock.") == 303);
        CHECK(lab.posts() == 2);
        CHECK(write("Leaves close by the clock, not by the light.") == 303);
        CHECK(lab.posts() == 2);
    }
}

TEST_CASE("a series that ends tells those who counted on it, in one mail") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.comes(mia_mail, second_wall);
        lab.comes(mia_mail, third_wall);
        lab.sweep_at(utc(1, 15, 12));
        lab.change([&](store::Transaction& transaction) {
            return gatherings::end_series(
                transaction, lab.collective, lab.series,
                std::chrono::floor<std::chrono::days>(lab.house.clock.now()));
        });
        lab.sweep_and_tell(utc(1, 15, 13));
        lab.sweep_and_tell(utc(1, 15, 14));
        CHECK(lab.mails(mia_mail, mail::Kind::cancellation).size() == 1);
        CHECK(lab.mails(kim_mail, mail::Kind::cancellation).empty());
    }
}

TEST_CASE("new rules of a zone move what they must, keep the clock on the wall, and tell once") {
    namespace fs = std::filesystem;
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        const fs::path zones = fs::temp_directory_path() / ("zones-" + std::to_string(getpid()));
        fs::create_directories(zones / "Europe");
        fs::create_directories(zones / "Africa");
        const fs::path old = "/usr/share/zoneinfo";
        fs::copy_file(old / "Africa/Nairobi", zones / "Africa/Nairobi",
                      fs::copy_options::overwrite_existing);
        // From now on London has the time of Lagos: one hour earlier in winter.
        fs::copy_file(old / "Africa/Lagos", zones / "Europe/London",
                      fs::copy_options::overwrite_existing);
        Lab lab(engine);
        lab.comes(mia_mail, second_wall);
        lab.comes(mia_mail, third_wall);
        lab.sweep_at(utc(1, 15, 12));
        setenv("TZDIR", zones.c_str(), 1);
        lab.sweep_and_tell(utc(1, 15, 13));
        lab.sweep_and_tell(utc(1, 15, 14));
        const auto page = lab.mia.get(page_of(second), {{"accept-language", "en-GB"}});
        unsetenv("TZDIR");
        fs::remove_all(zones);
        const auto told = lab.mails(mia_mail, mail::Kind::change);
        REQUIRE(told.size() == 1);
        CHECK(told.front().body.find("19:00, instead of") != std::string::npos); // was 20:00
        CHECK(says(page, "17:00"));
        CHECK(lab.mails(kim_mail, mail::Kind::change).empty());
    }
}

TEST_CASE("three in a row that were not held: hosts are told, once, and nobody else") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.make_host(kim_mail);
        for (const unsigned day : {14U, 21U, 28U}) {
            lab.change_gathering(wall(1, day, 17), [](auto& one) { one.held = "no"; });
        }
        constexpr const char* hint = "Three in a row did not take place";
        lab.house.clock.set(utc(1, 27, 12));
        CHECK_FALSE(says(lab.ada.get(journal), hint));
        lab.house.clock.set(utc(1, 29, 12));
        Browser nobody(lab.house);
        CHECK_FALSE(says(nobody.get(journal), hint));
        CHECK_FALSE(says(lab.mia.get(journal), hint));
        CHECK(says(lab.ada.get(journal), hint));
        CHECK(says(lab.kim.get("/c/lab/today"), hint));
        const std::string alive = std::string(journal) + "/alive";
        CHECK(lab.mia.get(alive).status == 403);
        CHECK(says(lab.ada.get(alive), "none was held"));
        REQUIRE(lab.ada.send(journal, alive, {}).status == 303);
        CHECK_FALSE(says(lab.kim.get("/c/lab/today"), hint));
        lab.house.clock.set(utc(2, 5, 12));
        lab.change_gathering(wall(2, 4, 17), [](auto& one) { one.held = "no"; });
        CHECK_FALSE(says(lab.ada.get(journal), hint));
    }
}

TEST_CASE("alive is said in words: held of planned, the gap, and what rests on one person") {
    Lab lab(test::EngineKind::sqlite);
    const auto mia = lab.id_of(mia_mail);
    for (const unsigned day : {14U, 21U, 28U}) {
        lab.change([&](store::Transaction& transaction) {
            return gatherings::save_turn(transaction, lab.collective, lab.series,
                                         {.original = wall(1, day, 17),
                                          .kind = presenter,
                                          .person = mia,
                                          .confirmed = true,
                                          .asked = std::nullopt,
                                          .standby = std::nullopt});
        });
    }
    lab.change_gathering(wall(2, 11, 17), [](auto& one) { one.cancelled = true; });
    lab.house.clock.set(utc(2, 12, 12));
    const auto page = lab.ada.get(std::string(journal) + "/alive");
    CHECK(says(page, "5 gatherings were planned, and 4 were held."));
    // From 4 February on, with one that was cancelled between, to 12 February: eight days.
    CHECK(says(page, "There was no long gap."));
    CHECK(says(page, "Most evenings rest on one person"));
    CHECK_FALSE(says(page, mia_mail));
    // The next is held: two weeks after the one of 4 February.
    lab.house.clock.set(utc(2, 19, 12));
    const auto later = lab.ada.get(std::string(journal) + "/alive");
    CHECK(says(later, "6 gatherings were planned, and 5 were held."));
    CHECK(says(later, "The longest gap was 2 weeks."));
    // A gap that lasts until today counts as well.
    for (const auto when : {wall(2, 25, 17), wall(3, 4, 17), wall(3, 11, 17)}) {
        lab.change_gathering(when, [](auto& one) { one.cancelled = true; });
    }
    lab.house.clock.set(utc(3, 12, 12));
    CHECK(says(lab.ada.get(std::string(journal) + "/alive"), "The longest gap was 3 weeks."));
}
