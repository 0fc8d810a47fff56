/// In which zones the members of a collective are, as far as it tells of nobody where she is.
#pragma once

#include "platform/auth/directory.hpp"
#include "platform/store/store.hpp"

#include <string>
#include <vector>

namespace allot::people {

/// Zones that two members or more have, by name as bytes: what one person alone has would tell
/// others where she is.
[[nodiscard]] Result<std::vector<std::string>> shared_zones(store::Transaction& transaction,
                                                            const auth::CollectiveId& collective);

} // namespace allot::people
