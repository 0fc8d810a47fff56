#include "base/clock.hpp"

#include "base/text.hpp"

#include <optional>

#include <fmt/format.h>

namespace allot {

namespace {

/// The `width` digits of `s` from `at`, or nullopt.
std::optional<int> digits(std::string_view s, std::size_t at, std::size_t width) {
    if (s.size() < at + width) {
        return std::nullopt;
    }
    int value = 0;
    for (const char c : s.substr(at, width)) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view s) {
    const bool with_seconds = s.size() == 8;
    if ((s.size() != 5 && !with_seconds) || s[2] != ':' || (with_seconds && s[5] != ':')) {
        return std::nullopt;
    }
    const auto h = digits(s, 0, 2);
    const auto m = digits(s, 3, 2);
    const auto sec = with_seconds ? digits(s, 6, 2) : std::optional<int>(0);
    if (!h || !m || !sec || *h > 23 || *m > 59 || *sec > 59) {
        return std::nullopt;
    }
    return std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*sec);
}

} // namespace

Result<std::chrono::year_month_day> parse_date(std::string_view s) {
    const auto y = digits(s, 0, 4);
    const auto m = digits(s, 5, 2);
    const auto d = digits(s, 8, 2);
    if (s.size() == 10 && s[4] == '-' && s[7] == '-' && y && m && d && *y >= 1) {
        const std::chrono::year_month_day date{std::chrono::year(*y),
                                               std::chrono::month(static_cast<unsigned>(*m)),
                                               std::chrono::day(static_cast<unsigned>(*d))};
        if (date.ok()) {
            return date;
        }
    }
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is not a date such as 2026-01-05", text::shown(s)));
}

std::string format_date(std::chrono::year_month_day date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Result<Instant> parse_instant(std::string_view s) {
    const auto wrong = [&] {
        return fail(ErrorKind::invalid,
                    fmt::format("\"{}\" is not an instant such as 2026-01-05T09:00Z, or a date",
                                text::shown(s)));
    };
    const auto date = parse_date(s.substr(0, 10));
    if (!date) {
        return wrong();
    }
    const Instant midnight = std::chrono::sys_days(*date);
    if (s.size() == 10) {
        return midnight;
    }
    if (s[10] != 'T' || s.back() != 'Z') {
        return wrong();
    }
    const auto time = time_of_day(s.substr(11, s.size() - 12));
    if (!time) {
        return wrong();
    }
    return midnight + *time;
}

std::string format_instant(Instant t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::hh_mm_ss time(t - day);
    return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(day), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

} // namespace allot
