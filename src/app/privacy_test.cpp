/// A law: nothing that is shown or logged gives away whether somebody comes, when she was active,
/// or her address.
#include "app/test_mail_lab.hpp"
#include "platform/auth/secrets.hpp"

#include <regex>
#include <set>

#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;
using test::first;
using test::form_path;
using test::Lab;
using test::says;
using test::series_path;

namespace {

/// Who must not be found, and what of her.
constexpr std::array<std::string_view, 4> hidden_mails = {"gus@example.org", "mia@example.org",
                                                          "kim@example.org", "zoe@example.org"};

/// A guest who subscribes, answers her invitation, writes a letter and into the thread; two members
/// of whom one comes and one does not. All at moments of their own.
void live(Lab& lab, Browser& mia, Browser& kim) {
    const auto pass = [&](int seconds) { lab.house.clock.advance(std::chrono::seconds(seconds)); };
    pass(754);
    lab.subscribe("gus@example.org", true);
    pass(61);
    const std::string gathering = std::string(series_path) + "/" + std::string(first);
    REQUIRE(mia.send(gathering, gathering + "/presence", {{"plan", "plan"}}).status == 303);
    REQUIRE(mia.send(series_path, form_path, {{"invited", "yes"}}).status == 303);
    pass(62);
    REQUIRE(kim.send(gathering, gathering + "/presence", {{"plan", "not"}}).status == 303);
    const auto invited = lab.mails_of("gus@example.org", mail::Kind::invitation).front();
    const std::string uid = test::value_in(invited.calendar->text, "UID");
    pass(63);
    REQUIRE(lab.take(test::answer("gus@example.org", invited.answer_tag,
                                  "UID:" + uid +
                                      "\r\nDTSTAMP:20270114T121234Z\r\n"
                                      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:gus@example.org\r\n")) ==
            gatherings::Taken::done);
    lab.open_moths();
    Browser zoe(lab.house);
    const std::string box = "/c/lab/circles/moths/letter";
    REQUIRE(zoe.send(box, box, {{"mail", "zoe@example.org"}, {"words", "May I come?"}}).status ==
            303);
    REQUIRE(zoe.send(gathering, gathering + "/thread",
                     {{"kind", "question"}, {"words", "Why at night?"}, {"name", "Zoe"}})
                .status == 303);
    pass(64);
    lab.sweep_and_tell();
    lab.work();
}

/// Addresses of this house in a page or a feed.
void add_links(std::set<std::string>& to_see, const std::string& text) {
    static const std::regex link("(?:href|src)=\"(/c/lab[^\"#]*)");
    for (auto at = std::sregex_iterator(text.begin(), text.end(), link);
         at != std::sregex_iterator(); ++at) {
        to_see.insert((*at)[1].str());
    }
}

/// Everything that a reader can reach by links from the pages where all begins, in HTML and JSON.
template <class Look>
void walk(Browser& reader, Look&& look) {
    std::set<std::string> to_see = {"/c/lab",
                                    "/c/lab/today",
                                    "/c/lab/events",
                                    "/c/lab/people",
                                    std::string(series_path),
                                    "/c/lab/calendar.ics",
                                    "/c/lab/events.atom",
                                    std::string(series_path) + "/calendar.ics",
                                    std::string(series_path) + "/" + std::string(first),
                                    "/c/lab/circles/moths/letters",
                                    "/c/lab/outbox",
                                    "/c/lab/mail"};
    std::set<std::string> seen;
    while (!to_see.empty()) {
        const std::string address = to_see.extract(to_see.begin()).value();
        // What is one's own names oneself.
        if (!seen.insert(address).second || says(address, "/settings") || says(address, "/known") ||
            says(address, "/erase")) {
            continue;
        }
        for (const std::string_view kind : {"text/html", "application/json"}) {
            const auto answer = reader.get(address, {{"accept", std::string(kind)}});
            look(address, answer);
            std::set<std::string> more;
            add_links(more, answer.text);
            for (const std::string& one : more) {
                if (!seen.contains(one)) {
                    to_see.insert(one);
                }
            }
        }
    }
    CHECK(seen.size() > 10);
}

} // namespace

TEST_CASE("no page, feed, JSON or log says who comes, when somebody was active, or an address") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser mia = lab.house.person("lab", "mia@example.org", Role::member);
        Browser kim = lab.house.person("lab", "kim@example.org", Role::member);
        Browser tom = lab.house.person("lab", "tom@example.org", Role::member);
        // What people are called must not be their addresses.
        REQUIRE(lab.house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY_DO(transaction.run("UPDATE person SET name = 'A member' WHERE mail <> $1",
                                   {"ada@example.org"}));
            return {};
        }));
        live(lab, mia, kim);
        // 12:12:34 and after: hours that no page of a series at 17:00 has to name.
        static const std::regex moment(R"(T12:1\d|T121\d{3}|\b12:1\d\b)");
        Browser nobody(lab.house);
        for (Browser* const reader : {&nobody, &tom, &lab.ada}) {
            walk(*reader, [&](const std::string& address, const http::HttpResponse& answer) {
                CAPTURE(address);
                CHECK(answer.status < 500);
                for (const std::string_view mail : hidden_mails) {
                    CAPTURE(mail);
                    const bool outbox = says(address, "/outbox"); // stewards look after mail there
                    CHECK((outbox || !says(answer.text, mail)));
                    CHECK_FALSE(says(answer.text, auth::hash_of(mail)));
                }
                std::smatch found;
                const bool has_moment = std::regex_search(answer.text, found, moment);
                CHECK_MESSAGE((!has_moment || says(address, "/outbox")),
                              (has_moment ? found.str() : ""));
            });
        }
        // Others see the same page whoever comes.
        const std::string gathering = std::string(series_path) + "/" + std::string(first);
        const auto shown = [&] {
            const std::string text = tom.get(gathering, {{"accept", "application/json"}}).text;
            return text.substr(0, text.find("\"form_key\"")); // which is another one each time
        };
        const std::string before = shown();
        REQUIRE(mia.send(gathering, gathering + "/presence", {{"plan", "not"}}).status == 303);
        REQUIRE(kim.send(gathering, gathering + "/presence", {{"plan", "plan"}}).status == 303);
        CHECK(shown() == before);
        // What the sweep and the mail log about their work: trouble, here with a zone. The log of
        // requests is looked at in tests/mail, where the program itself writes it.
        REQUIRE(lab.house.fresh.store->write([](store::Transaction& transaction) -> Result<void> {
            TRY_DO(transaction.run("UPDATE rhythm SET zone = 'Mars/Olympus'", {}));
            return {};
        }));
        lab.sweep_and_tell();
        lab.work();
        CHECK(says(lab.logged, "\"zone\":\"Mars/Olympus\""));
        CHECK(says(lab.logged, "\"event\":\"gatherings\""));
        for (const std::string_view mail : hidden_mails) {
            CHECK_FALSE(says(lab.logged, mail));
            CHECK_FALSE(says(lab.logged, auth::hash_of(mail)));
        }
    }
}
