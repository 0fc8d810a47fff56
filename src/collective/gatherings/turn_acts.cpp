#include "collective/gatherings/turn_acts.hpp"

#include "collective/gatherings/series_change.hpp"

namespace allot::gatherings {

Result<void> set_lighter(Transaction& transaction, const CollectiveId& collective,
                         const Series& series, Wall original, bool lighter, Moment now) {
    TRY(Gathering gathering, gathering_at(transaction, collective, series.id, original));
    if (gathering.lighter == lighter) {
        return {};
    }
    gathering.lighter = lighter;
    TRY(const Plan plan, plan_of(transaction, collective, series));
    return save_words(transaction, collective, plan, gathering,
                      std::chrono::floor<std::chrono::days>(now));
}

Result<void> change_lighter(Transaction& transaction, const Teller& teller, const Series& series,
                            const Occurrence& occurrence, bool lighter) {
    Change change = change_of(series, occurrence);
    if (change.lighter == lighter) {
        return {};
    }
    TRY_DO(set_lighter(transaction, teller.collective.id, series, occurrence.original, lighter,
                       teller.now));
    change.lighter = lighter;
    return occurrence.begin <= teller.second()
               ? Result<void>()
               : announce(transaction, teller,
                          {.news = Occasion::lighter, .series = &series, .changes = {change}});
}

Result<void> keep_turn(Transaction& transaction, const CollectiveId& collective,
                       const Series& series, const Occurrence& occurrence, const Turn& turn,
                       Moment now) {
    TRY_DO(save_turn(transaction, collective, series.id, turn));
    TRY_DO(count_on(transaction, collective, series.id, occurrence));
    if (turn.kind != TurnKind::presenter || !is_settled(turn)) {
        return {};
    }
    const Step step{series.id, turn.original, std::string(lighter_step), ""};
    // What a host has made lighter stays so; what becomes lighter on the last day is for the sweep,
    // which says so.
    TRY(const bool by_server, is_step_done(transaction, collective, step));
    return by_server ? set_lighter(transaction, collective, series, turn.original, false, now)
                     : Result<void>();
}

Result<bool> may_have(Transaction& transaction, const CollectiveId& collective,
                      const Series& series, const people::Person& person) {
    if (person.erased || person.role < auth::Role::member) {
        return false;
    }
    return sees_series(transaction, collective, series, person.id, person.role);
}

Result<bool> can_be_asked(Transaction& transaction, const CollectiveId& collective,
                          const Series& series, const people::Person& person) {
    return person.resting ? Result<bool>(false) : may_have(transaction, collective, series, person);
}

Result<void> come_in(Transaction& transaction, const Teller& teller, const Series& series,
                     const Occurrence& occurrence, const Turn& turn, const PersonId& person) {
    TRY_DO(keep_turn(transaction, teller.collective.id, series, occurrence, run_by(turn, person),
                     teller.now));
    if (!turn.person || *turn.person == person) {
        return {};
    }
    const bool has_begun = occurrence.begin <= teller.now;
    return write_to(transaction, teller, *turn.person,
                    {.kind = mail::Kind::change,
                     .subject = "turns.mail_relieved_subject",
                     .body = "turns.mail_relieved",
                     .title = title_of(series, occurrence.gathering),
                     .begin = occurrence.begin,
                     .address = teller.address_of(series, occurrence.original),
                     .turn = std::string(name_of(turn.kind)),
                     .more = {},
                     .good_until = Moment(has_begun ? occurrence.end : occurrence.begin)},
                    occurrence.zone);
}

} // namespace allot::gatherings
