/// Small things about text that more than one room needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::text {

/// Without white space (space, tab, CR, LF, no-break space in UTF-8) at both ends.
[[nodiscard]] std::string_view trim(std::string_view s);

/// The parts between separators, each trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string> split_list(std::string_view s, char separator);

/// ASCII letters lowered; other bytes as they are.
[[nodiscard]] std::string lower_ascii(std::string_view s);

/// The whole of `s` as a decimal integer; nullopt for anything else, also for one out of range.
[[nodiscard]] std::optional<std::int64_t> parse_int(std::string_view s);

/// The whole of `s` as a number with a decimal point; nullopt for anything else and for NaN,
/// infinity.
[[nodiscard]] std::optional<double> parse_double(std::string_view s);

/// "a, b and c"; "and N more" after the first `most`.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words, std::size_t most = 20);

/// "1 ask", "7 asks".
[[nodiscard]] std::string count_of(std::int64_t n, std::string_view singular,
                                   std::string_view plural);

/// For messages: at most `most` bytes, cut at a UTF-8 boundary, control characters as "?".
[[nodiscard]] std::string shown(std::string_view s, std::size_t most = 60);

/// The known word that differs from `word` in the fewest letters, if that is at most a third of
/// them.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view word,
                                                      const std::vector<std::string>& known);

} // namespace allot::text
