/// From plans to what calendars subscribe to. Nobody who attends is in a feed: whoever reads it
/// would see them.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "engine/calendar/feed.hpp"

#include <span>
#include <string>
#include <vector>

namespace allot::gatherings {

/// The one gathering in which the reader of a personal feed has a turn.
struct OwnTurn {
    SeriesId series;
    Wall original;
    TurnKind kind = TurnKind::host;
};

/// In which words a feed speaks, and to whom.
struct FeedVoice {
    std::string base;                           ///< of addresses: "https://lab.example/c/lab"
    bool to_members = false;                    ///< links that only members are shown are in it
    std::string join;                           ///< "To join:"
    std::string access;                         ///< "Access:"
    std::string paper;                          ///< "Paper:"
    std::string page;                           ///< "Page:"
    std::array<std::string, 3> lighter_formats; ///< by `Lighter`, a sentence
    std::array<std::string, 4> turn_names;      ///< by `TurnKind`: "you present"
    std::vector<OwnTurn> turns;                 ///< of the reader
};

/// A rhythm of a series as an event. It ends with the day on which the series ends or lapses; what
/// begins only later is cancelled. Errors: as `occurrences`. The zone lives in `zones`.
[[nodiscard]] Result<calendar::FeedEvent> feed_event(const Plan& plan, std::size_t rhythm,
                                                     ZoneBook& zones, const FeedVoice& voice);

/// All rhythms of all plans, but for what was cancelled so long ago that every calendar knows it.
/// Errors: as `occurrences`.
[[nodiscard]] Result<calendar::Feed> feed_of(std::string name, std::span<const Plan> plans,
                                             ZoneBook& zones, const FeedVoice& voice,
                                             std::chrono::sys_days today);

/// The rhythms of `after` with their revisions, where `before` has become `after` on `today` (in
/// UTC): calendars go by them to see which of two versions is newer, and whether time or place
/// changed. A rhythm that `before` does not have keeps what it says. Errors: as `occurrences`.
[[nodiscard]] Result<std::vector<Rhythm>> revised(const Plan& before, const Plan& after,
                                                  ZoneBook& zones, std::chrono::sys_days today);

/// For the end of each command that changes about, rhythms or gatherings of a series: compares what
/// is kept now with the plan from before the command, and keeps new revisions where calendars show
/// something else. Errors: as `revised`.
[[nodiscard]] Result<void> revise_series(Transaction& transaction, const CollectiveId& collective,
                                         const Plan& before, ZoneBook& zones,
                                         std::chrono::sys_days today);

} // namespace allot::gatherings
