/// libical as a second opinion on the starts of a rule, and what it is known to do otherwise.
#pragma once

#include "engine/calendar/rule.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace allot::fuzz {

/// A kind of rule on which libical 3.0.16 and RFC 5545 part. `Recurrence` follows the RFC.
struct Difference {
    std::string_view what;     ///< what libical does
    std::string_view sentence; ///< of the RFC, which decides
    bool (*holds)(const calendar::Rule&, const calendar::WallTime& start);
};

/// The first difference that `rule` from `start` falls under; null where libical has to agree.
/// All of them are in docs/calendar.md.
[[nodiscard]] const Difference* ical_difference(const calendar::Rule& rule,
                                                const calendar::WallTime& start);

/// The first `most` starts up to `to`; nullopt where libical refuses the rule. It may search for
/// ever where nothing starts after `to`, COUNT and UNTIL aside.
[[nodiscard]] std::optional<std::vector<std::chrono::local_seconds>>
ical_starts(const calendar::Rule& rule, const calendar::WallTime& start,
            std::chrono::local_seconds to, std::size_t most);

} // namespace allot::fuzz
