/// A series of gatherings: what it is, when it meets, and the rules about both. Time on the wall
/// and its zone are the truth; moments are derived. A gathering is named by its series and its
/// original local start, whatever becomes of it.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "collective/circles/circle.hpp"
#include "engine/calendar/feed.hpp"
#include "engine/calendar/series.hpp"
#include "engine/calendar/zone.hpp"
#include "platform/auth/viewer.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

/// How far the list of events looks ahead, and what speaks of all that it shows.
inline constexpr std::chrono::days events_ahead{35};

using auth::CircleId;
using auth::CollectiveId;
using auth::PersonId;
using SeriesId = Id<struct SeriesTag>;
using AdditionId = Id<struct AdditionTag>;
using PictureId = Id<struct PictureTag>;
using Wall =
    std::chrono::local_seconds; ///< what a clock on the wall shows, in a zone said elsewhere

/// Names of enumerators as the store, forms and the API write them; the order is that of the type.
inline constexpr std::array<std::string_view, 3> audience_names = {"public", "members", "circle"};
inline constexpr std::array<std::string_view, 2> link_for_names = {"all", "members"};
inline constexpr std::array<std::string_view, 3> guests_names = {"looked_at", "shown", "none"};
inline constexpr std::array<std::string_view, 2> state_names = {"running", "ended"};
inline constexpr std::array<std::string_view, 3> lighter_names = {"quiet", "lightning", "walk"};
inline constexpr std::array<std::string_view, 4> turn_names = {"host", "presenter", "scribe",
                                                               "opener"};

/// Who sees it: anyone, those who belong to the collective, or those of its circle.
enum class Audience : std::uint8_t { everyone, members, circle };
/// Who is shown the link to join: whoever sees the gathering, or only those who belong.
enum class LinkFor : std::uint8_t { all, members };
/// What becomes of words of guests: a host looks first, they are shown at once, or none are taken.
enum class Guests : std::uint8_t { looked_at, shown, none };
enum class State : std::uint8_t { running, ended };
/// What a gathering becomes that nobody could prepare, instead of being cancelled.
enum class Lighter : std::uint8_t { quiet, lightning, walk };
/// A place to be heard or to serve.
enum class TurnKind : std::uint8_t { host, presenter, scribe, opener };

inline constexpr std::size_t longest_title = 120;
inline constexpr std::size_t longest_line = 200;
inline constexpr std::size_t longest_link = 500;
inline constexpr std::size_t longest_words = 4000;
inline constexpr std::int64_t shortest_minutes = 5;
inline constexpr std::int64_t longest_minutes = std::int64_t{24} * 60;
inline constexpr std::int64_t most_seats = 1000;
/// A series lapses so long after it was begun or renewed.
inline constexpr std::chrono::days renewed_for{182};
/// From so long before it lapses on, hosts are asked whether it goes on.
inline constexpr std::chrono::days asked_before{28};

/// What hosts write about a series. Everything but the title may stay empty.
struct About {
    std::string title;
    std::string about; ///< what it is, for whom
    Audience audience = Audience::everyone;
    std::string agenda; ///< what is done when, a line each: the format of each gathering
    Lighter lighter = Lighter::quiet;
    std::string place; ///< a room, or how to find it
    std::string link;  ///< https, of the call; empty where there is none
    LinkFor link_for = LinkFor::all;
    std::string access;                ///< access needs, captions
    std::optional<std::int64_t> seats; ///< 1 to `most_seats`; nothing where nobody has to plan
    std::vector<TurnKind> turns;       ///< which turns each gathering has
    Guests guests = Guests::looked_at;
    std::string calendar_mail; ///< of the group's own calendar, which is invited; empty: none

    friend bool operator==(const About&, const About&) = default;
};

struct Series {
    SeriesId id;
    std::string slug; ///< in addresses; stays when the title changes
    std::optional<CircleId> circle;
    About about;
    State state = State::running;
    std::chrono::sys_days renew; ///< it ended on this day, or lapses unless a host renews it
    std::chrono::sys_days began;
};

/// When a series meets, until the next rhythm begins.
struct Rhythm {
    std::int64_t number = 0; ///< 0, 1, 2...: in the order of time
    std::string uid;         ///< of calendars; never changes
    std::string zone;        ///< IANA name: on whose clock
    Wall start;              ///< of the first gathering
    std::int64_t minutes = 60;
    std::string rule; ///< RRULE, as `calendar::format_rule` writes it; empty: it meets once
    calendar::Revision revision;

    friend bool operator==(const Rhythm&, const Rhythm&) = default;
};

/// What differs in one gathering from its series, and what was written about it. Kept only where
/// anything is.
struct Gathering {
    Wall original;
    std::optional<Wall> moved; ///< begins then instead
    std::optional<std::int64_t> minutes;
    bool cancelled = false;
    std::string why;      ///< said with a move or a cancellation, one line
    std::string title;    ///< empty: that of the series
    std::string agenda;   ///< empty: that of the series
    bool lighter = false; ///< it takes place in the lighter format of its series
    std::string paper_title;
    std::string paper_link;
    std::string notes;
    std::string learned; ///< three lines: what we learned
    std::string decided;
    std::optional<AdditionId> first_plot;
    std::string recording_link;
    std::optional<std::chrono::sys_days> recording_until;
    bool recording_refused = false; ///< somebody who is in it does not agree
    std::string held;               ///< "", "yes" or "no", as a host said afterwards
    bool closed_to_guests = false;  ///< its thread takes no words of guests any more

    friend bool operator==(const Gathering&, const Gathering&) = default;
};

/// All that decides when a series meets.
struct Plan {
    Series series;
    std::vector<Rhythm> rhythms;       ///< by number, at least one
    std::vector<Gathering> gatherings; ///< by original
};

/// One gathering, with its moments.
struct Occurrence {
    Wall original;
    Wall start; ///< on the clock of `zone`
    Instant begin, end;
    std::string zone;
    std::size_t rhythm = 0; ///< index in `Plan::rhythms`
    bool cancelled = false;
    const Gathering* gathering = nullptr; ///< of the plan; null where nothing differs
};

/// Where zones come from, one request long.
class ZoneBook;

/// As the database keeps it: seconds since 1970 on that clock.
[[nodiscard]] inline std::int64_t count_of(Wall wall) {
    return wall.time_since_epoch().count();
}
[[nodiscard]] inline Wall wall_of(std::int64_t count) {
    return Wall(std::chrono::seconds(count));
}

/// Whether a gathering of that name, if there is one, is of this rhythm: rhythms follow each other,
/// so each has a stretch of the names.
[[nodiscard]] bool is_of_rhythm(const Plan& plan, std::size_t rhythm, Wall original);

/// `20270114T170000`: how addresses name a gathering.
[[nodiscard]] std::string name_of_when(Wall original);
/// Errors: `missing` for anything else.
[[nodiscard]] Result<Wall> when_named(std::string_view name);

/// A rhythm with what was changed about gatherings of it, for `engine/calendar`. Those gatherings
/// are its own that are not before its start and before the start of the next rhythm.
[[nodiscard]] Result<calendar::Series> calendar_series(const Plan& plan, std::size_t rhythm);

/// The gatherings that begin in [from, to), cancelled ones too, by begin. The plan outlives them.
/// Errors: a zone that this machine does not know; a rule that is too complex.
[[nodiscard]] Result<std::vector<Occurrence>> occurrences(const Plan& plan, ZoneBook& zones,
                                                          Instant from, Instant to);
/// The gathering of that name; nothing where the series does not have it. Errors as `occurrences`.
[[nodiscard]] Result<std::optional<Occurrence>> occurrence_of(const Plan& plan, ZoneBook& zones,
                                                              Wall original);
/// The next that has not ended at `now` and is not cancelled. Errors as `occurrences`.
[[nodiscard]] Result<std::optional<Occurrence>> next_occurrence(const Plan& plan, ZoneBook& zones,
                                                                Instant now);
/// The last `most` that took place: that ended before `now` and the end of the series, and were not
/// cancelled, the newest first. Looks back a
/// year. Errors as `occurrences`.
[[nodiscard]] Result<std::vector<Occurrence>> last_occurrences(const Plan& plan, ZoneBook& zones,
                                                               Instant now, std::size_t most);

/// What a gathering is called, and its agenda: its own words, or those of its series.
[[nodiscard]] const std::string& title_of(const Series& series, const Gathering* gathering);
[[nodiscard]] const std::string& agenda_of(const Series& series, const Gathering* gathering);

/// Nobody meets any more: a host ended it, or nobody renewed it.
[[nodiscard]] bool is_over(const Series& series, std::chrono::sys_days today);
[[nodiscard]] bool asks_to_renew(const Series& series, std::chrono::sys_days today);

/// Whether a gathering lies behind the end of a series that is over: nobody meets then.
[[nodiscard]] bool is_behind_end(const Series& series, const Occurrence& occurrence,
                                 std::chrono::sys_days today);

/// What is done about a series is done while it runs. Errors: `conflict`.
[[nodiscard]] Result<void> must_run(const Series& series, std::chrono::sys_days today);

/// A link that a page may show: https, no spaces, no name and password in it; or empty.
[[nodiscard]] bool is_link(std::string_view text);

[[nodiscard]] std::string_view name_of(Audience audience);
[[nodiscard]] std::string_view name_of(LinkFor link_for);
[[nodiscard]] std::string_view name_of(Guests guests);
[[nodiscard]] std::string_view name_of(State state);
[[nodiscard]] std::string_view name_of(Lighter lighter);
[[nodiscard]] std::string_view name_of(TurnKind turn);
/// Whether there is one of that name; the functions below abort where there is none.
[[nodiscard]] bool is_audience(std::string_view name);
[[nodiscard]] bool is_link_for(std::string_view name);
[[nodiscard]] bool is_guests(std::string_view name);
[[nodiscard]] bool is_state(std::string_view name);
[[nodiscard]] bool is_lighter(std::string_view name);
[[nodiscard]] bool is_turn(std::string_view name);
[[nodiscard]] Audience audience_named(std::string_view name);
[[nodiscard]] LinkFor link_for_named(std::string_view name);
[[nodiscard]] Guests guests_named(std::string_view name);
[[nodiscard]] State state_named(std::string_view name);
[[nodiscard]] Lighter lighter_named(std::string_view name);
[[nodiscard]] TurnKind turn_named(std::string_view name);
/// "host,presenter" and back; unknown names are passed over.
[[nodiscard]] std::string turns_text(std::span<const TurnKind> turns);
[[nodiscard]] std::vector<TurnKind> turns_in(std::string_view text);
/// Whether it is empty or names of turns apart by commas.
[[nodiscard]] bool is_turns(std::string_view text);

} // namespace allot::gatherings
