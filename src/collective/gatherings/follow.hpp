/// A series that follows a calendar elsewhere: its times come from there; notes and thread are
/// ours.
#pragma once

#include "collective/gatherings/series_change.hpp"
#include "platform/pages/call.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// How often each calendar is looked at.
inline constexpr std::chrono::minutes follow_every{30};

struct Followed {
    std::string url;
    std::string which;      ///< its UID or its title there; empty: the only meeting of the calendar
    std::string bytes_hash; ///< of what was taken last
    std::string etag;
    std::string trouble; ///< a key of the catalogue; empty: none
    std::chrono::sys_days looked;
};

[[nodiscard]] Result<std::optional<Followed>>
followed_by(Transaction& transaction, const CollectiveId& collective, const SeriesId& series);
/// From now on; what was followed before is not.
[[nodiscard]] Result<void> follow(Transaction& transaction, const CollectiveId& collective,
                                  const SeriesId& series, std::string_view url,
                                  std::string_view which, std::chrono::sys_days today);
/// What came from there stays, and is ours.
[[nodiscard]] Result<void> unfollow(Transaction& transaction, const CollectiveId& collective,
                                    const SeriesId& series);
/// For what changes times by hand. Errors: `conflict` where they come from elsewhere.
[[nodiscard]] Result<void> must_have_own_times(Transaction& transaction,
                                               const CollectiveId& collective,
                                               const SeriesId& series);

/// What came when a calendar was asked for.
struct FetchedCalendar {
    bool same = false; ///< it is as it was
    std::string text;
    std::string etag;
    std::string_view trouble; ///< a key of the catalogue; empty: it came, or is the same
};

/// Asks for calendars. For one thread.
class CalendarFetcher {
  public:
    CalendarFetcher() = default;
    CalendarFetcher(const CalendarFetcher&) = delete;
    CalendarFetcher& operator=(const CalendarFetcher&) = delete;
    virtual ~CalendarFetcher() = default;
    [[nodiscard]] virtual FetchedCalendar fetch(const std::string& url,
                                                const std::string& etag) = 0;
};

/// Makes a series meet as the calendar says from `now` on. What has been stays as it is; what was
/// written about gatherings ahead goes along with them (`change_rhythm`). Returns the trouble, as a
/// key of the catalogue; empty where it was taken. Errors: the database.
[[nodiscard]] Result<std::string_view> take_calendar(Transaction& transaction,
                                                     const pages::House& house,
                                                     const auth::Collective& collective,
                                                     const Series& series, std::string_view text,
                                                     std::string_view which);

/// Looks at each calendar that a running series of any collective follows. Trouble with one is kept
/// for its hosts and stops no other. `pulse` is called before each. Errors: the database; those of
/// `pulse`.
[[nodiscard]] Result<void> look_at_followed(const pages::House& house, CalendarFetcher& fetcher,
                                            const std::function<Result<void>()>& pulse);

} // namespace allot::gatherings
