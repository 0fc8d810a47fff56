/// Answers by mail beside others: which of several counts, and what becomes of their words.
#include "app/test_mail_lab.hpp"
#include "platform/auth/secrets.hpp"

#include <doctest/doctest.h>
#include <fmt/chrono.h>

using namespace allot;
using gatherings::Taken;
using test::answer;
using test::Browser;
using test::count_in;
using test::form_path;
using test::Lab;
using test::move_one;
using test::page_of;
using test::says;
using test::second;
using test::third;
using test::value_in;
using test::wall;

TEST_CASE("of answers that overtake each other the newest counts, for each gathering by itself") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation).front();
        const std::string uid = "UID:" + value_in(invited.calendar->text, "UID") + "\r\n";
        const auto says_to = [&](std::string_view when, std::string_view what, int sequence,
                                 std::string_view minute) {
            std::string lines = uid + "SEQUENCE:" + std::to_string(sequence) +
                                "\r\nATTENDEE;PARTSTAT=" + std::string(what) +
                                ":mailto:gus@example.org\r\n";
            if (!minute.empty()) {
                lines += "DTSTAMP:20270114T11" + std::string(minute) + "00Z\r\n";
            }
            if (!when.empty()) {
                lines += "RECURRENCE-ID;TZID=Europe/London:" + std::string(when) + "\r\n";
            }
            return lab.take(answer("gus@example.org", invited.answer_tag, lines));
        };
        const std::string who = "m:" + auth::hash_of("gus@example.org");
        CHECK(says_to(second, "ACCEPTED", 0, "30") == Taken::done);
        CHECK(says_to(second, "DECLINED", 0, "10") == Taken::dropped); // it came late
        CHECK(lab.presence(wall(second)) == std::vector{who + " plan"});
        CHECK(says_to("", "DECLINED", 0, "20") == Taken::done); // to all, before that one
        CHECK(lab.presence(wall(second)) == std::vector{who + " plan"});
        CHECK(lab.presence(wall(third)) == std::vector{who + " not"});
        CHECK(says_to(second, "DECLINED", 0, "30") == Taken::done); // of the same minute the last
        CHECK(lab.presence(wall(second)) == std::vector{who + " not"});
        CHECK(says_to(second, "ACCEPTED", 0, "") == Taken::done); // without a time: now
        CHECK(lab.presence(wall(second)) == std::vector{who + " plan"});

        // One is moved: answers to what it was are old, those to the others are not.
        lab.sweep_and_tell();
        move_one(lab, second, "2027-01-22", "18:00");
        lab.sweep_and_tell();
        lab.sweep_and_tell();
        REQUIRE(lab.mails_of("gus@example.org", mail::Kind::change).size() == 1);
        CHECK(says_to(second, "DECLINED", 0, "59") == Taken::dropped);
        CHECK(says_to(second, "DECLINED", 1, "58") == Taken::done);
        CHECK(lab.presence(wall(second)) == std::vector{who + " not"});
        CHECK(says_to("", "ACCEPTED", 0, "59") == Taken::done);
        CHECK(lab.presence(wall(second)) == std::vector{who + " not"});
        CHECK(lab.presence(wall(third)) == std::vector{who + " plan"});
        // A clock that is years ahead does not outlast what follows.
        CHECK(says_to(third, "DECLINED", 7, "") == Taken::done);
    }
}

TEST_CASE("an answer on the page is newer than a mail that was written before it") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(lab.ada.send(form_path, form_path, {{"invited", "yes"}}).status == 303);
        const auto invited = lab.mails_of("ada@example.org", mail::Kind::invitation).front();
        const auto writes = [&](Moment at, std::string_view what) {
            const std::string lines =
                "UID:" + value_in(invited.calendar->text, "UID") +
                "\r\nSEQUENCE:0\r\nATTENDEE;PARTSTAT=" + std::string(what) +
                ":mailto:ada@example.org\r\nDTSTAMP:" +
                fmt::format("{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(at)) +
                "\r\nRECURRENCE-ID;TZID=Europe/London:" + std::string(second) + "\r\n";
            return lab.take(answer("ada@example.org", invited.answer_tag, lines));
        };
        const auto says_on_page = [&](std::string_view plan) {
            return lab.ada
                .send(page_of(second), page_of(second, "/presence"), {{"plan", std::string(plan)}})
                .status;
        };
        const Moment began = lab.house.clock.now();
        lab.house.clock.advance(std::chrono::minutes(10));
        REQUIRE(says_on_page("plan") == 303);
        const auto planned = lab.presence(wall(second));
        CHECK(writes(began + std::chrono::minutes(5), "DECLINED") == Taken::dropped);
        CHECK(lab.presence(wall(second)) == planned);
        lab.house.clock.advance(std::chrono::minutes(10));
        CHECK(writes(began + std::chrono::minutes(15), "DECLINED") == Taken::done);
        CHECK(lab.presence(wall(second)) != planned);
        REQUIRE(says_on_page("plan") == 303);
        CHECK(lab.presence(wall(second)) == planned);
    }
}

TEST_CASE("a line that ends in a question mark makes an answer by mail a question") {
    Lab lab(test::EngineKind::sqlite);
    lab.subscribe("gus@example.org");
    lab.save({.original = wall(second), .moved = wall("20270122T180000")});
    lab.tell({.kind = gatherings::NewsKind::moved, .original = wall(second)});
    const std::string tag = lab.mails_of("gus@example.org", mail::Kind::change).front().answer_tag;
    const std::string head =
        "From: gus@example.org\r\nTo: " + mail::address_with_tag("post@lab.example", tag) +
        "\r\n\r\n";
    REQUIRE(lab.take(head + "Does it hold?\r\nGus\r\n") == Taken::done);
    REQUIRE(lab.take(head + "It holds. Who knew? I did.\r\n") == Taken::done);
    const auto rows = lab.house.fresh.store->read([&](store::Transaction& transaction) {
        return transaction.rows("SELECT kind FROM addition WHERE collective_id = $1 "
                                "ORDER BY number",
                                {lab.collective.id});
    });
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 2);
    CHECK(rows->front().text(0) == "question");
    CHECK(rows->back().text(0) == "idea");
}

TEST_CASE("an answer to a letter that is too long is kept for its writer, with what fits") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.open_moths();
        const std::string box = "/c/lab/circles/moths/letter";
        const std::string letters = "/c/lab/circles/moths/letters";
        for (const std::string_view mail : {"gus@example.org", "zoe@example.org"}) {
            Browser guest(lab.house);
            REQUIRE(
                guest.send(box, box, {{"mail", std::string(mail)}, {"words", "Hello"}}).status ==
                303);
        }
        const std::string page = lab.ada.get(letters).text;
        CHECK(says(page, "Up to 4000 characters fit."));
        const std::size_t at = page.find(letters + "/");
        const std::string path = page.substr(at, page.find('"', at) - at);
        const std::string typed = "Gladly. " + std::string(4100, 'x');
        const auto again = lab.ada.send(letters, path, {{"answer", typed}});
        CHECK(again.status == 422);
        CHECK(count_in(again.text, typed) == 1); // in its own form alone
        CHECK(says(again.text, "it has 4108 characters, and 4000 fit"));
        CHECK(count_in(again.text, "id=\"answer\"") == 1);
        CHECK(lab.mails_of("gus@example.org", mail::Kind::circle_answer).empty());
        REQUIRE(lab.ada.send(letters, path, {{"answer", "Gladly."}}).status == 303);
    }
}

namespace {

constexpr std::string_view fourth = "20270204T170000";

/// From one of them on, as a host types it.
void change_times(Lab& lab, std::string_view from, std::string_view rhythm) {
    REQUIRE(lab.ada
                .send(page_of(from, "/change"), page_of(from, "/rhythm"),
                      {{"rhythm", std::string(rhythm)}})
                .status == 303);
}

/// Tells those who subscribe that a gathering was moved; the tag for answers of that mail.
std::string told_about(Lab& lab, std::string_view address, std::string_view when) {
    lab.house.clock.advance(std::chrono::minutes(1)); // so that it is the newest
    lab.tell({.kind = gatherings::NewsKind::moved, .original = wall(when)});
    return lab.mails_of(address, mail::Kind::change).front().answer_tag;
}

gatherings::Taken write(Lab& lab, const std::string& tag, std::string_view words) {
    return lab.take(
        "From: gus@example.org\r\nTo: " + mail::address_with_tag("post@lab.example", tag) +
        "\r\n\r\n" + std::string(words) + "\r\n");
}

/// What is written in the thread of one.
std::vector<std::string> thread_at(Lab& lab, std::string_view when) {
    const auto rows = lab.house.fresh.store->read([&](store::Transaction& transaction) {
        return transaction.rows("SELECT words FROM addition WHERE collective_id = $1 "
                                "AND original = $2 ORDER BY number",
                                {lab.collective.id, gatherings::count_of(wall(when))});
    });
    REQUIRE(rows.has_value());
    std::vector<std::string> words;
    for (const store::Row& row : *rows) {
        words.push_back(row.text(0));
    }
    return words;
}

} // namespace

TEST_CASE("an answer to a mail from before the times changed goes where its gathering went") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org");
        const std::string about_second = told_about(lab, "gus@example.org", second);
        const std::string about_third = told_about(lab, "gus@example.org", third);
        const std::string about_fourth = told_about(lab, "gus@example.org", fourth);
        // The third is then on the fourth of February; the second stays on its date.
        change_times(lab, second, "every 2 weeks on Thursday at 17:00 London time");
        CHECK(write(lab, about_second, "The second") == Taken::done);
        CHECK(write(lab, about_third, "The third") == Taken::done);
        CHECK(thread_at(lab, second) == std::vector<std::string>{"The second"});
        CHECK(thread_at(lab, fourth) == std::vector<std::string>{"The third"});

        // A name that means another gathering since has a tag of its own.
        const std::string meanwhile = told_about(lab, "gus@example.org", fourth);
        CHECK(write(lab, about_fourth, "The fourth") == Taken::done);
        CHECK(write(lab, meanwhile, "The third again") == Taken::done);
        CHECK(thread_at(lab, "20270218T170000") == std::vector<std::string>{"The fourth"});
        CHECK(thread_at(lab, fourth) == std::vector<std::string>{"The third", "The third again"});

        change_times(lab, second, "every Thursday at 17:00 London time");
        CHECK(write(lab, meanwhile, "Once more") == Taken::done);
        CHECK(thread_at(lab, third).size() == 3);
        CHECK(thread_at(lab, fourth) == std::vector<std::string>{"The fourth"});
    }
}

TEST_CASE("an answer to a mail about a date that went is dropped, and stands nowhere") {
    Lab lab(test::EngineKind::sqlite);
    lab.subscribe("gus@example.org");
    const std::string about_third = told_about(lab, "gus@example.org", third);
    change_times(lab, second, "2027-01-22 09:00");
    CHECK(write(lab, about_third, "The third") == Taken::dropped);
    CHECK(lab.words_there().empty());
}

TEST_CASE("a calendar that has not heard of new times answers for what took the place") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.subscribe("gus@example.org", true);
        const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation).front();
        const auto says_to = [&](std::string_view when, std::string_view what) {
            return lab.take(answer("gus@example.org", invited.answer_tag,
                                   "UID:" + value_in(invited.calendar->text, "UID") +
                                       "\r\nSEQUENCE:0\r\nATTENDEE;PARTSTAT=" + std::string(what) +
                                       ":mailto:gus@example.org\r\n"
                                       "RECURRENCE-ID;TZID=Europe/London:" +
                                       std::string(when) + "\r\n"));
        };
        REQUIRE(says_to(third, "ACCEPTED") == Taken::done);
        change_times(lab, second, "every Friday at 09:00 London time");
        const std::string who = "m:" + auth::hash_of("gus@example.org");
        CHECK(lab.presence(wall("20270129T090000")) == std::vector{who + " plan"});
        CHECK(says_to(third, "DECLINED") == Taken::done);
        CHECK(lab.presence(wall("20270129T090000")) == std::vector{who + " not"});
        CHECK(lab.presence(wall(third)).empty());
        // Once it was sent the new times, an answer to the old ones is too old.
        lab.sweep_and_tell();
        lab.work();
        CHECK(says_to(third, "ACCEPTED") == Taken::dropped);
        CHECK(lab.presence(wall("20270129T090000")) == std::vector{who + " not"});
    }
}
