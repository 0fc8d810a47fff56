/// The words of the options that say what is fair: objectives, chances, commitments to a seed.
#pragma once

#include "engine/allot/lottery.hpp"
#include "engine/allot/objective.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace allot::app {

/// `sum`, `leximin`, `maxmin`, or `floor:X` with X a score from 0 to limits::max_score, which
/// counts in millionths. Errors: invalid.
[[nodiscard]] Result<matching::Objective> parse_objective(std::string_view text);

/// `1/3`, `0.5` or `1`: a fraction or a decimal above 0 and at most 1, reduced. Errors: invalid,
/// also for a denominator that stays above matching::most_denominator.
[[nodiscard]] Result<matching::Chance> parse_chance(std::string_view text);

/// What can be published before a seed is: the SHA-256 of its decimal digits, as 64 lower-case
/// hexadecimal digits.
[[nodiscard]] std::string commitment_of(std::uint64_t seed);

/// `hex` (in any case) in lower case. Errors: invalid, where it is not 64 hexadecimal digits.
[[nodiscard]] Result<std::string> parse_commitment(std::string_view hex);

/// Is `hex` the commitment of this seed? Errors: those of `parse_commitment`, and invalid where it
/// is another's, without the right one: that would only be pasted.
[[nodiscard]] Result<void> check_commitment(std::uint64_t seed, std::string_view hex);

} // namespace allot::app
