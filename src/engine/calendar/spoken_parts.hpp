/// The parts of a text about when, as they were said: for the reader of spoken rules only.
#pragma once

#include "base/result.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/spoken_zones.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar::spoken {

/// How often, and the words that said so.
struct Period {
    Frequency frequency = Frequency::weekly;
    std::int64_t interval = 1;
    std::string words;
};

/// "for 6 weeks".
struct Stay {
    std::int64_t length = 0;
    Frequency unit = Frequency::weekly;
    std::string words;
};

/// A zone as it was named.
struct NamedZone {
    std::string words;
    ZoneWords means;
};

/// All parts of a text, as they were found; what they say together is decided at the end.
struct Parts {
    std::optional<Period> period;
    bool of_the_month = false;
    /// "every third Wednesday": of the month, or every three weeks?
    std::optional<std::string> every_nth;
    std::vector<std::chrono::weekday> days;
    std::string days_words;
    std::vector<NthWeekday> nth;
    std::vector<int> month_days, positions, months;
    std::string date_words; ///< what said a day of a month
    std::optional<std::chrono::minutes> time;
    std::vector<NamedZone> zones;
    std::optional<std::chrono::year_month_day> starting;
    std::optional<std::chrono::year_month_day> until;
    std::optional<std::int64_t> times;
    std::optional<Stay> stay;
    std::vector<std::string> notes, remarks;
};

/// Takes a text apart. Errors: those of `parse_spoken` that one part alone shows.
[[nodiscard]] Result<Parts> read_parts(std::string_view text, std::span<const std::string> zones);

/// "week", "3 months".
[[nodiscard]] std::string length_of(std::int64_t n, Frequency unit);

/// "30 June 2027".
[[nodiscard]] std::string long_date(std::chrono::year_month_day date);

/// For messages that say what can be said.
inline constexpr std::string_view example_of_when =
    R"(such as "every second Thursday at 17:00 London time" or "first Wednesday of the month")";

} // namespace allot::calendar::spoken
