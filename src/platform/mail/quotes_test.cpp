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

TEST_CASE("heads of quoted mail are known in any language") {
    const char* const own = "Ja, gern.";
    const allot::mail::Correspondence between{.writer = "nour@example.org",
                                              .ours = "room@lab.example",
                                              .subject = "AW: Journal club was moved"};
    for (const char* const quoted :
         {// Outlook
          "Von: Night Garden <room@lab.example>\nGesendet: Donnerstag, 14. Januar 2027 17:00\n"
          "An: nour@example.org\nBetreff: Journal club was moved\n\nThe notes\n",
          "De : Night Garden <room@lab.example>\nEnvoy\u00e9 : jeudi 14 janvier 2027 17:00\n"
          "\u00c0 : nour@example.org\nObjet : Journal club was moved\n\nThe notes\n",
          "De\u00a0: Night Garden\nDate d'envoi\u00a0: jeudi\n\u00c0\u00a0: Nour\n"
          "Objet\u00a0: Journal club was moved\n\nThe notes\n",
          "\u53d1\u4ef6\u4eba\uff1aLab\n\u53d1\u9001\u65f6\u95f4\uff1a2027\n"
          "\u6536\u4ef6\u4eba\uff1anour@example.org\n\u4e3b\u9898\uff1aMoths\n\nnotes\n",
          "*Von:* Lab <room@lab.example>\n*Gesendet:* Donnerstag\n*An:* nour@example.org\n\nx\n",
          "-----\nVon: Lab\n <room@lab.example>\nGesendet: Donnerstag\nAn: Nour\n\nThe notes\n",
          "_____\n\nVon: Lab <room@lab.example>\nGesendet: heute\nAn: Nour\n\nThe notes\n",
          // Gmail, wrapped, with and without ">"
          "Le jeu. 14 janv. 2027 \u00e0 17:00, Night Garden\n"
          "<room+t.0123456789abcdef0123@lab.example> a\n\u00e9crit :\n\n> The notes\n",
          "Le jeu. 14 janv. 2027 \u00e0 17:00, Night Garden <\n"
          "room+t.0123456789abcdef0123@lab.example> a \u00e9crit :\n\nThe notes\nof ours\n",
          "El jue, 14 ene 2027 a las 17:00,\nNight Garden <room@lab.example>\nescribi\u00f3:\n> "
          "The "
          "notes\n",
          "Am Do., 14. Jan. 2027 um 17:00 Uhr schrieb Lab <room@lab.example>:\nThe notes\n",
          "Lab <Room@Lab.example> \u4e8e2027\u5e741\u670814\u65e5\u5199\u9053\uff1a\n\nThe notes\n",
          "--\nNour\n", "-- \nNour\n"}) {
        CAPTURE(quoted);
        CHECK(without_quotes(std::string(own) + "\n\n" + quoted, between) == own);
    }
}

TEST_CASE("no line that is kept names the writer's address or ours") {
    const allot::mail::Correspondence between{.writer = "nour@example.org",
                                              .ours = "room@lab.example"};
    CHECK(without_quotes("One\nNour (Nour@Example.org) said\nTwo\n"
                         "to room+t.0123456789abcdef0123@lab.example\nroom@lab.example\n",
                         between) == "One\nTwo");
    CHECK(without_quotes("nour@example.org\n\n", between).empty());
    CHECK(without_quotes("Ask mia@example.org, room@else.example", between) ==
          "Ask mia@example.org, room@else.example");
}

TEST_CASE("words of one's own that look a little like a head stay") {
    for (const char* const own :
         {"Two questions: yes\nMonday: no\nOne more thing: n = 8", "Here: https://a.example/x",
          "Mail: mia@example.org\nTime: 17:00", "The list:\nhttps://a.example\nb: c"}) {
        CAPTURE(own);
        CHECK(without_quotes(own) == own);
    }
}
