#include "app/demo_thread.hpp"

#include "app/demo_plot.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/picture.hpp"
#include "collective/gatherings/presence.hpp"
#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/thread_store.hpp"

namespace allot::app {

namespace {

using gatherings::AdditionId;
using gatherings::AdditionKind;
using gatherings::GatheringKey;
using store::Transaction;

/// When people wrote about an evening: on the same night.
[[nodiscard]] Moment night_of(gatherings::Wall evening) {
    return Moment(evening.time_since_epoch()) + std::chrono::hours(2);
}

[[nodiscard]] Result<void> add_question(Transaction& transaction, const GatheringKey& about,
                                        const DemoHosts& hosts, Entropy& entropy) {
    const Moment then = night_of(about.original);
    TRY(const AdditionId question,
        gatherings::add_addition(transaction, about,
                                 {.kind = AdditionKind::question,
                                  .words = "One leaf did not fold. Was its pot warmer than the "
                                           "others?",
                                  .picture_words = {},
                                  .person = hosts.member,
                                  .guest_name = {},
                                  .guest_key = {},
                                  .answers = std::nullopt},
                                 then, entropy));
    TRY_DO(gatherings::add_addition(
        transaction, about,
        {.kind = AdditionKind::answer,
         .words = "Nobody looked. A thermometer stands beside each pot from now on.",
         .picture_words = {},
         .person = hosts.second,
         .guest_name = {},
         .guest_key = {},
         .answers = question},
        then + std::chrono::hours(1), entropy));
    return {};
}

[[nodiscard]] Result<AdditionId> add_plot(Transaction& transaction, const GatheringKey& about,
                                          const DemoHosts& hosts, Entropy& entropy) {
    TRY(const gatherings::Picture picture, gatherings::read_picture(demo_plot()));
    return gatherings::add_addition(transaction, about,
                                    {.kind = AdditionKind::plot,
                                     .words = "The same plant on two nights. Half-finished: one "
                                              "plant is no result.",
                                     .picture = &picture,
                                     .picture_words = std::string(demo_plot_words),
                                     .person = hosts.first,
                                     .guest_name = {},
                                     .guest_key = {},
                                     .answers = std::nullopt},
                                    night_of(about.original), entropy);
}

[[nodiscard]] Result<void> add_notes(Transaction& transaction, const GatheringKey& about,
                                     const AdditionId& plot) {
    TRY(auto evening,
        gatherings::gathering_at(transaction, about.collective, about.series, about.original));
    evening.notes = "We looked at one plot for half an hour, and at the camera for ten minutes.\n"
                    "Two people were here for the first time; both asked about the one leaf that "
                    "stayed open.\nNobody has to prepare anything for the next evening.";
    evening.first_plot = plot;
    return gatherings::save_gathering(transaction, about.collective, about.series, evening);
}

/// Of two guests without an account: one that a host has looked at, and one that waits for it.
[[nodiscard]] Result<void> add_guests_words(Transaction& transaction, const GatheringKey& about,
                                            Moment now, Entropy& entropy) {
    TRY_DO(gatherings::add_addition(
        transaction, about,
        {.kind = AdditionKind::idea,
         .words = "Put one pot on a heat mat, without any light. Then we would know.",
         .picture_words = {},
         .person = std::nullopt,
         .guest_name = "Perrin",
         .guest_key = {},
         .answers = std::nullopt},
        now, entropy));
    TRY_DO(gatherings::add_addition(
        transaction, about,
        {.kind = AdditionKind::question,
         .words = "I read the last three lines. Could you also measure how damp the soil is?",
         .picture_words = {},
         .person = std::nullopt,
         .guest_name = "Sol",
         .guest_key = {},
         .answers = std::nullopt,
         .state = gatherings::AdditionState::waiting},
        now, entropy));
    return {};
}

[[nodiscard]] Result<void> add_plans(Transaction& transaction, const GatheringKey& about,
                                     const DemoHosts& hosts) {
    for (const auth::PersonId& person : {hosts.first, hosts.second, hosts.member}) {
        TRY_DO(gatherings::save_plan(transaction, about, person.text(),
                                     gatherings::plan_names.front(), std::nullopt));
    }
    return gatherings::save_plan(transaction, about, hosts.lone.text(),
                                 gatherings::plan_names.back(), std::nullopt);
}

} // namespace

Result<void> add_demo_thread(Transaction& transaction, const auth::CollectiveId& in,
                             const gatherings::Series& series, const DemoHosts& hosts,
                             gatherings::Wall last, gatherings::Wall next, Moment now,
                             Entropy& entropy) {
    const GatheringKey behind{.collective = in, .series = series.id, .original = last};
    const GatheringKey ahead{.collective = in, .series = series.id, .original = next};
    TRY_DO(add_question(transaction, behind, hosts, entropy));
    TRY(const AdditionId plot, add_plot(transaction, behind, hosts, entropy));
    TRY_DO(add_notes(transaction, behind, plot));
    TRY_DO(add_guests_words(transaction, ahead, now, entropy));
    return add_plans(transaction, ahead, hosts);
}

Result<void> add_demo_letter(Transaction& transaction, const auth::CollectiveId& in,
                             const auth::CircleId& circle, Moment now, Entropy& entropy) {
    constexpr std::chrono::days ago{6};
    TRY(const auto letter,
        gatherings::write_letter(
            transaction, in,
            {.circle = circle,
             .name = "Bex",
             .mail = "bex@letters.invalid",
             .words = "I keep a camera on a balcony, and it saw something that I cannot name. "
                      "Whom may I show three pictures? I have no lab, and little English."},
            now - ago, entropy));
    return gatherings::close_letter(
        transaction, in, letter,
        "Please bring them on Thursday. We look at one picture for as long as it takes, and words "
        "in any language are welcome.",
        std::chrono::floor<std::chrono::days>(now - ago) + std::chrono::days(1));
}

} // namespace allot::app
