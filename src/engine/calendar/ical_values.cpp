#include "engine/calendar/ical_values.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace allot::calendar {

namespace {

using std::chrono::seconds;

auto no_duration(std::string_view text) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is no duration such as PT1H30M or P1D", text::shown(text)));
}

/// Takes digits off the front; nullopt where there are none, or more than six.
std::optional<int> take_number(std::string_view& s) {
    const auto digits = s.substr(0, s.find_first_not_of("0123456789"));
    const auto number = text::parse_int(digits);
    s.remove_prefix(digits.size());
    return digits.size() > 6 || !number ? std::nullopt : std::optional(static_cast<int>(*number));
}

/// A unit of a duration; those after T are of the time.
struct Unit {
    char letter;
    bool of_time;
    seconds length;
};

constexpr std::array<Unit, 5> units = {{{'W', false, std::chrono::weeks(1)},
                                        {'D', false, std::chrono::days(1)},
                                        {'H', true, std::chrono::hours(1)},
                                        {'M', true, std::chrono::minutes(1)},
                                        {'S', true, seconds(1)}}};

/// Such as `1DT2H`; each unit once, from the longest.
std::optional<seconds> duration_of(std::string_view s) {
    seconds sum{0};
    bool time = false;
    const auto* from = units.begin();
    while (!s.empty()) {
        if (s.front() == 'T' && !time) {
            time = true;
            s.remove_prefix(1);
        }
        const auto number = take_number(s);
        const auto* const unit =
            s.empty() ? units.end() : std::find_if(from, units.end(), [&](const Unit& u) {
                return u.letter == s.front() && u.of_time == time;
            });
        if (!number || unit == units.end()) {
            return std::nullopt;
        }
        sum += *number * unit->length;
        from = unit + 1;
        s.remove_prefix(1);
    }
    return from == units.begin() ? std::nullopt : std::optional(sum);
}

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

/// The parts of a rule on their way through the mends.
class RuleMender {
  public:
    explicit RuleMender(std::string_view text) {
        std::ranges::copy_if(text, std::back_inserter(text_),
                             [](char c) { return c != ' ' && c != '\t' && c != '\r'; });
        note(text_.size() != text.size(), "blanks in the rule");
        std::ranges::transform(text_, text_.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        constexpr std::string_view name = "RRULE:";
        const bool named = text_.starts_with(name);
        note(named, "RRULE: inside the value");
        text_.erase(0, named ? name.size() : 0);
    }

    MendedRule mended() {
        for (const auto part : split(text_, ';')) {
            take(part);
        }
        const bool short_periods = has("FREQ=WEEKLY") || has("FREQ=DAILY");
        for (auto& part : parts_) {
            if (part.starts_with("UNTIL=")) {
                drop(part, "-:", "hyphens or colons in UNTIL");
            } else if (part.starts_with("BYDAY=") && short_periods) {
                drop(part, "+-0123456789", "numbers of weekdays, which a week or day has not");
            }
        }
        const auto chooses = [](const std::string& part) {
            return part.starts_with("BY") && !part.starts_with("BYSETPOS=");
        };
        if (std::ranges::none_of(parts_, chooses)) {
            note(std::erase_if(
                     parts_,
                     [](const std::string& part) { return part.starts_with("BYSETPOS="); }) > 0,
                 "BYSETPOS with nothing to choose from");
        }
        return {.rule = {}, .mends = mends_};
    }

    [[nodiscard]] std::string text() const { return fmt::format("{}", fmt::join(parts_, ";")); }

  private:
    void note(bool mended, const char* what) {
        if (mended && std::ranges::find(mends_, what) == mends_.end()) {
            mends_.emplace_back(what);
        }
    }
    [[nodiscard]] bool has(std::string_view part) const {
        return std::ranges::find(parts_, part) != parts_.end();
    }

    void take(std::string_view part) {
        if (part.empty()) {
            note(true, "an empty part (a \";\" too many)");
        } else if (part.ends_with('=')) {
            note(true, "a part without a value");
        } else if (part.starts_with("X-")) {
            note(true, "a part that begins with X-");
        } else if (has(part)) {
            note(true, "a part that stands twice");
        } else {
            parts_.emplace_back(part);
        }
    }

    void drop(std::string& part, std::string_view characters, const char* what) {
        const auto dropped = std::erase_if(part, [&](char c) { return characters.contains(c); });
        note(dropped > 0, what);
    }

    std::string text_;
    std::vector<std::string> parts_;
    std::vector<std::string> mends_;
};

} // namespace

Result<seconds> parse_duration(std::string_view text) {
    auto rest = text;
    const bool negative = rest.starts_with('-');
    rest.remove_prefix(negative || rest.starts_with('+') ? 1 : 0);
    if (!rest.starts_with('P')) {
        return no_duration(text);
    }
    const auto sum = duration_of(rest.substr(1));
    if (!sum) {
        return no_duration(text);
    }
    return negative ? -*sum : *sum;
}

Result<seconds> parse_utc_offset(std::string_view text) {
    std::string digits(text);
    std::erase(digits, ':');
    const bool has_sign = digits.starts_with('+') || digits.starts_with('-');
    const auto number = text::parse_int(std::string_view(digits).substr(has_sign ? 1 : 0));
    if (!has_sign || (digits.size() != 5 && digits.size() != 7) || !number || *number < 0) {
        return fail(ErrorKind::invalid,
                    fmt::format("\"{}\" is no offset such as +0530 or -0800", text::shown(text)));
    }
    const auto value = digits.size() == 5 ? *number * 100 : *number;
    const seconds east = std::chrono::hours(value / 10'000) +
                         std::chrono::minutes(value / 100 % 100) + seconds(value % 100);
    return digits.starts_with('-') ? -east : east;
}

Result<TimeValue> parse_time_value(std::string_view text) {
    const auto slash = text.find('/');
    TimeValue value;
    TRY(value.when, parse_wall_time(text.substr(0, slash)));
    if (slash == std::string_view::npos) {
        return value;
    }
    const auto end = text.substr(slash + 1);
    if (end.starts_with('P') || end.starts_with('+') || end.starts_with('-')) {
        TRY(value.duration, parse_duration(end));
    } else {
        TRY(const WallTime until, parse_wall_time(end));
        value.duration = until.time - value.when.time;
    }
    value.duration = std::max(*value.duration, seconds(0));
    return value;
}

Result<MendedRule> parse_rule_as_clients(std::string_view text) {
    auto strict = parse_rule(text);
    if (strict) {
        return MendedRule{.rule = *std::move(strict), .mends = {}};
    }
    if (text.size() > limits::max_rule_bytes) {
        return std::unexpected(std::move(strict).error());
    }
    RuleMender mender(text);
    MendedRule mended = mender.mended();
    if (mended.mends.empty()) {
        return std::unexpected(std::move(strict).error());
    }
    TRY(mended.rule, parse_rule(mender.text()));
    return mended;
}

} // namespace allot::calendar
