/// plant FOLDER: a database as `allotment serve --demo --data FOLDER` would begin it, with so many
/// more people and circles that the collective has 200 members, and 200 series of which 1,000
/// gatherings were moved, cancelled or renamed.
#include "app/demo.hpp"
#include "app/rooms.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/gatherings/series_store.hpp"
#include "collective/people/person_store.hpp"
#include "platform/world.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace allot;
using store::Transaction;

constexpr std::size_t members = 200;
constexpr std::size_t of_demo = 12;
constexpr std::size_t in_circle = 12; ///< the last circle has what is left

constexpr std::array zones = {"Europe/Berlin",    "America/New_York", "Asia/Kolkata",
                              "Africa/Nairobi",   "Asia/Tokyo",       "America/Sao_Paulo",
                              "Pacific/Auckland", "Europe/London"};

[[nodiscard]] Result<auth::PersonId> add_one(Transaction& transaction, const auth::CollectiveId& to,
                                             std::size_t number, Moment now, Entropy& entropy) {
    const people::Profile profile{
        .name = fmt::format("Gardener {}", number),
        .own_words = fmt::format("Looks after plot {}, and asks what grows beside it.", number),
        .how_i_work = "Mostly in writing. I answer within a week.",
        .languages = "English",
        .zone = zones.at(number % zones.size())};
    const std::string mail = fmt::format("gardener{}@night-garden.invalid", number);
    TRY(auto id,
        people::add_person(transaction, to, mail, profile, auth::Role::member, now, entropy));
    TRY_DO(people::save_hours(transaction, to, id, {.free = "Thu 18:00-20:00", .maybe = ""}));
    return id;
}

[[nodiscard]] circles::About about_circle(std::size_t number) {
    return {.name = fmt::format("Bed {}", number),
            .kind = circles::Kind::lab,
            .issue = fmt::format("What does bed {} tell us that the others do not?", number),
            .framework = "One question, one plot, one week.",
            .ways = {"Look at one picture and say what moved.", "Label an hour of pictures.", ""},
            .charter = {"To understand one bed.", "Thursdays for an hour.", "We ask first.",
                        "Two people at a time.", "Write to a host.", "When nobody comes."},
            .joining = circles::Joining::ask};
}

[[nodiscard]] Result<void> add_circle(Transaction& transaction, const auth::CollectiveId& in,
                                      std::size_t number, std::span<const auth::PersonId> people,
                                      Moment now, Entropy& entropy) {
    TRY(const auto circle,
        circles::open_circle(transaction, in, about_circle(number), people.front(), now, entropy));
    for (std::size_t k = 1; k < people.size(); ++k) {
        const auto part = k == 1 ? circles::PartName::host : circles::PartName::member;
        TRY_DO(circles::give_part(transaction, in, circle.id, people[k], part, now));
    }
    return {};
}

constexpr std::size_t all_series = 200;
constexpr std::size_t changes_of_each = 5;

/// Every week in one of eight zones, on one of the days of the week; of the first gatherings one is
/// moved, one cancelled, one renamed, and so on.
[[nodiscard]] Result<void> add_series(Transaction& transaction, const auth::CollectiveId& in,
                                      std::size_t number, const auth::PersonId& host, Moment now,
                                      Entropy& entropy) {
    using gatherings::Wall;
    gatherings::About about;
    about.title = fmt::format("Series {}", number);
    about.about = "An hour a week about one bed; what we see is written down.";
    about.agenda = "Look\nAsk\nWrite three lines";
    about.link = "https://meet.example/night-garden";
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const Wall first{(today + std::chrono::days(number % 7)).time_since_epoch() +
                     std::chrono::hours(9 + number % 12)};
    const gatherings::Rhythm rhythm{.number = 0,
                                    .uid = {},
                                    .zone = zones.at(number % zones.size()),
                                    .start = first,
                                    .minutes = 60,
                                    .rule = "FREQ=WEEKLY"};
    TRY(const auto series,
        gatherings::open_series(transaction, in, std::nullopt, about, rhythm, host, now, entropy));
    for (std::size_t k = 0; k < changes_of_each; ++k) {
        gatherings::Gathering one;
        one.original = first + std::chrono::weeks(2 * k + 1);
        one.cancelled = k % 3 == 1;
        if (k % 3 == 0) {
            one.moved = one.original + std::chrono::hours(3);
            one.why = "The room is taken";
        } else if (k % 3 == 2) {
            one.title = fmt::format("Series {}, with guests", number);
        }
        TRY_DO(gatherings::save_gathering(transaction, in, series.id, one));
    }
    return {};
}

[[nodiscard]] Result<void> add_all(Transaction& transaction, Moment now, Entropy& entropy) {
    TRY(const auto demo, people::collective_named(transaction, app::demo_slug));
    std::vector<auth::PersonId> ids;
    for (std::size_t k = of_demo; k < members; ++k) {
        TRY(auto id, add_one(transaction, demo->id, k + 1, now, entropy));
        ids.push_back(std::move(id));
    }
    std::size_t number = 0;
    for (std::span<const auth::PersonId> rest = ids; !rest.empty();) {
        const auto some = rest.first(std::min(in_circle, rest.size()));
        TRY_DO(add_circle(transaction, demo->id, ++number, some, now, entropy));
        rest = rest.subspan(some.size());
    }
    for (std::size_t k = 0; k < all_series; ++k) {
        TRY_DO(add_series(transaction, demo->id, k + 1, ids[k % ids.size()], now, entropy));
    }
    return {};
}

[[nodiscard]] Result<void> plant(const std::string& folder) {
    const SystemClock clock;
    SystemEntropy entropy;
    TRY(const auto store,
        store::Store::open({.url = "sqlite:" + folder + "/allotment.sqlite"}, app::migrations()));
    TRY_DO(app::make_demo(*store, clock.now(), entropy));
    return store->write(
        [&](Transaction& transaction) { return add_all(transaction, clock.now(), entropy); });
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "plant FOLDER\n");
        return 2;
    }
    if (const auto planted = plant(argv[1]); !planted) {
        fmt::print(stderr, "{}\n", planted.error().message);
        return 1;
    }
    return 0;
}
