/// Turns of a gathering: what people do about them, through pages.
#include "app/test_turns.hpp"
#include "collective/circles/circle_store.hpp"

#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

using namespace allot;
using namespace allot::test::turns;
using test::Browser;

namespace {

namespace json = boost::json;

const test::Fields as_json = {{"accept", "application/json"}};

} // namespace

TEST_CASE("a presenter swaps with somebody on another date; both agree") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
        REQUIRE(act(lab.kim, third, "presenter", "take") == 303);
        CHECK(act(lab.kim, second, "presenter", "take") == 409);

        CHECK(act(lab.mia, second, "presenter", "ask_to_swap", third) == 303);
        CHECK(lab.mails(kim_mail, mail::Kind::invitation).size() == 1);
        CHECK(lab.turn(second_wall, presenter).person == lab.id_of(mia_mail));
        CHECK(says(lab.kim.get("/c/lab/today"), "swap a turn"));
        CHECK(act(lab.ada, third, "presenter", "swap_yes", second) == 409); // it is not hers
        CHECK(act(lab.kim, third, "presenter", "swap_yes", second) == 303);
        // Who asked for it hears that it is hers now, and is still to say that she is there.
        CHECK(lab.mails(mia_mail, mail::Kind::change).size() == 1);
        CHECK_FALSE(lab.turn(third_wall, presenter).confirmed);
        CHECK(lab.turn(second_wall, presenter).person == lab.id_of(kim_mail));
        CHECK(lab.turn(third_wall, presenter).person == lab.id_of(mia_mail));
        CHECK(act(lab.kim, third, "presenter", "swap_yes", second) == 409); // it is over
    }
}

TEST_CASE("a swap that is declined leaves nothing behind") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
        REQUIRE(act(lab.kim, third, "presenter", "take") == 303);
        REQUIRE(act(lab.mia, second, "presenter", "ask_to_swap", third) == 303);
        CHECK(act(lab.kim, third, "presenter", "swap_no", second) == 303);
        CHECK(lab.turn(second_wall, presenter).person == lab.id_of(mia_mail));
        CHECK(act(lab.kim, third, "presenter", "swap_yes", second) == 409);
    }
}

TEST_CASE("whom a host asks may say no, and hosts see no more than that it is open") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto mia = lab.id_of(mia_mail);
        const test::Fields asking = {{"turn", "presenter"}, {"act", "ask"}, {"person", mia.text()}};
        const std::string to = page_of(second) + "/turns/host";
        CHECK(lab.kim.send(page_of(second), to, asking).status == 403);
        CHECK(lab.ada.send(page_of(second), to, asking).status == 303);
        CHECK(lab.mails(mia_mail, mail::Kind::invitation).size() == 1);
        CHECK(says(lab.ada.get(page_of(second)), "Somebody has been asked."));
        CHECK_FALSE(says(lab.kim.get(page_of(second)), "Somebody has been asked."));
        CHECK(says(lab.mia.get(page_of(second)), "A host asks you."));
        CHECK(act(lab.mia, second, "presenter", "pass") == 303);
        CHECK(lab.turn(second_wall, presenter) ==
              gatherings::Turn{.original = second_wall, .kind = presenter});
        CHECK_FALSE(says(lab.ada.get(page_of(second)), "asked."));
    }
}

TEST_CASE("guests are shown no turns, and members no confirmations of others") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
    Browser nobody(lab.house);
    CHECK(nobody.get(page_of(second)).status == 200);
    CHECK_FALSE(says(nobody.get(page_of(second)), mia_mail));
    CHECK_FALSE(says(nobody.get(page_of(second)), "Presenter"));
    CHECK_FALSE(says(nobody.get(journal), mia_mail));
    CHECK(says(lab.kim.get(page_of(second)), mia_mail)); // her name in this test
    CHECK(act(nobody, second, "presenter", "take") != 303);
    CHECK(says(lab.kim.get(journal), "Presenter: "));
}

TEST_CASE("a series lists who does what next, each turn by itself") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(act(lab.mia, second, "host", "take") == 303);
    const auto page = lab.kim.get(journal);
    CHECK(says(page, "<li>Host: open</li><li>Presenter: open</li>"));
    CHECK(says(page, std::string(mia_mail) + "</span></li><li>Presenter: open</li>"));
    // Each date once, with its turns and all else that is said of it.
    const auto next = json::parse(lab.kim.get(journal, as_json).text).at("next").as_array();
    std::set<std::string> paths;
    for (const json::value& one : next) {
        CHECK(paths.insert(one.at("path").as_string().c_str()).second);
        CHECK(one.at("turns").as_array().size() == 2);
    }
    Browser nobody(lab.house);
    const auto seen = json::parse(nobody.get(journal, as_json).text).at("next").as_array();
    for (const json::value& one : seen) {
        CHECK(one.at("turns").as_array().empty());
    }
}

TEST_CASE("the turn of somebody who was erased is open again") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
        REQUIRE(act(lab.mia, third, "presenter", "stand_by") == 303);
        CHECK(says(lab.mia.get("/c/lab/known"), "2027-01-21, presenter"));
        REQUIRE(lab.mia.send("/c/lab/erase", "/c/lab/erase", {}).status == 303);
        CHECK_FALSE(lab.turn(second_wall, presenter).person.has_value());
        CHECK_FALSE(lab.turn(third_wall, presenter).standby.has_value());
        CHECK(act(lab.kim, second, "presenter", "take") == 303);
    }
}

namespace {

unsigned ask(Lab& lab, std::string_view when, std::string_view mail) {
    return lab.ada
        .send(page_of(when), page_of(when) + "/turns/host",
              {{"turn", "presenter"}, {"act", "ask"}, {"person", lab.id_of(mail).text()}})
        .status;
}

std::string asking(std::string_view when, std::string_view turn = "presenter") {
    return page_of(when) + "/turns/" + std::string(turn) + "/ask";
}

/// Whether a host is offered to ask that person for a turn of that gathering.
bool offers(Lab& lab, std::string_view when, std::string_view mail) {
    const auto page = json::parse(lab.ada.get(asking(when), as_json).text);
    return std::ranges::any_of(page.at("people").as_array(), [&](const json::value& one) {
        return one.at("id").as_string() == lab.id_of(mail).text();
    });
}

/// From now on the journal club is of a circle in which Mia is, and Kim is not.
void give_to_circle(Lab& lab) {
    const auto ada = lab.id_of(ada_mail);
    const auto mia = lab.id_of(mia_mail);
    lab.change([&](store::Transaction& transaction) -> Result<void> {
        TRY(const auto circle, circles::open_circle(transaction, lab.collective, {.name = "Moths"},
                                                    ada, lab.house.clock.now(), lab.house.entropy));
        TRY_DO(circles::give_part(transaction, lab.collective, circle.id, mia,
                                  circles::PartName::member, lab.house.clock.now()));
        constexpr store::Statement set_circle =
            "UPDATE series SET circle_id = $3 WHERE collective_id = $1 AND id = $2";
        TRY_DO(transaction.run(set_circle, {lab.collective, lab.series, circle.id}));
        TRY(const auto series, gatherings::find_series(transaction, lab.collective, lab.series));
        gatherings::About about = series->about;
        about.audience = gatherings::Audience::circle;
        return gatherings::save_about(transaction, lab.collective, lab.series, about);
    });
}

} // namespace

TEST_CASE("a host is offered exactly those whom she can ask") {
    for (const auto engine : test::engines()) {
        for (const bool in_circle : {false, true}) {
            CAPTURE(test::name_of(engine));
            CAPTURE(in_circle);
            Lab lab(engine);
            Browser rue = lab.house.person("lab", "rue@example.org", Role::member);
            Browser gus = lab.house.person("lab", "gus@example.org", Role::guest);
            const auto rests = lab.id_of("rue@example.org");
            lab.change([&](store::Transaction& transaction) {
                return people::save_rest(transaction, lab.collective, rests, true);
            });
            if (in_circle) {
                give_to_circle(lab);
            }
            CHECK(offers(lab, second, mia_mail));
            CHECK(offers(lab, second, kim_mail) != in_circle);
            for (const char* const mail :
                 {mia_mail, kim_mail, "rue@example.org", "gus@example.org"}) {
                CAPTURE(mail);
                const bool offered = offers(lab, second, mail);
                CHECK(ask(lab, second, mail) == (offered ? 303 : 404));
                CHECK(lab.mails(mail, mail::Kind::invitation).size() == (offered ? 1 : 0));
            }
        }
    }
}

TEST_CASE("a host asks somebody else; who was asked before hears nothing, and may still take it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(ask(lab, second, mia_mail) == 303);
        CHECK(says(lab.ada.get(page_of(second)), "Ask somebody else"));
        REQUIRE(ask(lab, second, kim_mail) == 303);
        CHECK(lab.turn(second_wall, presenter).asked == lab.id_of(kim_mail));
        CHECK(lab.mails(mia_mail, mail::Kind::invitation).size() == 1); // of before
        for (const auto kind : {mail::Kind::change, mail::Kind::cancellation, mail::Kind::turn}) {
            CHECK(lab.mails(mia_mail, kind).empty());
        }
        CHECK_FALSE(says(lab.mia.get(page_of(second)), "A host asks you."));
        CHECK_FALSE(says(lab.mia.get("/c/lab/today"), "A host asks you"));
        CHECK(says(lab.kim.get(page_of(second)), "A host asks you."));
        CHECK(act(lab.mia, second, "presenter", "take") == 303);
        CHECK_FALSE(says(lab.kim.get(page_of(second)), "A host asks you."));
        CHECK(ask(lab, second, kim_mail) == 409); // it is taken
    }
}

TEST_CASE("a swap that is asked again is asked once: one mail") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
        REQUIRE(act(lab.kim, third, "presenter", "take") == 303);
        for (int times = 0; times < 3; ++times) {
            CHECK(act(lab.mia, second, "presenter", "ask_to_swap", third) == 303);
        }
        CHECK(lab.mails(kim_mail, mail::Kind::invitation).size() == 1);
        CHECK(act(lab.kim, third, "presenter", "swap_yes", second) == 303);
    }
}

TEST_CASE("nobody is kept from taking turns: a season of them is somebody's to offer") {
    Lab lab(test::EngineKind::sqlite);
    for (const char* const when : {"20270114T170000", second, third, "20270204T170000",
                                   "20270211T170000", "20270218T170000", "20270506T170000"}) {
        CAPTURE(when);
        CHECK(act(lab.mia, when, "presenter", "take") == 303);
    }
}

TEST_CASE("Today names the first gathering that somebody counts on, and nobody else's") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto next = [](Browser& browser) {
            return json::parse(browser.get("/c/lab/today", as_json).text).at("next");
        };
        CHECK(next(lab.mia).is_null());
        lab.comes(mia_mail, third_wall);
        CHECK(next(lab.mia).at("path").as_string() == page_of(third));
        CHECK(next(lab.mia).at("turns").as_array().empty());
        CHECK(next(lab.mia).at("times").at("own").as_string().ends_with("T20:00")); // in Nairobi
        REQUIRE(act(lab.mia, second, "presenter", "take") == 303);
        CHECK(next(lab.mia).at("path").as_string() == page_of(second));
        CHECK(says(lab.mia.get("/c/lab/today"), "Presenter"));
        CHECK(next(lab.kim).is_null());

        // What she stands by for, or is asked for, she does not count on.
        REQUIRE(act(lab.kim, second, "presenter", "stand_by") == 303);
        REQUIRE(ask(lab, third, kim_mail) == 303);
        CHECK(next(lab.kim).is_null());

        lab.change_gathering(second_wall, [](auto& one) { one.cancelled = true; });
        CHECK(next(lab.mia).at("path").as_string() == page_of(third));
        lab.house.clock.set(utc(1, 28, 19));
        CHECK(next(lab.mia).is_null());
    }
}

TEST_CASE("Today asks for three lines, of the scribe or else of hosts, for a week and until they "
          "are there") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.make_host(kim_mail); // nobody keeps it alone
        const auto asked = [](Browser& browser) {
            const auto all = json::parse(browser.get("/c/lab/today", as_json).text).at("cards");
            return std::ranges::count_if(all.as_array(), [](const json::value& card) {
                return card.at("kind").as_string() == "write_up" &&
                       card.at("page").as_string() == page_of(second) + "#lines";
            });
        };
        const Moment ended = utc(1, 21, 18);
        lab.house.clock.set(ended - minutes(1));
        CHECK(asked(lab.ada) == 0);
        lab.house.clock.set(ended);
        CHECK(asked(lab.ada) == 1);
        CHECK(asked(lab.kim) == 1);
        CHECK(asked(lab.mia) == 0);
        const auto mia = lab.id_of(mia_mail);
        lab.change([&](store::Transaction& transaction) {
            return gatherings::save_turn(
                transaction, lab.collective, lab.series,
                {.original = second_wall, .kind = gatherings::TurnKind::scribe, .person = mia});
        });
        CHECK(asked(lab.ada) == 0);
        CHECK(asked(lab.mia) == 1);
        lab.change_gathering(second_wall, [](auto& one) { one.learned = "Moths wait."; });
        CHECK(asked(lab.mia) == 0);
        lab.change_gathering(second_wall, [](auto& one) { one.learned.clear(); });
        lab.house.clock.set(ended + days(7) - minutes(61)); // the next one is about to begin
        CHECK(asked(lab.mia) == 1);
        lab.house.clock.set(ended + days(7));
        CHECK(asked(lab.mia) == 0);
    }
}

TEST_CASE("Today leads nobody to what she may not see any more") {
    Lab lab(test::EngineKind::sqlite);
    lab.comes(kim_mail, third_wall);
    CHECK(says(lab.kim.get("/c/lab/today"), page_of(third)));
    give_to_circle(lab);
    CHECK(lab.kim.get(page_of(third)).status == 404);
    CHECK_FALSE(says(lab.kim.get("/c/lab/today"), page_of(third)));
    // What came of it is asked of hosts where the scribe may not see it any more.
    const auto kim = lab.id_of(kim_mail);
    lab.change([&](store::Transaction& transaction) {
        return gatherings::save_turn(
            transaction, lab.collective, lab.series,
            {.original = second_wall, .kind = gatherings::TurnKind::scribe, .person = kim});
    });
    lab.house.clock.set(utc(1, 21, 18));
    CHECK_FALSE(says(lab.kim.get("/c/lab/today"), page_of(second)));
    CHECK(says(lab.ada.get("/c/lab/today"), page_of(second) + "#lines"));
}

TEST_CASE("while a gathering takes place its turns are seen, taken, passed on and run; no more") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto run = [&] {
            return lab.ada
                .send(page_of(third), page_of(second) + "/turns/host",
                      {{"turn", "host"}, {"act", "run"}, {"person", ""}})
                .status;
        };
        const auto does = [&](Browser& browser, std::string_view turn, std::string_view what) {
            return browser
                .send(page_of(third), page_of(second) + "/turns",
                      {{"turn", std::string(turn)}, {"act", std::string(what)}, {"other", third}})
                .status;
        };
        lab.make_host(mia_mail);
        REQUIRE(act(lab.mia, second, "host", "take") == 303);
        REQUIRE(act(lab.kim, third, "host", "take") == 303);
        REQUIRE(act(lab.kim, second, "host", "stand_by") == 303);
        REQUIRE(ask(lab, second, kim_mail) == 303);
        REQUIRE(act(lab.mia, second, "host", "ask_to_swap", third) == 303);

        lab.house.clock.set(utc(1, 21, 17) + minutes(10));
        lab.ada = lab.house.sign_in(ada_mail);
        lab.mia = lab.house.sign_in(mia_mail);
        lab.kim = lab.house.sign_in(kim_mail);
        for (Browser* const one : {&lab.ada, &lab.mia, &lab.kim}) {
            const auto page = one->get(page_of(second));
            CHECK(says(page, "Who does what"));
            for (const char* const gone :
                 {"A host asks you", "has been asked", "tand by", "tands by", "Swap with",
                  "asked to swap", "asks to swap", "Are you there?", "Ask somebody"}) {
                CAPTURE(gone);
                CHECK_FALSE(says(page, gone));
            }
        }
        CHECK(says(lab.ada.get(page_of(second)), "Run it myself"));
        CHECK(says(lab.mia.get(page_of(second)), "Pass it on"));
        CHECK(says(lab.kim.get(page_of(second)), "I do it"));
        for (const char* const late : {"stand_by", "stand_back", "ask_to_swap", "swap_yes"}) {
            CAPTURE(late);
            CHECK(does(lab.kim, "host", late) == 409);
        }
        CHECK(ask(lab, second, mia_mail) == 409);

        CHECK(run() == 303); // Mia has not come
        CHECK(lab.turn(second_wall, host).person == lab.id_of(ada_mail));
        CHECK(lab.mails(mia_mail, mail::Kind::change).size() == 1);
        CHECK(does(lab.kim, "presenter", "take") == 303);
        CHECK(does(lab.kim, "presenter", "pass") == 303);
        CHECK_FALSE(lab.turn(second_wall, presenter).person.has_value());

        lab.house.clock.set(utc(1, 21, 18));
        CHECK_FALSE(says(lab.ada.get(page_of(second)), "Who does what"));
        CHECK(does(lab.kim, "presenter", "take") == 409);
        CHECK(run() == 409);
        CHECK(lab.turn(second_wall, host).person == lab.id_of(ada_mail));
    }
}

TEST_CASE("a host's link to run a gathering that nobody hosts works until that ends") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.sweep_at(utc(1, 20, 18));
        const auto asked = lab.mails(ada_mail, mail::Kind::turn);
        REQUIRE(asked.size() == 1);
        const std::string link = link_in(asked.front());
        Browser reader(lab.house);
        lab.house.clock.set(utc(1, 21, 18));
        CHECK(says(reader.get(link), "has begun, or does not take place"));
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 303);
        CHECK_FALSE(lab.turn(second_wall, host).person.has_value());
        lab.house.clock.set(utc(1, 21, 17) + minutes(10));
        CHECK(says(reader.get(link), "Can you run it?"));
        CHECK(reader.post(link, {{"answer", "yes"}}).status == 303);
        CHECK(lab.turn(second_wall, host).person == lab.id_of(ada_mail));
    }
}
