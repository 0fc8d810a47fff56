#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace allot::text {

namespace {

/// Length of the white space at the front of `s`, or at its back.
std::size_t space_at_front(std::string_view s) {
    if (s.starts_with("\xC2\xA0")) {
        return 2;
    }
    return !s.empty() && std::string_view(" \t\r\n").contains(s.front()) ? 1 : 0;
}

std::size_t space_at_back(std::string_view s) {
    if (s.ends_with("\xC2\xA0")) {
        return 2;
    }
    return !s.empty() && std::string_view(" \t\r\n").contains(s.back()) ? 1 : 0;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Levenshtein distance (1966), one row of memory.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
        }
    }
    return row.back();
}

} // namespace

std::string_view trim(std::string_view s) {
    while (const std::size_t n = space_at_front(s)) {
        s.remove_prefix(n);
    }
    while (const std::size_t n = space_at_back(s)) {
        s.remove_suffix(n);
    }
    return s;
}

std::vector<std::string> split_list(std::string_view s, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = s.find(separator);
        if (const auto part = trim(s.substr(0, end)); !part.empty()) {
            parts.emplace_back(part);
        }
        if (end == std::string_view::npos) {
            return parts;
        }
        s.remove_prefix(end + 1);
    }
}

std::string lower_ascii(std::string_view s) {
    std::string out(s);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::optional<std::int64_t> parse_int(std::string_view s) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error != std::errc{} || end != s.data() + s.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<double> parse_double(std::string_view s) {
    double value = 0;
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error != std::errc{} || end != s.data() + s.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

std::string join_words(const std::vector<std::string>& words, std::size_t most) {
    const std::size_t n = std::min(words.size(), most);
    std::string out;
    for (std::size_t i = 0; i < n; ++i) {
        if (i > 0) {
            out += i + 1 == words.size() ? " and " : ", ";
        }
        out += words[i];
    }
    if (n < words.size()) {
        out += " and " + std::to_string(words.size() - n) + " more";
    }
    return out;
}

std::string count_of(std::int64_t n, std::string_view singular, std::string_view plural) {
    return std::to_string(n) + " " + std::string(n == 1 ? singular : plural);
}

std::string shown(std::string_view s, std::size_t most) {
    const bool cut = s.size() > most;
    if (cut) {
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(s[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        s = s.substr(0, end);
    }
    std::string out(s);
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return cut ? out + "..." : out;
}

std::optional<std::string> nearest_word(std::string_view word,
                                        const std::vector<std::string>& known) {
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const auto& candidate : known) {
        if (const std::size_t d = edit_distance(word, candidate); d < best_distance) {
            best_distance = d;
            best = candidate;
        }
    }
    return best;
}

} // namespace allot::text
