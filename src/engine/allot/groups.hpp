/// Groups of asks and of helpers: whether they are laminar, and how they lie in each other.
#pragma once

#include "engine/allot/instance.hpp"

namespace allot::matching {

/// Are the groups and minimum loads of `sides` well formed? Each number is at least 0 and no least
/// above its most (a helper's places), each member exists and is named once, a group that counts
/// for each ask is one of helpers, and of two groups of one scope and side that share a member one
/// holds all of the other. Two groups that cross are named, with a member of both and one of each
/// alone: with them the best whole allotment need not be a corner of the linear program. O(members
/// log members). Errors: invalid. Aborts where `least` has another length than `places`.
[[nodiscard]] Result<void> check_groups(const Sides& sides, const Names& names = {});

/// How the groups of one scope and side lie in each other; -1 stands for none.
struct Forest {
    std::vector<Index> groups;    ///< outer ones first
    std::vector<Index> parent;    ///< of each group of the instance: the smallest one around it
    std::vector<Index> innermost; ///< of each ask or helper: the smallest group that has it
};

/// Of groups that `check_groups` accepts; of equal groups the one named first is around the other.
/// O(members log members).
[[nodiscard]] Forest forest_of(const Sides& sides, Group::Scope scope, Group::Of of);

} // namespace allot::matching
