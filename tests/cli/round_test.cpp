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
    CHECK(record.at("rule") == "leximin");
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
    SUBCASE("no round") {
        std::filesystem::create_directory(folder.path("other"));
        folder.put("other/notes.txt", "mine");
        for (const auto& [path, found] :
             {std::pair("nowhere", "nowhere: found nothing, expected the folder"),
              std::pair("offers.csv", "offers.csv: found a file, expected the folder"),
              std::pair("other", "other: found no round in this folder")}) {
            const auto finished = run(folder, {"verify", "--round", path});
            CHECK(finished.code == 2);
            CHECK_MESSAGE(finished.err.contains(found), finished.err);
        }
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
    CHECK(folder.content("week/pairings.csv").find("hours are known of neither side") !=
          std::string::npos);

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

namespace {

/// Two asks whom the sum and leximin serve in different ways: 1.0 with 0.1 for one, or 0.9.
void put_contest(const Folder& folder) {
    folder.put("offers.csv", "offer,person,kinds,places,minutes\n"
                             "o1,amara,idea,1,30\no2,noor,idea,1,30\n");
    folder.put("asks.csv", "ask,person,kind,minutes\na1,teo,idea,30\na2,mei,idea,30\n");
    folder.put("scores.csv", "ask,helper,score\na1,o1,0.9\na1,o2,0.3\na2,o1,0.6\na2,o2,0.1\n");
}

void hold_contest(const Folder& folder, Words more = {}) {
    put_contest(folder);
    more.insert(more.begin(), {"--scores", "scores.csv"});
    hold(folder, more);
}

int code_of(const Folder& folder, Words more) {
    more.insert(more.begin(), {"--scores", "scores.csv"});
    return run(folder, round_words(more)).code;
}

int verify(const Folder& folder, const Words& more) {
    Words words{"verify", "--round", "week"};
    words.insert(words.end(), more.begin(), more.end());
    return run(folder, words).code;
}

constexpr const char* commitment_of_7 =
    "7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451";

} // namespace

TEST_CASE("each objective is held, written down and verified") {
    const Folder folder;
    for (const auto& [objective, rule, sum] :
         {std::tuple("leximin", "leximin", 900'000), std::tuple("maxmin", "maxmin", 900'000),
          std::tuple("floor:0.2", "floor", 900'000), std::tuple("floor:0.1", "floor", 1'000'000),
          std::tuple("sum", "sum", 1'000'000)}) {
        CAPTURE(objective);
        hold_contest(folder, {"--objective", objective});
        CHECK(round_json(folder).at("rule") == rule);
        CHECK(round_json(folder).at("objective").at("score_micro") == sum);
        CHECK(round_json(folder).at("trade").as_array().size() >= 3);
        CHECK(verify(folder) == 0);
        CHECK(verify(folder, {"--objective", objective}) == 0);
    }
    CHECK(verify(folder, {"--objective", "leximin"}) == 1);
    hold_contest(folder);
    CHECK(round_json(folder).at("rule") == "leximin");
    CHECK(code_of(folder, {"--objective", "best"}) == 2);
    const auto low = run(folder, round_words({"--scores", "scores.csv", "--objective", "floor:1"}));
    CHECK(low.code == 3);
    CHECK(low.err.contains("everybody who is served gets a fit of 1.0 or more"));
    CHECK(verify(folder) == 0);
}

TEST_CASE("without round.json the rule is given, or the first that holds is named") {
    const Folder folder;
    hold_contest(folder);
    std::filesystem::remove(folder.path("week/round.json"));
    CHECK(verify(folder, {"--objective", "leximin"}) == 0);
    CHECK(verify(folder, {"--objective", "sum"}) == 1);
    const auto any = run(folder, {"verify", "--round", "week"});
    CHECK(any.code == 0);
    CHECK(any.out.contains("No rule was given; the pairs hold by the rule leximin"));
    tamper(folder, "week/pairings.csv", "a2,mei,o1,amara,idea,0.6", "a2,mei,o1,amara,idea,0.7");
    CHECK(verify(folder) == 1);
}

TEST_CASE("a fair round holds until somebody changes it") {
    const Folder folder;
    hold_contest(folder);
    SUBCASE("pairs of another rule") {
        const Folder other;
        hold_contest(other, {"--objective", "sum"});
        folder.put("week/pairings.csv", other.content("week/pairings.csv"));
        CHECK(verify(folder) == 1);
    }
    SUBCASE("another rule") {
        tamper(folder, "week/round.json", "\"rule\": \"leximin\"", "\"rule\": \"sum\"");
        CHECK(verify(folder) != 0);
    }
    SUBCASE("another least well served") {
        tamper(folder, "week/round.json", "\"worst_micro\": 300000", "\"worst_micro\": 400000");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("a score that nobody uses") {
        tamper(folder, "week/instance.csv", "100000", "100001");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("another commitment") {
        tamper(folder, "week/round.json", "\"commitment\": \"5", "\"commitment\": \"6");
        CHECK(verify(folder) == 1);
    }
}

TEST_CASE("a lottery can be drawn again, and nothing in it can be changed unseen") {
    const Folder folder;
    hold_contest(folder, {"--pair-cap", "0.5", "--seed", "7", "--commitment", commitment_of_7});
    const auto record = round_json(folder);
    CHECK(record.at("rule") == "sum");
    CHECK(record.at("pair_cap") == "1/2");
    CHECK(record.at("commitment") == commitment_of_7);
    CHECK(record.at("expected_score_micro") == 950'000);
    CHECK(folder.content("week/marginals.csv") ==
          "ask,helper,probability\na1,o1,0.5\na1,o2,0.5\na2,o1,0.5\na2,o2,0.5\n");
    CHECK(verify(folder) == 0);
    CHECK(verify(folder, {"--commitment", commitment_of_7}) == 0);
    CHECK(verify(folder, {"--commitment", std::string(64, '0')}) == 1);
    CHECK(verify(folder, {"--commitment", "abc"}) == 2);
    CHECK(folder.content("week/letters/ask-a1.txt").contains("more than 1 in 2"));
    CHECK(why(folder, "a1", "o1").contains("a chance of 1 in 2"));
    SUBCASE("the pairs") {
        const Folder other;
        hold_contest(other, {"--objective", "sum"});
        folder.put("week/pairings.csv", other.content("week/pairings.csv"));
        CHECK(verify(folder) == 1);
    }
    SUBCASE("a chance") {
        tamper(folder, "week/marginals.csv", "a1,o1,0.5", "a1,o1,1");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("a chance that is none") {
        tamper(folder, "week/marginals.csv", "a1,o1,0.5", "a1,o1,0.4");
        CHECK(verify(folder) == 2);
    }
    SUBCASE("a chance less") {
        tamper(folder, "week/marginals.csv", "a2,o2,0.5\n", "");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("the seed") {
        tamper(folder, "week/round.json", "\"seed\": 7", "\"seed\": 8");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("the cap") {
        tamper(folder, "week/round.json", "\"pair_cap\": \"1/2\"", "\"pair_cap\": \"2/2\"");
        CHECK(verify(folder) == 1);
    }
    SUBCASE("no chances") {
        std::filesystem::remove(folder.path("week/marginals.csv"));
        CHECK(verify(folder) == 2);
    }
}

TEST_CASE("a long name of a person and a group of that name can be read back") {
    const Folder folder;
    const std::string name(198, 'n');
    folder.put("offers.csv", "offer,person,kinds,places,minutes\no1," + name + ",idea,1,30\no2," +
                                 name + ",idea,1,30\no3,Bo,idea,1,30\n");
    folder.put("asks.csv", "ask,person,kind,minutes,demand\na1,teo,idea,30,2\n");
    hold(folder, {"--min-fit", "0", "--objective", "sum"});
    CHECK(verify(folder) == 0);
    const std::string own = folder.content("week/groups.csv");
    const auto begin = own.find("person #h");
    REQUIRE(begin != std::string::npos);
    folder.put("groups.csv", "scope,side,group,member,min,max\nask,helper," +
                                 own.substr(begin, own.find(',', begin) - begin) + ",o3,0,1\n");
    hold(folder, {"--min-fit", "0", "--objective", "sum", "--groups", "groups.csv"});
    CHECK(round_json(folder).at("objective").at("places_by_rounds_waited").at("0") == 2);
    CHECK(verify(folder) == 0);
}

TEST_CASE("the draw of persons with several offers can be repeated from the folder") {
    const Folder folder;
    folder.put("offers.csv", "offer,person,kinds,places,minutes\n"
                             "o1,amara,idea,1,30\no2,amara,idea,1,30\n"
                             "o3,Bo,idea,1,30\no4,Bo,idea,1,30\n");
    folder.put("asks.csv", "ask,person,kind,minutes,demand\na1,teo,idea,30,2\n");
    folder.put("groups.csv", "scope,side,group,member,min,max\nround,helper,team,o1,0,4\n");
    for (const char* seed : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
        CAPTURE(seed);
        hold(folder,
             {"--min-fit", "0", "--pair-cap", "1/3", "--seed", seed, "--groups", "groups.csv"});
        CHECK(verify(folder) == 0);
    }
}

TEST_CASE("a lottery wants a seed that somebody chose, and the sum") {
    const Folder folder;
    put_contest(folder);
    CHECK(code_of(folder, {"--pair-cap", "1/2"}) == 2);
    CHECK(code_of(folder, {"--pair-cap", "1/2", "--seed", "1", "--objective", "leximin"}) == 2);
    CHECK(code_of(folder, {"--pair-cap", "3/2", "--seed", "1"}) == 2);
    CHECK(code_of(folder, {"--seed", "8", "--commitment", commitment_of_7}) == 2);
    CHECK_FALSE(folder.has("week"));
    CHECK(code_of(folder, {"--pair-cap", "1/2", "--seed", "1", "--objective", "sum"}) == 0);
}

TEST_CASE("minimums and groups are kept, written down and checked") {
    const Folder folder;
    put_contest(folder);
    folder.put("groups.csv", "scope,side,group,member,min,max\n"
                             "round,helper,team,o1,0,1\nround,helper,team,o2,0,1\n");
    for (const char* objective : {"leximin", "sum"}) {
        CAPTURE(objective);
        hold_contest(folder, {"--groups", "groups.csv", "--objective", objective});
        CHECK(folder.content("week/groups.csv") == folder.content("groups.csv"));
        CHECK(round_json(folder).at("objective").at("places_by_rounds_waited").at("0") == 1);
        CHECK(verify(folder) == 0);
    }
    tamper(folder, "week/groups.csv", "o1,0,1", "o1,0,2");
    tamper(folder, "week/groups.csv", "o2,0,1", "o2,0,2");
    CHECK(verify(folder) == 1);
    std::filesystem::remove(folder.path("week/groups.csv"));
    CHECK(verify(folder) == 1);
    CHECK(code_of(folder, {"--groups", "groups.csv", "--objective", "maxmin"}) == 2);
    folder.put("groups.csv", "scope,side,group,member,min,max\nround,helper,team,o9,0,1\n");
    const auto unknown = run(folder, round_words({"--groups", "groups.csv"}));
    CHECK(unknown.code == 2);
    CHECK(unknown.err.contains("groups.csv:2:4: column \"member\": found \"o9\""));
    folder.put("groups.csv", "scope,side,group,member,min,max\nround,helper,team,Noor,0,1\n");
    CHECK(run(folder, round_words({"--groups", "groups.csv"}))
              .err.contains("that is a person, who has o2"));
    folder.put("least.csv", "id,n\no2,1\n");
    hold_contest(folder, {"--min-load", "least.csv"});
    CHECK(folder.content("week/sides.csv")
              .starts_with("side,id,relabelled,demand_or_places,class,least\n"));
    CHECK(verify(folder) == 0);
    tamper(folder, "week/sides.csv", ",1,,1\n", ",1,,0\n");
    CHECK(verify(folder) == 1);
    folder.put("asks.csv", "ask,person,kind,minutes\na1,teo,idea,30\n");
    folder.put("scores.csv", "ask,helper,score\na1,o1,0.9\n");
    const auto no_number = run(folder, round_words({"--min-load", "all"}));
    CHECK(no_number.code == 2);
    CHECK(no_number.err.contains("--min-load: all: cannot read"));
    CHECK(no_number.err.contains("expected a whole number, or a file"));
    const auto starved = run(folder, round_words({"--scores", "scores.csv", "--min-load", "1"}));
    CHECK(starved.code == 3);
    CHECK(starved.err.contains("not every minimum can be met: helper o2 must get at least 1"));
}

TEST_CASE("a minimum that an offer cannot keep is named with file and line") {
    const Folder folder;
    put_inputs(folder);
    folder.put("offers.csv", "offer,person,kinds,places,minutes,valid_until\n"
                             "o1,amara,idea,1,30,\no2,noor,idea,0,30,\n"
                             "o3,ines,idea,1,30,2027-01-10\n");
    folder.put("least.csv", "id,n\no1,2\no2,1\no3,1\n");
    const auto finished = run(folder, round_words({"--min-load", "least.csv"}));
    CHECK(finished.code == 2);
    for (const char* part : {"least.csv:2: found 2 for \"o1\", expected a number from 0 to 1",
                             "least.csv:3: found 1 for \"o2\", expected 0: it has no places",
                             "least.csv:4: found 1 for \"o3\", expected 0: its last day was "
                             "2027-01-10"}) {
        CHECK_MESSAGE(finished.err.contains(part), finished.err);
    }
}
