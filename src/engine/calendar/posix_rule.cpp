#include "engine/calendar/posix_rule.hpp"

#include "base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// What is left of a TZ string; each function takes what it reads off the front.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : whole_(text), rest_(text) {}

    [[nodiscard]] bool done() const { return rest_.empty(); }
    [[nodiscard]] bool at(char c) const { return rest_.starts_with(c); }

    bool take(char c) {
        if (!at(c)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] auto wrong(std::string_view expected) const {
        return fail(ErrorKind::invalid,
                    fmt::format("TZ string \"{}\", byte {}: expected {}", text::shown(whole_),
                                whole_.size() - rest_.size() + 1, expected));
    }

    /// One to `width` digits with a value from `least` to `most`.
    Result<int> number(std::size_t width, int least, int most, std::string_view what) {
        std::size_t n = 0;
        int value = 0;
        while (n < rest_.size() && n < width && is_digit(rest_[n])) {
            value = value * 10 + (rest_[n] - '0');
            ++n;
        }
        if (n == 0 || value < least || value > most) {
            return wrong(fmt::format("{} from {} to {}", what, least, most));
        }
        rest_.remove_prefix(n);
        return value;
    }

    /// An abbreviation: three or more letters, or three or more of [A-Za-z0-9+-] in < >.
    Result<void> name() {
        const bool quoted = take('<');
        const auto fits = [&](char c) {
            return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
        };
        const auto end = std::ranges::find_if_not(rest_, fits);
        const auto n = static_cast<std::size_t>(end - rest_.begin());
        if (n < 3 || (quoted && end == rest_.end()) || (quoted && *end != '>')) {
            return wrong("an abbreviation of three letters or more, such as CET or <+03>");
        }
        rest_.remove_prefix(n + (quoted ? 1 : 0));
        return {};
    }

    /// `[+-]h[:mm[:ss]]`, hours up to `most_hours` in at most `width` digits.
    Result<seconds> time(std::size_t width, int most_hours, bool with_sign) {
        const bool negative = with_sign && take('-');
        if (with_sign && !negative) {
            take('+');
        }
        TRY(const int h, number(width, 0, most_hours, "hours"));
        int m = 0;
        int s = 0;
        if (take(':')) {
            TRY(m, number(2, 0, 59, "minutes"));
            if (take(':')) {
                TRY(s, number(2, 0, 59, "seconds"));
            }
        }
        const seconds sum = hours(h) + minutes(m) + seconds(s);
        return negative ? -sum : sum;
    }

  private:
    std::string_view whole_, rest_;
};

/// `Mm.w.d`, after the M.
Result<YearDay> month_day(Cursor& in) {
    TRY(const int month, in.number(2, 1, 12, "a month"));
    if (!in.take('.')) {
        return in.wrong("a full stop");
    }
    TRY(const int week, in.number(1, 1, 5, "a week"));
    if (!in.take('.')) {
        return in.wrong("a full stop");
    }
    TRY(const int weekday, in.number(1, 0, 6, "a weekday"));
    return YearDay{.kind = YearDay::Kind::month_day,
                   .month = static_cast<unsigned>(month),
                   .week = static_cast<unsigned>(week),
                   .weekday = static_cast<unsigned>(weekday)};
}

/// `,date[/time]`.
Result<YearDay> year_day(Cursor& in, bool extended) {
    if (!in.take(',')) {
        return in.wrong("a comma and the day of a change");
    }
    YearDay rule;
    if (in.take('M')) {
        TRY(rule, month_day(in));
    } else if (in.take('J')) {
        rule.kind = YearDay::Kind::julian;
        TRY(rule.day, in.number(3, 1, 365, "a day"));
    } else {
        TRY(rule.day, in.number(3, 0, 365, "a day"));
    }
    if (in.take('/')) {
        TRY(rule.time, extended ? in.time(3, 167, true) : in.time(2, 24, false));
    }
    return rule;
}

/// The moments of one year's two changes reach at most 8 days beyond it (167 hours and an
/// offset), so those of two years on each side hold the last change before and the first after.
constexpr int years_around = 2;

struct Change {
    Instant at;
    bool to_daylight = false;

    /// In the order of time, the beginning of daylight saving last.
    friend auto operator<=>(const Change&, const Change&) = default;
};

} // namespace

local_seconds YearDay::in(year y) const {
    const local_days first{y / 1 / 1};
    if (kind == Kind::zero_day) {
        return first + days(day) + time;
    }
    if (kind == Kind::julian) {
        const bool after_leap_day = y.is_leap() && day >= 60;
        return first + days(day - 1 + (after_leap_day ? 1 : 0)) + time;
    }
    const std::chrono::weekday wanted(weekday);
    const std::chrono::month m(month);
    const local_days date = week == 5 ? local_days{y / m / wanted[std::chrono::last]}
                                      : local_days{y / m / wanted[week]};
    return date + time;
}

Result<PosixRule> PosixRule::parse(std::string_view text, bool extended) {
    Cursor in(text);
    PosixRule rule;
    TRY_DO(in.name());
    TRY(const seconds west, in.time(2, 24, true));
    rule.standard_ = -west;
    if (in.done()) {
        return rule;
    }
    TRY_DO(in.name());
    Daylight daylight{.offset = rule.standard_ + hours(1), .begin = {}, .end = {}};
    if (!in.done() && !in.at(',')) {
        TRY(const seconds west_then, in.time(2, 24, true));
        daylight.offset = -west_then;
    }
    TRY(daylight.begin, year_day(in, extended));
    TRY(daylight.end, year_day(in, extended));
    if (!in.done()) {
        return in.wrong("the end");
    }
    rule.daylight_ = daylight;
    return rule;
}

Period PosixRule::period_at(Instant t) const {
    if (!daylight_) {
        return {.offset = standard_};
    }
    constexpr Instant earliest = std::chrono::sys_days(year(0) / 1 / 1);
    constexpr Instant latest = std::chrono::sys_days(year(10001) / 1 / 1);
    const Instant near = std::clamp(t, earliest, latest);
    const year middle = std::chrono::year_month_day(std::chrono::floor<days>(near)).year();

    std::array<Change, static_cast<std::size_t>(2 * (2 * years_around + 1))> changes{};
    auto next = changes.begin();
    for (int i = -years_around; i <= years_around; ++i) {
        const year y = middle + std::chrono::years(i);
        const auto begin = daylight_->begin.in(y).time_since_epoch() - standard_;
        const auto end = daylight_->end.in(y).time_since_epoch() - daylight_->offset;
        *next++ = {.at = Instant(begin), .to_daylight = true};
        *next++ = {.at = Instant(end), .to_daylight = false};
    }
    std::ranges::sort(changes);
    const auto after = std::ranges::upper_bound(changes, near, {}, &Change::at);
    const bool in_daylight = std::prev(after)->to_daylight;
    return {.offset = in_daylight ? daylight_->offset : standard_,
            .until = near == t ? after->at : Instant::max()};
}

} // namespace allot::calendar
