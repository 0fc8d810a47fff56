#include "app/verify_command.hpp"

#include "app/round_folder.hpp"
#include "round/explain.hpp"
#include "round/words.hpp"

#include <fmt/format.h>

namespace allot::app {

Result<Outcome> run_verify(const VerifyOptions& options) {
    TRY(const auto record, read_round_folder(options.round));
    const auto verdict = round::verify(record);
    if (!verdict.holds) {
        return Outcome{.words = fmt::format("Does not hold: {}.\n", verdict.reason),
                       .code = ExitCode::failed};
    }
    const auto& places = verdict.objective.places;
    return Outcome{.words = fmt::format(
                       "Holds: {} pairs. Places by rounds waited (3 or more, 2, 1, 0): {}, {}, {}, "
                       "{}. Sum of fits: {}. The bound over all possible pairs is the same.\n{}",
                       record.pairs.size(), places[0], places[1], places[2], places[3],
                       round::decimal(verdict.objective.micro),
                       record.told ? "" : "There is no round.json: its claim was not compared.\n")};
}

} // namespace allot::app
