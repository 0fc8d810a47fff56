/// The work of this room that comes again and again: invitations, weekly letters, and what is to be
/// forgotten.
#pragma once

#include "platform/pages/call.hpp"

#include <span>

namespace allot::gatherings {

/// How often it is due.
inline constexpr std::chrono::minutes mail_work_every{10};

/// Does what is due in all collectives. Any number of processes may do it at the same time: each
/// piece is done once. Errors: the database; a zone that this machine does not know is passed over.
[[nodiscard]] Result<void> do_mail_work(const pages::House& house,
                                        std::span<const pages::Catalogue> words,
                                        const std::string& origin);

} // namespace allot::gatherings
