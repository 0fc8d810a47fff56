/// When series meet: rules without pages and without a database.
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "engine/calendar/zone_files.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::gatherings;
using calendar::testing::at;
using calendar::testing::wall;
using std::chrono::days;

namespace {

/// The zones of this machine.
class MachineZones final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view name) const override {
        return !calendar::testing::zone_bytes(std::string(name)).empty();
    }
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override {
        return calendar::testing::zone_bytes(std::string(name));
    }
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_ = {"America/Los_Angeles", "America/Sao_Paulo", "Africa/Lagos",
                                       "Asia/Kolkata", "Europe/London"};
};

const MachineZones machine;

Plan plan_of_words(std::string_view words, std::string_view zone, const char* now) {
    ZoneBook zones(machine);
    const auto heard =
        hear_rhythm({.words = std::string(words), .zone = std::string(zone), .minutes = 60},
                    machine.names(), zones, at(now));
    REQUIRE(heard);
    Plan plan;
    plan.series.renew = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1);
    plan.rhythms.push_back(heard->rhythm);
    return plan;
}

/// The hours that a clock shows, each with the day of the first gathering at that hour.
std::vector<std::string> hours_in(const Plan& plan, std::string_view zone) {
    ZoneBook zones(machine);
    const auto changes =
        hour_changes(plan, zones, zone, at("2027-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    REQUIRE(changes);
    std::vector<std::string> said;
    for (const HourChange& change : *changes) {
        said.push_back(wall_text(change.from));
    }
    return said;
}

using Hours = std::vector<std::string>;

} // namespace

TEST_CASE("a series of London keeps its hour there, and others see it move with the clocks") {
    const Plan plan =
        plan_of_words("every Thursday at 17:00", "Europe/London", "2026-12-30T00:00:00Z");
    CHECK(hours_in(plan, "Europe/London") == Hours{"2027-01-07T17:00"});
    CHECK(hours_in(plan, "Africa/Lagos") ==
          Hours{"2027-01-07T18:00", "2027-04-01T17:00", "2027-11-04T18:00"});
    CHECK(hours_in(plan, "Asia/Kolkata") ==
          Hours{"2027-01-07T22:30", "2027-04-01T21:30", "2027-11-04T22:30"});
    CHECK(hours_in(plan, "America/Sao_Paulo") ==
          Hours{"2027-01-07T14:00", "2027-04-01T13:00", "2027-11-04T14:00"});
    // America changes two weeks earlier in spring, and one week later in autumn.
    CHECK(hours_in(plan, "America/Los_Angeles") == Hours{"2027-01-07T09:00", "2027-03-18T10:00",
                                                         "2027-04-01T09:00", "2027-11-04T10:00",
                                                         "2027-11-11T09:00"});
}

TEST_CASE("another hour that its hosts chose is no change of the clocks, and hides none") {
    Plan plan = plan_of_words("every Thursday at 17:00", "Europe/London", "2026-12-30T00:00:00Z");
    plan.rhythms[0].rule += ";UNTIL=20270204T165959Z";
    const Plan later =
        plan_of_words("every Tuesday at 18:00", "Europe/London", "2027-02-05T00:00:00Z");
    plan.rhythms.push_back(later.rhythms[0]);
    CHECK(hours_in(plan, "Europe/London") == Hours{"2027-01-07T17:00"});
    CHECK(hours_in(plan, "Asia/Kolkata") ==
          Hours{"2027-01-07T22:30", "2027-03-30T22:30", "2027-11-02T23:30"});
}

TEST_CASE("a series of Los Angeles keeps its hour there") {
    const Plan plan =
        plan_of_words("every Tuesday at 9am", "America/Los_Angeles", "2026-12-30T00:00:00Z");
    CHECK(hours_in(plan, "America/Los_Angeles") == Hours{"2027-01-05T09:00"});
    CHECK(hours_in(plan, "Europe/London") == Hours{"2027-01-05T17:00", "2027-03-16T16:00",
                                                   "2027-03-30T17:00", "2027-11-02T16:00",
                                                   "2027-11-09T17:00"});
    CHECK(hours_in(plan, "Africa/Lagos") ==
          Hours{"2027-01-05T18:00", "2027-03-16T17:00", "2027-11-09T18:00"});
    CHECK(hours_in(plan, "Asia/Kolkata") ==
          Hours{"2027-01-05T22:30", "2027-03-16T21:30", "2027-11-09T22:30"});
    CHECK(hours_in(plan, "America/Sao_Paulo") ==
          Hours{"2027-01-05T14:00", "2027-03-16T13:00", "2027-11-09T14:00"});
}

TEST_CASE("the first gathering is the first that has not begun") {
    const auto first = [](const char* now, std::string_view words) {
        return wall_text(plan_of_words(words, "Europe/London", now).rhythms[0].start);
    };
    CHECK(first("2027-01-14T16:59:00Z", "every Thursday at 17:00") == "2027-01-14T17:00");
    CHECK(first("2027-01-14T17:00:01Z", "every Thursday at 17:00") == "2027-01-21T17:00");
    CHECK(first("2027-01-14T12:00:00Z", "first Monday of the month at 9am") == "2027-02-01T09:00");
    CHECK(first("2027-01-14T12:00:00Z", "every Thursday at 17:00, 6 times") == "2027-01-14T17:00");
    CHECK(first("2027-01-14T12:00:00Z", "2027-02-02 18:00") == "2027-02-02T18:00");
}

TEST_CASE("words that say too little are asked again") {
    ZoneBook zones(machine);
    for (const std::string_view words : {"weekly", "every Thursday", "at 17:00", "now and then"}) {
        CAPTURE(words);
        const auto heard =
            hear_rhythm({.words = std::string(words), .zone = "Europe/London", .minutes = 60},
                        machine.names(), zones, at("2027-01-14T12:00:00Z"));
        REQUIRE_FALSE(heard);
        CHECK(heard.error().kind == ErrorKind::invalid);
    }
}

TEST_CASE("a gathering that was moved is where it was moved to, under its own name") {
    Plan plan = plan_of_words("every Thursday at 17:00", "Europe/London", "2027-01-01T00:00:00Z");
    plan.gatherings = {
        {.original = wall("2027-01-14T17:00:00Z"), .moved = wall("2027-01-15T18:00:00Z")},
        {.original = wall("2027-01-21T17:00:00Z"), .cancelled = true}};
    ZoneBook zones(machine);
    const auto all =
        occurrences(plan, zones, at("2027-01-08T00:00:00Z"), at("2027-01-30T00:00:00Z"));
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK((*all)[0].begin == at("2027-01-15T18:00:00Z"));
    CHECK(name_of_when((*all)[0].original) == "20270114T170000");
    CHECK((*all)[1].cancelled);
    const auto next = next_occurrence(plan, zones, at("2027-01-16T00:00:00Z"));
    REQUIRE(next);
    REQUIRE(*next);
    CHECK((*next)->begin == at("2027-01-28T17:00:00Z"));
    const auto last = last_occurrences(plan, zones, at("2027-01-29T00:00:00Z"), 3);
    REQUIRE(last);
    REQUIRE(last->size() == 3);
    CHECK((*last)[0].begin == at("2027-01-28T17:00:00Z"));
    CHECK((*last)[1].begin == at("2027-01-15T18:00:00Z"));
}

TEST_CASE("the name of a gathering is read back, and nothing else is one") {
    const Wall original = wall("2027-01-14T17:00:00Z");
    CHECK(when_named(name_of_when(original)) == original);
    for (const std::string_view name : {"20270114T170000Z", "20270114", "20271314T170000", "x"}) {
        CAPTURE(name);
        CHECK_FALSE(when_named(name));
    }
}

TEST_CASE("links that pages show lead by https to a host") {
    CHECK(is_link("https://meet.example/lab?x=1"));
    for (const std::string_view text : {"http://meet.example", "https://", "https://a@b.example/",
                                        "javascript:alert(1)", "https://a b", "https://a\"b"}) {
        CAPTURE(text);
        CHECK_FALSE(is_link(text));
    }
}
