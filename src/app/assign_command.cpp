#include "app/assign_command.hpp"

#include "app/assign_report.hpp"
#include "app/files.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
}

std::int64_t peak_rss_bytes() {
    struct rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{usage.ru_maxrss} * 1024; // Linux counts kibibytes
}

std::vector<std::string> inputs_of(const AssignOptions& options) {
    std::vector<std::string> paths;
    if (options.factors) {
        paths.assign(options.factors->begin(), options.factors->end());
    } else {
        paths.push_back(options.scores);
    }
    const auto add_count = [&](const CountOption& count) {
        if (const auto* path = std::get_if<std::string>(&count)) {
            paths.push_back(*path);
        }
    };
    add_count(options.demand);
    add_count(options.capacity);
    if (options.min_load) {
        add_count(*options.min_load);
    }
    for (const auto* path : {&options.conflicts, &options.groups}) {
        if (*path) {
            paths.push_back(**path);
        }
    }
    return paths;
}

/// A file to be written, and the option that names it.
struct Output {
    const char* option;
    std::string path;
};

std::vector<Output> outputs_of(const AssignOptions& options) {
    std::vector<Output> outputs{{"--out", options.out}, {"--certificate", options.certificate}};
    if (options.lottery) {
        outputs.push_back({"--marginals", options.lottery->marginals});
    }
    return outputs;
}

Result<void> check_different(const std::vector<Output>& outputs) {
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        for (std::size_t other = 0; other < k; ++other) {
            if (is_same_file(outputs[other].path, outputs[k].path)) {
                return fail(ErrorKind::invalid,
                            fmt::format("{} and {}: found one file for both ({}), expected two",
                                        outputs[other].option, outputs[k].option,
                                        outputs[other].path));
            }
        }
    }
    return {};
}

/// What would be found out too late after long work.
Result<void> check_outputs(const AssignOptions& options) {
    const auto outputs = outputs_of(options);
    for (const auto& output : outputs) {
        TRY_DO(check_output_file(output.path));
    }
    TRY_DO(check_different(outputs));
    for (const auto& input : inputs_of(options)) {
        for (const auto& output : outputs) {
            TRY_DO(check_not_input(input, output.path));
        }
    }
    return {};
}

/// The pairs, or a draw of them; or why there are none.
struct Solved {
    matching::Allotment allotment;
    std::optional<matching::Lottery> lottery;
    std::optional<NoPairs> none;
};

NoPairs no_pairs(const AssignOptions& options, const AssignInput& input,
                 std::vector<matching::Shortage> shortages) {
    NoPairs none;
    none.shortages = in_output_order(std::move(shortages), input.asks, input.helpers);
    const auto cap = options.lottery ? std::optional(options.lottery->cap) : std::nullopt;
    none.reason = words_of(none.shortages, input, options.objective, cap);
    return none;
}

/// Where levels stop at a minimum load, the flow of the sum tells whose it is.
Result<NoPairs> explain(const AssignOptions& options, const AssignInput& input,
                        matching::Options how, const Error& error) {
    const auto floor = options.objective.floor;
    how.objective = {};
    TRY(auto sum,
        matching::allot(floor > 0 ? at_least(input.rows, floor) : input.rows, input.sides, how));
    if (sum.shortages.empty()) {
        return NoPairs{.reason = error.message, .shortages = {}, .worst_bound = {}};
    }
    return no_pairs(options, input, std::move(sum.shortages));
}

/// Leximin among groups comes without a bound of its sum; that of no rule holds too.
Result<void> bound_sum(const AssignInput& input, matching::Options how,
                       matching::Allotment& allotment) {
    const bool is_bare = how.objective.rule == matching::Rule::leximin &&
                         !input.sides.groups.empty() && allotment.shortages.empty();
    if (is_bare) {
        how.objective = {};
        TRY(const auto sum, matching::allot(input.rows, input.sides, how));
        allotment.certificate.bound = sum.certificate.bound;
    }
    return {};
}

Result<Solved> allot_pairs(const AssignOptions& options, const AssignInput& input,
                           const matching::Options& how) {
    Solved solved;
    auto found = matching::allot(input.rows, input.sides, how);
    if (!found && found.error().kind == ErrorKind::infeasible) {
        TRY(solved.none, explain(options, input, how, found.error()));
        return solved;
    }
    TRY(solved.allotment, std::move(found));
    TRY_DO(bound_sum(input, how, solved.allotment));
    const auto& fairness = solved.allotment.fairness;
    if (!solved.allotment.shortages.empty()) {
        solved.none = no_pairs(options, input, solved.allotment.shortages);
    } else if (fairness && fairness->floor == matching::FloorOutcome::impossible) {
        solved.none = NoPairs{.reason = floor_words(options.objective.floor, fairness->worst_bound),
                              .shortages = {},
                              .worst_bound = fairness->worst_bound};
    }
    return solved;
}

Result<Solved> draw_pairs(const AssignOptions& options, const AssignInput& input,
                          const matching::Options& how) {
    Solved solved;
    TRY(solved.lottery,
        matching::draw_lottery(input.rows, input.sides, options.lottery->cap, options.seed, how));
    if (const auto& shortages = solved.lottery->odds.shortages; !shortages.empty()) {
        solved.none = no_pairs(options, input, shortages);
    }
    return solved;
}

Result<Solved> solve(const AssignOptions& options, const AssignInput& input,
                     ProgressLine& progress) {
    const matching::Options how{.objective = options.objective,
                                .threads = options.threads,
                                .order = input.order,
                                .keep_going = [&](matching::Progress at) {
                                    progress.show("allotting", at.done, at.total, "asks");
                                    return !interrupt::requested();
                                }};
    auto solved =
        options.lottery ? draw_pairs(options, input, how) : allot_pairs(options, input, how);
    if (interrupt::requested()) {
        return interrupt::failure();
    }
    return solved;
}

Result<Outcome> write_allotment(const AssignOptions& options, const AssignInput& input,
                                const matching::Allotment& allotment, const Spent& spent) {
    TRY(auto pairs, PendingFile::write(options.out, pairs_csv(input, allotment.pairs)));
    TRY(auto certificate,
        PendingFile::write(options.certificate,
                           certificate_json(input, options.objective, allotment, spent)));
    TRY_DO(interrupt::check()); // the last moment at which nothing has changed
    TRY_DO(pairs.commit());
    TRY_DO(certificate.commit());
    return Outcome{.words = fmt::format("{}\nPairs: {}\nCertificate: {}\n",
                                        summary_of(options.objective, input, allotment),
                                        options.out, options.certificate)};
}

Result<Outcome> write_draw(const AssignOptions& options, const AssignInput& input,
                           const matching::Lottery& lottery, const Spent& spent) {
    const std::string& path = options.lottery->marginals;
    TRY(auto pairs, PendingFile::write(options.out, pairs_csv(input, lottery.pairs)));
    TRY(auto marginals, PendingFile::write(path, marginals_csv(input, lottery.odds)));
    TRY(auto certificate,
        PendingFile::write(options.certificate, lottery_json(input, lottery, options.seed, spent)));
    TRY_DO(interrupt::check()); // the last moment at which nothing has changed
    TRY_DO(pairs.commit());
    TRY_DO(marginals.commit());
    TRY_DO(certificate.commit());
    return Outcome{.words = fmt::format("{}\nPairs: {}\nMarginals: {}\nCertificate: {}\n",
                                        summary_of(lottery, options.seed), options.out, path,
                                        options.certificate)};
}

/// Always an error: `infeasible`, once its reason is on the disk.
Result<Outcome> write_shortage(const AssignOptions& options, const AssignInput& input,
                               const NoPairs& none, const Spent& spent) {
    const auto cap = options.lottery ? std::optional(options.lottery->cap) : std::nullopt;
    TRY(auto certificate,
        PendingFile::write(options.certificate,
                           shortage_json(input, options.objective, cap, none, spent)));
    TRY_DO(interrupt::check());
    TRY_DO(remove_file(options.out));
    if (options.lottery) {
        TRY_DO(remove_file(options.lottery->marginals));
    }
    TRY_DO(certificate.commit());
    return fail(ErrorKind::infeasible,
                fmt::format("{}.\nNo pairs were written; the reason is in {}", none.reason,
                            options.certificate));
}

} // namespace

Result<Outcome> run_assign(const AssignOptions& options, Clock::time_point began) {
    TRY_DO(check_outputs(options));
    ProgressLine progress(STDERR_FILENO);
    progress.show(fmt::format("reading {}", inputs_of(options).front()));
    TRY(const auto input, read_assign_input(options));
    TRY_DO(interrupt::check());
    const auto solve_began = Clock::now();
    TRY(const auto solved, solve(options, input, progress));
    const Spent spent{.seconds = seconds_since(began),
                      .solve_seconds = seconds_since(solve_began),
                      .peak_rss_bytes = peak_rss_bytes()};
    progress.erase();
    if (solved.none) {
        return write_shortage(options, input, *solved.none, spent);
    }
    return solved.lottery ? write_draw(options, input, *solved.lottery, spent)
                          : write_allotment(options, input, solved.allotment, spent);
}

} // namespace allot::app
