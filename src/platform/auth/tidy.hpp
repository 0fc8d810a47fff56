/// Drops what is over: links, sessions, counts of tries, keys of commands.
#pragma once

#include "platform/store/store.hpp"

namespace allot::auth {

/// Run it now and then, beside everything else: range deletes inside of commands would make
/// commands of different people conflict.
[[nodiscard]] Result<void> drop_what_is_over(store::Store& store, Moment now);

} // namespace allot::auth
