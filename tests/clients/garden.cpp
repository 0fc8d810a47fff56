// client_garden FOLDER
// Makes a database in FOLDER, as `allotment serve --data FOLDER` reads it: invented people whose
// series meet in zones with and without changes of the clock, moved, cancelled, renamed and split.
// Writes calendar.expected beside it: what a calendar has to show of the public ones in 2027, one
// line a gathering, its begin in UTC and its title, sorted.
#include "app/demo.hpp"
#include "app/rooms.hpp"
#include "app/zone_source.hpp"
#include "base/clock.hpp"
#include "collective/gatherings/feed_plan.hpp"
#include "collective/people/person_store.hpp"
#include "platform/world.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::gatherings;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_days begun = 2027y / std::chrono::January / 4;
constexpr std::chrono::sys_days lapses = 2027y / std::chrono::December / 20;

struct Planted {
    const char* title;
    const char* zone;
    const char* rule;
    std::chrono::local_days first;
    Audience audience = Audience::everyone;
};

const std::array planted = {Planted{"Journal club", "Europe/London", "FREQ=WEEKLY;BYDAY=TH",
                                    std::chrono::local_days(2027y / 1 / 7)},
                            Planted{"Lab meeting", "America/Los_Angeles", "FREQ=WEEKLY;BYDAY=MO",
                                    std::chrono::local_days(2027y / 1 / 4)},
                            Planted{"Open hour", "America/Sao_Paulo", "FREQ=MONTHLY;BYDAY=2TU",
                                    std::chrono::local_days(2027y / 1 / 12)},
                            Planted{"Reading, slowly", "Africa/Lagos",
                                    "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
                                    std::chrono::local_days(2027y / 1 / 6)},
                            Planted{"Evening walk", "Asia/Kolkata", "FREQ=WEEKLY;COUNT=20;BYDAY=SA",
                                    std::chrono::local_days(2027y / 1 / 9)},
                            Planted{"For members", "Europe/London", "FREQ=WEEKLY;BYDAY=FR",
                                    std::chrono::local_days(2027y / 1 / 8), Audience::members}};

/// Three weeks in, around the changes of the clock and in autumn: one moved to the next day, one
/// cancelled, one renamed.
[[nodiscard]] Result<void> change_some(Transaction& transaction, const auth::CollectiveId& garden,
                                       const Plan& plan, ZoneBook& zones) {
    TRY(const auto all, occurrences(plan, zones, Instant(begun), Instant(lapses)));
    for (std::size_t k = 2; k + 2 < all.size(); k += 5) {
        Gathering moved;
        moved.original = all[k].original;
        moved.moved = all[k].original + std::chrono::days(1) - 90min;
        moved.why = "The room is taken";
        TRY_DO(save_gathering(transaction, garden, plan.series.id, moved));
        Gathering cancelled;
        cancelled.original = all[k + 1].original;
        cancelled.cancelled = true;
        TRY_DO(save_gathering(transaction, garden, plan.series.id, cancelled));
        Gathering renamed;
        renamed.original = all[k + 2].original;
        renamed.title = plan.series.about.title + "; with guests";
        TRY_DO(save_gathering(transaction, garden, plan.series.id, renamed));
    }
    return {};
}

/// From the summer on an hour later and half as long, under a uid of its own.
[[nodiscard]] Result<void> split_in_summer(Transaction& transaction,
                                           const auth::CollectiveId& garden, Plan plan, Moment now,
                                           Entropy& entropy) {
    Rhythm then = plan.rhythms.front();
    Rhythm& before = plan.rhythms.front();
    before.rule += ";UNTIL=20270624T170000";
    TRY_DO(save_rhythm(transaction, garden, plan.series.id, before));
    then.number = 1;
    then.uid = new_uuid(now, entropy);
    then.start = std::chrono::local_days(2027y / 7 / 1) + 18h;
    then.minutes = 30;
    return add_rhythm(transaction, garden, plan.series.id, then);
}

[[nodiscard]] Result<void> plant_one(Transaction& transaction, const auth::CollectiveId& garden,
                                     const Planted& one, const auth::PersonId& host,
                                     ZoneBook& zones, Moment now, Entropy& entropy) {
    About about;
    about.title = one.title;
    about.about = "Two friends, an hour, one question; written notes stay.";
    about.audience = one.audience;
    about.link = "https://meet.example/garden";
    const Rhythm rhythm{.number = 0,
                        .uid = {},
                        .zone = one.zone,
                        .start = one.first + 17h,
                        .minutes = 60,
                        .rule = one.rule};
    TRY(const Series series,
        open_series(transaction, garden, std::nullopt, about, rhythm, host, now, entropy));
    TRY_DO(renew_series(transaction, garden, series.id, lapses));
    if (&one == planted.data()) {
        TRY(const Plan plan, plan_of(transaction, garden, series));
        TRY_DO(split_in_summer(transaction, garden, plan, now, entropy));
    }
    TRY(const auto renewed, find_series(transaction, garden, series.id));
    TRY(const Plan plan, plan_of(transaction, garden, *renewed));
    TRY_DO(change_some(transaction, garden, plan, zones));
    return revise_series(transaction, garden, plan, zones, begun + std::chrono::days(1));
}

/// Whenever this runs, it meets this week and next, and was written about: for news.
[[nodiscard]] Result<void> plant_tea(Transaction& transaction, const auth::CollectiveId& garden,
                                     const auth::PersonId& host, Entropy& entropy) {
    const SystemClock clock;
    const auto today = std::chrono::floor<std::chrono::days>(clock.now());
    About about;
    about.title = "Tea & talk";
    const std::chrono::local_days first((today - std::chrono::days(20)).time_since_epoch());
    const Rhythm rhythm{.number = 0,
                        .uid = {},
                        .zone = "Africa/Lagos",
                        .start = first + 16h,
                        .minutes = 60,
                        .rule = "FREQ=WEEKLY"};
    TRY(const Series series, open_series(transaction, garden, std::nullopt, about, rhythm, host,
                                         clock.now() - std::chrono::days(21), entropy));
    TRY_DO(renew_series(transaction, garden, series.id, today + std::chrono::days(60)));
    Gathering written;
    written.original = rhythm.start;
    written.learned = "Roots <listen>.\nLeaves & light.";
    return save_gathering(transaction, garden, series.id, written);
}

/// What pages say takes place.
[[nodiscard]] Result<std::vector<std::string>>
expected(Transaction& transaction, const auth::CollectiveId& garden, ZoneBook& zones) {
    std::vector<std::string> lines;
    TRY(const auto plans, all_plans(transaction, garden));
    for (const Plan& plan : plans) {
        if (plan.series.about.audience != Audience::everyone) {
            continue;
        }
        const Instant end =
            std::min<Instant>(plan.series.renew, std::chrono::sys_days(2028y / 1 / 1));
        TRY(const auto all, occurrences(plan, zones, std::chrono::sys_days(2027y / 1 / 1), end));
        for (const Occurrence& one : all) {
            if (!one.cancelled) {
                lines.push_back(format_instant(one.begin) + " " +
                                title_of(plan.series, one.gathering));
            }
        }
    }
    std::ranges::sort(lines);
    return lines;
}

[[nodiscard]] Result<void> plant(const std::string& folder) {
    SystemEntropy entropy;
    const Moment now = begun + 12h;
    const app::ZoneFolder machine;
    TRY(const auto store,
        store::Store::open({.url = "sqlite:" + folder + "/allotment.sqlite"}, app::migrations()));
    TRY_DO(app::make_demo(*store, now, entropy));
    auto lines = store->write([&](Transaction& transaction) -> Result<std::vector<std::string>> {
        ZoneBook zones(machine);
        TRY(const auto garden, people::collective_named(transaction, app::demo_slug));
        TRY(const auto people, people::all_people(transaction, garden->id));
        for (const Planted& one : planted) {
            TRY_DO(plant_one(transaction, garden->id, one, people.front().id, zones, now, entropy));
        }
        TRY_DO(plant_tea(transaction, garden->id, people.front().id, entropy));
        return expected(transaction, garden->id, zones);
    });
    if (!lines) {
        return std::unexpected(std::move(lines).error());
    }
    std::ofstream out(folder + "/calendar.expected", std::ios::binary);
    for (const std::string& line : *lines) {
        out << line << "\n";
    }
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("client_garden FOLDER\n", stderr);
        return 2;
    }
    if (const auto done = plant(argv[1]); !done) {
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
        return 1;
    }
    return 0;
}
