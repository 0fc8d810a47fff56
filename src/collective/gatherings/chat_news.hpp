/// What hooks of the collective hear of a series: messages in chats, with links to press.
#pragma once

#include "collective/gatherings/announcement.hpp"

namespace allot::gatherings {

/// A listener of announcements. Times are those of the series, words are English, and no person is
/// named: a message leaves this server, and nobody can take it back.
[[nodiscard]] Result<void> post_to_hooks(Transaction& transaction, const Teller& teller,
                                         const Announcement& news);

} // namespace allot::gatherings
