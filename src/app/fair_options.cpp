#include "app/fair_options.hpp"

#include "app/hashes.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

namespace allot::app {

namespace {

using namespace std::string_view_literals;
using matching::Chance;
using matching::Objective;
using matching::Rule;

constexpr std::size_t most_digits = 18; ///< that surely fit into 64 bits

struct Fraction {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
};

/// Digits only: no sign and no space.
std::optional<std::int64_t> digits(std::string_view text) {
    const bool fits = !text.empty() && text.size() <= most_digits;
    const bool are_digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return fits && are_digits ? text::parse_int(text) : std::nullopt;
}

std::optional<Fraction> parse_fraction(std::string_view text) {
    const auto slash = text.find('/');
    const auto numerator = digits(text.substr(0, slash));
    const auto denominator = digits(text.substr(slash + 1));
    if (!numerator || !denominator) {
        return std::nullopt;
    }
    return Fraction{.numerator = *numerator, .denominator = *denominator};
}

/// "0.25", ".25" or "1" as tenths, hundredths and so on.
std::optional<Fraction> parse_decimal(std::string_view text) {
    const auto point = std::min(text.find('.'), text.size());
    const auto places = point < text.size() ? text.substr(point + 1) : std::string_view();
    const auto value = digits(std::string(text.substr(0, point)).append(places));
    if (!value) {
        return std::nullopt;
    }
    Fraction fraction{.numerator = *value, .denominator = 1};
    for (std::size_t k = 0; k < places.size(); ++k) {
        fraction.denominator *= 10;
    }
    return fraction;
}

std::unexpected<Error> expected_chance(std::string_view text) {
    return fail(ErrorKind::invalid,
                fmt::format("found \"{}\", expected a chance above 0 and at most 1, such as 1/3 or "
                            "0.5, with a denominator of at most {}",
                            text::shown(text), matching::most_denominator));
}

} // namespace

Result<Objective> parse_objective(std::string_view text) {
    constexpr std::string_view floor = "floor:";
    if (text == "sum") {
        return Objective{.rule = Rule::sum};
    }
    if (text == "leximin") {
        return Objective{.rule = Rule::leximin};
    }
    if (text == "maxmin") {
        return Objective{.rule = Rule::maxmin};
    }
    if (!text.starts_with(floor)) {
        return fail(ErrorKind::invalid,
                    fmt::format("found \"{}\", expected sum, leximin, maxmin or floor:X, such as "
                                "floor:0.5",
                                text::shown(text)));
    }
    const auto score = text::parse_double(text.substr(floor.size()));
    if (!score || *score < 0 || *score > limits::max_score) {
        return fail(ErrorKind::invalid,
                    fmt::format("found \"{}\", expected floor:X with a score X from 0 to {}, such "
                                "as floor:0.5",
                                text::shown(text), limits::max_score));
    }
    return Objective{.rule = Rule::floor, .floor = matching::micro_of_score(*score)};
}

Result<Chance> parse_chance(std::string_view text) {
    const auto found = text.contains('/') ? parse_fraction(text) : parse_decimal(text);
    if (!found || found->numerator < 1 || found->numerator > found->denominator) {
        return expected_chance(text);
    }
    const std::int64_t common = std::gcd(found->numerator, found->denominator);
    if (found->denominator / common > matching::most_denominator) {
        return expected_chance(text);
    }
    return Chance{.numerator = static_cast<std::int32_t>(found->numerator / common),
                  .denominator = static_cast<std::int32_t>(found->denominator / common)};
}

std::string commitment_of(std::uint64_t seed) {
    return sha256_hex(std::to_string(seed));
}

Result<std::string> parse_commitment(std::string_view hex) {
    const auto is_digit = [](char c) { return "0123456789abcdef"sv.contains(c); };
    std::string lowered = text::lower_ascii(hex);
    if (lowered.size() != 64 || !std::ranges::all_of(lowered, is_digit)) {
        return fail(ErrorKind::invalid,
                    fmt::format("found \"{}\", expected 64 hexadecimal digits: the SHA-256 of the "
                                "digits of the seed, as \"printf %s SEED | sha256sum\" gives it",
                                text::shown(hex, 64)));
    }
    return lowered;
}

Result<void> check_commitment(std::uint64_t seed, std::string_view hex) {
    TRY(const auto commitment, parse_commitment(hex));
    if (commitment == commitment_of(seed)) {
        return {};
    }
    const bool has_line_end = commitment == sha256_hex(std::to_string(seed) + "\n");
    return fail(ErrorKind::invalid,
                fmt::format("found {}, which is not the SHA-256 of the seed {}; {}", commitment,
                            seed,
                            has_line_end ? "it is that of the seed with a line end: publish what "
                                           "printf gives, not echo"
                                         : "give the seed that was committed to"));
}

} // namespace allot::app
