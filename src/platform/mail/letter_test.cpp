#include "base/test_world.hpp"
#include "platform/mail/carrier.hpp"
#include "platform/mail/inbound.hpp"
#include "platform/mail/kinds.hpp"
#include "platform/mail/letter.hpp"
#include "platform/mail/sender.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::mail;

namespace {

Letter some_letter() {
    return {.from = "post@lab.example",
            .from_name = "Plants at night",
            .to = "ada@example.org",
            .subject = "Your link",
            .text = "Here it is:\n\nhttp://localhost/sign-in/abc\n.\nFrom here\n",
            .date = test::some_noon,
            .message_id = "<01@lab.example>",
            .ways_to_end = {}};
}

std::string head_of(const std::string& letter) {
    return letter.substr(0, letter.find("\r\n\r\n"));
}

bool has_line(const std::string& head, const std::string& line) {
    return ("\r\n" + head + "\r\n").find("\r\n" + line + "\r\n") != std::string::npos;
}

} // namespace

TEST_CASE("a letter says who wrote it, when, and that a program did") {
    const std::string head = head_of(written(some_letter()));
    CAPTURE(head);
    CHECK(has_line(head, "From: Plants at night <post@lab.example>"));
    CHECK(has_line(head, "To: ada@example.org"));
    CHECK(has_line(head, "Subject: Your link"));
    CHECK(has_line(head, "Date: Thu, 14 Jan 2027 12:00:00 +0000"));
    CHECK(has_line(head, "Message-Id: <01@lab.example>"));
    CHECK(has_line(head, "Auto-Submitted: auto-generated"));
    CHECK(has_line(head, "Content-Transfer-Encoding: quoted-printable"));
    CHECK(head.find("List-Unsubscribe") == std::string::npos);
}

TEST_CASE("every line of a letter is ASCII, at most 998 bytes, and ends with CRLF") {
    Letter letter = some_letter();
    letter.from_name = "植物 at night";
    letter.subject = std::string(300, 'x') + " Złoty żółw \U0001F331 " + std::string(300, 'y');
    letter.text = std::string(5000, 'a') + "\nżółw\r\nend\n";
    const std::string text = written(letter);
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = text.find("\r\n", begin);
        REQUIRE(end != std::string::npos);
        CHECK(end - begin <= 998);
        begin = end + 2;
    }
    CHECK(std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    CHECK(static_cast<std::size_t>(std::ranges::count(text, '\n')) ==
          static_cast<std::size_t>(std::ranges::count(text, '\r')));
}

TEST_CASE("nobody adds a header by a name or a subject") {
    Letter letter = some_letter();
    letter.subject = "Hello\r\nBcc: eve@example.org\n\nbody";
    letter.from_name = "Lab\r\nX-Evil: yes";
    const std::string head = head_of(written(letter));
    CAPTURE(head);
    CHECK(head.find("\nBcc:") == std::string::npos);
    CHECK(head.find("\nX-Evil") == std::string::npos);
}

TEST_CASE("a stream that can be ended says how, whole and unchanged") {
    Letter letter = some_letter();
    const std::string way = "https://lab.example/mail/end/" + std::string(220, 'A') + ".b";
    letter.ways_to_end = {way, "mailto:post@lab.example?subject=end%20abc"};
    letter.one_click = true;
    std::string head = head_of(written(letter));
    CAPTURE(head);
    CHECK(has_line(head, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    CHECK(head.find("<" + way + ">") != std::string::npos);
    CHECK(head.find("<mailto:post@lab.example?subject=end%20abc>") != std::string::npos);
}

TEST_CASE("each kind of mail has a line, a name of its own, and an end") {
    std::set<std::string_view> names;
    for (const KindRule& rule : kind_rules()) {
        CAPTURE(rule.name);
        names.insert(rule.name);
        CHECK(kind_named(rule.name) == rule.kind);
        CHECK(rule.lasts > std::chrono::minutes(0));
        CHECK(!(rule.can_end && rule.stream == Stream::account));
    }
    CHECK(names.size() == kind_count);
    CHECK(!kind_named("advertisement"));
    CHECK(!rule_of(Kind::reminder).again);
    CHECK(!rule_of(Kind::digest).again);
    CHECK(rule_of(Kind::sign_in).at_night);
    CHECK(rule_of(Kind::late_cancellation).at_night);
}

TEST_CASE("a link that ends a stream holds no address, and nobody else can make one") {
    for (const Stream stream : {Stream::appointment, Stream::digest}) {
        const std::string text = end_text("key", "c", "hash", stream);
        const auto end = end_of("key", text);
        REQUIRE(end);
        CHECK(end->scope == "c");
        CHECK(end->mail_hash == "hash");
        CHECK(end->stream == stream);
        CHECK(!end_of("another key", text));
        CHECK(!end_of("key", text + "x"));
        CHECK(!end_of("key", "x" + text));
    }
    CHECK(!end_of("key", ""));
    CHECK(!end_of("key", "a.b"));
}

TEST_CASE("an address of a mail server is refused where it is none, or tells a password") {
    for (const char* const bad :
         {"", "mail.example", "http://mail.example", "smtp://", "smtp:mail.example",
          "smtp://post:secret@mail.example", "file:///etc/passwd", "smtp://post@mail.example"}) {
        CAPTURE(bad);
        const auto carrier = smtp_carrier({.url = bad, .password = "", .ca_file = ""}, {});
        REQUIRE(!carrier);
        CHECK(carrier.error().message.find("secret") == std::string::npos);
    }
    for (const char* const good : {"smtp://mail.example", "smtps://mail.example:465",
                                   "smtp://post%40lab.example@mail.example:587"}) {
        CAPTURE(good);
        CHECK(smtp_carrier({.url = good, .password = "secret", .ca_file = ""}, {}).has_value());
    }
}

TEST_CASE("an invitation is a part for calendars beside the text, and a file") {
    Letter letter = some_letter();
    letter.answers_to = address_with_tag(letter.from, "i.0123456789abcdef");
    letter.calendar = CalendarPart{
        .method = "REQUEST", .text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"};
    const std::string text = written(letter);
    CAPTURE(text);
    CHECK(has_line(head_of(text), "Reply-To: post+i.0123456789abcdef@lab.example"));
    CHECK(text.find("Content-Type: multipart/mixed") != std::string::npos);
    CHECK(text.find("Content-Type: multipart/alternative") != std::string::npos);
    CHECK(text.find("text/calendar; charset=utf-8; method=REQUEST") != std::string::npos);
    CHECK(text.find("filename=invite.ics") != std::string::npos);
    CHECK(text.find("Here it is:") < text.find("text/calendar"));
    // Sent back to an address with a tag, it is read as it was written.
    letter.to = letter.answers_to;
    const auto read = read_inbound(written(letter));
    REQUIRE(std::holds_alternative<Reply>(read));
    CHECK(std::get<Reply>(read).calendar == letter.calendar->text);
    CHECK(std::get<Reply>(read).words ==
          "Here it is:\n\nhttp://localhost/sign-in/abc\n.\nFrom here");
}

TEST_CASE("a tag takes the place of an older one") {
    CHECK(address_with_tag("post@lab.example", "i.1") == "post+i.1@lab.example");
    CHECK(address_with_tag("post+x@lab.example", "i.1") == "post+i.1@lab.example");
}

TEST_CASE("a link that ends mail about one thing ends nothing else") {
    const auto end = end_of("key", end_text("key", "c", "hash", Stream::appointment, "series-1"));
    REQUIRE(end);
    CHECK(end->topic == "series-1");
    CHECK(end_of("key", end_text("key", "c", "hash", Stream::appointment))->topic.empty());
}
