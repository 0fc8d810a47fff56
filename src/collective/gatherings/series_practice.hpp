/// Series as practices: how people meet, to be planted in another collective. No people, no places,
/// no links, no days on which something was done.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "platform/pages/call.hpp"

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::gatherings {

struct SeriesPractice {
    std::string title;
    std::string about;
    std::string audience; ///< of `audience_names`; "circle" becomes "members": its people stay
    std::string rhythm;   ///< in words and without a zone: "every Thursday at 17:00"
    std::int64_t minutes = 60;
    std::string agenda;
    std::string lighter; ///< of `lighter_names`
    std::string turns;   ///< "host,presenter"
    std::string guests;  ///< of `guests_names`
    std::string access;

    friend auto operator<=>(const SeriesPractice&, const SeriesPractice&) = default;
};
BOOST_DESCRIBE_STRUCT(SeriesPractice, (),
                      (title, about, audience, rhythm, minutes, agenda, lighter, turns, guests,
                       access))

/// Those of a collective that nobody has ended, or that were planted and rest, in the order of what
/// they say. A series whose rhythm has no short words is left out, as is one that meets once.
[[nodiscard]] Result<std::vector<SeriesPractice>> series_practices(Transaction& transaction,
                                                                   const CollectiveId& collective);

/// When one meets that is planted on the clock of `zone`. Errors (`invalid`): words that cannot be
/// read, a length that no gathering has.
[[nodiscard]] Result<Rhythm> rhythm_of(const SeriesPractice& practice, const pages::Zones& zones,
                                       const std::string& zone, Moment now);

/// Plants one that meets as `rhythm` says. It has no host and does not run: a steward, or a host
/// whom she names, begins it. Errors (`invalid`): a name that there is not.
[[nodiscard]] Result<Series> plant_series(Transaction& transaction, const CollectiveId& collective,
                                          const SeriesPractice& practice, const Rhythm& rhythm,
                                          Moment now, Entropy& entropy);

} // namespace allot::gatherings
