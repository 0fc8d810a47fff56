/// Mail about a series, on its page.
#pragma once

#include "collective/gatherings/series_calls.hpp"

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::gatherings {

/// What the reader may do about mail, and nothing about anybody else.
struct SeriesMail {
    std::string path;       ///< of the page that asks
    bool signed_in = false; ///< one click is enough
    bool on = false;        ///< she gets it
    bool invited = false;   ///< and invitations for her calendar
    bool can_invite = false;
    std::string said; ///< what was just done: "asked", "on", "off"
};
BOOST_DESCRIBE_STRUCT(SeriesMail, (), (path, signed_in, on, invited, can_invite, said))

/// Nothing for a series that is over, and for who may not subscribe.
[[nodiscard]] Result<std::optional<SeriesMail>> mail_section(const pages::Call& call,
                                                             const Series& series);

} // namespace allot::gatherings
