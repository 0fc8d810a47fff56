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
    std::vector<std::string> paths{options.scores};
    for (const auto* count : {&options.demand, &options.capacity}) {
        if (const auto* path = std::get_if<std::string>(count)) {
            paths.push_back(*path);
        }
    }
    if (options.conflicts) {
        paths.push_back(*options.conflicts);
    }
    return paths;
}

/// What would be found out too late after long work.
Result<void> check_outputs(const AssignOptions& options) {
    TRY_DO(check_output_file(options.out));
    TRY_DO(check_output_file(options.certificate));
    if (is_same_file(options.out, options.certificate)) {
        return fail(ErrorKind::invalid,
                    fmt::format("--out and --certificate: found one file for both ({}), expected "
                                "two",
                                options.out));
    }
    for (const auto& input : inputs_of(options)) {
        for (const auto* output : {&options.out, &options.certificate}) {
            if (is_same_file(input, *output)) {
                return fail(
                    ErrorKind::invalid,
                    fmt::format("{}: found as input and as output, expected two files", *output));
            }
        }
    }
    return {};
}

Result<matching::Allotment> solve(const AssignInput& input, unsigned threads,
                                  ProgressLine& progress) {
    const auto keep_going = [&](matching::Progress at) {
        progress.show("allotting", at.done, at.total, "asks");
        return !interrupt::requested();
    };
    auto allotment =
        matching::allot(input.rows, input.sides,
                        {.threads = threads, .order = input.order, .keep_going = keep_going});
    if (interrupt::requested()) {
        return interrupt::failure();
    }
    return allotment;
}

Result<Outcome> write_allotment(const AssignOptions& options, const AssignInput& input,
                                const matching::Allotment& allotment, const Spent& spent) {
    TRY(auto pairs, PendingFile::write(options.out, pairs_csv(input, allotment)));
    TRY(auto certificate,
        PendingFile::write(options.certificate, certificate_json(input, allotment, spent)));
    TRY_DO(interrupt::check()); // the last moment at which nothing has changed
    TRY_DO(pairs.commit());
    TRY_DO(certificate.commit());
    return Outcome{.words = fmt::format("{}\nPairs: {}\nCertificate: {}\n", summary_of(allotment),
                                        options.out, options.certificate)};
}

/// Always an error: `infeasible`, once its reason is on the disk.
Result<Outcome> write_shortage(const AssignOptions& options, const AssignInput& input,
                               const matching::Allotment& allotment, const Spent& spent) {
    const auto shortages = in_output_order(allotment.shortages, input.asks, input.helpers);
    TRY(auto certificate,
        PendingFile::write(options.certificate, shortage_json(input, shortages, spent)));
    TRY_DO(interrupt::check());
    TRY_DO(remove_file(options.out));
    TRY_DO(certificate.commit());
    return fail(ErrorKind::infeasible,
                fmt::format("{}.\nNo pairs were written; the reason is in {}",
                            words_of(shortages, input.asks, input.helpers), options.certificate));
}

} // namespace

Result<Outcome> run_assign(const AssignOptions& options, Clock::time_point began) {
    TRY_DO(check_outputs(options));
    ProgressLine progress(STDERR_FILENO);
    progress.show(fmt::format("reading {}", options.scores));
    TRY(const auto input, read_assign_input(options));
    TRY_DO(interrupt::check());
    const auto solve_began = Clock::now();
    TRY(const auto allotment, solve(input, options.threads, progress));
    const Spent spent{.seconds = seconds_since(began),
                      .solve_seconds = seconds_since(solve_began),
                      .peak_rss_bytes = peak_rss_bytes()};
    progress.erase();
    return allotment.shortages.empty() ? write_allotment(options, input, allotment, spent)
                                       : write_shortage(options, input, allotment, spent);
}

} // namespace allot::app
