/// The file of groups: `scope,side,group,member,min,max`, one row a member.
#pragma once

#include "formats/findings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::formats {

/// A group as its rows say it. Scope, side and name together are who it is.
struct GroupRows {
    struct Member {
        std::string id;
        Place place; ///< where it is written
    };

    bool each_ask = false; ///< scope: counted for each ask, or over the whole round
    bool of_asks = false;  ///< side: whose ids the members are
    std::string name;
    std::int64_t least = 0;
    std::optional<std::int64_t> most; ///< none: no limit
    std::vector<Member> members;      ///< in the order of the file, each once
};

/// Reads groups, which come back ordered by scope, side and name (bytewise), whatever the order of
/// the rows. A `min` or `max` may be written in one row of its group and left empty in the others;
/// empty in all, it is 0 or no limit. Errors, all at once: the table's own, a word that is no scope
/// or side, asks counted for each ask, an id that is empty or above limits::max_id_bytes, a member
/// twice, numbers out of range, two different ones for a group, a min above its max.
[[nodiscard]] Result<std::vector<GroupRows>> parse_groups(std::string_view bytes,
                                                          std::string file_name);

} // namespace allot::formats
