/// The folder that `allotment round` wrote, as `why` and `verify` read it.
#pragma once

#include "round/record.hpp"

namespace allot::app {

/// Reads instance.csv, sides.csv and pairings.csv of a folder; round.json, groups.csv and
/// marginals.csv if they are there.
/// Errors: a file that is missing or cannot be understood.
[[nodiscard]] Result<round::Record> read_round_folder(const std::string& folder);

} // namespace allot::app
