/// Pages of a series and of a gathering, and lines about gatherings for other pages.
#pragma once

#include "collective/gatherings/series_calls.hpp"
#include "platform/pages/answer.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace allot::gatherings {

/// A gathering in a list.
struct GatheringLine {
    std::string path;
    std::string title;
    std::string series; ///< the title of the series where the gathering has its own
    Times times;
    bool cancelled = false;
    bool moved = false;
    bool lighter = false;
    std::string why; ///< said with a move or a cancellation
};
BOOST_DESCRIBE_STRUCT(GatheringLine, (),
                      (path, title, series, times, cancelled, moved, lighter, why))

/// Errors: a zone that this machine does not know.
[[nodiscard]] Result<GatheringLine> line_of(const pages::Call& call, const Plan& plan,
                                            const Occurrence& occurrence, ZoneBook& zones);

/// A rhythm that begins later.
struct LaterRhythm {
    std::string from; ///< the day, on its own clock
    std::string rhythm;
};
BOOST_DESCRIBE_STRUCT(LaterRhythm, (), (from, rhythm))

/// When a series meets, in words: now, and from which days on otherwise.
struct SaidRhythms {
    std::string now;
    std::vector<LaterRhythm> later;
};
[[nodiscard]] SaidRhythms said_rhythms(const pages::Call& call, const Plan& plan, ZoneBook& zones);

/// What the viewer is in circles and series: what decides which of them she may see.
struct Sight {
    std::map<CircleId, auth::Role> in_circles; ///< host or member
    std::vector<SeriesId> hosted;
};
[[nodiscard]] Result<Sight> sight_of(Transaction& transaction, const pages::Call& call);
[[nodiscard]] bool sees(const pages::Call& call, const Sight& sight, const Series& series);

/// The form in which a reader without an account says her zone, for her browser to keep.
struct ZoneForm {
    std::string id;                 ///< of its field
    std::string back;               ///< the path to go on with
    std::string zone;               ///< that is known, or as it was typed
    bool typed = false;             ///< it was, and what is wrong is said beside it
    std::vector<std::string> zones; ///< to choose from; empty: a city is typed
};
BOOST_DESCRIBE_STRUCT(ZoneForm, (), (id, back, zone, typed, zones))

/// At the foot of a page at that path. Nothing for whoever has a zone of her own.
[[nodiscard]] std::optional<ZoneForm> zone_form(const pages::Call& call, std::string back);

/// The plans of a collective that this viewer may see.
[[nodiscard]] Result<std::vector<Plan>> seen_plans(Transaction& transaction,
                                                   const pages::Call& call);

/// Errors: `missing` where there is none for this viewer; as `occurrences`.
[[nodiscard]] Result<pages::Page> series_page(const pages::Call& call);
[[nodiscard]] Result<pages::Page> gathering_page(const pages::Call& call);

} // namespace allot::gatherings
