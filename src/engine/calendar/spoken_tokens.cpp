#include "engine/calendar/spoken_tokens.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace allot::calendar::spoken {

namespace {

using std::chrono::month;
using std::chrono::weekday;

constexpr std::array<std::string_view, 7> weekday_names = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> month_names = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 12> number_words = {"one",  "two", "three",  "four",
                                                           "five", "six", "seven",  "eight",
                                                           "nine", "ten", "eleven", "twelve"};
constexpr std::array<std::string_view, 5> ordinal_words = {"first", "second", "third", "fourth",
                                                           "fifth"};
constexpr std::array<std::string_view, 4> ordinal_endings = {"st", "nd", "rd", "th"};

/// Beside the first three letters and the full name.
struct ShortDay {
    std::string_view word;
    unsigned day;
};
constexpr std::array<ShortDay, 4> short_days = {
    {{"tues", 2}, {"weds", 3}, {"thur", 4}, {"thurs", 4}}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Letters of other scripts are letters too: they are in names of cities.
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// Bytes of the white space at the front, of one character.
std::size_t space_at(std::string_view s) {
    if (s.starts_with("\xC2\xA0")) {
        return 2;
    }
    return !s.empty() && std::string_view(" \t\r\n").contains(s.front()) ? 1 : 0;
}

/// Bytes of the dash at the front that is not a hyphen: U+2010 to U+2015.
std::size_t long_dash_at(std::string_view s) {
    const bool dash =
        s.size() >= 3 && s.starts_with("\xE2\x80") && s[2] >= '\x90' && s[2] <= '\x95';
    return dash ? 3 : 0;
}

std::size_t length_of_token(std::string_view s, Token::Kind kind) {
    if (kind == Token::Kind::sign) {
        return std::max<std::size_t>(long_dash_at(s), 1);
    }
    std::size_t n = 0;
    while (n < s.size() &&
           (kind == Token::Kind::number ? is_digit(s[n])
                                        : is_letter(s[n]) && long_dash_at(s.substr(n)) == 0 &&
                                              space_at(s.substr(n)) == 0)) {
        ++n;
    }
    return n;
}

Token::Kind kind_at(std::string_view s) {
    if (is_digit(s.front())) {
        return Token::Kind::number;
    }
    return is_letter(s.front()) && long_dash_at(s) == 0 ? Token::Kind::word : Token::Kind::sign;
}

std::optional<weekday> weekday_of(std::string_view word) {
    for (unsigned i = 0; i < weekday_names.size(); ++i) {
        const auto name = text::lower_ascii(weekday_names.at(i));
        if (word == name || word == name + "s" || word == name.substr(0, 3)) {
            return weekday(i);
        }
    }
    const auto* const found = std::ranges::find(short_days, word, &ShortDay::word);
    return found == short_days.end() ? std::nullopt : std::optional(weekday(found->day));
}

std::optional<month> month_of(std::string_view word) {
    for (unsigned i = 0; i < month_names.size(); ++i) {
        const auto name = text::lower_ascii(month_names.at(i));
        if (word == name || word == name.substr(0, 3) || (i == 8 && word == "sept")) {
            return month(i + 1);
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    bool glued = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto here = text.substr(at);
        if (const std::size_t space = space_at(here)) {
            at += space;
            glued = false;
            continue;
        }
        const auto kind = kind_at(here);
        const auto raw = here.substr(0, length_of_token(here, kind));
        const bool dash = kind == Token::Kind::sign && long_dash_at(raw) > 0;
        tokens.push_back({.kind = kind,
                          .raw = raw,
                          .word = dash ? "-" : text::lower_ascii(raw),
                          .glued = glued});
        at += raw.size();
        glued = true;
    }
    tokens.push_back({.kind = Token::Kind::end, .raw = text.substr(text.size()), .word = ""});
    return tokens;
}

std::size_t Cursor::stands(std::string_view phrase, std::size_t ahead) const {
    std::size_t count = 0;
    for (const auto& word : text::split_list(phrase, ' ')) {
        if (!look(ahead + count).is(word)) {
            return 0;
        }
        ++count;
    }
    return count;
}

bool Cursor::eat(std::string_view phrase) {
    const std::size_t count = stands(phrase);
    pass(count);
    return count > 0;
}

std::optional<weekday> Cursor::eat_weekday() {
    const auto day = weekday_of(look().word);
    if (day) {
        pass();
        eat(".");
    }
    return day;
}

std::optional<month> Cursor::eat_month() {
    const auto found = month_of(look().word);
    if (found) {
        pass();
        eat(".");
    }
    return found;
}

std::optional<std::int64_t> Cursor::eat_number() {
    const auto* const word = std::ranges::find(number_words, look().word);
    std::optional<std::int64_t> n;
    if (word != number_words.end()) {
        n = word - number_words.begin() + 1;
    } else if (look().kind == Token::Kind::number) {
        n = text::parse_int(look().word);
    }
    pass(n ? 1 : 0);
    return n;
}

std::optional<int> Cursor::eat_ordinal() {
    if (eat("last")) {
        return -1;
    }
    if (const auto* const word = std::ranges::find(ordinal_words, look().word);
        word != ordinal_words.end()) {
        pass();
        return static_cast<int>(word - ordinal_words.begin()) + 1;
    }
    const bool ends =
        look(1).glued && std::ranges::find(ordinal_endings, look(1).word) != ordinal_endings.end();
    if (look().kind != Token::Kind::number || look().raw.size() > 2 || !ends) {
        return std::nullopt;
    }
    const auto n = text::parse_int(look().word);
    pass(2);
    return static_cast<int>(*n);
}

std::optional<std::int64_t> Cursor::eat_day() {
    if (const auto ordinal = eat_ordinal()) {
        return *ordinal;
    }
    return look().kind == Token::Kind::number && look().raw.size() <= 2 ? eat_number()
                                                                        : std::nullopt;
}

std::optional<std::int64_t> Cursor::eat_year() {
    if (look().kind != Token::Kind::number || look().raw.size() != 4 ||
        (look(1).is(":") && look(1).glued)) {
        return std::nullopt;
    }
    return eat_number();
}

std::string_view name_of(weekday day) {
    return weekday_names.at(day.c_encoding());
}

std::string_view name_of(month m) {
    return month_names.at(static_cast<unsigned>(m) - 1);
}

const std::vector<std::string>& words_of_when() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> words = {
            "daily",    "weekly",    "biweekly", "fortnightly", "monthly", "yearly",
            "annually", "quarterly", "every",    "weekday",     "first",   "second",
            "third",    "fourth",    "fifth",    "starting",    "week",    "month",
            "year",     "until",     "times",    "weeks",       "months"};
        words.insert(words.end(), weekday_names.begin(), weekday_names.end());
        words.insert(words.end(), month_names.begin(), month_names.end());
        return words;
    }();
    return all;
}

} // namespace allot::calendar::spoken
