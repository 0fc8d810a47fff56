/// `allotment move`: everything of a server from one database to another.
#pragma once

#include "app/exit_code.hpp"
#include "base/world.hpp"

#include <string>

namespace allot::app {

struct MoveOptions {
    std::string from; ///< "sqlite:FILE" or "postgres://..."
    std::string to;   ///< an empty one, or half of this move
};

/// The server is stopped meanwhile. Ended at any time, it goes on when it is run again. Errors: see
/// `keeping::move_everything`; `conflict` while somebody has either database open.
[[nodiscard]] Result<Outcome> run_move(const MoveOptions& options, const Clock& clock);

} // namespace allot::app
