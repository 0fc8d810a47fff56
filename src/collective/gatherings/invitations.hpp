/// Invitations for calendars (RFC 6047): to subscribers who want them, and to the group's own
/// calendar. Each is told what changed since it was last told, whoever changed it.
#pragma once

#include "collective/gatherings/subscribers.hpp"
#include "collective/gatherings/teller.hpp"

#include <optional>
#include <string>
#include <vector>

namespace allot::gatherings {

/// An address whose calendar is invited.
struct Invitee {
    std::string hash;
    std::string mail;
    std::string language;
    std::string zone;
    bool belongs = false; ///< is shown the link to join where only members are
    bool asks = true;     ///< for an answer
};

/// Subscribers who want it and may see the series, and its calendar. None where no mail server is
/// named: nobody could answer.
[[nodiscard]] Result<std::vector<Invitee>> invitees(Transaction& transaction, const Teller& teller,
                                                    const Series& series);

/// Writes what a calendar does not know yet: each rhythm that still has dates as one REQUEST, again
/// where it changed (its sequence rose), and a CANCEL once the series is over. Whether it wrote
/// any. Errors as `occurrences`.
[[nodiscard]] Result<bool> invite(Transaction& transaction, const Teller& teller, const Plan& plan,
                                  ZoneBook& zones, const Invitee& whom);

/// The part of a mail that tells a calendar of one gathering. It then knows the rhythm as it is.
/// Nothing where it does not know the series yet: `invite` tells all of it.
[[nodiscard]] Result<std::optional<mail::CalendarPart>>
part_about(Transaction& transaction, const Teller& teller, const Plan& plan, ZoneBook& zones,
           const Invitee& whom, const Occurrence& one);

} // namespace allot::gatherings
