/// What a series tells: once, to all who listen. A listener is one more way to reach people, such
/// as mail to those with a turn, to subscribers, or messages to chats.
#pragma once

#include "collective/gatherings/teller.hpp"
#include "collective/gatherings/turn_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

enum class Occasion : std::uint8_t {
    begun,     ///< a new series
    changed,   ///< gatherings begin or end at another time, or take place after all
    cancelled, ///< gatherings do not take place
    lighter,   ///< a gathering becomes lighter, or is as planned after all (`Change::lighter`)
    soon,      ///< a gathering begins within a day
    notes,     ///< something was written about a gathering
    elsewhere, ///< the place of a series or its link is another one
};

/// One gathering, as people knew it and as it is.
struct Change {
    std::optional<Told> before; ///< nothing where nobody was told anything
    Told now;
    std::string title;
    std::string zone; ///< of its series
    std::string why;  ///< said with a move or a cancellation
    bool lighter = false;
};

/// A gathering as it is, where nobody has to be told what it was.
[[nodiscard]] Change change_of(const Series& series, const Occurrence& occurrence);

struct Announcement {
    Occasion news = Occasion::changed;
    const Series* series = nullptr; ///< never null; outlives it
    /// By original; of `begun` the first gatherings, of `elsewhere` those ahead.
    std::vector<Change> changes;
};

/// Tells all listeners, within the transaction of what it tells of. Errors: the first of a
/// listener; then nothing was told.
[[nodiscard]] Result<void> announce(Transaction& transaction, const Teller& teller,
                                    const Announcement& announcement);

/// That a series has begun: its first gathering, where there is one ahead. Errors as `announce`.
[[nodiscard]] Result<void> announce_begun(Transaction& transaction, const Teller& teller,
                                          const Series& series);

/// That a series meets elsewhere from now on, where it has gatherings ahead. Errors as `announce`.
[[nodiscard]] Result<void> announce_elsewhere(Transaction& transaction, const Teller& teller,
                                              const Series& series);

/// The people with an account whom a gathering concerns and who may see its series: who has a turn
/// of it or stands by, and who plans to come. Each once, in the order of ids; nobody else is given
/// these.
[[nodiscard]] Result<std::vector<PersonId>> audience_of(Transaction& transaction,
                                                        const CollectiveId& collective,
                                                        const Series& series, Wall original);

/// Those of them whom a change or a cancellation is told by a mail of its own. The others get it
/// with what their calendar is told, as subscribers.
[[nodiscard]] Result<std::vector<PersonId>> told_themselves(Transaction& transaction,
                                                            const Teller& teller,
                                                            const Announcement& news,
                                                            const Change& change);

/// A mail to one person, in her language and on her clock.
struct PersonalMail {
    mail::Kind kind = mail::Kind::change;
    std::string_view
        subject; ///< keys of the catalogue, filled with {title}, {time}, {address}, ...
    std::string_view body;
    std::string title; ///< of the gathering
    Instant begin;
    std::string address; ///< where it leads
    std::string turn;    ///< the name of a turn: {turn} is its words; empty: none
    std::string more;    ///< {more}: lines that are said already
    std::optional<Moment> good_until = std::nullopt;
};
/// Nobody is written to who was erased or has no address. Where her zone is unknown here, the time
/// is that of `zone`.
[[nodiscard]] Result<void> write_to(Transaction& transaction, const Teller& teller,
                                    const PersonId& person, const PersonalMail& mail,
                                    std::string_view zone);

/// One gathering of an announcement in words, on a clock: "Journal club: Friday 15 January at
/// 18:00, instead of Thursday 14 January at 17:00."
[[nodiscard]] std::string say_change(const Teller& teller, const pages::Catalogue& words,
                                     std::string_view zone, Occasion news, const Change& change);

/// On a clock, in words: "Thursday 14 January at 18:00". UTC where the zone is unknown here.
[[nodiscard]] std::string say_moment(const Teller& teller, const pages::Catalogue& words,
                                     std::string_view zone, Instant at);

} // namespace allot::gatherings
