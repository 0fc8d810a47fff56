/// What the room keeps about one person, and how it goes.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "platform/pages/call.hpp"

namespace allot::gatherings {

/// `Room::known`.
[[nodiscard]] Result<pages::View>
known_view(Transaction& transaction, const CollectiveId& collective, const PersonId& person);
/// `Room::erase`. What she wrote in threads goes, as do her turns and plans. A series may then have
/// no host: stewards and hosts of its circle keep it.
[[nodiscard]] Result<void> erase_person(Transaction& transaction, const pages::House& house,
                                        const CollectiveId& collective, const PersonId& person);

} // namespace allot::gatherings
