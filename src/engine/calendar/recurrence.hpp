/// The start times that a rule gives, one after another, on the clock of some wall.
#pragma once

#include "engine/calendar/periods.hpp"
#include "engine/calendar/rule.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace allot::calendar {

/// The recurrence set of a rule and its DTSTART (RFC 5545, section 3.3.10), strictly ascending, up
/// to the end of the year 9999. Times are local: no zone is known here, and a time that a clock
/// jumps over is in the set (`Zone::to_utc` says when it is).
///
/// How it is read where the RFC leaves a choice is in docs/calendar.md. In short: DTSTART counts
/// only if it fits the rule; the set of a period is whole before BYSETPOS chooses from it, also the
/// part before DTSTART; a period of YEARLY is a calendar year, also beside BYWEEKNO.
///
/// An iterator: not for two threads at once. Copies are independent.
class Recurrence {
  public:
    /// `start` is DTSTART. The last time of the set is at most `last`; without it, at most UNTIL as
    /// the rule writes it, where a date means the whole of that day. Whoever knows the zone of
    /// `start` passes a `last` where UNTIL is in UTC.
    /// Errors: FREQ is HOURLY or shorter though `start` is a date.
    [[nodiscard]] static Result<Recurrence>
    make(const Rule& rule, const WallTime& start,
         std::optional<std::chrono::local_seconds> last = std::nullopt);

    /// The next times into `out`, as many as there are and fit; 0 where the set has ended.
    /// Errors: the rule is too complex. That is when `steps()` passes `limits::max_rule_steps` and
    /// `limits::rule_steps_a_time` more for each time given; every later read says so too.
    [[nodiscard]] Result<std::size_t> read(std::span<std::chrono::local_seconds> out);

    /// The next time; nullopt where the set has ended. Errors: as `read`.
    [[nodiscard]] Result<std::optional<std::chrono::local_seconds>> next();

    /// From here on the times that are not before `t`, which may lie before what was read. O(1);
    /// with COUNT the periods before `t` have to be counted, unless all are alike.
    void seek(std::chrono::local_seconds t);

    /// Periods and months looked at since `make`: what the budget counts.
    [[nodiscard]] std::int64_t steps() const { return periods_.steps(); }

  private:
    enum class State : std::uint8_t { before_a_period, in_a_period, ended, too_complex };

    Recurrence(const Rule& rule, const WallTime& start, WallSeconds last);
    void bound_even_count(std::int64_t count);

    void open_at(WallSeconds t);
    void open_next();
    void note(Periods::Opened opened);
    void count_up_to(WallSeconds t);
    [[nodiscard]] std::size_t size_of_period() const;
    [[nodiscard]] WallSeconds value_at(std::size_t index) const;
    std::size_t read_even(std::span<std::chrono::local_seconds> out);
    std::size_t read_period(std::span<std::chrono::local_seconds> out);
    [[nodiscard]] std::int64_t budget() const;

    // What the rule says.
    Periods periods_;
    std::vector<WallSeconds> offsets_; ///< of each period
    std::vector<int> positions_;       ///< BYSETPOS, where it has to be asked in each period
    WallSeconds start_;
    WallSeconds last_;
    std::optional<std::int64_t> count_;

    // Where we are.
    State state_ = State::before_a_period;
    WallSeconds floor_;               ///< what is before it is passed over
    std::vector<std::size_t> chosen_; ///< of the open period, by `positions_`
    std::size_t at_ = 0;              ///< index in the open period
    std::int64_t left_ = 0;           ///< of COUNT
    std::int64_t given_ = 0;
};

} // namespace allot::calendar
