#include "engine/calendar/spoken.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/calendar/spoken_parts.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using namespace spoken;
using std::chrono::local_days;
using std::chrono::weekday;

auto wrong(std::string message) {
    return fail(ErrorKind::invalid, std::move(message));
}

std::string nth_words(const NthWeekday& day) {
    constexpr std::array<std::string_view, 6> words = {"last",  "first",  "second",
                                                       "third", "fourth", "fifth"};
    return fmt::format("{} {}", words.at(static_cast<std::size_t>(std::max(day.nth, 0))),
                       name_of(day.day));
}

/// What the parts say together.
class Sense {
  public:
    explicit Sense(Parts parts) : parts_(std::move(parts)) {}

    Result<Heard> make() && {
        TRY_DO(settle_ordinals());
        TRY_DO(settle_period());
        TRY_DO(settle_days());
        TRY_DO(settle_end());
        TRY_DO(settle_zone());
        note_gaps();
        heard_.said.time = parts_.time;
        heard_.said.starting = parts_.starting;
        heard_.notes = std::move(parts_.notes);
        heard_.remarks = std::move(parts_.remarks);
        return std::move(heard_);
    }

  private:
    Result<void> settle_ordinals();
    Result<void> settle_every_nth();
    [[nodiscard]] Result<void> check_days_of_every_nth() const;
    Result<void> settle_period();
    Result<void> settle_days();
    Result<void> settle_weekdays_of_month();
    Result<void> settle_end();
    [[nodiscard]] Result<std::int64_t> times_in(const Stay& stay) const;
    Result<void> settle_zone();
    void note_gaps();

    [[nodiscard]] bool is(Frequency frequency) const {
        return parts_.period && parts_.period->frequency == frequency;
    }
    [[nodiscard]] bool monthly() const { return parts_.of_the_month || is(Frequency::monthly); }
    [[nodiscard]] bool counts() const { return !parts_.nth.empty() || !parts_.positions.empty(); }
    void note(std::string_view words, std::string_view reading) {
        parts_.notes.push_back(fmt::format("\"{}\" is read as {}", words, reading));
    }

    Parts parts_;
    Heard heard_;
};

/// "every second Monday and Thursday": is it each Thursday?
Result<void> Sense::check_days_of_every_nth() const {
    for (const auto day : parts_.days) {
        if (std::ranges::find(parts_.nth, day, &NthWeekday::day) == parts_.nth.end()) {
            return wrong(fmt::format(R"("{0}" and "{1}" have two readings, as {1} may be in every )"
                                     R"(week: say "every {2} weeks on {3} and {1}", or make two )"
                                     R"(of it)",
                                     *parts_.every_nth, name_of(day), parts_.nth.front().nth,
                                     name_of(parts_.nth.front().day)));
        }
    }
    return {};
}

/// "every second Thursday" is every two weeks; "every first" and "every last" can only be of a
/// month; any other number could be both.
Result<void> Sense::settle_every_nth() {
    const auto& words = *parts_.every_nth;
    const int n = parts_.nth.front().nth;
    const bool alike =
        std::ranges::all_of(parts_.nth, [&](const NthWeekday& day) { return day.nth == n; });
    if (!alike || n == 1 || n == -1) {
        return {}; // of the month, as any other ordinals
    }
    const bool as_weeks = is(Frequency::weekly) && parts_.period->interval == n;
    if (n > 2 && !as_weeks) {
        return wrong(fmt::format(R"("{0}" has two readings: "{1} of the month", or "every {2} )"
                                 R"(weeks on {3}"; say one of them)",
                                 words, nth_words(parts_.nth.front()), n,
                                 name_of(parts_.nth.front().day)));
    }
    TRY_DO(check_days_of_every_nth());
    if (!parts_.period) {
        note(words, R"(every two weeks (of the month would be "second )" +
                        std::string(name_of(parts_.nth.front().day)) + R"( of the month"))");
        parts_.period = {.frequency = Frequency::weekly, .interval = 2, .words = words};
    }
    if (is(Frequency::weekly) && parts_.period->interval == n) {
        for (const auto& day : std::exchange(parts_.nth, {})) {
            if (std::ranges::find(parts_.days, day.day) == parts_.days.end()) {
                parts_.days.push_back(day.day);
            }
        }
    }
    return {};
}

Result<void> Sense::settle_ordinals() {
    if (parts_.every_nth && !monthly() && parts_.months.empty()) {
        TRY_DO(settle_every_nth());
    }
    const int kinds = (parts_.nth.empty() ? 0 : 1) + (parts_.positions.empty() ? 0 : 1) +
                      (parts_.month_days.empty() ? 0 : 1);
    if (kinds > 1) {
        return wrong("numbered weekdays, working days and days of the month cannot be mixed: say "
                     "only one of them, such as \"1st and 15th of every month\"");
    }
    return {};
}

/// How often, where it follows from the other parts.
Result<void> Sense::settle_period() {
    auto& period = parts_.period;
    if (!parts_.months.empty() && !is(Frequency::yearly)) {
        return wrong(fmt::format(R"("{}": of every year, or once? Say "every year" with it, such )"
                                 R"(as "every year on 5 March", or "starting" and the date with )"
                                 R"(its year)",
                                 parts_.date_words));
    }
    if (parts_.of_the_month && period && !is(Frequency::monthly)) {
        return wrong(fmt::format(R"("{}" is every {} and "of the month" once in each: leave one )"
                                 R"(of them out, or say which one, such as "first Thursday of the )"
                                 R"(month")",
                                 period->words, length_of(period->interval, period->frequency)));
    }
    if (period) {
        return {};
    }
    if (monthly() || counts()) {
        period = {.frequency = Frequency::monthly, .interval = 1, .words = "of the month"};
        if (!monthly() || !parts_.of_the_month) {
            note(parts_.nth.empty() ? "weekday" : nth_words(parts_.nth.front()),
                 "that of every month");
        }
        return {};
    }
    if (!parts_.month_days.empty()) {
        return wrong(
            fmt::format(R"("{}" of what? Say such as "15th of every month")", parts_.date_words));
    }
    if (parts_.days.empty()) {
        return wrong(fmt::format("how often is not said; understood is {}", example_of_when));
    }
    period = {.frequency = Frequency::weekly, .interval = 1, .words = parts_.days_words};
    note(parts_.days_words, "every week");
    return {};
}

/// "monthly, Tuesday": which one? The ordinals say it, or the first date.
Result<void> Sense::settle_weekdays_of_month() {
    const auto counted = [&](weekday day) {
        return std::ranges::find(parts_.nth, day, &NthWeekday::day) != parts_.nth.end();
    };
    if (std::ranges::all_of(parts_.days, counted)) {
        return {};
    }
    const auto day = parts_.days.front();
    const bool alone = parts_.days.size() == 1 && !counts() && parts_.month_days.empty();
    const auto date = parts_.starting;
    // From the 22nd on it could be the last of its month as well as the fourth.
    if (alone && monthly() && date && weekday(local_days(*date)) == day &&
        date->day() < std::chrono::day(22)) {
        parts_.nth = {{.day = day, .nth = static_cast<int>((unsigned{date->day()} + 6) / 7)}};
        note(name_of(day), fmt::format("the {} of every month, as {} is", nth_words(parts_.nth[0]),
                                       long_date(*date)));
        return {};
    }
    const auto of = is(Frequency::yearly) ? "of March every year" : "of the month";
    return wrong(
        fmt::format(R"("{0}" is one of several: which? Say such as "first {1} {2}" or )"
                    R"("last {1} {2}"{3})",
                    parts_.days_words.empty() ? name_of(day) : parts_.days_words, name_of(day), of,
                    is(Frequency::yearly)
                        ? ""
                        : R"(, or "every )" + std::string(name_of(day)) + R"(" for every week)"));
}

Result<void> Sense::settle_days() {
    auto& period = *parts_.period;
    if (period.frequency == Frequency::daily && period.interval == 1 && !parts_.days.empty()) {
        note(period.words, "every week on " + parts_.days_words);
        period.frequency = Frequency::weekly;
    }
    auto& rule = heard_.said.rule;
    rule.frequency = period.frequency;
    rule.interval = period.interval;
    const bool of_a_month = monthly() || is(Frequency::yearly);
    if (!of_a_month && (counts() || !parts_.month_days.empty() || is(Frequency::daily)) &&
        (counts() || !parts_.month_days.empty() || !parts_.days.empty())) {
        return wrong(
            fmt::format(R"("{}" is every {}, and a day is named that does not go with it: )"
                        R"(say only one of them)",
                        period.words, length_of(period.interval, period.frequency)));
    }
    if (!of_a_month) {
        for (const auto day : parts_.days) {
            rule.weekdays.push_back({.day = day});
        }
        return {};
    }
    TRY_DO(settle_weekdays_of_month());
    if (is(Frequency::yearly) && (counts() || !parts_.month_days.empty()) &&
        parts_.months.empty()) {
        return wrong(
            "a day of which month? Say such as \"every year on 5 March\" or \"every year on "
            "the first Monday of March\"");
    }
    rule.weekdays = parts_.nth;
    rule.month_days = parts_.month_days;
    rule.months = parts_.months;
    if (!parts_.positions.empty()) {
        rule.positions = parts_.positions;
        for (unsigned day = 1; day <= 5; ++day) {
            rule.weekdays.push_back({.day = weekday(day)});
        }
    }
    return {};
}

/// How many meetings a length of time holds, if that is exact.
Result<std::int64_t> Sense::times_in(const Stay& stay) const {
    const auto& rule = heard_.said.rule;
    const auto inexact = [&] {
        return wrong(fmt::format("\"{}\" does not give a whole number of meetings here: say how "
                                 "many, as in \"6 times\", or \"until\" and a date",
                                 stay.words));
    };
    const bool gaps = std::ranges::any_of(rule.month_days, [](int day) { return day > 28; }) ||
                      std::ranges::find(rule.weekdays, 5, &NthWeekday::nth) != rule.weekdays.end();
    std::int64_t units = stay.length; // in periods of the rule's frequency
    if (rule.frequency == Frequency::daily && stay.unit == Frequency::weekly) {
        units *= 7;
    } else if (rule.frequency == Frequency::monthly && stay.unit == Frequency::yearly) {
        units *= 12;
    } else if (rule.frequency == Frequency::weekly && stay.unit == Frequency::daily &&
               units % 7 == 0) {
        units /= 7;
    } else if (rule.frequency != stay.unit) {
        return inexact();
    }
    const auto several =
        std::max<std::size_t>(rule.positions.empty() ? rule.weekdays.size() + rule.month_days.size()
                                                     : rule.positions.size(),
                              1);
    const auto each = static_cast<std::int64_t>(
        several * std::max<std::size_t>(
                      rule.months.empty() || rule.weekdays.empty() ? 1 : rule.months.size(), 1));
    const auto count = units / rule.interval * each;
    if (gaps || units % rule.interval != 0 || count > std::numeric_limits<std::int32_t>::max()) {
        return inexact();
    }
    return count;
}

Result<void> Sense::settle_end() {
    auto& rule = heard_.said.rule;
    rule.count = parts_.times;
    if (parts_.stay) {
        TRY(rule.count, times_in(*parts_.stay));
    }
    if (!parts_.until) {
        return {};
    }
    if (rule.count) {
        return wrong(fmt::format("a number of times and \"until {}\" are two ends: say only one",
                                 long_date(*parts_.until)));
    }
    if (parts_.starting && *parts_.until < *parts_.starting) {
        return wrong(fmt::format("the end, {}, is before the start, {}", long_date(*parts_.until),
                                 long_date(*parts_.starting)));
    }
    rule.until = WallTime{.time = local_days(*parts_.until), .form = TimeForm::date};
    return {};
}

/// What all words for the zone may mean, together.
Result<void> Sense::settle_zone() {
    if (parts_.zones.empty()) {
        return {};
    }
    const auto& first = parts_.zones.front();
    auto left = first.means.candidates;
    for (const auto& other : parts_.zones) {
        std::erase_if(left, [&](const std::string& zone) {
            return std::ranges::find(other.means.candidates, zone) == other.means.candidates.end();
        });
        if (left.empty()) {
            return wrong(fmt::format("\"{}\" and \"{}\" are two zones: say only one", first.words,
                                     other.words));
        }
    }
    if (left.size() > 1) {
        return wrong(fmt::format("\"{}\" has several readings: {}; name a city, as in \"{} time\"",
                                 first.words, text::join_words(left), city_of(left.front())));
    }
    heard_.said.zone = left.front();
    if (parts_.zones.size() == 1 && first.means.half_a_year) {
        note(first.words,
             left.front() == "UTC"
                 ? "UTC, in summer too (London changes its clock: \"London time\")"
                 : fmt::format("the clock of {}, in summer and in winter", left.front()));
    }
    return {};
}

void Sense::note_gaps() {
    const auto& rule = heard_.said.rule;
    for (const int day : rule.month_days) {
        if (day > 28 && (rule.months.empty() || rule.months == std::vector{2})) {
            parts_.notes.push_back(fmt::format(
                "{} without {} are passed over", rule.months.empty() ? "months" : "years",
                rule.months.empty() ? fmt::format("day {}", day) : "29 February"));
        }
    }
    for (const auto& day : rule.weekdays) {
        if (day.nth == 5) {
            parts_.notes.push_back(
                fmt::format("months without a {} are passed over", nth_words(day)));
        }
    }
}

} // namespace

std::vector<Unsaid> unsaid(const Spoken& spoken) {
    const auto& rule = spoken.rule;
    std::vector<Unsaid> missing;
    const bool names_day = rule.frequency < Frequency::weekly || !rule.weekdays.empty() ||
                           !rule.month_days.empty() || !rule.year_days.empty();
    if (!names_day && !spoken.starting) {
        missing.push_back(Unsaid::day);
    }
    if (!spoken.time) {
        missing.push_back(Unsaid::time);
    }
    if (!spoken.zone) {
        missing.push_back(Unsaid::zone);
    }
    if (rule.interval > 1 && !spoken.starting) {
        missing.push_back(Unsaid::start);
    }
    return missing;
}

Result<Heard> parse_spoken(std::string_view text, std::span<const std::string> zones) {
    if (text.size() > limits::max_spoken_bytes) {
        return wrong(fmt::format("the text has {} bytes, more than limit max_spoken_bytes = {}",
                                 text.size(), limits::max_spoken_bytes));
    }
    if (text::trim(text).empty()) {
        return wrong(fmt::format("nothing is said; understood is {}", example_of_when));
    }
    TRY(auto parts, read_parts(text, zones));
    return Sense(std::move(parts)).make();
}

} // namespace allot::calendar
