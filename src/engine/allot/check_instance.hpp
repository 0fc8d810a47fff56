/// What every way to allot asks of its caller. Internal to `engine/allot`.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

/// As `check_sides`, and aborts where `rows` have another shape, or the order is no permutation of
/// the asks. O(asks log asks + helpers).
void check_instance(const ScoreRows& rows, const Sides& sides, const Options& options);

} // namespace allot::matching
