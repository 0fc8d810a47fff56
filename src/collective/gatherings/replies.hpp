/// Answers to our mail, as `allotment mail-in` reads them: to an invitation, to mail about a
/// gathering, to a letter from hosts.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "platform/mail/inbound.hpp"
#include "platform/pages/call.hpp"

#include <cstdint>

namespace allot::gatherings {

enum class Taken : std::uint8_t {
    done,
    dropped,       ///< nobody hears of it: forged, too old, or nothing that was asked
    no_words,      ///< its writer is told that nothing could be read
    not_wanted,    ///< its writer is told that this gathering takes no words
    no_room,       ///< its writer is told that there are too many, of hers today or of all
    calendar_only, ///< its writer is told that calendars alone answer there
};

/// Does what the answer asks for. Only the address that a mail was sent to may answer it, to the
/// address with the tag that was made for it; anything else is dropped.
/// - To an invitation: whether she comes, for one gathering or for those of the next five weeks,
///   seen by herself alone. An answer to an older SEQUENCE than her calendar was sent is dropped.
///   Of several answers the one of the highest SEQUENCE counts, then of the latest DTSTAMP, for
///   each gathering by itself (RFC 5546, 2.1.5); without a DTSTAMP, as if it was written when it
///   came. A SEQUENCE above what her calendar was sent counts as that, a DTSTAMP ahead as now.
/// - To mail about a gathering: its words go into the thread; those of guests are looked at first
///   where the hosts wish so.
/// - To an answer of hosts: a new letter to them.
/// Words of a mail that is delivered again, within 14 days, are `done` and stand there once.
/// Errors: the database.
[[nodiscard]] Result<Taken> take_reply(Transaction& transaction, const pages::Zones& zones,
                                       const mail::Reply& reply, Moment now, Entropy& entropy);

} // namespace allot::gatherings
