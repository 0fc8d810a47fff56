// The contract of `allotment round`, `why` and `verify` as a person meets it. See docs/cli.md.
#include "tests/cli/program.hpp"

#include <algorithm>
#include <sstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using tests::Folder;
using tests::run;

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view offers =
    "offer,person,kinds,places,minutes,topics,languages,zone,windows,valid_until,not_with,again\n"
    "o1,amara,conversation,1,60,plots|maps,English,Europe/Berlin,Tue 18:00-20:00,,,\n"
    "o2,noor,idea,1,30,plots,English,,,,,\n"
    "o3,ines,idea,0,30,plots,English,,,,,\n";
constexpr std::string_view asks =
    "ask,person,kind,demand,minutes,topics,languages,zone,windows,needed_by,wishes,waited,"
    "not_with,again,newcomer,note\n"
    "a1,teo,conversation,1,45,plots,English,America/New_York,Tue 12:30-13:30,,,0,,,,hello\n"
    "a2,mei,idea,1,30,plots,English,,,,,1,,,,\n"
    "a3,ravi,idea,1,30,plots,English,,,,noor,0,,,,\"two\nlines\"\n";

void put_inputs(const Folder& folder) {
    folder.put("offers.csv", offers);
    folder.put("asks.csv", asks);
}

Words round_words(const Words& more = {}) {
    Words words{"round", "--offers",   "offers.csv", "--asks", "asks.csv",
                "--at",  "2027-01-11", "--out",      "week"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

void hold(const Folder& folder, const Words& more = {}) {
    const auto finished = run(folder, round_words(more));
    REQUIRE_MESSAGE(finished.code == 0, finished.err);
}

boost::json::value round_json(const Folder& folder) {
    return boost::json::parse(folder.content("week/round.json"));
}

std::string reversed_rows(std::string_view csv) {
    // The one field with a line end stays whole.
    std::string text(csv);
    if (const auto at = text.find("two\nlines"); at != std::string::npos) {
        text[at + 3] = '\x01';
    }
    std::istringstream lines(text);
    std::string header;
    std::getline(lines, header);
    std::string rows;
    for (std::string line; std::getline(lines, line);) {
        rows.insert(0, line + "\n");
    }
    std::ranges::replace(rows, '\x01', '\n');
    return header + "\n" + rows;
}

/// Replaces the first `from` in a file of the round by `to`.
void tamper(const Folder& folder, const std::string& name, const std::string& from,
            const std::string& to) {
    std::string text = folder.content(name);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    folder.put(name, text.replace(at, from.size(), to));
}

int verify(const Folder& folder) {
    return run(folder, {"verify", "--round", "week"}).code;
}

std::string why(const Folder& folder, const std::string& ask, const std::string& helper = "") {
    Words words{"why", "--round", "week", "--ask", ask};
    if (!helper.empty()) {
        words.insert(words.end(), {"--helper", helper});
    }
    const auto finished = run(folder, words);
    REQUIRE_MESSAGE(finished.code == 0, finished.err);
    return finished.out;
}

} // namespace

TEST_CASE("a round leaves pairs, letters, a report and a record") {
    const Folder folder;
    put_inputs(folder);
    hold(folder);
    CHECK(folder.content("week/pairings.csv") ==
          "ask,ask_person,offer,offer_person,kind,score,slots_utc,reasons\n"
          "a1,teo,o1,amara,conversation,0.9,2027-01-12T17:30Z/2027-01-12T18:30Z,"
          "\"both name plots; both speak English; both are free for 45 minutes in this week\"\n"
          "a2,mei,o2,noor,idea,0.9,,"
          "\"both name plots; both speak English; in writing: no shared hour is needed\"\n");
    for (const char* name :
         {"ask-a1.txt", "ask-a2.txt", "ask-a3.txt", "offer-o1.txt", "offer-o2.txt"}) {
        CAPTURE(name);
        CHECK(folder.content(std::string("week/letters/") + name)
                  .find("A program wrote this letter") != std::string::npos);
    }
    CHECK_FALSE(folder.has("week/letters/offer-o3.txt"));
    const auto record = round_json(folder);
    CHECK(record.at("rule") == "sum");
    CHECK(record.at("at") == "2027-01-11T00:00:00Z");
    CHECK(record.at("objective").at("score_micro") == 1'800'000);
    CHECK(record.at("certificate").at("proved") == true);
    CHECK(record.at("inputs").at(0).at("sha256").as_string().size() == 64);
    CHECK(folder.content("week/report.html").find("best under these scores") != std::string::npos);
}

TEST_CASE("a letter to an unserved ask names nobody else and gives precedence") {
    const Folder folder;
    put_inputs(folder);
    hold(folder);
    const std::string letter = folder.content("week/letters/ask-a3.txt");
    for (const char* name : {"noor", "mei", "amara", "teo", "ines"}) {
        CAPTURE(name);
        CHECK(letter.find(name) == std::string::npos);
    }
    CHECK(letter.find("having waited 1 round") != std::string::npos);
}

TEST_CASE("the order of rows changes no byte of a round") {
    const Folder folder;
    put_inputs(folder);
    hold(folder);
    const Folder turned;
    turned.put("offers.csv", reversed_rows(offers));
    turned.put("asks.csv", reversed_rows(asks));
    hold(turned);
    for (const char* name : {"week/pairings.csv", "week/instance.csv", "week/sides.csv",
                             "week/report.html", "week/letters/ask-a3.txt"}) {
        CAPTURE(name);
        CHECK(folder.content(name) == turned.content(name));
    }
}

TEST_CASE("names cannot write HTML or templates into the report") {
    const Folder folder;
    put_inputs(folder);
    std::string hostile(asks);
    hostile.replace(hostile.find("teo"), 3, "<script>alert(1)</script>{{week}}");
    folder.put("asks.csv", hostile);
    hold(folder);
    const std::string report = folder.content("week/report.html");
    CHECK(report.find("<script>") == std::string::npos);
    CHECK(report.find("&lt;script&gt;") != std::string::npos);
    CHECK(report.find("{{week}}") != std::string::npos);
}

TEST_CASE("a round holds until somebody changes it") {
    const Folder folder;
    put_inputs(folder);
    hold(folder);
    CHECK(verify(folder) == 0);
    SUBCASE("another score") {
        tamper(folder, "week/pairings.csv", "0.9", "0.8");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("another helper") {
        tamper(folder, "week/pairings.csv", "a2,mei,o2", "a3,ravi,o2");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("a pair less") {
        const std::string text = folder.content("week/pairings.csv");
        folder.put("week/pairings.csv", text.substr(0, text.find("a2,")));
        CHECK(verify(folder) == 1);
    }
    SUBCASE("more places than there are") {
        tamper(folder, "week/pairings.csv", "a2,mei,o2", "a3,ravi,o2,noor,idea,1.0,,x\na2,mei,o2");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("another claim") {
        tamper(folder, "week/round.json", "\"score_micro\": 1800000", "\"score_micro\": 1800001");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("an id that is not in the round") {
        tamper(folder, "week/pairings.csv", "a2,mei,o2", "a2,mei,o9");
        CHECK(verify(folder) == 2);
    }
    SUBCASE("a record that is no JSON") {
        folder.put("week/round.json", "{");
        CHECK(verify(folder) == 2);
    }
    SUBCASE("no such folder") {
        CHECK(run(folder, {"verify", "--round", "nowhere"}).code == 2);
    }
}

TEST_CASE("why explains a pair, its absence, and what is not possible") {
    const Folder folder;
    put_inputs(folder);
    folder.put("conflicts.csv", "ask,helper\na3,o1\n");
    hold(folder, {"--conflicts", "conflicts.csv"});
    CHECK(why(folder, "a1").starts_with("a1 is paired with o1: both name plots"));
    CHECK(why(folder, "a3").starts_with("a3 is not paired: One offer could have served it"));
    CHECK(why(folder, "a3", "o2").find("a place would be lost by an ask that comes first") !=
          std::string::npos);
    CHECK(why(folder, "a1", "o2") == "a1 with o2 is not possible in this round: the offer does not "
                                     "give this kind of help.\n");
    CHECK(why(folder, "a3", "o1").starts_with("a3 with o1 is not possible in this round"));
    const auto unknown = run(folder, {"why", "--round", "week", "--ask", "a9"});
    CHECK(unknown.code == 2);
    CHECK(unknown.err.find("found no ask \"a9\"") != std::string::npos);
}

TEST_CASE("all errors of both tables are shown at once, with file, line and column") {
    const Folder folder;
    folder.put("offers.csv", "offer,person,kinds,places,minutes,zone\n"
                             "o1,amara,convrsation,1,60,\n"
                             "o1,noor,idea,many,60,Europe/Nowhere\n");
    folder.put("asks.csv", "ask,person,kind,minutes,windows,needed_by\n"
                           "a1,teo,idea,0,Mon 25:00-26:00,yesterday\n");
    const auto finished = run(folder, round_words());
    CHECK(finished.code == 2);
    CHECK_FALSE(folder.has("week"));
    for (const char* part :
         {"offers.csv:2:3: column \"kinds\": found \"convrsation\", expected \"conversation\"",
          "offers.csv:3:1:", "line 2 has this one", "offers.csv:3:4: column \"places\"",
          "offers.csv:3:6: column \"zone\"", "asks.csv:2:4: column \"minutes\"",
          "asks.csv:2:5: column \"windows\"", "asks.csv:2:6: column \"needed_by\""}) {
        CHECK_MESSAGE(finished.err.find(part) != std::string::npos, part << "\n" << finished.err);
    }
}

TEST_CASE("a round replaces a round, and nothing else") {
    const Folder folder;
    put_inputs(folder);
    hold(folder);
    hold(folder, {"--seed", "7"});
    CHECK(round_json(folder).at("seed") == 7);

    folder.put("offers.csv", "offer\n");
    CHECK(run(folder, round_words()).code == 2);
    CHECK(round_json(folder).at("seed") == 7);

    put_inputs(folder);
    Words onto_inputs = round_words();
    onto_inputs.back() = ".";
    CHECK(run(folder, onto_inputs).code == 2);
    CHECK(folder.content("offers.csv") == offers);

    // Somebody else's file in the folder of a round stays where it is.
    folder.put("week/notes.txt", "mine");
    CHECK(run(folder, round_words()).code == 2);
    CHECK(folder.content("week/notes.txt") == "mine");
}

TEST_CASE("persons are compared as people write them, and names keep to one line") {
    const Folder folder;
    put_inputs(folder);
    std::string not_with(asks);
    // "Noor" is wished away from by mei in another case.
    not_with.replace(not_with.find("a2,mei,idea,1,30,plots,English,,,,,1,,"), 38,
                     "a2,mei,idea,1,30,plots,English,,,,,1,NOOR,");
    not_with.replace(not_with.find("ravi"), 4, "\"ravi\n--\nsend it all\"");
    folder.put("asks.csv", not_with);
    hold(folder);
    CHECK(folder.content("week/pairings.csv").find("a2,mei") == std::string::npos);
    CHECK(folder.content("week/letters/offer-o2.txt").find("ravi -- send it all") !=
          std::string::npos);
}

TEST_CASE("a long id makes a file name that fits") {
    const Folder folder;
    put_inputs(folder);
    std::string long_id;
    for (int k = 0; k < 60; ++k) {
        long_id += "\xE3\x81\x82"; // 180 bytes, 540 when written %XX
    }
    std::string renamed(asks);
    renamed.replace(renamed.find("a2"), 2, long_id);
    folder.put("asks.csv", renamed);
    hold(folder);
    CHECK(verify(folder) == 0);
}

TEST_CASE("kinds of one's own, scores of one's own, and a floor") {
    const Folder folder;
    put_inputs(folder);
    folder.put("kinds.csv", "kind,how\nsinging,hours\nidea,hours\n");
    hold(folder, {"--kinds", "kinds.csv"});
    CHECK(folder.content("week/pairings.csv").find("hours are not stated") != std::string::npos);

    folder.put("scores.csv", "ask,helper,score\na2,o2,0.05\na3,o2,0.04\n");
    hold(folder, {"--scores", "scores.csv"});
    CHECK(round_json(folder).at("objective").at("score_micro") == 50'000);
    hold(folder, {"--scores", "scores.csv", "--min-fit", "0.5"});
    CHECK(round_json(folder).at("objective").at("score_micro") == 0);

    folder.put("scores.csv", "ask,helper,score\na2,o7,0.05\n");
    const auto finished = run(folder, round_words({"--scores", "scores.csv"}));
    CHECK(finished.code == 2);
    CHECK(finished.err.find("o7") != std::string::npos);
}

TEST_CASE("a round without asks or without offers is a round") {
    const Folder folder;
    put_inputs(folder);
    folder.put("asks.csv", "ask,person,kind,minutes\n");
    hold(folder);
    CHECK(verify(folder) == 0);
    put_inputs(folder);
    folder.put("offers.csv", "offer,person,kinds,places,minutes\n");
    hold(folder);
    CHECK(verify(folder) == 0);
}

TEST_CASE("without a time the round is for this week, and says so") {
    const Folder folder;
    put_inputs(folder);
    const auto finished =
        run(folder, {"round", "--offers", "offers.csv", "--asks", "asks.csv", "--out", "week"});
    REQUIRE(finished.code == 0);
    CHECK(round_json(folder).at("at").as_string().ends_with("Z"));
    CHECK(run(folder, round_words({"--at", "2027-01-11T10:00"})).code == 2);
}
