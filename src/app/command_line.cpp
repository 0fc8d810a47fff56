#include "app/command_line.hpp"

#include "app/fair_options.hpp"
#include "app/help.hpp"
#include "app/keeping_command_line.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "round/fit.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace allot::app {

namespace {

constexpr unsigned most_threads = 256;

/// A whole number; otherwise CLI11 is told what was found and expected.
template <class T>
T whole_number(const std::string& option, const std::string& text, T least, T most) {
    T value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || value < least || value > most) {
        throw CLI::ValidationError(
            option, fmt::format("found \"{}\", expected a whole number from {} to {}",
                                text::shown(text), least, most));
    }
    return value;
}

/// Digits, with or without a sign, are a number; anything else is a path.
CountOption count_option(const std::string& option, const std::string& text, std::int64_t least) {
    const auto digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
    const bool is_number =
        !digits.empty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) {
        return text;
    }
    return whole_number(option, text, least, limits::max_places);
}

/// The value of an option, or what is wrong with it in the words of CLI11.
template <class T>
T value_of(const std::string& option, Result<T> result) {
    if (!result) {
        throw CLI::ValidationError(option, result.error().message);
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

unsigned default_threads() {
    return std::clamp(std::thread::hardware_concurrency(), 1U, 2U);
}

/// The options of `assign` as written; what they stand for is found once all are read.
struct AssignWords {
    AssignOptions paths;
    std::vector<std::string> factors;
    std::string demand;
    std::string capacity;
    std::optional<std::string> min_load;
    std::string objective = "sum";
    std::optional<std::string> pair_cap;
    std::optional<std::string> marginals;
    std::optional<std::string> seed;
    std::optional<std::string> commitment;
    std::string threads = std::to_string(default_threads());
};

/// Exactly one of the two ways to say scores.
void take_scores(const AssignWords& words, AssignOptions& options) {
    if (options.scores.empty() == words.factors.empty()) {
        throw CLI::ValidationError("--scores, --factors",
                                   fmt::format("found {}, expected exactly one of the two",
                                               options.scores.empty() ? "neither" : "both"));
    }
    if (!words.factors.empty()) {
        options.factors = FactorPaths{words.factors.front(), words.factors.back()};
    }
}

/// `marginals.csv` beside the pairs.
std::string marginals_beside(const std::string& out) {
    return (std::filesystem::path(out).parent_path() / "marginals.csv").string();
}

/// A cap needs the sum, and a seed that somebody chose.
matching::Chance cap_of(const std::string& chance, const matching::Objective& objective,
                        std::string_view objective_text, bool has_seed) {
    const auto cap = value_of("--pair-cap", parse_chance(chance));
    if (objective.rule != matching::Rule::sum) {
        throw CLI::ValidationError(
            "--pair-cap", fmt::format("found with --objective {}, expected --objective sum",
                                      text::shown(objective_text)));
    }
    if (!has_seed) {
        throw CLI::ValidationError("--pair-cap", "found without --seed, expected the seed of the "
                                                 "draw, such as --seed 7");
    }
    return cap;
}

void take_lottery(const AssignWords& words, AssignOptions& options) {
    if (!words.pair_cap) {
        if (words.marginals) {
            throw CLI::ValidationError(
                "--marginals", "found without --pair-cap, expected both; without a cap every pair "
                               "is certain");
        }
        return;
    }
    const auto cap =
        cap_of(*words.pair_cap, options.objective, words.objective, words.seed.has_value());
    options.lottery = LotteryOptions{
        .cap = cap, .marginals = words.marginals.value_or(marginals_beside(options.out))};
}

AssignOptions options_of(const AssignWords& words) {
    AssignOptions options = words.paths;
    take_scores(words, options);
    options.objective = value_of("--objective", parse_objective(words.objective));
    options.demand = count_option("--demand", words.demand, 1);
    options.capacity = count_option("--capacity", words.capacity, 0);
    if (words.min_load) {
        options.min_load = count_option("--min-load", *words.min_load, 0);
    }
    options.seed = whole_number<std::uint64_t>("--seed", words.seed.value_or("0"), 0, UINT64_MAX);
    options.threads = whole_number<unsigned>("--threads", words.threads, 1, most_threads);
    if (words.commitment) {
        value_of("--commitment", check_commitment(options.seed, *words.commitment));
    }
    take_lottery(words, options);
    return options;
}

/// Adds options that take a word: a name, where the word goes, what it is, what it is for.
auto adder_to(CLI::App& command) {
    return [&command](const char* name, auto& value, const char* type,
                      const std::string& description) {
        return command.add_option(name, value, description)->type_name(type);
    };
}

void add_options(CLI::App& command, AssignWords& words) {
    const auto add = adder_to(command);
    add("--scores", words.paths.scores, "FILE",
        "Scores of the allowed pairs, CSV or .npy; or --factors");
    add("--factors", words.factors, "U V",
        "In place of scores: .npy vectors of asks and of helpers")
        ->expected(2);
    add("--demand", words.demand, "N|FILE", "Places that an ask needs")->required();
    add("--capacity", words.capacity, "N|FILE", "Places that a helper has")->required();
    add("--min-load", words.min_load, "N|FILE", "Asks that a helper must get (default 0)");
    add("--conflicts", words.paths.conflicts, "FILE",
        "Pairs that are not allowed, CSV (default none)");
    add("--groups", words.paths.groups, "FILE", "Bounds on groups of people, CSV (default none)");
    add("--objective", words.objective, "NAME",
        "What is made largest: sum (default), leximin, maxmin or floor:X");
    add("--pair-cap", words.pair_cap, "Q",
        "Draw pairs, none more likely than Q, such as 1/3 (default no draw)");
    add("--seed", words.seed, "S",
        "Decides between equally good pairs (default 0); needed for a draw");
    add("--commitment", words.commitment, "HEX",
        "SHA-256 of the digits of the seed, to be checked (default none)");
    add("--threads", words.threads, "N",
        fmt::format("Changes the time, never the result (default here {})", words.threads));
    add("--out", words.paths.out, "FILE", "File for the pairs, CSV")->required();
    add("--marginals", words.marginals, "FILE",
        "File for the probabilities (default marginals.csv beside the pairs)");
    add("--certificate", words.paths.certificate, "FILE", "File for the proof, JSON")->required();
}

void add_assign(CLI::App& program, std::optional<Command>& chosen) {
    const auto words = std::make_shared<AssignWords>();
    CLI::App& command = *program.add_subcommand(
        "assign", "Pair asks with helpers: every demand in full, the best or fairest scores");
    add_options(command, *words);
    command.footer(std::string(help::assign_footer) + help::exit_codes);
    command.callback([words, &chosen] { chosen = options_of(*words); });
}

/// The options of `round` as written.
struct RoundWords {
    RoundOptions paths;
    std::optional<std::string> min_fit;
    std::optional<std::string> at;
    std::optional<std::string> seed;
    std::optional<std::string> objective;
    std::optional<std::string> pair_cap;
    std::optional<std::string> commitment;
    std::optional<std::string> min_load;
};

double fit_of(const std::string& text) {
    const auto fit = text::parse_double(text);
    if (!fit || *fit < 0 || *fit > limits::max_score) {
        throw CLI::ValidationError(
            "--min-fit", fmt::format("found \"{}\", expected a number from 0 to {}, such as 0.3",
                                     text::shown(text), limits::max_score));
    }
    return *fit;
}

Instant instant_of(const std::string& text) {
    const auto at = parse_instant(text);
    if (!at) {
        throw CLI::ValidationError("--at", at.error().message);
    }
    return *at;
}

/// What is made largest: leximin, or the sum where a cap makes the round a lottery.
void take_rule(const RoundWords& words, RoundOptions& options) {
    if (words.objective) {
        options.objective = value_of("--objective", parse_objective(*words.objective));
    }
    if (!words.pair_cap) {
        return;
    }
    if (!words.objective) {
        options.objective = {.rule = matching::Rule::sum};
    }
    options.pair_cap = cap_of(*words.pair_cap, options.objective, words.objective.value_or("sum"),
                              words.seed.has_value());
}

RoundOptions options_of(const RoundWords& words) {
    RoundOptions options = words.paths;
    if (words.min_fit) {
        options.min_fit = fit_of(*words.min_fit);
    }
    if (words.at) {
        options.at = instant_of(*words.at);
    }
    options.seed = whole_number<std::uint64_t>("--seed", words.seed.value_or("0"), 0, UINT64_MAX);
    take_rule(words, options);
    if (words.commitment) {
        value_of("--commitment", check_commitment(options.seed, *words.commitment));
    }
    if (words.min_load) {
        options.min_load = count_option("--min-load", *words.min_load, 0);
    }
    return options;
}

void add_options(CLI::App& command, RoundWords& words) {
    const auto add = adder_to(command);
    add("--offers", words.paths.offers, "FILE", "Who offers help, CSV")->required();
    add("--asks", words.paths.asks, "FILE", "Who asks for help, CSV")->required();
    add("--scores", words.paths.scores, "FILE", "Fit of your own, CSV");
    add("--conflicts", words.paths.conflicts, "FILE", "Pairs that are not made, CSV");
    add("--history", words.paths.history, "FILE", "Who declined or was paired before, CSV");
    add("--kinds", words.paths.kinds, "FILE", "Kinds of help of your own, CSV");
    add("--min-fit", words.min_fit, "X",
        fmt::format("Pairs of a lower fit are not made (default {}, or 0 with --scores)",
                    round::default_floor));
    add("--at", words.at, "INSTANT",
        "The round is for the ISO week (UTC) that holds this (default now)");
    add("--objective", words.objective, "NAME",
        "leximin, maxmin, floor:X or sum (default leximin, or sum with --pair-cap)");
    add("--pair-cap", words.pair_cap, "Q",
        "A lottery: no pair has a chance above this, such as 1/2; needs --seed");
    add("--min-load", words.min_load, "N|FILE", "How many asks each offer must get, or CSV id,n");
    add("--groups", words.paths.groups, "FILE", "Bounds on groups of asks or offers, CSV");
    add("--seed", words.seed, "S", "Decides between equally good pairs, and draws (default 0)");
    add("--commitment", words.commitment, "HEX",
        "Must be the SHA-256 of the digits of the seed, published before");
    add("--out", words.paths.out, "DIR", "Folder for the round")->required();
}

void add_round(CLI::App& program, std::optional<Command>& chosen) {
    const auto words = std::make_shared<RoundWords>();
    CLI::App& command = *program.add_subcommand(
        "round", "Hold a round: asks and offers in; pairs, letters and a report out");
    add_options(command, *words);
    command.footer(std::string(help::round_footer) + help::round_exit_codes);
    command.callback([words, &chosen] { chosen = options_of(*words); });
}

void add_why(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<WhyOptions>();
    CLI::App& command =
        *program.add_subcommand("why", "Explain one pairing of a round, or its absence");
    const auto add = adder_to(command);
    add("--round", options->round, "DIR", "Folder of the round")->required();
    add("--ask", options->ask, "ID", "An ask")->required();
    add("--helper", options->helper, "ID", "An offer");
    command.footer(std::string(help::why_footer) + help::why_exit_codes);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_verify(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<VerifyOptions>();
    const auto objective = std::make_shared<std::optional<std::string>>();
    CLI::App& command = *program.add_subcommand(
        "verify", "Check that no better pairs exist for the scores and places of a round");
    const auto add = adder_to(command);
    add("--round", options->round, "DIR", "Folder of the round")->required();
    add("--objective", *objective, "NAME",
        "leximin, maxmin, floor:X or sum; needed only where round.json is missing");
    add("--commitment", options->commitment, "HEX", "The commitment that was published before");
    command.footer(std::string(help::verify_footer) + help::verify_exit_codes);
    command.callback([options, objective, &chosen] {
        if (*objective) {
            options->objective = value_of("--objective", parse_objective(**objective));
        }
        if (options->commitment) {
            options->commitment = value_of("--commitment", parse_commitment(*options->commitment));
        }
        chosen = *options;
    });
}

struct DatesWords {
    std::optional<std::string> rule, start, cases, out, limit;
    DatesOptions one;
};

/// One rule or a file of them: half of each is neither.
Command options_of(const DatesWords& words) {
    const bool many = words.cases || words.out;
    const bool one = words.rule || words.start;
    if (many == one || (many && !(words.cases && words.out)) ||
        (one && !(words.rule && words.start))) {
        throw CLI::RequiredError("--rule and --start, or --cases and --out");
    }
    if (many) {
        if (words.one.zone || words.one.from || words.one.to || words.limit) {
            throw CLI::ValidationError("--cases",
                                       "zone, limit and window are not options of a file of cases");
        }
        return DateCasesOptions{.cases = *words.cases, .out = *words.out};
    }
    DatesOptions options = words.one;
    options.rule = *words.rule;
    options.start = *words.start;
    if (words.limit) {
        options.limit = whole_number<std::size_t>("--limit", *words.limit, 0, 1'000'000'000);
    }
    return options;
}

void add_dates(CLI::App& program, std::optional<Command>& chosen) {
    const auto words = std::make_shared<DatesWords>();
    CLI::App& command = *program.add_subcommand("dates", "Tell the dates of a recurrence rule");
    const auto add = adder_to(command);
    add("--rule", words->rule, "RRULE", "Such as FREQ=WEEKLY;BYDAY=TH");
    add("--start", words->start, "S", "First time, DTSTART");
    add("--zone", words->one.zone, "TZ", "Whose clock it is, such as Europe/London (default none)");
    add("--from", words->one.from, "S", "Only from then on (default the start)");
    add("--to", words->one.to, "S", "Only before then (default no end)");
    add("--limit", words->limit, "N",
        fmt::format("At most so many (default {})", default_date_limit));
    add("--cases", words->cases, "FILE", "Many rules, JSON Lines; with --out");
    add("--out", words->out, "FILE", "File for the answers to the cases, JSON Lines");
    command.footer(help::dates_footer);
    command.callback([words, &chosen] { chosen = options_of(*words); });
}

void add_calendar_check(CLI::App& calendar, std::optional<Command>& chosen) {
    const auto options = std::make_shared<CalendarCheckOptions>();
    CLI::App& command = *calendar.add_subcommand(
        "check", "Say what is wrong with a calendar, and what clients will do with it");
    adder_to(command)("FILE", options->file, "", "A calendar, .ics")->required();
    command.footer(help::check_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_calendar_list(CLI::App& calendar, std::optional<Command>& chosen) {
    const auto options = std::make_shared<CalendarListOptions>();
    CLI::App& command = *calendar.add_subcommand("list", "List the meetings of a calendar");
    const auto add = adder_to(command);
    add("FILE", options->file, "", "A calendar, .ics")->required();
    add("--from", options->from, "S", "Only meetings from then on (default the first)");
    add("--to", options->to, "S",
        "Only before then (default a year, or all if none goes on for ever)");
    add("--zone", options->zone, "TZ", "Whose clock is told, such as Europe/Paris (default UTC)");
    command.footer(help::list_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_calendar_reanchor(CLI::App& calendar, std::optional<Command>& chosen) {
    const auto options = std::make_shared<CalendarReanchorOptions>();
    CLI::App& command = *calendar.add_subcommand(
        "reanchor", "Write meetings at an hour of UTC anew at an hour of their zone");
    const auto add = adder_to(command);
    add("FILE", options->file, "", "A calendar, .ics")->required();
    add("--zone", options->zone, "TZ", "The zone that they mean, such as Europe/Paris")->required();
    add("--out", options->out, "FILE", "File for the calendar (default stdout)");
    command.footer(help::reanchor_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_calendar(CLI::App& program, std::optional<Command>& chosen) {
    CLI::App& calendar =
        *program.add_subcommand("calendar", "Check, list and mend iCalendar files");
    calendar.require_subcommand(1);
    calendar.footer(help::calendar_footer);
    add_calendar_check(calendar, chosen);
    add_calendar_list(calendar, chosen);
    add_calendar_reanchor(calendar, chosen);
}

void add_serve(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<ServeOptions>();
    CLI::App& command = *program.add_subcommand("serve", "Serve the pages of a collective");
    const auto add = adder_to(command);
    add("--data", options->data, "DIR",
        "Folder for the database (default $STATE_DIRECTORY, or allotment in your data folder)");
    add("--store", options->store, "URL",
        "sqlite:FILE or postgres://... (default sqlite:DIR/allotment.sqlite)");
    add("--listen", options->listen, "HOST:PORT",
        "Where to listen; port 0 lets the system pick one (default localhost:8080)");
    add("--origin", options->origin, "URL",
        "How browsers reach it from outside, such as https://lab.example");
    add("--proxy", options->proxies, "ADDRESS",
        "A proxy in front that may say for whom it asks; may be given several times");
    add("--mail", options->mail, "URL",
        "Mail server: smtps://NAME@HOST, or smtp://HOST:PORT with STARTTLS (default: nothing is "
        "sent)");
    add("--mail-from", options->mail_from, "ADDRESS", "Whom mail comes from; needed with --mail");
    add("--mail-password-file", options->mail_password, "FILE",
        "Holds the password of NAME (default $ALLOTMENT_MAIL_PASSWORD)");
    add("--metrics-key", options->metrics_key, "FILE",
        "A key in a file, with which /metrics may be read from elsewhere");
    command.add_flag("--hooks-to-private", options->hooks_to_private,
                     "Let hosts post to addresses of private networks too, there also over http");
    command.add_flag("--demo", options->demo,
                     "Begin with a collective of invented people; print a link to sign in");
    command.footer(help::serve_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_mail_in(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<MailInOptions>();
    CLI::App& command = *program.add_subcommand(
        "mail-in", "Read one mail that came to the address of the server, on standard input");
    const auto add = adder_to(command);
    add("--data", options->data, "DIR",
        "Folder of the database (default $STATE_DIRECTORY, or allotment in your data folder)");
    add("--store", options->store, "URL",
        "sqlite:FILE or postgres://... (default sqlite:DIR/allotment.sqlite)");
    command.footer(help::mail_in_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

void add_demo(CLI::App& program, std::optional<Command>& chosen) {
    const auto options = std::make_shared<DemoOptions>();
    CLI::App& command =
        *program.add_subcommand("demo", "Make a collective of invented people, to look at");
    const auto add = adder_to(command);
    add("--data", options->data, "DIR",
        "Folder for the database (default $STATE_DIRECTORY, or allotment in your data folder)");
    add("--store", options->store, "URL",
        "sqlite:FILE or postgres://... (default sqlite:DIR/allotment.sqlite)");
    command.footer(help::demo_footer);
    command.callback([options, &chosen] { chosen = *options; });
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
    const auto nearest = text::nearest_word(word, known);
    return nearest ? fmt::format("; did you mean {}?", *nearest) : "";
}

std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const auto& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

std::vector<std::string> command_names(const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands({})) {
        names.push_back(command->get_name());
    }
    return names;
}

/// What is said of an option that `command` does not have, if there is one.
std::optional<std::string> unknown_option(const CLI::App& command,
                                          std::span<const std::string> words) {
    const auto options = option_names(command);
    for (const auto& word : words) {
        const std::string option = word.substr(0, word.find('='));
        if (option.starts_with("--") && option.size() > 2 &&
            std::ranges::find(options, option) == options.end()) {
            return fmt::format("unknown option {}{}", text::shown(option),
                               did_you_mean(option, options));
        }
    }
    return std::nullopt;
}

/// What is said of the first word that is no command or no option, if there is one. A command may
/// have commands of its own.
std::optional<std::string> unknown_word(const CLI::App& program,
                                        std::span<const std::string> words) {
    const auto is_option = [](const std::string& word) { return word.starts_with('-'); };
    const CLI::App* command = &program;
    auto rest = words;
    while (true) {
        const auto commands = command_names(*command);
        const auto name = std::ranges::find_if_not(rest, is_option);
        if (commands.empty() || (name == rest.end() && !rest.empty())) {
            return unknown_option(*command, words);
        }
        if (rest.empty()) {
            return fmt::format("found no command{}, expected {}",
                               command == &program ? "" : " after " + command->get_name(),
                               fmt::join(commands, " or "));
        }
        if (std::ranges::find(commands, *name) == commands.end()) {
            return fmt::format("found the command \"{}\", expected {}{}", text::shown(*name),
                               fmt::join(commands, " or "), did_you_mean(*name, commands));
        }
        command = command->get_subcommand(*name);
        rest = rest.subspan(static_cast<std::size_t>(name - rest.begin()) + 1);
    }
}

/// The command that the words got as far as, for "see ... --help".
std::string reached(const CLI::App& program) {
    std::string words = "allotment";
    auto parsed = program.get_subcommands();
    while (!parsed.empty()) {
        words += " " + parsed.front()->get_name();
        parsed = parsed.front()->get_subcommands();
    }
    return words;
}

Reply reply_to(const CLI::App& program, const CLI::ParseError& error,
               std::span<const std::string> words) {
    if (error.get_exit_code() == 0) { // --help and --version are errors to CLI11
        std::ostringstream out;
        program.exit(error, out, out);
        return {out.str(), ExitCode::done};
    }
    return {fmt::format("{}\nSee \"{} --help\".\n",
                        unknown_word(program, words).value_or(error.what()), reached(program)),
            ExitCode::invalid};
}

} // namespace

std::expected<Command, Reply> parse_command_line(std::span<const std::string> words) {
    std::optional<Command> chosen;
    CLI::App program("Allots scarce help to the people who asked: exactly, with a proof.",
                     "allotment");
    program.set_version_flag("--version", "allotment " ALLOTMENT_VERSION);
    program.set_help_flag("--help,-h", "Say what can be written here");
    program.require_subcommand(1);
    program.footer(std::string(help::program_footer) + help::exit_codes);
    add_serve(program, chosen);
    add_demo(program, chosen);
    add_mail_in(program, chosen);
    add_keeping(program, chosen);
    add_round(program, chosen);
    add_why(program, chosen);
    add_verify(program, chosen);
    add_assign(program, chosen);
    add_dates(program, chosen);
    add_calendar(program, chosen);
    try {
        std::vector<std::string> reversed(words.rbegin(), words.rend()); // as CLI11 wants them
        program.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        return std::unexpected(reply_to(program, error, words));
    }
    if (!chosen) { // a command without a callback
        return std::unexpected(Reply{program.help(), ExitCode::invalid});
    }
    return *std::move(chosen);
}

} // namespace allot::app
