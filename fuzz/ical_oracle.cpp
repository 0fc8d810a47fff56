#include "fuzz/ical_oracle.hpp"

#include <algorithm>
#include <array>
#include <libical/ical.h>
#include <limits>
#include <memory>
#include <utility>

namespace allot::fuzz {

namespace {

using namespace calendar;
using std::chrono::local_seconds;

// What libical does otherwise. Lists are sorted here, and without repeats.

bool has(const std::vector<int>& list, int n) {
    return std::ranges::find(list, n) != list.end();
}

bool below_day(const Rule& rule) {
    return rule.frequency < Frequency::daily;
}
bool below_month(const Rule& rule) {
    return rule.frequency < Frequency::monthly;
}

/// How many times a day has, where days are chosen and times are added to them.
std::size_t times_a_day(const Rule& rule, const WallTime& start) {
    if (start.form == TimeForm::date) {
        return 1;
    }
    return std::max<std::size_t>(rule.hours.size(), 1) *
           std::max<std::size_t>(rule.minutes.size(), 1) *
           std::max<std::size_t>(rule.seconds.size(), 1);
}

/// The most starts that one period may have.
std::size_t starts_a_period(const Rule& rule, const WallTime& start) {
    using enum Frequency;
    Rule expanding = rule; // without the parts that choose periods
    if (rule.frequency <= hourly) {
        expanding.hours.clear();
    }
    if (rule.frequency <= minutely) {
        expanding.minutes.clear();
    }
    if (rule.frequency == secondly) {
        expanding.seconds.clear();
    }
    const std::size_t days = rule.frequency == weekly ? rule.weekdays.size() : 1;
    return std::max<std::size_t>(days, 1) * times_a_day(expanding, start);
}

/// Does BYSETPOS leave out a start of a period that has up to `most`?
bool leaves_out(const std::vector<int>& positions, std::size_t most) {
    if (most > positions.size()) { // each names one at most
        return true;
    }
    const int size = static_cast<int>(most);
    for (int total = 1; total <= size; ++total) {
        for (int n = 1; n <= total; ++n) {
            if (!has(positions, n) && !has(positions, n - total - 1)) {
                return true;
            }
        }
    }
    return false;
}

bool ignores_positions(const Rule& rule, const WallTime& start) {
    return !rule.positions.empty() && below_month(rule) &&
           leaves_out(rule.positions, starts_a_period(rule, start));
}

bool chooses_days_only(const Rule& rule, const WallTime& start) {
    return !rule.positions.empty() && !below_month(rule) && times_a_day(rule, start) > 1;
}

/// May two numbers of a list name one day, counted from both ends of `shortest` to `longest` days?
bool names_a_day_twice(const std::vector<int>& list, int shortest, int longest) {
    for (const int from_end : list) {
        for (const int day : list) {
            const int length = day - from_end - 1;
            if (from_end < 0 && day > 0 && length >= shortest && length <= longest) {
                return true;
            }
        }
    }
    return false;
}

bool counts_a_day_twice(const Rule& rule, const WallTime& /*start*/) {
    return !rule.positions.empty() && rule.weekdays.empty() &&
           (names_a_day_twice(rule.month_days, 28, 31) ||
            names_a_day_twice(rule.year_days, 365, 366));
}

bool has_negative(const std::vector<int>& list) {
    return !list.empty() && list.front() < 0;
}

bool reads_no_days_from_the_end(const Rule& rule, const WallTime& /*start*/) {
    return below_month(rule) && (has_negative(rule.month_days) || has_negative(rule.year_days));
}

bool counts_weeks_from_the_wrong_day(const Rule& rule, const WallTime& start) {
    if (rule.frequency != Frequency::weekly || rule.interval == 1 || rule.weekdays.empty()) {
        return false;
    }
    const auto first = std::ranges::min(rule.weekdays, {}, [&](const NthWeekday& wanted) {
                           return (wanted.day - rule.week_start).count();
                       }).day;
    return first.c_encoding() < rule.week_start.c_encoding() &&
           first != std::chrono::weekday(std::chrono::floor<std::chrono::days>(start.time));
}

/// The part that lists what FREQ counts.
const std::vector<int>* own_part(const Rule& rule) {
    switch (rule.frequency) {
    case Frequency::hourly:
        return &rule.hours;
    case Frequency::minutely:
        return &rule.minutes;
    case Frequency::secondly:
        return &rule.seconds;
    default:
        return nullptr;
    }
}

bool takes_the_list_for_the_interval(const Rule& rule, const WallTime& /*start*/) {
    const auto* const part = own_part(rule);
    return part != nullptr && !part->empty() && rule.interval > 1;
}

std::chrono::hh_mm_ss<std::chrono::seconds> time_of(const WallTime& start) {
    return std::chrono::hh_mm_ss(start.time - std::chrono::floor<std::chrono::days>(start.time));
}

bool begins_in_the_list_wrongly(const Rule& rule, const WallTime& start) {
    const auto* const part = own_part(rule);
    if (part == nullptr || part->empty()) {
        return false;
    }
    const auto time = time_of(start);
    const auto now =
        static_cast<int>(rule.frequency == Frequency::hourly     ? time.hours().count()
                         : rule.frequency == Frequency::minutely ? time.minutes().count()
                                                                 : time.seconds().count());
    return now < part->front() || (now > part->front() && has(*part, now));
}

bool moves_the_start(const Rule& rule, const WallTime& start) {
    if (!below_day(rule)) {
        return false;
    }
    const auto time = time_of(start);
    const bool moves_hour = rule.frequency < Frequency::hourly && !rule.hours.empty();
    const bool moves_minute = rule.frequency < Frequency::minutely && !rule.minutes.empty();
    const auto kept = time.hours() + time.minutes();
    const auto moved = (moves_hour ? std::chrono::hours(rule.hours.front()) : time.hours()) +
                       (moves_minute ? std::chrono::minutes(rule.minutes.front()) : time.minutes());
    return moved > kept || (rule.interval > 1 && moved != kept);
}

bool numbers_weeks_without_weekday(const Rule& rule, const WallTime& /*start*/) {
    return !rule.weeks.empty() && rule.weekdays.empty();
}

bool counts_weeks_back_from_monday(const Rule& rule, const WallTime& /*start*/) {
    return has_negative(rule.weeks) && rule.week_start != std::chrono::Monday;
}

bool miscounts_weeks_at_new_year(const Rule& rule, const WallTime& /*start*/) {
    const bool at_new_year = std::ranges::any_of(
        rule.weeks, [](int week) { return week == 1 || week >= 52 || week == -1 || week <= -52; });
    return at_new_year || (!rule.weeks.empty() && has(rule.months, 1));
}

bool cuts_the_interval(const Rule& rule, const WallTime& /*start*/) {
    return rule.interval > std::numeric_limits<short>::max();
}

bool repeats_dates(const Rule& rule, const WallTime& start) {
    return start.form == TimeForm::date &&
           std::max({rule.hours.size(), rule.minutes.size(), rule.seconds.size()}) > 1;
}

constexpr std::array<Difference, 13> differences = {{
    {"keeps INTERVAL in 16 bits",
     "The INTERVAL rule part contains a positive integer representing at which intervals the "
     "recurrence rule repeats.",
     cuts_the_interval},
    {"repeats a date for each time of BYHOUR, BYMINUTE and BYSECOND",
     "These rule parts MUST be ignored in RECUR value that violate the above requirement (of a "
     "DTSTART that is a date)",
     repeats_dates},
    {"ignores BYSETPOS in WEEKLY and shorter",
     "BYSETPOS operates on a set of recurrence instances in one interval of the recurrence rule.",
     ignores_positions},
    {"lets BYSETPOS choose days before it adds times to them",
     "BYDAY, BYHOUR, BYMINUTE, BYSECOND and BYSETPOS; then COUNT and UNTIL are evaluated.",
     chooses_days_only},
    {"counts a day that is named from both ends twice for BYSETPOS",
     "the nth occurrence within the set of recurrence instances specified by the rule",
     counts_a_day_twice},
    {"finds no negative BYMONTHDAY or BYYEARDAY in DAILY and shorter",
     "For example, -10 represents the tenth to the last day of the month.",
     reads_no_days_from_the_end},
    {"may be a week off where INTERVAL counts from the week of DTSTART",
     "This is significant when a WEEKLY \"RRULE\" has an interval greater than 1, and a BYDAY rule "
     "part is specified.",
     counts_weeks_from_the_wrong_day},
    {"forgets INTERVAL where BYHOUR is in HOURLY, BYMINUTE in MINUTELY, BYSECOND in SECONDLY",
     "after evaluating the specified FREQ and INTERVAL rule parts, the BYxxx rule parts are "
     "applied to the current set of evaluated occurrences",
     takes_the_list_for_the_interval},
    {"tells the first start of such a list twice, or leaves it out",
     "BYxxx rule parts for a period of time that is the same or greater than the frequency "
     "generally reduce or limit the number of occurrences",
     begins_in_the_list_wrongly},
    {"moves DTSTART to the first hour or minute listed, also where these limit",
     "the same sentence: a limit takes periods away and moves none", moves_the_start},
    {"adds up days of the year for BYWEEKNO without BYDAY, and writes past a table",
     "Information, not contained in the rule, necessary to determine the various recurrence "
     "instance start time and dates are derived from the Start Time (DTSTART)",
     numbers_weeks_without_weekday},
    {"counts BYWEEKNO back from the end as if weeks began on Monday",
     "A week is defined as a seven day period, starting on the day of the week defined to be the "
     "week start (see WKST).",
     counts_weeks_back_from_monday},
    {"loses or adds days of the weeks around New Year",
     "Week number one of the calendar year is the first week that contains at least four (4) days "
     "in that calendar year.",
     miscounts_weeks_at_new_year},
}};

// Asking libical.

/// Its own code repeats a start for a value that is listed twice, and tells times in the order of
/// the list; to the RFC a list is a set.
Rule ordered(Rule rule) {
    std::ranges::replace(rule.seconds, 60, 59); // section 3.3.12, as we read it
    for (auto* list : {&rule.seconds, &rule.minutes, &rule.hours, &rule.month_days, &rule.year_days,
                       &rule.weeks, &rule.months, &rule.positions}) {
        std::ranges::sort(*list);
        list->erase(std::ranges::unique(*list).begin(), list->end());
    }
    const auto key = [](const NthWeekday& wanted) {
        return std::pair(wanted.day.c_encoding(), wanted.nth);
    };
    std::ranges::sort(rule.weekdays, {}, key);
    rule.weekdays.erase(std::ranges::unique(rule.weekdays).begin(), rule.weekdays.end());
    return rule;
}

icaltimetype ical_time(local_seconds t, bool is_date) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(t - day);
    icaltimetype ical = icaltime_null_time();
    ical.year = static_cast<int>(date.year());
    ical.month = static_cast<int>(static_cast<unsigned>(date.month()));
    ical.day = static_cast<int>(static_cast<unsigned>(date.day()));
    ical.is_date = is_date ? 1 : 0;
    if (!is_date) {
        ical.hour = static_cast<int>(time.hours().count());
        ical.minute = static_cast<int>(time.minutes().count());
        ical.second = static_cast<int>(time.seconds().count());
    }
    return ical;
}

local_seconds wall_time(const icaltimetype& ical) {
    return std::chrono::local_days(std::chrono::year(ical.year) / ical.month / ical.day) +
           std::chrono::hours(ical.hour) + std::chrono::minutes(ical.minute) +
           std::chrono::seconds(ical.second);
}

} // namespace

const Difference* ical_difference(const Rule& rule, const WallTime& start) {
    const auto found = std::ranges::find_if(
        differences, [rule = ordered(rule), &start](const Difference& difference) {
            return difference.holds(rule, start);
        });
    return found == differences.end() ? nullptr : found;
}

std::optional<std::vector<local_seconds>> ical_starts(const Rule& rule, const WallTime& start,
                                                      local_seconds to, std::size_t most) {
    const bool is_date = start.form == TimeForm::date;
    Rule asked = ordered(rule);
    if (asked.until) {
        const bool whole_day = asked.until->form == TimeForm::date;
        to = std::min(to, asked.until->time + std::chrono::seconds(whole_day ? 86400 - 1 : 0));
    }
    asked.until.reset();
    icalrecurrencetype ical = icalrecurrencetype_from_string(format_rule(asked).c_str());
    ical.until = ical_time(to, is_date);
    const std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)> iterator(
        icalrecur_iterator_new(ical, ical_time(start.time, is_date)), icalrecur_iterator_free);
    if (!iterator) {
        return std::nullopt;
    }
    std::vector<local_seconds> starts;
    while (starts.size() < most) {
        const icaltimetype next = icalrecur_iterator_next(iterator.get());
        if (icaltime_is_null_time(next) != 0) {
            break;
        }
        starts.push_back(wall_time(next));
    }
    return starts;
}

} // namespace allot::fuzz
