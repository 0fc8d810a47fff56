/// What the gatherings ask of one person, for the page of her day.
#pragma once

#include "collective/gatherings/series_calls.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

/// In this order they come first: what others wait for, then what a host should know.
inline constexpr std::array<std::string_view, 7> card_kinds = {
    "turn_asked",   "turn_swap",    "turn_confirm",  "write_up",
    "series_dying", "series_renew", "series_at_risk"};

struct Card {
    std::string kind; ///< of `card_kinds`
    std::string name; ///< of the series
    std::string page; ///< where it is answered
};

/// Those of the viewer, who is signed in. A series of whose zone this machine knows nothing asks
/// for nothing. Errors: the database.
[[nodiscard]] Result<std::vector<Card>> cards_of(Transaction& transaction, const pages::Call& call);

} // namespace allot::gatherings
