/// What is wrong with a calendar or a series as a whole, though each property can be read.
#pragma once

#include "engine/calendar/ical.hpp"
#include "engine/calendar/recurrence.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace allot::calendar {

/// VERSION, PRODID and METHOD of a VCALENDAR, and components where none belong.
void check_calendar(const Component& calendar, Findings& findings);

/// A clock that nobody shares, UNTIL of another type than DTSTART, a DTSTART beside its rule,
/// exclusions and changes of meetings that the rule does not give.
void check_series(const Event& event, const Entry& master, Findings& findings);

/// The starts that rule and RDATE give, asked one by one; quick where the times asked for ascend.
/// The steps of the rule are counted over all questions.
class Starts {
  public:
    explicit Starts(const Event& event);

    /// nullopt where the rule is too complex to say.
    [[nodiscard]] std::optional<bool> holds(std::chrono::local_seconds t);

  private:
    std::optional<Recurrence> recurrence_;
    bool has_rule_;
    std::vector<std::chrono::local_seconds> extra_; ///< ascending
};

} // namespace allot::calendar
