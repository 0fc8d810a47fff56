#include "collective/gatherings/turn.hpp"

namespace allot::gatherings {

bool is_settled(const Turn& turn) {
    return turn.person && turn.confirmed;
}

bool is_blank(const Turn& turn) {
    return !turn.person && !turn.asked && !turn.standby;
}

Result<Turn> taken(Turn turn, const PersonId& who, bool in_last_week) {
    if (turn.person && *turn.person != who) {
        return fail(ErrorKind::conflict, "turns.taken_already");
    }
    turn.person = who;
    turn.confirmed = turn.confirmed || in_last_week;
    turn.asked.reset();
    if (turn.standby == who) {
        turn.standby.reset();
    }
    return turn;
}

Turn run_by(Turn turn, const PersonId& who) {
    turn.person = who;
    turn.confirmed = true;
    turn.asked.reset();
    if (turn.standby == who) {
        turn.standby.reset();
    }
    return turn;
}

Turn passed(Turn turn, const PersonId& who) {
    if (turn.person == who) {
        turn.person.reset();
        turn.confirmed = false;
    }
    if (turn.asked == who) {
        turn.asked.reset();
    }
    if (turn.standby == who) {
        turn.standby.reset();
    }
    return turn;
}

Result<Turn> stood_by(Turn turn, const PersonId& who) {
    if (turn.person == who || (turn.standby && *turn.standby != who)) {
        return fail(ErrorKind::conflict, "turns.no_standby");
    }
    turn.standby = who;
    return turn;
}

Result<Turn> asked(Turn turn, const PersonId& who) {
    if (turn.person) {
        return fail(ErrorKind::conflict, "turns.taken_already");
    }
    turn.asked = who;
    return turn;
}

Phase phase_at(Instant begin, Instant now) {
    const auto left = begin - now;
    if (left <= std::chrono::seconds(0)) {
        return Phase::begun;
    }
    if (left <= rescued) {
        return Phase::last_day;
    }
    if (left <= standby_asked) {
        return Phase::two_days;
    }
    if (left <= asked_again) {
        return Phase::days;
    }
    return left <= asked_first ? Phase::week : Phase::far;
}

TurnStep turn_step(const Turn& turn, Phase phase) {
    if (is_settled(turn) || phase == Phase::far || phase == Phase::begun) {
        return TurnStep::none;
    }
    if (phase >= Phase::two_days) {
        return turn.standby ? TurnStep::ask_standby : TurnStep::none;
    }
    if (!turn.person) {
        return TurnStep::none;
    }
    return phase == Phase::week ? TurnStep::confirm_first : TurnStep::confirm_again;
}

} // namespace allot::gatherings
