/// What hosts change about when a series meets, and what follows from it for what was written.
#pragma once

#include "collective/gatherings/series_calls.hpp"

namespace allot::gatherings {

/// One more change of a rhythm, on `today`; `of_time` where calendars have to move something
/// (RFC 5546, section 2.1.4). It never goes back, also where `today` does.
[[nodiscard]] calendar::Revision next_revision(const calendar::Revision& before,
                                               std::chrono::sys_days today, bool of_time);

/// What a series says of itself becomes `about`; calendars hear of it.
[[nodiscard]] Result<void> change_about(Transaction& transaction, const CollectiveId& collective,
                                        const Series& series, const About& about,
                                        std::chrono::sys_days today);

/// Keeps what differs in a gathering beside its time: calendars that ask hear of new words, and
/// move nothing. `plan` is as it was.
[[nodiscard]] Result<void> save_words(Transaction& transaction, const CollectiveId& collective,
                                      const Plan& plan, const Gathering& gathering,
                                      std::chrono::sys_days today);

/// Where one gathering goes: another time, another length; nothing of both puts it back.
struct Move {
    std::optional<Wall> start; ///< on the clock of its series
    std::optional<std::int64_t> minutes;
    std::string why;
};
[[nodiscard]] Result<void> move_gathering(Transaction& transaction, const CollectiveId& collective,
                                          const At& at, const Move& move,
                                          std::chrono::sys_days today);
/// Whether a gathering can begin at `start`, on the clock of its series: later than now, before its
/// series ends, and not together with another of its series. As it is, it may stay. Errors:
/// `invalid` where it cannot, for people; as `occurrences`.
[[nodiscard]] Result<void> must_fit(const At& at, Wall start, ZoneBook& zones, Instant now);
/// It does not take place, or does so after all.
[[nodiscard]] Result<void> cancel_gathering(Transaction& transaction,
                                            const CollectiveId& collective, const At& at,
                                            bool cancelled, const std::string& why,
                                            std::chrono::sys_days today);

/// From the gathering `at` on the series meets by `rhythm`, whose number, uid and revision are
/// given here. What was written about gatherings from there on goes along to those that take their
/// place, in their order; moves and cancellations of them end. Guests who planned to come are asked
/// again. Errors: `conflict` where `at` is over, where the new rhythm does not begin after what
/// stays, or where words would be left whose gathering has no successor; as `occurrences`.
[[nodiscard]] Result<void> change_rhythm(Transaction& transaction, const CollectiveId& collective,
                                         const At& at, const Rhythm& rhythm, ZoneBook& zones,
                                         Moment now, Entropy& entropy);

} // namespace allot::gatherings
