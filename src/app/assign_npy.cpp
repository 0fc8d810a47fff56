#include "app/assign_bounds.hpp"
#include "app/assign_files.hpp"
#include "app/errors.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/allot/order.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace allot::app {

namespace {

using matching::Count;
using matching::Index;

/// Reports each score that is none. One fast pass where, as usual, there is nothing to report.
template <class T>
void find_bad_scores(const formats::Matrix<T>& matrix, formats::Findings& findings) {
    const auto limit = static_cast<T>(limits::max_score);
    if (matching::screen::largest(matrix.values()) <= limit) {
        return;
    }
    for (std::int64_t i = 0; i < matrix.rows(); ++i) {
        const auto row = matrix.row(i);
        for (std::size_t j = 0; j < row.size(); ++j) {
            if (!(row[j] > limit)) {
                continue;
            }
            const bool is_shown = findings.count() < limits::max_errors_shown;
            findings.add({},
                         is_shown
                             ? fmt::format("{} in row {}, column {} (counted from 0)", row[j], i, j)
                             : "",
                         "a score of at most 1000000000, negative or NaN for no pair");
        }
    }
}

std::vector<Count> numbers_for(const CountOption& option, const FileBytes& bytes,
                               std::int64_t people, std::int64_t minimum, Errors& errors) {
    const auto size = static_cast<std::size_t>(people);
    if (path_of(option) == nullptr) {
        return std::vector(size, static_cast<Count>(std::get<std::int64_t>(option)));
    }
    const auto numbers = errors.value_of(
        formats::parse_lines_of_ints(bytes.view(), *path_of(option), size, minimum));
    return {numbers.begin(), numbers.end()};
}

std::optional<Index> number_below(std::string_view id, std::int64_t count) {
    const auto n = text::parse_int(id);
    return n && *n >= 0 && *n < count ? std::optional(static_cast<Index>(*n)) : std::nullopt;
}

/// The numbers that `ids` stand for; those that are none in [0, count) become -1.
std::vector<Index> numbers_below(const formats::Ids& ids, std::int64_t count) {
    std::vector<Index> numbers;
    numbers.reserve(ids.size());
    for (const auto& id : ids.names()) {
        numbers.push_back(number_below(id, count).value_or(-1));
    }
    return numbers;
}

std::string number_of_a(std::string_view what, std::int64_t count) {
    return fmt::format("the number of a {}, from 0 to {}", what, count - 1);
}

Result<std::vector<matching::Pair>> numbered_conflicts(const AssignOptions& options,
                                                       const FileBytes& bytes, std::int64_t asks,
                                                       std::int64_t helpers) {
    if (!options.conflicts) {
        return {};
    }
    TRY(const auto pairs, formats::parse_pairs(bytes.view(), *options.conflicts));
    formats::Findings findings(*options.conflicts);
    const auto ask_numbers = numbers_below(pairs.asks, asks);
    const auto helper_numbers = numbers_below(pairs.helpers, helpers);
    find_unknown(pairs, &formats::Pair::ask, pairs.asks, ask_numbers, ColumnOf(bytes.view(), "ask"),
                 number_of_a("row", asks), findings);
    find_unknown(pairs, &formats::Pair::helper, pairs.helpers, helper_numbers,
                 ColumnOf(bytes.view(), "helper"), number_of_a("column", helpers), findings);
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    std::vector<matching::Pair> conflicts;
    conflicts.reserve(pairs.rows.size());
    for (const auto& row : pairs.rows) {
        conflicts.push_back({.ask = ask_numbers[row.ask], .helper = helper_numbers[row.helper]});
    }
    return conflicts;
}

/// Numbers 0 to count - 1 in canonical order of their decimal text.
std::vector<Index> order_of_numbers(Index count, std::uint64_t seed) {
    std::vector<std::string> texts;
    texts.reserve(at(count));
    for (Index k = 0; k < count; ++k) {
        texts.push_back(std::to_string(k));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    return matching::canonical_order(views, seed);
}

/// What the files beside numbered asks and helpers say.
struct Numbered {
    matching::Sides sides;
    std::vector<matching::Pair> conflicts;
};

/// `errors` has what is wrong with the scores.
Result<Numbered> read_numbered(const AssignOptions& options, const InputFiles& files,
                               std::int64_t asks, std::int64_t helpers, Errors& errors) {
    Numbered numbered;
    numbered.sides.demand = numbers_for(options.demand, files.demand, asks, least_demand, errors);
    numbered.sides.places =
        numbers_for(options.capacity, files.capacity, helpers, least_capacity, errors);
    std::vector<Count> least;
    if (options.min_load) {
        least = numbers_for(*options.min_load, files.min_load, helpers, 0, errors);
    }
    numbered.conflicts =
        errors.value_of(numbered_conflicts(options, files.conflicts, asks, helpers));
    const auto tables = parse_bounds(options, files.min_load, files.groups, false, errors);
    TRY_DO(errors.check());
    const auto below = [](std::int64_t count) {
        return [count](std::string_view id) { return number_below(id, count); };
    };
    const People people{.ask = below(asks),
                        .helper = below(helpers),
                        .known_asks = number_of_a("row", asks),
                        .known_helpers = number_of_a("column", helpers)};
    TRY_DO(add_bounds(options, tables, least, {}, people, {}, numbered.sides));
    return numbered;
}

template <class T>
Result<AssignInput> read_matrix(const AssignOptions& options, InputFiles files,
                                formats::Matrix<T> matrix) {
    Errors errors;
    formats::Findings in_scores(options.scores);
    find_bad_scores(matrix, in_scores);
    errors.add(in_scores);
    TRY(auto numbered, read_numbered(options, files, matrix.rows(), matrix.cols(), errors));

    const auto asks = static_cast<Index>(matrix.rows());
    const auto helpers = static_cast<Index>(matrix.cols());
    matching::DenseRows<T> rows(asks, helpers, matrix.values(), numbered.conflicts);
    if (matrix.owns_values()) {
        files.scores = FileBytes();
    }
    return AssignInput{.asks = Labels(asks),
                       .helpers = Labels(helpers),
                       .scores = {.bytes = std::move(files.scores), .values = std::move(matrix)},
                       .rows = std::move(rows),
                       .sides = std::move(numbered.sides),
                       .order = order_of_numbers(asks, options.seed)};
}

/// One file of vectors as doubles.
struct Vectors {
    Index count = 0;
    std::size_t dimensions = 0;
    std::vector<double> values;
    double largest_norm = 0;
    Index longest = 0; ///< whose norm that is
};

/// Screening in float needs numbers that a float can hold.
void find_bad_factors(const Vectors& vectors, formats::Findings& findings) {
    for (std::size_t k = 0; k < vectors.values.size(); ++k) {
        const double value = vectors.values[k];
        if (!(std::abs(value) <= limits::max_score)) {
            const bool is_shown = findings.count() < limits::max_errors_shown;
            findings.add({},
                         is_shown ? fmt::format("{} in row {}, column {} (counted from 0)", value,
                                                k / vectors.dimensions, k % vectors.dimensions)
                                  : "",
                         "a finite number from -1000000000 to 1000000000");
        }
    }
}

void find_longest(Vectors& vectors) {
    for (Index k = 0; k < vectors.count; ++k) {
        double squares = 0;
        for (std::size_t d = 0; d < vectors.dimensions; ++d) {
            const double value = vectors.values[at(k) * vectors.dimensions + d];
            squares += value * value;
        }
        if (const double norm = std::sqrt(squares); norm > vectors.largest_norm) {
            vectors.largest_norm = norm;
            vectors.longest = k;
        }
    }
}

Result<Vectors> parse_vectors(const FileBytes& bytes, const std::string& path) {
    TRY(const auto any, formats::parse_npy(bytes.view(), path));
    Vectors vectors;
    std::visit(
        [&](const auto& matrix) {
            vectors.count = static_cast<Index>(matrix.rows());
            vectors.dimensions = static_cast<std::size_t>(matrix.cols());
            vectors.values.assign(matrix.values().begin(), matrix.values().end());
        },
        any);
    formats::Findings findings(path);
    if (vectors.dimensions == 0) {
        findings.add({}, "a matrix without columns", "a vector for each row");
    }
    find_bad_factors(vectors, findings);
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    find_longest(vectors);
    return vectors;
}

/// Do both fit together, with no score above the limit? No product is larger than that of the
/// lengths (Cauchy and Schwarz), so no pair need be looked at.
Result<void> check_factors(const FactorPaths& paths, const Vectors& u, const Vectors& v) {
    if (u.dimensions != v.dimensions) {
        return fail(ErrorKind::invalid,
                    fmt::format("--factors: found {} columns in {} and {} in {}, expected the same "
                                "number",
                                u.dimensions, paths[0], v.dimensions, paths[1]));
    }
    const double largest = 0.5 + 0.5 * u.largest_norm * v.largest_norm * (1 + 2e-9);
    if (largest > limits::max_score) {
        return fail(ErrorKind::invalid,
                    fmt::format("--factors: found row {} of {} and row {} of {} (counted from 0) "
                                "so long that a score could be {}, expected scores of at most {}; "
                                "make the vectors shorter",
                                u.longest, paths[0], v.longest, paths[1], largest,
                                limits::max_score));
    }
    return {};
}

matching::ScoreRows factor_rows(const Vectors& u, const Vectors& v,
                                std::span<const matching::Pair> conflicts) {
    if (u.count == 0 || v.count == 0) {
        return matching::SparseRows(u.count, v.count, std::span<const matching::Pair>());
    }
    return matching::FactorRows(u.count, v.count, u.values, v.values, conflicts);
}

} // namespace

Result<AssignInput> read_npy(const AssignOptions& options, InputFiles files) {
    TRY(auto any, formats::parse_npy(files.scores.view(), options.scores));
    return std::visit(
        [&](auto& matrix) { return read_matrix(options, std::move(files), std::move(matrix)); },
        any);
}

Result<AssignInput> read_factors(const AssignOptions& options, const InputFiles& files) {
    const FactorPaths& paths = *options.factors;
    Errors errors;
    auto u = errors.value_of(parse_vectors(files.factors[0], paths[0]));
    auto v = errors.value_of(parse_vectors(files.factors[1], paths[1]));
    TRY_DO(errors.check());
    TRY_DO(check_factors(paths, u, v));
    TRY(auto numbered, read_numbered(options, files, u.count, v.count, errors));
    auto rows = factor_rows(u, v, numbered.conflicts);
    return AssignInput{.asks = Labels(u.count),
                       .helpers = Labels(v.count),
                       .scores = {.bytes = {},
                                  .values = Factors{.dimensions = u.dimensions,
                                                    .u = std::move(u.values),
                                                    .v = std::move(v.values)}},
                       .rows = std::move(rows),
                       .sides = std::move(numbered.sides),
                       .order = order_of_numbers(u.count, options.seed)};
}

} // namespace allot::app
