/// Words about when, one by one: for the reader of spoken rules only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar::spoken {

/// A word, a number, or a single sign such as a comma.
struct Token {
    enum class Kind : std::uint8_t { word, number, sign, end };
    Kind kind = Kind::end;
    std::string_view raw; ///< as written
    std::string word;     ///< in small letters; every dash is "-"
    bool glued = false;   ///< no white space before it

    [[nodiscard]] bool is(std::string_view w) const { return kind != Kind::end && word == w; }
    [[nodiscard]] bool opens() const { return is("(") || is("["); }
    [[nodiscard]] bool closes() const { return is(")") || is("]"); }
};

/// Always ends with a token of kind `end`. `raw` points into `text`.
[[nodiscard]] std::vector<Token> tokens_of(std::string_view text);

/// A place in a list of tokens. Looking beyond the end gives `end`.
class Cursor {
  public:
    explicit Cursor(std::span<const Token> tokens) : tokens_(tokens) {}

    [[nodiscard]] const Token& look(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    [[nodiscard]] bool at_end() const { return look().kind == Token::Kind::end; }
    [[nodiscard]] std::span<const Token> rest() const { return tokens_.subspan(at_); }
    void pass(std::size_t count = 1) { at_ = std::min(at_ + count, tokens_.size() - 1); }

    /// How many tokens `phrase` (words and signs with spaces between them) has, if it stands here.
    [[nodiscard]] std::size_t stands(std::string_view phrase, std::size_t ahead = 0) const;
    /// Passes the phrase, if it stands here.
    bool eat(std::string_view phrase);
    /// The same for the first of several.
    template <class... Phrases>
    bool eat_one_of(const Phrases&... phrases) {
        return (eat(phrases) || ...);
    }

    /// Each passes what it returns, or nothing. Names of days and months may be short, days also
    /// plural ("Tues.", "Thursdays", "Sept").
    std::optional<std::chrono::weekday> eat_weekday();
    std::optional<std::chrono::month> eat_month();
    std::optional<std::int64_t> eat_number(); ///< `12` or `twelve`
    std::optional<int> eat_ordinal();         ///< `third`, `3rd`, and `last` as -1
    std::optional<std::int64_t> eat_day();    ///< of a month: `5`, `5th`, `first`, `last`
    std::optional<std::int64_t> eat_year();   ///< four digits

  private:
    std::span<const Token> tokens_;
    std::size_t at_ = 0;
};

/// "Monday", "March": for messages.
[[nodiscard]] std::string_view name_of(std::chrono::weekday day);
[[nodiscard]] std::string_view name_of(std::chrono::month month);

/// Words that say when, in full; one of them near a word that is not understood was meant.
[[nodiscard]] const std::vector<std::string>& words_of_when();

} // namespace allot::calendar::spoken
