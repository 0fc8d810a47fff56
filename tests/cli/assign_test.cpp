// The contract of `allotment assign`, a line of it a test. See docs/cli.md.
#include "base/random.hpp"
#include "formats/npy.hpp"
#include "tests/cli/program.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <map>
#include <numeric>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace allot;
using tests::Folder;
using tests::run;
using tests::Running;

namespace {

using Words = std::vector<std::string>;

/// `assign` with the usual names of files, and more.
Words assign(const Words& more, const std::string& scores = "scores.csv") {
    Words words{"assign", "--scores", scores, "--out", "pairs.csv", "--certificate", "cert.json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

Words assign(const std::string& scores, const std::string& demand, const std::string& capacity) {
    return assign({"--demand", demand, "--capacity", capacity}, scores);
}

boost::json::object certificate(const Folder& folder) {
    return boost::json::parse(folder.content("cert.json")).as_object();
}

/// The one place of help that three asks want; helpers x and y.
constexpr std::string_view small = "ask,helper,score\n"
                                   "a,x,0.5\n"
                                   "a,y,0.25\n"
                                   "b,x,0.9\n"
                                   "c,x,1e-3\n"
                                   "c,y,.75\n";

void put_old_outputs(const Folder& folder) {
    folder.put("pairs.csv", "old pairs");
    folder.put("cert.json", "old certificate");
}

void check_old_outputs(const Folder& folder) {
    CHECK(folder.content("pairs.csv") == "old pairs");
    CHECK(folder.content("cert.json") == "old certificate");
}

/// Refused with exit code 2 and this on stderr; what was there before is untouched.
void check_refused(const Folder& folder, const Words& words, const std::string& expected) {
    const auto before = folder.names();
    const auto finished = run(folder, words);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK_MESSAGE(finished.err.contains(expected), finished.err);
    CHECK(folder.names() == before);
}

std::vector<double> random_scores(std::size_t n, std::uint64_t seed) {
    Random random(seed);
    std::vector<double> scores(n);
    std::ranges::generate(scores, [&] { return random.unit(); });
    return scores;
}

/// Every pair of a matrix as a line of CSV; negative values have none.
Words csv_lines(const std::vector<double>& scores, std::size_t helpers) {
    Words lines;
    for (std::size_t k = 0; k < scores.size(); ++k) {
        if (scores[k] >= 0) {
            lines.push_back(fmt::format("{},{},{}\n", k / helpers, k % helpers, scores[k]));
        }
    }
    return lines;
}

std::string csv_of(const Words& lines) {
    return fmt::format("ask,helper,score\n{}", fmt::join(lines, ""));
}

template <class T>
std::string npy_of(const std::vector<T>& values, std::size_t rows) {
    return formats::write_npy(std::span<const T>(values), static_cast<std::int64_t>(rows),
                              static_cast<std::int64_t>(values.size() / rows));
}

/// The same matrix, column after column. `rows` and columns have two digits each.
std::string fortran_npy_of(const std::vector<double>& values, std::size_t rows) {
    const std::size_t columns = values.size() / rows;
    std::vector<double> turned;
    for (std::size_t j = 0; j < columns; ++j) {
        for (std::size_t i = 0; i < rows; ++i) {
            turned.push_back(values[i * columns + j]);
        }
    }
    std::string bytes = npy_of(turned, columns);
    const auto replace = [&](const std::string& from, const std::string& to) {
        REQUIRE(from.size() == to.size());
        REQUIRE(bytes.contains(from));
        bytes.replace(bytes.find(from), from.size(), to);
    };
    replace("'fortran_order': False", "'fortran_order':  True");
    replace(fmt::format("({}, {})", columns, rows), fmt::format("({}, {})", rows, columns));
    return bytes;
}

Words operator+(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// The largest sum leaves b with 0.3; the fairest pairs give both at least 0.4.
constexpr std::string_view unequal = "ask,helper,score\n"
                                     "a,x,1\n"
                                     "a,y,0.4\n"
                                     "b,x,0.5\n"
                                     "b,y,0.3\n";

std::string groups_of(const std::string& rows) {
    return "scope,side,group,member,min,max\n" + rows;
}

std::int64_t micro(const boost::json::object& cert, std::string_view member) {
    return cert.at({member.data(), member.size()}).as_int64();
}

} // namespace

TEST_CASE("pairs and certificate of a small instance") {
    const Folder folder;
    folder.put("scores.csv", small);
    const auto finished = run(folder, assign("scores.csv", "1", "2"));
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK(finished.out == "3 pairs, sum of scores 2.150000, proved best under these scores.\n"
                          "Pairs: pairs.csv\nCertificate: cert.json\n");
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,0.5\nb,x,0.9\nc,y,0.75\n");
    CHECK(folder.names() == Words{"cert.json", "pairs.csv", "scores.csv"});
}

TEST_CASE("the certificate has every member of the contract, with exact integers") {
    const Folder folder;
    folder.put("scores.csv", small);
    REQUIRE(run(folder, assign("scores.csv", "1", "1,") /* a path */).code == 2);
    folder.put("capacity.csv", "id,n\ny,2\nx,1\nunused,3\n");
    REQUIRE(run(folder, assign("scores.csv", "1", "capacity.csv")).code == 0);
    const auto cert = certificate(folder);
    CHECK(cert.at("format").as_int64() == 1);
    CHECK(cert.at("rule").as_string() == "sum");
    CHECK(cert.at("objective").as_double() == doctest::Approx(1.9).epsilon(1e-12));
    CHECK(cert.at("objective_micro").as_int64() == 1'900'000);
    CHECK(cert.at("bound_micro").as_int64() == 1'900'000);
    CHECK(cert.at("gap").as_int64() == 0);
    CHECK(cert.at("proved").as_bool());
    // Ordered bytewise. One more place of x gives a 0.5 in place of 0.25.
    CHECK(cert.at("helpers") == boost::json::parse(R"(["unused","x","y"])"));
    CHECK(cert.at("helper_price_micro") == boost::json::parse("[0,250000,0]"));
    CHECK(cert.at("seconds").as_double() >= cert.at("solve_seconds").as_double());
    CHECK(cert.at("peak_rss_bytes").as_int64() > 0);
}

TEST_CASE("the order of CSV rows does not change a byte of the pairs") {
    const Folder folder;
    Words lines = csv_lines(std::vector<double>(400, 0.5), 20); // all equal: only order could tell
    folder.put("scores.csv", csv_of(lines));
    REQUIRE(run(folder, assign("scores.csv", "2", "3")).code == 0);
    const auto pairs = folder.content("pairs.csv");
    Random random(7);
    for (int round = 0; round < 5; ++round) {
        for (std::size_t k = lines.size(); k > 1; --k) {
            std::swap(lines[k - 1], lines[random.below(k)]);
        }
        folder.put("scores.csv", csv_of(lines));
        REQUIRE(run(folder, assign("scores.csv", "2", "3")).code == 0);
        CHECK(folder.content("pairs.csv") == pairs);
    }
}

TEST_CASE("pairs are the same for any number of threads, CSV and .npy") {
    const Folder folder;
    // Of fewer than 128 asks one thread does everything.
    const auto scores = random_scores(std::size_t{256} * 40, 1);
    folder.put("scores.csv", csv_of(csv_lines(scores, 40)));
    folder.put("scores.npy", npy_of(scores, 256));
    for (const std::string name : {"scores.csv", "scores.npy"}) {
        std::vector<std::string> seen;
        for (const std::string threads : {"1", "2", "4"}) {
            const auto words =
                assign({"--demand", "2", "--capacity", "13", "--threads", threads}, name);
            REQUIRE(run(folder, words).code == 0);
            seen.push_back(folder.content("pairs.csv"));
        }
        CHECK(seen[0] == seen[1]);
        CHECK(seen[0] == seen[2]);
    }
}

TEST_CASE("another seed gives the same sum, and 0 is the default") {
    const Folder folder;
    folder.put("scores.csv", csv_of(csv_lines(std::vector<double>(400, 0.5), 20)));
    const auto with_seed = [&](const std::string& seed) {
        REQUIRE(run(folder, assign({"--demand", "1", "--capacity", "3", "--seed", seed})).code ==
                0);
        CHECK(certificate(folder).at("objective_micro").as_int64() == 10'000'000);
        return folder.content("pairs.csv");
    };
    REQUIRE(run(folder, assign("scores.csv", "1", "3")).code == 0);
    const auto by_default = folder.content("pairs.csv");
    CHECK(with_seed("0") == by_default);
    CHECK(with_seed("18446744073709551615") != by_default);
}

TEST_CASE("a matrix, in C or Fortran order, and its list have one objective") {
    const Folder folder;
    auto scores = random_scores(std::size_t{40} * 30, 2);
    for (std::size_t k = 0; k < scores.size(); k += 7) {
        scores[k] = k % 2 == 0 ? -1 : std::numeric_limits<double>::quiet_NaN();
    }
    const auto objective = [&](const std::string& name, const std::string& bytes) {
        folder.put(name, bytes);
        REQUIRE(run(folder, assign(name, "2", "3")).code == 0);
        return certificate(folder).at("objective_micro").as_int64();
    };
    const auto of_list = objective("scores.csv", csv_of(csv_lines(scores, 30)));
    CHECK(objective("scores.npy", npy_of(scores, 40)) == of_list);
    const auto pairs = folder.content("pairs.csv");
    CHECK(objective("fortran.npy", fortran_npy_of(scores, 40)) == of_list);
    CHECK(folder.content("pairs.csv") == pairs);
    // The content tells what it is, not the name.
    CHECK(objective("matrix.csv", npy_of(scores, 40)) == of_list);
}

TEST_CASE("pairs of a matrix are ordered by number, prices by column") {
    const Folder folder;
    const std::vector<double> scores(std::size_t{12} * 2, 0.5);
    folder.put("scores.npy", npy_of(scores, 12));
    REQUIRE(run(folder, assign("scores.npy", "2", "12")).code == 0);
    std::string expected = "ask,helper,score\n";
    for (int ask = 0; ask < 12; ++ask) {
        expected += fmt::format("{0},0,0.5\n{0},1,0.5\n", ask);
    }
    CHECK(folder.content("pairs.csv") == expected);
    CHECK(certificate(folder).at("helper_price_micro") == boost::json::parse("[0,0]"));
    CHECK_FALSE(certificate(folder).contains("helpers"));
}

TEST_CASE("a score is the shortest decimal of the value as read, float32 widened") {
    const Folder folder;
    folder.put("single.npy", npy_of(std::vector<float>{0.1F, 1000.1F}, 2));
    REQUIRE(run(folder, assign("single.npy", "1", "2")).code == 0);
    CHECK(folder.content("pairs.csv") ==
          "ask,helper,score\n0,0,0.10000000149011612\n1,0,1000.0999755859375\n");
    // Widened to double, 1000.1F is 1000.0999755859375.
    CHECK(certificate(folder).at("objective_micro").as_int64() == 100'000 + 1'000'099'976);
    folder.put("double.npy", npy_of(std::vector<double>{0.1, 1000.1}, 2));
    REQUIRE(run(folder, assign("double.npy", "1", "2")).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\n0,0,0.1\n1,0,1000.1\n");
    CHECK(certificate(folder).at("objective_micro").as_int64() == 1'000'200'000);
}

TEST_CASE("the smallest sums are JSON too") {
    const Folder folder;
    for (const char* score : {"0.000001", "0.000003", "0", "1000000000"}) {
        CAPTURE(score);
        folder.put("scores.csv", std::string("ask,helper,score\na,h,") + score + "\n");
        REQUIRE(run(folder, assign("scores.csv", "1", "1")).code == 0);
        CHECK(certificate(folder).at("objective").as_double() == std::strtod(score, nullptr));
    }
}

TEST_CASE("ids are ordered bytewise and quoted where they must be") {
    const Folder folder;
    folder.put("scores.csv",
               "ask,helper,score\nb,x,1\nB,x,1\n10,x,1\n9,x,1\n\"a,\"\"1\"\"\",x,1\n");
    REQUIRE(run(folder, assign("scores.csv", "1", "5")).code == 0);
    CHECK(folder.content("pairs.csv") ==
          "ask,helper,score\n10,x,1\n9,x,1\nB,x,1\n\"a,\"\"1\"\"\",x,1\nb,x,1\n");
}

TEST_CASE("spreadsheet habits: semicolons, decimal commas, CRLF, byte order mark") {
    const Folder folder;
    folder.put("scores.csv", "\xEF\xBB\xBFHelper;Ask;Score\r\nx;a;0,5\r\ny;a;0,25\r\n");
    REQUIRE(run(folder, assign("scores.csv", "1", "1")).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,0.5\n");
}

TEST_CASE("conflicts are never paired, CSV and .npy") {
    const Folder folder;
    folder.put("scores.csv", small);
    folder.put("conflicts.csv", "ask,helper\na,x\n");
    const Words more{"--demand", "1", "--capacity", "2", "--conflicts", "conflicts.csv"};
    REQUIRE(run(folder, assign(more)).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,y,0.25\nb,x,0.9\nc,y,0.75\n");
    folder.put("scores.npy", npy_of(std::vector<double>{0.9, 0.1, 0.9, 0.1}, 2));
    folder.put("conflicts.csv", "helper,ask\n0,1\n");
    REQUIRE(run(folder, assign(more, "scores.npy")).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\n0,0,0.9\n1,1,0.1\n");
}

TEST_CASE("numbers for each ask and helper, CSV and .npy") {
    const Folder folder;
    folder.put("scores.csv", small);
    folder.put("demand.csv", "id,n\nc,2\nb,1\na,1\n");
    folder.put("capacity.csv", "n,id\n2,x\n2,y\n");
    REQUIRE(run(folder, assign("scores.csv", "demand.csv", "capacity.csv")).code == 0);
    CHECK(folder.content("pairs.csv") ==
          "ask,helper,score\na,y,0.25\nb,x,0.9\nc,x,0.001\nc,y,0.75\n");
    folder.put("scores.npy", npy_of(std::vector<float>{1, 2, 3, 4, 5, 6}, 2));
    folder.put("demand.txt", "1\n2\n");
    folder.put("capacity.txt", "1\n1\n1\n");
    REQUIRE(run(folder, assign("scores.npy", "demand.txt", "capacity.txt")).code == 0);
    CHECK(certificate(folder).at("objective").as_double() == 12.0);
}

TEST_CASE("an infeasible instance: the reason, exit code 3, and no pairs") {
    const Folder folder;
    folder.put("scores.csv", "ask,helper,score\na,x,1\nb,x,1\nc,x,1\nc,y,1\n");
    put_old_outputs(folder);
    const auto finished = run(folder, assign("scores.csv", "1", "1"));
    CHECK(finished.code == 3);
    CHECK(finished.out.empty());
    const std::string reason =
        R"(not every demand can be met: these 2 asks need 2 places ("a" and )"
        R"("b"); the one person who could help them has 1 place ("x"); 1 )"
        "place is missing";
    CHECK(finished.err == reason + ".\nNo pairs were written; the reason is in cert.json\n");
    CHECK_FALSE(folder.has("pairs.csv"));
    const auto cert = certificate(folder);
    CHECK_FALSE(cert.at("feasible").as_bool());
    CHECK(cert.at("reason").as_string() == reason);
    CHECK(cert.at("shortages") ==
          boost::json::parse(
              R"([{"asks":["a","b"],"helpers":["x"],"needed":2,"places":1,"single":0}])"));
    CHECK(folder.names() == Words{"cert.json", "scores.csv"});
}

TEST_CASE("an ask without a score row is infeasible, a helper without one is unused") {
    const Folder folder;
    folder.put("scores.csv", small);
    folder.put("demand.csv", "id,n\na,1\nb,1\nc,1\nlost,2\n");
    const auto finished = run(folder, assign("scores.csv", "demand.csv", "2"));
    CHECK(finished.code == 3);
    CHECK(finished.err.contains(R"(ask "lost" needs 2 places; nobody may help it)"));
}

TEST_CASE("a matrix that cannot be served names numbers") {
    const Folder folder;
    folder.put("scores.npy", npy_of(std::vector<double>{-1, -1, 1, 1}, 2));
    CHECK(run(folder, assign("scores.npy", "1", "1")).code == 3);
    CHECK(certificate(folder).at("shortages") ==
          boost::json::parse(R"([{"asks":[0],"helpers":[],"needed":1,"places":0,"single":0}])"));
}

TEST_CASE("all errors of all files at once, each with its place") {
    const Folder folder;
    folder.put("scores.csv", "ask,helper,score\na,x,high\n,y,0.5\na,x,-1\n");
    folder.put("demand.csv", "id,n\na,0\n");
    folder.put("capacity.csv", "id,n\nx,1\nx,2\n");
    folder.put("conflicts.csv", "ask;person\n");
    put_old_outputs(folder);
    const auto words = assign(
        {"--demand", "demand.csv", "--capacity", "capacity.csv", "--conflicts", "conflicts.csv"});
    check_refused(folder, words,
                  R"(scores.csv:2:3: column "score": found "high", expected a score)");
    check_refused(folder, words, R"(scores.csv:3:1: column "ask": found nothing, expected an id)");
    check_refused(folder, words, R"(scores.csv:4:3: column "score": found "-1")");
    check_refused(folder, words,
                  R"(demand.csv:2:2: column "n": found "0", expected a whole number)");
    check_refused(folder, words, R"(capacity.csv:3:1: column "id": found "x" of line 2 again)");
    check_refused(folder, words, "conflicts.csv:1");
    check_old_outputs(folder);
}

TEST_CASE("ids that only one of the files knows") {
    const Folder folder;
    folder.put("scores.csv", "score,helper,ask\n1,x,a\n1,y,a\n1,y,b\n1,y,b2\n");
    folder.put("demand.csv", "id,n\na,1\n");
    folder.put("capacity.csv", "id,n\nx,1\n");
    folder.put("conflicts.csv", "ask,helper\na,x\na,z\n");
    const auto words = assign(
        {"--demand", "demand.csv", "--capacity", "capacity.csv", "--conflicts", "conflicts.csv"});
    check_refused(folder, words,
                  R"(scores.csv:4:3: column "ask": found "b", expected an ask of demand.csv)");
    check_refused(
        folder, words,
        R"(scores.csv:3:2: column "helper": found "y", expected a helper of capacity.csv)");
    check_refused(folder, words, R"(conflicts.csv:3:2: column "helper": found "z")");
}

TEST_CASE("more than twenty errors are counted") {
    const Folder folder;
    folder.put("scores.npy", npy_of(std::vector<double>(30, 2e9), 5));
    check_refused(folder, assign("scores.npy", "1", "1"), "and 10 more");
}

TEST_CASE("a score that is too large or infinite is named by row and column") {
    const Folder folder;
    const double infinity = std::numeric_limits<double>::infinity();
    folder.put("scores.npy", npy_of(std::vector<double>{1, 2, 3, infinity}, 2));
    check_refused(
        folder, assign("scores.npy", "1", "1"),
        "scores.npy: found inf in row 1, column 1 (counted from 0), expected a score of at "
        "most 1000000000");
    // Below zero means not allowed, however far.
    folder.put("scores.npy", npy_of(std::vector<double>{1, 2, 3, -infinity}, 2));
    CHECK(run(folder, assign("scores.npy", "1", "1")).code == 0);
}

TEST_CASE("numbers beside a matrix: too few, no number, a conflict outside") {
    const Folder folder;
    folder.put("scores.npy", npy_of(std::vector<double>{1, 2, 3, 4}, 2));
    folder.put("demand.txt", "1\n");
    folder.put("capacity.txt", "1\nmany\n");
    folder.put("conflicts.csv", "ask,helper\n0,2\n");
    const auto words = assign(
        {"--demand", "demand.txt", "--capacity", "capacity.txt", "--conflicts", "conflicts.csv"},
        "scores.npy");
    check_refused(folder, words, "demand.txt: found 1 number, expected 2, one a line");
    check_refused(folder, words, R"(capacity.txt:2: found "many", expected a whole number)");
    check_refused(folder, words,
                  R"(conflicts.csv:2:2: column "helper": found "2", expected the number of a )"
                  "column, from 0 to 1");
}

TEST_CASE("files that cannot be read, all at once") {
    const Folder folder;
    folder.put("empty.csv", "");
    const Words words = assign(".", "missing.csv", "1");
    check_refused(folder, words, ".: found a folder, expected a file");
    check_refused(folder, words, "missing.csv: cannot read: No such file or directory");
    check_refused(folder, assign("empty.csv", "1", "1"), "empty.csv");
    folder.put("cut.npy", npy_of(std::vector<double>{1, 2, 3, 4}, 2).substr(0, 140));
    check_refused(folder, assign("cut.npy", "1", "1"), "cut.npy");
}

TEST_CASE("outputs that cannot be written are refused before the work") {
    const Folder folder;
    folder.put("scores.csv", small);
    const auto with = [](const std::string& out, const std::string& certificate) {
        return Words{"assign", "--scores", "scores.csv", "--demand",      "1",        "--capacity",
                     "2",      "--out",    out,          "--certificate", certificate};
    };
    check_refused(folder, with("none/pairs.csv", "cert.json"), "none: found no such folder");
    check_refused(folder, with("pairs.csv", "scores.csv/cert.json"), "found no such folder");
    check_refused(folder, with("same", "./same"), "found one file for both");
    check_refused(folder, with("pairs.csv", "./scores.csv"), "found as input and as output");
    check_refused(folder, with(".", "cert.json"), "found a folder, expected a file");
    check_refused(folder, with("/dev/null", "cert.json"), "expected a regular file");
    CHECK(folder.content("scores.csv") == small);
}

TEST_CASE("options that are wrong") {
    const Folder folder;
    folder.put("scores.csv", small);
    const Words good = assign("scores.csv", "1", "2");
    const auto with = [&](const Words& more) {
        Words words = good;
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    check_refused(folder, with({"--objective", "best"}),
                  R"(--objective: found "best", expected sum, leximin)");
    check_refused(folder, with({"--threads", "0"}), R"(--threads: found "0", expected)");
    check_refused(folder, with({"--seed", "-1"}), R"(--seed: found "-1", expected)");
    check_refused(folder, with({"--conflict", "f"}), "did you mean --conflicts?");
    check_refused(folder, with({"surplus"}), "surplus");
    check_refused(folder, {"asign"}, "did you mean assign?");
    check_refused(folder, {}, R"(See "allotment --help")");
    check_refused(folder, {"assign"}, "is required");
    check_refused(folder, assign("scores.csv", "0", "2"), R"(--demand: found "0", expected)");
    check_refused(folder, assign("scores.csv", "1", "-1"), R"(--capacity: found "-1", expected)");
    CHECK(run(folder, with({"--objective", "sum"})).code == 0);
}

TEST_CASE("help and version are answers, not errors") {
    const Folder folder;
    const auto version = run(folder, {"--version"});
    CHECK(version.code == 0);
    CHECK(version.out.starts_with("allotment "));
    const auto help = run(folder, {"assign", "--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    for (const std::string word :
         {"--scores", "--certificate", "130", "ask,helper,score", ".npy"}) {
        CHECK(help.out.contains(word));
    }
}

TEST_CASE("a disk that takes no more: exit code 1, and the old files stay") {
    const Folder folder;
    folder.put("scores.csv", small);
    put_old_outputs(folder);
    const auto finished = run(folder, assign("scores.csv", "1", "2"), {.most_file_bytes = 10});
    CHECK(finished.code == 1);
    check_old_outputs(folder);
    CHECK(folder.names() == Words{"cert.json", "pairs.csv", "scores.csv"});
}

TEST_CASE("interrupted while it waits for its input: exit code 130, the old files stay") {
    const Folder folder;
    put_old_outputs(folder);
    REQUIRE(::mkfifo(folder.path("scores.csv").c_str(), 0600) == 0);
    Running program(folder, assign("scores.csv", "1", "2"));
    // Opening returns when the program has opened the other end: it is surely inside.
    const int pipe = ::open(folder.path("scores.csv").c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(pipe >= 0);
    program.signal(SIGTERM);
    ::close(pipe);
    const auto finished = program.wait();
    CHECK(finished.code == 130);
    CHECK(finished.out.empty());
    check_old_outputs(folder);
    CHECK(folder.names() == Words{"cert.json", "pairs.csv", "scores.csv"});
}

TEST_CASE("a terminal sees progress, which is erased; interrupted in the work: exit code 130") {
    const Folder folder;
    put_old_outputs(folder);
    // Tight, so that seconds of work remain when the first progress is seen.
    constexpr std::size_t side = 3000;
    Random random(3);
    std::vector<float> scores(side * side);
    std::ranges::generate(scores, [&] { return static_cast<float>(random.unit()); });
    folder.put("scores.npy", npy_of(scores, side));
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE((::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0));
    const int far_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(far_end >= 0);
    Running program(folder, assign("scores.npy", "3", "3"), {.error_descriptor = far_end});
    ::close(far_end);
    std::string seen;
    std::array<char, 256> buffer{};
    bool signalled = false;
    for (ssize_t n = 0; (n = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
        seen.append(buffer.data(), static_cast<std::size_t>(n));
        if (!signalled && seen.contains("of 3000 asks")) {
            program.signal(SIGINT);
            signalled = true;
        }
    }
    ::close(terminal);
    CHECK(program.wait().code == 130);
    CHECK(seen.contains("\rreading scores.npy") == false); // each line is cleared first
    CHECK(seen.contains("\r\033[Kreading scores.npy"));
    CHECK(seen.contains("\r\033[Kallotting: 0 of 3000 asks"));
    CHECK(seen.contains("\r\033[Kstopped; nothing was written"));
    check_old_outputs(folder);
    CHECK(folder.names() == Words{"cert.json", "pairs.csv", "scores.npy"});
}

TEST_CASE("scores can come through a pipe") {
    const Folder folder;
    REQUIRE(::mkfifo(folder.path("scores.csv").c_str(), 0600) == 0);
    Running program(folder, assign("scores.csv", "1", "2"));
    folder.put("scores.csv", small);
    CHECK(program.wait().code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,0.5\nb,x,0.9\nc,y,0.75\n");
}

TEST_CASE("no asks need no pairs") {
    const Folder folder;
    folder.put("scores.csv", "ask,helper,score\n");
    CHECK(run(folder, assign("scores.csv", "1", "1")).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\n");
}

TEST_CASE("fair objectives raise the worst off, with a proof") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    REQUIRE(run(folder, assign("scores.csv", "1", "1")).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,1\nb,y,0.3\n");
    CHECK_FALSE(certificate(folder).contains("worst_micro"));
    for (const std::string rule : {"leximin", "maxmin", "floor:0.35"}) {
        CAPTURE(rule);
        const auto words = assign("scores.csv", "1", "1") + Words{"--objective", rule};
        const auto finished = run(folder, words);
        REQUIRE(finished.code == 0);
        CHECK(finished.out.contains("2 pairs, sum of scores 0.900000, worst off 0.400000; "));
        CHECK(finished.out.contains("proved"));
        CHECK(folder.content("pairs.csv") == "ask,helper,score\na,y,0.4\nb,x,0.5\n");
        const auto cert = certificate(folder);
        CHECK(cert.at("rule").as_string() == rule.substr(0, rule.find(':')));
        CHECK(micro(cert, "worst_micro") == 400'000);
        CHECK(micro(cert, "worst_bound_micro") == 400'000);
        CHECK(micro(cert, "objective_micro") == 900'000);
        CHECK(micro(cert, "bound_micro") == 900'000);
        CHECK(cert.at("gap") == 0);
        CHECK(cert.at("proved").as_bool());
        CHECK(cert.contains("floor_micro") == rule.starts_with("floor"));
        CHECK(cert.contains("helper_price_micro") == (rule != "leximin"));
        CHECK(cert.contains("covered") == (rule == "leximin"));
        CHECK_FALSE(cert.at("levels").as_array().empty());
    }
}

TEST_CASE("the levels of leximin, in the ids of the input") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    REQUIRE(run(folder, assign("scores.csv", "1", "1") + Words{"--objective", "leximin"}).code ==
            0);
    const auto cert = certificate(folder);
    CHECK(cert.at("covered") == 2);
    // More than 0.4 is x for both: one of them has to take less.
    const auto& first = cert.at("levels").as_array().front().as_object();
    CHECK(first.at("value_micro") == 400'000);
    CHECK(first.at("asks") == boost::json::parse(R"(["a"])"));
    CHECK(first.at("rivals") == boost::json::parse(R"(["b"])"));
    CHECK(first.at("cut") == boost::json::parse(R"(["x"])"));
}

TEST_CASE("a floor that cannot be: exit code 3 and the reason, for one place and for several") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    put_old_outputs(folder);
    const auto one =
        run(folder, assign("scores.csv", "1", "1") + Words{"--objective", "floor:0.45"});
    CHECK(one.code == 3);
    CHECK(one.err.contains("not every ask can get a score of at least 0.450000"));
    CHECK_FALSE(folder.has("pairs.csv"));
    CHECK_FALSE(certificate(folder).at("feasible").as_bool());
    CHECK(micro(certificate(folder), "floor_micro") == 450'000);
    const auto two = run(folder, assign("scores.csv", "2", "2") + Words{"--objective", "floor:1"});
    CHECK(two.code == 3);
    CHECK(two.err.contains("the worst off get more than 0.800000"));
    CHECK(micro(certificate(folder), "worst_bound_micro") == 800'000);
}

TEST_CASE("asks of several places: a good allotment, and how good it is known to be") {
    const Folder folder;
    folder.put("scores.npy", npy_of(random_scores(12 * 9, 5), 12));
    const auto words = assign("scores.npy", "3", "4");
    const auto smallest_sum = [&] {
        std::istringstream lines(folder.content("pairs.csv"));
        std::map<std::string, std::vector<double>> scores;
        std::map<std::string, int> load;
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            const auto first = line.find(',');
            const auto second = line.find(',', first + 1);
            scores[line.substr(0, first)].push_back(std::stod(line.substr(second + 1)));
            CHECK(++load[line.substr(first + 1, second - first - 1)] <= 4);
        }
        CHECK(scores.size() == 12);
        std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
        for (const auto& [ask, all] : scores) {
            CHECK(all.size() == 3);
            std::int64_t sum = 0;
            for (const double score : all) {
                sum += std::llround(1e6 * score);
            }
            smallest = std::min(smallest, sum);
        }
        return smallest;
    };
    REQUIRE(run(folder, words).code == 0);
    const auto by_sum = smallest_sum();
    for (const std::string rule : {"leximin", "maxmin", "floor:1"}) {
        CAPTURE(rule);
        REQUIRE(run(folder, words + Words{"--objective", rule}).code == 0);
        const auto cert = certificate(folder);
        CHECK(micro(cert, "worst_micro") == smallest_sum());
        CHECK(micro(cert, "worst_micro") >= (rule == "floor:1" ? 1'000'000 : by_sum));
        CHECK(micro(cert, "worst_micro") <= micro(cert, "worst_bound_micro"));
        CHECK(micro(cert, "gap") >= 0);
    }
}

TEST_CASE("minimum loads: a number, CSV, and lines beside a matrix") {
    const Folder folder;
    folder.put("scores.csv", "ask,helper,score\na,x,1\na,y,0.1\nb,x,1\nb,y,0.2\n");
    const auto words = assign("scores.csv", "1", "2");
    REQUIRE(run(folder, words).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,1\nb,x,1\n");
    REQUIRE(run(folder, words + Words{"--min-load", "1"}).code == 0);
    const std::string shared = "ask,helper,score\na,x,1\nb,y,0.2\n";
    CHECK(folder.content("pairs.csv") == shared);
    CHECK(certificate(folder).at("helper_price_micro") == boost::json::parse("[0,-800000]"));
    CHECK(certificate(folder).at("proved").as_bool());
    folder.put("least.csv", "id,n\ny,1\n");
    for (const std::string rule : {"sum", "leximin", "maxmin", "floor:0.2"}) {
        CAPTURE(rule);
        REQUIRE(run(folder, words + Words{"--min-load", "least.csv", "--objective", rule}).code ==
                0);
        CHECK(folder.content("pairs.csv") == shared);
    }
    folder.put("scores.npy", npy_of(std::vector<double>{1, 0.1, 1, 0.2}, 2));
    folder.put("least.txt", "0\n1\n");
    REQUIRE(run(folder, assign("scores.npy", "1", "2") + Words{"--min-load", "least.txt"}).code ==
            0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\n0,0,1\n1,1,0.2\n");
}

TEST_CASE("minimum loads that cannot be met, in words and in JSON, for each objective") {
    const Folder folder;
    folder.put("scores.csv", "ask,helper,score\na,x,1\nb,x,1\nb,y,1\n");
    folder.put("least.csv", "id,n\ny,2\n");
    for (const std::string rule : {"sum", "leximin", "maxmin", "floor:0.5"}) {
        CAPTURE(rule);
        const auto words =
            assign("scores.csv", "1", "2") + Words{"--min-load", "least.csv", "--objective", rule};
        const auto finished = run(folder, words);
        CHECK(finished.code == 3);
        CHECK(finished.err.starts_with("not every minimum can be met"));
        CHECK(finished.err.contains(R"(: the helper "y" must get at least 2 asks)"));
        CHECK(finished.err.contains("1 ask is missing"));
        const auto cert = certificate(folder);
        const auto& shortage = cert.at("shortages").as_array().at(0).as_object();
        CHECK(shortage.at("kind").as_string() == "minimums");
        CHECK(shortage.at("helpers") == boost::json::parse(R"(["y"])"));
        CHECK(shortage.at("groups") == boost::json::parse("[]"));
        CHECK(shortage.at("needed") == 2);
    }
}

TEST_CASE("a minimum load of nothing is none, and one with several places is refused") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    const auto words = assign("scores.csv", "2", "2") + Words{"--objective", "leximin"};
    CHECK(run(folder, words + Words{"--min-load", "0"}).code == 0);
    check_refused(folder, words + Words{"--min-load", "1"}, "found minimum loads with a fair");
}

TEST_CASE("minimum loads that are wrong") {
    const Folder folder;
    folder.put("scores.csv", small);
    folder.put("capacity.csv", "id,n\nx,1\ny,3\n");
    folder.put("least.csv", "id,n\nx,2\nz,1\n");
    const auto words = assign("scores.csv", "1", "capacity.csv");
    check_refused(folder, words + Words{"--min-load", "least.csv"},
                  R"(least.csv:2:2: column "n": found 2, expected at most 1, the capacity of "x")");
    check_refused(folder, words + Words{"--min-load", "least.csv"},
                  R"(least.csv:3:1: column "id": found "z", expected a helper of capacity.csv)");
    check_refused(folder, words + Words{"--min-load", "2"},
                  R"(--min-load: found 2 for "x", expected at most 1, the capacity of "x")");
    check_refused(folder, words + Words{"--min-load", "-1"}, R"(--min-load: found "-1")");
    folder.put("scores.npy", npy_of(std::vector<double>{1, 0.1, 1, 0.2}, 2));
    folder.put("least.txt", "0\n3\n");
    check_refused(folder, assign("scores.npy", "1", "2") + Words{"--min-load", "least.txt"},
                  "least.txt: found 3 for helper 1, expected at most 2");
}

TEST_CASE("groups bound who is paired, and have prices") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    // Of the team of x alone one ask at most, and a and b need two different helpers.
    folder.put("groups.csv", groups_of("round,helper,team,x,,1\n"));
    const auto words = assign("scores.csv", "1", "2") + Words{"--groups", "groups.csv"};
    REQUIRE(run(folder, words).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,1\nb,y,0.3\n");
    const auto cert = certificate(folder);
    CHECK(cert.at("group_price_micro") ==
          boost::json::parse(
              R"([{"scope":"round","side":"helper","group":"team","price_micro":200000}])"));
    CHECK(cert.at("proved").as_bool());
    REQUIRE(run(folder, words + Words{"--objective", "leximin"}).code == 0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,y,0.4\nb,x,0.5\n");
    CHECK(micro(certificate(folder), "gap") >= 0);
    check_refused(folder, words + Words{"--objective", "maxmin"}, "found groups with a fair");
    // Members of a matrix are numbers.
    folder.put("scores.npy", npy_of(std::vector<double>{1, 0.4, 0.5, 0.3}, 2));
    folder.put("groups.csv", groups_of("round,helper,team,0,,1\n"));
    REQUIRE(run(folder, assign("scores.npy", "1", "2") + Words{"--groups", "groups.csv"}).code ==
            0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\n0,0,1\n1,1,0.3\n");
}

TEST_CASE("at most one of a team an ask") {
    const Folder folder;
    folder.put("scores.csv", "ask,helper,score\na,x,1\na,y,0.9\na,z,0.1\n");
    folder.put("groups.csv", groups_of("ask,helper,team,x,,1\nask,helper,team,y,,\n"));
    REQUIRE(run(folder, assign("scores.csv", "2", "1") + Words{"--groups", "groups.csv"}).code ==
            0);
    CHECK(folder.content("pairs.csv") == "ask,helper,score\na,x,1\na,z,0.1\n");
}

TEST_CASE("a group that makes it infeasible is named, in words and in JSON") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    folder.put("groups.csv", groups_of("round,helper,team,x,,1\nround,helper,team,y,,\n"));
    const auto finished =
        run(folder, assign("scores.csv", "1", "2") + Words{"--groups", "groups.csv"});
    CHECK(finished.code == 3);
    CHECK(finished.err.contains(R"(the bounds of the group "team" count here)"));
    const auto cert = certificate(folder);
    const auto& shortage = cert.at("shortages").as_array().at(0).as_object();
    CHECK(shortage.at("kind").as_string() == "demands");
    CHECK(shortage.at("groups") ==
          boost::json::parse(R"([{"scope":"round","side":"helper","group":"team"}])"));
}

TEST_CASE("a minimum of a group that cannot be met") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    folder.put("groups.csv", groups_of("round,ask,team,a,2,\n"));
    const auto finished =
        run(folder, assign("scores.csv", "1", "2") + Words{"--groups", "groups.csv"});
    CHECK(finished.code == 3);
    CHECK(finished.err.contains(R"(not every minimum can be met: the group "team" must get at )"
                                "least 2 places; at most 1 place can be had; 1 place is missing"));
}

TEST_CASE("groups that are wrong") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    const auto refused = [&](const std::string& rows, const std::string& expected) {
        folder.put("groups.csv", groups_of(rows));
        check_refused(folder, assign("scores.csv", "1", "2") + Words{"--groups", "groups.csv"},
                      expected);
    };
    refused("round,helper,team,z,,\n",
            R"(groups.csv:2:4: column "member": found "z", expected a helper of scores.csv)");
    refused("round,ask,team,x,,\n", R"(found "x", expected an ask of scores.csv)");
    refused("round,helper,team,x,1,\nround,helper,team,y,2,\n",
            R"(groups.csv:3:5: column "min": found 2 for the group "team", expected 1)");
    refused("round,ask,one,a,,\nround,ask,one,b,,\nround,ask,two,b,,\nround,ask,two,c,,\n",
            R"(found "c", expected an ask)");
    folder.put("scores.csv", small);
    refused(
        "round,ask,one,a,,\nround,ask,one,b,,\nround,ask,two,b,,\nround,ask,two,c,,\n",
        R"(groups.csv: the groups "one" and "two" cross: ask b is in both, ask a only in "one" )"
        R"(and ask c only in "two")");
    folder.put("scores.npy", npy_of(std::vector<double>{1, 0.4, 0.5, 0.3}, 2));
    folder.put("groups.csv", groups_of("round,helper,team,2,,1\n"));
    check_refused(folder, assign("scores.npy", "1", "2") + Words{"--groups", "groups.csv"},
                  R"(found "2", expected the number of a column, from 0 to 1)");
}

TEST_CASE("a lottery: marginals, a draw that can be repeated, and what proves it") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    const auto words = assign("scores.csv", "1", "1") + Words{"--pair-cap", "0.5"};
    const auto finished = run(folder, words + Words{"--seed", "7"});
    REQUIRE(finished.code == 0);
    CHECK(finished.out.contains("2 pairs drawn with seed 7"));
    CHECK(finished.out.contains("No pair is more likely than 1/2; the expected sum is 1.100000"));
    CHECK(folder.content("marginals.csv") ==
          "ask,helper,probability\na,x,0.5\na,y,0.5\nb,x,0.5\nb,y,0.5\n");
    const auto pairs = folder.content("pairs.csv");
    const auto cert = certificate(folder);
    CHECK(cert.at("rule").as_string() == "sum");
    CHECK(cert.at("pair_cap").as_string() == "1/2");
    CHECK(cert.at("objective").as_double() == doctest::Approx(1.1).epsilon(1e-12));
    CHECK(micro(cert, "objective_micro") == 1'100'000);
    CHECK(micro(cert, "expected_micro") == 1'100'000);
    CHECK(micro(cert, "bound_micro") == 1'100'000);
    CHECK(cert.at("gap") == 0);
    CHECK(cert.at("proved").as_bool());
    CHECK(micro(cert, "draw_micro") == (pairs.contains("a,x") ? 1'300'000 : 900'000));
    CHECK(cert.at("seed") == 7);
    CHECK(cert.at("commitment").as_string() ==
          "7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451");
    folder.put("scores.csv", "ask,helper,score\nb,y,0.3\na,y,0.4\nb,x,0.5\na,x,1\n");
    REQUIRE(
        run(folder, words + Words{"--seed", "7", "--threads", "1", "--marginals", "m.csv"}).code ==
        0);
    CHECK(folder.content("pairs.csv") == pairs);
    CHECK(folder.content("m.csv") == folder.content("marginals.csv"));
}

TEST_CASE("a lottery of one third rounds its probabilities to the shortest decimal") {
    const Folder folder;
    folder.put("scores.npy", npy_of(std::vector<double>{1, 1, 1}, 1));
    REQUIRE(run(folder, assign("scores.npy", "1", "1") + Words{"--pair-cap", "1/3", "--seed", "1"})
                .code == 0);
    CHECK(folder.content("marginals.csv") ==
          "ask,helper,probability\n0,0,0.3333333333333333\n0,1,0.3333333333333333\n0,2,"
          "0.3333333333333333\n");
}

TEST_CASE("a cap that leaves a demand unmet: exit code 3, neither pairs nor marginals") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    folder.put("marginals.csv", "old");
    put_old_outputs(folder);
    const auto finished =
        run(folder, assign("scores.csv", "1", "1") + Words{"--pair-cap", "1/3", "--seed", "7"});
    CHECK(finished.code == 3);
    CHECK(finished.err.contains("each with a chance of at most"));
    CHECK(certificate(folder).at("parts") == 3);
    CHECK(folder.names() == Words{"cert.json", "scores.csv"});
}

TEST_CASE("options of a lottery that are wrong") {
    const Folder folder;
    folder.put("scores.csv", unequal);
    put_old_outputs(folder);
    const auto good = assign("scores.csv", "1", "1");
    const std::string of_7 = "7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451";
    check_refused(folder, good + Words{"--pair-cap", "1/2"}, "found without --seed");
    check_refused(folder, good + Words{"--pair-cap", "1.5", "--seed", "7"},
                  R"(--pair-cap: found "1.5", expected a chance)");
    for (const std::string rule : {"leximin", "maxmin", "floor:0"}) {
        check_refused(folder, good + Words{"--pair-cap", "1/2", "--seed", "7", "--objective", rule},
                      "--pair-cap: found with --objective " + rule);
    }
    check_refused(folder, good + Words{"--marginals", "m.csv"}, "found without --pair-cap");
    check_refused(folder, good + Words{"--seed", "8", "--commitment", of_7}, "the SHA-256");
    const auto draw = good + Words{"--pair-cap", "1/2", "--seed", "7"};
    check_refused(folder, draw + Words{"--commitment", "7"}, "--commitment: found \"7\"");
    check_refused(folder, draw + Words{"--marginals", "./pairs.csv"},
                  "--out and --marginals: found one file for both");
    check_refused(folder, draw + Words{"--marginals", "scores.csv"}, "as input and as output");
    check_old_outputs(folder);
    CHECK(run(folder, draw + Words{"--commitment", of_7}).code == 0);
    CHECK(run(folder, good + Words{"--seed", "7", "--commitment", of_7}).code == 0);
}

TEST_CASE("factors give the pairs of their product, byte for byte") {
    const Folder folder;
    constexpr std::size_t asks = 30;
    constexpr std::size_t helpers = 20;
    constexpr std::size_t dimensions = 5;
    auto u = random_scores(asks * dimensions, 1);
    auto v = random_scores(helpers * dimensions, 2);
    for (auto* factor : {&u, &v}) {
        std::ranges::for_each(*factor, [](double& x) { x = 2 * x - 1; });
    }
    std::vector<double> product;
    for (std::size_t k = 0; k < asks * helpers; ++k) {
        double sum = 0;
        for (std::size_t d = 0; d < dimensions; ++d) {
            sum += u[k / helpers * dimensions + d] * v[k % helpers * dimensions + d];
        }
        product.push_back(0.5 + 0.5 * sum);
    }
    folder.put("u.npy", npy_of(u, asks));
    folder.put("v.npy", npy_of(v, helpers));
    folder.put("scores.npy", npy_of(product, asks));
    folder.put("conflicts.csv", "ask,helper\n3,4\n5,6\n");
    folder.put("groups.csv", groups_of("round,helper,team,0,1,\nround,helper,team,1,,3\n"));
    const Words rest{
        "--demand", "1",         "--capacity",    "3",        "--conflicts", "conflicts.csv",
        "--out",    "pairs.csv", "--certificate", "cert.json"};
    const std::vector<Words> ways{{},
                                  {"--objective", "leximin"},
                                  {"--objective", "maxmin"},
                                  {"--objective", "floor:0.6"},
                                  {"--min-load", "1"},
                                  {"--groups", "groups.csv"},
                                  {"--pair-cap", "1/2", "--seed", "3"}};
    for (const auto& way : ways) {
        CAPTURE(fmt::format("{}", fmt::join(way, " ")));
        REQUIRE(run(folder, Words{"assign", "--scores", "scores.npy"} + rest + way).code == 0);
        const auto expected = folder.content("pairs.csv");
        REQUIRE(run(folder, Words{"assign", "--factors", "u.npy", "v.npy"} + rest + way).code == 0);
        CHECK(folder.content("pairs.csv") == expected);
    }
}

TEST_CASE("factors that are wrong") {
    const Folder folder;
    const auto refused = [&](const std::vector<double>& u, const std::vector<double>& v,
                             const std::string& expected) {
        folder.put("u.npy", npy_of(u, 2));
        folder.put("v.npy", npy_of(v, 2));
        check_refused(folder,
                      {"assign", "--factors", "u.npy", "v.npy", "--demand", "1", "--capacity", "1",
                       "--out", "pairs.csv", "--certificate", "cert.json"},
                      expected);
    };
    refused({1, 2, 3, 4}, {1, 2}, "found 2 columns in u.npy and 1 in v.npy");
    refused({1, std::nan("")}, {1, 2}, "u.npy: found nan in row 1, column 0");
    refused({1, 2}, {1, std::numeric_limits<double>::infinity()}, "v.npy: found inf in row 1");
    refused({1, 1e5}, {1e5, 1}, "expected scores of at most 1000000000");
    folder.put("scores.csv", small);
    check_refused(folder, assign("scores.csv", "1", "2") + Words{"--factors", "u.npy", "v.npy"},
                  "found both, expected exactly one");
    check_refused(folder,
                  {"assign", "--demand", "1", "--capacity", "1", "--out", "pairs.csv",
                   "--certificate", "cert.json"},
                  "found neither, expected exactly one");
    check_refused(folder,
                  {"assign", "--factors", "u.npy", "--demand", "1", "--capacity", "1", "--out",
                   "pairs.csv", "--certificate", "cert.json"},
                  "--factors");
}

TEST_CASE("the same pairs for any order of rows and any threads, for each objective and bound") {
    const Folder folder;
    Words lines;
    Random random(11);
    // Few different scores, so that there are many optima, and work for more than one thread.
    for (int k = 0; k < 200 * 12; ++k) {
        lines.push_back(
            fmt::format("a{},h{},{}\n", k / 12, k % 12, static_cast<int>(4 * random.unit()) / 4.0));
    }
    Words groups{"round,helper,team,h1,1,50\n", "round,helper,team,h2,,\n",
                 "round,helper,two,h5,,20\n", "ask,helper,team,h1,,1\n", "ask,helper,team,h2,,\n"};
    const std::vector<Words> ways{{"--objective", "sum"},
                                  {"--objective", "leximin"},
                                  {"--objective", "maxmin"},
                                  {"--objective", "floor:0.5"},
                                  {"--min-load", "1"},
                                  {"--min-load", "1", "--objective", "leximin"},
                                  {"--groups", "groups.csv"},
                                  {"--groups", "groups.csv", "--objective", "leximin"},
                                  {"--pair-cap", "1/3"},
                                  {"--pair-cap", "1/3", "--groups", "groups.csv"},
                                  {"--objective", "leximin", "--demand", "2"},
                                  {"--objective", "maxmin", "--demand", "2"},
                                  {"--objective", "floor:1", "--demand", "2"}};
    for (const auto& way : ways) {
        CAPTURE(fmt::format("{}", fmt::join(way, " ")));
        auto words = assign({"--capacity", "40", "--seed", "5"}) + way;
        if (std::ranges::find(way, "--demand") == way.end()) {
            words = words + Words{"--demand", "1"};
        }
        std::string expected;
        for (const char* threads : {"1", "2"}) {
            folder.put("scores.csv", csv_of(lines));
            folder.put("groups.csv", groups_of(fmt::format("{}", fmt::join(groups, ""))));
            REQUIRE(run(folder, words + Words{"--threads", threads}).code == 0);
            CHECK((expected.empty() || expected == folder.content("pairs.csv")));
            expected = folder.content("pairs.csv");
            std::ranges::reverse(lines);
            std::ranges::rotate(lines, lines.begin() + 37);
            std::ranges::reverse(groups);
        }
    }
}

TEST_CASE("help names every option, with a fair example and a lottery") {
    const Folder folder;
    const auto help = run(folder, {"assign", "--help"});
    for (const std::string word :
         {"--factors", "--min-load", "--groups", "--objective", "leximin", "floor:X", "--pair-cap",
          "--commitment", "--marginals", "--seed", "--threads", "--objective leximin \\",
          "--pair-cap 1/2 --seed 7"}) {
        CHECK_MESSAGE(help.out.contains(word), word);
    }
}
