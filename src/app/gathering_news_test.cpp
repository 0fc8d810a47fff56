/// What is told of gatherings, to whom and how often: each listener once, nobody twice, and one row
/// that cannot be read stops nobody else.
#include "app/test_mail_lab.hpp"
#include "base/text.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/hooks/hook_store.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/chrono.h>

using namespace allot;
using auth::Role;
using gatherings::Taken;
using test::answer;
using test::Browser;
using test::count_in;
using test::first;
using test::form_path;
using test::Lab;
using test::move_one;
using test::page_of;
using test::says;
using test::second;
using test::series_path;
using test::third;
using test::unfolded;
using test::value_in;
using test::wall;

namespace {

void add_chat(Lab& lab) {
    REQUIRE(lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
        hooks::About chat;
        chat.kind = hooks::Kind::json;
        chat.name = "a chat";
        chat.address = "https://chat.example/hook";
        TRY_DO(hooks::add_hook(transaction, lab.collective.id.text(), chat, lab.house.clock.now(),
                               lab.house.entropy));
        return {};
    }));
}

/// What is on its way to chats.
std::int64_t posts(Lab& lab) {
    const auto row = lab.house.fresh.store->read([&](store::Transaction& transaction) {
        return transaction.row("SELECT COUNT(*) FROM hook_delivery WHERE collective_id = $1",
                               {lab.collective.id});
    });
    REQUIRE(row.has_value());
    return (*row)->integer(0);
}

/// The links of the last message to chats: "label: path", in their order.
std::vector<std::string> links_to_press(Lab& lab) {
    const auto row = lab.house.fresh.store->read([&](store::Transaction& transaction) {
        return transaction.row("SELECT links FROM hook_delivery WHERE collective_id = $1 "
                               "ORDER BY written_at DESC LIMIT 1",
                               {lab.collective.id});
    });
    REQUIRE((row.has_value() && row->has_value()));
    const std::string all = (*row)->text(0);
    std::vector<std::string> links;
    for (const std::string_view line : text::split_list(all, '\n')) {
        const std::size_t tab = line.find('\t');
        const std::string_view url = line.substr(0, tab);
        CAPTURE(line);
        REQUIRE((tab != std::string_view::npos && url.starts_with("https://lab.example/c/lab/")));
        links.push_back(std::string(line.substr(tab + 1)) + ": " +
                        std::string(url.substr(std::string_view("https://lab.example").size())));
    }
    return links;
}

void set_one(Lab& lab, const store::Statement& statement, std::string_view value) {
    REQUIRE(lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
        TRY_DO(transaction.run(statement, {lab.collective.id, value}));
        return {};
    }));
}

void skip(Lab& lab, std::string_view when) {
    REQUIRE(lab.ada.send(page_of(when, "/change"), page_of(when, "/skip"), {{"why", ""}}).status ==
            303);
}

/// What came of the first gathering, which has been.
void write_up(Lab& lab, std::string_view learned, std::string_view decided) {
    REQUIRE(lab.ada
                .send(page_of(first, "/after"), page_of(first, "/after"),
                      {{"learned", std::string(learned)},
                       {"decided", std::string(decided)},
                       {"notes", ""},
                       {"first_plot", ""},
                       {"held", "yes"},
                       {"recording_link", ""},
                       {"recording_until", ""}})
                .status == 303);
}

std::size_t told_of_waiting(Lab& lab, std::string_view address) {
    auto mails = lab.mails_of(address, mail::Kind::reminder);
    std::erase_if(mails,
                  [](const mail::Mail& one) { return !says(one.subject, "Words of guests"); });
    return mails.size();
}

void write_as_guest(Lab& lab, std::string_view when, std::string_view words) {
    Browser guest(lab.house);
    REQUIRE(guest
                .send(page_of(when), page_of(when, "/thread"),
                      {{"kind", "question"}, {"words", std::string(words)}, {"name", "Gus"}})
                .status == 303);
}

} // namespace

// -- Listeners -----------------------------------------------------------------------------------

TEST_CASE("mail and chats hear of each thing once: moved, cancelled, what came of it, begun") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        add_chat(lab);
        lab.sweep_and_tell(); // of the gathering that begins today
        std::int64_t told = posts(lab);
        const auto hears_once = [&](mail::Kind kind, std::size_t mails) {
            for (int k = 0; k < 3; ++k) {
                lab.sweep_and_tell();
                lab.work();
            }
            CHECK(lab.mails_of("gus@example.org", kind).size() == mails);
            CHECK(posts(lab) == ++told);
        };
        move_one(lab, second, "2027-01-22", "18:00");
        hears_once(mail::Kind::change, 1);
        skip(lab, third);
        hears_once(mail::Kind::cancellation, 1);

        lab.house.clock.advance(std::chrono::hours(7)); // the first has been
        write_up(lab, "Moths like the dark.", "");
        hears_once(mail::Kind::news, 1);

        REQUIRE(lab.ada
                    .send("/c/lab/series/new", "/c/lab/series",
                          {{"title", "Moth nights"},
                           {"rhythm", "every Wednesday at 21:00 London time"},
                           {"minutes", "60"},
                           {"where", ""},
                           {"audience", "public"}})
                    .status == 303);
        hears_once(mail::Kind::news, 1); // those of another series are told nothing
    }
}

TEST_CASE("a message to chats leads to what can be done now, and to nothing that is refused") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        add_chat(lab);
        lab.sweep_and_tell(); // the first begins within a day
        const auto links_of = [](std::string_view when) {
            return std::vector<std::string>{
                "How to join, and what we do: " + page_of(when),
                "Plan to come: " + page_of(when, "#presence"),
                "Add a question: " + page_of(when, "#thread"),
                "The calendar of this series: " + std::string(series_path) + "/calendar.ics"};
        };
        CHECK(links_to_press(lab) == links_of(first));
        const auto changed = [&](std::string_view time) {
            move_one(lab, second, "2027-01-22", time);
            lab.sweep_and_tell();
            return links_to_press(lab);
        };
        CHECK(changed("18:00") == links_of(second));
        for (const auto& link : links_of(second)) { // each is a page that a stranger may read
            const std::string path = link.substr(link.find(": ") + 2);
            CHECK(Browser(lab.house).get(path.substr(0, path.find('#'))).status == 200);
        }
        // Guests write no more: where anybody reads the message, nothing leads to the thread.
        REQUIRE(
            lab.ada.send(page_of(second), page_of(second, "/guests"), {{"closed", "yes"}}).status ==
            303);
        const auto closed = changed("19:00");
        CHECK(closed.size() == 3);
        CHECK(std::ranges::none_of(closed, [](const auto& link) { return says(link, "#thread"); }));

        skip(lab, third);
        lab.sweep_and_tell();
        CHECK(links_to_press(lab) == std::vector{"The page of this gathering: " + page_of(third)});
    }
}

TEST_CASE(
    "what is for members leads them to the thread, and not to a calendar that asks who they are") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
        hooks::About chat;
        chat.kind = hooks::Kind::json;
        chat.name = "a chat of ours";
        chat.address = "https://chat.example/hook";
        chat.hears_all = true;
        TRY_DO(hooks::add_hook(transaction, lab.collective.id.text(), chat, lab.house.clock.now(),
                               lab.house.entropy));
        return {};
    }));
    set_one(lab, "UPDATE series SET audience = $2 WHERE collective_id = $1", "members");
    lab.sweep_and_tell();
    CHECK(links_to_press(lab) ==
          std::vector<std::string>{"How to join, and what we do: " + page_of(first),
                                   "Plan to come: " + page_of(first, "#presence"),
                                   "Add a question: " + page_of(first, "#thread")});
}

TEST_CASE(
    "who subscribes and comes gets one mail for one change, with it what her calendar needs") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const bool invited : {false, true}) {
            CAPTURE(invited);
            Lab lab(engine);
            Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
            REQUIRE(mia.send(page_of(second), page_of(second, "/presence"), {{"plan", "plan"}})
                        .status == 303);
            REQUIRE(mia.send(series_path, form_path,
                             {{invited ? "invited" : "other", invited ? "yes" : ""}})
                        .status == 303);
            lab.sweep_and_tell();
            move_one(lab, second, "2027-01-22", "18:00");
            lab.sweep_and_tell();
            lab.sweep_and_tell();
            lab.work();
            const auto told = lab.mails_of("mia@example.org", mail::Kind::change);
            REQUIRE(told.size() == 1);
            CHECK(told.front().calendar.has_value() == invited);
            CHECK(says(told.front().body, "the hall is taken"));
            skip(lab, second);
            lab.sweep_and_tell();
            lab.sweep_and_tell();
            lab.work();
            CHECK(lab.mails_of("mia@example.org", mail::Kind::cancellation).size() == 1);
            CHECK(lab.mails_of("mia@example.org", mail::Kind::invitation).size() ==
                  (invited ? 1 : 0));
        }
    }
}

TEST_CASE("hosts are told once that words of guests wait, for all threads, and are not pressed") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        write_as_guest(lab, first, "Why at night?");
        write_as_guest(lab, second, "And by day?");
        lab.work();
        lab.work();
        CHECK(told_of_waiting(lab, "ada@example.org") == 1);
        const auto mail = lab.mails_of("ada@example.org", mail::Kind::reminder).front();
        CHECK(says(mail.body, page_of(first)));
        CHECK(says(mail.body, page_of(second)));
        CHECK_FALSE(says(mail.body, "Why at night?")); // it is read where it is decided
        // As long as she has not looked, more of it is no news, on another day neither.
        write_as_guest(lab, first, "And why so late?");
        lab.house.clock.advance(std::chrono::days(1));
        lab.work();
        CHECK(told_of_waiting(lab, "ada@example.org") == 1);
        // She looked at one; what comes then is told, and no more than once a day.
        set_one(lab, "UPDATE addition SET state = $2 WHERE collective_id = $1", "shown");
        lab.work();
        write_as_guest(lab, second, "Is there more?");
        lab.work();
        CHECK(told_of_waiting(lab, "ada@example.org") == 2);
        set_one(lab, "UPDATE addition SET state = $2 WHERE collective_id = $1", "shown");
        write_as_guest(lab, second, "And more?");
        lab.work();
        CHECK(told_of_waiting(lab, "ada@example.org") == 2);
        lab.house.clock.advance(std::chrono::days(1));
        lab.work();
        CHECK(told_of_waiting(lab, "ada@example.org") == 3);
    }
}

TEST_CASE("a host who wants no reminders hears nothing of words that wait") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(
        lab.ada.send("/c/lab/settings/mail", "/c/lab/settings/mail", {{"digest", "none"}}).status ==
        303);
    write_as_guest(lab, first, "Why at night?");
    lab.work();
    CHECK(told_of_waiting(lab, "ada@example.org") == 0);
}

// -- Rows that cannot be read --------------------------------------------------------------------

TEST_CASE(
    "a zone that this machine does not know takes nobody else's mail away, and is said once") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        REQUIRE(mia.send("/c/lab/settings/mail", "/c/lab/settings/mail", {{"digest", "weekly"}})
                    .status == 303);
        REQUIRE(lab.ada
                    .send("/c/lab/series/new", "/c/lab/series",
                          {{"title", "Moth nights"},
                           {"rhythm", "every Friday at 21:00 London time"},
                           {"minutes", "60"},
                           {"where", ""},
                           {"audience", "public"}})
                    .status == 303);
        lab.subscribe("gus@example.org");
        lab.subscribe("zoe@example.org");
        lab.sweep_and_tell();
        REQUIRE(lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY_DO(transaction.run("UPDATE rhythm SET zone = 'Mars/Olympus' WHERE series_id = "
                                   "(SELECT id FROM series WHERE slug = $1)",
                                   {"moth-nights"}));
            TRY_DO(transaction.run("UPDATE subscriber SET zone = 'Moon/Tycho' WHERE mail = $1",
                                   {"gus@example.org"}));
            return {};
        }));
        move_one(lab, second, "2027-01-22", "18:00");
        lab.sweep_and_tell();
        lab.sweep_and_tell();
        const auto told = lab.mails_of("gus@example.org", mail::Kind::change);
        REQUIRE(told.size() == 1);
        CHECK(says(told.front().body, "18:00 (London)"));
        CHECK(lab.mails_of("zoe@example.org", mail::Kind::change).size() == 1);

        lab.house.clock.advance(std::chrono::hours(24 * 4 - 4)); // Monday morning
        lab.work();
        lab.work();
        lab.sweep_and_tell();
        const auto letters = lab.mails_of("mia@example.org", mail::Kind::digest);
        REQUIRE(letters.size() == 1);
        CHECK(says(letters.front().body, "Journal club"));
        CHECK_FALSE(says(letters.front().body, "Moth nights"));

        CHECK(count_in(lab.logged, "\"zone\":\"Mars/Olympus\"") == 1);
        CHECK(count_in(lab.logged, "\"zone\":\"Moon/Tycho\"") == 1);
        CHECK(count_in(lab.logged, "\"event\":\"gatherings\"") == 1);
        CHECK_FALSE(says(lab.logged, "example.org"));
        const std::string well = lab.ada.get("/c/lab/well").text;
        CHECK(says(well, "Mars/Olympus is a clock of series"));
        CHECK(says(well, "Moon/Tycho is a clock of subscribers"));
    }
}

// -- When ----------------------------------------------------------------------------------------

TEST_CASE("calendars hear of a change when people do, and not while it may be undone") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        lab.sweep_and_tell();
        move_one(lab, second, "2027-01-22", "18:00");
        lab.work(); // before anybody has looked
        REQUIRE(lab.sweep.run([] { return Result<void>(); }));
        lab.house.clock.advance(std::chrono::minutes(1));
        lab.work(); // within the time in which it may be undone
        CHECK(lab.mails_of("gus@example.org", mail::Kind::invitation).size() == 1);
        CHECK(lab.mails_of("gus@example.org", mail::Kind::change).empty());
        lab.house.clock.advance(std::chrono::minutes(2));
        lab.sweep_and_tell();
        lab.work();
        CHECK(lab.mails_of("gus@example.org", mail::Kind::invitation).size() == 1);
        const auto told = lab.mails_of("gus@example.org", mail::Kind::change);
        REQUIRE(told.size() == 1);
        CHECK(says(unfolded(told.front()), "RECURRENCE-ID;TZID=Europe/London:20270121T170000"));
        CHECK(value_in(told.front().calendar->text, "SEQUENCE") == "1");
    }
}

TEST_CASE("work that lost its claim stops before the next piece") {
    Lab lab(test::EngineKind::sqlite);
    write_as_guest(lab, first, "Why at night?");
    const auto lost =
        lab.mail_work.run([] { return fail(ErrorKind::conflict, "somebody has it"); });
    REQUIRE(!lost.has_value());
    CHECK(told_of_waiting(lab, "ada@example.org") == 0);
    int pieces = 0;
    REQUIRE(lab.mail_work.run([&]() -> Result<void> {
        ++pieces;
        return {};
    }));
    CHECK(pieces >= 2);
}

// -- Who -----------------------------------------------------------------------------------------

TEST_CASE("who may no longer see a series hears nothing of it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        Browser kim = lab.house.person("lab", "kim@example.org", Role::member);
        for (Browser* const one : {&mia, &kim}) {
            for (const std::string_view when : {second, third}) {
                REQUIRE(one->send(page_of(when), page_of(when, "/presence"), {{"plan", "plan"}})
                            .status == 303);
            }
        }
        lab.sweep_and_tell();
        set_one(lab, "UPDATE series SET audience = $2 WHERE collective_id = $1", "members");
        set_one(lab, "UPDATE person SET role = 'guest' WHERE collective_id = $1 AND mail = $2",
                "mia@example.org");
        move_one(lab, third, "2027-01-29", "18:00");
        lab.sweep_and_tell();
        lab.house.clock.advance(std::chrono::days(6) + std::chrono::hours(6));
        lab.sweep_and_tell(); // within a day of the second
        CHECK(lab.mails_of("kim@example.org", mail::Kind::change).size() == 1);
        CHECK(lab.mails_of("kim@example.org", mail::Kind::reminder).size() == 1);
        CHECK(lab.mails_of("mia@example.org", mail::Kind::change).empty());
        CHECK(lab.mails_of("mia@example.org", mail::Kind::reminder).empty());
    }
}

TEST_CASE("a subscriber without an account adds invitations later, once her address has said so") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        lab.house.clock.advance(std::chrono::minutes(1));
        Browser other(lab.house);
        REQUIRE(
            other
                .send(
                    form_path, form_path,
                    {{"mail", "gus@example.org"}, {"zone", "America/New_York"}, {"invited", "yes"}})
                .status == 303);
        lab.work();
        CHECK(lab.mails_of("gus@example.org", mail::Kind::invitation).empty());
        const std::string link = lab.yes_link("gus@example.org");
        REQUIRE(other.send(link, link, {}).status == 303);
        CHECK(lab.mails_of("gus@example.org", mail::Kind::invitation).size() == 1);
        lab.save({.original = wall(second), .moved = wall("20270122T180000")});
        lab.tell({.kind = gatherings::NewsKind::moved, .original = wall(second)});
        CHECK(says(lab.mails_of("gus@example.org", mail::Kind::change).front().body,
                   "13:00 (New York)"));
    }
}

TEST_CASE("a link to say yes is over where the series is, or is not for everyone any more") {
    for (const std::string_view what : {"ended", "members"}) {
        CAPTURE(what);
        Lab lab(test::EngineKind::sqlite);
        Browser guest(lab.house);
        REQUIRE(guest
                    .send(form_path, form_path,
                          {{"mail", "gus@example.org"}, {"zone", "Africa/Nairobi"}})
                    .status == 303);
        const std::string link = lab.yes_link("gus@example.org");
        CHECK(guest.get(link).status == 200);
        set_one(lab,
                what == "ended"
                    ? store::Statement("UPDATE series SET state = $2 WHERE collective_id = $1")
                    : store::Statement("UPDATE series SET audience = $2 WHERE collective_id = $1"),
                what);
        CHECK(guest.get(link).status == 404);
        CHECK(guest.send("/c/lab", link, {}).status >= 400);
    }
}

// -- What is said
// -----------------------------------------------------------------------------------

TEST_CASE("another place is told once to all who listen, and the link itself to nobody") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        lab.subscribe("ina@example.org", true);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        REQUIRE(
            mia.send(page_of(second), page_of(second, "/presence"), {{"plan", "plan"}}).status ==
            303);
        add_chat(lab);
        lab.sweep_and_tell();
        const std::int64_t told = posts(lab);
        const auto settle = [&](std::string_view where) {
            const std::string page = std::string(series_path) + "/settings";
            REQUIRE(lab.ada
                        .send(page, page,
                              {{"title", "Journal club"},
                               {"where", std::string(where)},
                               {"link_for", "all"},
                               {"lighter", "quiet"},
                               {"guests", "looked_at"},
                               {"audience", "public"}})
                        .status == 303);
            for (int k = 0; k < 3; ++k) {
                lab.sweep_and_tell();
                lab.work();
            }
        };
        settle("https://meet.example/another");
        settle("https://meet.example/another"); // nothing has changed
        CHECK(posts(lab) == told + 1);
        for (const char* const who : {"gus@example.org", "mia@example.org"}) {
            CAPTURE(who);
            auto mails = lab.mails_to(who); // also at night: the next one is today
            std::erase_if(mails, [](const mail::Mail& one) {
                return !says(one.subject, "another place or link");
            });
            REQUIRE(mails.size() == 1);
            CHECK_FALSE(says(mails.front().body, "meet.example"));
        }
        const auto invited = lab.mails_of("ina@example.org", mail::Kind::invitation);
        REQUIRE(invited.size() == 2); // one of them says what it is about
        CHECK(std::ranges::count_if(invited, [](const mail::Mail& one) {
                  return says(one.body, "has changed") &&
                         says(unfolded(one), "meet.example/another");
              }) == 1);
    }
}

TEST_CASE("mail about other times says from when, and mail about a gathering says which") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        lab.sweep_and_tell();
        skip(lab, second);
        REQUIRE(lab.ada
                    .send(page_of(third, "/change"), page_of(third, "/rhythm"),
                          {{"rhythm", "every second Tuesday at 18:00 London time"}})
                    .status == 303);
        for (int k = 0; k < 3; ++k) {
            lab.sweep_and_tell();
            lab.work();
        }
        const auto skipped = lab.mails_of("gus@example.org", mail::Kind::cancellation);
        REQUIRE(skipped.size() == 1);
        CHECK(says(skipped.front().subject, "Thursday, 21 January"));
        const auto told = lab.mails_of("gus@example.org", mail::Kind::change);
        REQUIRE(told.size() == 1);
        CHECK(says(told.front().body, "every second Tuesday at 18:00 London time"));
        CHECK(says(told.front().body, "The first time:\nTuesday"));
        CHECK_FALSE(says(told.front().body, "from now on"));
    }
}

TEST_CASE("mail about what came of it brings the decision, and the lines also where they follow") {
    Lab lab(test::EngineKind::sqlite);
    lab.subscribe("gus@example.org");
    lab.house.clock.advance(std::chrono::hours(7)); // the first has been
    const auto writes = [&](std::string_view learned, std::string_view decided) {
        write_up(lab, learned, decided);
        lab.house.clock.advance(std::chrono::minutes(1));
        return lab.mails_of("gus@example.org", mail::Kind::news);
    };
    auto mails = writes("", "We read on.");
    REQUIRE(mails.size() == 1);
    CHECK(says(mails.front().body, "What was decided:\nWe read on."));
    mails = writes("Moths wait.", "We read on.");
    REQUIRE(mails.size() == 2);
    CHECK(says(mails.front().body, "Moths wait."));
    CHECK(says(mails.front().body, "We read on."));
    CHECK(writes("Moths wait long.", "We read on.").size() == 2); // a corrected word
}
