#include "app/demo.hpp"

#include "app/demo_gatherings.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/mail/wishes.hpp"

#include <array>

namespace allot::app {

namespace {

using circles::PartName;
using store::Transaction;

/// An invented person. The first two keep a circle together, the third one alone.
struct Invented {
    std::string_view mail;
    std::string_view name;
    std::string_view said;
    std::string_view zone;
    std::string_view languages;
    std::string_view own_words;
    std::string_view how_i_work;
    std::string_view hours;
};

constexpr std::array people_there = {
    Invented{"wieslawa", "Wiesława", "vyeh-SWAH-vah", "Europe/Warsaw", "polski, English",
             "Curious about what roots do when nobody looks.",
             "Mostly in writing. I answer on Sundays.", "Sun 10:00-13:00|Thu 18:00-20:00"},
    Invented{"nour", "نور", "noor", "Africa/Cairo", "العربية, English",
             "I draw plots by hand first, then in code.", "Voice is fine, captions help.",
             "Thu 19:00-21:00"},
    Invented{"tui", "Tui", "TOO-ee", "Pacific/Auckland", "English, te reo Māori",
             "Recording soil at night, one microphone at a time.", "",
             "Fri 07:00-09:00|Sat 08:00-12:00"},
    Invented{"adaeze", "Adaeze", "ah-DAH-zeh", "Africa/Lagos", "English, Igbo",
             "Stuck on a labelling scheme for leaf angles.", "", "Thu 18:00-19:30"},
    Invented{"arjun", "Arjun", "", "Asia/Kolkata", "English, हिन्दी",
             "Statistics for small samples, gladly explained.", "Half an hour is a good size.",
             "Thu 22:00-23:00"},
    Invented{"haruka", "はるか", "HAH-roo-kah", "Asia/Tokyo", "日本語, English",
             "New here, reads everything, asks later.", "Please write; I need time to answer.", ""},
    Invented{"joaquim", "Joaquim", "zhoo-ah-KEEN", "America/Sao_Paulo", "português, español",
             "Looking for people who also kept their failed runs.", "", "Thu 14:00-16:00"},
    Invented{"keahi", "Keahi", "keh-AH-hee", "Pacific/Honolulu", "English",
             "Between two jobs, glad about small things to do.", "", "Thu 07:00-08:00"},
    Invented{"robin", "Robin", "", "America/Los_Angeles", "English",
             "Writes the notes nobody else wants to write.", "", "Thu 09:00-10:00"},
    Invented{"amina", "Amina", "", "Africa/Nairobi", "Kiswahili, English",
             "Which plants close at which temperature?", "", "Thu 20:00-21:00"},
    Invented{"linnea", "Linnéa", "lin-NAY-ah", "Europe/Stockholm", "svenska, English",
             "Came back after half a year away.", "", ""},
    Invented{"morgan", "Morgan", "", "America/Toronto", "English, français",
             "Would like to look at one plot a week.", "", "Thu 12:00-13:00"},
};

constexpr std::size_t steward = 0;
constexpr std::size_t second_host = 1;
constexpr std::size_t lone_host = 2;
constexpr std::size_t member = 3;
constexpr std::size_t who_asks = 11;

[[nodiscard]] circles::About plants_at_night() {
    return {.name = "Plants at night",
            .kind = circles::Kind::lab,
            .issue = "What do plants do after sunset, and how would we know?",
            .framework = "One camera, one plant, one question; a plot each week.",
            .ways = {"Look at one picture and say what moved.",
                     "Label an hour of pictures with somebody.",
                     "Keep a camera of your own for a season."},
            .charter = {"To understand what plants do when nobody looks.",
                        "Thursdays for an hour, and in writing all week.",
                        "We ask before we advise. Everyone is named.",
                        "Two people, for half a year at a time.",
                        "Write to the other host. It stays with them.",
                        "When three meetings in a row find nobody, we say goodbye."},
            .joining = circles::Joining::ask,
            .split_size = 12};
}

[[nodiscard]] circles::About soil_and_sound() {
    return {.name = "Soil and sound",
            .kind = circles::Kind::open_collab,
            .issue = "Soil can be heard. Nobody has agreed how to write it down.",
            .framework = "Recordings from everywhere, one simple table for all.",
            .ways = {"Listen to a minute and describe it in one line.",
                     "Record your own soil for an evening.", ""},
            .charter = {"To find words for the sounds of soil.",
                        "In writing; we meet when we need to.", "No recording is too plain.",
                        "Whoever has time this season.", "", ""},
            .joining = circles::Joining::ask};
}

[[nodiscard]] std::string mail_of(const Invented& one) {
    return std::string(one.mail) + "@night-garden.invalid";
}

[[nodiscard]] Result<auth::PersonId> add(Transaction& transaction, const auth::CollectiveId& to,
                                         const Invented& one, auth::Role role, Moment now,
                                         Entropy& entropy) {
    const people::Profile profile{.name = std::string(one.name),
                                  .said = std::string(one.said),
                                  .own_words = std::string(one.own_words),
                                  .how_i_work = std::string(one.how_i_work),
                                  .languages = std::string(one.languages),
                                  .zone = std::string(one.zone)};
    TRY(auto id, people::add_person(transaction, to, mail_of(one), profile, role, now, entropy));
    TRY_DO(people::save_hours(transaction, to, id, {.free = std::string(one.hours), .maybe = ""}));
    return id;
}

[[nodiscard]] Result<DemoCircles> add_circles(Transaction& transaction,
                                              const auth::CollectiveId& in,
                                              const std::vector<auth::PersonId>& ids, Moment now,
                                              Entropy& entropy) {
    TRY(const auto plants,
        circles::open_circle(transaction, in, plants_at_night(), ids[steward], now, entropy));
    TRY_DO(circles::give_part(transaction, in, plants.id, ids[second_host], PartName::host, now));
    for (const std::size_t k : {3U, 4U, 5U, 6U, 9U, 10U}) {
        TRY_DO(circles::give_part(transaction, in, plants.id, ids[k], PartName::member, now));
    }
    TRY_DO(circles::ask_to_join(transaction, in, plants.id, ids[who_asks],
                                "I can label for an hour a week.", now, entropy));
    TRY(const auto soil,
        circles::open_circle(transaction, in, soil_and_sound(), ids[lone_host], now, entropy));
    for (const std::size_t k : {0U, 7U, 8U}) {
        TRY_DO(circles::give_part(transaction, in, soil.id, ids[k], PartName::member, now));
    }
    return DemoCircles{.plants = plants.id, .soil = soil.id};
}

/// Nobody reads there: no mail server is to be asked to find them.
[[nodiscard]] Result<void> want_no_reminders(Transaction& transaction,
                                             const auth::CollectiveId& in) {
    for (const Invented& one : people_there) {
        TRY_DO(mail::save_wishes(transaction, in.text(), auth::hash_of(mail_of(one)),
                                 {.digest = "none", .reminders = false}));
    }
    return {};
}

} // namespace

Result<DemoBegun> begin_demo(Transaction& transaction, Moment now, Entropy& entropy) {
    TRY(const auto collective,
        people::begin_collective(
            transaction,
            {.slug = std::string(demo_slug),
             .name = "Night Garden",
             .about = "Invented people who look at plants after sunset, one plot a week.",
             .zone = "Europe/Warsaw",
             .is_demo = true},
            now, entropy));
    std::vector<auth::PersonId> ids;
    for (const Invented& one : people_there) {
        const auto role = ids.empty() ? auth::Role::steward : auth::Role::member;
        TRY(auto id, add(transaction, collective, one, role, now, entropy));
        ids.push_back(std::move(id));
    }
    TRY_DO(people::save_rest(transaction, collective, ids[10], true));
    TRY(const DemoCircles in, add_circles(transaction, collective, ids, now, entropy));
    return DemoBegun{.collective = collective,
                     .hosts = {.first = ids[steward],
                               .second = ids[second_host],
                               .lone = ids[lone_host],
                               .member = ids[member]},
                     .circles = in};
}

Result<void> make_demo(store::Store& store, Moment now, Entropy& entropy) {
    return store.write([&](Transaction& transaction) -> Result<void> {
        TRY(const DemoBegun begun, begin_demo(transaction, now, entropy));
        TRY_DO(want_no_reminders(transaction, begun.collective));
        return add_demo_gatherings(transaction, begun.collective, begun.hosts, begun.circles, now,
                                   entropy);
    });
}

Result<bool> has_demo(store::Store& store) {
    return store.read([](Transaction& transaction) -> Result<bool> {
        TRY(const auto found, people::collective_named(transaction, demo_slug));
        if (!found) {
            return false;
        }
        TRY(const auto about, people::about_collective(transaction, found->id));
        return about.is_demo;
    });
}

Result<std::string> demo_sign_in_path(store::Store& store, Moment now, Entropy& entropy) {
    const auth::SignInLink link{.mail = std::string(demo_steward),
                                .browser = "",
                                .next = "/c/" + std::string(demo_slug) + "/today"};
    TRY(const std::string secret, store.write([&](Transaction& transaction) {
        return auth::make_link(transaction, link, now, entropy);
    }));
    return "/sign-in/" + secret;
}

} // namespace allot::app
