#include "app/round_command.hpp"

#include "app/errors.hpp"
#include "app/files.hpp"
#include "app/hashes.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"
#include "app/zone_source.hpp"
#include "base/text.hpp"
#include "round/record.hpp"

#include <filesystem>
#include <list>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

/// The files of a round as they were read, in the order in which round.json names them.
class InputFiles {
  public:
    /// What `path` holds under its role, such as "offers".
    Result<round::File> read(const std::string& role, const std::string& path) {
        TRY(files_.emplace_back(), read_file(path));
        const std::string_view bytes = files_.back().view();
        records_.push_back({.role = role,
                            .file = std::filesystem::path(path).filename().string(),
                            .sha256 = sha256_hex(bytes)});
        return round::File{.name = path, .bytes = bytes};
    }

    [[nodiscard]] const std::vector<round::InputRecord>& records() const { return records_; }

  private:
    std::list<FileBytes> files_;
    std::vector<round::InputRecord> records_;
};

Result<round::Inputs> read_inputs(const RoundOptions& options, round::Kinds& kinds,
                                  InputFiles& files) {
    if (options.kinds) {
        TRY(const auto file, files.read("kinds", *options.kinds));
        TRY_DO(kinds.extend(file.bytes, file.name));
    }
    TRY(const auto offers, files.read("offers", options.offers));
    TRY(const auto asks, files.read("asks", options.asks));
    Errors errors;
    round::Inputs inputs;
    inputs.offers = errors.value_of(round::read_offers(offers, kinds, read_zone));
    inputs.asks = errors.value_of(round::read_asks(asks, kinds, read_zone));
    if (options.history) {
        TRY(const auto file, files.read("history", *options.history));
        inputs.history = errors.value_of(round::read_history(file));
    }
    // What follows names asks and offers, so these must be right first.
    TRY_DO(errors.check());
    if (options.conflicts) {
        TRY(const auto file, files.read("conflicts", *options.conflicts));
        inputs.conflicts = errors.value_of(round::read_conflicts(file, inputs.asks, inputs.offers));
    }
    if (options.scores) {
        TRY(const auto file, files.read("scores", *options.scores));
        inputs.scores = errors.value_of(round::read_scores(file, inputs.asks, inputs.offers));
    }
    TRY_DO(errors.check());
    return inputs;
}

round::Settings settings_of(const RoundOptions& options) {
    return {.at = options.at.value_or(
                std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())),
            .seed = options.seed,
            .floor = options.min_fit.value_or(options.scores ? 0.0 : round::default_floor)};
}

bool is_round(const std::string& folder) {
    return std::filesystem::exists(std::filesystem::path(folder) / "round.json");
}

std::string summary_of(const round::Round& round, const std::string& out) {
    const auto places = static_cast<std::int64_t>(round.pairings.size());
    const auto waiting = static_cast<std::int64_t>(round.waiting.size());
    std::string words = text::count_of(places, "pair", "pairs");
    if (waiting > 0) {
        words += fmt::format("; {} with empty places", text::count_of(waiting, "ask", "asks"));
    }
    if (round.allotment.certificate.proved()) {
        words += ". Proved best under these scores; the scores are rough";
    }
    const auto path = [&](const char* name) {
        return (std::filesystem::path(out) / name).string();
    };
    return fmt::format("{}.\nPairs: {}\nLetters: {}\nReport: {}\n", words, path("pairings.csv"),
                       path("letters"), path("report.html"));
}

} // namespace

Result<Outcome> run_round(const RoundOptions& options) {
    TRY_DO(check_output_folder(options.out, is_round));
    ProgressLine progress(STDERR_FILENO);
    progress.show("reading asks and offers");
    round::Kinds kinds;
    InputFiles files;
    TRY(auto inputs, read_inputs(options, kinds, files));
    TRY_DO(interrupt::check());
    const auto keep_going = [&](matching::Progress at) {
        progress.show("allotting", at.done, at.total, "asks");
        return !interrupt::requested();
    };
    TRY(const auto round, round::hold_round(std::move(inputs), settings_of(options), kinds,
                                            {.keep_going = keep_going}));
    progress.show("writing");
    const FolderContent content = round::files_of(round, files.records());
    TRY_DO(interrupt::check());
    TRY_DO(replace_directory(options.out, content, is_round));
    progress.erase();
    return Outcome{.words = summary_of(round, options.out)};
}

} // namespace allot::app
