/// Series and gatherings in the database.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

using store::Transaction;

/// Opens a series with its first host and its first rhythm, whose number, uid and revision are
/// given here, under an address that comes from its title and is free.
[[nodiscard]] Result<Series> open_series(Transaction& transaction, const CollectiveId& collective,
                                         const std::optional<CircleId>& circle, const About& about,
                                         const Rhythm& rhythm, const PersonId& host, Moment now,
                                         Entropy& entropy);
/// The same without a host, as one that comes from a starter: stewards name the first.
[[nodiscard]] Result<Series> add_series(Transaction& transaction, const CollectiveId& collective,
                                        const std::optional<CircleId>& circle, const About& about,
                                        const Rhythm& rhythm, Moment now, Entropy& entropy);
[[nodiscard]] Result<std::optional<Series>>
series_named(Transaction& transaction, const CollectiveId& collective, std::string_view slug);
[[nodiscard]] Result<std::optional<Series>>
find_series(Transaction& transaction, const CollectiveId& collective, const SeriesId& series);
/// With its rhythms and gatherings.
[[nodiscard]] Result<Plan> plan_of(Transaction& transaction, const CollectiveId& collective,
                                   const Series& series);
/// All of a collective, ended ones too, by title as bytes. Three statements, whatever their number.
[[nodiscard]] Result<std::vector<Plan>> all_plans(Transaction& transaction,
                                                  const CollectiveId& collective);

[[nodiscard]] Result<void> save_about(Transaction& transaction, const CollectiveId& collective,
                                      const SeriesId& series, const About& about);
/// A host ends it on `today`: what begins later does not take place. It stays, as its page does.
[[nodiscard]] Result<void> end_series(Transaction& transaction, const CollectiveId& collective,
                                      const SeriesId& series, std::chrono::sys_days today);
/// It runs, again or on, until that day.
[[nodiscard]] Result<void> renew_series(Transaction& transaction, const CollectiveId& collective,
                                        const SeriesId& series, std::chrono::sys_days until);
[[nodiscard]] Result<void> add_rhythm(Transaction& transaction, const CollectiveId& collective,
                                      const SeriesId& series, const Rhythm& rhythm);
/// Errors: `missing` where it has none of that number.
[[nodiscard]] Result<void> save_rhythm(Transaction& transaction, const CollectiveId& collective,
                                       const SeriesId& series, const Rhythm& rhythm);
/// Keeps all that it says.
[[nodiscard]] Result<void> save_gathering(Transaction& transaction, const CollectiveId& collective,
                                          const SeriesId& series, const Gathering& gathering);
/// A gathering as it is kept; a new one where nothing is.
[[nodiscard]] Result<Gathering> gathering_at(Transaction& transaction,
                                             const CollectiveId& collective, const SeriesId& series,
                                             Wall original);

/// Somebody who keeps a series.
struct Host {
    PersonId person;
    std::string name;
    bool rests = false; ///< altogether, as she said
};
/// By name as bytes.
[[nodiscard]] Result<std::vector<Host>>
hosts_of(Transaction& transaction, const CollectiveId& collective, const SeriesId& series);
/// The series that somebody keeps as one of their hosts.
[[nodiscard]] Result<std::vector<SeriesId>>
hosted_by(Transaction& transaction, const CollectiveId& collective, const PersonId& person);
/// Those who keep it and do not rest are fewer than two.
[[nodiscard]] bool at_risk(std::span<const Host> hosts);
[[nodiscard]] Result<void> add_host(Transaction& transaction, const CollectiveId& collective,
                                    const SeriesId& series, const PersonId& person);
/// Errors: `conflict` for the last one; `missing` where she is none.
[[nodiscard]] Result<void> drop_host(Transaction& transaction, const CollectiveId& collective,
                                     const SeriesId& series, const PersonId& person);

/// What she is in the series of that address: a host of it or of its circle is host, who belongs to
/// its circle is member; else anyone.
[[nodiscard]] Result<auth::Role> role_in_series(Transaction& transaction,
                                                const CollectiveId& collective,
                                                std::string_view slug, const PersonId& person);

/// What feeds of the collective were made from until now is stale. Each change that a feed could
/// show says so.
[[nodiscard]] Result<void> note_change(Transaction& transaction, const CollectiveId& collective);
/// The number of changes until now.
[[nodiscard]] Result<std::int64_t> changes_of(Transaction& transaction,
                                              const CollectiveId& collective);

} // namespace allot::gatherings
