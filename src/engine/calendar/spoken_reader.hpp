/// How a text about when is taken apart; only spoken_parts.cpp and spoken_moments.cpp include it.
#pragma once

#include "base/result.hpp"
#include "engine/calendar/spoken_parts.hpp"
#include "engine/calendar/spoken_tokens.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::calendar::spoken {

/// Takes a text apart. Each `read_` function returns whether its part stands here; then it is
/// passed. An error says that it stands here and is wrong.
class Reader {
  public:
    Reader(std::string_view text, std::span<const Token> tokens, std::span<const std::string> zones)
        : text_(text), at_(tokens), zones_(zones) {}

    Result<Parts> read() && {
        while (pass_separators(), !at_.at_end()) {
            begin_ = at_;
            TRY_DO(read_part());
        }
        return std::move(parts_);
    }

  private:
    using Read = Result<bool>;

    void pass_separators();
    Result<void> read_part();
    Read read_refused();
    Read read_adverb();
    Read read_alternate();
    Read read_every();
    Read read_every_other();
    Read read_every_ordinal();
    Read read_every_unit(std::int64_t interval);
    Read read_of_the_month();
    Read read_of_months();
    Read read_year_date();
    Read read_ordinals();
    Read read_days();
    Read read_working_days();
    Read read_start();
    Read read_until();
    Read read_times();
    Read read_time();
    Read read_zone_words();
    Read read_remark();

    std::vector<int> eat_ordinals();
    Result<bool> take_ordinals(const std::vector<int>& ordinals, bool every);
    std::vector<std::chrono::weekday> eat_days();
    Result<std::optional<std::chrono::year_month_day>> eat_date(std::optional<std::int64_t> year);
    Result<std::chrono::year_month_day> expect_date(std::optional<std::int64_t> year);
    Result<std::optional<std::chrono::minutes>> eat_clock(bool after_at);
    Result<std::chrono::minutes> twelve_hours(std::int64_t hour, std::chrono::minutes past,
                                              bool afternoon);
    void pass_remark();
    [[nodiscard]] static bool tells_when(const Token& token);
    Result<void> set_period(Frequency frequency, std::int64_t interval);
    Result<void> set_date(std::optional<std::chrono::year_month_day>& date,
                          std::chrono::year_month_day value, std::string_view what);

    /// From the beginning of the part to here, as written.
    [[nodiscard]] std::string words() const { return words_between(begin_, at_); }
    [[nodiscard]] std::string words_between(const Cursor& from, const Cursor& to) const;
    /// `what` is about the words from `from` to here; where there are none, about the next one.
    [[nodiscard]] std::unexpected<Error> wrong_at(const Cursor& from, std::string_view what) const;
    [[nodiscard]] std::optional<std::string> nearest(const Token& token) const;
    [[nodiscard]] std::unexpected<Error> not_understood(const Cursor& from) const;

    std::string_view text_;
    Cursor at_;
    Cursor begin_ = at_; ///< of the part that is read
    std::span<const std::string> zones_;
    Parts parts_;
    bool after_break_ = false;   ///< a comma, a dash or a bracket stands before this part
    int brackets_ = 0;           ///< that are open
    Cursor bracket_ = at_;       ///< behind the outermost of them
    bool only_brackets_ = false; ///< between `bracket_` and this part
};

} // namespace allot::calendar::spoken
