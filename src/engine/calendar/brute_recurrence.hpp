/// For tests and fuzzing: rules at random, and their starts by asking of every day and time whether
/// it fits. Shares nothing with `Recurrence` but the types.
#pragma once

#include "engine/calendar/rule.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

namespace allot::calendar::testing {

/// A day or time that may fit a rule, taken apart.
class BruteRecurrence {
  public:
    BruteRecurrence(const Rule& rule, const WallTime& start) : rule_(rule), start_(start) {
        if (start.form == TimeForm::date) { // "MUST be ignored"
            rule_.hours.clear();
            rule_.minutes.clear();
            rule_.seconds.clear();
        }
        std::ranges::replace(rule_.seconds, 60, 59);
    }

    /// All starts up to `to`, COUNT and UNTIL regarded, UNTIL as the rule writes it.
    [[nodiscard]] std::vector<std::chrono::local_seconds>
    until(std::chrono::local_seconds to) const {
        std::map<std::int64_t, std::vector<std::int64_t>> sets; // by period
        const std::int64_t first = seconds_of(start_.time);
        const std::int64_t begin_day = (first - 400 * day) / day;
        const std::int64_t to_day = (seconds_of(to) + 400 * day) / day;
        for (std::int64_t d = in_first_period(begin_day); d <= to_day; ++d) {
            if (beyond(d, to)) {
                break;
            }
            if (fits(d)) {
                add_times(d, sets);
            }
        }
        std::vector<std::chrono::local_seconds> all;
        for (const auto& [period, set] : sets) {
            for (const std::int64_t t : chosen(set)) {
                const bool over = (rule_.count && std::ssize(all) == *rule_.count) || t > last() ||
                                  t > seconds_of(to);
                if (!over && t >= first) {
                    all.emplace_back(std::chrono::seconds(t));
                }
            }
        }
        return all;
    }

  private:
    static constexpr std::int64_t day = 86400;

    static std::int64_t seconds_of(std::chrono::local_seconds t) {
        return t.time_since_epoch().count();
    }
    static std::chrono::year_month_day date_of(std::int64_t d) {
        return std::chrono::sys_days(std::chrono::days(d));
    }
    static int year_of(std::int64_t d) { return static_cast<int>(date_of(d).year()); }
    static int month_of(std::int64_t d) {
        return static_cast<int>(static_cast<unsigned>(date_of(d).month()));
    }
    static int day_of_month(std::int64_t d) {
        return static_cast<int>(static_cast<unsigned>(date_of(d).day()));
    }
    static std::int64_t new_year(int year) {
        return std::chrono::sys_days(std::chrono::year(year) / 1 / 1).time_since_epoch().count();
    }
    static int weekday_of(std::int64_t d) { return static_cast<int>(((d + 4) % 7 + 7) % 7); }

    [[nodiscard]] std::int64_t last() const {
        if (!rule_.until) {
            return seconds_of(end_of_time);
        }
        const bool whole = rule_.until->form == TimeForm::date;
        return seconds_of(rule_.until->time) + (whole ? day - 1 : 0);
    }

    /// Which period a moment is in, counted in the unit of FREQ.
    [[nodiscard]] std::int64_t period_of(std::int64_t t) const {
        const std::int64_t d = (t - ((t % day) + day) % day) / day;
        switch (rule_.frequency) {
        case Frequency::secondly:
            return t;
        case Frequency::minutely:
            return (t - ((t % 60) + 60) % 60) / 60;
        case Frequency::hourly:
            return (t - ((t % 3600) + 3600) % 3600) / 3600;
        case Frequency::daily:
            return d;
        case Frequency::weekly:
            return (d + 7'000'000 - (rule_.week_start.c_encoding() + 3) % 7) / 7;
        case Frequency::monthly:
            return year_of(d) * 12 + month_of(d);
        case Frequency::yearly:
            break;
        }
        return year_of(d);
    }
    /// The first day, from `d` on, of DTSTART's period.
    [[nodiscard]] std::int64_t in_first_period(std::int64_t d) const {
        const std::int64_t first = period_of(seconds_of(start_.time));
        while (period_of(d * day + day - 1) < first) {
            ++d;
        }
        return d;
    }
    [[nodiscard]] bool beyond(std::int64_t d, std::chrono::local_seconds to) const {
        return period_of(d * day) > period_of(seconds_of(to));
    }

    static bool has(const std::vector<int>& list, int n) {
        return std::ranges::find(list, n) != list.end();
    }
    static bool has(const std::vector<int>& list, int n, int total) {
        return has(list, n) || has(list, n - total - 1);
    }

    /// The year whose week `d` is in: that of the fourth day of the week.
    [[nodiscard]] std::int64_t fourth_day(std::int64_t d) const {
        while (weekday_of(d) != static_cast<int>(rule_.week_start.c_encoding())) {
            --d;
        }
        return d + 3;
    }
    [[nodiscard]] int week_number(std::int64_t d) const {
        const std::int64_t fourth = fourth_day(d);
        return static_cast<int>((fourth - new_year(year_of(fourth))) / 7) + 1;
    }
    [[nodiscard]] int weeks_in_year_of(std::int64_t d) const {
        const int year = year_of(fourth_day(d));
        int most = 0;
        for (std::int64_t x = new_year(year + 1) - 10; x < new_year(year + 1) + 10; ++x) {
            most = year_of(fourth_day(x)) == year ? std::max(most, week_number(x)) : most;
        }
        return most;
    }

    [[nodiscard]] bool fits_weekday(std::int64_t d, const NthWeekday& wanted) const {
        if (weekday_of(d) != static_cast<int>(wanted.day.c_encoding())) {
            return false;
        }
        if (wanted.nth == 0) {
            return true;
        }
        const bool of_month = rule_.frequency == Frequency::monthly || !rule_.months.empty();
        const auto same = [&](std::int64_t x) {
            return year_of(x) == year_of(d) && (!of_month || month_of(x) == month_of(d));
        };
        int nth = 0;
        for (std::int64_t x = d; same(x); x -= wanted.nth > 0 ? 7 : -7) {
            ++nth;
        }
        return nth == std::abs(wanted.nth);
    }

    [[nodiscard]] bool fits(std::int64_t d) const {
        const std::int64_t first =
            seconds_of(start_.time) / day - (seconds_of(start_.time) % day < 0 ? 1 : 0);
        const int year_length = static_cast<int>(new_year(year_of(d) + 1) - new_year(year_of(d)));
        std::int64_t next_month = d;
        while (month_of(next_month) == month_of(d)) {
            ++next_month;
        }
        const int month_length = day_of_month(next_month - 1);
        const bool yearly = rule_.frequency == Frequency::yearly;
        const bool monthly = rule_.frequency == Frequency::monthly;
        const bool says_day =
            !rule_.month_days.empty() || !rule_.year_days.empty() || !rule_.weekdays.empty();
        bool fit = rule_.months.empty() || has(rule_.months, month_of(d));
        fit = fit &&
              (rule_.month_days.empty() || has(rule_.month_days, day_of_month(d), month_length));
        fit = fit &&
              (rule_.year_days.empty() ||
               has(rule_.year_days, static_cast<int>(d - new_year(year_of(d))) + 1, year_length));
        fit = fit && (rule_.weeks.empty() || has(rule_.weeks, week_number(d), weeks_in_year_of(d)));
        fit = fit && (rule_.weekdays.empty() ||
                      std::ranges::any_of(rule_.weekdays, [&](const auto& wanted) {
                          return fits_weekday(d, wanted);
                      }));
        // What DTSTART adds.
        if ((monthly || (yearly && rule_.weeks.empty())) && !says_day) {
            fit = fit && day_of_month(d) == day_of_month(first);
        }
        if ((rule_.frequency == Frequency::weekly || (yearly && !rule_.weeks.empty())) &&
            !says_day) {
            fit = fit && weekday_of(d) == weekday_of(first);
        }
        if (yearly && rule_.months.empty() && rule_.weeks.empty() && rule_.year_days.empty() &&
            (rule_.weekdays.empty() || !rule_.month_days.empty())) {
            fit = fit && month_of(d) == month_of(first);
        }
        return fit;
    }

    /// The values that a part of the time may have.
    [[nodiscard]] std::vector<int> values(const std::vector<int>& list, bool counted,
                                          int from_start, int most) const {
        std::vector<int> all = list;
        if (list.empty() && counted) {
            all.resize(static_cast<std::size_t>(most) + 1);
            std::iota(all.begin(), all.end(), 0);
        } else if (list.empty()) {
            all = {from_start};
        }
        std::ranges::sort(all);
        all.erase(std::ranges::unique(all).begin(), all.end());
        return all;
    }

    void add_times(std::int64_t d, std::map<std::int64_t, std::vector<std::int64_t>>& sets) const {
        const std::int64_t first = seconds_of(start_.time);
        const int of_day = static_cast<int>(((first % day) + day) % day);
        const auto hours =
            values(rule_.hours, rule_.frequency <= Frequency::hourly, of_day / 3600, 23);
        const auto minutes =
            values(rule_.minutes, rule_.frequency <= Frequency::minutely, of_day / 60 % 60, 59);
        const auto seconds =
            values(rule_.seconds, rule_.frequency == Frequency::secondly, of_day % 60, 59);
        for (const std::int64_t h : hours) {
            for (const std::int64_t m : minutes) {
                for (const int s : seconds) {
                    const std::int64_t t = d * day + h * 3600 + m * 60 + s;
                    const std::int64_t since = period_of(t) - period_of(first);
                    if (since >= 0 && since % rule_.interval == 0) {
                        sets[period_of(t)].push_back(t);
                    }
                }
            }
        }
    }

    [[nodiscard]] std::vector<std::int64_t> chosen(const std::vector<std::int64_t>& set) const {
        if (rule_.positions.empty()) {
            return set;
        }
        std::vector<std::int64_t> kept;
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (has(rule_.positions, static_cast<int>(i) + 1, static_cast<int>(set.size()))) {
                kept.push_back(set[i]);
            }
        }
        return kept;
    }

    Rule rule_;
    WallTime start_;
};

/// A rule that section 3.3.10 allows. `upto(n)` gives a number from 0 to n, n < 256.
template <class Upto>
Rule draw_rule(Upto upto, bool with_time) {
    Rule rule;
    rule.frequency = static_cast<Frequency>(with_time ? upto(6) : 3 + upto(3));
    rule.interval = upto(2) == 0 ? 1 + upto(30) : 1 + upto(2);
    const auto fill = [&](std::vector<int>& list, bool allowed, int one_in, int least, int most,
                          bool from_end) {
        if (!allowed || upto(one_in - 1) != 0) {
            return;
        }
        for (int n = upto(3) + 1; n > 0; --n) {
            const int value = least + (most - least < 256 ? upto(most - least)
                                                          : upto(255) + upto(most - least - 255));
            list.push_back(from_end && upto(2) == 0 ? -value : value);
        }
    };
    const bool yearly = rule.frequency == Frequency::yearly;
    const bool weekly = rule.frequency == Frequency::weekly;
    const bool below_day = rule.frequency < Frequency::daily;
    fill(rule.months, true, 4, 1, 12, false);
    fill(rule.weeks, yearly, 4, 1, 53, true);
    fill(rule.year_days, yearly || below_day, 5, 1, 366, true);
    fill(rule.month_days, !weekly, 4, 1, 31, true);
    fill(rule.hours, with_time, 4, 0, 23, false);
    fill(rule.minutes, with_time, 5, 0, 59, false);
    fill(rule.seconds, with_time, 6, 0, 60, false);
    if (upto(2) == 0) {
        const bool numbered =
            (yearly || rule.frequency == Frequency::monthly) && rule.weeks.empty();
        for (int n = upto(3) + 1; n > 0; --n) {
            NthWeekday wanted{.day = std::chrono::weekday(static_cast<unsigned>(upto(6)))};
            if (numbered && upto(1) == 0) {
                wanted.nth = 1 + upto(yearly && rule.months.empty() ? 52 : 4);
                wanted.nth = upto(1) == 0 ? -wanted.nth : wanted.nth;
            }
            rule.weekdays.push_back(wanted);
        }
    }
    const bool has_part = !rule.months.empty() || !rule.weeks.empty() || !rule.year_days.empty() ||
                          !rule.month_days.empty() || !rule.hours.empty() ||
                          !rule.minutes.empty() || !rule.seconds.empty() || !rule.weekdays.empty();
    fill(rule.positions, has_part, 4, 1, 6, true);
    rule.week_start = std::chrono::weekday(static_cast<unsigned>(upto(2) == 0 ? upto(6) : 1));
    if (upto(3) == 0) {
        rule.count = 1 + upto(40);
    }
    return rule;
}

/// How far a rule is followed by brute force, so that it takes milliseconds.
inline std::chrono::seconds horizon_of(Frequency frequency) {
    using std::chrono::days;
    switch (frequency) {
    case Frequency::secondly:
        return days(1);
    case Frequency::minutely:
        return days(10);
    case Frequency::hourly:
        return days(200);
    case Frequency::daily:
    case Frequency::weekly:
        return days(800);
    case Frequency::monthly:
    case Frequency::yearly:
        break;
    }
    return days(3000);
}

} // namespace allot::calendar::testing
