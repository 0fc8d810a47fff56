/// Explains and checks a round from the files that it left behind.
#pragma once

#include "engine/allot/verify.hpp"
#include "round/record.hpp"

namespace allot::round {

/// Why `ask` is paired as it is, or with whom it is not; with `offer`, about these two. In full
/// sentences, one a line. Errors: an id that is not in the round.
[[nodiscard]] Result<std::string> why(const Record& record, const std::string& ask,
                                      const std::optional<std::string>& offer);

/// What was found out about a round.
struct Checked {
    bool holds = false;
    std::string reason;        ///< why not; empty when it holds
    matching::Value objective; ///< of the pairs
    matching::Objective rule;
    bool is_lottery = false;
    /// Nothing is better by the rule; of leximin see `notes`. False where an ask wants several
    /// places and the rule is fair: then only limits, floor and the number of places were checked.
    bool is_rule_proved = true;
    std::vector<std::string> notes; ///< what was not proved, or not compared; full sentences
};

/// Recomputes from the tables whether the pairs keep all limits and nothing is better by the rule;
/// what round.json claims must agree. The rule is that of round.json. Without one it is `given`;
/// without both the sum, leximin and maxmin are tried, and the first that holds is taken.
/// With `hash` the tables must be those that round.json names, and the seed the one committed to.
[[nodiscard]] Checked verify(const Record& record,
                             const std::optional<matching::Objective>& given = {},
                             const Hash& hash = {});

} // namespace allot::round
