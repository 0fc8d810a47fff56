/// Hosts are told by mail that words of guests wait in threads of their series, without being
/// pressed.
#pragma once

#include "collective/gatherings/teller.hpp"

#include <vector>

namespace allot::gatherings {

/// Hosts who do not rest and were not told today, with threads in which all that waits is new to
/// them, by id. As long as something waits of which a host was told, she is not told of that thread
/// again.
[[nodiscard]] Result<std::vector<PersonId>> hosts_to_tell(Transaction& transaction,
                                                          const Teller& teller);

/// Writes one mail about all those threads to her, and keeps that it was. Nothing is written where
/// there is nothing new by now, nor to one who wants no reminders. Errors: the database.
[[nodiscard]] Result<void> tell_of_waiting(Transaction& transaction, const Teller& teller,
                                           const PersonId& host);

/// What was told before today of words that do not wait any more.
[[nodiscard]] Result<void> forget_waiting(Transaction& transaction, const CollectiveId& collective,
                                          std::chrono::sys_days today);

} // namespace allot::gatherings
