/// What pages show of turns, for members alone.
#pragma once

#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/turn_store.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::gatherings {

/// Another gathering of the series.
struct TurnDate {
    std::string name; ///< "20270121T170000": its original start, as addresses have it
    std::string wall; ///< on the reader's clock
    std::string who;  ///< who has that turn
};
BOOST_DESCRIBE_STRUCT(TurnDate, (), (name, wall, who))

/// One turn of a gathering, as this reader sees it.
struct TurnLine {
    std::string kind;
    std::string holder; ///< her name; empty: nobody has it
    bool mine = false;
    bool to_confirm = false;     ///< mine, in the last week, and not said again yet
    bool asked_me = false;       ///< a host asks the reader
    bool asked_somebody = false; ///< for hosts, who are not told again whom
    bool stands_by_me = false;
    bool stands_by_somebody = false; ///< for hosts and who has it
    bool may_take = false;
    bool may_stand_by = false;
    bool may_ask = false;         ///< the reader keeps the series, and nobody has it
    bool may_run = false;         ///< the reader keeps the series: she can come in as host
    std::string swap_asked;       ///< the reader asks to swap with this date, on her clock
    std::vector<TurnDate> swaps;  ///< with these she could ask to swap
    std::vector<TurnDate> wanted; ///< from these somebody asks the reader to swap
};
BOOST_DESCRIBE_STRUCT(TurnLine, (),
                      (kind, holder, mine, to_confirm, asked_me, asked_somebody, stands_by_me,
                       stands_by_somebody, may_take, may_stand_by, may_ask, may_run, swap_asked,
                       swaps, wanted))

struct TurnsView {
    std::vector<TurnLine> lines;
};
BOOST_DESCRIBE_STRUCT(TurnsView, (), (lines))

/// Of a gathering. Nothing for who does not belong, where the series has no turns, and where the
/// gathering has ended or is cancelled. From its begin on a turn is only taken, passed on, or run
/// by a host.
[[nodiscard]] Result<std::optional<TurnsView>>
turns_view(Transaction& transaction, const pages::Call& call, const At& at, ZoneBook& zones);

struct TurnPerson {
    std::string id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(TurnPerson, (), (id, name))

/// For a host: whom she can ask for a turn. A page of its own, since it lists all members.
struct AskView {
    std::string path; ///< of the gathering
    std::string series_path;
    std::string series;
    std::string title;
    Times times;
    std::string turn;
    bool asked_somebody = false;    ///< there is no answer yet; she is not told again whom
    std::vector<TurnPerson> people; ///< by name; nobody where the turn is taken or it is too late
};
BOOST_DESCRIBE_STRUCT(AskView, (),
                      (path, series_path, series, title, times, turn, asked_somebody, people))

/// Of a turn that the gathering has. One read for each member.
[[nodiscard]] Result<AskView> ask_view(Transaction& transaction, const pages::Call& call,
                                       const At& at, ZoneBook& zones, const Turn& turn);

/// Who has a turn, in a list.
struct TurnHolder {
    std::string kind;
    std::string holder; ///< empty: nobody yet
};
BOOST_DESCRIBE_STRUCT(TurnHolder, (), (kind, holder))

/// Who has the turns of these gatherings of a series, in the order of its turns, by original.
/// Nothing for who does not belong. One read for each gathering and each person.
[[nodiscard]] Result<std::map<Wall, std::vector<TurnHolder>>>
turn_holders(Transaction& transaction, const pages::Call& call, const Series& series,
             std::span<const Wall> originals);

/// For hosts, on the page of a series.
struct SeriesAlive {
    std::string alive_path; ///< the page about how it is doing
    bool is_dying = false;  ///< until one of them has seen it
};
BOOST_DESCRIBE_STRUCT(SeriesAlive, (), (alive_path, is_dying))

/// Nothing for who does not keep the series.
[[nodiscard]] Result<std::optional<SeriesAlive>>
series_alive(Transaction& transaction, const pages::Call& call, const Plan& plan, ZoneBook& zones);

/// When something is on the reader's clock, as `say_time` takes it; on that of the series where
/// hers is unknown.
[[nodiscard]] std::string wall_for_reader(const pages::Call& call, const Occurrence& occurrence,
                                          ZoneBook& zones);

} // namespace allot::gatherings
