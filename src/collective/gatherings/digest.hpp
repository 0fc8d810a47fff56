/// The weekly letter: on her Monday morning, to members who wished for it. It says what comes,
/// whose hour changes and what was learned, and nothing about who was absent.
#pragma once

#include "collective/gatherings/teller.hpp"
#include "collective/people/person.hpp"

#include <span>
#include <vector>

namespace allot::gatherings {

/// Whether it is Monday between 8:00 and 20:00 in that zone; later letters wait for the next week.
/// Errors: no such zone.
[[nodiscard]] Result<bool> is_digest_time(ZoneBook& zones, std::string_view zone, Instant now);

/// Those who wish for it, whose morning it is, and who were not looked after this week.
[[nodiscard]] Result<std::vector<people::Person>>
due_for_digest(Transaction& transaction, const Teller& teller, ZoneBook& zones);

/// Writes the letter of this week, unless that was done by this process or another, or there is
/// nothing to say. A series whose zone this machine does not know is not in it. Errors: the
/// database; a zone of hers that is not known.
[[nodiscard]] Result<void> write_digest(Transaction& transaction, const Teller& teller,
                                        std::span<const Plan> plans, ZoneBook& zones,
                                        const people::Person& person);

} // namespace allot::gatherings
