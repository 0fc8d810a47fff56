/// Who gets mail about a series, with or without an account. Nobody is shown an address or how many
/// there are, hosts neither.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

using store::Transaction;

struct Subscriber {
    std::string hash; ///< `auth::hash_of` of the address
    std::string mail;
    std::string language;
    std::string zone;
    bool confirmed = false; ///< the address itself has said yes
    bool invited = false;   ///< wants invitations for a calendar
};

/// So long an address may take to say yes; then it is forgotten.
inline constexpr std::chrono::days asked_for{3};
/// So long after a series has lapsed its list is kept, as it may go on.
inline constexpr std::chrono::days list_kept{90};

/// Keeps that this address was typed, until it says yes. One that has said yes stays as it is.
[[nodiscard]] Result<void> ask_subscriber(Transaction& transaction, const CollectiveId& collective,
                                          const SeriesId& series, const Subscriber& who,
                                          std::chrono::sys_days today);
/// What an address wants to have, as it was typed beside it.
struct Wish {
    std::string zone;
    bool invited = false;
};
/// The address has said yes to this, whatever it had before. Errors: `missing` where nobody asked,
/// or too long ago.
[[nodiscard]] Result<Subscriber> confirm_subscriber(Transaction& transaction,
                                                    const CollectiveId& collective,
                                                    const SeriesId& series, std::string_view hash,
                                                    const Wish& wish);
/// Also where it has not said yes yet.
[[nodiscard]] Result<std::optional<Subscriber>> asked_subscriber(Transaction& transaction,
                                                                 const CollectiveId& collective,
                                                                 const SeriesId& series,
                                                                 std::string_view hash);
/// An address that needs no question: of somebody who is signed in with it.
[[nodiscard]] Result<void> put_subscriber(Transaction& transaction, const CollectiveId& collective,
                                          const SeriesId& series, const Subscriber& who,
                                          std::chrono::sys_days today);
/// Its invitations are forgotten, too.
[[nodiscard]] Result<void> drop_subscriber(Transaction& transaction, const CollectiveId& collective,
                                           const SeriesId& series, std::string_view hash);

/// Nothing where it is none, or has ended it by a mail (`mail::end_topic`).
[[nodiscard]] Result<std::optional<Subscriber>> subscriber_of(Transaction& transaction,
                                                              const CollectiveId& collective,
                                                              const SeriesId& series,
                                                              std::string_view hash);
/// Those who have said yes and have not ended it, in the order of hashes.
[[nodiscard]] Result<std::vector<Subscriber>>
subscribers_of(Transaction& transaction, const CollectiveId& collective, const SeriesId& series);
/// The series about which an address gets mail.
[[nodiscard]] Result<std::vector<SeriesId>>
subscribed_by(Transaction& transaction, const CollectiveId& collective, std::string_view hash);
/// Forgets an address in all series, as when a person is erased.
[[nodiscard]] Result<void> forget_subscriber(Transaction& transaction,
                                             const CollectiveId& collective, std::string_view hash);
/// Drops addresses that ended it by a mail, those that never said yes, lists of series that lapsed
/// long ago, and what calendars answered about gatherings that are over.
[[nodiscard]] Result<void> tidy_subscribers(Transaction& transaction,
                                            const CollectiveId& collective,
                                            std::chrono::sys_days today);

/// What the calendar of an address was last told about a rhythm.
struct Invited {
    std::int64_t sequence = 0; ///< of anything
    bool cancelled = false;
    std::int64_t whole = 0; ///< of the whole rhythm
};
[[nodiscard]] Result<std::optional<Invited>>
find_invited(Transaction& transaction, const CollectiveId& collective, const SeriesId& series,
             std::string_view hash, std::int64_t rhythm);
[[nodiscard]] Result<void> save_invited(Transaction& transaction, const CollectiveId& collective,
                                        const SeriesId& series, std::string_view hash,
                                        std::int64_t rhythm, const Invited& invited);

/// One gathering, and the calendar of one address.
struct InvitedOne {
    std::string hash;
    std::int64_t rhythm = 0;
    Wall original;
};
/// What went back and forth about it alone.
struct Exchanged {
    std::int64_t sequence = 0;           ///< of what it was sent
    std::int64_t answered_sequence = -1; ///< of the answer that counts; -1: none came
    Instant answered;                    ///< its DTSTAMP
};
/// As it was kept; nothing was exchanged where nothing is kept.
[[nodiscard]] Result<Exchanged> exchanged_about(Transaction& transaction,
                                                const CollectiveId& collective,
                                                const SeriesId& series, const InvitedOne& one);
[[nodiscard]] Result<void> save_exchanged(Transaction& transaction, const CollectiveId& collective,
                                          const SeriesId& series, const InvitedOne& one,
                                          const Exchanged& exchanged);
/// Who has that address answered on a page at `now`: what her calendar has written before, and is
/// still on its way, counts no longer.
[[nodiscard]] Result<void> answered_on_page(Transaction& transaction,
                                            const CollectiveId& collective, const SeriesId& series,
                                            const InvitedOne& one, Instant now);

} // namespace allot::gatherings
