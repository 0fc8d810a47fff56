#include "collective/gatherings/turn_sweep.hpp"

#include "base/text.hpp"
#include "collective/gatherings/turn_acts.hpp"
#include "collective/gatherings/turn_link.hpp"
#include "collective/people/person_store.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

constexpr std::string_view run_step = "run";
constexpr std::string_view soon_step = "soon";

[[nodiscard]] bool has_turn(const Series& series, TurnKind kind) {
    return std::ranges::find(series.about.turns, kind) != series.about.turns.end();
}

[[nodiscard]] std::string_view name_of(TurnStep step) {
    switch (step) {
    case TurnStep::confirm_first:
        return "confirm_7";
    case TurnStep::confirm_again:
        return "confirm_3";
    case TurnStep::ask_standby:
        return "standby";
    case TurnStep::none:
        break;
    }
    return "";
}

void add_turn_steps(std::vector<Step>& steps, const Series& series, const Turn& turn, Phase phase) {
    const TurnStep step = turn_step(turn, phase);
    if (step == TurnStep::none) {
        return;
    }
    const auto& who = step == TurnStep::ask_standby ? turn.standby : turn.person;
    steps.push_back({.series = series.id,
                     .original = turn.original,
                     .name = std::string(name_of(step)) + "." + std::string(name_of(turn.kind)),
                     .who = who->text()});
}

[[nodiscard]] Result<void> add_rescue(std::vector<Step>& steps, Transaction& transaction,
                                      const CollectiveId& collective, const Series& series,
                                      const Occurrence& occurrence,
                                      const std::vector<Turn>& turns) {
    const auto step = [&](std::string_view name, std::string_view who) {
        return Step{series.id, occurrence.original, std::string(name), std::string(who)};
    };
    const bool is_lighter = occurrence.gathering != nullptr && occurrence.gathering->lighter;
    if (has_turn(series, TurnKind::presenter) && !is_lighter &&
        !is_settled(turn_of(turns, occurrence.original, TurnKind::presenter))) {
        steps.push_back(step(lighter_step, ""));
    }
    if (has_turn(series, TurnKind::host) &&
        !is_settled(turn_of(turns, occurrence.original, TurnKind::host))) {
        TRY(const auto hosts, hosts_of(transaction, collective, series.id));
        for (const Host& host : hosts) {
            if (!host.rests) {
                steps.push_back(step(run_step, host.person.text()));
            }
        }
    }
    steps.push_back(step(soon_step, ""));
    return {};
}

/// The gathering of a step as it is now, with its turns.
struct Found {
    Plan plan;
    Occurrence occurrence;
    std::vector<Turn> turns;
};

/// Whether there is something to do a step for.
[[nodiscard]] Result<bool> find(Found& found, Transaction& transaction, const Teller& teller,
                                const Step& step) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const auto series, find_series(transaction, collective, step.series));
    const auto today = std::chrono::floor<std::chrono::days>(teller.now);
    if (!series || is_over(*series, today)) {
        return false;
    }
    TRY(found.plan, plan_of(transaction, collective, *series));
    ZoneBook zones(teller.house.zones);
    TRY(const auto occurrence, occurrence_of(found.plan, zones, step.original));
    if (!occurrence) {
        return false;
    }
    found.occurrence = *occurrence;
    TRY(found.turns, turns_between(transaction, collective, step.series, step.original,
                                   step.original + std::chrono::seconds(1)));
    return true;
}

[[nodiscard]] Result<bool> may_have(Transaction& transaction, const CollectiveId& collective,
                                    const Series& series, const PersonId& who) {
    TRY(const auto person, people::find_person(transaction, collective, who));
    return person ? may_have(transaction, collective, series, *person) : Result<bool>(false);
}

[[nodiscard]] Result<void> ask(Transaction& transaction, const Teller& teller, const Found& found,
                               const Step& step, TurnKind kind, TurnQuestion question) {
    TRY(const bool may,
        may_have(transaction, teller.collective.id, found.plan.series, PersonId(step.who)));
    if (!may) { // of a gathering that was moved far, or since this sweep began
        return {};
    }
    return ask_by_mail(transaction, teller, found.plan.series, found.occurrence,
                       {.series = step.series,
                        .original = step.original,
                        .kind = kind,
                        .person = PersonId(step.who),
                        .question = question});
}

[[nodiscard]] Result<void> act(Transaction& transaction, const Teller& teller, const Found& found,
                               const Step& step) {
    if (step.name == lighter_step) {
        return change_lighter(transaction, teller, found.plan.series, found.occurrence, true);
    }
    if (step.name == run_step) {
        return ask(transaction, teller, found, step, TurnKind::host, TurnQuestion::run);
    }
    if (step.name == soon_step) {
        return announce(transaction, teller,
                        {.news = Occasion::soon,
                         .series = &found.plan.series,
                         .changes = {change_of(found.plan.series, found.occurrence)}});
    }
    const auto parts = text::split_list(step.name, '.');
    const TurnQuestion question =
        parts[0] == name_of(TurnStep::ask_standby) ? TurnQuestion::standby : TurnQuestion::confirm;
    return ask(transaction, teller, found, step, turn_named(parts[1]), question);
}

/// The turn without those who may not have it.
[[nodiscard]] Result<Turn> without_gone(Transaction& transaction, const CollectiveId& collective,
                                        const Series& series, Turn turn) {
    for (const auto& who : {turn.person, turn.asked, turn.standby}) {
        if (who) {
            TRY(const bool may, may_have(transaction, collective, series, *who));
            turn = may ? turn : passed(turn, *who);
        }
    }
    return turn;
}

} // namespace

Result<std::vector<SeriesTurn>> turns_of_gone(Transaction& transaction,
                                              const CollectiveId& collective,
                                              std::span<const Plan> plans,
                                              std::span<const SeriesTurn> turns) {
    std::vector<SeriesTurn> found;
    for (const SeriesTurn& one : turns) {
        const auto plan =
            std::ranges::find(plans, one.series, [](const Plan& each) { return each.series.id; });
        if (plan != plans.end()) {
            TRY(const Turn left, without_gone(transaction, collective, plan->series, one.turn));
            if (left != one.turn) {
                found.push_back(one);
            }
        }
    }
    return found;
}

Result<void> give_back(Transaction& transaction, const Teller& teller, const SeriesTurn& of_gone) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const auto series, find_series(transaction, collective, of_gone.series));
    if (!series) {
        return {};
    }
    TRY(const Turn now,
        turn_at(transaction, collective, of_gone.series, of_gone.turn.original, of_gone.turn.kind));
    TRY(const Turn left, without_gone(transaction, collective, *series, now));
    return left == now ? Result<void>() : save_turn(transaction, collective, of_gone.series, left);
}

Turn turn_of(const std::vector<Turn>& turns, Wall original, TurnKind kind) {
    const auto found = std::ranges::find_if(
        turns, [&](const Turn& turn) { return turn.original == original && turn.kind == kind; });
    return found == turns.end() ? Turn{.original = original, .kind = kind} : *found;
}

Result<std::vector<Step>> steps_due(Transaction& transaction, const CollectiveId& collective,
                                    const Series& series, const Occurrence& occurrence,
                                    const std::vector<Turn>& turns, Instant now) {
    std::vector<Step> steps;
    const Phase phase = phase_at(occurrence.begin, now);
    if (occurrence.cancelled || phase == Phase::begun) {
        return steps;
    }
    for (const TurnKind kind : series.about.turns) {
        add_turn_steps(steps, series, turn_of(turns, occurrence.original, kind), phase);
    }
    if (phase == Phase::last_day) {
        TRY_DO(add_rescue(steps, transaction, collective, series, occurrence, turns));
    }
    return steps;
}

Result<void> do_step(Transaction& transaction, const Teller& teller, const Step& step) {
    Found found;
    TRY(const bool is_there, find(found, transaction, teller, step));
    if (!is_there) {
        return {};
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(teller.now);
    TRY(const auto due, steps_due(transaction, teller.collective.id, found.plan.series,
                                  found.occurrence, found.turns, now));
    if (std::ranges::find(due, step) == due.end()) {
        return {};
    }
    TRY(const bool first, take_step(transaction, teller.collective.id, step, teller.now));
    return first ? act(transaction, teller, found, step) : Result<void>();
}

} // namespace allot::gatherings
