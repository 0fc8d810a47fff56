// client_samples FOLDER
// Writes sample feeds, NAME.ics, and beside each what a calendar has to show of it in 2026,
// NAME.expected: one line an instance, its begin in UTC (of a date the date) and its title, sorted.
#include "engine/calendar/feed.hpp"
#include "engine/calendar/zone_files.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::local_seconds;
using testing::at;
using testing::wall;

namespace {

struct Sample {
    std::string name;
    Feed feed;
};

/// Zones live as long as the program.
const Zone* zone(const char* name) {
    static std::map<std::string, Zone> zones;
    return &zones.try_emplace(name, testing::zone(name)).first->second;
}

Rule rule(const char* text) {
    auto parsed = parse_rule(text);
    ALLOT_CHECK(parsed, text);
    return *parsed;
}

FeedEvent event(const char* uid, const char* title, const char* start, const char* every,
                const Zone* on) {
    const auto begin = parse_wall_time(start);
    ALLOT_CHECK(begin, start);
    return {.uid = uid,
            .words = {.title = title},
            .series = {.start = *begin, .duration = 1h, .rule = rule(every)},
            .zone = on,
            .revision = {.day = std::chrono::sys_days(std::chrono::January / 5 / 2026)}};
}

/// Through both changes of the clock, one moved, one cancelled, one longer and with another title,
/// one added.
Sample weekly() {
    FeedEvent e = event("weekly@allotment.example", "Reading group", "20260226T170000",
                        "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261217T170000Z", zone("Europe/London"));
    e.series.overrides = {
        {.original = wall("2026-04-02T17:00Z"), .start = wall("2026-04-03T15:30Z")},
        {.original = wall("2026-03-26T17:00Z"),
         .start = wall("2026-03-26T17:00Z"),
         .cancelled = true},
        {.original = wall("2026-10-29T17:00Z"), .start = wall("2026-10-29T17:00Z"), .duration = 2h},
    };
    e.instance_words = {
        {.original = wall("2026-10-29T17:00Z"), .words = {.title = "Reading group, with guests"}}};
    e.series.extra = {wall("2026-05-05T10:00Z")};
    e.series.excluded = {wall("2026-08-06T17:00Z")};
    return {"weekly", {.name = "Reading group", .events = {e}}};
}

/// From June on on Wednesdays at six; then for good an hour and a half later.
Sample split() {
    FeedEvent e = event("split@allotment.example", "Stand-up", "20260203T170000",
                        "FREQ=WEEKLY;COUNT=40", zone("Europe/London"));
    e.series.overrides = {
        {.original = wall("2026-06-02T17:00Z"),
         .start = wall("2026-06-03T18:00Z"),
         .duration = 30min,
         .and_future = true},
        {.original = wall("2026-09-15T17:00Z"),
         .start = wall("2026-09-16T19:30Z"),
         .and_future = true},
        {.original = wall("2026-03-31T17:00Z"), .start = wall("2026-03-30T09:00Z")},
        {.original = wall("2026-06-09T17:00Z"), .start = wall("2026-06-08T12:00Z")},
        {.original = wall("2026-06-16T17:00Z"),
         .start = wall("2026-06-16T17:00Z"),
         .cancelled = true},
        {.original = wall("2026-10-27T17:00Z"), .start = wall("2026-10-25T01:30Z")},
    };
    return {"split", {.name = "Stand-up", .events = {e}}};
}

Sample monthly() {
    FeedEvent e = event("monthly@allotment.example", "Journal club", "20260130T160000",
                        "FREQ=MONTHLY;BYDAY=-1FR", zone("America/New_York"));
    e.series.overrides = {
        {.original = wall("2026-12-25T16:00Z"), .start = wall("2026-12-18T16:00Z")}};
    // A day later from August on: no rule says that.
    FeedEvent later = event("later@allotment.example", "Retreat", "20260130T090000",
                            "FREQ=MONTHLY;BYDAY=-1FR;COUNT=11", zone("America/New_York"));
    later.series.overrides = {{.original = wall("2026-08-28T09:00Z"),
                               .start = wall("2026-08-29T10:00Z"),
                               .and_future = true}};
    return {"monthly", {.name = "Monthly", .events = {e, later}}};
}

Sample dates() {
    FeedEvent e = event("dates@allotment.example", "Open day", "20260105",
                        "FREQ=MONTHLY;BYDAY=1MO;UNTIL=20261130", nullptr);
    e.series.duration = 24h;
    e.series.overrides = {
        {.original = wall("2026-05-04"), .start = wall("2026-05-11")},
        {.original = wall("2026-08-03"), .start = wall("2026-08-03"), .cancelled = true}};
    FeedEvent two_days =
        event("days@allotment.example", "Workshop", "20260320", "FREQ=YEARLY", nullptr);
    two_days.series.duration = 48h;
    return {"dates", {.name = "Days", .events = {e, two_days}}};
}

Sample words() {
    FeedEvent e =
        event("words@allotment.example", "Café, Übung; \\ наука 📅 勉強会", "20260107T193000",
              "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,SU;WKST=SU", zone("Asia/Kolkata"));
    e.words.description = "First line\nSecond, line; with \\ and a long word: "
                          "ÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜäöüß";
    e.words.location = "https://meet.example/room?a=1,2;b=3";
    e.words.url = "https://allotment.example/circles/7";
    return {"words", {.name = "Café & Wörter", .events = {e}}};
}

/// Half an hour of daylight saving; a change on a Saturday night; UTC; one that takes no time.
Sample zones() {
    FeedEvent lord_howe = event("howe@allotment.example", "Island", "20260107T090000",
                                "FREQ=WEEKLY", zone("Australia/Lord_Howe"));
    FeedEvent nuuk = event("nuuk@allotment.example", "Ice", "20260103T223000", "FREQ=WEEKLY",
                           zone("America/Nuuk"));
    FeedEvent utc =
        event("utc@allotment.example", "Call", "20260105T150000Z", "FREQ=MONTHLY", nullptr);
    utc.series.overrides = {
        {.original = wall("2026-04-05T15:00Z"), .start = wall("2026-04-06T15:00Z")}};
    FeedEvent moment = event("moment@allotment.example", "Deadline", "20260105T235959",
                             "FREQ=YEARLY", zone("Europe/Berlin"));
    moment.series.duration = 0h;
    return {"zones", {.name = "Zones", .events = {lord_howe, nuuk, utc, moment}}};
}

/// Nothing of the first is left to show.
Sample cancelled() {
    FeedEvent e = event("cancelled@allotment.example", "Cancelled", "20260106T170000",
                        "FREQ=WEEKLY;COUNT=10", zone("Europe/London"));
    e.cancelled = true;
    FeedEvent other = event("other@allotment.example", "Takes place", "20260106T120000",
                            "FREQ=WEEKLY;COUNT=3", zone("Europe/London"));
    return {"cancelled", {.name = "Cancelled", .events = {e, other}}};
}

/// What `instances` says, of everything that takes place.
std::vector<std::string> expected(const Feed& feed) {
    std::vector<std::string> lines;
    for (const FeedEvent& e : feed.events) {
        const Zone on = e.zone == nullptr ? Zone::utc() : *e.zone;
        const auto found = instances(e.series, on, at("2026-01-01"), at("2027-01-01"));
        ALLOT_CHECK(found, e.uid.c_str());
        for (const Instance& instance : *found) {
            if (e.cancelled || instance.cancelled) {
                continue;
            }
            const auto own =
                std::ranges::find(e.instance_words, instance.original, &InstanceWords::original);
            const bool is_date = e.series.start.form == TimeForm::date;
            lines.push_back(format_instant(instance.begin).substr(0, is_date ? 10 : 20) + " " +
                            (own == e.instance_words.end() ? e.words : own->words).title);
        }
    }
    std::ranges::sort(lines);
    return lines;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("client_samples FOLDER\n", stderr);
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    for (const Sample& sample :
         {weekly(), split(), monthly(), dates(), words(), zones(), cancelled()}) {
        std::ofstream(folder / (sample.name + ".ics"), std::ios::binary) << write_feed(sample.feed);
        std::ofstream out(folder / (sample.name + ".expected"), std::ios::binary);
        for (const std::string& line : expected(sample.feed)) {
            out << line << "\n";
        }
    }
}
