#include "app/verify_command.hpp"

#include "app/fair_options.hpp"
#include "app/hashes.hpp"
#include "app/round_folder.hpp"
#include "base/text.hpp"
#include "round/explain.hpp"
#include "round/words.hpp"

#include <fmt/format.h>

namespace allot::app {

namespace {

/// Why the commitment that a person kept is not the one of this round.
std::optional<std::string> wrong_commitment(const round::Record& record,
                                            const VerifyOptions& options) {
    if (!options.commitment) {
        return std::nullopt;
    }
    if (!record.told) {
        return "there is no round.json, so no commitment can be compared";
    }
    const auto checked = check_commitment(record.told->seed, *options.commitment);
    return checked ? std::nullopt : std::optional("the commitment: " + checked.error().message);
}

std::string proof_of(const round::Checked& checked) {
    if (checked.is_lottery) {
        return "No chances have a larger expected sum.";
    }
    const std::string floor = round::decimal(checked.rule.floor);
    if (!checked.is_rule_proved) {
        return checked.rule.rule == matching::Rule::floor
                   ? fmt::format("Nobody who is served is below {}.", floor)
                   : "No more places could be filled.";
    }
    switch (checked.rule.rule) {
    case matching::Rule::sum:
        return "The bound over all possible pairs is the same.";
    case matching::Rule::leximin:
        return "Rule: leximin, the least well served as well as possible, then the next.";
    case matching::Rule::maxmin:
        return "Rule: maxmin, the least well served as well as possible, then the sum.";
    case matching::Rule::floor:
        break;
    }
    return fmt::format("Rule: nobody who is served below {}, then the sum.", floor);
}

} // namespace

Result<Outcome> run_verify(const VerifyOptions& options) {
    TRY(const auto record, read_round_folder(options.round));
    const auto checked = round::verify(record, options.objective, sha256_hex);
    if (const auto fault =
            checked.holds ? wrong_commitment(record, options) : std::optional(checked.reason)) {
        return Outcome{.words = fmt::format("Does not hold: {}.\n", *fault),
                       .code = ExitCode::failed};
    }
    const auto& places = checked.objective.places;
    std::string words = fmt::format(
        "Holds: {} pairs. Places by rounds waited (3 or more, 2, 1, 0): {}, {}, {}, {}. Sum of "
        "fits: {}. {}\n",
        record.pairs.size(), places[0], places[1], places[2], places[3],
        round::decimal(checked.objective.micro), proof_of(checked));
    for (const auto& note : checked.notes) {
        words += note + "\n";
    }
    return Outcome{.words = std::move(words)};
}

} // namespace allot::app
