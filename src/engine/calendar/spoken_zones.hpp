/// Zones in words: for the reader and the printer of spoken rules only.
#pragma once

#include "engine/calendar/spoken_tokens.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar::spoken {

/// Words that name a zone.
struct ZoneWords {
    std::size_t tokens = 0;              ///< how many were read; 0: no zone stands here
    std::vector<std::string> candidates; ///< the IANA names that they may mean, the likeliest first
    /// The words mean one half of the year only ("EST"), or a fixed offset ("GMT").
    bool half_a_year = false;
};

/// The longest words at the front of `tokens` that name a zone. Sources, in this order: our table;
/// the cities at the ends of `zones`; these names whole. Without `zones` a name of the shape
/// Area/City is taken as written. O(zones).
[[nodiscard]] ZoneWords read_zone(std::span<const Token> tokens,
                                  std::span<const std::string> zones);

/// "New York" of America/New_York; the whole of a name without a slash.
[[nodiscard]] std::string city_of(std::string_view zone);

} // namespace allot::calendar::spoken
