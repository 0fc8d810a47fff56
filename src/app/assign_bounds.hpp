/// Minimum loads and groups of `assign`: from what their files say to what the engine takes.
#pragma once

#include "app/assign_command.hpp"
#include "app/errors.hpp"
#include "app/files.hpp"
#include "engine/allot/verify.hpp"
#include "formats/groups.hpp"
#include "formats/pairs.hpp"

#include <functional>

namespace allot::app {

/// Who can be named in a file: everybody's number by id, and what to say of others.
struct People {
    using Find = std::function<std::optional<matching::Index>(std::string_view id)>;

    Find ask;
    Find helper;
    std::string known_asks;    ///< "an ask of demand.csv"
    std::string known_helpers; ///< "a helper of capacity.csv"
};

/// What the files of bounds hold, each sound for itself.
struct BoundTables {
    std::optional<formats::Counts> min_load; ///< where that is a CSV file
    std::vector<formats::GroupRows> groups;
};

/// Reads both files where they are given; `--min-load` as CSV only where the people have ids.
[[nodiscard]] BoundTables parse_bounds(const AssignOptions& options, const FileBytes& min_load,
                                       const FileBytes& groups, bool has_ids, Errors& errors);

/// Enters minimum loads and groups into `sides`. Errors: ids that nobody has, a minimum above its
/// capacity, groups that cross. `numbers` are the minimum loads of a file without ids.
[[nodiscard]] Result<void> add_bounds(const AssignOptions& options, const BoundTables& tables,
                                      const std::vector<matching::Count>& numbers,
                                      std::string_view min_load_bytes, const People& people,
                                      const matching::Names& names, matching::Sides& sides);

} // namespace allot::app
