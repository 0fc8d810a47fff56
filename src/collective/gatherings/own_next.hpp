/// The next gathering that one person counts on, for the page of her day.
#pragma once

#include "collective/gatherings/series_calls.hpp"

#include <optional>
#include <string>
#include <vector>

namespace allot::gatherings {

struct NextTurn {
    std::string kind;
};
BOOST_DESCRIBE_STRUCT(NextTurn, (), (kind))

struct OwnNext {
    std::string path;
    std::string title;
    Times times;
    std::vector<NextTurn> turns; ///< that are hers; none where she only plans to come
};
BOOST_DESCRIBE_STRUCT(OwnNext, (), (path, title, times, turns))

/// The first that has not ended, takes place, and in which the viewer has a turn or to which she
/// plans to come, as long as she may see it. A series of whose zone this machine knows nothing is
/// passed over. Errors: the database. O(her turns and plans).
[[nodiscard]] Result<std::optional<OwnNext>> own_next(Transaction& transaction,
                                                      const pages::Call& call);

} // namespace allot::gatherings
