/// `allotment dates`: the dates of a recurrence rule, of one or of a file of them.
#pragma once

#include "app/exit_code.hpp"
#include "engine/calendar/rule.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace allot::app {

/// How many dates are told where nobody says.
inline constexpr std::size_t default_date_limit = 400;

/// One rule.
struct DatesOptions {
    std::string rule;  ///< as in RRULE, with or without that name in front
    std::string start; ///< DTSTART
    std::optional<std::string> zone;
    std::optional<std::string> from; ///< only times from here on
    std::optional<std::string> to;   ///< only times before
    std::size_t limit = default_date_limit;
};

/// Many rules: JSON Lines in, JSON Lines out.
struct DateCasesOptions {
    std::string cases;
    std::string out;
};

/// One line a date: the local time, and with a zone the same in UTC after a space.
/// Errors: a rule, time or zone that cannot be read, a rule that is too complex.
[[nodiscard]] Result<Outcome> run_dates(const DatesOptions& options);

/// One line for each line, in order; what is wrong with one is said in its line.
/// Errors: a file that cannot be read or written.
[[nodiscard]] Result<Outcome> run_date_cases(const DateCasesOptions& options);

} // namespace allot::app
