#include "engine/calendar/spoken.hpp"
#include "engine/calendar/spoken_zones.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::weekday;
using std::chrono::year_month_day;

/// All words of the printer. Each is a whole phrase with named places, so that a catalogue of
/// another language can put them in its own order; the code below joins nothing else. English is
/// the only one so far, and the only one that `parse_spoken` reads.
struct Phrases {
    std::array<std::string_view, 7> weekdays; ///< from Sunday
    std::array<std::string_view, 12> months;
    std::array<std::string_view, 6> nth;            ///< the last, the first to the fifth
    std::array<std::string_view, 32> days_of_month; ///< the last, the 1st to the 31st
    std::array<std::string_view, 13> numbers;       ///< from 2 on are used
    // Lists.
    std::string_view comma, and_, comma_the, and_the;
    // How often.
    std::string_view every_day, n_days, weekday_of_week, on_days, second_day, every_week, n_weeks,
        n_weeks_on;
    std::string_view every_month, n_months, month_on, n_months_on;
    std::string_view every_year, n_years, year_on, date_of_year, of_months;
    // What the numbers count.
    std::string_view nth_weekday, nth_working_day, nth_day;
    // What stands around it.
    std::string_view at, at_zone, zone, city, from, until, once, times, date;
};

constexpr Phrases english = {
    .weekdays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    .months = {"January", "February", "March", "April", "May", "June", "July", "August",
               "September", "October", "November", "December"},
    .nth = {"last", "first", "second", "third", "fourth", "fifth"},
    .days_of_month = {"last", "1st",  "2nd",  "3rd",  "4th",  "5th",  "6th",  "7th",
                      "8th",  "9th",  "10th", "11th", "12th", "13th", "14th", "15th",
                      "16th", "17th", "18th", "19th", "20th", "21st", "22nd", "23rd",
                      "24th", "25th", "26th", "27th", "28th", "29th", "30th", "31st"},
    .numbers = {"", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
                "eleven", "twelve"},
    .comma = "{list}, {next}",
    .and_ = "{list} and {next}",
    .comma_the = "{list}, the {next}",
    .and_the = "{list} and the {next}",
    .every_day = "every day",
    .n_days = "every {n} days",
    .weekday_of_week = "every weekday",
    .on_days = "every {days}",
    .second_day = "every second {days}",
    .every_week = "every week",
    .n_weeks = "every {n} weeks",
    .n_weeks_on = "every {n} weeks on {days}",
    .every_month = "every month",
    .n_months = "every {n} months",
    .month_on = "on the {days} of every month",
    .n_months_on = "every {n} months on the {days}",
    .every_year = "every year",
    .n_years = "every {n} years",
    .year_on = "{years} on {days}",
    .date_of_year = "{day} {month}",
    .of_months = "the {days} of {months}",
    .nth_weekday = "{nth} {weekday}",
    .nth_working_day = "{nth} weekday",
    .nth_day = "{nth} day",
    .at = "{rule} at {time}",
    .at_zone = "{rule} {zone}",
    .zone = "{rule}, {zone}",
    .city = "{city} time",
    .from = "{rule} from {date}",
    .until = "{rule} until {date}",
    .once = "{rule}, once",
    .times = "{rule}, {n} times",
    .date = "{day} {month} {year}",
};

using Words = std::vector<std::string>;
using MaybeWords = std::optional<std::string>;

/// Fills the places of a phrase: `fill(p.at, "rule"_a = ..)`.
template <class... Places>
std::string fill(std::string_view phrase, const Places&... places) {
    return fmt::format(fmt::runtime(phrase), places...);
}

template <class T>
bool has_twins(std::vector<T> all) {
    for (auto it = all.begin(); it != all.end(); ++it) {
        if (std::find(std::next(it), all.end(), *it) != all.end()) {
            return true;
        }
    }
    return false;
}

class Printer {
  public:
    Printer(const Phrases& phrases, std::span<const std::string> zones)
        : p_(phrases), zones_(zones) {}

    [[nodiscard]] MaybeWords print(const Spoken& spoken) const;

  private:
    [[nodiscard]] MaybeWords rule(const Rule& rule) const;
    [[nodiscard]] MaybeWords daily(const Rule& rule) const;
    [[nodiscard]] MaybeWords weekly(const Rule& rule) const;
    [[nodiscard]] MaybeWords monthly(const Rule& rule) const;
    [[nodiscard]] MaybeWords yearly(const Rule& rule) const;
    [[nodiscard]] MaybeWords days_of_month(const Rule& rule) const;
    [[nodiscard]] MaybeWords nth_weekdays(const std::vector<NthWeekday>& days) const;
    [[nodiscard]] MaybeWords nth_working_days(const Rule& rule) const;
    [[nodiscard]] MaybeWords month_days(const std::vector<int>& days) const;
    [[nodiscard]] MaybeWords dates_of_year(const Rule& rule) const;
    [[nodiscard]] MaybeWords zone(const std::string& name) const;
    [[nodiscard]] MaybeWords end(std::string words, const Rule& rule) const;

    [[nodiscard]] std::string number(std::int64_t n) const;
    [[nodiscard]] std::string date(year_month_day date) const;
    [[nodiscard]] std::string list(const Words& words, std::string_view between,
                                   std::string_view before_last) const;
    [[nodiscard]] std::string list(const Words& words) const {
        return list(words, p_.comma, p_.and_);
    }
    [[nodiscard]] std::string_view name(weekday day) const {
        return p_.weekdays.at(day.c_encoding());
    }
    [[nodiscard]] std::string_view month(int m) const {
        return p_.months.at(static_cast<std::size_t>(m - 1));
    }
    [[nodiscard]] std::string_view nth(int n) const {
        return p_.nth.at(static_cast<std::size_t>(std::max(n, 0)));
    }

    const Phrases& p_;
    std::span<const std::string> zones_;
};

/// The ordinals that have a word.
bool has_word(int n) {
    return n == -1 || (n >= 1 && n <= 5);
}

std::string Printer::list(const Words& words, std::string_view between,
                          std::string_view before_last) const {
    std::string out = words.front();
    for (std::size_t i = 1; i < words.size(); ++i) {
        out = fill(i + 1 == words.size() ? before_last : between, fmt::arg("list", out),
                   fmt::arg("next", words[i]));
    }
    return out;
}

std::string Printer::number(std::int64_t n) const {
    return n < static_cast<std::int64_t>(p_.numbers.size())
               ? std::string(p_.numbers.at(static_cast<std::size_t>(n)))
               : std::to_string(n);
}

std::string Printer::date(year_month_day date) const {
    return fill(p_.date, fmt::arg("day", unsigned{date.day()}),
                fmt::arg("month", month(static_cast<int>(unsigned{date.month()}))),
                fmt::arg("year", fmt::format("{:04}", int{date.year()})));
}

MaybeWords Printer::daily(const Rule& rule) const {
    if (!rule.weekdays.empty() || !rule.month_days.empty() || !rule.months.empty()) {
        return std::nullopt;
    }
    return rule.interval == 1 ? std::string(p_.every_day)
                              : fill(p_.n_days, fmt::arg("n", number(rule.interval)));
}

/// Whether these are Monday to Friday, in this order.
bool is_working_week(const std::vector<NthWeekday>& days) {
    std::vector<NthWeekday> working;
    for (unsigned day = 1; day <= 5; ++day) {
        working.push_back({.day = weekday(day)});
    }
    return days == working;
}

MaybeWords Printer::weekly(const Rule& rule) const {
    const bool numbered =
        std::ranges::any_of(rule.weekdays, [](const NthWeekday& day) { return day.nth != 0; });
    const bool by_week_start = rule.interval > 1 && !rule.weekdays.empty();
    if (numbered || !rule.month_days.empty() || !rule.months.empty() ||
        (by_week_start && rule.week_start != std::chrono::Monday)) {
        return std::nullopt;
    }
    const auto n = number(rule.interval);
    if (rule.weekdays.empty()) {
        return rule.interval == 1 ? std::string(p_.every_week) : fill(p_.n_weeks, fmt::arg("n", n));
    }
    Words names;
    for (const auto& day : rule.weekdays) {
        names.emplace_back(name(day.day));
    }
    if (rule.interval == 1 && is_working_week(rule.weekdays)) {
        return std::string(p_.weekday_of_week);
    }
    if (rule.interval == 1 || (rule.interval == 2 && names.size() == 1)) {
        return fill(rule.interval == 1 ? p_.on_days : p_.second_day, fmt::arg("days", list(names)));
    }
    return fill(p_.n_weeks_on, fmt::arg("n", n), fmt::arg("days", list(names)));
}

/// "first and third Wednesday"; "first Monday and the third Wednesday".
MaybeWords Printer::nth_weekdays(const std::vector<NthWeekday>& days) const {
    if (!std::ranges::all_of(days, [](const NthWeekday& day) { return has_word(day.nth); })) {
        return std::nullopt;
    }
    Words groups;
    for (std::size_t i = 0; i < days.size();) {
        const auto day = days[i].day;
        Words ordinals;
        for (; i < days.size() && days[i].day == day; ++i) {
            ordinals.emplace_back(nth(days[i].nth));
        }
        groups.push_back(
            fill(p_.nth_weekday, fmt::arg("nth", list(ordinals)), fmt::arg("weekday", name(day))));
    }
    return list(groups, p_.comma_the, p_.and_the);
}

/// "last weekday": the rule chooses from Monday to Friday by position.
MaybeWords Printer::nth_working_days(const Rule& rule) const {
    if (!is_working_week(rule.weekdays) || !rule.month_days.empty() ||
        !std::ranges::all_of(rule.positions, has_word)) {
        return std::nullopt;
    }
    Words ordinals;
    for (const int n : rule.positions) {
        ordinals.emplace_back(nth(n));
    }
    return fill(p_.nth_working_day, fmt::arg("nth", list(ordinals)));
}

/// "1st and 15th"; "15th and last day".
MaybeWords Printer::month_days(const std::vector<int>& days) const {
    if (!std::ranges::all_of(days, [](int day) { return day >= -1; })) {
        return std::nullopt;
    }
    Words ordinals;
    for (const int day : days) {
        ordinals.emplace_back(p_.days_of_month.at(static_cast<std::size_t>(std::max(day, 0))));
    }
    const bool has_last = std::ranges::find(days, -1) != days.end();
    return has_last ? fill(p_.nth_day, fmt::arg("nth", list(ordinals))) : list(ordinals);
}

MaybeWords Printer::days_of_month(const Rule& rule) const {
    if (!rule.positions.empty()) {
        return nth_working_days(rule);
    }
    if (rule.weekdays.empty() == rule.month_days.empty()) {
        return std::nullopt;
    }
    return rule.weekdays.empty() ? month_days(rule.month_days) : nth_weekdays(rule.weekdays);
}

MaybeWords Printer::monthly(const Rule& rule) const {
    if (!rule.months.empty()) {
        return std::nullopt;
    }
    const auto n = number(rule.interval);
    if (rule.weekdays.empty() && rule.month_days.empty() && rule.positions.empty()) {
        return rule.interval == 1 ? std::string(p_.every_month)
                                  : fill(p_.n_months, fmt::arg("n", n));
    }
    const auto days = days_of_month(rule);
    if (!days) {
        return std::nullopt;
    }
    return rule.interval == 1 ? fill(p_.month_on, fmt::arg("days", *days))
                              : fill(p_.n_months_on, fmt::arg("n", n), fmt::arg("days", *days));
}

/// "5 March"; "the first Monday of March and September".
MaybeWords Printer::dates_of_year(const Rule& rule) const {
    if (rule.weekdays.empty() && rule.month_days.size() == 1 && rule.month_days.front() > 0) {
        const auto day = static_cast<unsigned>(rule.month_days.front());
        const auto in = static_cast<unsigned>(rule.months.front());
        const auto in_a_leap_year =
            std::chrono::year(2000) / static_cast<int>(in) / static_cast<int>(day);
        if (rule.months.size() > 1 || !in_a_leap_year.ok()) {
            return std::nullopt;
        }
        return fill(p_.date_of_year, fmt::arg("day", day),
                    fmt::arg("month", month(rule.months.front())));
    }
    const auto days = days_of_month(rule);
    if (!days) {
        return std::nullopt;
    }
    Words months;
    for (const int m : rule.months) {
        months.emplace_back(month(m));
    }
    return fill(p_.of_months, fmt::arg("days", *days), fmt::arg("months", list(months)));
}

MaybeWords Printer::yearly(const Rule& rule) const {
    const auto years = rule.interval == 1 ? std::string(p_.every_year)
                                          : fill(p_.n_years, fmt::arg("n", number(rule.interval)));
    if (rule.months.empty()) {
        return rule.weekdays.empty() && rule.month_days.empty() ? MaybeWords(years) : std::nullopt;
    }
    const auto days = dates_of_year(rule);
    return days ? MaybeWords(fill(p_.year_on, fmt::arg("years", years), fmt::arg("days", *days)))
                : std::nullopt;
}

MaybeWords Printer::rule(const Rule& rule) const {
    const auto in_range = [](std::int64_t n) {
        return n >= 1 && n <= std::numeric_limits<std::int32_t>::max();
    };
    const bool twins = has_twins(rule.weekdays) || has_twins(rule.month_days) ||
                       has_twins(rule.months) || has_twins(rule.positions);
    if (!in_range(rule.interval) || !in_range(rule.count.value_or(1))) {
        return std::nullopt;
    }
    if (twins || !rule.seconds.empty() || !rule.minutes.empty() || !rule.hours.empty() ||
        !rule.year_days.empty() || !rule.weeks.empty()) {
        return std::nullopt;
    }
    if (!rule.positions.empty() && rule.frequency != Frequency::monthly) {
        return std::nullopt;
    }
    switch (rule.frequency) {
    case Frequency::daily:
        return daily(rule);
    case Frequency::weekly:
        return weekly(rule);
    case Frequency::monthly:
        return monthly(rule);
    case Frequency::yearly:
        return yearly(rule);
    default:
        return std::nullopt;
    }
}

/// By its city, if those words lead back to it.
MaybeWords Printer::zone(const std::string& name) const {
    const auto leads_back = [&](const std::string& words) {
        const auto tokens = spoken::tokens_of(words);
        const auto read = spoken::read_zone(tokens, zones_);
        return read.tokens == tokens.size() - 1 && read.candidates == std::vector{name};
    };
    if (const auto city = spoken::city_of(name); name.contains('/') && leads_back(city)) {
        return fill(p_.city, fmt::arg("city", city));
    }
    return leads_back(name) ? MaybeWords(name) : std::nullopt;
}

MaybeWords Printer::end(std::string words, const Rule& rule) const {
    if (rule.until) {
        const auto day = std::chrono::floor<std::chrono::days>(rule.until->time);
        return rule.until->form == TimeForm::date
                   ? MaybeWords(fill(p_.until, fmt::arg("rule", words),
                                     fmt::arg("date", date(year_month_day(day)))))
                   : std::nullopt;
    }
    if (rule.count) {
        return *rule.count == 1
                   ? fill(p_.once, fmt::arg("rule", words))
                   : fill(p_.times, fmt::arg("rule", words), fmt::arg("n", *rule.count));
    }
    return words;
}

MaybeWords Printer::print(const Spoken& spoken) const {
    if (spoken.time && (*spoken.time < minutes(0) || *spoken.time >= hours(24))) {
        return std::nullopt;
    }
    if (const auto first = spoken.starting;
        first && (!first->ok() || first->year() < std::chrono::year(1) ||
                  first->year() > std::chrono::year(9999))) {
        return std::nullopt;
    }
    auto words = rule(spoken.rule);
    if (words && spoken.time) {
        const auto time =
            fmt::format("{:02}:{:02}", *spoken.time / hours(1), (*spoken.time % hours(1)).count());
        words = fill(p_.at, fmt::arg("rule", *words), fmt::arg("time", time));
    }
    if (words && spoken.zone) {
        const auto in = zone(*spoken.zone);
        words = in ? MaybeWords(fill(spoken.time ? p_.at_zone : p_.zone, fmt::arg("rule", *words),
                                     fmt::arg("zone", *in)))
                   : std::nullopt;
    }
    if (words && spoken.starting) {
        words = fill(p_.from, fmt::arg("rule", *words), fmt::arg("date", date(*spoken.starting)));
    }
    return words ? end(*std::move(words), spoken.rule) : std::nullopt;
}

} // namespace

std::optional<std::string> format_spoken(const Spoken& spoken, std::span<const std::string> zones) {
    return Printer(english, zones).print(spoken);
}

} // namespace allot::calendar
