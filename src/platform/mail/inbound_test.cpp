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
