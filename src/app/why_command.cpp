#include "app/why_command.hpp"

#include "app/round_folder.hpp"
#include "round/explain.hpp"

namespace allot::app {

Result<Outcome> run_why(const WhyOptions& options) {
    TRY(const auto record, read_round_folder(options.round));
    TRY(auto words, round::why(record, options.ask, options.helper));
    return Outcome{.words = std::move(words)};
}

} // namespace allot::app
