// script/bench allot [--large | --huge]
// Our engine and LEMON's network simplex on the same files, each run in a process of its own, one
// after the other; then what has no peer: a round of 200 people, fair objectives, one change in a
// solved round. Ratios are theirs by ours. Fails when the two disagree. --huge: 10^10 implied pairs
// instead.
#include "base/random.hpp"
#include "bench/allot/instances.hpp"
#include "bench/allot/process.hpp"
#include "engine/allot/session.hpp"
#include "engine/calendar/zone.hpp"
#include "formats/npy.hpp"
#include "round/words.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace {

using namespace allot;
using matching::Index;

struct Line {
    std::string name;
    Index size;
    int demand;
    int capacity;
    bool sparse;
    bool large;
};

/// Demand 3 everywhere, as in the anchors of the plan; "tight" has not one place to spare.
const std::vector<Line>& lines() {
    static const std::vector<Line> all{
        {"dense 1k", 1000, 3, 6, false, false},
        {"dense 5k", 5000, 3, 6, false, false},
        {"dense 5k tight", 5000, 3, 3, false, false},
        {"dense 10k", 10000, 3, 6, false, true},
        {"sparse 100k, 50 each", 100000, 3, 6, true, true},
    };
    return all;
}

constexpr std::uint64_t seed = 1;
constexpr int candidates = 50;

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ALLOT_CHECK(file.good(), "an instance can be written");
}

/// The file of an instance; written once.
std::filesystem::path instance_of(const Line& line, const std::filesystem::path& folder) {
    const auto path = folder / fmt::format("{}-{}.{}", line.sparse ? "sparse" : "dense", line.size,
                                           line.sparse ? "csv" : "npy");
    if (std::filesystem::exists(path)) {
        return path;
    }
    if (line.sparse) {
        std::string text = "ask,helper,score\n";
        for (const auto& pair : bench::sparse_scores(line.size, line.size, candidates, seed)) {
            fmt::format_to(std::back_inserter(text), "{},{},{}.{:06}\n", pair.ask, pair.helper,
                           pair.score / 1'000'000, pair.score % 1'000'000);
        }
        write_file(path, text);
    } else {
        const auto scores = bench::dense_scores(line.size, line.size, seed);
        write_file(path, formats::write_npy(scores, line.size, line.size));
    }
    return path;
}

struct Measured {
    bench::Finished process;
    double solve_seconds = 0;
    std::int64_t objective = -1;
};

Measured run_ours(const Line& line, const std::filesystem::path& instance,
                  const std::filesystem::path& folder) {
    const auto certificate = folder / "certificate.json";
    Measured m{
        .process = bench::run_process(
            {ALLOTMENT_PROGRAM, "assign", "--scores", instance.string(), "--demand",
             std::to_string(line.demand), "--capacity", std::to_string(line.capacity), "--out",
             (folder / "pairs.csv").string(), "--certificate", certificate.string()})};
    if (m.process.exit_code == 0) {
        const std::ifstream file(certificate);
        std::stringstream text;
        text << file.rdbuf();
        const auto json = boost::json::parse(text.str());
        ALLOT_CHECK(json.at("proved").as_bool(), "every run is proved");
        m.objective = json.at("objective_micro").as_int64();
        m.solve_seconds = json.at("solve_seconds").to_number<double>();
    }
    return m;
}

Measured run_lemon(const Line& line, const std::filesystem::path& instance) {
    Measured m{.process = bench::run_process({ALLOTMENT_LEMON_PEER, line.sparse ? "csv" : "npy",
                                              instance.string(), std::to_string(line.demand),
                                              std::to_string(line.capacity)})};
    if (m.process.exit_code == 0) {
        std::istringstream words(m.process.output);
        words >> m.objective >> m.solve_seconds;
    }
    return m;
}

double megabytes(std::int64_t bytes) {
    return static_cast<double>(bytes) / 1e6;
}

bool compare(const Line& line, const std::filesystem::path& folder) {
    const auto instance = instance_of(line, folder);
    const auto ours = run_ours(line, instance, folder);
    const auto lemon = run_lemon(line, instance);
    fmt::print("| {:20} | {:7.3f} | {:8.3f} | {:6.1f} | {:7.3f} | {:8.3f} | {:6.1f} | {:6.0f} | "
               "{:6.0f} | {:6.0f} | {:6.1f} |\n",
               line.name, ours.solve_seconds, lemon.solve_seconds,
               lemon.solve_seconds / ours.solve_seconds, ours.process.wall_seconds,
               lemon.process.wall_seconds, lemon.process.wall_seconds / ours.process.wall_seconds,
               megabytes(static_cast<std::int64_t>(std::filesystem::file_size(instance))),
               megabytes(ours.process.peak_rss_bytes), megabytes(lemon.process.peak_rss_bytes),
               static_cast<double>(lemon.process.peak_rss_bytes) /
                   static_cast<double>(ours.process.peak_rss_bytes));
    std::fflush(stdout);
    if (ours.objective != lemon.objective || ours.objective < 0) {
        fmt::print("the two disagree: ours {}, LEMON {} (exit codes {} and {})\n", ours.objective,
                   lemon.objective, ours.process.exit_code, lemon.process.exit_code);
        return false;
    }
    return true;
}

double milliseconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
        .count();
}

/// A round of `people`, half of whom ask: kinds with hours, three zones, skewed topics.
round::Inputs invented_round(int people, Random& random) {
    const auto zone = std::make_shared<const calendar::Zone>(calendar::Zone::utc());
    const auto topic = [&] {
        const double u = random.unit();
        return round::word("topic-" + std::to_string(static_cast<int>(u * u * 40)));
    };
    const auto entry = [&](round::Entry& e, const std::string& id) {
        e.id = id;
        e.person = "person-" + id;
        e.minutes = 30;
        e.topics = {topic(), topic(), topic()};
        e.languages = {round::word("English")};
        const auto hour = 8 + random.below(12);
        const auto windows =
            calendar::parse_weekly(fmt::format("Mon-Fri {}:00-{}:00", hour, hour + 2));
        e.hours = {.zone = zone, .windows = *windows};
    };
    round::Inputs inputs;
    for (int k = 0; k < people / 2; ++k) {
        round::Offer offer;
        entry(offer, "o" + std::to_string(k));
        offer.kinds = {"conversation", "debugging"};
        offer.places = 1 + static_cast<int>(random.below(2));
        inputs.offers.push_back(std::move(offer));
        round::Ask ask;
        entry(ask, "a" + std::to_string(k));
        ask.kind = random.below(2) == 0 ? "conversation" : "debugging";
        ask.waited = static_cast<int>(random.below(4));
        inputs.asks.push_back(std::move(ask));
    }
    return inputs;
}

void time_round(int people) {
    constexpr int times = 51;
    Random random(seed);
    const auto inputs = invented_round(people, random);
    const round::Kinds kinds;
    std::vector<double> milliseconds;
    std::size_t reasons = 0;
    for (int k = 0; k < times; ++k) {
        auto copy = inputs;
        const auto began = std::chrono::steady_clock::now();
        const auto held =
            round::hold_round(std::move(copy), {.at = *parse_instant("2027-01-14")}, kinds);
        ALLOT_CHECK(held && held->allotment.certificate.proved(), "the round is proved");
        for (const auto& pairing : held->pairings) {
            reasons += round::reasons_of(*held, pairing).size();
        }
        for (const auto& waiting : held->waiting) {
            reasons += round::why_in_words(*held, waiting).size();
        }
        milliseconds.push_back(milliseconds_since(began));
    }
    ALLOT_CHECK(reasons > 0, "there are reasons");
    std::ranges::sort(milliseconds);
    fmt::print("\nA round of {} people with reasons: {:.2f} ms (median of {}, {:.2f} to {:.2f})\n",
               people, milliseconds[times / 2], times, milliseconds.front(), milliseconds.back());
}

/// Declines in a solved round: held pairs chosen at random become impossible, one after another.
void time_changes(Index size) {
    constexpr int times = 201;
    const auto scores = bench::dense_scores(size, size, seed);
    auto session = matching::Session::start(
        matching::DenseRows<float>(size, size, scores),
        {.demand = std::vector(static_cast<std::size_t>(size), matching::Count{3}),
         .places = std::vector(static_cast<std::size_t>(size), matching::Count{6})});
    ALLOT_CHECK(session.has_value(), "the instance can be solved");
    Random random(seed);
    std::vector<double> milliseconds;
    for (int k = 0; k < times; ++k) {
        const auto pairs = session->pairs();
        const auto& pair = pairs[random.below(pairs.size())];
        const auto began = std::chrono::steady_clock::now();
        const auto change = session->forbid(pair.ask, pair.helper);
        milliseconds.push_back(milliseconds_since(began));
        ALLOT_CHECK(change.proved, "every change is proved");
    }
    ALLOT_CHECK(session->check_all().proved(), "all changes together are proved");
    std::ranges::sort(milliseconds);
    fmt::print(
        "\nOne decline in a solved round of {} x {}, proof included: {:.2f} ms (median of {}, "
        "{:.2f} to {:.2f})\n",
        size, size, milliseconds[times / 2], times, milliseconds.front(), milliseconds.back());
}

/// The fair objectives on dense scores, proof included; `demand` 1 by levels, more by bounds.
void time_fair(const char* name, Index size, const std::vector<float>& scores,
               matching::Count demand, matching::Rule rule) {
    const auto side = static_cast<std::size_t>(size);
    const auto began = std::chrono::steady_clock::now();
    const auto found =
        matching::allot(matching::DenseRows<float>(size, size, scores),
                        {.demand = std::vector(side, demand), .places = std::vector(side, demand)},
                        {.objective = {.rule = rule}, .threads = 2});
    const double milliseconds = milliseconds_since(began);
    ALLOT_CHECK(found && found->fairness, "the instance can be solved");
    fmt::print("| {:36} | {:8.1f} | {:9.6f} | {:9.6f} | {:6} |\n", name, milliseconds,
               static_cast<double>(found->fairness->worst) / 1e6,
               static_cast<double>(found->fairness->worst_bound) / 1e6,
               found->fairness->proved ? "yes" : "no");
    std::fflush(stdout);
}

std::vector<float> random_scores(Index size) {
    Random random(seed);
    std::vector<float> scores(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
    std::ranges::generate(scores, [&] { return static_cast<float>(random.unit()); });
    return scores;
}

void time_all_fair() {
    using matching::Rule;
    fmt::print("\n| {:36} | ms       | worst     | bound     | proved |\n|{:-<38}|{:-<10}|{:-<11}"
               "|{:-<11}|{:-<8}|\n",
               "fair objectives, not a place to spare", "", "", "", "", "");
    for (const Index size : {200, 1000}) {
        const auto alike = bench::dense_scores(size, size, seed);
        const auto random = random_scores(size);
        time_fair(fmt::format("leximin {}, affinity", size).c_str(), size, alike, 1, Rule::leximin);
        time_fair(fmt::format("leximin {}, random", size).c_str(), size, random, 1, Rule::leximin);
        time_fair(fmt::format("maxmin {}, affinity", size).c_str(), size, alike, 1, Rule::maxmin);
        time_fair(fmt::format("maxmin {}, affinity, demand 3", size).c_str(), size, alike, 3,
                  Rule::maxmin);
    }
}

/// Scores that are never written down, with their certificate.
int run_huge() {
    constexpr Index size = 100'000;
    constexpr auto side = static_cast<std::size_t>(size);
    auto [u, v] = bench::factors(size, size, seed);
    const auto began = std::chrono::steady_clock::now();
    const auto found = matching::allot(matching::FactorRows(size, size, std::move(u), std::move(v)),
                                       {.demand = std::vector(side, matching::Count{3}),
                                        .places = std::vector(side, matching::Count{6})},
                                       {.threads = 2});
    const double seconds = milliseconds_since(began) / 1e3;
    ALLOT_CHECK(found && found->certificate.proved(), "the instance is proved");
    fmt::print("{0} x {0} from 32 factors, demand 3, capacity 6: {1:.1f} s on two threads with its "
               "certificate, peak {2:.0f} MB\n",
               size, seconds, megabytes(bench::own_peak_rss_bytes()));
    return 0;
}

int run(bool large) {
    const auto folder = std::filesystem::absolute("build/bench");
    std::filesystem::create_directories(folder);
    fmt::print(
        "Seconds and MB (1e6 bytes); demand 3; ratios are LEMON by ours.\n\n"
        "| {:20} | solve   | LEMON    | ratio  | whole   | LEMON    | ratio  | input  | peak   "
        "| LEMON  | ratio  |\n|{:-<22}|{:-<9}|{:-<10}|{:-<8}|{:-<9}|{:-<10}|{:-<8}|{:-<8}|{:-<8}"
        "|{:-<8}|{:-<8}|\n",
        "instance", "", "", "", "", "", "", "", "", "", "", "");
    bool agree = true;
    for (const Line& line : lines()) {
        if (!line.large || large) {
            agree = compare(line, folder) && agree;
        }
    }
    time_round(200);
    time_all_fair();
    time_changes(large ? 10'000 : 1'000);
    return agree ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (argc > 2 || (!option.empty() && option != "--large" && option != "--huge")) {
        std::fputs("usage: allot_bench [--large | --huge]\n", stderr);
        return 2;
    }
    try {
        return option == "--huge" ? run_huge() : run(option == "--large");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
