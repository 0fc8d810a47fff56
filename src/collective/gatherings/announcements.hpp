/// What those who get mail about a series are told, each in her language and on her clock.
#pragma once

#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/teller.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace allot::gatherings {

enum class NewsKind : std::uint8_t {
    moved,     ///< a gathering begins at another time
    cancelled, ///< a gathering does not take place
    restored,  ///< it takes place after all
    notes,     ///< what came of a gathering was written down
    rhythm,    ///< the series meets at other times from some day on
    ended,     ///< the series has ended
    elsewhere, ///< its place or its link is another one
};

struct SeriesNews {
    NewsKind kind = NewsKind::moved;
    /// Of the gathering, for `elsewhere` the next one; nothing for `rhythm` and `ended`.
    std::optional<Wall> original;
    std::optional<Instant> was; ///< when people thought that it begins
};

/// Writes a mail to each subscriber who still may see the series; those who want invitations get
/// what changes in their calendar with it, and so does the group's calendar. What begins before a
/// reader's next morning reaches her at night, too (`late_cancellation`). `plan` is as it is after
/// the change. It may be called twice for what is the same: whoever calls keeps track of that.
/// `knows`: hashes of addresses that heard it in another mail; their calendars still do. Errors as
/// `occurrences`; `missing` where the series does not have that gathering.
[[nodiscard]] Result<void> tell_subscribers(Transaction& transaction, const Teller& teller,
                                            const Plan& plan, ZoneBook& zones,
                                            const SeriesNews& news,
                                            std::span<const std::string> knows = {});

/// The listener that brings announcements of a series to those who get mail about it: each
/// gathering by itself, those whose times come from new times of the series as one, all of a series
/// that is over as its end, another place as one.
[[nodiscard]] Result<void> tell_by_mail(Transaction& transaction, const Teller& teller,
                                        const Announcement& announcement);

} // namespace allot::gatherings
