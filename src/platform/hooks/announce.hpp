/// How rooms post to hooks: `announce`, inside the transaction of what it tells of. What is written
/// goes out soon after, by a thread of the server, once for each hook that listens.
#pragma once

#include "platform/hooks/hook.hpp"
#include "platform/store/store.hpp"

#include <string_view>

namespace allot::hooks {

/// The kind of the jobs that it asks for.
inline constexpr std::string_view job_kind = "hook";

/// Writes the message for each hook of the collective `scope` that listens (`listens`) and has not
/// got what has its key. Where no hook listens nothing is written. O(hooks).
///
///     TRY_DO(hooks::announce(transaction, collective.text(),
///                            {.key = "gathering:" + id.text() + ":announced",
///                             .circle = circle.text(),
///                             .is_public = true,
///                             .title = "Moths by lamplight",
///                             .text = "Thursday 14 January 2027, 18:00 in London.",
///                             .links = {{"Plan to come", address}},
///                             .good_until = begins},
///                            call.now(), call.house.entropy));
///
/// Titles and texts are cut at their limits; links beyond `most_links` are left out.
[[nodiscard]] Result<void> announce(store::Transaction& transaction, std::string_view scope,
                                    const Message& message, Moment now, Entropy& entropy);

/// Writes a message for this hook alone, which goes out also while it is paused, and is tried once.
[[nodiscard]] Result<void> announce_test(store::Transaction& transaction, std::string_view scope,
                                         const HookId& hook, const Message& message, Moment now,
                                         Entropy& entropy);

} // namespace allot::hooks
