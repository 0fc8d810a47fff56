/// The phrases that the reader of spoken rules knows, as tables; only spoken_parts.cpp includes it.
/// In small letters, words and signs with spaces between them; of two that begin alike, the longer
/// stands first.
#pragma once

#include "engine/calendar/rule.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace allot::calendar::spoken {

/// Words that are a frequency by themselves.
struct Adverb {
    std::string_view phrase;
    Frequency frequency;
    std::int64_t interval;
    std::string_view note; ///< how it is read, where people read it in two ways
};
inline constexpr auto adverbs = std::to_array<Adverb>({
    {"once a day", Frequency::daily, 1, ""},
    {"daily", Frequency::daily, 1, ""},
    {"once a week", Frequency::weekly, 1, ""},
    {"once per week", Frequency::weekly, 1, ""},
    {"weekly", Frequency::weekly, 1, ""},
    {"biweekly", Frequency::weekly, 2, "every two weeks"},
    {"bi - weekly", Frequency::weekly, 2, "every two weeks"},
    {"bi weekly", Frequency::weekly, 2, "every two weeks"},
    {"fortnightly", Frequency::weekly, 2, ""},
    {"once a fortnight", Frequency::weekly, 2, ""},
    {"once a month", Frequency::monthly, 1, ""},
    {"once per month", Frequency::monthly, 1, ""},
    {"monthly", Frequency::monthly, 1, ""},
    {"once a quarter", Frequency::monthly, 3, ""},
    {"quarterly", Frequency::monthly, 3, ""},
    {"once a year", Frequency::yearly, 1, ""},
    {"yearly", Frequency::yearly, 1, ""},
    {"annually", Frequency::yearly, 1, ""},
    {"annual", Frequency::yearly, 1, ""},
});

/// What is understood well enough to say why it is not taken.
struct Refusal {
    std::string_view phrase;
    std::string_view reason;
};
inline constexpr auto refusals = std::to_array<Refusal>({
    {"bimonthly",
     R"(has two readings: "every two months", or two days of each month as in "first and third Thursday of the month"; say one of them)"},
    {"bi - monthly",
     R"(has two readings: "every two months", or two days of each month as in "first and third Thursday of the month"; say one of them)"},
    {"twice a month",
     R"(does not say when: "every two weeks", or two days as in "first and third Thursday of the month"?)"},
    {"twice",
     R"(does not say when: name the days, as in "Monday and Thursday" or "first and third Thursday of the month")"},
    {"thrice", R"(does not say when: name the days, as in "Monday, Wednesday and Friday")"},
    {"biannual", R"(has two readings: "every six months" or "every two years"; say one of them)"},
    {"biannually", R"(has two readings: "every six months" or "every two years"; say one of them)"},
    {"biennially", R"(is easily misread: say "every two years")"},
    {"semiweekly", R"(does not say when: name the days, as in "Monday and Thursday")"},
    {"semi - weekly", R"(does not say when: name the days, as in "Monday and Thursday")"},
    {"semimonthly", R"(does not say when: name the days, as in "1st and 15th of every month")"},
    {"semi - monthly", R"(does not say when: name the days, as in "1st and 15th of every month")"},
    {"semiannually", R"(is easily misread: say "every six months")"},
    {"semi - annually", R"(is easily misread: say "every six months")"},
    {"weekend",
     R"(has several readings: say "every Saturday", "every Sunday" or "Saturday and Sunday")"},
    {"weekends", R"(has several readings: say "Saturday", "Sunday" or "Saturday and Sunday")"},
    {"hourly", "is more often than words can say: a day or a week is the least"},
    {"hours", "is more often than words can say: a day or a week is the least"},
    {"minutes", "is more often than words can say: a day or a week is the least"},
    {"hour", "is more often than words can say: a day or a week is the least"},
    {"minute", "is more often than words can say: a day or a week is the least"},
    {"midnight",
     R"(has two readings, as a day begins and ends with it: say "at 0:00" of the day that begins, or "at 23:59")"},
    {"after",
     R"(counts from another day, which a rule cannot: once in a while it falls into the next month; say such as "fourth Wednesday of the month")"},
    {"before",
     R"(counts from another day, which a rule cannot; say such as "last Friday of the month")"},
    {"except", "is no part of a rule: cancel the single dates afterwards"},
    {"excluding", "is no part of a rule: cancel the single dates afterwards"},
    {"not", "is no part of a rule: say when it is, and cancel single dates afterwards"},
    {"but", "is no part of a rule: say when it is, and cancel single dates afterwards"},
    {"unless", "is no part of a rule: say when it is, and cancel single dates afterwards"},
});

/// Beside the above, words that a remark may not hold, as they say when.
inline constexpr auto more_of_when = std::to_array<std::string_view>({
    "every",     "each",    "other",     "second",   "third",    "day",       "days",
    "week",      "weeks",   "month",     "months",   "quarter",  "year",      "years",
    "fortnight", "weekday", "weekdays",  "workday",  "workdays", "alternate", "no",
    "if",        "when",    "skip",      "skipping", "skipped",  "next",      "until",
    "till",      "through", "ending",    "from",     "starting", "starts",    "start",
    "beginning", "begins",  "noon",      "am",       "pm",       "time",      "times",
    "once",      "usually", "sometimes", "mostly",   "or",       "maybe",     "only",
});

struct Unit {
    std::string_view word;
    Frequency frequency;
    std::int64_t length = 1;
};
inline constexpr auto units = std::to_array<Unit>({
    {"day", Frequency::daily},
    {"days", Frequency::daily},
    {"week", Frequency::weekly},
    {"weeks", Frequency::weekly},
    {"fortnight", Frequency::weekly, 2},
    {"fortnights", Frequency::weekly, 2},
    {"month", Frequency::monthly},
    {"months", Frequency::monthly},
    {"quarter", Frequency::monthly, 3},
    {"quarters", Frequency::monthly, 3},
    {"year", Frequency::yearly},
    {"years", Frequency::yearly},
});

} // namespace allot::calendar::spoken
