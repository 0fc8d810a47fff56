#include "engine/calendar/rule.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::calendar {

namespace {

using std::chrono::weekday;

constexpr std::array<std::string_view, 7> frequency_names = {
    "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
constexpr std::array<std::string_view, 7> weekday_codes = {"SU", "MO", "TU", "WE",
                                                           "TH", "FR", "SA"};

auto wrong(std::string message) {
    return fail(ErrorKind::invalid, std::move(message));
}

std::string upper_ascii(std::string_view s) {
    std::string upper(s);
    std::ranges::transform(upper, upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return upper;
}

/// The parts between separators, empty ones too: nothing is forgiven that clients read differently.
std::vector<std::string_view> split(std::string_view s, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = s.find(separator);
        parts.push_back(s.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        s.remove_prefix(end + 1);
    }
}

/// An integer with an optional sign, as RFC 5545 writes it.
std::optional<std::int64_t> signed_number(std::string_view s) {
    const bool plus = s.starts_with('+');
    s.remove_prefix(plus ? 1 : 0);
    if (plus && s.starts_with('-')) {
        return std::nullopt;
    }
    return text::parse_int(s);
}

/// What a list of numbers may hold: `least` to `most`, and the same below 0 where `from_end`.
struct Range {
    int least = 0;
    int most = 0;
    bool from_end = false;

    [[nodiscard]] bool holds(std::int64_t n) const {
        return (n >= least && n <= most) || (from_end && -n >= least && -n <= most);
    }
    [[nodiscard]] std::string words() const {
        return from_end ? fmt::format("{} to {} or -{} to -{}", least, most, most, least)
                        : fmt::format("{} to {}", least, most);
    }
};

Result<std::vector<int>> numbers(std::string_view name, std::string_view value, Range range) {
    std::vector<int> all;
    for (const auto part : split(value, ',')) {
        const auto n = signed_number(part);
        if (!n || !range.holds(*n)) {
            return wrong(fmt::format("{}={}: \"{}\" is not a number from {}", name,
                                     text::shown(value), text::shown(part), range.words()));
        }
        all.push_back(static_cast<int>(*n));
    }
    return all;
}

Result<std::int64_t> positive(std::string_view name, std::string_view value) {
    const auto n = text::parse_int(value);
    if (!n || *n < 1 || *n > std::numeric_limits<std::int32_t>::max()) {
        return wrong(fmt::format("{}={}: expected a whole number from 1 to 2147483647", name,
                                 text::shown(value)));
    }
    return *n;
}

Result<weekday> weekday_of(std::string_view name, std::string_view value) {
    const auto found = std::ranges::find(weekday_codes, value);
    if (found == weekday_codes.end()) {
        return wrong(fmt::format("{}: \"{}\" is not a weekday: MO, TU, WE, TH, FR, SA or SU", name,
                                 text::shown(value)));
    }
    return weekday(static_cast<unsigned>(found - weekday_codes.begin()));
}

Result<std::vector<NthWeekday>> nth_weekdays(std::string_view value) {
    std::vector<NthWeekday> all;
    for (const auto part : split(value, ',')) {
        const auto code_at = part.size() < 2 ? 0 : part.size() - 2;
        const auto number = part.substr(0, code_at);
        const bool is_code = number.find_first_not_of("+-0123456789") == std::string_view::npos;
        TRY(const weekday day, weekday_of("BYDAY", is_code ? part.substr(code_at) : part));
        const auto nth = number.empty() ? std::optional<std::int64_t>(0) : signed_number(number);
        if (!nth || *nth < -53 || *nth > 53 || (*nth == 0 && !number.empty())) {
            return wrong(fmt::format("BYDAY: \"{}\" is not a weekday with a number from 1 to 53 or "
                                     "-53 to -1, such as 4TH or -1FR",
                                     text::shown(part)));
        }
        all.push_back({.day = day, .nth = static_cast<int>(*nth)});
    }
    return all;
}

Result<void> read_frequency(Rule& rule, std::string_view value) {
    const auto found = std::ranges::find(frequency_names, value);
    if (found == frequency_names.end()) {
        return wrong(fmt::format("FREQ={}: expected one of {}", text::shown(value),
                                 fmt::join(frequency_names, ", ")));
    }
    rule.frequency = static_cast<Frequency>(found - frequency_names.begin());
    return {};
}

Result<void> read_until(Rule& rule, std::string_view value) {
    auto until = parse_wall_time(value);
    if (!until || value.contains('-')) {
        return wrong(fmt::format("UNTIL={}: expected a date such as 20270131 or a time such as "
                                 "20270131T235959Z",
                                 text::shown(value)));
    }
    rule.until = *until;
    return {};
}

/// A part whose value is a list of numbers.
struct ListPart {
    std::string_view name;
    std::vector<int> Rule::* list;
    Range range;
};

constexpr std::array<ListPart, 8> list_parts = {{
    {"BYSECOND", &Rule::seconds, {0, 60, false}},
    {"BYMINUTE", &Rule::minutes, {0, 59, false}},
    {"BYHOUR", &Rule::hours, {0, 23, false}},
    {"BYMONTHDAY", &Rule::month_days, {1, 31, true}},
    {"BYYEARDAY", &Rule::year_days, {1, 366, true}},
    {"BYWEEKNO", &Rule::weeks, {1, 53, true}},
    {"BYMONTH", &Rule::months, {1, 12, false}},
    {"BYSETPOS", &Rule::positions, {1, 366, true}},
}};

Result<void> read_part(Rule& rule, std::string_view name, std::string_view value) {
    if (const auto part = std::ranges::find(list_parts, name, &ListPart::name);
        part != list_parts.end()) {
        TRY(rule.*part->list, numbers(name, value, part->range));
    } else if (name == "FREQ") {
        TRY_DO(read_frequency(rule, value));
    } else if (name == "UNTIL") {
        TRY_DO(read_until(rule, value));
    } else if (name == "COUNT") {
        TRY(rule.count, positive(name, value));
    } else if (name == "INTERVAL") {
        TRY(rule.interval, positive(name, value));
    } else if (name == "BYDAY") {
        TRY(rule.weekdays, nth_weekdays(value));
    } else if (name == "WKST") {
        TRY(rule.week_start, weekday_of("WKST", value));
    } else if (name == "RSCALE" || name == "SKIP") {
        return wrong(
            fmt::format("{} belongs to RFC 7529 (other calendars), which is not supported", name));
    } else {
        return wrong(fmt::format("\"{}\" is not a part of a rule: expected FREQ, UNTIL, COUNT, "
                                 "INTERVAL, BYDAY, WKST, BYSECOND, BYMINUTE, BYHOUR, BYMONTHDAY, "
                                 "BYYEARDAY, BYWEEKNO, BYMONTH or BYSETPOS",
                                 text::shown(name)));
    }
    return {};
}

/// What section 3.3.10 forbids although each part alone is well formed.
Result<void> check_together(const Rule& rule) {
    const bool yearly = rule.frequency == Frequency::yearly;
    const auto frequency = frequency_names[static_cast<std::size_t>(rule.frequency)];
    if (rule.count && rule.until) {
        return wrong("COUNT and UNTIL exclude each other: keep one");
    }
    if (!rule.weeks.empty() && !yearly) {
        return wrong(fmt::format("BYWEEKNO is for FREQ=YEARLY only, not for {}", frequency));
    }
    if (!rule.year_days.empty() && rule.frequency >= Frequency::daily && !yearly) {
        return wrong(fmt::format("BYYEARDAY is not for FREQ={}: use YEARLY", frequency));
    }
    if (!rule.month_days.empty() && rule.frequency == Frequency::weekly) {
        return wrong("BYMONTHDAY is not for FREQ=WEEKLY: use DAILY or MONTHLY");
    }
    const bool numbered =
        std::ranges::any_of(rule.weekdays, [](const NthWeekday& day) { return day.nth != 0; });
    if (numbered && rule.frequency != Frequency::monthly && !yearly) {
        return wrong(fmt::format("a numbered weekday in BYDAY (such as 1MO) is for MONTHLY and "
                                 "YEARLY, not for {}",
                                 frequency));
    }
    if (numbered && !rule.weeks.empty()) {
        return wrong("a numbered weekday in BYDAY (such as 1MO) cannot stand beside BYWEEKNO");
    }
    const bool alone =
        rule.weekdays.empty() && std::ranges::all_of(list_parts, [&](const ListPart& part) {
            return part.name == "BYSETPOS" || (rule.*part.list).empty();
        });
    if (!rule.positions.empty() && alone) {
        return wrong("BYSETPOS needs another BY part to choose from, such as BYDAY");
    }
    return {};
}

} // namespace

std::string_view weekday_code(weekday day) {
    return weekday_codes[day.c_encoding()];
}

Result<Rule> parse_rule(std::string_view text) {
    if (text.size() > limits::max_rule_bytes) {
        return wrong(fmt::format("the rule has {} bytes, more than limit max_rule_bytes = {}",
                                 text.size(), limits::max_rule_bytes));
    }
    Rule rule;
    std::set<std::string, std::less<>> seen;
    const std::string upper = upper_ascii(text);
    for (const auto part : split(upper, ';')) {
        const auto equals = part.find('=');
        if (part.empty()) {
            return wrong(upper.empty() ? "the rule is empty: expected such as FREQ=WEEKLY;BYDAY=TH"
                                       : "the rule has an empty part: remove the \";\" too many");
        }
        if (equals == std::string_view::npos) {
            return wrong(
                fmt::format("\"{}\": expected NAME=VALUE, such as FREQ=WEEKLY", text::shown(part)));
        }
        const auto name = part.substr(0, equals);
        if (!seen.emplace(name).second) {
            return wrong(fmt::format("{} stands twice: keep one", text::shown(name)));
        }
        TRY_DO(read_part(rule, name, part.substr(equals + 1)));
    }
    if (!seen.contains("FREQ")) {
        return wrong("FREQ is missing: how often, such as FREQ=WEEKLY");
    }
    TRY_DO(check_together(rule));
    return rule;
}

std::string format_rule(const Rule& rule) {
    std::string out =
        fmt::format("FREQ={}", frequency_names[static_cast<std::size_t>(rule.frequency)]);
    const auto list = [&](std::string_view name) {
        const auto part = std::ranges::find(list_parts, name, &ListPart::name);
        if (const auto& values = rule.*part->list; !values.empty()) {
            out += fmt::format(";{}={}", name, fmt::join(values, ","));
        }
    };
    if (rule.until) {
        out += ";UNTIL=" + format_basic(*rule.until);
    }
    if (rule.count) {
        out += fmt::format(";COUNT={}", *rule.count);
    }
    if (rule.interval != 1) {
        out += fmt::format(";INTERVAL={}", rule.interval);
    }
    for (const auto name : {"BYSECOND", "BYMINUTE", "BYHOUR"}) {
        list(name);
    }
    for (const char* separator = ";BYDAY="; const NthWeekday& day : rule.weekdays) {
        out += separator + (day.nth == 0 ? "" : std::to_string(day.nth));
        out += weekday_code(day.day);
        separator = ",";
    }
    for (const auto name : {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"}) {
        list(name);
    }
    if (rule.week_start != std::chrono::Monday) {
        out += fmt::format(";WKST={}", weekday_code(rule.week_start));
    }
    return out;
}

} // namespace allot::calendar
