/// The periods of a rule (its hours, days, weeks, months or years), one after another.
#pragma once

#include "engine/calendar/day_masks.hpp"
#include "engine/calendar/rule.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace allot::calendar {

/// Seconds since 1970-01-01T00:00:00 on the clock of the wall.
using WallSeconds = std::int64_t;

/// Opens every INTERVAL-th period from that of DTSTART on and says what BY parts leave of it: all
/// of `bases()` plus all of `offsets()`, both ascending. BYSETPOS, COUNT and UNTIL are not its
/// concern. Ends with the year 9999.
class Periods {
  public:
    enum class Opened : std::uint8_t { yes, no_more, too_complex };

    /// A rule that `parse_rule` accepts, and not by the hour or shorter if `start` is a date.
    Periods(const Rule& rule, const WallTime& start);

    /// Opens the first period that holds or follows `t` and is not empty; none before DTSTART's.
    /// `too_complex` where `steps()` would pass `budget`.
    [[nodiscard]] Opened open_at(WallSeconds t, std::int64_t budget);

    /// Opens the next one that is not empty.
    [[nodiscard]] Opened open_next(std::int64_t budget);

    /// In a period of an hour or less its beginning; otherwise the midnights of its days. Of a week
    /// whose days are always the same, its beginning.
    [[nodiscard]] std::span<const WallSeconds> bases() const { return bases_; }

    /// Every period has these.
    [[nodiscard]] const std::vector<WallSeconds>& offsets() const { return offsets_; }

    /// True if every period that is opened has one base.
    [[nodiscard]] bool has_one_base() const {
        return kind_ == Kind::even || kind_ == Kind::filtered;
    }

    /// True if no period is left out and each has one base, `stride()` seconds after the one
    /// before.
    [[nodiscard]] bool are_even() const { return kind_ == Kind::even; }
    [[nodiscard]] WallSeconds stride() const { return stride_; }

    /// What has been looked at since the beginning: periods, and months that were searched for a
    /// day.
    [[nodiscard]] std::int64_t steps() const { return steps_; }

  private:
    enum class Kind : std::uint8_t {
        even,     ///< `stride_` apart, nothing is left out
        filtered, ///< `stride_` apart, some left out as a whole
        weeks,    ///< `stride_` apart, some of their days left out
        months,
        years,
    };

    void set_offsets(const Rule& rule, const WallTime& start);
    void set_strides(const Rule& rule, const WallTime& start);
    void set_filters(const Rule& rule);
    [[nodiscard]] bool some_time_is_allowed() const;

    [[nodiscard]] Opened open(std::int64_t period, std::int64_t budget);
    [[nodiscard]] std::int64_t period_holding(WallSeconds t) const;
    [[nodiscard]] std::optional<WallSeconds> skip_from(WallSeconds t);
    [[nodiscard]] WallSeconds next_allowed_day(DayNumber day);
    void collect_week(WallSeconds week);
    void collect_month(MonthNumber number);

    Kind kind_ = Kind::even;
    /// Where the first period begins, in the unit of `period_`.
    std::int64_t first_ = 0;
    std::int64_t stride_ = 1;
    std::int64_t last_ = 0; ///< none begins after it
    /// Where none has been found for so long, none will be: all repeats itself.
    std::int64_t cycle_ = std::numeric_limits<std::int64_t>::max();
    std::optional<DayMasks> masks_;
    /// Bits of what may be, where a part leaves out whole periods; 0 where there is no such part.
    std::uint64_t hours_ = 0, minutes_ = 0, seconds_ = 0;
    std::uint32_t days_of_week_ = 0; ///< bits, counted from WKST
    std::vector<WallSeconds> offsets_;

    /// The open one: wall seconds of its beginning; of months, months since the year 0; or a year.
    std::int64_t period_ = 0;
    std::vector<WallSeconds> bases_;
    std::int64_t steps_ = 0;
};

} // namespace allot::calendar
