#include "engine/calendar/periods.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

namespace allot::calendar {

namespace {

constexpr WallSeconds minute = 60;
constexpr WallSeconds hour = 3600;
constexpr WallSeconds day = 86400;
constexpr int last_year = 9999;

WallSeconds floor_to(WallSeconds t, WallSeconds unit) {
    const WallSeconds rest = t % unit;
    return t - (rest < 0 ? rest + unit : rest);
}

std::chrono::year_month_day date_of(DayNumber days_since_1970) {
    return std::chrono::sys_days(std::chrono::days(days_since_1970));
}

/// After 400 years the calendar repeats itself, weekdays too.
constexpr WallSeconds calendar_cycle = 146'097 * day;

std::uint64_t bits_of(const std::vector<int>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0},
                           [](std::uint64_t bits, int n) { return bits | std::uint64_t{1} << n; });
}

/// The smallest bit of `bits` from `from` on; 64 if there is none.
int next_bit(std::uint64_t bits, WallSeconds from) {
    return from > 63 ? 64 : std::countr_zero(bits >> from << from);
}

WallSeconds unit_of(Frequency frequency) {
    using enum Frequency;
    switch (frequency) {
    case secondly:
        return 1;
    case minutely:
        return minute;
    case hourly:
        return hour;
    case daily:
        return day;
    case weekly:
        return 7 * day;
    case monthly:
    case yearly:
        break;
    }
    return 0;
}

/// RFC 5545, section 3.3.12: those who have no leap seconds read 60 as 59.
std::vector<int> without_leap_second(std::vector<int> seconds) {
    std::ranges::replace(seconds, 60, 59);
    return seconds;
}

void sort_unique(std::vector<WallSeconds>& values) {
    std::ranges::sort(values);
    values.erase(std::ranges::unique(values).begin(), values.end());
}

/// Each of `values`, moved by each of `numbers` units; a number that stands twice counts once, so
/// that long lists do not multiply.
std::vector<WallSeconds> spread(const std::vector<WallSeconds>& values, std::vector<int> numbers,
                                WallSeconds unit) {
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    std::vector<WallSeconds> all;
    all.reserve(values.size() * numbers.size());
    for (const WallSeconds value : values) {
        for (const int n : numbers) {
            all.push_back(value + n * unit);
        }
    }
    return all;
}

} // namespace

Periods::Periods(const Rule& rule, const WallTime& start) {
    set_strides(rule, start);
    set_filters(rule);
    if (kind_ != Kind::even || rule.frequency >= Frequency::monthly) {
        const auto date = date_of(floor_to(start.time.time_since_epoch().count(), day) / day);
        if (auto parts = DayParts::of(rule, date); !parts.empty()) {
            masks_.emplace(std::move(parts));
        }
    }
    set_offsets(rule, start);
}

/// The kind, and where periods begin.
void Periods::set_strides(const Rule& rule, const WallTime& start) {
    const WallSeconds begin = start.time.time_since_epoch().count();
    const WallSeconds unit = unit_of(rule.frequency);
    const auto date = date_of(floor_to(begin, day) / day);
    switch (rule.frequency) {
    case Frequency::yearly:
        kind_ = Kind::years;
        first_ = static_cast<int>(date.year());
        last_ = last_year;
        stride_ = rule.interval;
        return;
    case Frequency::monthly:
        kind_ = Kind::months;
        first_ = month_of(date);
        last_ = last_year * 12 + 11;
        stride_ = rule.interval;
        return;
    case Frequency::weekly:
        kind_ = rule.months.empty() ? Kind::even : Kind::weeks;
        first_ =
            floor_to(begin, day) -
            (std::chrono::weekday(std::chrono::sys_days(date)) - rule.week_start).count() * day;
        break;
    default:
        first_ = floor_to(begin, unit);
    }
    stride_ = rule.interval * unit;
    last_ = end_of_time.time_since_epoch().count();
    const WallSeconds times = stride_ / std::gcd(stride_, calendar_cycle);
    if (__builtin_mul_overflow(times, calendar_cycle, &cycle_)) {
        cycle_ = std::numeric_limits<WallSeconds>::max();
    }
}

/// The parts that leave out periods of a day or less as a whole.
void Periods::set_filters(const Rule& rule) {
    using enum Frequency;
    if (rule.frequency > daily) {
        return;
    }
    hours_ = rule.frequency <= hourly ? bits_of(rule.hours) : 0;
    minutes_ = rule.frequency <= minutely ? bits_of(rule.minutes) : 0;
    seconds_ = rule.frequency == secondly ? bits_of(without_leap_second(rule.seconds)) : 0;
    const bool by_day = !rule.months.empty() || !rule.month_days.empty() ||
                        !rule.year_days.empty() || !rule.weekdays.empty();
    const bool by_time = hours_ != 0 || minutes_ != 0 || seconds_ != 0;
    kind_ = by_day || by_time ? Kind::filtered : Kind::even;
    if (by_time && !some_time_is_allowed()) {
        first_ = end_of_time.time_since_epoch().count() + 1;
    }
}

/// Does any period begin at a time of the day that `hours_`, `minutes_` and `seconds_` allow?
bool Periods::some_time_is_allowed() const {
    const WallSeconds apart = std::gcd(stride_, day);
    const auto allows = [](std::uint64_t bits, WallSeconds n) {
        return bits == 0 || ((bits >> n) & 1U) != 0;
    };
    for (WallSeconds t = (first_ - floor_to(first_, day)) % apart; t < day; t += apart) {
        if (allows(hours_, t / hour) && allows(minutes_, t / minute % 60) &&
            allows(seconds_, t % minute)) {
            return true;
        }
    }
    return false;
}

/// The times in a period: what the rule lists, and what it takes from DTSTART.
void Periods::set_offsets(const Rule& rule, const WallTime& start) {
    using enum Frequency;
    const WallSeconds begin = start.time.time_since_epoch().count();
    const auto of_day = static_cast<int>(begin - floor_to(begin, day));
    const bool has_time = start.form != TimeForm::date;
    const auto listed = [&](const std::vector<int>& list, int from_start) {
        return list.empty() || !has_time ? std::vector{from_start} : list;
    };
    offsets_ = {0};
    if (rule.frequency > hourly) {
        offsets_ = spread(offsets_, listed(rule.hours, of_day / 3600), hour);
    }
    if (rule.frequency > minutely) {
        offsets_ = spread(offsets_, listed(rule.minutes, of_day / 60 % 60), minute);
    }
    if (rule.frequency > secondly) {
        offsets_ = spread(offsets_, without_leap_second(listed(rule.seconds, of_day % 60)), 1);
    }
    if (rule.frequency == weekly) {
        const auto start_day = std::chrono::weekday(
            std::chrono::local_days(std::chrono::floor<std::chrono::days>(start.time)));
        std::vector<int> days;
        for (const NthWeekday& wanted : rule.weekdays) {
            days.push_back(static_cast<int>((wanted.day - rule.week_start).count()));
        }
        if (days.empty()) {
            days.push_back(static_cast<int>((start_day - rule.week_start).count()));
        }
        if (kind_ == Kind::even) {
            offsets_ = spread(offsets_, days, day);
        } else {
            days_of_week_ = static_cast<std::uint32_t>(bits_of(days));
        }
    }
    sort_unique(offsets_);
}

Periods::Opened Periods::open_at(WallSeconds t, std::int64_t budget) {
    return open(std::max(first_, period_holding(t)), budget);
}

Periods::Opened Periods::open_next(std::int64_t budget) {
    return open(period_ + stride_, budget);
}

/// The last of our periods, before or after the first, that begins at or before `t`.
std::int64_t Periods::period_holding(WallSeconds t) const {
    std::int64_t in_units = t;
    if (kind_ == Kind::months || kind_ == Kind::years) {
        const auto date = date_of(floor_to(t, day) / day);
        in_units = kind_ == Kind::months ? month_of(date) : static_cast<int>(date.year());
    }
    return first_ + floor_to(in_units - first_, stride_);
}

/// Opens `period`, or the next one that is not empty.
Periods::Opened Periods::open(std::int64_t period, std::int64_t budget) {
    bases_.clear();
    const std::int64_t last = std::min(last_, cycle_ > last_ - period ? last_ : period + cycle_);
    while (period <= last) {
        if (++steps_ > budget) {
            return Opened::too_complex;
        }
        period_ = period;
        std::int64_t next = period + stride_;
        switch (kind_) {
        case Kind::even:
            bases_.push_back(period);
            break;
        case Kind::filtered:
            if (const auto later = skip_from(period)) {
                next = first_ + floor_to(*later - first_ + stride_ - 1, stride_);
            } else {
                bases_.push_back(period);
            }
            break;
        case Kind::weeks:
            collect_week(period);
            break;
        case Kind::months:
            collect_month(period);
            break;
        case Kind::years:
            for (std::uint32_t months = masks_->months_of(static_cast<int>(period)); months != 0;
                 months &= months - 1) {
                collect_month(period * 12 + std::countr_zero(months));
            }
            break;
        }
        if (!bases_.empty()) {
            return Opened::yes;
        }
        period = next;
    }
    return Opened::no_more;
}

/// Nothing if the period that begins at `t` is allowed; otherwise a moment after `t` before which
/// no period is.
std::optional<WallSeconds> Periods::skip_from(WallSeconds t) {
    const WallSeconds midnight = floor_to(t, day);
    if (masks_ && !masks_->has(midnight / day)) {
        return next_allowed_day(midnight / day + 1);
    }
    // From the longest unit to the shortest: the next one that is listed, or the next longer unit.
    const WallSeconds of_day = t - midnight;
    if (const auto now = of_day / hour; hours_ != 0 && next_bit(hours_, now) != now) {
        const int next = next_bit(hours_, now);
        return next == 64 ? midnight + day : midnight + next * hour;
    }
    if (const auto now = of_day / minute % 60; minutes_ != 0 && next_bit(minutes_, now) != now) {
        const WallSeconds begin = midnight + of_day / hour * hour;
        const int next = next_bit(minutes_, now);
        return next == 64 ? begin + hour : begin + next * minute;
    }
    if (const auto now = of_day % minute; seconds_ != 0 && next_bit(seconds_, now) != now) {
        const WallSeconds begin = midnight + of_day / minute * minute;
        const int next = next_bit(seconds_, now);
        return next == 64 ? begin + minute : begin + next;
    }
    return std::nullopt;
}

/// Midnight of the first day from `from` on that `masks_` allows; beyond the end if there is none.
WallSeconds Periods::next_allowed_day(DayNumber from) {
    constexpr MonthNumber last_month = last_year * 12 + 11;
    const MonthDays& first = masks_->month_with(from);
    if (const std::uint32_t left = first.days >> (from - first.first); left != 0) {
        return (from + std::countr_zero(left)) * day;
    }
    for (MonthNumber month = month_of(date_of(from)) + 1; month <= last_month; ++month) {
        ++steps_;
        if (const MonthDays& days = masks_->month(month); days.days != 0) {
            return (days.first + std::countr_zero(days.days)) * day;
        }
    }
    return end_of_time.time_since_epoch().count() + 1;
}

void Periods::collect_week(WallSeconds week) {
    for (std::uint32_t left = days_of_week_; left != 0; left &= left - 1) {
        const WallSeconds midnight = week + std::countr_zero(left) * day;
        if (masks_->has(midnight / day)) {
            bases_.push_back(midnight);
        }
    }
}

void Periods::collect_month(MonthNumber number) {
    const MonthDays& month = masks_->month(number);
    for (std::uint32_t left = month.days; left != 0; left &= left - 1) {
        bases_.push_back((month.first + std::countr_zero(left)) * day);
    }
}

} // namespace allot::calendar
