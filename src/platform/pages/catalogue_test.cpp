#include "platform/pages/catalogue.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

using namespace allot;
using pages::Catalogue;
using pages::WordList;

namespace {

constexpr WordList english{"en", R"({
    "plain": "It's here.",
    "hosts": "{n, plural, one {# host} other {# hosts}}",
    "greet": "Hello {name}",
    "only": "Only in English."
})"};
constexpr WordList polish{"pl", R"({
    "hosts": "{n, plural, one {# osoba} few {# osoby} many {# osób} other {# osoby}}"
})"};
constexpr WordList arabic{"ar", R"({"greet": "مرحبا {name}"})"};

const Catalogue& of(const std::vector<Catalogue>& all, std::string_view language) {
    return *std::ranges::find(all, language, &Catalogue::language);
}

std::string error_of(std::string_view json) {
    const std::array lists = {english, WordList{"en", json}};
    const auto read = Catalogue::read_all(lists);
    return read ? "" : read.error().message;
}

} // namespace

TEST_CASE("words are filled in by the rules of each language") {
    const std::array lists = {english, polish, arabic};
    const auto all = Catalogue::read_all(lists);
    REQUIRE(all);
    const auto hosts = [&](std::string_view language, std::int64_t n) {
        return of(*all, language).say("hosts", {{"n", n}});
    };
    CHECK(hosts("en", 1) == "1 host");
    CHECK(hosts("en", 1234) == "1,234 hosts");
    CHECK(hosts("pl", 1) == "1 osoba");
    CHECK(hosts("pl", 3) == "3 osoby");
    CHECK(hosts("pl", 5) == "5 osób");
    CHECK(of(*all, "en").say("plain") == "It's here.");
    CHECK(of(*all, "en").say("greet", {{"name", std::string_view("{x} ' 庭")}}) ==
          "Hello {x} ' 庭");
    CHECK(of(*all, "ar").right_to_left());
    CHECK(!of(*all, "pl").right_to_left());
}

TEST_CASE("a language borrows from English what it lacks, and keeps it from left to right") {
    const std::array lists = {english, polish, arabic};
    const auto all = Catalogue::read_all(lists);
    REQUIRE(all);
    CHECK(of(*all, "pl").say("only") == "Only in English.");
    CHECK(of(*all, "ar").say("only") == "\u2066Only in English.\u2069");
    CHECK(of(*all, "ar").say("no.such.key") == "no.such.key");
}

TEST_CASE("dates are written as the reader's region does, in the words of the page") {
    const std::array lists = {english, polish};
    const auto all = Catalogue::read_all(lists);
    REQUIRE(all);
    CHECK(of(*all, "en").say_day("2027-01-14", "en-GB") == "14 January 2027");
    CHECK(of(*all, "en").say_day("2027-01-14", "en-US") == "January 14, 2027");
    CHECK(of(*all, "pl").say_day("2027-01-14", "en-US") == "14 stycznia 2027");
    CHECK(of(*all, "en").say_day("soon", "en-GB") == "soon");
    using Time = Catalogue::Time;
    CHECK(of(*all, "en").say_time("2027-01-14T17:00", Time::hour, "en-GB") == "17:00");
    CHECK(of(*all, "en").say_time("2027-01-14T17:00", Time::weekday, "en-GB") ==
          "Thursday, 14 January");
    CHECK(of(*all, "en").say_time("2027-01-14T17:00", Time::day_and_hour, "en-GB").find("17:00") !=
          std::string::npos);
    CHECK(of(*all, "en").say_time("2027-01-14T17:00", Time::hour, "en-US").starts_with("5:00"));
    CHECK(of(*all, "en").say_time("later", Time::hour) == "later");
}

TEST_CASE("names stand in a list as readers of the language expect, not as their bytes do") {
    const std::array lists = {english, polish};
    const auto all = Catalogue::read_all(lists);
    REQUIRE(all);
    std::vector<std::string> names = {"Zofia", "\u0141ucja", "lena", "\u00c9va",
                                      "Marek", "Adam",       "eva"};
    of(*all, "pl").sort_by_name(names, std::identity());
    CHECK(names == std::vector<std::string>{"Adam", "eva", "\u00c9va", "lena", "\u0141ucja",
                                            "Marek", "Zofia"});
}

TEST_CASE("word lists that are wrong are refused, and the message says where") {
    CHECK(error_of("[1]").find("no JSON object") != std::string::npos);
    CHECK(error_of(R"({"x": 1})").find("\"x\"") != std::string::npos);
    CHECK(error_of(R"({"plain": "again"})").find("two word lists") != std::string::npos);
    CHECK(error_of(R"({"x": "{n, plural, one {a}"})").find("\"x\"") != std::string::npos);
    CHECK(error_of(R"({"x": "<b>{name}</b>"})").find("escaped") != std::string::npos);
    const std::array unknown = {english, WordList{"pl", R"({"new": "nowe"})"}};
    const auto read = Catalogue::read_all(unknown);
    REQUIRE(!read);
    CHECK(read.error().message.find("\"new\"") != std::string::npos);
}
