/// Explains and checks a round from the files that it left behind.
#pragma once

#include "engine/allot/verify.hpp"
#include "round/record.hpp"

namespace allot::round {

/// Why `ask` is paired as it is, or with whom it is not; with `offer`, about these two. In full
/// sentences, one a line. Errors: an id that is not in the round.
[[nodiscard]] Result<std::string> why(const Record& record, const std::string& ask,
                                      const std::optional<std::string>& offer);

/// Recomputes objective, prices and bound from the tables; what round.json claims must agree.
[[nodiscard]] matching::Verdict verify(const Record& record);

} // namespace allot::round
