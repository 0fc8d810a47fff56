#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/calendar/spoken_reader.hpp"
#include "engine/calendar/spoken_vocabulary.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <ranges>

#include <fmt/format.h>

namespace allot::calendar::spoken {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::weekday;
using std::chrono::year_month_day;

auto wrong(std::string message) {
    return fail(ErrorKind::invalid, std::move(message));
}

template <class T>
void add_once(std::vector<T>& all, const T& value) {
    if (std::ranges::find(all, value) == all.end()) {
        all.push_back(value);
    }
}

bool separates(const Token& token) {
    return token.is(",") || token.is(";") || token.is("-") || token.is(".") || token.is("&");
}

constexpr std::array<std::string_view, 4> unit_names = {"day", "week", "month", "year"};

std::string_view unit_name(Frequency frequency) {
    return unit_names.at(static_cast<std::size_t>(frequency) -
                         static_cast<std::size_t>(Frequency::daily));
}

constexpr std::array working_week = {std::chrono::Monday, std::chrono::Tuesday,
                                     std::chrono::Wednesday, std::chrono::Thursday,
                                     std::chrono::Friday};

} // namespace

std::string Reader::words_between(const Cursor& from, const Cursor& to) const {
    const auto* const first = from.look().raw.data();
    const auto* const last = to.look().raw.data();
    return std::string(text::trim({first, static_cast<std::size_t>(last - first)}));
}

std::unexpected<Error> Reader::wrong_at(const Cursor& from, std::string_view what) const {
    Cursor to = at_;
    if (from.look().raw.data() == to.look().raw.data()) {
        to.pass();
    }
    const auto before =
        text_.substr(0, static_cast<std::size_t>(from.look().raw.data() - text_.data()));
    const auto place = std::ranges::count_if(
        before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return wrong(fmt::format("at character {}: \"{}\" {}", place + 1,
                             text::shown(words_between(from, to)), what));
}

/// The word or city that was meant, if one is near and is not the word itself.
std::optional<std::string> Reader::nearest(const Token& token) const {
    if (token.kind != Token::Kind::word || token.word.size() < 4) {
        return std::nullopt;
    }
    auto known = words_of_when();
    known.emplace_back("London");
    std::ranges::transform(zones_, std::back_inserter(known), city_of);
    auto near = text::nearest_word(token.word, known);
    return near && text::lower_ascii(*near) != token.word ? near : std::nullopt;
}

std::unexpected<Error> Reader::not_understood(const Cursor& from) const {
    if (from.at_end()) {
        return wrong(fmt::format("\"{}\" ends too early; understood is {}", text::shown(text_),
                                 example_of_when));
    }
    const auto& token = from.look();
    Reader one = *this;
    one.at_ = from;
    if (token.kind == Token::Kind::number) {
        return one.wrong_at(from, "is not understood here; a time is written 17:00 or 5pm, a date "
                                  "30 June 2027 or 2027-06-30");
    }
    if (const auto near = nearest(token)) {
        return one.wrong_at(from, fmt::format("is not understood; was \"{}\" meant?", *near));
    }
    if (from.look(1).is("time")) {
        return one.wrong_at(from, "is no zone that is known; name a city, as in \"London time\"");
    }
    return one.wrong_at(from,
                        fmt::format("is not understood here; understood is {}", example_of_when));
}

void Reader::pass_separators() {
    after_break_ = false;
    only_brackets_ = false;
    for (;; at_.pass()) {
        const auto& sign = at_.look();
        if (sign.opens()) {
            only_brackets_ = only_brackets_ || brackets_ == 0;
            if (brackets_++ == 0) {
                bracket_ = at_;
                bracket_.pass();
            }
        } else if (sign.closes()) {
            brackets_ = std::max(brackets_ - 1, 0);
        } else if (sign.is("and")) {
            only_brackets_ = false;
            continue;
        } else if (separates(sign)) {
            only_brackets_ = false;
        } else {
            return;
        }
        after_break_ = true;
    }
}

Result<void> Reader::read_part() {
    constexpr std::array readers = {
        &Reader::read_refused,   &Reader::read_adverb,       &Reader::read_alternate,
        &Reader::read_every,     &Reader::read_of_the_month, &Reader::read_of_months,
        &Reader::read_start,     &Reader::read_until,        &Reader::read_times,
        &Reader::read_year_date, &Reader::read_ordinals,     &Reader::read_working_days,
        &Reader::read_days,      &Reader::read_time,         &Reader::read_zone_words,
        &Reader::read_remark,
    };
    for (const auto reader : readers) {
        TRY(const bool read, (this->*reader)());
        if (read) {
            return {};
        }
        at_ = begin_;
    }
    // What stands behind a preposition is what was not understood.
    Cursor from = begin_;
    from.eat_one_of("on", "at", "in", "of", "every", "each");
    from.eat("the");
    return not_understood(from);
}

Result<bool> Reader::read_refused() {
    at_.eat_one_of("on", "at", "every", "each");
    const auto from = at_;
    for (const auto& refusal : refusals) {
        if (at_.eat(refusal.phrase)) {
            return wrong_at(from, refusal.reason);
        }
    }
    return false;
}

Result<void> Reader::set_period(Frequency frequency, std::int64_t interval) {
    const Period period{.frequency = frequency, .interval = interval, .words = words()};
    if (!parts_.period) {
        parts_.period = period;
        return {};
    }
    if (parts_.period->frequency == frequency && parts_.period->interval == interval) {
        return {};
    }
    return wrong_at(begin_,
                    fmt::format("is every {}, and \"{}\" every {}: say only one of them",
                                length_of(interval, frequency), parts_.period->words,
                                length_of(parts_.period->interval, parts_.period->frequency)));
}

Result<bool> Reader::read_adverb() {
    for (const auto& adverb : adverbs) {
        if (!at_.eat(adverb.phrase)) {
            continue;
        }
        TRY_DO(set_period(adverb.frequency, adverb.interval));
        if (!adverb.note.empty()) {
            parts_.notes.push_back(fmt::format("\"{}\" is read as {}", words(), adverb.note));
        }
        return true;
    }
    return false;
}

/// "alternate Fridays".
Result<bool> Reader::read_alternate() {
    at_.eat("on");
    if (!at_.eat("alternate")) {
        return false;
    }
    return read_every_other();
}

Result<bool> Reader::read_every() {
    if (!at_.eat_one_of("every", "each", "of every", "of each", "in every", "in each", "on every",
                        "on each")) {
        return false;
    }
    if (at_.eat("single")) {
        return not_understood(begin_);
    }
    if (at_.eat("other")) {
        return read_every_other();
    }
    const auto behind_every = at_;
    for (const auto reader :
         {&Reader::read_year_date, &Reader::read_every_ordinal, &Reader::read_working_days}) {
        TRY(const bool read, (this->*reader)());
        if (read) {
            return true;
        }
        at_ = behind_every;
    }
    if (const auto on = eat_days(); !on.empty()) {
        std::ranges::for_each(on, [&](weekday day) { add_once(parts_.days, day); });
        parts_.days_words = words();
        TRY_DO(set_period(Frequency::weekly, 1));
        return true;
    }
    const auto n = at_.eat_number();
    if (n == 0) {
        return wrong_at(begin_, "cannot be: the least is every 1");
    }
    TRY(const bool read, read_every_unit(n.value_or(1)));
    if (!read) {
        TRY_DO(read_refused());
        if (const auto day = at_.eat_weekday()) {
            return wrong_at(begin_, fmt::format("is not how weeks are counted: say \"every {} "
                                                "weeks on {}\"",
                                                n.value_or(1), name_of(*day)));
        }
    }
    return read ? Read(true) : Read(not_understood(at_));
}

/// Behind "every other".
Result<bool> Reader::read_every_other() {
    if (const auto on = eat_days(); !on.empty()) {
        if (on.size() > 1) {
            return wrong_at(begin_, fmt::format("has two readings, as the last day may be in every "
                                                "week: say \"every two weeks on {} and {}\", or "
                                                "make two of it",
                                                name_of(on[0]), name_of(on[1])));
        }
        add_once(parts_.days, on.front());
        TRY_DO(set_period(Frequency::weekly, 2));
        return true;
    }
    TRY(const bool read, read_every_unit(2));
    return read ? Read(true) : Read(not_understood(at_));
}

/// A unit of time behind "every" and a number.
Result<bool> Reader::read_every_unit(std::int64_t interval) {
    const auto* const unit = std::ranges::find(units, at_.look().word, &Unit::word);
    if (unit == units.end()) {
        return false;
    }
    at_.pass();
    if (interval > std::numeric_limits<std::int32_t>::max() / unit->length) {
        return wrong_at(begin_, "is more than anybody lives");
    }
    TRY_DO(set_period(unit->frequency, interval * unit->length));
    return true;
}

/// "every second week", "every third Wednesday", "every 15th of the month".
Result<bool> Reader::read_every_ordinal() {
    const auto from = at_;
    const auto ordinals = eat_ordinals();
    if (ordinals.empty()) {
        return false;
    }
    const bool counts_days = at_.look().is("day") && at_.look(1).is("of");
    if (ordinals.size() == 1 && ordinals.front() > 1 && !counts_days) {
        TRY(const bool read, read_every_unit(ordinals.front()));
        if (read) {
            return true;
        }
    }
    TRY(const bool read, take_ordinals(ordinals, true));
    return read ? Read(true) : Read(not_understood(from));
}

Result<bool> Reader::read_of_the_month() {
    if (!at_.eat_one_of("of the month", "of a month", "in the month", "in a month", "of month",
                        "a month", "per month")) {
        return false;
    }
    parts_.of_the_month = true;
    return true;
}

/// "of March and September".
Result<bool> Reader::read_of_months() {
    if (!at_.eat_one_of("of", "in")) {
        return false;
    }
    bool any = false;
    if (auto next = at_; !parts_.months.empty() && next.eat_month()) {
        at_ = next;
        return wrong_at(begin_,
                        "is a second part of the year, with days of its own: make two of it");
    }
    while (const auto m = at_.eat_month()) {
        any = true;
        add_once(parts_.months, static_cast<int>(static_cast<unsigned>(*m)));
        const auto before = at_;
        at_.eat(",");
        at_.eat_one_of("and", "&", "of");
        if (auto next = at_; !next.eat_month()) {
            at_ = before;
            break;
        }
    }
    if (any) {
        parts_.date_words = words();
    }
    return any;
}

/// "5 March", "March 5th", "5th of March": a day of every year.
Result<bool> Reader::read_year_date() {
    at_.eat("on");
    at_.eat("the");
    const auto from = at_;
    auto in = at_.eat_month();
    const bool day_first = !in;
    const auto day = at_.eat_day();
    if (day_first) {
        at_.eat("of");
        in = at_.eat_month();
    }
    const bool last_day = day == -1; // "last day of March" is read with the other ordinals
    if (!day || !in || last_day) {
        return false;
    }
    if (at_.look().is(":") || at_.look().is("am") || at_.look().is("pm")) {
        return false;
    }
    if (*day < 1 || *day > 31 ||
        !(std::chrono::year(2000) / *in / std::chrono::day(static_cast<unsigned>(*day))).ok()) {
        return wrong_at(from, "is a day that no calendar has");
    }
    if (at_.eat_year()) {
        return wrong_at(from, "is one day only: a year goes with \"starting\" or \"until\", as in "
                              "\"weekly starting 5 March 2027\"");
    }
    add_once(parts_.month_days, static_cast<int>(*day));
    add_once(parts_.months, static_cast<int>(static_cast<unsigned>(*in)));
    if (parts_.month_days.size() > 1 && parts_.months.size() > 1) {
        return wrong_at(from, "is a second day, in another month: make two of it");
    }
    parts_.date_words = words();
    if (begin_.stands("every") > 0 || begin_.stands("each") > 0) {
        TRY_DO(set_period(Frequency::yearly, 1));
    }
    return true;
}

/// "first and third", "1st, 15th & last".
std::vector<int> Reader::eat_ordinals() {
    std::vector<int> all;
    auto before = at_;
    while (const auto n = at_.eat_ordinal()) {
        all.push_back(*n);
        before = at_;
        at_.eat(",");
        at_.eat_one_of("and", "&");
        at_.eat("the");
    }
    at_ = before;
    return all;
}

Result<bool> Reader::read_ordinals() {
    at_.eat("on");
    at_.eat("the");
    const auto ordinals = eat_ordinals();
    if (ordinals.empty()) {
        return false;
    }
    return take_ordinals(ordinals, false);
}

/// What the ordinals count: a weekday, working days, or days of the month.
Result<bool> Reader::take_ordinals(const std::vector<int>& ordinals, bool every) {
    const bool none = std::ranges::find(ordinals, 0) != ordinals.end();
    const bool above_five = std::ranges::any_of(ordinals, [](int n) { return n > 5; });
    if (const auto day = at_.eat_weekday()) {
        if (none || above_five) {
            return wrong_at(begin_, "cannot be: a month has at most five of a weekday");
        }
        for (const int n : ordinals) {
            add_once(parts_.nth, NthWeekday{.day = *day, .nth = n});
        }
        if (every) {
            parts_.every_nth = words();
        }
        return true;
    }
    if (at_.eat_one_of("weekday", "workday", "working day", "business day")) {
        if (none || std::ranges::any_of(ordinals, [](int n) { return n > 20; })) {
            return wrong_at(begin_, "cannot be: not every month has so many working days");
        }
        std::ranges::for_each(ordinals, [&](int n) { add_once(parts_.positions, n); });
        return true;
    }
    const bool of_days = at_.eat_one_of("day", "days");
    if (!of_days && std::ranges::find(ordinals, -1) != ordinals.end()) {
        return wrong_at(begin_, R"(of what? say such as "last Friday" or "last day of the month")");
    }
    if (none || std::ranges::any_of(ordinals, [](int n) { return n > 31; })) {
        return wrong_at(begin_, "is a day that no month has");
    }
    std::ranges::for_each(ordinals, [&](int n) { add_once(parts_.month_days, n); });
    parts_.date_words = words();
    return true;
}

/// "Mon and Thu", "Tuesday, Wednesday & Friday", "Mon-Fri", "Monday to Friday".
std::vector<weekday> Reader::eat_days() {
    std::vector<weekday> all;
    auto before = at_;
    while (const auto first = at_.eat_weekday()) {
        all.push_back(*first);
        before = at_;
        if (at_.eat_one_of("-", "to", "through")) {
            if (const auto last = at_.eat_weekday()) {
                for (auto day = *first; day != *last;) {
                    all.push_back(++day);
                }
                before = at_;
            } else {
                break;
            }
        }
        at_.eat_one_of(",", "/");
        at_.eat_one_of("and", "&");
        at_.eat("on");
    }
    at_ = before;
    return all;
}

Result<bool> Reader::read_days() {
    at_.eat_one_of("on", "from");
    at_.eat("the");
    const auto from = at_;
    const auto on = eat_days();
    if (on.empty()) {
        return false;
    }
    std::ranges::for_each(on, [&](weekday day) { add_once(parts_.days, day); });
    parts_.days_words = words_between(from, at_);
    return true;
}

/// "weekdays", and behind "every" "weekday".
Result<bool> Reader::read_working_days() {
    at_.eat("on");
    if (!at_.eat_one_of("weekdays", "workdays", "working days", "business days", "weekday",
                        "workday", "working day", "business day")) {
        return false;
    }
    std::ranges::for_each(working_week, [&](weekday day) { add_once(parts_.days, day); });
    parts_.days_words = words();
    if (begin_.stands("every") > 0 || begin_.stands("each") > 0) {
        TRY_DO(set_period(Frequency::weekly, 1));
    }
    return true;
}

Result<Parts> read_parts(std::string_view text, std::span<const std::string> zones) {
    const auto tokens = tokens_of(text);
    return Reader(text, tokens, zones).read();
}

std::string length_of(std::int64_t n, Frequency unit) {
    return n == 1 ? std::string(unit_name(unit)) : fmt::format("{} {}s", n, unit_name(unit));
}

std::string long_date(year_month_day date) {
    return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), name_of(date.month()),
                       static_cast<int>(date.year()));
}

} // namespace allot::calendar::spoken
