#include "platform/mail/quotes.hpp"

#include <doctest/doctest.h>

using allot::mail::without_quotes;

TEST_CASE("own words stay, what they answer to goes, as mail programs write it") {
    const char* const own = "Does it hold for small n?\n\nI tried n = 8.";
    for (const char* const quoted :
         {"\n\nOn Thu, 14 Jan 2027 at 17:00, Lab <post@lab.example> wrote:\n> The notes\n> are "
          "there.\n",
          "\n\nOn Thu, 14 Jan 2027 at 17:00, the people of a lab with a long name "
          "<post@lab.example>\n"
          "wrote:\n\n> The notes are there.\n",
          "\n\n-----Original Message-----\nFrom: Lab\nThe notes are there.\n",
          "\n\n________________________________\nFrom: Lab <post@lab.example>\nThe notes\n",
          "\n\nFrom: Lab <post@lab.example>\nSent: Thursday, 14 January 2027\nTo: Mia\n\nThe "
          "notes\n",
          "\n-- \nMia, on a train\n", "\r\n\r\n> The notes are there.\r\n", ""}) {
        CAPTURE(quoted);
        CHECK(without_quotes(std::string(own) + quoted) == own);
    }
}

TEST_CASE("words between and below quoted lines stay") {
    CHECK(without_quotes("On 14 Jan 2027 Lab wrote:\n> one\nyes\n> two\nno\n") == "yes\nno");
    CHECK(without_quotes("A list:\n- one\n- two\n") == "A list:\n- one\n- two");
}

TEST_CASE("nothing of one's own is nothing, and twice is the same as once") {
    CHECK(without_quotes("").empty());
    CHECK(without_quotes("\n \n> only\n> theirs\n").empty());
    for (const char* const text : {"a\n> b\nc", "x:\n> y", "one\n\n\ntwo\n"}) {
        CHECK(without_quotes(without_quotes(text)) == without_quotes(text));
    }
}
