#include "program.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace allot::tests;
namespace json = boost::json;

namespace {

std::vector<json::object> objects(std::istream& lines) {
    std::vector<json::object> all;
    for (std::string line; std::getline(lines, line);) {
        all.push_back(json::parse(line).as_object());
    }
    return all;
}

/// Does the answer begin with what is expected, or is it just that?
bool agrees(const json::object& expected, const json::object& answer, const char* list,
            const char* answer_list) {
    const auto* const got = answer.if_contains(answer_list);
    const auto& want = expected.at(list).as_array();
    if (got == nullptr || got->as_array().size() < want.size()) {
        return false;
    }
    const bool whole = expected.at("bound").as_string() == "complete";
    return (!whole || got->as_array().size() == want.size()) &&
           std::equal(want.begin(), want.end(), got->as_array().begin());
}

/// What we read otherwise than the case does, and why: docs/calendar.md has the sentences.
const std::map<std::string, std::string> read_otherwise = {
    {"gen-00296", "COUNT is not reached: the case stops after 60 years"},
    {"gen-01121", "COUNT is not reached: the case stops after 60 years"},
    {"gen-01167", "COUNT is not reached: the case stops after 60 years"},
    {"gen-01688", "COUNT is not reached: the case stops after 60 years"},
    {"libical-0142", "a period of YEARLY is a calendar year, not a year of weeks"},
    {"libical-0143", "a period of YEARLY is a calendar year, not a year of weeks"},
    {"libical-0145", "a period of YEARLY is a calendar year, not a year of weeks"},
};

/// The program reads zones of this folder instead of the machine's.
class Zoneinfo {
  public:
    explicit Zoneinfo(const char* folder) {
        const char* const before = std::getenv("TZDIR");
        before_ = before == nullptr ? std::nullopt : std::optional<std::string>(before);
        setenv("TZDIR", folder, 1);
    }
    ~Zoneinfo() { before_ ? setenv("TZDIR", before_->c_str(), 1) : unsetenv("TZDIR"); }
    Zoneinfo(const Zoneinfo&) = delete;
    Zoneinfo& operator=(const Zoneinfo&) = delete;

  private:
    std::optional<std::string> before_;
};

} // namespace

TEST_CASE("every conformance and zone case of the sample passes, invalid rules are refused") {
    std::ifstream sample(ALLOTMENT_TEST_DATA "/recurrence.jsonl");
    const auto cases = objects(sample);
    REQUIRE(cases.size() == 407);
    const Folder folder;
    const Zoneinfo of_the_sample(ALLOTMENT_TEST_DATA "/zoneinfo");
    const auto finished = run(folder, {"dates", "--cases", ALLOTMENT_TEST_DATA "/recurrence.jsonl",
                                       "--out", "results.jsonl"});
    CHECK(finished.err.empty());
    REQUIRE(finished.code == 0);
    std::istringstream written(folder.content("results.jsonl"));
    const auto answers = objects(written);
    REQUIRE(answers.size() == cases.size());

    std::map<std::string, int> seen;
    std::set<std::string> otherwise;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const json::object& expected = cases[i];
        const json::object& answer = answers[i];
        CAPTURE(json::serialize(expected));
        CAPTURE(json::serialize(answer));
        CHECK(answer.at("id") == expected.at("id"));
        const std::string kind(expected.at("class").as_string());
        ++seen[kind];
        if (kind == "invalid-rule") {
            CHECK(answer.contains("error"));
            continue;
        }
        CHECK(answer.contains("utc") == !expected.at("tzid").is_null());
        bool agreed = agrees(expected, answer, "expect", "local");
        if (expected.contains("expect_utc")) {
            agreed = agreed && agrees(expected, answer, "expect_utc", "utc");
        }
        if (kind == "disputed" && !agreed) {
            otherwise.insert(std::string(expected.at("id").as_string()));
            continue;
        }
        CHECK(agreed);
    }
    CHECK(seen ==
          std::map<std::string, int>{
              {"conformance", 258}, {"disputed", 46}, {"invalid-rule", 47}, {"timezone", 56}});
    std::set<std::string> explained;
    for (const auto& [id, why] : read_otherwise) {
        explained.insert(id);
    }
    CHECK(otherwise == explained);
}

TEST_CASE("dates of one rule: local time and UTC, one a line") {
    const Folder folder;
    auto finished = run(folder, {"dates", "--rule", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "--start",
                                 "2026-03-12T17:00", "--zone", "Europe/London", "--limit", "3"});
    CHECK(finished.code == 0);
    CHECK(finished.out == "20260312T170000 20260312T170000Z\n"
                          "20260326T170000 20260326T170000Z\n"
                          "20260409T170000 20260409T160000Z\n");
    finished = run(folder, {"dates", "--rule", "RRULE:FREQ=MONTHLY;BYDAY=-1FR", "--start",
                            "20260130", "--from", "2026-03-01", "--to", "2026-05-29"});
    CHECK(finished.out == "20260327\n20260424\n");
    finished = run(folder, {"dates", "--rule", "FREQ=DAILY", "--start", "20260105T090000Z"});
    CHECK(std::ranges::count(finished.out, '\n') == 400);
    CHECK(finished.out.starts_with("20260105T090000Z\n20260106T090000Z\n"));
}

TEST_CASE("UNTIL in UTC is a moment, also for a start on a zone's clock") {
    const Folder folder;
    const auto finished = run(folder, {"dates", "--rule", "FREQ=DAILY;UNTIL=20260107T220000Z",
                                       "--start", "20260105T170000", "--zone", "America/New_York"});
    CHECK(finished.out == "20260105T170000 20260105T220000Z\n"
                          "20260106T170000 20260106T220000Z\n"
                          "20260107T170000 20260107T220000Z\n");
}

TEST_CASE("what cannot be told is said, with the option: exit 2") {
    const Folder folder;
    const auto refusal = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "dates");
        const auto finished = run(folder, words);
        CHECK(finished.code == 2);
        CHECK(finished.out.empty());
        return finished.err;
    };
    const std::string rule = "FREQ=WEEKLY";
    CHECK(refusal({"--rule", "FREQ=WEEKLY;", "--start", "20260105"}).contains("--rule: "));
    CHECK(refusal({"--rule", rule, "--start", "5 January"}).contains("--start: \"5 January\""));
    CHECK(refusal({"--rule", rule, "--start", "20260105T090000", "--zone", "Europe/Lundon"})
              .contains("--zone Europe/Lundon: "));
    CHECK(refusal({"--rule", rule, "--start", "20260105T090000Z", "--zone", "Europe/London"})
              .contains("leave out the Z or the zone"));
    CHECK(refusal({"--rule", "FREQ=HOURLY", "--start", "20260105"}).contains("needs a start"));
    CHECK(refusal({"--rule", "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=11",
                   "--start", "20260105T030712"})
              .contains("too complex"));
    CHECK(refusal({"--rule", rule}).contains("--rule and --start"));
    CHECK(refusal({"--rule", rule, "--start", "20260105", "--limit", "many"})
              .contains("found \"many\""));
    CHECK(refusal({"--cases", "none.jsonl", "--out", "out.jsonl"}).contains("none.jsonl"));
}

TEST_CASE("a byte order mark before the first case is passed over") {
    const Folder folder;
    folder.put("cases.jsonl", "\xEF\xBB\xBF{\"id\":1,\"rrule\":\"FREQ=DAILY;COUNT=1\","
                              "\"dtstart\":\"20260105\"}\r\n");
    REQUIRE(run(folder, {"dates", "--cases", "cases.jsonl", "--out", "out.jsonl"}).code == 0);
    CHECK(folder.content("out.jsonl") == "{\"id\":1,\"local\":[\"20260105\"]}\n");
}

TEST_CASE("a case that asks for too much fails alone") {
    const Folder folder;
    folder.put("cases.jsonl",
               "{\"id\":1,\"rrule\":\"FREQ=SECONDLY\",\"dtstart\":\"20260105T000000\","
               "\"limit\":9223372036854775807}\n"
               "{\"id\":2,\"rrule\":\"FREQ=DAILY;COUNT=1\",\"dtstart\":\"20260105\","
               "\"limit\":9223372036854775807}\n");
    REQUIRE(run(folder, {"dates", "--cases", "cases.jsonl", "--out", "out.jsonl"}).code == 0);
    CHECK(folder.content("out.jsonl") ==
          "{\"id\":1,\"error\":\"more dates than limit max_instances = 1000000: give a smaller "
          "\\\"limit\\\"\"}\n{\"id\":2,\"local\":[\"20260105\"]}\n");
}

TEST_CASE("answers do not take the place of their cases") {
    const Folder folder;
    folder.put("cases.jsonl", "{\"id\":1}\n");
    for (const std::string out : {"cases.jsonl", "./cases.jsonl"}) {
        const auto finished = run(folder, {"dates", "--cases", "cases.jsonl", "--out", out});
        CHECK(finished.code == 2);
        CHECK(finished.err == out + ": found as input and as output, expected two files\n");
        CHECK(folder.content("cases.jsonl") == "{\"id\":1}\n");
    }
}

TEST_CASE("a file of cases: each line has its answer, also one that is no JSON") {
    const Folder folder;
    folder.put("cases.jsonl",
               "{\"id\":\"a\",\"rrule\":\"FREQ=DAILY\",\"dtstart\":\"20260105\","
               "\"tzid\":null,\"limit\":2}\n"
               "not json\n"
               "{\"id\":7,\"rrule\":\"FREQ=DAILY;COUNT=1\",\"dtstart\":"
               "\"20260105T090000\",\"tzid\":\"Europe/Paris\"}\n"
               "{\"id\":\"b\",\"rrule\":\"FREQ=SOMETIMES\",\"dtstart\":\"20260105\"}\n"
               "{\"rrule\":\"FREQ=DAILY\"}\n"
               "[]");
    REQUIRE(run(folder, {"dates", "--cases", "cases.jsonl", "--out", "out.jsonl"}).code == 0);
    std::istringstream written(folder.content("out.jsonl"));
    const auto answers = objects(written);
    REQUIRE(answers.size() == 6);
    CHECK(json::serialize(answers[0]) == R"({"id":"a","local":["20260105","20260106"]})");
    CHECK(answers[1].at("line") == 2);
    CHECK(answers[1].contains("error"));
    CHECK(json::serialize(answers[2]) ==
          R"({"id":7,"local":["20260105T090000"],"utc":["20260105T080000Z"]})");
    CHECK(answers[3].at("id") == "b");
    CHECK(answers[3].at("error").as_string().starts_with("FREQ=SOMETIMES"));
    CHECK(answers[4].at("line") == 5);
    CHECK(answers[5].at("line") == 6);
}
