/// Checks an allotment of a fair objective without trusting whoever made it. Shares no code with
/// the solvers, and needs no levels.
#pragma once

#include "engine/allot/objective.hpp"
#include "engine/allot/verify.hpp"

#include <limits>

namespace allot::matching {

/// Do `pairs` respect the instance, minimum loads included, and is no other allotment better by
/// `objective`? `instance` lists every allowed pair once. Where a demand is above 1 only this is
/// looked at: the limits, the floor, and that as many places as possible are filled, the longest
/// waiting first.
///
/// Works in the graph of all exchanges: an ask moves along an allowed pair, a helper gains or loses
/// an ask within its bounds. An allotment is optimal when no circle of exchanges is worth anything
/// (Bellman 1958 finds one, or potentials that rule it out). For leximin that is repeated, level by
/// level, on what is tight: what every allotment keeps that is as good so far. After the levels of
/// the `covered` worst off, all others need have the largest sum only; see `Fairness::covered`.
/// `verdict.objective` is that of the pairs; `bound` equals it when the verdict holds and is
/// otherwise zero; `prices` stays empty. O(levels * pairs) typically.
[[nodiscard]] Verdict verify_fair(std::span<const Pair> instance, const Sides& sides,
                                  const Objective& objective, std::span<const Pair> pairs,
                                  const Names& names = {},
                                  std::int64_t covered = std::numeric_limits<std::int64_t>::max());

} // namespace allot::matching
