/// Rows from one store into another, whichever engines they are.
#pragma once

#include "platform/auth/viewer.hpp"
#include "platform/store/store.hpp"

#include <string>

namespace allot::app::keeping {

/// Errors (`invalid`): somebody has begun here already; a database is meant that nobody uses.
[[nodiscard]] Result<void> check_empty(store::Store& store);

/// Everything into an empty store, in one transaction, compared at its end. O(rows).
[[nodiscard]] Result<void> copy_everything(store::Store& from, store::Store& to);

/// One collective, and what it is to be elsewhere.
struct CollectiveCopy {
    auth::CollectiveId from;
    auth::CollectiveId to;
    std::string slug;
};

/// The rows of a collective that may leave a server, into the open transaction of another. Errors
/// (`conflict`): its slug or its id is there. O(rows).
[[nodiscard]] Result<void> copy_collective(store::Store& from, store::Transaction& to,
                                           const CollectiveCopy& copy);

/// Everything into another store, some rows in each transaction; ended at any time, it goes on
/// where it was when it is called again, and called after its end it compares only. At the end
/// counts and checksums of both are compared. Nobody else has either of them open. `told` hears of
/// rows. Errors: the target is not empty and no half of this move; the source has changed since it
/// began; `told`. O(rows).
[[nodiscard]] Result<std::int64_t> move_everything(store::Store& from, store::Store& to, Moment now,
                                                   const store::Progress& told);

} // namespace allot::app::keeping
