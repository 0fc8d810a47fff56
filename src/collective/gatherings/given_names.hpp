/// Names of gatherings as they were given out in mails, calendars and chats. A change "from here
/// on" names what lies ahead anew, in its order; a name from before leads to what took its place.
///
/// The rows are kept as they are now: each change takes the ends of all earlier ones along with
/// what was written (`change_rhythm`). So one look-up follows any number of changes, and cannot go
/// round in a circle.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/store/store.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace allot::gatherings {

using store::Transaction;

/// The oldest changes of a series are forgotten beyond so many.
inline constexpr std::int64_t most_changes_followed = 100;

/// How many changes have taken names away so far: a link that says so is followed exactly, also
/// where its name has come to mean another gathering since.
[[nodiscard]] Result<std::int64_t>
changes_so_far(Transaction& transaction, const CollectiveId& collective, const SeriesId& series);

/// A name as it was given out after that many changes.
struct GivenName {
    Wall original;
    std::int64_t change = 0;
};
/// What it is called now: itself where no change took the name away since; nothing where nothing
/// took its place. Whether the series meets then is not asked.
[[nodiscard]] Result<std::optional<Wall>> name_now(Transaction& transaction,
                                                   const CollectiveId& collective,
                                                   const SeriesId& series, const GivenName& given);

/// One gathering that a change gives another name, or none.
struct Renamed {
    Wall original;
    std::optional<Wall> became;
};
/// The last that was called so before a change, for names in addresses, which say no more. Nothing
/// where no change took that name away. Of a name that is a gathering's again it is the other one.
[[nodiscard]] Result<std::optional<Renamed>> last_called(Transaction& transaction,
                                                         const CollectiveId& collective,
                                                         const SeriesId& series, Wall original);

/// Keeps what a change does to names. Those that stay need not be told. After the rows of earlier
/// changes were taken along.
[[nodiscard]] Result<void> note_renamed(Transaction& transaction, const CollectiveId& collective,
                                        const SeriesId& series, std::span<const Renamed> names);

} // namespace allot::gatherings
