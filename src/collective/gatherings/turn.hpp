/// Turns: places to be heard or to serve in one gathering, who has them, and the rules about that.
/// Anything may be declined without a reason, and nobody learns who declined.
#pragma once

#include "collective/gatherings/series.hpp"

#include <optional>

namespace allot::gatherings {

/// Before a gathering begins: who has a turn is asked whether she is still there for it.
inline constexpr std::chrono::hours asked_first{24 * 7};
inline constexpr std::chrono::hours asked_again{24 * 3};
/// Whoever stands by is asked, where the turn is open or nobody has said that she is there.
inline constexpr std::chrono::hours standby_asked{48};
/// The gathering becomes lighter without a presenter; without a host, all hosts are asked.
inline constexpr std::chrono::hours rescued{24};

struct Turn {
    Wall original;
    TurnKind kind = TurnKind::host;
    std::optional<PersonId> person;  ///< who has it
    bool confirmed = false;          ///< she said within the last week that she is there
    std::optional<PersonId> asked;   ///< whom a host has asked, until she answers
    std::optional<PersonId> standby; ///< who comes in where nobody else is there

    friend bool operator==(const Turn&, const Turn&) = default;
};

/// Whether somebody is there for it, for sure.
[[nodiscard]] bool is_settled(const Turn& turn);
/// Nothing has to be kept about it.
[[nodiscard]] bool is_blank(const Turn& turn);

/// She takes it, or says once more that she is there. Said in the last week, it is confirmed.
/// Errors: `conflict` where somebody else has it.
[[nodiscard]] Result<Turn> taken(Turn turn, const PersonId& who, bool in_last_week);
/// A host comes in for whoever has it.
[[nodiscard]] Turn run_by(Turn turn, const PersonId& who);
/// She gives it back, says no when she was asked, or stands by no longer, whichever it is.
[[nodiscard]] Turn passed(Turn turn, const PersonId& who);
/// Errors: `conflict` where she has it, or somebody else stands by.
[[nodiscard]] Result<Turn> stood_by(Turn turn, const PersonId& who);
/// A host asks her, instead of whom one has asked before. Errors: `conflict` where somebody has it.
[[nodiscard]] Result<Turn> asked(Turn turn, const PersonId& who);

/// How far away a gathering is, for its turns.
enum class Phase : std::uint8_t { far, week, days, two_days, last_day, begun };
[[nodiscard]] Phase phase_at(Instant begin, Instant now);

/// What is to be done about a turn in a phase.
enum class TurnStep : std::uint8_t { none, confirm_first, confirm_again, ask_standby };
[[nodiscard]] TurnStep turn_step(const Turn& turn, Phase phase);

} // namespace allot::gatherings
