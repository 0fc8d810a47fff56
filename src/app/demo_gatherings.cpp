#include "app/demo_gatherings.hpp"

#include "app/demo_thread.hpp"
#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/turn_store.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace allot::app {

namespace {

using gatherings::About;
using gatherings::Rhythm;
using gatherings::Series;
using gatherings::TurnKind;
using gatherings::Wall;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::weeks;
using store::Transaction;

/// The next such weekday, today included, at an hour of the wall.
[[nodiscard]] Wall next_on(Moment now, std::chrono::weekday day, hours hour) {
    const auto today = std::chrono::floor<days>(now);
    const auto until = day - std::chrono::weekday(today);
    return std::chrono::local_days((today + until).time_since_epoch()) + hour;
}

/// The first such weekday of this month, at an hour of the wall.
[[nodiscard]] Wall first_of_month(Moment now, std::chrono::weekday day, hours hour) {
    const std::chrono::year_month_day today(std::chrono::floor<days>(now));
    return std::chrono::local_days(today.year() / today.month() / day[1]) + hour;
}

/// A day before the first gathering: what is said of a series since it began counts that one too.
[[nodiscard]] Moment began(const Rhythm& rhythm, Moment now) {
    return std::min(now, Moment(rhythm.start.time_since_epoch()) - days(1));
}

[[nodiscard]] About night_plots() {
    return {.title = "One plot a week",
            .about = "We look at one plot of what plants did last night, and ask what would come "
                     "next. Half-finished is welcome; come once, or stay.",
            .audience = gatherings::Audience::everyone,
            .agenda = "Arrive, and say what you saw this week\nOne plot, shown by whoever made it\n"
                      "Three questions, from the thread first\nWhat would the next plot be?\n"
                      "Three lines: what we learned",
            .lighter = gatherings::Lighter::quiet,
            .link = "https://meet.night-garden.invalid/plots",
            .access = "Captions are on. The plot is described in words. Cameras are optional.",
            .turns = {TurnKind::host, TurnKind::presenter, TurnKind::scribe, TurnKind::opener}};
}

[[nodiscard]] About listening_hour() {
    return {.title = "Listening hour",
            .about = "Two recordings of soil, heard together, and a word for each sound.",
            .audience = gatherings::Audience::members,
            .agenda = "Listen once without a word\nListen again, and write one line each\n"
                      "Which word would others understand?",
            .lighter = gatherings::Lighter::walk,
            .link = "https://meet.night-garden.invalid/soil",
            .access = "Each recording has a picture of its sound.",
            .turns = {TurnKind::host, TurnKind::scribe}};
}

[[nodiscard]] About seed_swap() {
    return {.title = "Seed swap and mending",
            .about = "Bring seeds, or a garden tool that is broken. Tea for those who watch.",
            .audience = gatherings::Audience::everyone,
            .agenda = "Put what you brought on the table\nMend together, and ask aloud\nTidy up",
            .lighter = gatherings::Lighter::walk,
            .place = "The long table behind the greenhouse",
            .access = "No steps. There is a quiet corner.",
            .seats = 12,
            .turns = {TurnKind::host}};
}

/// 10.5555 is a prefix for examples: nothing is registered under it.
constexpr std::string_view demo_paper_link = "https://doi.org/10.5555/night-garden.1";

struct Evening {
    const char* title;
    const char* learned;
    const char* decided;
};
/// From the oldest to the newest.
constexpr std::array<Evening, 3> evenings = {{
    {"When do bean leaves fold?",
     "Bean leaves fold within twenty minutes of dusk.\nThe lamp in the corridor delays it.\nOne "
     "camera had its clock wrong; we found it by the folding.",
     "The corridor lamp goes off at ten, for two weeks."},
    {"Two cameras, one leaf",
     "The second camera sees the stem move first.\nDew on the lens looks like folding.\nA plot of "
     "both angles says more than either.",
     "Both cameras go on, with a small hood against dew."},
    {"A night without the lamp",
     "Without the lamp the leaf folds forty minutes earlier.\nOne plant did not fold, and we do "
     "not know why.\nSomebody in the thread asked about temperature: nobody had looked.",
     "Temperature is measured beside each pot from now on."},
}};

/// Of the next evening three are sure, so that nobody invented is asked by mail, and somebody
/// stands by; for the one after it somebody was asked; the rest is open.
[[nodiscard]] Result<void> add_turns(Transaction& transaction, const auth::CollectiveId& in,
                                     const Series& series, const DemoHosts& hosts, Wall next) {
    const std::array<gatherings::Turn, 4> turns = {
        gatherings::Turn{
            .original = next, .kind = TurnKind::host, .person = hosts.first, .confirmed = true},
        gatherings::Turn{.original = next,
                         .kind = TurnKind::presenter,
                         .person = hosts.second,
                         .confirmed = true,
                         .standby = hosts.lone},
        gatherings::Turn{
            .original = next, .kind = TurnKind::scribe, .person = hosts.member, .confirmed = true},
        gatherings::Turn{
            .original = next + weeks(1), .kind = TurnKind::presenter, .asked = hosts.lone}};
    for (const gatherings::Turn& turn : turns) {
        TRY_DO(gatherings::save_turn(transaction, in, series.id, turn));
    }
    return {};
}

[[nodiscard]] Result<void> add_evenings(Transaction& transaction, const auth::CollectiveId& in,
                                        const Series& series, const Rhythm& rhythm,
                                        std::size_t past) {
    for (std::size_t k = 0; k < evenings.size(); ++k) {
        const Evening& one = evenings[k];
        const auto week = static_cast<std::int64_t>(past - evenings.size() + k);
        TRY_DO(gatherings::save_gathering(transaction, in, series.id,
                                          {.original = rhythm.start + weeks(week),
                                           .title = one.title,
                                           .learned = one.learned,
                                           .decided = one.decided,
                                           .held = "yes"}));
    }
    const Wall next = rhythm.start + weeks(static_cast<std::int64_t>(past));
    TRY_DO(gatherings::save_gathering(
        transaction, in, series.id,
        {.original = next,
         .title = "Is it the light, or the warmth?",
         .paper_title = "A short history of watching plants at night (invented)",
         .paper_link = std::string(demo_paper_link)}));
    TRY_DO(gatherings::save_gathering(transaction, in, series.id,
                                      {.original = next + weeks(1),
                                       .moved = next + weeks(1) + days(1),
                                       .why = "The host travels on Thursday."}));
    TRY_DO(gatherings::save_gathering(
        transaction, in, series.id,
        {.original = next + weeks(2), .cancelled = true, .why = "A holiday for most of us."}));
    return gatherings::save_gathering(transaction, in, series.id,
                                      {.original = next + weeks(3), .lighter = true});
}

} // namespace

Result<void> add_demo_gatherings(Transaction& transaction, const auth::CollectiveId& in,
                                 const DemoHosts& hosts, const DemoCircles& circles, Moment now,
                                 Entropy& entropy) {
    constexpr std::size_t weeks_past = 6;
    const Rhythm thursdays{.zone = "Europe/Warsaw",
                           .start =
                               next_on(now, std::chrono::Thursday, hours(18)) - weeks(weeks_past),
                           .minutes = 60,
                           .rule = "FREQ=WEEKLY;BYDAY=TH"};
    TRY(const Series plots,
        gatherings::open_series(transaction, in, circles.plants, night_plots(), thursdays,
                                hosts.first, began(thursdays, now), entropy));
    TRY_DO(gatherings::add_host(transaction, in, plots.id, hosts.second));
    TRY_DO(add_evenings(transaction, in, plots, thursdays, weeks_past));
    const Wall next = thursdays.start + weeks(weeks_past);
    TRY_DO(add_turns(transaction, in, plots, hosts, next));
    TRY_DO(add_demo_thread(transaction, in, plots, hosts, next - weeks(1), next, now, entropy));
    TRY_DO(add_demo_letter(transaction, in, circles.plants, now, entropy));

    const Rhythm tuesdays{.zone = "America/Sao_Paulo",
                          .start = next_on(now, std::chrono::Tuesday, hours(20)) - weeks(4),
                          .minutes = 60,
                          .rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"};
    TRY_DO(gatherings::open_series(transaction, in, circles.soil, listening_hour(), tuesdays,
                                   hosts.lone, began(tuesdays, now), entropy));

    const Rhythm saturdays{.zone = "Africa/Nairobi",
                           .start = first_of_month(now, std::chrono::Saturday, hours(15)),
                           .minutes = 120,
                           .rule = "FREQ=MONTHLY;BYDAY=1SA"};
    TRY(const Series swap,
        gatherings::open_series(transaction, in, std::nullopt, seed_swap(), saturdays, hosts.second,
                                began(saturdays, now), entropy));
    return gatherings::add_host(transaction, in, swap.id, hosts.first);
}

} // namespace allot::app
