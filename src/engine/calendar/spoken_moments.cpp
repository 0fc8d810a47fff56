#include "base/text.hpp"
#include "engine/calendar/spoken_reader.hpp"
#include "engine/calendar/spoken_vocabulary.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

/// Dates, times, ends, zones and remarks.
namespace allot::calendar::spoken {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::weekday;
using std::chrono::year_month_day;

Result<void> Reader::set_date(std::optional<year_month_day>& date, year_month_day value,
                              std::string_view what) {
    if (date && *date != value) {
        return wrong_at(
            begin_, fmt::format("is a second {}, beside {}: say only one", what, long_date(*date)));
    }
    date = value;
    return {};
}

/// A date with its year, or with `year`; nothing where no date stands here.
Result<std::optional<year_month_day>> Reader::eat_date(std::optional<std::int64_t> year) {
    const auto from = at_;
    std::optional<month> in;
    std::optional<std::int64_t> day;
    if (at_.look().raw.size() == 4 && at_.stands("-", 1) > 0 && at_.stands("-", 3) > 0) {
        year = at_.eat_number();
        at_.pass();
        in = month(static_cast<unsigned>(at_.eat_number().value_or(0)));
        at_.pass();
        day = at_.eat_number();
    } else if (at_.stands("/", 1) > 0 && at_.stands("/", 3) > 0) {
        at_.pass(5);
        return wrong_at(from, "has two readings, as the day or the month may be first: write "
                              "2027-06-30 or 30 June 2027");
    } else {
        in = at_.eat_month();
        day = at_.eat_day();
        at_.eat("of");
        in = in ? in : at_.eat_month();
    }
    if (!in || !day) {
        at_ = from;
        return std::nullopt;
    }
    if (auto next = at_; !year && (next.eat(","), year = next.eat_year())) {
        at_ = next;
    }
    if (!year) {
        return wrong_at(from, "has no year: of which year?");
    }
    const year_month_day date(
        std::chrono::year(static_cast<int>(*year)), *in,
        std::chrono::day(*day < 1 || *day > 31 ? 0 : static_cast<unsigned>(*day)));
    if (!date.ok() || *year < 1) {
        return wrong_at(from, "is a day that no calendar has");
    }
    return date;
}

/// A date, perhaps with its weekday, which then has to be right.
Result<year_month_day> Reader::expect_date(std::optional<std::int64_t> year) {
    at_.eat_one_of("on", "with");
    const auto from = at_;
    const auto day = at_.eat_weekday();
    at_.eat(",");
    at_.eat("the");
    TRY(const auto date, eat_date(year));
    if (!date) {
        return wrong_at(begin_, "wants a date, such as 30 June 2027 or 2027-06-30");
    }
    if (const weekday is{local_days(*date)}; day && *day != is) {
        return wrong_at(from, fmt::format("cannot be: {} is a {}", long_date(*date), name_of(is)));
    }
    return *date;
}

Result<bool> Reader::read_start() {
    const auto year = at_.eat_year();
    if (!at_.eat_one_of("start date", "starting date", "starting", "starts", "start", "beginning",
                        "begins", "as of") &&
        (year || !at_.eat("from"))) {
        return false;
    }
    at_.eat("from");
    at_.eat(":");
    if (auto next = at_; begin_.stands("from") > 0 && next.eat_weekday()) {
        if (next.eat_one_of("-", "to", "through")) {
            return false; // "from Monday to Friday"
        }
    }
    TRY(const auto date, expect_date(year));
    TRY_DO(set_date(parts_.starting, date, "start"));
    return true;
}

Result<bool> Reader::read_until() {
    if (!at_.eat_one_of("until", "till", "through", "ending", "ends", "up to")) {
        return false;
    }
    TRY(const auto date, expect_date(std::nullopt));
    TRY_DO(set_date(parts_.until, date, "end"));
    return true;
}

/// "6 times", "for 6 weeks", "once".
Result<bool> Reader::read_times() {
    const bool stays = at_.eat("for");
    const auto n = at_.eat("once") ? std::optional<std::int64_t>(1) : at_.eat_number();
    const bool once = begin_.stands("once") > 0;
    const bool times =
        once || at_.eat_one_of("times", "time", "sessions", "session", "meetings", "meeting");
    const auto* const unit = std::ranges::find(units, at_.look().word, &Unit::word);
    if (!n || (!times && (!stays || unit == units.end()))) {
        return stays ? Read(wrong_at(begin_, R"(wants a length, such as "for 6 weeks")")) : false;
    }
    at_.pass(times ? 0 : 1);
    if (at_.eat_one_of("a", "per", "each", "every")) {
        at_.pass();
        return wrong_at(begin_, R"(does not say when: name the days, as in "Monday and Thursday")");
    }
    if (*n < 1 || *n > std::numeric_limits<std::int32_t>::max()) {
        return wrong_at(begin_, "cannot be: 1 to 2147483647 are possible");
    }
    if (parts_.times || parts_.stay) {
        return wrong_at(begin_, "is a second length: say only one");
    }
    if (times) {
        parts_.times = n;
    } else {
        parts_.stay = {.length = *n * unit->length, .unit = unit->frequency, .words = words()};
    }
    return true;
}

Result<minutes> Reader::twelve_hours(std::int64_t hour, minutes past, bool afternoon) {
    if (hour < 1 || hour > 12) {
        return wrong_at(begin_, "is no time: with am or pm the hour is from 1 to 12");
    }
    return hours(hour % 12 + (afternoon ? 12 : 0)) + past;
}

/// A time of the day; nothing where none stands here.
Result<std::optional<minutes>> Reader::eat_clock(bool after_at) {
    if (at_.eat("noon")) {
        return hours(12);
    }
    if (at_.look().kind != Token::Kind::number || at_.look().raw.size() > 2) {
        return std::nullopt;
    }
    const auto hour = *at_.eat_number();
    const bool has_minutes =
        at_.look().is(":") && at_.look(1).kind == Token::Kind::number && at_.look(1).glued;
    minutes past{0};
    if (has_minutes) {
        at_.pass();
        const bool two_digits = at_.look().raw.size() == 2;
        past = minutes(*at_.eat_number());
        if (!two_digits || past >= hours(1)) {
            return wrong_at(begin_, "is no time: minutes are from 00 to 59");
        }
    }
    const bool morning = at_.eat_one_of("am", "a . m .", "a . m");
    if (morning || at_.eat_one_of("pm", "p . m .", "p . m")) {
        return twelve_hours(hour, past, !morning);
    }
    if (!has_minutes && !after_at) {
        return std::nullopt;
    }
    if (hour > 23) {
        return wrong_at(begin_, "is no time: hours are from 0 to 23");
    }
    if (!has_minutes && hour >= 1 && hour <= 12) {
        return wrong_at(begin_,
                        fmt::format("has two readings: {0}:00 in the morning or {1}:00? Say "
                                    "{0}am, {0}pm or a time such as {1}:00",
                                    hour, hour % 12 + 12));
    }
    return hours(hour) + past;
}

Result<bool> Reader::read_time() {
    const bool after_at = at_.eat_one_of("at", "@");
    TRY(const auto time, eat_clock(after_at));
    if (!time) {
        return false;
    }
    if (auto next = at_; next.eat_one_of("-", "to", "until", "till") &&
                         next.look().kind == Token::Kind::number &&
                         (next.look(1).is(":") || next.look(1).is("am") || next.look(1).is("pm"))) {
        at_ = next;
        return wrong_at(begin_, "begins a span: say only when it begins, as in \"at 17:00\"");
    }
    if (parts_.time && *parts_.time != *time) {
        return wrong_at(begin_,
                        fmt::format("is a second time, beside {:02}:{:02}: say only one",
                                    *parts_.time / hours(1), (*parts_.time % hours(1)).count()));
    }
    parts_.time = time;
    return true;
}

Result<bool> Reader::read_zone_words() {
    at_.eat("in");
    const auto from = at_;
    auto means = read_zone(at_.rest(), zones_);
    if (means.tokens == 0) {
        return false;
    }
    at_.pass(means.tokens);
    const bool sign = at_.stands("+") > 0 || at_.stands("-") > 0;
    if (sign && at_.look().glued && at_.look(1).kind == Token::Kind::number && at_.look(1).glued) {
        at_.pass(2);
        return wrong_at(from, "is an offset and no zone, as clocks change in summer: name a city, "
                              "as in \"London time\"");
    }
    at_.eat_one_of("standard time", "daylight time", "summer time", "local time", "time zone",
                   "timezone", "time");
    parts_.zones.push_back({.words = words_between(from, at_), .means = std::move(means)});
    return true;
}

/// Whether a word has no place in a remark. A word that is nearly one of these is no remark either:
/// it was mistyped.
bool Reader::tells_when(const Token& token) {
    const std::array one = {token, Token{}};
    Cursor word(one);
    if (token.kind == Token::Kind::number || word.eat_weekday() || word.eat_month() ||
        word.eat_ordinal() || word.eat_number()) {
        return true;
    }
    const auto& w = token.word;
    return std::ranges::find(more_of_when, w) != more_of_when.end() ||
           std::ranges::find(refusals, w, &Refusal::phrase) != refusals.end() ||
           std::ranges::find(adverbs, w, &Adverb::phrase) != adverbs.end() ||
           (w.size() > 4 && text::nearest_word(w, words_of_when()));
}

/// Passes everything up to the end of the brackets, or to the next comma, dash or bracket.
void Reader::pass_remark() {
    for (int depth = brackets_; !at_.at_end(); at_.pass()) {
        const auto& sign = at_.look();
        depth += sign.opens() ? 1 : sign.closes() ? -1 : 0;
        const bool breaks =
            sign.opens() || sign.is(",") || sign.is(";") || (sign.is("-") && !sign.glued);
        if (brackets_ > 0 ? depth <= 0 : breaks) {
            return;
        }
    }
}

/// In brackets, or three words behind a comma or a dash: fewer are more likely a part that we do
/// not understand.
Result<bool> Reader::read_remark() {
    if (brackets_ > 0 && only_brackets_) {
        begin_ = bracket_;
    } else if (!after_break_) {
        return false;
    }
    pass_remark();
    std::size_t count = 0;
    auto word = begin_;
    for (; word.look().raw.data() != at_.look().raw.data(); word.pass()) {
        if (tells_when(word.look())) {
            return not_understood(word);
        }
        count += word.look().kind == Token::Kind::word ? std::size_t{1} : std::size_t{0};
    }
    if (count == 0 || (brackets_ == 0 && count < 3)) {
        return false;
    }
    parts_.remarks.push_back(words());
    if (brackets_ > 0) {
        brackets_ = 1; // the last one is passed next
    }
    return true;
}

} // namespace allot::calendar::spoken
