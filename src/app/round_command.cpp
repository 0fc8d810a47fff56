#include "app/round_command.hpp"

#include "app/errors.hpp"
#include "app/files.hpp"
#include "app/hashes.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"
#include "app/zone_source.hpp"
#include "base/text.hpp"
#include "round/decide.hpp"
#include "round/record.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <array>
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
        TRY(files_.emplace_back(),
            role == "min-load" ? read_counts_file("--min-load", path) : read_file(path));
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

/// All files of a round as bytes; those that were not named are empty.
struct RoundFiles {
    std::optional<round::File> kinds, offers, asks, history, conflicts, scores, least, groups;
};

/// The path of --min-load, where it is one.
std::optional<std::string> least_path(const RoundOptions& options) {
    const auto* path = options.min_load ? std::get_if<std::string>(&*options.min_load) : nullptr;
    return path == nullptr ? std::nullopt : std::optional(*path);
}

Result<RoundFiles> read_files(const RoundOptions& options, InputFiles& files) {
    Errors errors;
    const auto read = [&](const char* role,
                          const std::optional<std::string>& path) -> std::optional<round::File> {
        return path ? std::optional(errors.value_of(files.read(role, *path))) : std::nullopt;
    };
    RoundFiles all{.kinds = read("kinds", options.kinds),
                   .offers = read("offers", options.offers),
                   .asks = read("asks", options.asks),
                   .history = read("history", options.history),
                   .conflicts = read("conflicts", options.conflicts),
                   .scores = read("scores", options.scores),
                   .least = read("min-load", least_path(options)),
                   .groups = read("groups", options.groups)};
    TRY_DO(errors.check());
    return all;
}

Result<round::Inputs> parse_files(const RoundFiles& files, round::Kinds& kinds, Instant at) {
    if (files.kinds) {
        TRY_DO(kinds.extend(files.kinds->bytes, files.kinds->name));
    }
    Errors errors;
    round::Inputs inputs;
    inputs.offers = errors.value_of(round::read_offers(*files.offers, kinds, read_zone));
    inputs.asks = errors.value_of(round::read_asks(*files.asks, kinds, read_zone));
    if (files.history) {
        inputs.history = errors.value_of(round::read_history(*files.history));
    }
    // What follows names asks and offers, so these must be right first.
    TRY_DO(errors.check());
    if (files.conflicts) {
        inputs.conflicts =
            errors.value_of(round::read_conflicts(*files.conflicts, inputs.asks, inputs.offers));
    }
    if (files.scores) {
        inputs.scores =
            errors.value_of(round::read_scores(*files.scores, inputs.asks, inputs.offers));
    }
    if (files.least) {
        inputs.least = errors.value_of(round::read_least(
            *files.least, inputs.offers, std::chrono::floor<std::chrono::days>(at)));
    }
    if (files.groups) {
        inputs.groups = errors.value_of(round::read_groups(
            *files.groups, round::KnownIds::of(inputs.asks), round::KnownIds::of(inputs.offers)));
    }
    TRY_DO(errors.check());
    return inputs;
}

round::Settings settings_of(const RoundOptions& options) {
    round::Settings settings{
        .at = options.at.value_or(
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())),
        .seed = options.seed,
        .floor = options.min_fit.value_or(options.scores ? 0.0 : round::default_floor),
        .objective = options.objective,
        .pair_cap = options.pair_cap,
        .least_of_all = {}};
    if (const auto* n =
            options.min_load ? std::get_if<std::int64_t>(&*options.min_load) : nullptr) {
        settings.least_of_all = static_cast<int>(*n);
    }
    return settings;
}

/// Only what a round writes, so that replacing it loses nothing of anybody else's.
bool is_round(const std::string& folder) {
    namespace fs = std::filesystem;
    const auto holds_only = [](const fs::path& path, const auto& is_known) {
        return std::ranges::all_of(fs::directory_iterator(path), [&](const auto& entry) {
            return is_known(entry.path().filename().string());
        });
    };
    const auto is_file_of_round = [](const std::string& name) {
        constexpr std::array<std::string_view, 9> names{
            "round.json", "instance.csv",  "sides.csv",   "pairings.csv", "report.html",
            "groups.csv", "marginals.csv", "waiting.csv", "letters"};
        return std::ranges::find(names, name) != names.end();
    };
    const auto is_letter = [](const std::string& name) {
        return (name.starts_with("ask-") || name.starts_with("offer-")) && name.ends_with(".txt");
    };
    const fs::path letters = fs::path(folder) / "letters";
    return fs::exists(fs::path(folder) / "round.json") && holds_only(folder, is_file_of_round) &&
           (!fs::exists(letters) || holds_only(letters, is_letter));
}

Result<void> check_output(const RoundOptions& options) {
    for (const auto& input :
         {std::optional(options.offers), std::optional(options.asks), options.scores,
          options.conflicts, options.history, options.kinds, options.groups, least_path(options)}) {
        const auto folder = std::filesystem::path(input.value_or("")).parent_path();
        if (input && is_same_file(folder.empty() ? "." : folder.string(), options.out)) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: found an input in the folder of --out, expected another "
                                    "folder",
                                    *input));
        }
    }
    return check_output_folder(options.out, is_round);
}

std::string summary_of(const round::Round& round, const std::string& out) {
    const auto places = static_cast<std::int64_t>(round.pairings.size());
    const auto waiting = static_cast<std::int64_t>(round.waiting.size());
    std::string words = text::count_of(places, "pair", "pairs");
    if (waiting > 0) {
        words += fmt::format("; {} with empty places", text::count_of(waiting, "ask", "asks"));
    }
    if (const auto partly = round::partly_proved_in_words(round)) {
        words += ". " + *partly;
        words.pop_back(); // its full stop
        words += "; the scores are rough";
    } else if (round::is_proved(round)) {
        words += round.odds ? ". Drawn by lot from chances that are proved best under these scores"
                 : round.settings.objective.rule == matching::Rule::sum
                     ? ". Proved best under these scores"
                     : ". Proved best under these scores by the rule " +
                           round::name_of(round.settings.objective);
        words += "; the scores are rough";
    }
    const auto path = [&](const char* name) {
        return (std::filesystem::path(out) / name).string();
    };
    return fmt::format("{}.\nPairs: {}\nLetters: {}\nReport: {}\n", words, path("pairings.csv"),
                       round.asks.empty() ? "none" : path("letters"), path("report.html"));
}

} // namespace

Result<Outcome> run_round(const RoundOptions& options) {
    TRY_DO(check_output(options));
    ProgressLine progress(STDERR_FILENO);
    progress.show("reading asks and offers");
    round::Kinds kinds;
    InputFiles files;
    TRY(const auto bytes, read_files(options, files));
    const round::Settings settings = settings_of(options);
    TRY(auto inputs, parse_files(bytes, kinds, settings.at));
    TRY_DO(interrupt::check());
    const auto keep_going = [&](matching::Progress at) {
        progress.show("allotting", at.done, at.total, "asks");
        return !interrupt::requested();
    };
    TRY(const auto round,
        round::hold_round(std::move(inputs), settings, kinds, {.keep_going = keep_going}));
    progress.show("writing");
    const FolderContent content = round::files_of(round, files.records(), sha256_hex);
    TRY_DO(interrupt::check());
    TRY_DO(replace_directory(options.out, content, is_round));
    progress.erase();
    return Outcome{.words = summary_of(round, options.out)};
}

} // namespace allot::app
