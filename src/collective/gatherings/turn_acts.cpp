#include "collective/gatherings/turn_acts.hpp"

namespace allot::gatherings {

namespace {

[[nodiscard]] Result<void> set_lighter(Transaction& transaction, const CollectiveId& collective,
                                       const SeriesId& series, Wall original, bool lighter) {
    TRY(Gathering gathering, gathering_at(transaction, collective, series, original));
    if (gathering.lighter == lighter) {
        return {};
    }
    gathering.lighter = lighter;
    return save_gathering(transaction, collective, series, gathering);
}

[[nodiscard]] Result<void> settle_format(Transaction& transaction, const CollectiveId& collective,
                                         const SeriesId& series, const Turn& turn, Phase phase,
                                         Moment now) {
    const Step step{series, turn.original, std::string(lighter_step), ""};
    if (is_settled(turn)) {
        // What a host has made lighter stays so.
        TRY(const bool by_server, is_step_done(transaction, collective, step));
        return by_server ? set_lighter(transaction, collective, series, turn.original, false)
                         : Result<void>();
    }
    if (phase != Phase::last_day) {
        return {};
    }
    TRY_DO(take_step(transaction, collective, step, now));
    return set_lighter(transaction, collective, series, turn.original, true);
}

} // namespace

Result<void> keep_turn(Transaction& transaction, const CollectiveId& collective,
                       const Series& series, const Occurrence& occurrence, const Turn& turn,
                       Moment now) {
    TRY_DO(save_turn(transaction, collective, series.id, turn));
    TRY_DO(count_on(transaction, collective, series.id, occurrence));
    if (turn.kind != TurnKind::presenter) {
        return {};
    }
    const Phase phase = phase_at(occurrence.begin, std::chrono::floor<std::chrono::seconds>(now));
    return settle_format(transaction, collective, series.id, turn, phase, now);
}

Result<void> come_in(Transaction& transaction, const Teller& teller, const Series& series,
                     const Occurrence& occurrence, const Turn& turn, const PersonId& person) {
    TRY_DO(keep_turn(transaction, teller.collective.id, series, occurrence, run_by(turn, person),
                     teller.now));
    if (!turn.person || *turn.person == person) {
        return {};
    }
    return write_to(transaction, teller, *turn.person,
                    {.kind = mail::Kind::change,
                     .subject = "turns.mail_relieved_subject",
                     .body = "turns.mail_relieved",
                     .title = title_of(series, occurrence.gathering),
                     .begin = occurrence.begin,
                     .address = teller.address_of(series, occurrence.original),
                     .turn = std::string(name_of(turn.kind)),
                     .more = {},
                     .good_until = Moment(occurrence.begin)},
                    occurrence.zone);
}

} // namespace allot::gatherings
