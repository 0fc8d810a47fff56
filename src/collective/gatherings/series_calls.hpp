/// What the routes of gatherings share: the series and the gathering of the path, who may see them,
/// and times as their reader has them.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "platform/pages/call.hpp"

#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

namespace allot::gatherings {

/// The cookie in which a browser keeps the zone that its reader chose without an account.
inline constexpr std::string_view zone_cookie = "__Host-zone";

/// A whole set-cookie value that keeps it there for a year.
[[nodiscard]] std::string cookie_of_zone(std::string_view zone);

/// Whether the viewer keeps the series of the path: a host of it or of its circle, or a steward.
[[nodiscard]] bool keeps(const pages::Call& call);
/// Whether the viewer belongs here: a member of the collective, or whoever keeps the series.
[[nodiscard]] bool belongs(const pages::Call& call);

/// "/c/lab/series/journal-club" + `rest`.
[[nodiscard]] std::string path_of(const pages::Call& call, const Series& series,
                                  std::string_view rest = {});
/// "/c/lab/series/journal-club/20270114T170000" + `rest`.
[[nodiscard]] std::string path_of(const pages::Call& call, const Series& series, Wall original,
                                  std::string_view rest = {});

/// Whether somebody of that role in the collective and in the series may see all of a series.
[[nodiscard]] bool sees_series(const Series& series, auth::Role role, auth::Role in_series);
/// The same for a person outside of a request: her role in the series is looked up.
[[nodiscard]] Result<bool> sees_series(Transaction& transaction, const CollectiveId& collective,
                                       const Series& series, const PersonId& person,
                                       auth::Role role);
/// Whether the viewer may see all of a series, who stands to it as `in_series` says.
[[nodiscard]] bool sees_series(const pages::Call& call, const Series& series, auth::Role in_series);
/// Whether the viewer may see a series, who stands to it as `in_series` says (`call.in_circle` on
/// its own pages), or whom a link has let in.
[[nodiscard]] bool may_see(const pages::Call& call, const Series& series, auth::Role in_series);

/// The series of the path. Errors: `missing` where there is none, or none for this viewer.
[[nodiscard]] Result<Series> series_of(Transaction& transaction, const pages::Call& call);
/// For commands. Errors: also `conflict` where it is over.
[[nodiscard]] Result<Series> running_series_of(Transaction& transaction, const pages::Call& call);

/// A series with one gathering of it. Made in place: the occurrence points into the plan.
struct At {
    Plan plan;
    Occurrence occurrence;
    At() = default;
    At(const At&) = delete;
    At& operator=(const At&) = delete;
    At(At&&) noexcept = default; ///< vectors keep their places when they move
    At& operator=(At&&) noexcept = default;
};
/// The gathering of the path. Errors: `missing` where the series does not meet then; as
/// `series_of`.
[[nodiscard]] Result<At> gathering_of(Transaction& transaction, const pages::Call& call,
                                      ZoneBook& zones);

/// A line of the audit log about the viewer.
[[nodiscard]] Result<void> note(Transaction& transaction, const pages::Call& call,
                                std::string_view what);

/// The zone of the reader: of her account, or what her browser keeps; empty where nobody knows.
[[nodiscard]] std::string zone_of_reader(const pages::Call& call);
/// Today where the reader is, else in UTC.
[[nodiscard]] std::chrono::sys_days today_of(const pages::Call& call);

/// When a gathering is, for its reader. Wall times as `say_time` takes them: "2027-01-14T17:00".
struct Times {
    std::string utc; ///< "2027-01-14T17:00:00Z", for scripts
    std::string utc_end;
    std::string own; ///< on the reader's clock; empty where her zone is unknown
    std::string own_end;
    std::string own_zone; ///< "Lagos"
    std::string there;    ///< on the clock of the series
    std::string there_end;
    std::string there_zone; ///< "London"
    bool same = false;      ///< both clocks show the same
    /// Where the clock that is shown first changes meanwhile, such as at the end of an hour that
    /// comes twice: how far it is from UTC before, "UTC+1", and after. Else empty.
    std::string offset;
    std::string offset_end;
};
BOOST_DESCRIBE_STRUCT(Times, (),
                      (utc, utc_end, own, own_end, own_zone, there, there_end, there_zone, same,
                       offset, offset_end))

/// Errors: a zone that this machine does not know.
[[nodiscard]] Result<Times> times_of(const Occurrence& occurrence, ZoneBook& zones,
                                     std::string_view reader_zone);

/// "2027-01-14T17:00".
[[nodiscard]] std::string wall_text(Wall wall);
/// "Sao Paulo" for "America/Sao_Paulo".
[[nodiscard]] std::string city_of(std::string_view zone);

} // namespace allot::gatherings
