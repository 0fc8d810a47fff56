#include "engine/calendar/wall_time.hpp"

#include "base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::local_days;

/// Where `text` has the shape of `pattern` (each 9 stands for a digit), its digits.
bool has_shape(std::string_view text, std::string_view pattern) {
    return std::ranges::equal(
        text, pattern, [](char c, char p) { return p == '9' ? c >= '0' && c <= '9' : c == p; });
}

/// The digits of a text of a known shape, taken off the front.
class Digits {
  public:
    explicit Digits(std::string_view text) {
        std::ranges::copy_if(text, std::back_inserter(all_),
                             [](char c) { return c >= '0' && c <= '9'; });
    }

    /// The next `width` ones; 0 where there are no more.
    unsigned next(std::size_t width) {
        unsigned value = 0;
        for (; width > 0 && at_ < all_.size(); --width) {
            value = value * 10 + static_cast<unsigned>(all_[at_++] - '0');
        }
        return value;
    }

  private:
    std::string all_;
    std::size_t at_ = 0;
};

auto wrong(std::string_view text) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is no time such as 20260105T090000 or 2026-01-05T09:00, and no "
                            "date such as 20260105",
                            text::shown(text)));
}

} // namespace

Result<WallTime> parse_wall_time(std::string_view text) {
    std::string_view body = text;
    const bool utc = body.ends_with('Z');
    body.remove_suffix(utc ? 1 : 0);
    const bool is_date = has_shape(body, "99999999") || has_shape(body, "9999-99-99");
    if ((is_date && utc) ||
        (!is_date && !has_shape(body, "99999999T999999") && !has_shape(body, "9999-99-99T99:99") &&
         !has_shape(body, "9999-99-99T99:99:99"))) {
        return wrong(text);
    }
    Digits digits(body);
    const auto year = std::chrono::year(static_cast<int>(digits.next(4)));
    const auto month = std::chrono::month(digits.next(2));
    const std::chrono::year_month_day date{year, month, std::chrono::day(digits.next(2))};
    const auto hour = digits.next(2);
    const auto minute = digits.next(2);
    const auto second = digits.next(2);
    if (!date.ok() || year < std::chrono::year(1) || hour > 23 || minute > 59 || second > 60) {
        return wrong(text);
    }
    const auto form = is_date ? TimeForm::date : utc ? TimeForm::utc : TimeForm::local;
    return WallTime{.time = local_days(date) + std::chrono::hours(hour) +
                            std::chrono::minutes(minute) +
                            std::chrono::seconds(std::min(second, 59U)),
                    .form = form};
}

std::string format_basic(const WallTime& when) {
    const auto day = std::chrono::floor<std::chrono::days>(when.time);
    const std::chrono::year_month_day date(day);
    const auto days =
        fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    if (when.form == TimeForm::date) {
        return days;
    }
    const std::chrono::hh_mm_ss time(when.time - day);
    return fmt::format("{}T{:02}{:02}{:02}{}", days, time.hours().count(), time.minutes().count(),
                       time.seconds().count(), when.form == TimeForm::utc ? "Z" : "");
}

} // namespace allot::calendar
