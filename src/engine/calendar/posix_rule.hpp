/// The POSIX TZ string in the footer of a compiled zone: the rule for the years to come.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace allot::calendar {

/// An offset (seconds east of UTC) and the first moment at which it may have changed;
/// `Instant::max()` for never.
struct Period {
    std::chrono::seconds offset{0};
    Instant until = Instant::max();
};

/// A day of the year and a time on it, both on the wall clock that holds before the change.
struct YearDay {
    enum class Kind : std::uint8_t {
        julian,    ///< "Jn": 1 to 365, 29 February is never counted
        zero_day,  ///< "n": 0 to 365, 29 February is counted
        month_day, ///< "Mm.w.d": the w-th (5: the last) weekday d (0: Sunday) of month m
    };
    Kind kind = Kind::zero_day;
    int day = 0;        ///< of `julian` and `zero_day`
    unsigned month = 1; ///< 1 to 12
    unsigned week = 1;  ///< 1 to 5
    unsigned weekday = 0;
    /// From -167 to 167 hours, counted from midnight.
    std::chrono::seconds time = std::chrono::hours(2);

    /// The local time meant in `year`.
    [[nodiscard]] std::chrono::local_seconds in(std::chrono::year year) const;

    friend bool operator==(const YearDay&, const YearDay&) = default;
};

/// A standard offset and, where there is one, a second one ("daylight saving") that holds between
/// two dates of each year. Nothing says that the second is the larger (Europe/Dublin).
class PosixRule {
  public:
    /// Reads such as `CET-1CEST,M3.5.0,M10.5.0/3` or `<+03>-3` (POSIX.1-2017, section 8.3, TZ).
    /// `extended`: times from -167 to 167 hours (RFC 8536, section 3.3.1, files of version 3 on)
    /// instead of 0 to 24. A second offset needs its dates: POSIX leaves a default open.
    [[nodiscard]] static Result<PosixRule> parse(std::string_view text, bool extended);

    /// What holds at `t`. Of two changes at one moment the beginning of daylight saving wins, so
    /// that `EST5EDT,0/0,J365/25` is daylight saving all year (RFC 8536, section 3.3.1).
    /// Outside the years 0 to 10000 that of the nearer end, until `Instant::max()`.
    [[nodiscard]] Period period_at(Instant t) const;

    friend bool operator==(const PosixRule&, const PosixRule&) = default;

  private:
    struct Daylight {
        std::chrono::seconds offset{0};
        YearDay begin, end;

        friend bool operator==(const Daylight&, const Daylight&) = default;
    };

    std::chrono::seconds standard_{0};
    std::optional<Daylight> daylight_;
};

} // namespace allot::calendar
