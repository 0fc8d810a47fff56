#include "app/assign_input.hpp"

#include "app/assign_bounds.hpp"
#include "app/column_of.hpp"
#include "app/errors.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/allot/order.hpp"
#include "formats/pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace allot::app {

namespace {

using matching::Count;
using matching::Index;

constexpr std::int64_t least_demand = 1;
constexpr std::int64_t least_capacity = 0;

struct InputFiles {
    FileBytes scores;
    FileBytes demand;
    FileBytes capacity;
    FileBytes conflicts;
    FileBytes min_load;
    FileBytes groups;
    std::array<FileBytes, 2> factors;
};

const std::string* path_of(const CountOption& option) {
    return std::get_if<std::string>(&option);
}

Result<InputFiles> read_files(const AssignOptions& options) {
    Errors errors;
    const auto read = [&](const std::string* path) {
        return path == nullptr ? FileBytes() : errors.value_of(read_file(*path));
    };
    const auto read_counts = [&](std::string_view option, const std::string* path) {
        return path == nullptr ? FileBytes() : errors.value_of(read_counts_file(option, *path));
    };
    const auto path_if = [](const std::optional<std::string>& path) {
        return path ? &*path : nullptr;
    };
    InputFiles files;
    if (options.factors) {
        files.factors = {read(&options.factors->front()), read(&options.factors->back())};
    } else {
        files.scores = read(&options.scores);
    }
    files.demand = read_counts("--demand", path_of(options.demand));
    files.capacity = read_counts("--capacity", path_of(options.capacity));
    files.conflicts = read(path_if(options.conflicts));
    files.min_load =
        read_counts("--min-load", options.min_load ? path_of(*options.min_load) : nullptr);
    files.groups = read(path_if(options.groups));
    TRY_DO(errors.check());
    return files;
}

std::size_t at(Index k) {
    return static_cast<std::size_t>(k);
}

/// float32 is widened first, as for its cost: 1000.1F is "1000.0999755859375".
std::string shortest(double value) {
    return fmt::format("{}", value);
}

// ---- CSV: everybody has an id

/// The asks, or the helpers, of a CSV instance in the order in which the engine sees them.
class Side {
  public:
    /// Everybody whom the file of numbers names, or whom the scores do, each with the same number.
    Side(const formats::Ids& in_scores, const std::optional<formats::Counts>& counts,
         const CountOption& option, std::uint64_t seed)
        : ids_(counts ? &counts->ids : &in_scores) {
        const std::vector<std::string_view> views(ids_->names().begin(), ids_->names().end());
        const auto order = matching::canonical_order(views, seed);
        number_of_ = matching::inverse(order);
        for (const Index k : order) {
            names_.push_back((*ids_)[at(k)]);
            counts_.push_back(static_cast<Count>(counts ? counts->values[at(k)]
                                                        : std::get<std::int64_t>(option)));
        }
    }

    [[nodiscard]] std::optional<Index> find(std::string_view id) const {
        const auto k = ids_->find(id);
        return k ? std::optional(number_of_[*k]) : std::nullopt;
    }
    /// The number of each of `others`, or -1.
    [[nodiscard]] std::vector<Index> numbers_of(const formats::Ids& others) const {
        std::vector<Index> numbers;
        numbers.reserve(others.size());
        for (const auto& id : others.names()) {
            numbers.push_back(find(id).value_or(-1));
        }
        return numbers;
    }
    [[nodiscard]] Labels take_labels() { return Labels(std::move(names_)); }
    [[nodiscard]] std::vector<Count> take_counts() { return std::move(counts_); }

  private:
    const formats::Ids* ids_;
    std::vector<Index> number_of_; ///< by position in `ids_`
    std::vector<std::string> names_;
    std::vector<Count> counts_;
};

/// Reports each of `ids` that has no number, at its first row.
template <class Member>
void find_unknown(const formats::Pairs& pairs, Member member, const formats::Ids& ids,
                  const std::vector<Index>& numbers, const ColumnOf& column,
                  std::string_view expected, formats::Findings& findings) {
    std::vector<bool> is_said(numbers.size());
    for (const auto& row : pairs.rows) {
        const std::uint32_t id = row.*member;
        if (numbers[id] == -1 && !is_said[id]) {
            findings.add_value(column.on(row.line), ids[id], expected);
            is_said[id] = true;
        }
    }
}

/// The pairs of a file in the numbers of the engine.
struct NumberedPairs {
    std::vector<Index> asks;
    std::vector<Index> helpers;
};

/// Numbers for the ids of a file of pairs, and what is said of those that have none.
NumberedPairs number_pairs(const formats::Pairs& pairs, const Side& asks, const Side& helpers,
                           std::string_view bytes, formats::Findings& findings,
                           const std::array<std::string, 2>& expected) {
    NumberedPairs numbered{asks.numbers_of(pairs.asks), helpers.numbers_of(pairs.helpers)};
    find_unknown(pairs, &formats::Pair::ask, pairs.asks, numbered.asks, ColumnOf(bytes, "ask"),
                 expected[0], findings);
    find_unknown(pairs, &formats::Pair::helper, pairs.helpers, numbered.helpers,
                 ColumnOf(bytes, "helper"), expected[1], findings);
    return numbered;
}

std::optional<formats::Counts> parse_counts_of(const CountOption& option, const FileBytes& bytes,
                                               std::int64_t minimum, Errors& errors) {
    const std::string* path = path_of(option);
    if (path == nullptr) {
        return std::nullopt;
    }
    return errors.value_of(formats::parse_counts(bytes.view(), *path, minimum));
}

using PairList = std::vector<std::pair<Index, Index>>;

/// Whoever may stand in a file of conflicts.
std::string known(std::string_view who, const CountOption& option, const std::string& scores) {
    return fmt::format("{} of {}", who, path_of(option) != nullptr ? *path_of(option) : scores);
}

/// Sorted, in the numbers of the engine.
PairList conflicts_of(const formats::Pairs& conflicts, const NumberedPairs& numbered) {
    PairList list;
    list.reserve(conflicts.rows.size());
    for (const auto& row : conflicts.rows) {
        list.emplace_back(numbered.asks[row.ask], numbered.helpers[row.helper]);
    }
    std::ranges::sort(list);
    return list;
}

std::vector<ScoredPair> allowed_pairs(const formats::Triples& triples,
                                      const NumberedPairs& numbered, const PairList& conflicts) {
    std::vector<ScoredPair> allowed;
    allowed.reserve(triples.scores.size());
    for (std::size_t k = 0; k < triples.scores.size(); ++k) {
        const auto& row = triples.pairs.rows[k];
        const std::pair pair(numbered.asks[row.ask], numbered.helpers[row.helper]);
        if (!std::ranges::binary_search(conflicts, pair)) {
            allowed.push_back({pair.first, pair.second, triples.scores[k]});
        }
    }
    return allowed;
}

matching::SparseRows rows_of(const std::vector<ScoredPair>& allowed, Index asks, Index helpers) {
    std::vector<matching::Pair> entries;
    entries.reserve(allowed.size());
    for (const ScoredPair& pair : allowed) {
        entries.push_back({pair.ask, pair.helper, matching::micro_of_score(pair.score)});
    }
    return {asks, helpers, entries};
}

/// All CSV files of an instance, each sound for itself.
struct Tables {
    formats::Triples scores;
    std::optional<formats::Counts> demand;
    std::optional<formats::Counts> capacity;
    formats::Pairs conflicts;
    BoundTables bounds;
};

Result<Tables> parse_tables(const AssignOptions& options, const InputFiles& files) {
    Errors errors;
    auto scores = errors.value_of(formats::parse_triples(files.scores.view(), options.scores));
    auto demand = parse_counts_of(options.demand, files.demand, least_demand, errors);
    auto capacity = parse_counts_of(options.capacity, files.capacity, least_capacity, errors);
    formats::Pairs conflicts;
    if (options.conflicts) {
        conflicts =
            errors.value_of(formats::parse_pairs(files.conflicts.view(), *options.conflicts));
    }
    auto bounds = parse_bounds(options, files.min_load, files.groups, true, errors);
    TRY_DO(errors.check());
    return Tables{std::move(scores), std::move(demand), std::move(capacity), std::move(conflicts),
                  std::move(bounds)};
}

Result<AssignInput> read_csv(const AssignOptions& options, const InputFiles& files) {
    TRY(const Tables tables, parse_tables(options, files));
    const formats::Triples& triples = tables.scores;
    Side asks(triples.pairs.asks, tables.demand, options.demand, options.seed);
    Side helpers(triples.pairs.helpers, tables.capacity, options.capacity, options.seed);

    const auto known_ask = known("an ask", options.demand, options.scores);
    const auto known_helper = known("a helper", options.capacity, options.scores);
    formats::Findings in_scores(options.scores);
    const auto scored = number_pairs(triples.pairs, asks, helpers, files.scores.view(), in_scores,
                                     {known_ask, known_helper});
    formats::Findings in_conflicts(options.conflicts.value_or(""));
    const auto excluded = number_pairs(tables.conflicts, asks, helpers, files.conflicts.view(),
                                       in_conflicts, {known_ask, known_helper});
    Errors errors;
    errors.add(in_scores);
    errors.add(in_conflicts);
    TRY_DO(errors.check());

    auto allowed = allowed_pairs(triples, scored, conflicts_of(tables.conflicts, excluded));
    matching::Sides sides{.demand = asks.take_counts(), .places = helpers.take_counts()};
    Labels ask_labels = asks.take_labels();
    Labels helper_labels = helpers.take_labels();
    const People people{.ask = [&](std::string_view id) { return asks.find(id); },
                        .helper = [&](std::string_view id) { return helpers.find(id); },
                        .known_asks = known_ask,
                        .known_helpers = known_helper};
    TRY_DO(add_bounds(options, tables.bounds, {}, files.min_load.view(), people,
                      {.asks = ask_labels.ids(), .helpers = helper_labels.ids()}, sides));
    auto rows = rows_of(allowed, sides.asks(), sides.helpers());
    return AssignInput{.asks = std::move(ask_labels),
                       .helpers = std::move(helper_labels),
                       .scores = {.values = std::move(allowed)},
                       .rows = std::move(rows),
                       .sides = std::move(sides),
                       .order = {}};
}

// ---- .npy: everybody has a number

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

Result<AssignInput> read_npy(const AssignOptions& options, InputFiles files) {
    TRY(auto any, formats::parse_npy(files.scores.view(), options.scores));
    return std::visit(
        [&](auto& matrix) { return read_matrix(options, std::move(files), std::move(matrix)); },
        any);
}

// ---- Factors: everybody has a number, and no matrix of scores is written down

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

/// For each ask its part of `pairs`, which ascend.
std::vector<std::span<const matching::Pair>> by_ask(std::span<const matching::Pair> pairs) {
    std::vector<std::span<const matching::Pair>> parts;
    for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
        while (end < pairs.size() && pairs[end].ask == pairs[begin].ask) {
            ++end;
        }
        parts.resize(at(pairs[begin].ask) + 1);
        parts.back() = pairs.subspan(begin, end - begin);
    }
    return parts;
}

/// Texts from a list that is not sorted: each of its pairs is looked up among those of its ask.
std::vector<std::string> texts_from(const std::vector<ScoredPair>& list,
                                    std::span<const matching::Pair> pairs) {
    const auto parts = by_ask(pairs);
    std::vector<std::string> texts(pairs.size());
    for (const ScoredPair& scored : list) {
        if (at(scored.ask) >= parts.size()) {
            continue;
        }
        const auto part = parts[at(scored.ask)];
        const auto found =
            std::ranges::lower_bound(part, scored.helper, {}, &matching::Pair::helper);
        if (found != part.end() && found->helper == scored.helper) {
            texts[static_cast<std::size_t>(&*found - pairs.data())] = shortest(scored.score);
        }
    }
    return texts;
}

template <class T>
std::vector<std::string> texts_from(const formats::Matrix<T>& matrix,
                                    std::span<const matching::Pair> pairs) {
    std::vector<std::string> texts;
    texts.reserve(pairs.size());
    for (const auto& pair : pairs) {
        texts.push_back(shortest(double{matrix.row(pair.ask)[at(pair.helper)]}));
    }
    return texts;
}

std::vector<std::string> texts_from(const Factors& factors, std::span<const matching::Pair> pairs) {
    std::vector<std::string> texts;
    texts.reserve(pairs.size());
    for (const auto& pair : pairs) {
        texts.push_back(shortest(score_of(factors, pair.ask, pair.helper)));
    }
    return texts;
}

} // namespace

double score_of(const Factors& factors, Index ask, Index helper) {
    const double* u = factors.u.data() + at(ask) * factors.dimensions;
    const double* v = factors.v.data() + at(helper) * factors.dimensions;
    double product = 0;
    for (std::size_t d = 0; d < factors.dimensions; ++d) {
        product += u[d] * v[d];
    }
    return 0.5 + 0.5 * product;
}

std::vector<Index> Labels::output_order() const {
    std::vector<Index> order(at(count_));
    for (std::size_t k = 0; k < order.size(); ++k) {
        order[k] = static_cast<Index>(k);
    }
    if (are_ids_) {
        std::ranges::sort(order, {}, [&](Index k) { return std::string_view(ids_[at(k)]); });
    }
    return order;
}

std::vector<std::string> Scores::texts_of(std::span<const matching::Pair> pairs) const {
    return std::visit([&](const auto& v) { return texts_from(v, pairs); }, values);
}

Result<AssignInput> read_assign_input(const AssignOptions& options) {
    TRY(auto files, read_files(options));
    if (options.factors) {
        return read_factors(options, files);
    }
    return files.scores.view().starts_with("\x93NUMPY") ? read_npy(options, std::move(files))
                                                        : read_csv(options, files);
}

} // namespace allot::app
