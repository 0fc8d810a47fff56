/// One letter for each ask, and one for each offer that was paired; free helpers get none.
#pragma once

#include "round/round.hpp"

namespace allot::round {

/// Plain texts by file name (`ask-ID.txt`, `offer-ID.txt`; unusual bytes of an id as %XX). Each
/// says that a program wrote it. A letter to an unserved ask holds facts of this ask only.
[[nodiscard]] std::map<std::string, std::string> letters_of(const Round& round);

} // namespace allot::round
