#include "platform/mail/inbound.hpp"

#include <doctest/doctest.h>

using namespace allot::mail;

namespace {

/// As Postfix writes it, RFC 3464 and RFC 6522.
std::string report(std::string_view action, std::string_view status, bool whole = true) {
    std::string text = "Return-Path: <>\r\n"
                       "From: MAILER-DAEMON@mail.example\r\n"
                       "To: post@lab.example\r\n"
                       "Subject: Undelivered Mail Returned to Sender\r\n"
                       "Auto-Submitted: auto-replied\r\n"
                       "MIME-Version: 1.0\r\n"
                       "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                       "\tboundary=\"X\"\r\n\r\n"
                       "--X\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n"
                       "\r\n--X\r\nContent-Type: message/delivery-status\r\n\r\n"
                       "Reporting-MTA: dns; mail.example\r\n\r\n"
                       "Final-Recipient: rfc822; ada@example.org\r\n";
    text += "Action: " + std::string(action) + "\r\nStatus: " + std::string(status) + "\r\n";
    text += whole ? "\r\n--X\r\nContent-Type: message/rfc822\r\n\r\n"
                  : "\r\n--X\r\nContent-Type: text/rfc822-headers\r\n\r\n";
    text += "From: post@lab.example\r\nMessage-Id:\r\n <01@lab.example>\r\n\r\nWords\r\n--X--\r\n";
    return text;
}

std::string mail_with(std::string_view header) {
    return "From: ada@example.org\r\nTo: post@lab.example\r\n" + std::string(header) +
           "\r\n\r\nWords\r\n";
}

} // namespace

TEST_CASE("a report says which mail did not arrive, and whether it ever will") {
    for (const bool whole : {true, false}) {
        const auto failed = read_inbound(report("failed", "5.1.1", whole));
        REQUIRE(std::holds_alternative<Bounce>(failed));
        CHECK(std::get<Bounce>(failed).for_good);
        CHECK(std::get<Bounce>(failed).address);
        CHECK(std::get<Bounce>(failed).message_id == "<01@lab.example>");
    }
    CHECK(!std::get<Bounce>(read_inbound(report("delayed", "4.4.1"))).for_good);
    CHECK(!std::get<Bounce>(read_inbound(report("relayed", "5.1.1"))).for_good);
    const auto content = std::get<Bounce>(read_inbound(report("failed", "5.7.1")));
    CHECK(content.for_good);
    CHECK(!content.address);
}

TEST_CASE("a mail that ends a stream is read as our header asks for it") {
    for (const char* const subject : {"Subject: end abc.def", "Subject: END   abc.def  ",
                                      "Subject: =?utf-8?q?end_abc=2Edef?="}) {
        CAPTURE(subject);
        const auto read = read_inbound(mail_with(subject));
        REQUIRE(std::holds_alternative<EndRequest>(read));
        CHECK(std::get<EndRequest>(read).text == "abc.def");
    }
    for (const char* const subject :
         {"Subject: end", "Subject: ending abc", "Subject: Re: end abc", "Subject: end a b"}) {
        CAPTURE(subject);
        CHECK(std::holds_alternative<OtherMail>(read_inbound(mail_with(subject))));
    }
}

TEST_CASE("what a program wrote is told from what a person wrote") {
    for (const char* const header : {"Auto-Submitted: auto-replied", "Precedence: bulk",
                                     "Return-Path: <>", "List-Id: <lab.example>"}) {
        CAPTURE(header);
        CHECK(std::get<OtherMail>(read_inbound(mail_with(header))).by_program);
    }
    for (const char* const header : {"Subject: Hello", "Auto-Submitted: no"}) {
        CAPTURE(header);
        CHECK(!std::get<OtherMail>(read_inbound(mail_with(header))).by_program);
    }
}

TEST_CASE("bytes that are no mail are nothing in particular") {
    std::string nested = "From: a@b.c\r\n";
    for (int k = 0; k < 20'000; ++k) {
        const std::string boundary = std::to_string(k);
        nested += "Content-Type: multipart/report; boundary=" + boundary + "\r\n\r\n--" + boundary +
                  "\r\n";
    }
    for (const std::string& bytes :
         {std::string(), std::string("\0\0\0", 3), std::string(100'000, '\n'),
          std::string(3U << 20U, 'a'), std::string("Content-Type: multipart/report\r\n\r\n"),
          nested}) {
        CHECK(!std::holds_alternative<EndRequest>(read_inbound(bytes)));
    }
}

TEST_CASE("fields of a report are found in any case, and joined where they go on") {
    CHECK(field_of("a: 1\r\nStatus: 5.1.1\r\n (no\r\n\tmailbox)\r\nb: 2", "status") ==
          "5.1.1 (no mailbox)");
    CHECK(field_of("Statuses: 1", "Status").empty());
    CHECK(field_of("", "Status").empty());
    CHECK(field_of("Status", "Status").empty());
}

namespace {

constexpr const char* tag = "i.0123456789abcdef0123";

std::string to_tag(std::string_view head, std::string_view body) {
    return "From: Mia M <Mia@Example.org>\r\nTo: Lab <post+" + std::string(tag) +
           "@lab.example>\r\n" + std::string(head) + "\r\n" + std::string(body);
}

Reply reply_in_mail(const std::string& bytes) {
    const auto read = read_inbound(bytes);
    REQUIRE(std::holds_alternative<Reply>(read));
    return std::get<Reply>(read);
}

} // namespace

TEST_CASE(
    "an answer is known by its tag, wherever mail servers leave it, and who wrote it is read") {
    const auto plain = reply_in_mail(to_tag("", "Yes.\r\n\r\n> Shall we?\r\n"));
    CHECK(plain.tag == tag);
    CHECK(plain.from == "mia@example.org");
    CHECK(plain.name == "Mia M");
    CHECK(plain.words == "Yes.");
    CHECK(plain.calendar.empty());
    for (const char* const name : {"Cc", "Delivered-To", "X-Original-To", "Envelope-To"}) {
        const auto read = reply_in_mail("From: mia@example.org\r\nTo: somebody@else.example\r\n" +
                                        std::string(name) +
                                        ": POST+I.0123456789ABCDEF0123@lab.example\r\n\r\nYes\r\n");
        CHECK(read.tag == tag);
        CHECK(read.words == "Yes");
    }
    CHECK(std::holds_alternative<OtherMail>(
        read_inbound("From: mia@example.org\r\nTo: post+news@lab.example\r\n\r\nYes\r\n")));
}

TEST_CASE("an answer of two writers or of none has none") {
    CHECK(reply_in_mail("From: a@example.org, b@example.org\r\nTo: post+" + std::string(tag) +
                        "@lab.example\r\n\r\nYes\r\n")
              .from.empty());
    CHECK(
        reply_in_mail("To: post+" + std::string(tag) + "@lab.example\r\n\r\nYes\r\n").from.empty());
}

TEST_CASE("words and calendar are found in the parts of an answer") {
    const auto read = reply_in_mail(
        to_tag("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=X\r\n",
               "--X\r\nContent-Type: multipart/alternative; boundary=Y\r\n\r\n"
               "--Y\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\nTr=E8s bien\r\n"
               "--Y\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\nQkVHSU46VkNBTEVOREFS\r\n--Y--\r\n"
               "--X\r\nContent-Type: text/plain\r\n\r\nof a list\r\n--X--\r\n"));
    CHECK(read.words == "Tr\u00e8s bien");
    CHECK(read.calendar == "BEGIN:VCALENDAR");
}

TEST_CASE("an answer with a head in another language gives no address away") {
    const auto read = reply_in_mail(to_tag(
        "Subject: AW: Moths\r\n",
        "Gern.\r\n\r\nVon: Night Garden <post+" + std::string(tag) +
            "@lab.example>\r\nGesendet: Donnerstag\r\nAn: mia@example.org\r\nBetreff: Moths\r\n"
            "\r\nThe notes\r\n"));
    CHECK(read.words == "Gern.");
    CHECK(reply_in_mail(to_tag("", "Yes\r\nmia@example.org\r\npost@lab.example\r\n")).words ==
          "Yes");
}

TEST_CASE("an address is no name") {
    for (const char* const name : {"mia@example.org", "'mia@example.org'", "Mia (mia@example.org)",
                                   "=?utf-8?q?mia=EF=BC=A0example.org?="}) {
        CAPTURE(name);
        const std::string quoted =
            std::string(name).starts_with('=') ? name : "\"" + std::string(name) + "\"";
        const auto read = reply_in_mail("From: " + quoted + " <mia@example.org>\r\nTo: post+" +
                                        std::string(tag) + "@lab.example\r\n\r\nYes\r\n");
        CHECK(read.from == "mia@example.org");
        CHECK(read.name.empty());
    }
}
