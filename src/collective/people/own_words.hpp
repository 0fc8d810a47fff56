/// What the room of people keeps about one person, and how that goes.
#pragma once

#include "collective/people/person.hpp"
#include "platform/pages/call.hpp"

namespace allot::people {

/// All of it. Errors: `missing` for nobody.
[[nodiscard]] Result<pages::View>
known_view(store::Transaction& transaction, const CollectiveId& collective, const PersonId& person);

/// Errors: `conflict` for the last steward of a collective with others in it.
[[nodiscard]] Result<void> erase_own(store::Transaction& transaction, const pages::House& house,
                                     const CollectiveId& collective, const PersonId& person);

} // namespace allot::people
