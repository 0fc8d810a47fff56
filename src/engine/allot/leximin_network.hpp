/// The fairest b-matching of a round with groups and minimum loads, for one place an ask.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

/// The lexicographically largest ascending vector of scores (Rule::leximin) where every demand is 0
/// or 1, under all bounds of `allot_in_network`; with Service::partial over the asks of a maximum
/// served set, the longest waiting first. Where there is no allotment, `shortages` says why.
///
/// Vectors of one length are compared by how many have the smallest score, then the next: one flow
/// a level makes as few pairs as possible of exactly that score. Arcs with a reduced cost other
/// than 0 then stay as they are, which are just the flows with that optimum (complementary
/// slackness), and the next level begins. Every pair is an arc and every score a level until
/// nothing is left to change: general and slow. For instances with groups, and to compare other
/// ways with.
///
/// `certificate` holds the sum, which all such allotments share, and no bound; `fairness` the
/// smallest score, without levels, and not proved by other code. No prices.
/// Errors: invalid (a demand above 1; see `check_groups`, sums that do not fit), interrupted.
[[nodiscard]] Result<Allotment> leximin_in_network(const ScoreRows& rows, const Sides& sides,
                                                   const Options& options = {});

} // namespace allot::matching
