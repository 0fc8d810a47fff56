/// Mail about gatherings: who gets it, what it says to calendars, and what comes back.
#include "app/test_mail_lab.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/wishes.hpp"

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using gatherings::Taken;
using test::answer;
using test::Browser;
using test::count_in;
using test::first;
using test::form_path;
using test::Lab;
using test::says;
using test::series_path;
using test::unfolded;
using test::value_in;
using test::wall;

// -- Subscribing ---------------------------------------------------------------------------------

TEST_CASE("an address gets mail once it has said yes itself, and a link alone changes nothing") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser guest(lab.house);
        CHECK(says(guest.get(series_path).text, form_path));
        const auto asked = guest.send(form_path, form_path,
                                      {{"mail", "Gus@Example.org"}, {"zone", "Africa/Nairobi"}});
        REQUIRE(asked.status == 303);
        CHECK(test::header_of(asked, "location") == std::string(series_path) + "?mail=asked#mail");
        const std::string link = lab.yes_link("gus@example.org");
        CHECK_FALSE(says(link, "gus"));
        lab.tell({.kind = gatherings::NewsKind::ended});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::cancellation).empty());
        Browser program(lab.house);
        CHECK(program.get(link).status == 200);
        lab.tell({.kind = gatherings::NewsKind::ended});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::cancellation).empty());
        CHECK(program.send(link, link, {}).status == 303);
        CHECK(program.send(link, link, {}).status == 303); // twice is the same as once
        lab.tell({.kind = gatherings::NewsKind::ended});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::cancellation).size() == 1);
        // Nobody is shown an address, hosts neither.
        for (const std::string& page : {std::string(series_path), std::string("/c/lab/events"),
                                        std::string(series_path) + "/" + std::string(first)}) {
            CHECK_FALSE(says(lab.ada.get(page).text, "gus@example.org"));
        }
    }
}

TEST_CASE("a link that was changed or is over subscribes nobody") {
    Lab lab(test::EngineKind::sqlite);
    Browser guest(lab.house);
    REQUIRE(
        guest.send(form_path, form_path, {{"mail", "gus@example.org"}, {"zone", "Africa/Nairobi"}})
            .status == 303);
    const std::string link = lab.yes_link("gus@example.org");
    CHECK(guest.get(link + "x").status == 404);
    lab.house.clock.advance(gatherings::asked_for + std::chrono::hours(1));
    CHECK(guest.get(link).status == 404);
    lab.work();
    lab.house.clock.advance(std::chrono::days(2));
    lab.work();
    Browser again(lab.house);
    CHECK(again.get(link).status == 404);
}

TEST_CASE("nobody's box is filled by others, and what is no address is said") {
    Lab lab(test::EngineKind::sqlite);
    Browser guest(lab.house);
    const test::Fields fields = {{"mail", "gus@example.org"}, {"zone", "Africa/Nairobi"}};
    unsigned status = 0;
    for (int k = 0; k < 5; ++k) {
        status = guest.send(form_path, form_path, fields).status;
    }
    CHECK(status == 429);
    CHECK(lab.mails_to("gus@example.org").size() == 4);
    const auto wrong =
        guest.send(form_path, form_path, {{"mail", "nowhere"}, {"zone", "Africa/Nairobi"}});
    CHECK(wrong.status == 422);
    CHECK(says(wrong.text, "nowhere"));
}

TEST_CASE("a member subscribes with one click, and ends it with another") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        REQUIRE(mia.send(series_path, form_path, {}).status == 303);
        lab.tell({.kind = gatherings::NewsKind::rhythm});
        CHECK(lab.mails_of("mia@example.org", mail::Kind::change).size() == 1);
        CHECK(says(mia.get("/c/lab/known").text, "Journal club"));
        REQUIRE(mia.send(series_path, std::string(series_path) + "/unsubscribe", {}).status == 303);
        lab.tell({.kind = gatherings::NewsKind::rhythm});
        CHECK(lab.mails_of("mia@example.org", mail::Kind::change).size() == 1);
        // What waits in the outbox is not sent either: the sender asks this of each mail.
        const auto has_ended = [&] {
            return lab.house.fresh.store->read(
                [&](store::Transaction& transaction) -> Result<bool> {
                    const auto& collective = lab.collective.id;
                    TRY(const auto series,
                        gatherings::series_named(transaction, collective, "journal-club"));
                    return mail::has_ended(transaction, collective.text(),
                                           auth::hash_of("mia@example.org"),
                                           series.value().id.text());
                });
        };
        CHECK(has_ended() == true);
        REQUIRE(mia.send(series_path, form_path, {}).status == 303);
        CHECK(has_ended() == false);
        lab.tell({.kind = gatherings::NewsKind::rhythm});
        CHECK(lab.mails_of("mia@example.org", mail::Kind::change).size() == 2);
    }
}

TEST_CASE("one click in a mail ends mail about one series, and the address is forgotten") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        lab.tell({.kind = gatherings::NewsKind::rhythm});
        const auto mails = lab.mails_of("gus@example.org", mail::Kind::change);
        REQUIRE(mails.size() == 1);
        CHECK(!mails.front().topic.empty());
        const std::string end = mail::end_path(mail::end_text(
            lab.house.parts.signing_key, lab.collective.id.text(), auth::hash_of("gus@example.org"),
            mail::Stream::appointment, mails.front().topic));
        Browser program(lab.house);
        CHECK(program.post(end, {{"List-Unsubscribe", "One-Click"}}).status == 200);
        lab.tell({.kind = gatherings::NewsKind::rhythm});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::change).size() == 1);
        lab.work();
        const auto left = lab.house.fresh.store->read([&](store::Transaction& transaction) {
            return transaction.rows("SELECT mail FROM subscriber WHERE collective_id = $1",
                                    {lab.collective.id});
        });
        REQUIRE(left.has_value());
        CHECK(left->empty());
        // She may come back.
        lab.subscribe("gus@example.org");
        lab.tell({.kind = gatherings::NewsKind::rhythm});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::change).size() == 2);
    }
}

// -- What subscribers are told -------------------------------------------------------------------

TEST_CASE("a change is told on the reader's clock and on that of the series, a late one at night") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        const auto later = wall("20270121T170000");
        lab.save({.original = later, .moved = wall("20270122T180000"), .why = "A holiday"});
        lab.tell({.kind = gatherings::NewsKind::moved, .original = later});
        const auto moved = lab.mails_of("gus@example.org", mail::Kind::change);
        REQUIRE(moved.size() == 1);
        CHECK(says(moved.front().body, "21:00 (Nairobi)"));
        CHECK(says(moved.front().body, "18:00 (London)"));
        CHECK(says(moved.front().body, "A holiday"));
        CHECK(moved.front().answer_tag.starts_with("t."));
        CHECK_FALSE(moved.front().calendar);
        lab.save({.original = later, .cancelled = true});
        lab.tell({.kind = gatherings::NewsKind::cancelled, .original = later});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::cancellation).size() == 1);
        lab.save({.original = wall(first), .cancelled = true});
        lab.tell({.kind = gatherings::NewsKind::cancelled, .original = wall(first)});
        CHECK(lab.mails_of("gus@example.org", mail::Kind::late_cancellation).size() == 1);
    }
}

// -- Calendars -----------------------------------------------------------------------------------

TEST_CASE("a calendar is invited once, hears each change once, and nobody else is named") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        lab.subscribe("zoe@example.org", true);
        lab.work();
        lab.work();
        const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation);
        REQUIRE(invited.size() == 1);
        REQUIRE(invited.front().calendar.has_value());
        const std::string text = unfolded(invited.front());
        CAPTURE(text);
        CHECK(value_in(text, "METHOD") == "REQUEST");
        CHECK(says(text, "RRULE:FREQ=WEEKLY"));
        CHECK(says(text, "TZID=Europe/London:20270114T170000"));
        CHECK(says(text, "BEGIN:VTIMEZONE"));
        CHECK(says(text, "mailto:gus@example.org"));
        CHECK_FALSE(says(text, "zoe@"));
        CHECK(says(text, "mailto:post+" + invited.front().answer_tag + "@lab.example"));

        const auto original = wall("20270401T170000"); // after the clocks of London have changed
        lab.save({.original = original, .moved = wall("20270402T180000")});
        lab.tell({.kind = gatherings::NewsKind::moved, .original = original});
        lab.work();
        const auto moved = lab.mails_of("gus@example.org", mail::Kind::change);
        REQUIRE(moved.size() == 1);
        REQUIRE(moved.front().calendar.has_value());
        CHECK(says(unfolded(moved.front()), "RECURRENCE-ID;TZID=Europe/London:20270401T170000"));
        CHECK(says(moved.front().body, "20:00 (Nairobi)"));

        lab.change([&](store::Transaction& transaction, const gatherings::Teller&,
                       const gatherings::Series& series) {
            return gatherings::end_series(
                transaction, lab.collective.id, series.id,
                std::chrono::floor<std::chrono::days>(lab.house.clock.now()));
        });
        lab.work();
        lab.work();
        const auto ended = lab.mails_of("gus@example.org", mail::Kind::cancellation);
        REQUIRE(ended.size() == 1);
        CHECK(value_in(ended.front().calendar->text, "METHOD") == "CANCEL");
    }
}

TEST_CASE("the group's own calendar is invited, and asked for no answer") {
    Lab lab(test::EngineKind::sqlite);
    lab.change([&](store::Transaction& transaction, const gatherings::Teller&,
                   const gatherings::Series& series) {
        gatherings::About about = series.about;
        about.calendar_mail = "group@calendar.example";
        return gatherings::save_about(transaction, lab.collective.id, series.id, about);
    });
    lab.work();
    lab.work();
    const auto mails = lab.mails_to("group@calendar.example");
    REQUIRE(mails.size() == 1);
    CHECK(says(unfolded(mails.front()), "RSVP=FALSE"));
}

// -- Answers -------------------------------------------------------------------------------------

TEST_CASE("answers of calendars become presence that nobody is shown") {
    const std::vector<std::string> attendees = {
        // Google, Apple, Thunderbird; Outlook leaves ORGANIZER out.
        "ORGANIZER;CN=Lab:mailto:{organizer}\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
        "PARTSTAT=ACCEPTED;CN=gus@example.org;X-NUM-GUESTS=0:mailto:gus@example.org\r\n",
        "ATTENDEE;CN=\"Gus\";CUTYPE=INDIVIDUAL;EMAIL=\"gus@example.org\";PARTSTAT=ACCEPTED:mailto:"
        "gus@example.org\r\nORGANIZER;CN=\"Lab\":mailto:{organizer}\r\n",
        "ORGANIZER;CN=Lab;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:{organizer}\r\n"
        "ATTENDEE;RSVP=TRUE;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:gus@example.org\r\n",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Gus:MAILTO:Gus@example.org\r\n"};
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation).front();
        const std::string uid = "UID:" + value_in(invited.calendar->text, "UID") + "\r\n";
        const std::string who = "m:" + auth::hash_of("gus@example.org") + " plan";
        auto original = wall(first);
        for (const std::string& attendee : attendees) {
            CAPTURE(attendee);
            const std::string one =
                "RECURRENCE-ID;TZID=Europe/London:" + gatherings::name_of_when(original) +
                "\r\nSEQUENCE:0\r\n";
            CHECK(lab.take(answer("Gus <gus@example.org>", invited.answer_tag,
                                  uid + one + attendee)) == Taken::done);
            CHECK(lab.presence(original) == std::vector{who});
            original += std::chrono::days(7);
        }
        // Of the whole series, in another word: the newest counts.
        CHECK(lab.take(answer("gus@example.org", invited.answer_tag,
                              uid + "ATTENDEE;PARTSTAT=DECLINED:mailto:gus@example.org\r\n")) ==
              Taken::done);
        CHECK(lab.presence(wall(first)) ==
              std::vector{"m:" + auth::hash_of("gus@example.org") + " not"});
        const std::string page =
            lab.ada.get(std::string(series_path) + "/" + std::string(first)).text;
        CHECK_FALSE(says(page, "gus"));
        CHECK_FALSE(says(page, auth::hash_of("gus@example.org")));
    }
}

TEST_CASE("forged answers, old ones and those to other gatherings change nothing") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation).front();
        const std::string uid = "UID:" + value_in(invited.calendar->text, "UID") + "\r\n";
        const std::string yes = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:gus@example.org\r\n";
        const auto drops = [&](const std::string& mail) {
            CHECK(lab.take(mail) == Taken::dropped);
            CHECK(lab.presence(wall(first)).empty());
        };
        drops(answer("eve@example.org", invited.answer_tag, uid + yes));
        drops(answer("eve@example.org", invited.answer_tag,
                     uid + "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@example.org\r\n"));
        drops(answer("gus@example.org", invited.answer_tag,
                     uid + "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@example.org\r\n"));
        drops(answer("gus@example.org", "i.0123456789abcdef0123456789ab", uid + yes));
        drops(answer("gus@example.org", invited.answer_tag, "UID:another@x\r\n" + yes));
        drops(answer("gus@example.org", invited.answer_tag,
                     uid + "RECURRENCE-ID:20270115T090000Z\r\n" + yes));
        lab.change([&](store::Transaction& transaction, const gatherings::Teller&,
                       const gatherings::Series& series) -> Result<void> {
            TRY(const auto plan, gatherings::plan_of(transaction, lab.collective.id, series));
            auto rhythm = plan.rhythms.front();
            rhythm.revision.sequence = 3;
            return gatherings::save_rhythm(transaction, lab.collective.id, series.id, rhythm);
        });
        lab.work(); // her calendar hears of it
        drops(answer("gus@example.org", invited.answer_tag, uid + "SEQUENCE:2\r\n" + yes));
        CHECK(lab.take(answer("gus@example.org", invited.answer_tag,
                              uid + "SEQUENCE:3\r\n" + yes)) == Taken::done);
    }
}

TEST_CASE("an answer to a SEQUENCE that was never sent does not outlast later ones") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation).front();
        const std::string one = "UID:" + value_in(invited.calendar->text, "UID") +
                                "\r\nRECURRENCE-ID;TZID=Europe/London:" + std::string(first) +
                                "\r\n";
        const auto says_of_it = [&](std::string_view sequence, std::string_view what) {
            return lab.take(answer("gus@example.org", invited.answer_tag,
                                   one + "SEQUENCE:" + std::string(sequence) +
                                       "\r\nATTENDEE;PARTSTAT=" + std::string(what) +
                                       ":mailto:gus@example.org\r\n"));
        };
        CHECK(says_of_it("2147483647", "ACCEPTED") == Taken::done);
        lab.house.clock.advance(std::chrono::minutes(1));
        CHECK(says_of_it("0", "DECLINED") == Taken::done);
        CHECK(lab.presence(wall(first)) ==
              std::vector{"m:" + auth::hash_of("gus@example.org") + " not"});
    }
}

TEST_CASE("an answer to a mail stands in the thread, without what it answers to") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        lab.save({.original = wall(first), .moved = wall("20270115T170000")});
        lab.tell({.kind = gatherings::NewsKind::moved, .original = wall(first)});
        const std::string tag =
            lab.mails_of("gus@example.org", mail::Kind::change).front().answer_tag;
        const std::string to = "To: " + mail::address_with_tag("post@lab.example", tag) + "\r\n";
        const std::string words =
            "\r\nDoes it hold for n = 8?\r\n\r\n> Journal club was moved.\r\n";
        CHECK(lab.take("From: Gus G <gus@example.org>\r\n" + to + words) == Taken::done);
        CHECK(lab.take("From: eve@example.org\r\n" + to + words) == Taken::dropped);
        CHECK(lab.take("From: gus@example.org\r\nAuto-Submitted: auto-replied\r\n" + to + words) ==
              Taken::dropped);
        CHECK(lab.take("From: gus@example.org\r\n" + to + "\r\n> only theirs\r\n") ==
              Taken::no_words);
        const auto rows = lab.house.fresh.store->read([&](store::Transaction& transaction) {
            return transaction.rows("SELECT words, guest_name, state FROM addition "
                                    "WHERE collective_id = $1",
                                    {lab.collective.id});
        });
        REQUIRE(rows.has_value());
        REQUIRE(rows->size() == 1);
        CHECK(rows->front().text(0) == "Does it hold for n = 8?");
        CHECK(rows->front().text(1) == "Gus G");
        CHECK(rows->front().text(2) == "waiting"); // a host looks first
    }
}

TEST_CASE("who writes too much, or where guests may not, is told so, and programs are not") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string head = "From: gus@example.org\r\n" + lab.thread_of("gus@example.org");
        const auto mail = [&](int number) {
            return head + "\r\nWords " + std::to_string(number) + "\r\n";
        };
        const auto moved = wall("20270115T170000");
        lab.save({.original = wall(first), .moved = moved, .closed_to_guests = true});
        CHECK(lab.take(mail(0)) == Taken::not_wanted);
        CHECK(lab.take(head + "Auto-Submitted: auto-replied\r\n\r\nAway\r\n") == Taken::dropped);
        lab.save({.original = wall(first), .moved = moved});
        int kept = 0;
        while (kept < 20 && lab.take(mail(kept)) == Taken::done) {
            ++kept;
        }
        CHECK(kept == 11); // of twelve mails
        CHECK(lab.take(mail(99)) == Taken::no_room);
        CHECK(lab.take(head + "Auto-Submitted: auto-replied\r\n\r\nAway\r\n") == Taken::dropped);
        CHECK(lab.take(mail(0)) == Taken::done); // is there already
        CHECK(lab.words_there().size() == 11);
        lab.house.clock.advance(std::chrono::days(1));
        CHECK(lab.take(mail(99)) == Taken::done);
    }
}

TEST_CASE("words and names that come by mail are cleaned as those of forms") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string to = lab.thread_of("gus@example.org");
        const std::string utf8 = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
        CHECK(lab.take("From: =?utf-8?q?Gus=E2=80=AEG=C2=85?= <gus@example.org>\r\n" + to + utf8 +
                       "Does \u202eit\u202c hold\u0085?\r\nYes\r\n") == Taken::done);
        CHECK(lab.take("From: gus@example.org\r\n" + to + utf8 + "\u200b\u2060\r\n\u200b\r\n") ==
              Taken::no_words);
        CHECK(lab.words_there() == std::vector<std::string>{"Does it hold?\nYes"});
        const auto names = lab.house.fresh.store->read([&](store::Transaction& transaction) {
            return transaction.rows("SELECT guest_name FROM addition WHERE collective_id = $1",
                                    {lab.collective.id});
        });
        REQUIRE(names.has_value());
        CHECK(names->front().text(0) == "GusG");
    }
}

TEST_CASE("words of a mail that is delivered again stand in the thread once") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const std::string to = lab.thread_of("gus@example.org");
        const auto mail = [&](std::string_view id, std::string_view words) {
            return "From: gus@example.org\r\n" + to + "Message-ID: <" + std::string(id) +
                   "@example.org>\r\n\r\n" + std::string(words) + "\r\n";
        };
        for (int k = 0; k < 20; ++k) { // nor do they count as many
            CHECK(lab.take(mail("1", "Is it far?")) == Taken::done);
        }
        CHECK(lab.words_there() == std::vector<std::string>{"Is it far?"});
        CHECK(lab.take(mail("2", "Is it far?")) == Taken::done);
        CHECK(lab.take(mail("3", "And back?")) == Taken::done);
        CHECK(lab.words_there().size() == 3);
    }
}

// -- The weekly letter ---------------------------------------------------------------------------

TEST_CASE("a weekly letter comes on the reader's Monday morning, once, and only if she wished it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        Browser tom = lab.house.person("lab", "tom@example.org", Role::member);
        REQUIRE(mia.send("/c/lab/settings/mail", "/c/lab/settings/mail", {{"digest", "weekly"}})
                    .status == 303);
        lab.save({.original = wall(first), .learned = "Moths like the dark."});
        // From Thursday noon to Monday, hour by hour: Monday 18 January 2027.
        for (int hour = 0; hour < 24 * 5; ++hour) {
            lab.house.clock.advance(std::chrono::hours(1));
            lab.work();
        }
        const auto digests = lab.mails_of("mia@example.org", mail::Kind::digest);
        REQUIRE(digests.size() == 1);
        const std::string& body = digests.front().body;
        CAPTURE(body);
        CHECK(says(body, "20:00 (Nairobi)"));
        CHECK(says(body, "Moths like the dark."));
        CHECK(count_in(body, "Your hour changes") == 0);
        CHECK(lab.mails_of("tom@example.org", mail::Kind::digest).empty());
        CHECK(lab.mails_of("ada@example.org", mail::Kind::digest).empty());
    }
}

TEST_CASE("the week before the clocks change somewhere, it says whose hour becomes another one") {
    Lab lab(test::EngineKind::sqlite);
    Browser mia = lab.house.person("lab", "mia@example.org", Role::member); // in Nairobi
    REQUIRE(
        mia.send("/c/lab/settings/mail", "/c/lab/settings/mail", {{"digest", "weekly"}}).status ==
        303);
    // London's clocks change on 28 March 2027: of Monday 15, 22 and 29 March, the second says it.
    std::vector<bool> told;
    lab.house.clock.advance(std::chrono::days(60) -
                            std::chrono::hours(2)); // Monday 15 March, 10:00
    for (int week = 0; week < 3; ++week) {
        lab.work();
        told.push_back(says(lab.mails_of("mia@example.org", mail::Kind::digest).front().body,
                            "Your hour changes next week"));
        lab.house.clock.advance(std::chrono::days(7));
    }
    CHECK(told == std::vector{false, true, false});
}

TEST_CASE("where there is nothing to say, no letter comes") {
    Lab lab(test::EngineKind::sqlite);
    Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
    REQUIRE(
        mia.send("/c/lab/settings/mail", "/c/lab/settings/mail", {{"digest", "weekly"}}).status ==
        303);
    lab.change([&](store::Transaction& transaction, const gatherings::Teller&,
                   const gatherings::Series& series) {
        return gatherings::end_series(transaction, lab.collective.id, series.id,
                                      std::chrono::floor<std::chrono::days>(lab.house.clock.now()));
    });
    lab.house.clock.advance(std::chrono::days(4));
    lab.work();
    CHECK(lab.mails_of("mia@example.org", mail::Kind::digest).empty());
}

// -- The letterbox -------------------------------------------------------------------------------

TEST_CASE("anyone writes to hosts, is answered by mail, and may answer that") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.open_moths();
        const std::string box = "/c/lab/circles/moths/letter";
        const std::string letters = "/c/lab/circles/moths/letters";
        Browser guest(lab.house);
        CHECK(says(guest.get("/c/lab/circles/moths").text, box));
        REQUIRE(guest
                    .send(box, box,
                          {{"name", "Gus"}, {"mail", "gus@example.org"}, {"words", "May I come?"}})
                    .status == 303);
        CHECK(says(lab.ada.get("/c/lab/today").text, letters));
        const std::string page = lab.ada.get(letters).text;
        CHECK(says(page, "May I come?"));
        CHECK_FALSE(says(page, "gus@example.org"));
        CHECK(guest.get(letters, {{"accept", "application/json"}}).status == 401);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        CHECK(mia.get(letters).status == 403);

        const std::size_t at = page.find(letters + "/");
        REQUIRE(at != std::string::npos);
        const std::string answer_path = page.substr(at, page.find('"', at) - at);
        REQUIRE(lab.ada.send(letters, answer_path, {{"answer", "Gladly."}}).status == 303);
        CHECK(lab.ada.send(letters, answer_path, {{"answer", "Again."}}).status == 409);
        const auto mails = lab.mails_to("gus@example.org");
        REQUIRE(mails.size() == 1);
        CHECK(says(mails.front().body, "Gladly."));
        CHECK_FALSE(says(lab.ada.get("/c/lab/today").text, letters));

        const std::string to =
            "To: " + mail::address_with_tag("post@lab.example", mails.front().answer_tag) + "\r\n";
        CHECK(lab.take("From: eve@example.org\r\n" + to + "\r\nIt is me\r\n") == Taken::dropped);
        CHECK(lab.take("From: gus@example.org\r\n" + to + "\r\nThanks!\r\n> Gladly.\r\n") ==
              Taken::done);
        CHECK(lab.take("From: gus@example.org\r\n" + to + "\r\nThanks!\r\n> Gladly.\r\n") ==
              Taken::done);
        CHECK(count_in(lab.ada.get(letters).text, "Thanks!") == 1); // it was delivered twice
        // The one that was answered goes; the one that waits stays.
        lab.house.clock.advance(std::chrono::days(89));
        Browser later = lab.house.person("lab", "tea@example.org", Role::steward);
        lab.work();
        CHECK(says(later.get(letters).text, "May I come?"));
        lab.house.clock.advance(std::chrono::days(3));
        lab.work();
        CHECK_FALSE(says(later.get(letters).text, "May I come?"));
        CHECK(says(later.get(letters).text, "Thanks!"));
    }
}

TEST_CASE("a letter may be put away without an answer, and many from one address are too many") {
    Lab lab(test::EngineKind::sqlite);
    lab.open_moths();
    const std::string box = "/c/lab/circles/moths/letter";
    const std::string letters = "/c/lab/circles/moths/letters";
    Browser guest(lab.house);
    unsigned status = 0;
    for (int k = 0; k < 6; ++k) {
        status = guest.send(box, box, {{"mail", "gus@example.org"}, {"words", "Hello"}}).status;
    }
    CHECK(status == 429);
    const std::string page = lab.ada.get(letters).text;
    const std::size_t at = page.find(letters + "/");
    REQUIRE(at != std::string::npos);
    const std::string path = page.substr(at, page.find('"', at) - at);
    CHECK(lab.ada.send(letters, path, {{"answer", ""}}).status == 422);
    CHECK(lab.ada.send(letters, path, {{"away", "yes"}}).status == 303);
    CHECK(lab.mails_to("gus@example.org").empty());
}

TEST_CASE("who is erased gets no mail, and her letters go") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        REQUIRE(mia.send(series_path, form_path, {{"invited", "yes"}}).status == 303);
        REQUIRE(mia.send("/c/lab/erase", "/c/lab/erase", {{"sure", "yes"}}).status < 400);
        for (const std::string_view table : {"subscriber", "invited", "answer_tag"}) {
            CAPTURE(table);
            const auto rows = lab.house.fresh.store->read([&](store::Transaction& transaction) {
                return table == "subscriber"
                           ? transaction.rows("SELECT mail_hash FROM subscriber", {})
                       : table == "invited" ? transaction.rows("SELECT mail_hash FROM invited", {})
                                            : transaction.rows("SELECT tag FROM answer_tag", {});
            });
            REQUIRE(rows.has_value());
            CHECK(rows->empty());
        }
    }
}
