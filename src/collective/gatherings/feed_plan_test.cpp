#include "collective/gatherings/feed_plan.hpp"
#include "engine/calendar/ical.hpp"
#include "engine/calendar/zone_files.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::gatherings;
using namespace std::chrono_literals;
using calendar::testing::wall;
using std::chrono::sys_days;

namespace {

const sys_days today = 2027y / std::chrono::January / 14;
const sys_days summer = 2027y / std::chrono::July / 1;

/// The zones of this machine.
class MachineZones final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view /*name*/) const override { return true; }
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override {
        return calendar::testing::zone_bytes(std::string(name));
    }
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_;
};

/// Thursdays at 17:00, kept until July.
Plan weekly(const char* zone) {
    Plan plan;
    plan.series.id = SeriesId("01a3117e-8000-7000-8000-000000000001");
    plan.series.slug = "journal-club";
    plan.series.about.title = "Journal club";
    plan.series.about.link = "https://meet.example/lab";
    plan.series.about.link_for = LinkFor::members;
    plan.series.renew = summer;
    plan.series.began = today;
    plan.rhythms = {{.number = 0,
                     .uid = "01a3117e-8000-7000-8000-00000000000a",
                     .zone = zone,
                     .start = wall("2027-01-14T17:00Z"),
                     .minutes = 60,
                     .rule = "FREQ=WEEKLY;BYDAY=TH",
                     .revision = {.day = today}}};
    return plan;
}

Gathering one_at(const char* original) {
    Gathering one;
    one.original = wall(original);
    return one;
}

/// One moved to Friday, one cancelled, one longer, one with a title of its own.
Plan with_changes(const char* zone) {
    Plan plan = weekly(zone);
    Gathering moved = one_at("2027-03-11T17:00Z");
    moved.moved = wall("2027-03-12T15:30Z");
    moved.why = "The room is taken";
    Gathering cancelled = one_at("2027-03-25T17:00Z");
    cancelled.cancelled = true;
    Gathering longer = one_at("2027-04-01T17:00Z");
    longer.minutes = 120;
    Gathering titled = one_at("2027-04-08T17:00Z");
    titled.title = "Journal club, with guests";
    Gathering noted = one_at("2027-01-21T17:00Z");
    noted.notes = "We read slowly.";
    plan.gatherings = {noted, moved, cancelled, longer, titled};
    return plan;
}

/// From May on on Mondays at nine, elsewhere.
Plan split(const char* zone, const char* then) {
    Plan plan = with_changes(zone);
    plan.rhythms.front().rule = "FREQ=WEEKLY;UNTIL=20270429T170000;BYDAY=TH";
    plan.rhythms.push_back({.number = 1,
                            .uid = "01a3117e-8000-7000-8000-00000000000b",
                            .zone = then,
                            .start = wall("2027-05-03T09:00Z"),
                            .minutes = 30,
                            .rule = "FREQ=WEEKLY;BYDAY=MO",
                            .revision = {.day = today}});
    return plan;
}

const FeedVoice to_all{.base = "https://lab.example/c/lab", .join = "To join:", .page = "Page:"};
const FeedVoice to_members{.base = "https://lab.example/c/lab", .to_members = true};

std::string written(const Plan& plan, const FeedVoice& voice, sys_days on = today) {
    const MachineZones machine;
    ZoneBook zones(machine);
    const auto feed = feed_of("Lab", std::span(&plan, 1), zones, voice, on);
    REQUIRE(feed);
    return calendar::write_feed(*feed);
}

bool has(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

/// Begin and end of what takes place.
using Moments = std::set<std::pair<Instant, Instant>>;

/// As our own reader of calendars finds it in a feed.
Moments moments_in(const std::string& feed) {
    const auto zone_named = [](std::string_view name) -> std::optional<calendar::Zone> {
        return calendar::testing::zone(std::string(name));
    };
    const auto read = calendar::read_calendar(feed, zone_named);
    REQUIRE(read);
    Moments all;
    for (const auto& event : read->events) {
        const calendar::Zone zone = event.zone ? *event.zone : calendar::Zone::utc();
        const auto instances =
            calendar::instances(event.series, zone, Instant(today), Instant(summer));
        REQUIRE(instances);
        for (const auto& one : *instances) {
            if (!one.cancelled) {
                all.emplace(one.begin, one.end);
            }
        }
    }
    return all;
}

/// As pages show it.
Moments moments_of(const Plan& plan) {
    const MachineZones machine;
    ZoneBook zones(machine);
    const auto all = occurrences(plan, zones, Instant(today), Instant(plan.series.renew));
    REQUIRE(all);
    Moments moments;
    for (const Occurrence& one : *all) {
        if (!one.cancelled) {
            moments.emplace(one.begin, one.end);
        }
    }
    return moments;
}

calendar::Revision revision_after(const Plan& before, const Plan& after, sys_days on) {
    const MachineZones machine;
    ZoneBook zones(machine);
    const auto rhythms = revised(before, after, zones, on);
    REQUIRE(rhythms);
    return rhythms->front().revision;
}

constexpr std::array all_zones = {"Europe/London", "America/Los_Angeles", "America/Sao_Paulo",
                                  "Africa/Lagos", "Asia/Kolkata"};

} // namespace

TEST_CASE("a calendar takes place when the pages say, across the changes of the clock") {
    for (const char* const zone : all_zones) {
        CAPTURE(zone);
        CHECK(moments_in(written(weekly(zone), to_all)) == moments_of(weekly(zone)));
        CHECK(moments_in(written(with_changes(zone), to_all)) == moments_of(with_changes(zone)));
        for (const char* const then : all_zones) {
            CAPTURE(then);
            const Plan plan = split(zone, then);
            CHECK(moments_in(written(plan, to_all)) == moments_of(plan));
        }
    }
}

TEST_CASE("a calendar ends with the day on which a series lapses or has ended") {
    Plan plan = with_changes("Europe/London");
    for (const char* const rule :
         {"FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;COUNT=3;BYDAY=TH", "FREQ=WEEKLY;COUNT=30;BYDAY=TH",
          "FREQ=WEEKLY;UNTIL=20270204T170000;BYDAY=TH", "FREQ=MONTHLY;BYDAY=2TH"}) {
        plan.rhythms.front().rule = rule;
        for (const sys_days end :
             {today + std::chrono::days(1), today + std::chrono::days(60), summer}) {
            plan.series.renew = end;
            CAPTURE(rule);
            CHECK(moments_in(written(plan, to_all)) == moments_of(plan));
        }
    }
}

TEST_CASE("what has not begun when a series ends is cancelled, and forgotten in time") {
    Plan plan = split("Europe/London", "Europe/London");
    plan.series.renew = 2027y / std::chrono::April / 1;
    const std::string text = written(plan, to_all);
    CHECK(has(text, "STATUS:CANCELLED"));
    CHECK(has(text, plan.rhythms.back().uid));
    const std::string later = written(plan, to_all, today + std::chrono::days(100));
    CHECK_FALSE(has(later, plan.rhythms.back().uid));
    CHECK(has(later, plan.rhythms.front().uid));
}

TEST_CASE("a link for members is in no calendar of others") {
    const Plan plan = with_changes("Europe/London");
    CHECK_FALSE(has(written(plan, to_all), "meet.example"));
    CHECK(has(written(plan, to_members), "LOCATION:https://meet.example/lab"));
    Plan open = plan;
    open.series.about.link_for = LinkFor::all;
    CHECK(has(written(open, to_all), "LOCATION:https://meet.example/lab"));
    open.series.about.place = "Room 7";
    CHECK(has(written(open, to_all), "LOCATION:Room 7"));
    CHECK(has(written(open, to_all), "To join: https://meet.example/lab"));
}

TEST_CASE("each gathering that differs leads to its own page, others to that of the series") {
    const std::string text = written(with_changes("Europe/London"), to_all);
    CHECK(has(text, "URL:https://lab.example/c/lab/series/journal-club\r\n"));
    CHECK(has(text, "URL:https://lab.example/c/lab/series/journal-club/20270311T170000\r\n"));
    CHECK(has(text, "SUMMARY:Journal club\\, with guests"));
    CHECK(has(text, "The room is taken"));
    CHECK_FALSE(has(text, "We read slowly."));
}

TEST_CASE("a turn of the reader stands in the title, where it takes place") {
    const Plan plan = with_changes("Europe/London");
    FeedVoice voice = to_members;
    voice.turn_names = {"you host", "you present", "you write down", "you open the questions"};
    voice.turns = {{plan.series.id, wall("2027-02-04T17:00Z"), TurnKind::presenter},
                   {plan.series.id, wall("2027-04-08T17:00Z"), TurnKind::host},
                   {plan.series.id, wall("2027-03-25T17:00Z"), TurnKind::scribe}};
    const std::string text = written(plan, voice);
    CHECK(has(text, "SUMMARY:Journal club (you present)"));
    CHECK(has(text, "SUMMARY:Journal club\\, with guests (you host)"));
    CHECK_FALSE(has(text, "write down")); // that one is cancelled
    CHECK(moments_in(text) == moments_of(plan));
}

TEST_CASE("the same content is the same bytes, whenever it is written") {
    const Plan plan = with_changes("Europe/London");
    const std::string text = written(plan, to_all);
    CHECK(written(plan, to_all, today + std::chrono::days(40)) == text);
}

TEST_CASE("what calendars show the same keeps its revision") {
    const Plan before = with_changes("Europe/London");
    Plan after = before;
    CHECK(revision_after(before, after, today + std::chrono::days(3)) ==
          before.rhythms.front().revision);
    after.gatherings.front().learned = "Roots listen.";
    after.gatherings.front().held = "yes";
    after.series.about.seats = 12;
    CHECK(revision_after(before, after, today + std::chrono::days(3)) ==
          before.rhythms.front().revision);
}

TEST_CASE("other words are a new day, another time or place is a sequence more as well") {
    const Plan before = with_changes("Europe/London");
    const auto was = before.rhythms.front().revision;
    Plan words = before;
    words.series.about.agenda = "Read, then talk";
    const auto told = revision_after(before, words, today + std::chrono::days(3));
    CHECK(told ==
          calendar::Revision{.day = today + std::chrono::days(3), .sequence = was.sequence});
    Plan moved = before;
    moved.gatherings[1].moved = wall("2027-03-12T16:00Z");
    CHECK(revision_after(before, moved, today + std::chrono::days(3)).sequence == was.sequence + 1);
    Plan elsewhere = before;
    elsewhere.series.about.place = "Room 8";
    CHECK(revision_after(before, elsewhere, today + std::chrono::days(3)).sequence ==
          was.sequence + 1);
    Plan ended = before;
    ended.series.renew = today + std::chrono::days(30);
    CHECK(revision_after(before, ended, today + std::chrono::days(3)).sequence == was.sequence + 1);
    const auto again = revision_after(before, moved, was.day);
    CHECK(again.day == was.day);
    CHECK(again.change_of_day == was.change_of_day + 1);
}

TEST_CASE("a rhythm that is new keeps the revision that it was begun with") {
    const Plan before = with_changes("Europe/London");
    const Plan after = split("Europe/London", "Africa/Lagos");
    const MachineZones machine;
    ZoneBook zones(machine);
    const auto rhythms = revised(before, after, zones, today + std::chrono::days(3));
    REQUIRE(rhythms);
    CHECK(rhythms->front().revision.sequence == 1);
    CHECK(rhythms->back().revision == after.rhythms.back().revision);
}
