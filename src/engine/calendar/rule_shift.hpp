/// A rule on another clock.
#pragma once

#include "engine/calendar/rule.hpp"

#include <chrono>

namespace allot::calendar {

/// The rule whose times from `start + by` on are those of `rule` from `start` on, each later by
/// `by`, nearer to 0 than a day. UNTIL is left as it is: who calls knows what it means there.
/// Where the day changes, weekdays and days of months change with it; "the second Tuesday" becomes
/// "the Wednesday from the 9th to the 15th". The answer is compared with `rule` over 3,000 times.
/// Errors: FREQ shorter than DAILY; no rule that we find gives those times, as of the day after the
/// last Friday of the month; a rule that `Recurrence` refuses.
[[nodiscard]] Result<Rule> shifted_rule(const Rule& rule, const WallTime& start,
                                        std::chrono::seconds by);

} // namespace allot::calendar
